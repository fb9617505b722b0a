"""What a variable or a parameter holds, those included that the shell sets by itself."""

from __future__ import annotations

from initlint.boot.model import Opaque
from initlint.boot.shell.machine import Machine
from initlint.boot.shell.values import NOT_EMPTY, Missing, State, Text, Value

_CHANGING = frozenset({"RANDOM", "SECONDS", "LINENO", "EPOCHSECONDS", "BASHPID", "SRANDOM", "HOSTNAME", "PIPESTATUS"})


def is_root(user: str | None) -> bool | None:
    if user is None:
        return None
    name = user.partition(":")[0]
    return name in ("", "0", "root")


def user_id(user: str | None, written: str) -> str:
    """What `id -u` prints: known for root and for a numeric USER; else it isn't 0, at least."""
    if user is None:
        return Text(written, never=NOT_EMPTY)
    if is_root(user):
        return "0"
    name = user.partition(":")[0]
    return name if name.isdigit() else Text(written, never=frozenset({"", "0"}))


def read(machine: Machine, name: str, state: State) -> Value:
    """A variable's or parameter's value, None when it is unset."""
    if name.isdigit():
        return _positional(int(name), state)
    if name in state.variables:
        value = state.variables[name]
        if isinstance(value, Missing):
            machine.missing.add(name)
        return value
    match name:
        case "#":
            if any(isinstance(word, Opaque) and word.many for word in state.positional):
                return Text("$#", never=NOT_EMPTY)
            return str(len(state.positional))
        case "?":
            if state.status is not None:
                return str(state.status)
            return Text("$?", never=NOT_EMPTY, hint="0" if state.lean else "1")
        case "$" | "BASHPID":
            if machine.is_pid1:
                return "1"
            return Text("$$", never=NOT_EMPTY if machine.is_pid1 is None else frozenset({"", "1"}))
        case "!":
            return Text("$!", never=NOT_EMPTY, job=state.last_job) if state.last_job is not None else None
        case "-":
            return Text("$-", never=NOT_EMPTY)
        case "0":
            return state.arg0
        case "IFS":
            return " \t\n"
        case "OPTIND":
            return "1"
        case "PPID":
            return "0" if machine.is_pid1 else Text("$PPID", never=NOT_EMPTY)
        case "PWD":
            return Text("$PWD", never=NOT_EMPTY) if state.cwd is None else state.cwd
        case "HOME":
            # The engine sets HOME to what /etc/passwd says.
            return "/root" if is_root(state.user) else Text("$HOME", never=NOT_EMPTY)
    if machine.is_bash:
        if name in ("UID", "EUID"):
            return user_id(state.user, f"${name}")
        if name in ("BASH_SOURCE", "BASH_ARGV0"):
            return state.arg0
        if name in ("BASH_VERSION", "BASH_VERSINFO", "OSTYPE", "MACHTYPE", "HOSTTYPE", "SHLVL", "BASH"):
            return Text(f"${name}", never=NOT_EMPTY)
    if name in _CHANGING:
        return Text(f"${name}", never=NOT_EMPTY)
    if not machine.complete or name.isupper():
        machine.outside.add(name)
    return None


def _positional(index: int, state: State) -> Value:
    if index == 0:
        return state.arg0
    for at, word in enumerate(state.positional, 1):
        if isinstance(word, Opaque) and word.many:
            return Text(f"${index}")
        if at == index:
            return word
    return None
