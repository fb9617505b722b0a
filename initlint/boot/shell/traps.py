"""`trap`: which signals have a handler, and what the handler does for the main program."""

from __future__ import annotations

import re

from initlint.boot.model import ShellStays, Trap
from initlint.boot.shell.machine import Machine
from initlint.boot.shell.syntax import descend, parse
from initlint.boot.shell.tree import Node
from initlint.boot.shell.values import Call, Context, Handler, State
from initlint.records import NamedTuple
from initlint.text import encode

_NUMBERS = {"0": "EXIT", "1": "HUP", "2": "INT", "3": "QUIT", "6": "ABRT", "9": "KILL", "15": "TERM", "17": "CHLD"}
_PSEUDO = frozenset({"EXIT", "ERR", "DEBUG", "RETURN"})
_STOPPING = frozenset({"stop", "shutdown", "quit", "-quit", "terminate", "graceful-stop", "halt"})
_SHELL_ITSELF = frozenset({"$$", "${$}", "0", "-1", "1", "$BASHPID"})
_MAX_DEPTH = 3
# Commands that reach no other process, and how pauses begin that last.
_HARMLESS = frozenset("echo printf true : false trap set unset shift cd return test [ local sleep date wait".split())
_LONG = frozenset("123456789i")
_ASKED_JOBS = re.compile(r"\$\(\s*jobs\s+-p[r]?\s*\)|`\s*jobs\s+-p\s*`")


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
    # What the action is made of when it is set: `"kill $!"` holds a process id, or none.
    does = judge(machine, str(action), state)
    handler = Handler(str(action), context.frame.node_span(call.node), *does)
    for signal in signals:
        if signal != "ERR" or not machine.is_plain:  # dash: bad trap
            state.traps[signal_name(signal)] = handler
    return [state]


class Action(NamedTuple):
    """Whether a trap's action passes the signal on, waits itself, exits, and signals the shell.

    `idle`: it certainly reaches no other process.
    """

    forwards: bool
    again: bool
    exits: bool
    itself: bool
    idle: bool


NOTHING = Action(False, False, False, False, True)


def judge(machine: Machine, action: str, state: State) -> Action:
    return _judge(machine, parse(encode(action)), state, 0) if action else NOTHING


def _judge(machine: Machine, root: Node, state: State, depth: int) -> Action:
    forwards = again = exits = itself = False
    idle = not root.has_error
    for node in descend(root):
        if node.type in ("simple_expansion", "expansion") and node.parent is not None:
            # A command word that is a variable may be anything.
            idle = idle and node.parent.type != "command_name"
        if node.type != "command":
            continue
        words = [child.text for child in node.named_children if not child.type.endswith("redirect")]
        if not words:
            continue
        name = words[0].rpartition("/")[2]
        if name in state.functions and depth < _MAX_DEPTH:
            inner = _judge(machine, state.functions[name].body, state, depth + 1)
            forwards, again, exits = forwards or inner.forwards, again or inner.again, exits or inner.exits
            itself, idle = itself or inner.itself, idle and inner.idle
        elif name == "kill" and "-0" not in words:
            targets = _targets(machine, words[1:], builtin=name == words[0])
            reached = _reached(machine, targets, state)
            forwards = forwards or reached is True
            idle = idle and reached is False
            itself = itself or any(word.strip("\"'") in _SHELL_ITSELF for word in targets)
        elif name in ("pkill", "killall") or any(word.strip("\"'") in _STOPPING for word in words[1:]):
            forwards = True
        elif name == "wait" or (name == "sleep" and words[1:2] and words[1][:1] in _LONG):
            # A pause that is long enough for the program to end in it is as good as a wait.
            again = again or forwards
        elif name in ("exit", "exec"):
            exits = True
            idle = idle and name == "exit"
        else:
            idle = idle and name in _HARMLESS
    return Action(forwards, again, exits, itself, idle and not forwards)


def _targets(machine: Machine, words: list[str], *, builtin: bool) -> list[str]:
    """What `kill` is told to signal: its words but for the signal."""
    at = 0
    if words[:1] and words[0] in ("-s", "-n"):
        at = 2
    elif words[:1] and words[0][:1] == "-" and words[0] != "--" and words[0][1:2] not in ("$", '"'):
        at = 1
    rest = words[at:]
    if rest[:1] == ["--"]:
        # Behind `-TERM`, dash takes `--` for a process id that is no number, and signals nothing at all.
        return [] if at == 1 and builtin and machine.is_plain else rest[1:]
    # `kill -1` has one word that says whom.
    return rest or ([words[0]] if len(words) == 1 and words[0] == "-1" else [])


def _reached(machine: Machine, targets: list[str], state: State) -> bool | None:
    """Whether `kill` signals something: known but for `$(jobs -p)`, of which dash's subshell knows nothing."""
    if not targets:
        return False
    if machine.is_plain and all(_ASKED_JOBS.fullmatch(word.strip("\"'")) for word in targets):
        return None
    return True


def traps_of(machine: Machine, state: State, stays: ShellStays | None) -> tuple[Trap, ...]:
    """The traps in force at the end of a way."""
    found: dict[Handler, list[str]] = {}
    for signal, handler in state.traps.items():
        # What replaces the shell inherits ignored signals alone.
        if stays is not None or handler.action == "":
            found.setdefault(handler, []).append(signal)
    traps = []
    at_exit = state.traps.get("EXIT")
    for handler, signals in found.items():
        if stays is not None and not handler.forwards and not handler.idle:
            # Its functions may have been defined since.
            handler = Handler(handler.action, handler.span, *judge(machine, handler.action, state))
        if handler.exits and not handler.again and at_exit is not None and at_exit is not handler:
            # It exits, and the trap for EXIT has its turn.
            does = judge(machine, f"{handler.action}\n{at_exit.action}", state)
            handler = Handler(handler.action, handler.span, *does)
        # A trap runs when the foreground command has ended: too late to pass anything on.
        forwards = handler.forwards and stays is not None and stays.how in ("wait", "loop", "builtin")
        waiting = stays is not None and stays.how in ("wait", "loop")
        # The `wait` that comes next is never reached by an action that exits.
        again = (forwards and handler.again) or (waiting and state.waits_again and not handler.exits)
        names = tuple(signals)
        traps.append(
            Trap(names, handler.action, handler.span, forwards, again, handler.exits, handler.itself, handler.idle)
        )
    return tuple(traps)


def has_action(state: State) -> bool:
    return any(handler.action != "" for handler in state.traps.values())
