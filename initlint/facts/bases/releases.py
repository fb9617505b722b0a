"""Which distribution release stands behind a tag that doesn't name one.

`python:3.9.1` was built on buster, `python:3.9` ended on trixie. The modules with the rows hold strings
that list, in the order of versions, from which version on the newest build stands on which release;
a shortened version (`3.9`) is its last patch. `*` stands for the tags without a version, where they
don't stand on the newest one's release. The strings were read from the tags in the history of
docker-library/official-images. For a distribution's own image the version in the tag is the release.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from initlint.facts.bases.tags import DEBIAN_RELEASES, UBUNTU_RELEASES

if TYPE_CHECKING:
    from initlint.facts import BaseFact
    from initlint.facts.bases.tags import ParsedTag

Step = tuple[tuple[float, ...], str]
_UNVERSIONED = (math.inf, math.inf)

_DISTRIBUTIONS = frozenset(
    "alpine debian ubuntu fedora centos almalinux rockylinux oraclelinux amazonlinux opensuse/leap".split()
)


def named_by_version(row: BaseFact, tag: ParsedTag) -> str | None:
    """The release that the version of a distribution's own tag says: debian:12 is bookworm, alpine:3.19.1 is 3.19."""
    if row.image not in _DISTRIBUTIONS or tag.version is None:
        return None
    major, minor = tag.version[0], ".".join(f"{number:02}" for number in tag.version[:2])
    if row.image == "debian":
        return DEBIAN_RELEASES.get(str(major))
    if row.image == "ubuntu":
        return UBUNTU_RELEASES.get(minor)
    if row.image in ("alpine", "opensuse/leap"):
        return ".".join(str(number) for number in tag.version[:2])
    if row.image == "amazonlinux" and 2015 < major < 2020:
        return "1"
    return str(major)


def steps(text: str) -> tuple[Step, ...]:
    """Read "*:trixie 3.9.0:buster 3.9.7:bullseye": from which version on a tag stands on which release."""
    found: list[Step] = []
    for step in text.split():
        version, _, release = step.partition(":")
        found.append((_UNVERSIONED if version == "*" else tuple(float(part) for part in version.split(".")), release))
    return tuple(sorted(found))


def behind(known: tuple[Step, ...], tag: ParsedTag) -> str | None:
    """The release behind a tag of an image with these steps; None when it isn't known."""
    if not known:
        return None
    if tag.version is None:
        return known[-1][1]
    wanted = (*tag.version, *[math.inf] * 4)
    answer: str | None = None
    for version, release in known:
        if version > wanted or version == _UNVERSIONED:
            break
        answer = release
    return answer
