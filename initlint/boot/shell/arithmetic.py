"""`$((…))`, `((…))` and `let`, where everything in them is known."""

from __future__ import annotations

from collections.abc import Callable

from initlint.boot.model import Opaque
from initlint.boot.shell.machine import Machine
from initlint.boot.shell.syntax import parse
from initlint.boot.shell.tree import Node
from initlint.boot.shell.values import Context, State, Text
from initlint.text import encode

_LIMIT = 1 << 63


def _divide(left: int, right: int) -> int | None:
    if right == 0:
        return None
    quotient = abs(left) // abs(right)
    return quotient if (left < 0) == (right < 0) else -quotient


def _remainder(left: int, right: int) -> int | None:
    quotient = _divide(left, right)
    return None if quotient is None else left - quotient * right


_OPERATORS: dict[str, Callable[[int, int], int | None]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": _divide,
    "%": _remainder,
    "<": lambda a, b: int(a < b),
    ">": lambda a, b: int(a > b),
    "<=": lambda a, b: int(a <= b),
    ">=": lambda a, b: int(a >= b),
    "==": lambda a, b: int(a == b),
    "!=": lambda a, b: int(a != b),
    "&&": lambda a, b: int(bool(a and b)),
    "||": lambda a, b: int(bool(a or b)),
    "&": lambda a, b: a & b,
    "|": lambda a, b: a | b,
    "^": lambda a, b: a ^ b,
    "<<": lambda a, b: a << b if 0 <= b < 63 else None,
    ">>": lambda a, b: a >> b if 0 <= b < 63 else None,
    "**": lambda a, b: a**b if 0 <= b < 64 and abs(a) < 1 << 16 else None,
}


def number(text: str) -> int | None:
    """A shell's integer constant."""
    text = text.strip()
    sign = -1 if text.startswith("-") else 1
    digits = text.lstrip("+-")
    try:
        if digits.lower().startswith("0x"):
            return sign * int(digits, 16)
        if len(digits) > 1 and digits.startswith("0"):
            return sign * int(digits, 8)
        if not digits.isascii() or not digits.isdigit() or len(digits) > 18:
            return None
        return sign * int(digits)
    except ValueError:
        return None


def evaluate(machine: Machine, node: Node, state: State, context: Context) -> int | None:
    """The value of an arithmetic node; assignments in it take effect. None where unknown."""
    machine.step()
    machine.enter()
    try:
        value = _evaluate(machine, node, state, context)
    finally:
        machine.leave()
    return None if value is None or not -_LIMIT <= value < _LIMIT else value


def evaluate_text(machine: Machine, text: str, state: State, context: Context) -> int | None:
    """The value of an expression that stands in a text of its own, as `let` and an array's index have it."""
    root = parse(encode(f"(({text}))"))
    if root.has_error or len(root.children) != 1 or root.children[0].type != "compound_statement":
        return None
    return evaluate(machine, root.children[0], state, context)


def _evaluate(machine: Machine, node: Node, state: State, context: Context) -> int | None:
    kind = node.type
    if kind == "number":
        return number(node.text)
    if kind in ("word", "variable_name"):
        return _variable(machine, node.text, state)
    if kind in ("arithmetic_expansion", "parenthesized_expression", "compound_statement"):
        value: int | None = 0
        for child in node.named_children:
            value = evaluate(machine, child, state, context)
        return value
    children = [child for child in node.children if child.type != "comment"]
    if kind == "binary_expression" and len(children) == 3:
        operator = children[1].text
        if operator in ("=", "+=", "-=", "*=", "/=", "%="):
            return _assign(machine, children[0], operator, children[2], state, context)
        left = evaluate(machine, children[0], state, context)
        right = evaluate(machine, children[2], state, context)
        if operator == "&&" and (left == 0 or right == 0):
            return 0
        if left is None or right is None:
            return None
        function = _OPERATORS.get(operator)
        return None if function is None else function(left, right)
    if kind == "variable_assignment" and len(children) == 3:
        return _assign(machine, children[0], children[1].text, children[2], state, context)
    if kind == "unary_expression" and len(children) == 2:
        operator = children[0].text
        if operator in ("++", "--"):
            return _step(machine, children[1], operator, state)
        value = evaluate(machine, children[1], state, context)
        if value is None:
            return None
        return {"-": -value, "+": value, "!": int(value == 0), "~": ~value}.get(operator)
    if kind == "postfix_expression" and len(children) == 2:
        after = _step(machine, children[0], children[1].text, state)
        return None if after is None else after + (1 if children[1].text == "--" else -1)
    if kind == "ternary_expression" and len(children) == 5:
        chosen = evaluate(machine, children[0], state, context)
        if chosen is None:
            return None
        return evaluate(machine, children[2] if chosen else children[4], state, context)
    if kind in ("simple_expansion", "expansion", "string", "concatenation", "command_substitution"):
        from initlint.boot.shell.words import single

        text = single(machine, node, state, context)
        if isinstance(text, Opaque):
            return None
        return 0 if not text else number(text)
    return None


def _variable(machine: Machine, name: str, state: State) -> int | None:
    value = state.variables.get(name, "")
    if name not in state.variables:
        machine.outside.add(name)
    if value is None or value == "":
        return 0
    if isinstance(value, Opaque) or not isinstance(value, str):
        return None
    return number(value)


def _store(state: State, name: str, value: int | None) -> None:
    state.assign(name, Text(f"${name}", never=frozenset({""})) if value is None else str(value))


def _assign(machine: Machine, target: Node, operator: str, source: Node, state: State, context: Context) -> int | None:
    name = target.text
    value = evaluate(machine, source, state, context)
    if operator != "=" and value is not None:
        before = _variable(machine, name, state)
        value = None if before is None else _OPERATORS[operator[0]](before, value)
    _store(state, name, value)
    return value


def _step(machine: Machine, target: Node, operator: str, state: State) -> int | None:
    name = target.text
    value = _variable(machine, name, state)
    if value is not None:
        value += 1 if operator == "++" else -1
    _store(state, name, value)
    return value
