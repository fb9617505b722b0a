"""A container as the engine will start it: every field with the span that it came from.

These records are what the boot trace and the rules read, whichever kind of target they
were made from. Uncertainty is in the types: a field is `Known`, or `Unresolved` with the
reason.
"""

from __future__ import annotations

from typing import Literal

from initlint.facts import BaseMatch, OsFamily, PackageTool, ShellName
from initlint.records import NamedTuple
from initlint.text import Source, Span

TargetKind = Literal["dockerfile", "image", "compose", "kubernetes", "quadlet"]
StartFrom = Literal["dockerfile", "base-image", "mixed", "manifest", "image", "none", "unknown"]
FieldOrigin = Literal["dockerfile", "base-image", "default", "image", "manifest"]


class Unresolved(NamedTuple):
    """What can't be known from what was read, and why (one short phrase)."""

    why: str
    span: Span | None = None


class ExecForm(NamedTuple):
    """A JSON array: the argv itself. `variables` are left as they stand, as the engine does."""

    argv: tuple[str, ...]


class ShellForm(NamedTuple):
    """A line for a shell: `shell` is the SHELL in force, `text` the line as the shell gets it.

    `text_span` covers the argument in the file; it differs from `text` where continuations,
    comments or a heredoc were folded. `looks_like_json`: starts with `[` but isn't an array of
    strings, and `json_problem` then says why in a few words. `segments`: runs of `text` that stand unbroken in
    the file, as (index in `text`, byte offset in the file, length in characters).
    """

    text: str
    shell: tuple[str, ...]
    text_span: Span | None
    looks_like_json: bool = False
    json_problem: str = ""
    segments: tuple[tuple[int, int, int], ...] = ()

    @property
    def argv(self) -> tuple[str, ...]:
        return (*self.shell, self.text)


class StartField(NamedTuple):
    """ENTRYPOINT or CMD as it is in force.

    `form` is None where the instruction resets it (`ENTRYPOINT []`) or nobody set it.
    `span` is the whole instruction, None for a base image's or a default.
    """

    form: ExecForm | ShellForm | None
    origin: FieldOrigin
    span: Span | None
    inherited_cleared: bool = False  # CMD only: the base's CMD was cleared by this ENTRYPOINT


class Value(NamedTuple):
    """A plain field (USER, WORKDIR, STOPSIGNAL, …) with where it came from."""

    value: str
    origin: FieldOrigin
    span: Span | None


class HealthCheck(NamedTuple):
    """HEALTHCHECK CMD. `form` is None for HEALTHCHECK NONE."""

    form: ExecForm | ShellForm | None
    span: Span | None
    origin: FieldOrigin


class Base(NamedTuple):
    """The image that the stage chain ends in.

    `reference` is the expanded text of FROM; None where an ARG without a value leaves it open.
    `match` is what the facts know of it, None for an image that they don't know.
    """

    reference: str | None
    span: Span | None
    match: BaseMatch | None
    os_family: OsFamily
    os_release: str | None
    package_tool: PackageTool
    sh: ShellName
    sh_version: tuple[int, ...] | None
    why: str = ""  # where family, shell and release come from, or why they're unknown


class Container(NamedTuple):
    """One container that a target describes, as the engine would create it.

    `entrypoint` and `cmd` are Unresolved where an unknown base image decides them. `start`
    is the exact argv that the engine gets (the ignored CMD after a shell-form ENTRYPOINT
    included), None where it is unknown, empty where nothing is started. `env` maps names to
    values (None: set, value unknown); `env_complete` is False where the base's environment
    is unknown. `path` is PATH's value, None where unknown.
    `stage_name`/`stage_index` name the stage of a Dockerfile; `is_final` the last stage or
    the one that --target names.
    """

    name: str
    kind: TargetKind
    source: Source
    line: int
    entrypoint: StartField | Unresolved
    cmd: StartField | Unresolved
    start: tuple[str, ...] | None
    start_from: StartFrom
    start_span: Span | None
    shell: Value | Unresolved | None
    shell_argv: tuple[str, ...]
    user: Value | Unresolved
    workdir: Value | Unresolved
    stop_signal: Value | Unresolved
    env: dict[str, str | None]
    env_complete: bool
    path: str | None
    healthcheck: HealthCheck | None
    base: Base
    runtime_init: bool = False
    runtime_init_span: Span | None = None
    platform: str | None = None
    stage_name: str | None = None
    stage_index: int = 0
    is_final: bool = True
    windows: bool = False
    tool_image: bool = False  # the start command is wholly inherited and is a shell or a REPL
