"""Lists, branches, groups and functions: what a script's statements do, one after another."""

from __future__ import annotations

from collections.abc import Callable

from initlint.boot.shell.branching import case_statement
from initlint.boot.shell.commands import assignment, command, settle, written
from initlint.boot.shell.jobs import background
from initlint.boot.shell.loops import c_style_for, for_statement, while_statement
from initlint.boot.shell.machine import Machine
from initlint.boot.shell.pipelines import pipeline, subshell
from initlint.boot.shell.reading import redirected_input
from initlint.boot.shell.syntax import Item, is_damaged, is_unreadable, items, items_of, words_of
from initlint.boot.shell.testing import arithmetic_command, bracket
from initlint.boot.shell.tree import Node
from initlint.boot.shell.values import Context, Function, State
from initlint.boot.shell.variables import declaration, unset_command
from initlint.facts.shells import LastCommand

_SIMPLE = frozenset({"command", "variable_assignment", "variable_assignments", "declaration_command", "test_command"})


def execute(machine: Machine, node: Node, state: State, context: Context) -> list[State]:
    """Run one node; the ways that go on behind it."""
    machine.step()
    machine.fatal = machine.blocked = None
    if not state.likely:
        machine.side += 1
    kind = node.type
    if context.frame.broken and (is_unreadable(node) if kind in _SIMPLE else is_damaged(node)):
        span = context.frame.node_span(node)
        return machine.finish(state, "undecided", span=span, why="the shell text can't be parsed here")
    handler = _HANDLERS.get(kind)
    if handler is None:
        span = context.frame.node_span(node)
        return machine.finish(state, "undecided", span=span, why=f"{kind.replace('_', ' ')} isn't evaluated")
    if kind in _SIMPLE:
        return handler(machine, node, state, context)
    machine.enter()
    ways = handler(machine, node, state, context)
    machine.leave()
    return ways


def run_list(machine: Machine, commands: list[Item], state: State, context: Context) -> list[State]:
    """Run commands one after another; where ways part, each goes on by itself until they meet."""
    states = [state]
    count = len(commands)
    if not count:
        return states
    end = middle = context
    if count > 1:
        middle = context.followed
        end = context.within(_separator(commands[-2], commands[-1]))
    machine.following.append((commands, 0))
    for index, (node, backgrounded) in enumerate(commands):
        machine.following[-1] = (commands, index)
        last = index == count - 1
        place = end if last else middle
        after: list[State] = []
        for way in states:
            if way.flow:
                after.append(way)
            elif not way.likely and machine.side > machine.side_limit:
                machine.cut = True
            elif backgrounded:
                after.extend(background(machine, node, way, place))
            else:
                after.extend(machine.execute(machine, node, way, place))
        states = machine.join(after, context, node.end_byte, last=last) if len(after) > 1 else after
        if last:
            break
        for way in states:
            if not way.flow:
                break
        else:
            break  # no way goes on
    machine.following.pop()
    return states


def _separator(before: Item, after: Item) -> LastCommand:
    """How the last command follows the one before it."""
    if b"\n" in before.node.between(after.node):
        return "last-of-lines"
    return "after-background" if before.background else "last-of-sequence"


def run_nodes(machine: Machine, node: Node, state: State, context: Context) -> list[State]:
    return run_list(machine, node.remember(items_of), state, context)


def run_body(machine: Machine, node: Node, state: State, context: Context) -> list[State]:
    """A function's body: a group in most cases."""
    if node.type == "compound_statement":
        return run_nodes(machine, node, state, context)
    return machine.execute(machine, node, state, context)


def _program(machine: Machine, node: Node, state: State, context: Context) -> list[State]:
    return run_nodes(machine, node, state, context)


# -- if


def _if(machine: Machine, node: Node, state: State, context: Context) -> list[State]:
    branches = node.remember(_branches)
    finished: list[State] = []
    pending = [state]
    inside = context.within("in-if-or-case")
    guarded = context.asked
    for condition, body in branches:
        if condition is None:
            for way in pending:
                finished.extend(run_list(machine, body, way, inside))
            return finished
        following: list[State] = []
        for way in pending:
            for asked in run_list(machine, condition, way, guarded):
                if asked.flow:
                    finished.append(asked)
                    continue
                # As it is written it's told only where nothing decides it.
                for decided, holds in machine.decide(asked, "" if asked.status is not None else _written(condition)):
                    if holds:
                        finished.extend(run_list(machine, body, decided, inside))
                    else:
                        following.append(decided)
        pending = following
    for way in pending:
        way.status = 0
    return finished + pending


def _written(condition: list[Item]) -> str:
    return "; ".join(words_of(item.node) for item in condition[-1:])


def _branches(node: Node) -> list[tuple[list[Item] | None, list[Item]]]:
    """Condition and body of every branch; the condition of `else` is None."""
    found: list[tuple[list[Item] | None, list[Item]]] = []
    condition: list[Node] = []
    body: list[Node] = []
    in_body = False
    for child in node.children[1:]:
        kind = child.type
        if kind == "then":
            in_body = True
        elif kind == "elif_clause":
            found.append((items(condition), items(body)))
            condition, body = [], []
            inner_body = False
            for part in child.children[1:]:
                if part.type == "then":
                    inner_body = True
                else:
                    (body if inner_body else condition).append(part)
        elif kind == "else_clause":
            found.append((items(condition), items(body)))
            found.append((None, items(child.children[1:])))
            return found
        elif kind != "fi":
            (body if in_body else condition).append(child)
    found.append((items(condition), items(body)))
    return found


# -- && and ||


def _list(machine: Machine, node: Node, state: State, context: Context) -> list[State]:
    children = [child for child in node.children if child.type != "comment"]
    if len(children) != 3:
        span = context.frame.node_span(node)
        return machine.finish(state, "undecided", span=span, why="the shell text can't be parsed here")
    return and_or(machine, children[0], children[1].type, children[2], state, context)


def and_or(machine: Machine, left: Node, operator: str, right: Node, state: State, context: Context) -> list[State]:
    place = context.asked
    if operator == "||" and not context.or_left:
        place = place._replace(or_left=True)
    if operator == "||" and context.tail and _is_failure_only(right):
        # `app || exit 1`: what follows doesn't matter while the program runs.
        place = place._replace(tail=True)
    ways: list[State] = []
    written = words_of(left)
    inside = context.within("last-of-and-list" if operator == "&&" else "last-of-or-list")
    for way in machine.execute(machine, left, state, place):
        if way.flow:
            ways.append(way)
            continue
        for decided, holds in machine.decide(way, written, silent=True):
            if holds == (operator == "&&"):
                ways.extend(machine.execute(machine, right, decided, inside))
            else:
                ways.append(decided)
    return ways


def _is_failure_only(node: Node) -> bool:
    """Whether the right side of `||` merely deals with a failure."""
    for child in node.named_children if node.type == "compound_statement" else [node]:
        if child.type != "command" or not child.children:
            return False
        if child.children[0].text not in ("exit", "true", ":", "echo", "false", "return", "printf"):
            return False
    return True


def _negated(machine: Machine, node: Node, state: State, context: Context) -> list[State]:
    place = context.within("negated")._replace(guarded=True, negated=True)
    ways = machine.execute(machine, node.children[-1], state, place)
    for way in ways:
        if way.flow:
            continue
        if way.status is None:
            way.lean = not way.lean
        else:
            way.status = int(way.status == 0)
    return ways


# -- groups, functions, redirections


def _group(machine: Machine, node: Node, state: State, context: Context) -> list[State]:
    if node.children and node.children[0].type == "((":
        return arithmetic_command(machine, node, state, context)
    return run_nodes(machine, node, state, context.within("in-group"))


def _function(machine: Machine, node: Node, state: State, context: Context) -> list[State]:
    name = node.child_by_field_name("name")
    body = node.child_by_field_name("body")
    if name is None or body is None:
        return [state]
    if machine.is_plain and node.children[0].type == "function":
        span = context.frame.node_span(node)
        return machine.finish(
            state, "fails", span=span, why=f"{machine.shell.word} doesn't know `function`: a syntax error"
        )
    state.functions[name.text] = Function(name.text, body, context.frame)
    state.status = 0
    return [state]


def _redirected(machine: Machine, node: Node, state: State, context: Context) -> list[State]:
    body = node.child_by_field_name("body")
    redirects = [child for child in node.children if child.type.endswith("_redirect")]
    if machine.lacks_arrays:
        for redirect in redirects:
            foreign = redirect.type == "herestring_redirect" or (
                machine.is_plain and any(child.type == "process_substitution" for child in redirect.children)
            )
            if foreign:
                span = context.frame.node_span(redirect)
                return machine.finish(
                    state, "fails", span=span, why=f"{machine.shell.word} doesn't know this redirection"
                )
    for redirect in redirects:
        # `cat <<EOF | b` and `cat <<EOF && b`: the parser keeps the rest of the line in the redirection.
        right = redirect.child_by_field_name("right")
        operator = redirect.child_by_field_name("operator")
        if right is not None and operator is not None and body is not None and operator.type in ("&&", "||"):
            return and_or(machine, body, operator.type, right, state, context)
        rest = next((child for child in redirect.children if child.type == "pipeline"), None)
        if rest is not None and body is not None:
            return pipeline(machine, node, state, context, [body, *_stages(rest)])
    if body is None:
        state.status = 0
        return [state]
    if body.type == "command":
        return command(machine, body, state, context, redirects)
    if body.type in ("while_statement", "for_statement"):
        fed = any(redirect.text.startswith("<") for redirect in redirects)
        if body.type == "while_statement":
            text = redirected_input(machine, redirects, state, context) if fed else None
            return while_statement(machine, body, state, context, fed=fed, text=text)
    written(machine, redirects, state, context)
    return machine.execute(machine, body, state, context.within("simple-with-redirection"))


def _stages(node: Node) -> list[Node]:
    return [child for child in node.named_children if child.type != "comment"]


def _pipeline(machine: Machine, node: Node, state: State, context: Context) -> list[State]:
    return pipeline(machine, node, state, context, _flat(node))


def _flat(node: Node) -> list[Node]:
    """The commands of a pipeline: `a | b 2>&1 | c` nests the first two in a redirection."""
    found: list[Node] = []
    for child in node.named_children:
        if child.type == "pipeline":
            found.extend(_flat(child))
        elif child.type == "redirected_statement" and child.children[0].type == "pipeline":
            found.extend(_flat(child.children[0]))
        elif child.type != "comment":
            found.append(child)
    return found


def _simple(machine: Machine, node: Node, state: State, context: Context) -> list[State]:
    return command(machine, node, state, context)


def _subshell(machine: Machine, node: Node, state: State, context: Context) -> list[State]:
    return settle(subshell(machine, node.remember(items_of), state, context), context)


_HANDLERS: dict[str, Callable[[Machine, Node, State, Context], list[State]]] = {
    "program": _program,
    "command": _simple,
    "variable_assignment": assignment,
    "variable_assignments": assignment,
    "declaration_command": declaration,
    "unset_command": unset_command,
    "test_command": bracket,
    "list": _list,
    "negated_command": _negated,
    "if_statement": _if,
    "case_statement": case_statement,
    "compound_statement": _group,
    "do_group": _group,
    "function_definition": _function,
    "redirected_statement": _redirected,
    "pipeline": _pipeline,
    "subshell": _subshell,
    "while_statement": while_statement,
    "for_statement": for_statement,
    "c_style_for_statement": c_style_for,
}
