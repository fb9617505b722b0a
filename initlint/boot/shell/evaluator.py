"""The way in: evaluate a script file or the text behind `-c`."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from initlint.boot.model import Argv, Environment, Opaque, ShellEnd, ShellProgram, ShellStays
from initlint.boot.shell.builtins import BUILTIN
from initlint.boot.shell.commands import keeps
from initlint.boot.shell.ends import meant_to_run, summarise
from initlint.boot.shell.machine import SIDE_COARSE, Exhausted, Guess, KeepsRunning, Machine
from initlint.boot.shell.memory import Programs, Run, recall, words_key
from initlint.boot.shell.statements import execute
from initlint.boot.shell.syntax import Frame
from initlint.boot.shell.values import NOT_EMPTY, Chain, Context, State, Text
from initlint.boot.shell.variables import set_options
from initlint.rootfs import RootFilesystem
from initlint.rootfs.recorder import Recorder
from initlint.text import Source, Span, encode

__all__ = ["meant_to_run", "run_script", "run_string"]


def run_script(
    source: Source,
    *,
    shell: ShellProgram,
    arg0: str,
    arguments: Argv,
    environment: Environment,
    rootfs: RootFilesystem | None,
    keeps_running: KeepsRunning,
    is_pid1: bool | None = None,
    options: Argv = (),
) -> tuple[ShellEnd, ...]:
    """How a script file ends: every way, the likely one first.

    `keeps_running` tells of a foreground program whether it stays (True), ends (False) or
    neither is known (None). `options`: the shell's own
    ("-e", "-eux"), from the `#!` line or the command line. `is_pid1`: whether this shell is
    PID 1 (`$$` is 1), None: not known.
    """

    def evaluate(recorder: Recorder | None, programs: Programs) -> Run:
        ends, machine = _run(
            source.data,
            "file",
            source.span,
            shell=shell,
            arg0=arg0,
            arguments=arguments,
            environment=environment,
            rootfs=recorder,
            keeps_running=programs,
            is_pid1=is_pid1,
            options=options,
        )
        texts = tuple(frame.data for frame in machine.frames)
        version = (shell.version, machine.version_decides)
        return Run(source, environment, texts, frozenset(machine.indirect), recorder, programs, version, ends)

    found = (environment.complete, environment.cwd, environment.user)
    given = (shell.name, shell.word, arg0, words_key(arguments), options, is_pid1, rootfs is None)
    return recall((source.data, given, found), source, shell, environment, rootfs, keeps_running, evaluate)


def run_string(
    text: str,
    *,
    span_at: Callable[[int, int], Span | None],
    shell: ShellProgram,
    arg0: str,
    arguments: Argv,
    environment: Environment,
    rootfs: RootFilesystem | None,
    keeps_running: KeepsRunning,
    is_pid1: bool | None = None,
    options: Argv = (),
) -> tuple[ShellEnd, ...]:
    """How `sh -c TEXT` ends. `span_at` maps byte offsets of the encoded text into a file."""
    ends, _ = _run(
        encode(text),
        "string",
        span_at,
        shell=shell,
        arg0=arg0,
        arguments=arguments,
        environment=environment,
        rootfs=rootfs,
        keeps_running=keeps_running,
        is_pid1=is_pid1,
        options=options,
    )
    return ends


# How many variables and conditions in turn a script may miss before it is left at its refusal.
_MAX_WANTED = 8
_MAX_CONTRARY = 3
# What all of these runs together may take.
_MAX_STEPS = 50_000


def _run(
    data: bytes,
    kind: str,
    span: Callable[[int, int], Span | None],
    **given: Any,
) -> tuple[tuple[ShellEnd, ...], Machine]:
    """A script that refuses to start is run again with the variable set that it misses, or with the
    condition turned that nobody knows: the way beyond would else be a side way, followed for a short while only."""
    ends, machine = _evaluate(data, kind, span, **given)
    found, last, steps = ends, machine, machine.steps
    wanted, contrary = frozenset[str](), frozenset[Guess]()
    while _refuses(found) and steps + last.steps < _MAX_STEPS:
        missed = last.wanted - wanted if len(wanted) < _MAX_WANTED else frozenset()
        turned = last.guessed if len(contrary) < _MAX_CONTRARY else None
        if turned is not None and {turned, (turned[0], not turned[1])} & contrary:
            turned = None
        if turned is not None and (last.guessed_last or not missed):
            contrary |= {turned}
        elif missed:
            wanted |= missed
        else:
            break
        found, last = _evaluate(data, kind, span, wanted=wanted, contrary=contrary, **given)
        steps += last.steps
        machine.frames.extend(last.frames)
        machine.indirect |= last.indirect
        machine.version_decides = machine.version_decides or last.version_decides
    if found is not ends and found[0].kind in ("exec", "stays"):
        when = [f"if ${name} is set" for name in sorted(wanted)]
        when += [f"if not {condition}" if taken else f"if {condition}" for condition, taken in sorted(contrary)]
        way = found[0]._replace(
            when=tuple(dict.fromkeys((*when, *found[0].when))), likely=False, sure=found[0].sure and not contrary
        )
        ends = (ends[0], way, *ends[1:])
    elif ends[0].kind == "ends" and any(end.kind == "exec" for end in ends):
        ends = summarise(list(machine.endings.values()), last=True)
    return ends, machine


def _refuses(ends: tuple[ShellEnd, ...]) -> bool:
    return ends[0].kind == "ends" and bool(ends[0].status) and all(_tells_nothing(end) for end in ends)


def _tells_nothing(end: ShellEnd) -> bool:
    return end.kind in ("ends", "undecided") or (end.kind == "exec" and isinstance(end.argv[0], Opaque))


def _evaluate(
    data: bytes,
    kind: str,
    span: Callable[[int, int], Span | None],
    *,
    wanted: frozenset[str] = frozenset(),
    contrary: frozenset[Guess] = frozenset(),
    shell: ShellProgram,
    arg0: str,
    arguments: Argv,
    environment: Environment,
    rootfs: RootFilesystem | None,
    keeps_running: KeepsRunning,
    is_pid1: bool | None,
    options: Argv,
) -> tuple[tuple[ShellEnd, ...], Machine]:
    whole = span(0, len(data))
    machine = Machine(
        shell=shell,
        rootfs=rootfs,
        keeps_running=keeps_running,
        complete=environment.complete,
        is_pid1=is_pid1,
        execute=execute,
        builtins=BUILTIN,
    )
    machine.contrary = contrary
    if wanted or contrary:
        machine.side_limit = SIDE_COARSE  # the side ways are those of the first run
    if b"\r\n" in data:
        why = "its lines end in CRLF: the shell takes the carriage return for a part of the last word"
        return (ShellEnd("undecided", (), whole, environment, why=why, sure=False),), machine
    frame = Frame(data, kind, arg0, span)
    machine.frames.append(frame)
    state = State()
    state.arg0 = arg0
    state.positional = arguments
    state.cwd = environment.cwd
    state.user = environment.user
    for name, value in environment.variables.items():
        if name != "IFS":  # no shell takes it from outside
            state.variables[name] = Text(f"${name}") if value is None else value
            state.exported.add(name)
    for name in wanted:
        state.variables[name] = Text(f"${name}", never=NOT_EMPTY)
        state.exported.add(name)
    for word in options:
        set_options(state, word, machine)
    context = Context(frame, tail=True)
    try:
        if frame.broken and frame.root.type == "ERROR":
            machine.finish(state, "undecided", span=whole, why="the shell text can't be parsed", sure=False)
        else:
            for way in execute(machine, frame.root, state, context):
                _finished(machine, way)
        if machine.cut:
            way = state.copy()
            way.likely, way.hard, way.when = False, True, ("if some conditions come out otherwise",)
            machine.finish(way, "undecided", why="more ways through the script than are followed", sure=False)
        return summarise(list(machine.endings.values())), machine
    except Exhausted as error:
        why = str(error)
    except RecursionError:
        why = "the script nests deeper than is followed"
    return (ShellEnd("undecided", (), whole, environment, why=why, sure=False),), machine


def _finished(machine: Machine, state: State) -> None:
    """The script ends on this way; if a program ran last of which nothing is known, it may stay."""
    at_exit = state.traps.pop("EXIT", None)
    if at_exit is not None and at_exit.exits and "exec" in at_exit.action:
        # It is the last thing that the shell does, and may put a program in its place.
        frame = Frame(encode(at_exit.action), "eval", "trap", lambda start, end: at_exit.span)
        machine.frames.append(frame)
        state.flow, known = "", state.status
        for way in execute(machine, frame.root, state, Context(frame, tail=False, evaluated=True)):
            way.traps.pop("EXIT", None)
            way.status = known if not way.flow else way.status
            _finished(machine, way)
        return
    if at_exit is not None:
        state.traps["EXIT"] = at_exit
    last, sure = _last_program(machine, state)
    if last is None:
        machine.finish(state, "ends", status=state.status, why=state.reason or "the script ends")
        return
    why = f"{machine.shell.word} waits for it: commands follow it"
    stays = ShellStays("foreground", last.span, None, "not-last", why)
    before = state.ran
    state.ran = last.before
    machine.finish(state, "stays", argv=last.argv, span=last.span, stays=stays, sure=sure)
    state.ran = before


_EXEC = re.compile(rb"(?m)^[^#\n]*\bexec\b")
# What scripts do when their program is over.
_CLEANUP = frozenset("rm rmdir echo printf kill date logger sync touch cat sleep".split())


def _last_program(machine: Machine, state: State) -> tuple[Chain | None, bool]:
    """The program of unknown duration that a script comes to its end behind, and whether it is certainly the one
    that the shell stays in front of: there is none else, and only what cleans up follows it."""
    from initlint.boot.daemons import starts_daemon

    last = state.ran
    if last is None or state.failed or state.jobs:
        return None, False
    before: Chain | None = last
    while before is not None and before.argv[0] in _CLEANUP and keeps(machine, before.argv) is False:
        before = before.before
    unknown = before is not None and keeps(machine, before.argv) is None and not isinstance(before.argv[0], Opaque)
    if before is not None and unknown and not (state.status or state.daemons or starts_daemon(before.argv)):
        sure = not _may_run_another(machine) and not _reads_commands(before.argv)
        if sure:
            return before, True
    return (last if state.flow != "exit" and keeps(machine, last.argv) is None else None), False


def _may_run_another(machine: Machine) -> bool:
    """Whether another program may be what a script is for: on another way, or given as its arguments."""
    if any(ending.end.kind != "ends" for ending in machine.endings.values()):
        return True
    return any(_EXEC.search(frame.data) is not None for frame in machine.frames)


def _reads_commands(argv: Argv) -> bool:
    """`python <<END`: an interpreter that is given its program as its input."""
    from initlint.boot.interpreters import language_of

    return len(argv) == 1 and language_of(argv[0].rpartition("/")[2]) is not None
