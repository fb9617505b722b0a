"""Loops: followed round by round while they can be decided, else once, and their variables forgotten."""

from __future__ import annotations

from initlint.boot.model import Argv, Opaque, ShellStays
from initlint.boot.shell.arithmetic import evaluate
from initlint.boot.shell.commands import fatal
from initlint.boot.shell.endless import is_endless
from initlint.boot.shell.files import globbed
from initlint.boot.shell.machine import MAX_ROUNDS, Machine
from initlint.boot.shell.reading import STDIN
from initlint.boot.shell.syntax import Item, descend, items, words_of
from initlint.boot.shell.tree import Node
from initlint.boot.shell.values import NOT_EMPTY, Context, State, Text
from initlint.boot.shell.words import fields
from initlint.text import Span

# What one loop may cost; then it counts as endless.
_MAX_STEPS = 2_500
_MAX_WORDS = 65
_LEAVING = frozenset({"exec", "exit", "return"})
_SLEEPING = frozenset({"sleep", "wait", "true", ":", "date", "echo", "[", "test", "kill", "read"})


def _body(machine: Machine, node: Node) -> list[Item]:
    return node.remember(_find_body)


def _find_body(node: Node) -> list[Item]:
    group = node.child_by_field_name("body")
    return [] if group is None else items(group.children)


def _run(machine: Machine, body: list[Item], state: State, context: Context) -> list[State]:
    from initlint.boot.shell.statements import run_list

    return run_list(machine, body, state, context)


def _land(way: State) -> tuple[str, State]:
    """What `break` and `continue` mean to this loop: "leave", "again" or "out"."""
    if way.flow in ("break", "continue"):
        if way.flow_count > 1:
            way.flow_count -= 1
            return "out", way
        kind = "leave" if way.flow == "break" else "again"
        way.flow, way.flow_count = "", 0
        return kind, way
    return ("out" if way.flow else "again"), way


def _forget(state: State, before: State) -> None:
    """Variables that a loop of unknown length changes aren't known behind it."""
    for name, value in list(state.variables.items()):
        old = before.variables.get(name)
        if value != old and value is not None:
            if isinstance(value, tuple):
                state.variables[name] = (Text(f"${{{name}[@]}}", many=True),)
            else:
                state.variables[name] = Text(f"${name}")
    if state.positional != before.positional:
        state.positional = (Opaque('"$@"', many=True),)


def _forget_assigned(node: Node, state: State) -> None:
    """What a loop over unknown lines assigns in any of its branches isn't known behind it."""
    for name in node.remember(_assigned):
        value = state.variables.get(name)
        if value is None or not isinstance(value, Opaque):
            state.variables[name] = Text(f"${name}")


def _assigned(node: Node) -> list[str]:
    found = [each.children[0].text for each in descend(node)[:1_000] if each.type == "variable_assignment"]
    return [name for name in dict.fromkeys(found) if name.isidentifier()]


# -- while and until


def while_statement(
    machine: Machine, node: Node, state: State, context: Context, *, fed: bool = False, text: str | None = None
) -> list[State]:
    """`fed`: it has an input of its own, `text` where that is known."""
    if text is not None and text.count("\n") < MAX_ROUNDS - 2:
        outer = state.variables.get(STDIN)
        state.variables[STDIN] = text
        ways = _rounds(machine, node, _condition(node), state, context)
        for way in ways:
            way.variables[STDIN] = outer
            if outer is None:
                del way.variables[STDIN]
        return ways
    asked = _condition(node)
    if fed or (len(asked) == 1 and _command_word(asked[0].node) == "read" and STDIN not in state.variables):
        return _once(machine, node, asked, state, context)
    return _rounds(machine, node, asked, state, context)


def _condition(node: Node) -> list[Item]:
    condition: list[Node] = []
    for child in node.children[1:]:
        if child.type == "do_group":
            break
        condition.append(child)
    return items(condition)


def _rounds(machine: Machine, node: Node, asked: list[Item], state: State, context: Context) -> list[State]:
    until = node.children[0].type == "until"
    inner = context._replace(loop=True, tail=False)
    guarded = inner._replace(guarded=True)
    left: list[State] = []
    stuck: list[State] = []
    here = [state]
    limit = machine.steps + _MAX_STEPS
    for round_number in range(MAX_ROUNDS):
        if machine.steps > limit:
            break
        if round_number and any(way.likely and not _refuses(way) for way in left):
            # The likely way has left the loop: the others would, too, in a later round.
            here = []
            break
        again: list[State] = []
        for way in here:
            before, arguments = way.variables.copy(), way.positional
            # A loop's status is that of the last command of its last round.
            status = way.status if round_number else 0
            jobs = len(way.jobs)
            for tested in _run(machine, asked, way, guarded):
                if tested.flow:
                    kind, tested = _land(tested)
                    (left if kind != "again" else again).append(tested)
                    continue
                for decided, holds in _holds(machine, tested, asked, until):
                    if not holds:
                        decided.status = status
                        left.append(decided)
                        continue
                    for ran in _run(machine, _body(machine, node), decided, inner):
                        kind, ran = _land(ran)
                        if kind == "again":
                            if ran.variables == before and ran.positional == arguments and len(ran.jobs) == jobs:
                                # Nothing changed in this round: every other one is like it.
                                stuck.append(ran)
                            else:
                                again.append(ran)
                        else:
                            left.append(ran)
        here = machine.join(again, inner, node.start_byte, last=True)
        if not here:
            break
    for way in here:
        way.sure = False
    # Now that all rounds are over, it's known whether another way leaves the loop.
    for way in (*stuck, *here):
        left.extend(_for_ever(machine, node, way, context, left))
    return left


def _command_word(node: Node) -> str:
    if node.type in ("redirected_statement", "negated_command", "list") and node.named_children:
        return _command_word(node.named_children[0])
    if node.type != "command":
        return node.type
    for child in node.children:
        if child.type == "command_name":
            return child.text
    return ""


def _holds(machine: Machine, state: State, asked: list[Item], until: bool) -> list[tuple[State, bool]]:
    """Whether the loop goes round once more. `until ready` and `while ! ready` end some time."""
    if state.status is not None:
        return [(state, (state.status == 0) != until)]
    ends_when_ready = state.lean if until else not state.lean
    if ends_when_ready:
        return [(state, False)]
    word = _command_word(asked[-1].node) if asked else ""
    if word in _SLEEPING or until:
        return [(state, True)]
    written = words_of(asked[-1].node) if asked else "the loop's condition holds"
    other = machine.fork(state, written, lean=True, hard=True, failed=False)
    return [(state, True), (other, False)]


def _refuses(state: State) -> bool:
    """Whether a way leaves the script with an error: the others may go round all the same."""
    return state.flow == "exit" and state.status is not None and state.status != 0


def _for_ever(machine: Machine, node: Node, state: State, context: Context, left: list[State]) -> list[State]:
    """The loop never ends on this way: the shell stays in it."""
    if not state.likely and any(way.likely and not _refuses(way) for way in left):
        # Another round would decide as the likely way did.
        return []
    if not context.tail:
        leaving = next((way for way in left if way.flow in ("", "return") and (way.hard or not state.likely)), None)
        if leaving is not None:
            # A loop in the midst of a script waits for something that comes in the end.
            leaving.likely = leaving.likely or state.likely
            return []
    span = context.frame.node_span(node)
    argv = _main_of(machine, span, state)
    word = machine.shell.word
    why = f"{word} stays in a loop" + (" that starts it again and again" if argv else "")
    stays = ShellStays("loop", span, None, "loop", why, endless=is_endless(node, state))
    return machine.finish(state, "stays", argv=argv, span=span, stays=stays)


def _main_of(machine: Machine, loop: Span | None, state: State) -> Argv:
    """The program that an endless loop is there to run: the last one not known to end soon."""
    from initlint.boot.shell.commands import keeps

    chain = state.ran
    while chain is not None:
        span = chain.span
        inside = span is not None and loop is not None and _lies_in(span, loop)
        if inside and chain.argv[0].rpartition("/")[2] != "sleep" and keeps(machine, chain.argv) is not False:
            return chain.argv
        chain = chain.before
    return ()


def _lies_in(inner: Span, outer: Span) -> bool:
    return inner.source is outer.source and outer.start <= inner.start and inner.end <= outer.end


def _once(machine: Machine, node: Node, asked: list[Item], state: State, context: Context) -> list[State]:
    """A loop over input that isn't known: its body is evaluated once, then it has ended."""
    inner = context._replace(loop=True, tail=False)
    before = state.copy()
    finished: list[State] = []
    if any(child.type == "command_name" and child.text in _LEAVING for child in descend(node)[:400]):
        # It may go round as often as not at all.
        state.sure = False
    for way in _run(machine, asked, state, inner._replace(guarded=True)):
        way.status = 0
        for ran in [way] if way.flow else _run(machine, _body(machine, node), way, inner):
            kind, ran = _land(ran)
            if kind != "out":
                _forget(ran, before)
                _forget_assigned(node, ran)
                ran.status = 0
            finished.append(ran)
    return finished


# -- for


def for_statement(machine: Machine, node: Node, state: State, context: Context) -> list[State]:
    variable = node.child_by_field_name("variable")
    name = "" if variable is None else variable.text
    values = node.children_by_field_name("value")
    words: list[str] = []
    if any(child.type == "in" for child in node.children):
        for value in values:
            words.extend(fields(machine, value, state, context))
    else:
        words = list(state.positional)
    if machine.fatal is not None:
        return fatal(machine, state, lambda other: for_statement(machine, node, other, context))
    body = _body(machine, node)
    words = _files(machine, node, words, state)
    inner = context._replace(loop=True, tail=False)
    if node.children[0].type == "select":
        return machine.finish(
            state, "undecided", span=context.frame.node_span(node), why="select waits for somebody's choice"
        )
    if any(isinstance(word, Opaque) and word.many for word in words) or len(words) > _MAX_WORDS:
        before = state.copy()
        state.assign(name, Text(f"${name}", never=NOT_EMPTY))
        finished: list[State] = []
        for way in _run(machine, body, state, inner):
            kind, way = _land(way)
            if kind != "out":
                _forget(way, before)
                way.status = 0
            finished.append(way)
        return finished
    if not words:
        state.status = 0
    here = [state]
    left: list[State] = []
    limit = machine.steps + _MAX_STEPS
    for word in words:
        if machine.steps > limit:
            for way in here:
                _forget(way, state)
            break
        again: list[State] = []
        for way in here:
            way.assign(name, word)
            for ran in _run(machine, body, way, inner):
                kind, ran = _land(ran)
                (again if kind == "again" else left).append(ran)
        here = machine.join(again, inner, node.start_byte, last=False)
    return here + left


def _files(machine: Machine, node: Node, words: list[str], state: State) -> list[str]:
    """The words with the one pattern among them, if any, replaced by the files that it names."""
    patterns = [word for word in words if isinstance(word, Opaque)]
    known = globbed(machine, state, patterns[0]) if len(patterns) == 1 and patterns[0].many else None
    if known is None:
        return words
    if not known[1] and any(child.type == "command_name" and child.text in (".", "source") for child in descend(node)):
        # The base image may have more of them.
        state.sure = False
    at = words.index(patterns[0])
    return [*words[:at], *known[0], *words[at + 1 :]]


def c_style_for(machine: Machine, node: Node, state: State, context: Context) -> list[State]:
    """`for ((i = 0; i < n; i++))`"""
    if machine.lacks_arrays:
        why = f"{machine.shell.word} doesn't know `for ((`: a syntax error"
        return machine.finish(state, "fails", span=context.frame.node_span(node), why=why)
    for initializer in node.children_by_field_name("initializer"):
        evaluate(machine, initializer, state, context)
    conditions = [child for child in node.children_by_field_name("condition") if child.is_named]
    updates = [child for child in node.children_by_field_name("update") if child.is_named]
    inner = context._replace(loop=True, tail=False)
    here = [state]
    left: list[State] = []
    before = state.copy()
    for _ in range(MAX_ROUNDS):
        again: list[State] = []
        for way in here:
            holds = evaluate(machine, conditions[0], way, context) if conditions else 1
            if holds == 0:
                way.status = 0
                left.append(way)
                continue
            for ran in _run(machine, _body(machine, node), way, inner):
                kind, ran = _land(ran)
                if kind == "again" and holds is None:
                    _forget(ran, before)
                    left.append(ran)
                elif kind == "again":
                    for update in updates:
                        evaluate(machine, update, ran, context)
                    again.append(ran)
                else:
                    left.append(ran)
        here = machine.join(again, inner, node.start_byte, last=False)
        if not here:
            return left
    for way in here:
        if conditions:
            _forget(way, before)
            way.status = 0
            left.append(way)
        else:
            left.extend(_for_ever(machine, node, way, context, left))
    return left
