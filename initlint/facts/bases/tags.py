"""The tags that a row of facts was read for.

A row lists its tags, each written in one of three ways:

- `1.31.4-alpine`: this very tag; `bookworm-slim` also its dated builds (`bookworm-20240110-slim`).
- `3.6…3.15-slim`: every tag whose version lies between the two, both included, and whose other words
  are `slim` (in any order), a distribution release apart: `3.11.4-slim-bookworm`, `3-slim`. Versions are
  compared as far as both go, so `3` and `3.15.1` are within. `9…9` is one major version.
- `8…17-RELEASE`: the same, but only tags that do name a distribution release. It is for images whose plain
  tags are built on another distribution than those that name one.
- `*-slim`: every tag without a version whose other words are `slim`, a distribution release apart:
  `slim`, `slim-trixie`. A plain `*` is `latest` and the bare releases (`bookworm`).

A range is written only where the tags between were read, one by one, from the history of the official
images and of the image's own repository. Where that history lacks the newest builds, the range reaches
to the newest version that was read, if it says the same. Pre-releases count as their version.
"""

from __future__ import annotations

import functools
import re

from initlint.records import NamedTuple

Version = tuple[int, ...]

DEBIAN_RELEASES: dict[str, str] = {
    "6": "squeeze",
    "7": "wheezy",
    "8": "jessie",
    "9": "stretch",
    "10": "buster",
    "11": "bullseye",
    "12": "bookworm",
    "13": "trixie",
    "14": "forky",
}
UBUNTU_RELEASES: dict[str, str] = {
    "12.04": "precise",
    "14.04": "trusty",
    "14.10": "utopic",
    "15.04": "vivid",
    "15.10": "wily",
    "16.04": "xenial",
    "16.10": "yakkety",
    "17.04": "zesty",
    "17.10": "artful",
    "18.04": "bionic",
    "18.10": "cosmic",
    "19.04": "disco",
    "19.10": "eoan",
    "20.04": "focal",
    "20.10": "groovy",
    "21.04": "hirsute",
    "21.10": "impish",
    "22.04": "jammy",
    "22.10": "kinetic",
    "23.04": "lunar",
    "23.10": "mantic",
    "24.04": "noble",
    "24.10": "oracular",
    "25.04": "plucky",
    "25.10": "questing",
    "26.04": "resolute",
}
_CODENAMES = frozenset(DEBIAN_RELEASES.values()) | frozenset(UBUNTU_RELEASES.values()) | {"sid"}

# Families whose tags name the release by a word and a number: alpine3.20, ubi9, oraclelinux8 …
_NUMBERED = (
    r"(alpine|ubi|ubuntu|debian|centos|oraclelinux|oracle|ol|rockylinux|almalinux|amazonlinux|al|fedora|cbl-mariner|azurelinux)"
    r"-?(\d[\d.]*|20\d\d)"
)
# Words that carry a version of something else: php8.2, scala_2.12. Only the word counts.
_WITH_VERSION = r"(php|scala|python)[_]?\d[\d._]*"
# A Java version counts: it goes together with its word, jdk-11 is jdk11.
_JAVA = frozenset({"jdk", "jre", "openjdk", "temurin", "corretto", "amazoncorretto", "java", "semeru", "sapmachine"})
_VERSION = r"[vV]?(\d+(?:\.\d+)*)(?:u(\d+))?(?:\.?[a-zA-Z]+\d*|[+_].*)?"
# Builds and pre-releases of a version: 8u342-b07, 27-rc-jdk, 21-ea-35. They count as the version.
_BUILD = r"\d*b\d+|ga|(?:ea|rc|RC|dev|alpha|beta|m|M|preview)\.?\d*"
# The version of something else in the image, or a date: 3.11-7.3.23, openjdk-8u72, noble-20260810.
_NUMBER = r"v?\d+(?:[.u]\d+)*(?:-?[+_].*)?"


class ParsedTag(NamedTuple):
    """A tag in the parts that matter: version, the release it names, and all other words, sorted."""

    version: Version | None
    release: tuple[str, str] | None  # (word, release): ("alpine", "3.20"), ("", "bookworm")
    words: tuple[str, ...]


class TagRange(NamedTuple):
    """A pattern in its parts; `low` is None for the tags that have no version."""

    low: Version | None
    high: Version | None
    words: tuple[str, ...]
    names_release: bool = False


@functools.lru_cache(maxsize=1024)
def parse_tag(tag: str) -> ParsedTag:
    """Split a tag into version, release and flavour words."""
    version: Version | None = None
    release: tuple[str, str] | None = None
    words: list[str] = []
    pieces = tag.split("-")
    first = re.fullmatch(_VERSION, pieces[0])
    if first:
        version = tuple(int(part) for part in first[1].split(".")) + ((int(first[2]),) if first[2] else ())
        pieces = pieces[1:]
    previous = ""
    for piece in pieces:
        numbered = re.fullmatch(_NUMBERED, piece)
        if piece in _CODENAMES:
            release = ("", piece)
        elif numbered:
            release = (numbered[1], numbered[2])
            words.append(numbered[1])
        elif previous in {"alpine", "ubuntu", "debian"} and re.fullmatch(r"\d[\d.]*", piece):
            release = (previous, piece)
        elif words and words[-1] in _JAVA and re.fullmatch(r"\d\d?", piece):
            words[-1] += piece
        elif piece != "latest" and not re.fullmatch(_NUMBER, piece) and not (version and re.fullmatch(_BUILD, piece)):
            other = re.fullmatch(_WITH_VERSION, piece)
            words.append(other[1] if other else piece)
        previous = piece
    return ParsedTag(version, release, tuple(sorted(words)))


@functools.lru_cache(maxsize=4096)
def parse_pattern(pattern: str) -> TagRange | None:
    """The range that a pattern means; None for a plain tag."""
    head, _, rest = pattern.partition("-")
    words = tuple(sorted(word for word in rest.split("-") if word and word != "RELEASE"))
    names_release = rest.endswith("RELEASE")
    if head == "*":
        return TagRange(None, None, words, names_release)
    low, dots, high = head.partition("…")
    if not dots:
        return None
    return TagRange(_numbers(low), _numbers(high), words, names_release)


def covers(pattern: str, tag: str) -> bool:
    """Whether a row's tag, as written, stands for the tag asked for."""
    if pattern == tag:
        return True
    wanted = parse_pattern(pattern)
    parsed = parse_tag(tag)
    if wanted is None:  # bookworm-20240110-slim is one build of bookworm-slim
        return parsed.version is None and parsed.release is not None and parsed == parse_tag(pattern)
    if parsed.words != wanted.words or (wanted.names_release and parsed.release is None):
        return False
    if wanted.low is None or wanted.high is None:
        return parsed.version is None
    return parsed.version is not None and within(parsed.version, wanted.low, wanted.high)


def within(version: Version, low: Version, high: Version) -> bool:
    """Compare as far as both go: (3,) and (3, 15, 1) lie within (3, 6) to (3, 15)."""
    return version[: len(low)] >= low[: len(version)] and version[: len(high)] <= high[: len(version)]


def _numbers(text: str) -> Version:
    return tuple(int(part) for part in text.split("."))
