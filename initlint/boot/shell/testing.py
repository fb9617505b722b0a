"""Tests as commands: where the answer isn't known, the ways part here."""

from __future__ import annotations

from collections.abc import Callable

from initlint.boot.shell.arithmetic import evaluate
from initlint.boot.shell.commands import fatal, settle
from initlint.boot.shell.conditions import (
    Verdict,
    bracket_words,
    double_bracket,
    double_words,
    learn,
    several,
    test_words,
    tokens,
)
from initlint.boot.shell.machine import Machine
from initlint.boot.shell.syntax import descend, words_of
from initlint.boot.shell.tree import Node
from initlint.boot.shell.values import NOT_EMPTY, Call, Context, State, Text

# What does more in a word than to look something up.
_WORKING = frozenset(
    ("command_substitution", "process_substitution", "arithmetic_expansion", "=", ":=", "?", ":?", "subscript")
)

Question = Callable[[State], tuple[Verdict, list[str]]]


def test_command(machine: Machine, state: State, context: Context, call: Call) -> list[State]:
    """`test …`, and a `[` that the parser took for a plain command."""
    words = call.words[1:]
    if call.words[0] == "[":
        if not words or words[-1] != "]":
            state.status = 2
            return [state]
        words = words[:-1]
    if "==" in words and machine.is_plain:
        state.status = 2  # dash: unexpected operator
        return [state]
    if machine.outside:
        # On the other way the words have other values.
        def reread(way: State) -> tuple[Verdict, list[str]]:
            return _reread(machine, call, way, context)

        if not call.node.remember(_only_reads):
            return ask(machine, call.node, state, context, reread)
        machine.missing.clear()
        verdict = test_words(machine, words, state)
        return _answered(machine, call.node, state, context, reread, verdict, words)
    return ask(machine, call.node, state, context, lambda way: (test_words(machine, words, way), words))


def _only_reads(node: Node) -> bool:
    """Whether the words are the same however often they are expanded: nothing is assigned or run in them."""
    return not any(each.type in _WORKING for each in descend(node))


def _reread(machine: Machine, call: Call, way: State, context: Context) -> tuple[Verdict, list[str]]:
    from initlint.boot.shell.words import fields

    found: list[str] = []
    for child in call.node.children:
        if child.type not in ("command_name", "variable_assignment") and not child.type.endswith("_redirect"):
            found.extend(fields(machine, child, way, context))
    if call.words[0] == "[":
        found = found[:-1]
    return test_words(machine, found, way), found


def bracket(machine: Machine, node: Node, state: State, context: Context) -> list[State]:
    """A `test_command` node: `[ … ]`, `[[ … ]]` or `(( … ))`."""
    opening = node.children[0].type
    if opening == "[":
        if any(token.node is not None and token.text == "]" for token in node.remember(tokens)):
            # The parser takes `[ -d / ] && [ -d /x ]` for one test.
            return ask(machine, node, state, context, lambda way: (several(machine, node, way, context), []))

        def single(way: State) -> tuple[Verdict, list[str]]:
            words = bracket_words(machine, node, way, context)
            if "==" in words and machine.is_plain:
                return Verdict(False, False, True), words  # dash: unexpected operator
            return test_words(machine, words, way), words

        return ask(machine, node, state, context, single)
    if opening == "[[":
        if machine.is_plain:
            if " || " in node.text or "<" in node.text or ">" in node.text:
                span = context.frame.node_span(node)
                return machine.finish(state, "undecided", span=span, why=f"{machine.shell.word} doesn't know [[")
            state.status = 127  # dash: "[[: not found", which counts as false
            return settle([state], context)
        return ask(
            machine,
            node,
            state,
            context,
            lambda way: (double_bracket(machine, node, way, context), double_words(machine, node, way, context)),
        )
    return arithmetic_command(machine, node, state, context)


def arithmetic_command(machine: Machine, node: Node, state: State, context: Context) -> list[State]:
    """`((…))`"""
    if machine.lacks_arrays:
        span = context.frame.node_span(node)
        return machine.finish(state, "undecided", span=span, why=f"{machine.shell.word} doesn't know ((")

    def value(way: State) -> tuple[Verdict, list[str]]:
        number = evaluate(machine, node, way, context)
        return Verdict(None if number is None else number != 0, False), []

    return ask(machine, node, state, context, value)


def ask(machine: Machine, node: Node, state: State, context: Context, question: Question) -> list[State]:
    """Answer a question on this way; what a plain run leaves unset parts from what could be set."""
    machine.outside.clear()
    machine.missing.clear()
    verdict, words = question(state)
    return _answered(machine, node, state, context, question, verdict, words)


def _answered(
    machine: Machine,
    node: Node,
    state: State,
    context: Context,
    question: Question,
    verdict: Verdict,
    words: list[str],
) -> list[State]:
    """The ways behind a question, by what it came to on this way."""
    names = set(machine.outside)
    missing = frozenset(machine.missing)
    if machine.fatal is not None:
        return fatal(machine, state, lambda other: ask(machine, node, other, context, question))
    broken = verdict.broken
    if broken:
        verdict = Verdict(False, False)
    condition = words_of(node)
    ways = [state]
    if names:
        ways.extend(_set_outside(machine, state, condition, verdict, names, question))
    elif missing and state.likely and _would_change(machine, state, verdict, missing, question):
        machine.wanted, machine.guessed_last = missing, False
    if verdict.value is None:
        if state.likely:
            verdict = Verdict(None, machine.guess(condition, verdict.lean))
        other = machine.fork(state, condition, lean=verdict.lean, hard=True)
        learn(other, words, names, not verdict.lean)
        learn(state, words, names, verdict.lean)
        other.status = int(verdict.lean)
        state.status = int(not verdict.lean)
        ways.append(other)
    else:
        # A test of words that make no sense (`[ "" -lt 3 ]`) fails with 2.
        state.status = 2 if broken else int(not verdict.value)
    return settle(ways, context)


def _would_change(machine: Machine, state: State, verdict: Verdict, names: frozenset[str], question: Question) -> bool:
    """Whether the answer is another one where these variables have a value."""
    before = state.variables
    state.variables = {**before, **{name: Text(f"${name}", never=NOT_EMPTY) for name in names}}
    changed, _ = question(state)
    state.variables = before
    machine.fatal = None
    return not changed.broken and changed.value is not (verdict.lean if verdict.value is None else verdict.value)


def _set_outside(
    machine: Machine, state: State, condition: str, verdict: Verdict, names: set[str], question: Question
) -> list[State]:
    """The way on which somebody set the variables that nothing sets."""
    answer = verdict.lean if verdict.value is None else verdict.value
    before = state.variables
    state.variables = before.copy()
    for name in names:
        state.variables[name] = Text(f"${name}", never=NOT_EMPTY)
    changed, words = question(state)
    state.variables = before
    machine.fatal = None
    if changed.broken or changed.value is answer:
        return []
    if state.likely:
        machine.wanted, machine.guessed_last = frozenset(names), False
    other = machine.fork(state, condition, lean=answer, hard=not machine.complete)
    for name in names:
        other.assume(name, Text(f"${name}", never=NOT_EMPTY))
        state.assume(name, None)
    learn(other, words, names, not answer)
    other.status = int(answer)
    return [other]
