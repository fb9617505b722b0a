"""Loops that nothing leaves: whatever a trap does that doesn't end the shell, they go on."""

from __future__ import annotations

from initlint.boot.shell.syntax import descend, items
from initlint.boot.shell.tree import Node
from initlint.boot.shell.values import State

_TRUE = frozenset({"true", ":", "/bin/true", "/usr/bin/true", "[ 1 ]", "[[ 1 ]]", "((1))", "(( 1 ))", "[ true ]"})
_FALSE = frozenset({"false", "/bin/false", "/usr/bin/false"})
_LEAVING = frozenset({"break", "exit", "return", "exec", "source", ".", "eval"})
_MAX_NODES = 2_000
_MAX_DEPTH = 3


def is_endless(node: Node, state: State) -> bool:
    """Whether the loop `node` goes round for ever, by its condition and by all commands in it."""
    if node.type == "while_statement":
        until = node.children[0].type == "until"
        condition = [child for child in node.children[1:] if child.type != "do_group"]
        asked = items(condition)
        if len(asked) != 1 or " ".join(asked[0].node.text.split()) not in (_FALSE if until else _TRUE):
            return False
    elif node.type != "c_style_for_statement" or node.children_by_field_name("condition"):
        return False
    return not _leaves(node, state, 0)


def in_endless_loop(node: Node, state: State) -> bool:
    """Whether a command stands in a loop that goes round for ever."""
    above: Node | None = node.parent
    while above is not None and above.type not in ("function_definition", "subshell"):
        if above.type in ("while_statement", "c_style_for_statement"):
            return is_endless(above, state)
        above = above.parent
    return False


def _leaves(node: Node, state: State, depth: int) -> bool:
    found = descend(node)
    if len(found) > _MAX_NODES or depth > _MAX_DEPTH:
        return True
    for each in found:
        if each.type == "ERROR":
            return True
        if each.type == "command_name":
            if each.text in _LEAVING:
                return True
            function = state.functions.get(each.text)
            if function is not None and _leaves(function.body, state, depth + 1):
                return True
    return False
