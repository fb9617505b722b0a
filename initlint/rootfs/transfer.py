"""COPY and ADD taken apart: sources, destination and flags, variables expanded."""

from __future__ import annotations

from collections.abc import Mapping

from initlint.records import NamedTuple
from initlint.rootfs.paths import join, normalise
from initlint.rootfs.patterns import has_wildcard
from initlint.targets.dockerfile.expansion import ExpansionError, expand
from initlint.targets.dockerfile.syntax import BuildStep, Heredoc, Instruction
from initlint.text import Span

_URL_STARTS = ("http://", "https://", "git@", "git://", "ssh://")
_ARCHIVE_ENDINGS = (".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz", ".tar.zst")


class CopySource(NamedTuple):
    """One source. `path` is None where a variable's value is unknown; `text` is as it is written."""

    text: str
    path: str | None
    heredoc: Heredoc | None = None

    @property
    def is_url(self) -> bool:
        return is_url(self.path if self.path is not None else self.text)

    @property
    def is_glob(self) -> bool:
        return self.path is not None and has_wildcard(self.path)

    @property
    def is_whole(self) -> bool:
        """It names the whole context (`.`), which every folder has."""
        return self.path is not None and normalise(self.path) == "/"


class Copy(NamedTuple):
    """A COPY or ADD. `destination` is absolute and normalised, None where unknown;
    `into` is True where it can only be a folder. `origin_stage` is --from's value after
    expansion (`origin_unknown` where that fails). `mode` is --chmod's text."""

    keyword: str
    sources: tuple[CopySource, ...]
    destination: str | None
    into: bool
    origin_stage: str | None
    origin_unknown: bool
    mode: str | None
    excludes: tuple[str, ...]
    parents: bool
    unpack: bool | None
    span: Span
    instruction: Instruction

    @property
    def from_context(self) -> bool:
        return self.origin_stage is None and not self.origin_unknown


def parse_copy(step: BuildStep) -> Copy | None:
    """The parts of a COPY or ADD step; None where it has no destination."""
    instruction = step.instruction
    words = list(instruction.json) if instruction.json is not None else instruction.value.split()
    if len(words) < 2:
        return None
    heredocs = list(instruction.heredocs)
    sources: list[CopySource] = []
    for word in words[:-1]:
        if instruction.json is None and heredocs and word.lstrip("0123456789").startswith("<<"):
            heredoc = heredocs.pop(0)
            sources.append(CopySource(word, heredoc.name, heredoc))
        else:
            sources.append(CopySource(word, expand_or_none(word, step.env)))
    target = expand_or_none(words[-1], step.env)
    into = len(sources) > 1
    destination: str | None = None
    if target is not None:
        into = into or target.endswith("/") or target.rpartition("/")[2] in ("", ".", "..")
        if target.startswith("/"):
            destination = normalise(target)
        elif step.workdir is not None:
            destination = join(step.workdir, target)
    origin = instruction.flag("from")
    stage = expand_or_none(origin, step.env) if origin is not None else None
    mode = instruction.flag("chmod")
    unpack = instruction.flag("unpack")
    return Copy(
        instruction.keyword,
        tuple(sources),
        destination,
        into,
        stage,
        origin is not None and stage is None,
        expand_or_none(mode, step.env) or "?" if mode is not None else None,
        tuple(
            value
            for flag in instruction.flags
            if flag.name == "exclude" and (value := expand_or_none(flag.value, step.env)) is not None
        ),
        instruction.flag("parents") not in (None, "false"),
        None if unpack is None else unpack != "false",
        instruction.span,
        instruction,
    )


def expand_or_none(text: str, env: Mapping[str, str | None]) -> str | None:
    """The expanded text, None where a value is unknown or BuildKit refuses the text."""
    try:
        return expand(text, env)
    except ExpansionError:
        return None


def is_url(text: str) -> bool:
    return text.startswith(_URL_STARTS)


def is_archive(path: str) -> bool:
    return path.lower().endswith(_ARCHIVE_ENDINGS)
