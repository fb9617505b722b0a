"""`trap`: which signals have a handler, and what the handler does for the main program."""

from __future__ import annotations

from typing import NamedTuple

from initlint.boot.model import Opaque, ShellStays, Trap
from initlint.boot.shell.machine import Machine
from initlint.boot.shell.syntax import descend, parse
from initlint.boot.shell.tree import Node
from initlint.boot.shell.values import Call, Context, Handler, State
from initlint.text import encode

_NUMBERS = {"0": "EXIT", "1": "HUP", "2": "INT", "3": "QUIT", "6": "ABRT", "9": "KILL", "15": "TERM", "17": "CHLD"}
_PSEUDO = frozenset({"EXIT", "ERR", "DEBUG", "RETURN"})
_STOPPING = frozenset({"stop", "shutdown", "quit", "-quit", "terminate", "graceful-stop", "halt"})
_SHELL_ITSELF = frozenset({"$$", "${$}", "0", "-1", "1", "$BASHPID"})
_MAX_DEPTH = 3


def signal_name(word: str) -> str:
    """`15`, `TERM` and `SIGTERM` are `SIGTERM`; EXIT and ERR are no signals."""
    name = _NUMBERS.get(word, word.upper().removeprefix("SIG"))
    return name if name in _PSEUDO else f"SIG{name}"


def trap(machine: Machine, state: State, context: Context, call: Call) -> list[State]:
    words = call.words[1:]
    state.status = 0
    if words[:1] == ["--"]:
        words = words[1:]
    if not words or words[0] in ("-p", "-l"):
        return [state]
    action = words[0]
    signals = words[1:]
    if action == "-" or (len(words) == 1) or (action.isdigit() and signals):
        # Also `trap TERM` and `trap 2 15`: a lone or numeric first word resets.
        for signal in signals if action == "-" else words:
            state.traps.pop(signal_name(signal), None)
        return [state]
    does = judge(action, state) if not isinstance(action, Opaque) else _judge_written(call, state)
    handler = Handler(str(action), context.frame.node_span(call.node), *does)
    for signal in signals:
        state.traps[signal_name(signal)] = handler
    return [state]


def _judge_written(call: Call, state: State) -> Action:
    """An action in double quotes with something unknown in it is judged as it is written."""
    nodes = [child for child in call.node.named_children if child.type != "command_name"]
    if not nodes:
        return NOTHING
    return judge(nodes[0].text.strip("\"'"), state)


class Action(NamedTuple):
    """Whether a trap's action passes the signal on, waits itself, exits, and signals the shell."""

    forwards: bool
    again: bool
    exits: bool
    itself: bool


NOTHING = Action(False, False, False, False)


def judge(action: str, state: State) -> Action:
    return _judge(parse(encode(action)), state, 0) if action else NOTHING


def _judge(root: Node, state: State, depth: int) -> Action:
    forwards = again = exits = itself = False
    for node in descend(root):
        if node.type != "command":
            continue
        words = [child.text for child in node.named_children if not child.type.endswith("redirect")]
        if not words:
            continue
        name = words[0].rpartition("/")[2]
        if name in state.functions and depth < _MAX_DEPTH:
            inner = _judge(state.functions[name].body, state, depth + 1)
            forwards, again, exits = forwards or inner.forwards, again or inner.again, exits or inner.exits
            itself = itself or inner.itself
        elif name == "kill" and "-0" not in words:
            forwards = forwards or len(words) > 1
            itself = itself or any(word.strip("\"'") in _SHELL_ITSELF for word in words[1:])
        elif name in ("pkill", "killall") or any(word.strip("\"'") in _STOPPING for word in words[1:]):
            forwards = True
        elif name == "wait":
            again = forwards
        elif name in ("exit", "exec"):
            exits = True
    return Action(forwards, again, exits, itself)


def traps_of(machine: Machine, state: State, stays: ShellStays | None) -> tuple[Trap, ...]:
    """The traps in force at the end of a way."""
    found: dict[Handler, list[str]] = {}
    for signal, handler in state.traps.items():
        # What replaces the shell inherits ignored signals alone.
        if stays is not None or handler.action == "":
            found.setdefault(handler, []).append(signal)
    traps = []
    for handler, signals in found.items():
        # A trap runs when the foreground command has ended: too late to pass anything on.
        forwards = handler.forwards and stays is not None and stays.how in ("wait", "loop", "builtin")
        waiting = stays is not None and stays.how in ("wait", "loop")
        # The `wait` that comes next is never reached by an action that exits.
        again = (forwards and handler.again) or (waiting and state.waits_again and not handler.exits)
        names = tuple(signals)
        traps.append(Trap(names, handler.action, handler.span, forwards, again, handler.exits, handler.itself))
    return tuple(traps)


def has_action(state: State) -> bool:
    return any(handler.action != "" for handler in state.traps.values())
