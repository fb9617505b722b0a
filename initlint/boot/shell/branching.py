"""`case`: which arm a word takes, and every arm that it could take."""

from __future__ import annotations

from initlint.boot.model import Opaque
from initlint.boot.shell import patterns
from initlint.boot.shell.commands import fatal
from initlint.boot.shell.machine import Machine
from initlint.boot.shell.syntax import items, words_of
from initlint.boot.shell.tree import Node
from initlint.boot.shell.values import NOT_EMPTY, Context, State, Text, excluded
from initlint.boot.shell.words import parts_of, single


def case_statement(machine: Machine, node: Node, state: State, context: Context) -> list[State]:
    subject = node.child_by_field_name("value")
    if subject is None:
        return [state]
    machine.outside.clear()
    word = single(machine, subject, state, context)
    names = set(machine.outside)
    if machine.fatal is not None:
        return fatal(machine, state, lambda other: case_statement(machine, node, other, context))
    arms = [child for child in node.children if child.type == "case_item"]
    ways: list[State] = []
    if names:
        before = state.variables
        state.variables = before.copy()
        for name in names:
            state.variables[name] = Text(f"${name}", never=NOT_EMPTY)
        changed = single(machine, subject, state, context)
        state.variables = before
        machine.fatal = None
        if isinstance(changed, Opaque):
            written = words_of(subject)
            other = machine.fork(
                state, " or ".join(f"${name} is set" for name in sorted(names)), lean=False, hard=not machine.complete
            )
            for name in names:
                other.assume(name, Text(f"${name}", never=NOT_EMPTY))
                state.assume(name, None)
            ways.extend(_arms(machine, arms, changed, written, names, other, context))
    return [*_arms(machine, arms, word, words_of(subject), names, state, context), *ways]


def _arms(
    machine: Machine, arms: list[Node], word: str, written: str, names: set[str], state: State, context: Context
) -> list[State]:
    ways: list[State] = []
    for index, arm in enumerate(arms):
        machine.step()
        matched: bool | None = False
        literal: str | None = None
        shown = ""
        for value in arm.children_by_field_name("value"):
            pattern = patterns.joined(parts_of(machine, value, state, context), extended=machine.is_bash)
            one = _matches(pattern, word)
            if one is not False:
                shown = f"{shown}|{value.text}" if shown else value.text
                literal = pattern.literal if one is None and "|" not in shown else None
            if one or (one is None and matched is False):
                matched = one
            if matched:
                break
        if matched is False:
            continue
        if matched:
            ways.extend(_taken(machine, arms, index, word, written, names, state, context))
            return ways
        condition = f"{written} is {shown}"
        if isinstance(word, Text) and word.hint is not None and hinted(machine, arm, word.hint, state, context):
            other = machine.fork(state, condition, lean=True, hard=state.likely or state.hard)
            ways.extend(_taken(machine, arms, index, word, written, names, state, context))
            ways.extend(_arms(machine, arms[index + 1 :], word, written, names, other, context))
            return ways
        other = machine.fork(state, condition, lean=False, hard=state.likely or state.hard)
        name = str(word)[1:]
        if literal is not None and (name in names or isinstance(other.variables.get(name), Opaque)):
            other.assume(name, literal)
        ways.extend(_taken(machine, arms, index, word, written, names, other, context))
    state.status = 0
    ways.append(state)
    return ways


def _taken(
    machine: Machine,
    arms: list[Node],
    index: int,
    word: str,
    written: str,
    names: set[str],
    state: State,
    context: Context,
) -> list[State]:
    """An arm that is taken; behind `;;&` the ones that follow are asked, too."""
    inside = context.within("in-if-or-case")
    if arms[index].children[-1].type != ";;&":
        return _arm(machine, arms, index, state, inside)
    ways: list[State] = []
    for way in _arm(machine, arms, index, state, inside._replace(tail=False)):
        if way.flow:
            ways.append(way)
        else:
            ways.extend(_arms(machine, arms[index + 1 :], word, written, names, way, context))
    return ways


def hinted(machine: Machine, arm: Node, hint: str, state: State, context: Context) -> bool:
    """Whether the arm takes what the word is in all likelihood."""
    for value in arm.children_by_field_name("value"):
        pattern = patterns.joined(parts_of(machine, value, state, context), extended=machine.is_bash)
        if patterns.matches(pattern, hint):
            return True
    return False


def _matches(pattern: patterns.Pattern, word: str) -> bool | None:
    if pattern.anything:
        return True
    if not isinstance(word, Opaque):
        return patterns.matches(pattern, word)
    if pattern.literal is not None and pattern.literal in excluded(word):
        return False
    return None


def _arm(machine: Machine, arms: list[Node], index: int, state: State, context: Context) -> list[State]:
    """The commands of a matching arm, and of the next one behind `;&`."""
    from initlint.boot.shell.statements import run_list

    arm = arms[index]
    body: list[Node] = []
    started = False
    for child in arm.children:
        if started:
            if child.type not in (";;", ";&", ";;&"):
                body.append(child)
        elif child.type == ")":
            started = True
    commands = items(body)
    falls = arm.children[-1].type == ";&" and index + 1 < len(arms)
    place = context._replace(tail=False) if falls else context
    if not commands:
        state.status = 0
    ways = run_list(machine, commands, state, place)
    if not falls:
        return ways
    after: list[State] = []
    for way in ways:
        after.extend([way] if way.flow else _arm(machine, arms, index + 1, way, context))
    return after
