"""The containers that a Dockerfile describes: what each one starts, as whom, where, with what."""

from __future__ import annotations

from initlint.facts import BaseMatch
from initlint.records import NamedTuple
from initlint.targets.container import (
    Base,
    Container,
    ExecForm,
    HealthCheck,
    ShellForm,
    StartField,
    StartFrom,
    Unresolved,
    Value,
)
from initlint.targets.dockerfile.base import DEFAULT_SHELL, WINDOWS_SHELL, describe_base, is_windows_shell, why_unknown
from initlint.targets.dockerfile.expansion import ExpansionError, expand
from initlint.targets.dockerfile.syntax import BuildStep, Instruction, ParsedDockerfile, Stage
from initlint.text import Span, UnparsableInput

DEFAULT_STOP_SIGNAL = "SIGTERM"
_START = frozenset(("CMD", "ENTRYPOINT"))
# fmt: off
_REPLS = frozenset((
    "ash", "bash", "bpython", "bun", "clojure", "csh", "dash", "deno", "elixir", "erl", "fish", "ghci", "groovysh",
    "guile", "hy", "iex", "irb", "ipython", "jshell", "julia", "ksh", "lua", "mksh", "node", "ocaml", "octave", "php",
    "pry", "psysh", "pwsh", "pypy", "pypy3", "python", "python2", "python3", "R", "racket", "rakudo", "raku", "rash",
    "sbcl", "scala", "sh", "swift", "swipl", "tclsh", "utop", "zsh",
))
# fmt: on
_REPL_OPTIONS = frozenset(("-", "-a", "-i", "-l", "--login", "-de0", "--interactive", "-it"))


class Dockerfile(NamedTuple):
    """A whole Dockerfile; `containers` are in file order, the final one last."""

    parsed: ParsedDockerfile
    stages: tuple[Stage, ...]
    containers: tuple[Container, ...]


def containers_of(
    parsed: ParsedDockerfile, found: tuple[Stage, ...], *, target: str | None, platform: str | None
) -> tuple[Container, ...]:
    """The containers of a file's stages. Raises UnparsableInput for a target that isn't there."""
    final = _target_index(parsed, found, target)
    built_on = {stage.parent for stage in found}
    chosen = [
        stage.index for stage in found if stage.index != final and stage.index not in built_on and _starts_itself(stage)
    ]
    return tuple(
        _container(parsed, _chain(found, index), is_final=index == final, platform=platform)
        for index in (*chosen, final)
    )


def stage_chain(dockerfile: Dockerfile, container: Container) -> tuple[Stage, ...]:
    """The stages that a container is built of, base-most first."""
    return _chain(dockerfile.stages, container.stage_index)


def _chain(found: tuple[Stage, ...], index: int) -> tuple[Stage, ...]:
    chain = [found[index]]
    while (parent := chain[0].parent) is not None:
        chain.insert(0, found[parent])
    return tuple(chain)


def _target_index(parsed: ParsedDockerfile, found: tuple[Stage, ...], target: str | None) -> int:
    if target is None:
        return len(found) - 1
    for stage in reversed(found):
        if stage.name == target.lower():
            return stage.index
    if target.isdecimal() and int(target) < len(found):
        return int(target)
    names = ", ".join(stage.name for stage in found if stage.name) or "none has a name"
    raise UnparsableInput(
        f"there is no stage {target!r} (stages: {names})",
        filename=parsed.source.name,
        span=found[-1].from_instruction.span,
    )


def _starts_itself(stage: Stage) -> bool:
    return any(step.instruction.keyword in _START and not step.triggered for step in stage.steps)


class _Start:
    """ENTRYPOINT, CMD and the other fields, while the steps of a chain go by."""

    def __init__(self, base: Base, why_unknown: str) -> None:
        unknown = Unresolved(why_unknown, base.span)
        self.entrypoint: StartField | Unresolved = unknown
        self.cmd: StartField | Unresolved = unknown
        self.user: Value | Unresolved = unknown
        self.workdir: Value | Unresolved = unknown
        self.stop_signal: Value | Unresolved = unknown
        self.shell: Value | Unresolved | None = None
        self.shell_argv = WINDOWS_SHELL if base.os_family == "windows" else DEFAULT_SHELL
        self.healthcheck: HealthCheck | None = None
        if base.reference == "scratch":
            self.entrypoint = self.cmd = StartField(None, "default", None)
            self.user = Value("", "default", None)
            self.workdir = Value("/", "default", None)
            self.stop_signal = Value(DEFAULT_STOP_SIGNAL, "default", None)
        elif base.match is not None:
            self._inherit(base.match)

    def _inherit(self, match: BaseMatch) -> None:
        fact = match.fact
        self.entrypoint = StartField(_exec_form(fact.entrypoint), "base-image", None)
        self.cmd = StartField(_exec_form(fact.cmd), "base-image", None)
        self.user = Value(fact.user, "base-image", None) if fact.user else Value("", "default", None)
        self.workdir = Value(fact.workdir, "base-image", None) if fact.workdir else Value("/", "default", None)
        self.stop_signal = (
            Value(fact.stop_signal, "base-image", None)
            if fact.stop_signal
            else Value(DEFAULT_STOP_SIGNAL, "default", None)
        )
        if fact.shell:
            self.shell = Value(" ".join(fact.shell), "base-image", None)
            self.shell_argv = fact.shell
        if fact.healthcheck:
            self.healthcheck = HealthCheck(ShellForm(fact.healthcheck, self.shell_argv, None), None, "base-image")

    def take_stage(self, stage: Stage, escape: str) -> None:
        cmd_is_set = False
        for step in stage.steps:
            instruction = step.instruction
            keyword = instruction.keyword
            if keyword == "CMD":
                self.cmd = StartField(_form(instruction, step.shell), "dockerfile", instruction.span)
                cmd_is_set = True
            elif keyword == "ENTRYPOINT":
                self.entrypoint = StartField(_form(instruction, step.shell), "dockerfile", instruction.span)
                if not cmd_is_set:
                    self._clear_cmd()
            elif keyword == "SHELL" and instruction.json:
                self.shell = Value(" ".join(instruction.json), "dockerfile", instruction.span)
                self.shell_argv = instruction.json
            elif keyword == "USER":
                self.user = _value(step, escape, "USER")
            elif keyword == "STOPSIGNAL":
                self.stop_signal = _value(step, escape, "STOPSIGNAL")
            elif keyword == "WORKDIR":
                self.workdir = Unresolved("its path isn't known", instruction.span)
            elif keyword == "HEALTHCHECK" and instruction.sub is not None:
                sub = instruction.sub
                form = _form(sub, step.shell) if sub.keyword else None
                self.healthcheck = HealthCheck(form, instruction.span, "dockerfile")
        self._settle_workdir(stage)

    def _settle_workdir(self, stage: Stage) -> None:
        spans = [step.instruction.span for step in stage.steps if step.instruction.keyword == "WORKDIR"]
        if spans and stage.workdir_after is not None:
            self.workdir = Value(stage.workdir_after, "dockerfile", spans[-1])

    def _clear_cmd(self) -> None:
        lost = isinstance(self.cmd, StartField) and self.cmd.form is not None
        already = isinstance(self.cmd, StartField) and self.cmd.inherited_cleared
        self.cmd = StartField(None, "default", None, inherited_cleared=lost or already)


def _container(
    parsed: ParsedDockerfile, chain: tuple[Stage, ...], *, is_final: bool, platform: str | None
) -> Container:
    stage, first = chain[-1], chain[0]
    from_instruction = first.from_instruction
    reference_span = from_instruction.span_of(0, len(first.reference_text))
    base = describe_base(first, _instructions(chain), reference_span)
    start = _Start(base, why_unknown(first))
    for link in chain:
        start.take_stage(link, parsed.escape)
    argv, start_from = _argv(start.entrypoint, start.cmd)
    windows = (
        base.os_family == "windows" or is_windows_shell(start.shell_argv) or (platform or "").startswith("windows")
    )
    env = stage.config_env
    return Container(
        name=stage.name or ("final stage" if is_final else f"stage {stage.index}"),
        kind="dockerfile",
        source=parsed.source,
        line=stage.from_instruction.lines[0],
        entrypoint=start.entrypoint,
        cmd=start.cmd,
        start=argv,
        start_from=start_from,
        start_span=_start_span(start),
        shell=start.shell,
        shell_argv=start.shell_argv,
        user=start.user,
        workdir=start.workdir,
        stop_signal=start.stop_signal,
        env=dict(env),
        env_complete=env.complete,
        path=env.get("PATH"),
        healthcheck=start.healthcheck,
        base=base,
        platform=platform if from_instruction.flag("platform") is None else first.platform,
        stage_name=stage.name,
        stage_index=stage.index,
        is_final=is_final,
        windows=windows,
        tool_image=start_from == "base-image" and _is_tool(start),
    )


def _instructions(chain: tuple[Stage, ...]) -> list[Instruction]:
    return [step.instruction for stage in chain for step in stage.steps]


def _exec_form(argv: tuple[str, ...] | None) -> ExecForm | None:
    return ExecForm(argv) if argv else None


def _form(instruction: Instruction, shell: tuple[str, ...]) -> ExecForm | ShellForm | None:
    """The form of a CMD or ENTRYPOINT; None for the empty array, which resets it.

    `ENTRYPOINT [""]` resets it as well (measured: Docker 20.10 starts CMD alone).
    """
    if instruction.json is not None:
        if instruction.keyword == "ENTRYPOINT" and instruction.json == ("",):
            return None
        return _exec_form(instruction.json)
    problem = instruction.json_problem
    segments = tuple((run.index, run.offset, run.length) for run in instruction.segments)
    return ShellForm(instruction.value, shell, instruction.value_span, bool(problem), problem, segments)


def _value(step: BuildStep, escape: str, what: str) -> Value | Unresolved:
    instruction = step.instruction
    try:
        value = expand(instruction.value, step.env, escape)
    except ExpansionError as error:
        return Unresolved(str(error), instruction.span)
    if value is None:
        return Unresolved(f"{what} {instruction.value} can't be expanded", instruction.span)
    return Value(value, "dockerfile", instruction.span)


def _argv(
    entrypoint: StartField | Unresolved, cmd: StartField | Unresolved
) -> tuple[tuple[str, ...] | None, StartFrom]:
    """What the engine is given to start, and who says so."""
    if isinstance(entrypoint, Unresolved) or isinstance(cmd, Unresolved):
        return None, "unknown"
    used = [field for field in (entrypoint, cmd) if field.form is not None]
    argv = tuple(word for field in used if field.form is not None for word in field.form.argv)
    origins = {field.origin for field in used}
    if not argv:
        return (), "none"
    if origins == {"dockerfile"}:
        return argv, "dockerfile"
    return argv, "base-image" if "dockerfile" not in origins else "mixed"


def _start_span(start: _Start) -> Span | None:
    for field in (start.entrypoint, start.cmd):
        if isinstance(field, StartField) and field.form is not None and field.span is not None:
            return field.span
    return None


def _is_tool(start: _Start) -> bool:
    """Is what the base image starts a shell or a REPL?"""
    field = start.cmd if isinstance(start.cmd, StartField) and start.cmd.form is not None else start.entrypoint
    if not isinstance(field, StartField) or not isinstance(field.form, ExecForm):
        return False
    return is_repl(field.form.argv)


def is_repl(argv: tuple[str, ...]) -> bool:
    """Whether a command starts a shell or a REPL for a person."""
    return argv[0].rpartition("/")[2] in _REPLS and all(word in _REPL_OPTIONS for word in argv[1:])
