"""The builtins of the shells: what each changes in what the shell knows."""

from __future__ import annotations

import posixpath
from collections.abc import Callable

from initlint.boot.model import Opaque, ShellStays
from initlint.boot.shell.commands import done, external, number_of
from initlint.boot.shell.files import is_missing
from initlint.boot.shell.invoking import (
    run_alias,
    run_builtin,
    run_command,
    run_coproc,
    run_eval,
    run_source,
    run_time,
    run_type,
)
from initlint.boot.shell.jobs import disown, fg, kill, wait
from initlint.boot.shell.lookup import read
from initlint.boot.shell.machine import Machine
from initlint.boot.shell.testing import test_command
from initlint.boot.shell.traps import trap
from initlint.boot.shell.values import NOT_EMPTY, OPEN, Call, Context, State, Text
from initlint.boot.shell.variables import (
    run_getopts,
    run_let,
    run_mapfile,
    run_printf,
    run_read,
    run_set,
    run_shift,
    run_shopt,
    run_unset,
)

Builtin = Callable[[Machine, State, Context, Call], list[State]]


def _succeed(machine: Machine, state: State, context: Context, call: Call) -> list[State]:
    return done(state)


def _fail(machine: Machine, state: State, context: Context, call: Call) -> list[State]:
    return done(state, 1)


def _unknown(machine: Machine, state: State, context: Context, call: Call) -> list[State]:
    return done(state, None)


def _bash_only(inner: Builtin) -> Builtin:
    """dash looks for a program of that name, and there is none."""

    def run(machine: Machine, state: State, context: Context, call: Call) -> list[State]:
        return done(state, 127) if machine.is_plain else inner(machine, state, context, call)

    return run


# -- exec


def _exec(machine: Machine, state: State, context: Context, call: Call) -> list[State]:
    words = call.words[1:]
    while words and not isinstance(words[0], Opaque) and words[0].startswith("-") and len(words[0]) > 1:
        option = words.pop(0)
        if machine.shell.name.startswith("dash"):
            # dash knows no options here: it looks for a program of that name.
            state.flow, state.status, state.reason = "exit", 127, f"{machine.shell.word}: exec: {option}: not found"
            state.sure = state.sure and option != "--"
            return [state]
        if option == "--":
            break
        if machine.shell.name == "busybox-ash" and option[1:2] != "a":
            state.flow, state.status, state.reason = "exit", 2, f"{machine.shell.word}: exec: illegal option {option}"
            return [state]
        if option.endswith("a") and words:
            words.pop(0)
            # busybox looks for an applet of that name first.
            state.sure = state.sure and machine.shell.name != "busybox-ash"
    if call.redirects and len(words) == 1 and words[0].startswith("{") and words[0].endswith("}"):
        words.pop()  # `exec {name}< file` opens a descriptor
    outside = machine.outside.copy()
    if not words:
        _redirect_shell(state, call)
        if outside and not call.redirects:
            name = min(outside)
            if OPEN in state.variables:
                state.assume(name, Text(f"${name}", never=NOT_EMPTY))
                state.sure = False
                return dispatch_again(machine, state, context, call)
            other = machine.fork(state, f"${name} is set", lean=False, hard=not machine.complete)
            other.assume(name, Text(f"${name}", never=NOT_EMPTY))
            state.assume(name, None)
            return [*dispatch_again(machine, other, context, call), *done(state)]
        return done(state)
    if words[0] == "" and not isinstance(words[0], Opaque):
        ways: list[State] = []
        if outside and OPEN in state.variables:
            state.assume(min(outside), Text(f"${min(outside)}", never=NOT_EMPTY))
            state.sure = False
            return dispatch_again(machine, state, context, call)
        if outside:
            name = min(outside)
            other = machine.fork(state, f"${name} is set", lean=False, hard=not machine.complete)
            other.assume(name, Text(f"${name}", never=NOT_EMPTY))
            state.assume(name, None)
            ways = dispatch_again(machine, other, context, call)
        state.flow, state.status = "exit", 126 if machine.lacks_arrays else 127
        state.reason = f"{machine.shell.word}: exec: the program's name is empty"
        return [*ways, state]
    if context.subshell or context.pipeline:
        # It replaces the subshell, not the shell that is PID 1.
        return external(machine, state, context, call._replace(words=words))
    span = context.frame.node_span(call.node)
    _redirect_shell(state, call)
    return machine.finish(state, "exec", argv=tuple(words), span=span, extra=call.extra)


def dispatch_again(machine: Machine, state: State, context: Context, call: Call) -> list[State]:
    """Expand and run the same command on another way, where variables have other values."""
    return machine.execute(machine, call.node, state, context)


def _redirect_shell(state: State, call: Call) -> None:
    for redirect in call.redirects:
        target = redirect.child_by_field_name("destination")
        written = redirect.text.lstrip("&12")
        if target is not None and target.type == "process_substitution" and written.startswith(">"):
            state.redirects_to = " ".join(target.text[2:-1].split())


# -- flow


def _exit(machine: Machine, state: State, context: Context, call: Call) -> list[State]:
    # `exit` and `exit $?` pass on how the last command ended: that one may be what runs.
    passes = len(call.words) == 1 or call.node.text.endswith(("$?", '"$?"'))
    state.flow = "exit" if not passes else "end"
    state.status = number_of(call.words[1:], state)
    return [state]


def _return(machine: Machine, state: State, context: Context, call: Call) -> list[State]:
    if machine.is_bash and context.function is None and not machine.sourcing:
        return done(state, 2)  # bash: can only return from a function or sourced script
    state.flow = "return"
    state.status = number_of(call.words[1:], state)
    return [state]


def _break(machine: Machine, state: State, context: Context, call: Call) -> list[State]:
    state.flow = call.words[0]
    state.flow_count = max(number_of(call.words[1:] or ["1"], state) or 1, 1)
    state.status = 0
    return [state]


# -- folders


def _cd(machine: Machine, state: State, context: Context, call: Call) -> list[State]:
    words = [word for word in call.words[1:] if word not in ("-P", "-L", "--", "-e")]
    target = words[0] if words else read(machine, "HOME", state)
    state.assign("OLDPWD", state.cwd if state.cwd is not None else Text("$OLDPWD"))
    if not isinstance(target, str) or isinstance(target, Opaque) or target == "-":
        state.cwd = None
        return done(state, None)
    missing = is_missing(machine, target, state)
    if missing:
        return done(state, None, lean=True)
    if target.startswith("/"):
        state.cwd = posixpath.normpath(target)
    elif state.cwd is not None:
        state.cwd = posixpath.normpath(posixpath.join(state.cwd, target))
    state.variables.pop("PWD", None)
    return done(state, None)


def _suspend(machine: Machine, state: State, context: Context, call: Call) -> list[State]:
    span = context.frame.node_span(call.node)
    stays = ShellStays("builtin", span, None, "builtin", f"{machine.shell.word} suspends itself")
    return machine.finish(state, "stays", span=span, stays=stays)


BUILTIN: dict[str, Builtin] = {
    ".": run_source,
    ":": _succeed,
    "[": test_command,
    "alias": run_alias,
    "break": _break,
    "builtin": _bash_only(run_builtin),
    "cd": _cd,
    "command": run_command,
    "compopt": _bash_only(_succeed),
    "continue": _break,
    "coproc": run_coproc,
    "disown": _bash_only(disown),
    "echo": _succeed,
    "enable": _bash_only(_succeed),
    "eval": run_eval,
    "exec": _exec,
    "exit": _exit,
    "false": _fail,
    "fg": fg,
    "getopts": run_getopts,
    "hash": run_type,
    "jobs": _succeed,
    "kill": kill,
    "let": _bash_only(run_let),
    "mapfile": _bash_only(run_mapfile),
    "popd": _bash_only(_unknown),
    "printf": run_printf,
    "pushd": _bash_only(_cd),
    "pwd": _succeed,
    "read": run_read,
    "readarray": _bash_only(run_mapfile),
    "return": _return,
    "set": run_set,
    "shift": run_shift,
    "shopt": _bash_only(run_shopt),
    "source": run_source,
    "suspend": _bash_only(_suspend),
    "test": test_command,
    "time": run_time,
    "times": _succeed,
    "trap": trap,
    "true": _succeed,
    "type": run_type,
    "ulimit": _succeed,
    "umask": _succeed,
    "unalias": _succeed,
    "unset": run_unset,
    "wait": wait,
    "which": run_type,
}
