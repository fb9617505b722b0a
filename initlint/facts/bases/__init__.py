"""What public base images start, and what they are built on: one row an image and flavour.

`lookup` takes a reference as it stands behind FROM. The rows lie in modules by meaning; only the
one that an image is in gets imported (`_index.py` says which), so a look-up stays cheap.
How a row says which tags it was read for is written in `tags.py`.
"""

from __future__ import annotations

import functools
import importlib
import math
from typing import TYPE_CHECKING

from initlint.facts import BaseFact, BaseMatch
from initlint.facts.bases import releases as _releases
from initlint.facts.bases import tags as _tags
from initlint.facts.bases._index import ALIASES, MODULES
from initlint.facts.bases.reference import Home, ImageReference, homes, parse_reference

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["ImageReference", "all_facts", "lookup", "parse_reference"]

_NEWEST = (math.inf,)
_WINDOWS = ("windowsservercore", "nanoserver")


@functools.lru_cache(maxsize=512)
def lookup(reference: str) -> BaseMatch | None:
    """What is known of a base image; None when the image isn't known or the reference can't be read."""
    if reference == "scratch":
        return BaseMatch(_rows("scratch")[0], exact=True, why="")
    parsed = parse_reference(reference)
    if parsed is None:
        return None
    for home in homes(parsed):
        name = ALIASES.get(home.name, home.name)
        if name in MODULES:
            return _doubted(_match(name, parsed), home)
    return None


def all_facts() -> Iterator[BaseFact]:
    """Every row, module by module: for tests and for the documentation."""
    for name in sorted(set(MODULES.values())):
        yield from _module_rows(name)


@functools.cache
def _module_rows(name: str) -> tuple[BaseFact, ...]:
    facts: tuple[BaseFact, ...] = importlib.import_module(f"initlint.facts.bases.{name}").FACTS
    return facts


@functools.cache
def _rows(image: str) -> tuple[BaseFact, ...]:
    return tuple(row for row in _module_rows(MODULES[image]) if row.image == image)


def _match(image: str, reference: ImageReference) -> BaseMatch | None:
    rows = _rows(image)
    tag = reference.tag or "latest"
    read = _read_for(rows, tag)
    if read is not None:
        why = ""
        if reference.digest and _tags.parse_tag(tag).version is None:
            why = "the digest pins a build that the tag doesn't tell; taken for the newest one"
        return BaseMatch(_of_tag(read, tag), exact=not why, why=why)
    pattern, near = _nearest(rows, tag)
    if any(word in tag for word in _WINDOWS):
        windows = near._replace(os_family="windows", os_release=None, package_tool="none", sh="unknown", programs=())
        return BaseMatch(windows, exact=False, why=f"{image}:{tag} is built for Windows")
    return BaseMatch(_of_tag(near, tag), exact=False, why=f"read for {image}:{pattern}, not for {image}:{tag}")


def _doubted(match: BaseMatch | None, home: Home) -> BaseMatch | None:
    if match is None or not home.doubt:
        return match
    return BaseMatch(match.fact, exact=False, why="; ".join(filter(None, (home.doubt, match.why))))


def _read_for(rows: tuple[BaseFact, ...], tag: str) -> BaseFact | None:
    """The row that was read for this tag; of several (a moving tag like `3`) the one that reaches highest."""
    best: tuple[tuple[float, ...], BaseFact] | None = None
    for row in rows:
        if tag in row.tags:
            return row
        if not _same_family(row, tag):
            continue
        for pattern in row.tags:
            if _tags.covers(pattern, tag):
                height = _height(pattern)
                if best is None or height > best[0]:
                    best = (height, row)
    return best[1] if best else None


def _same_family(row: BaseFact, tag: str) -> bool:
    """A tag that names a Debian release isn't a row on Ubuntu."""
    release = _tags.parse_tag(tag).release
    if release is None or release[0]:
        return True
    family = "ubuntu" if release[1] in _tags.UBUNTU_RELEASES.values() else "debian"
    return row.os_family in (family, "distroless")


def _height(pattern: str) -> tuple[float, ...]:
    wanted = _tags.parse_pattern(pattern)
    if wanted is None:
        version = _tags.parse_tag(pattern).version
        return version if version is not None else _NEWEST
    return wanted.high if wanted.high is not None else _NEWEST


def _nearest(rows: tuple[BaseFact, ...], tag: str) -> tuple[str, BaseFact]:
    """The pattern and row to extrapolate from: most words in common, then the fewest words too many, then the nearest version."""
    wanted = _tags.parse_tag(tag)
    version: tuple[float, ...] = wanted.version if wanted.version is not None else _NEWEST
    best: tuple[tuple[float, ...], str, BaseFact] | None = None
    for row in rows:
        same_family = _same_family(row, tag)
        for pattern in row.tags:
            spoken = _tags.parse_pattern(pattern)
            words = set(spoken.words if spoken else _tags.parse_tag(pattern).words)
            common = len(words & set(wanted.words))
            surplus = len(words - set(wanted.words))
            rank = (same_family, common, -surplus, *_closeness(version, _height(pattern)))
            if best is None or rank > best[0]:
                best = (rank, pattern, row)
    assert best is not None, "an image has at least one row, and a row one tag"
    return best[1], best[2]


def _closeness(version: tuple[float, ...], height: tuple[float, ...]) -> tuple[float, ...]:
    """Larger for versions that are closer; a version without number stands for the newest."""
    if version[0] == math.inf or height[0] == math.inf:
        return (0.0 if version[0] == height[0] else -1000.0, *(height[:2] if height[0] != math.inf else ()))
    width = max(len(version), len(height))
    pairs = zip((*version, *[0.0] * width), (*height, *[0.0] * width), strict=False)
    return tuple(-abs(a - b) for a, b in list(pairs)[:width])


def _of_tag(row: BaseFact, tag: str) -> BaseFact:
    """The row as it is for one tag: the release that the tag names, the version in its paths."""
    return _with_version(_with_release(row, tag), tag)


def _with_release(row: BaseFact, tag: str) -> BaseFact:
    parsed = _tags.parse_tag(tag)
    if parsed.release is not None:
        return row._replace(os_release=parsed.release[1])
    known = _releases.named_by_version(row, parsed) or _releases.behind(
        _steps(row.image, " ".join(parsed.words)), parsed
    )
    return row._replace(os_release=known) if known else row


@functools.cache
def _steps(image: str, words: str) -> tuple[_releases.Step, ...]:
    module = importlib.import_module(f"initlint.facts.bases.{MODULES[image]}")
    return _releases.steps(getattr(module, "RELEASES", {}).get(image, {}).get(words, ""))


def _with_version(row: BaseFact, tag: str) -> BaseFact:
    """Fill `{major}` in paths: PostgreSQL's programs lie in a folder named after its version."""
    if not any("{major}" in path for path in (*row.programs, *row.env.values())):
        return row
    version = _tags.parse_tag(tag).version
    if version is None:
        heights = [int(height[0]) for height in map(_height, row.tags) if height[0] != math.inf]
        version = (max(heights, default=0),)
    major = f"{version[0]}" if version[0] >= 10 or len(version) == 1 else f"{version[0]}.{version[1]}"
    return row._replace(
        programs=tuple(path.replace("{major}", major) for path in row.programs),
        env={name: value.replace("{major}", major) for name, value in row.env.items()},
    )
