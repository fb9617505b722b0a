"""Values that a Python program's own words decide: what it asks of its arguments and of the environment."""

from __future__ import annotations

import ast
from typing import Any

from initlint.boot.model import Argv, Environment, is_known
from initlint.records import NamedTuple


class _Unknown:
    """A value that isn't known; `given`: it is there and not empty."""

    def __init__(self, *, given: bool = False) -> None:
        self.given = given


UNKNOWN = _Unknown()
_GIVEN = _Unknown(given=True)


class Values:
    """What is known of a module's names on one way through it.

    `wanted`: variables that are taken as set. `missing`: those whose lack decided something.
    """

    def __init__(self, arguments: Argv, environment: Environment, wanted: frozenset[str]) -> None:
        known = all(is_known(word) for word in arguments)
        self.arguments: list[str] | None = ["", *(str(word) for word in arguments)] if known else None
        self.environment = environment
        self.wanted = wanted
        self.names: dict[str, str] = {}
        self.values: dict[str, Any] = {}
        self.missing: list[str] = []
        self.open = False  # the program sets variables itself

    def dotted(self, node: ast.expr) -> str | None:
        parts: list[str] = []
        while isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        if not isinstance(node, ast.Name):
            return None
        parts.append(self.names.get(node.id, node.id))
        return ".".join(reversed(parts))

    def variable(self, name: str) -> Any:
        """The value of an environment variable: None where it isn't set."""
        if name in self.wanted:
            return _GIVEN
        if name in self.environment.variables:
            value = self.environment.variables[name]
            return value if value is not None and is_known(value) else UNKNOWN
        if name in ("PATH", "HOME", "HOSTNAME"):
            return _GIVEN
        if self.open:
            return UNKNOWN
        self.missing.append(name)
        return None

    def value(self, node: ast.expr) -> Any:
        if isinstance(node, ast.Constant):
            return node.value
        if isinstance(node, ast.Name):
            if node.id == "__name__":
                return "__main__"
            return self.values.get(node.id, UNKNOWN)
        if isinstance(node, ast.Call) and node.args:
            return self._called(node)
        if isinstance(node, ast.Subscript):
            name = self.dotted(node.value)
            if name == "os.environ" and isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, str):
                return self.variable(node.slice.value)
            if name == "sys.argv" and self.arguments is not None and isinstance(node.slice, ast.Slice):
                lower = node.slice.lower.value if isinstance(node.slice.lower, ast.Constant) else None
                return self.arguments[lower:] if isinstance(lower, int) and node.slice.upper is None else UNKNOWN
        if self.dotted(node) == "sys.argv" and self.arguments is not None:
            return self.arguments
        return UNKNOWN

    def _called(self, node: ast.Call) -> Any:
        name = self.dotted(node.func)
        first = node.args[0]
        if name in ("os.getenv", "os.environ.get") and isinstance(first, ast.Constant) and isinstance(first.value, str):
            default = self.value(node.args[1]) if len(node.args) > 1 else None
            missing = len(self.missing)
            value = self.variable(first.value)
            del self.missing[missing:]
            if value is not None:
                return value
            return _Missing(first.value, default) if default in (None, "") and not node.keywords else default
        if name == "len":
            value = self.value(first)
            return len(value) if isinstance(value, list) else UNKNOWN
        return UNKNOWN

    def truth(self, node: ast.expr) -> bool | None:
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            inner = self.truth(node.operand)
            return None if inner is None else not inner
        if isinstance(node, ast.BoolOp):
            found = []
            for value in node.values:
                truth = self.truth(value)
                found.append(truth)
                if truth is (isinstance(node.op, ast.Or)) and None not in found:
                    break
            if isinstance(node.op, ast.And):
                return False if False in found else None if None in found else True
            return True if True in found else None if None in found else False
        if isinstance(node, ast.Compare) and len(node.ops) == 1:
            return self._compare(node.left, node.ops[0], node.comparators[0])
        value = self._plain_value(node)
        if isinstance(value, _Unknown):
            return True if value.given else None
        return bool(value)

    def _plain_value(self, node: ast.expr) -> Any:
        value = self.value(node)
        if isinstance(value, _Missing):
            self.variable(value.name)
            return value.default
        return value

    def _compare(self, left: ast.expr, operator: ast.cmpop, right: ast.expr) -> bool | None:
        if isinstance(operator, (ast.In, ast.NotIn)):
            if self.dotted(right) != "os.environ" or not isinstance(left, ast.Constant):
                return None
            value = self.variable(str(left.value))
            if isinstance(value, _Unknown) and not value.given:
                value = ""  # it is set
            return (value is not None) is isinstance(operator, ast.In)
        one, two = self._plain_value(left), self._plain_value(right)
        if isinstance(one, _Unknown) or isinstance(two, _Unknown):
            return _compare_given(one, operator, two)
        if isinstance(operator, (ast.Eq, ast.Is)):
            return bool(one == two)
        if isinstance(operator, (ast.NotEq, ast.IsNot)):
            return bool(one != two)
        if not isinstance(one, int) or not isinstance(two, int):
            return None
        answers = {ast.Lt: one < two, ast.LtE: one <= two, ast.Gt: one > two, ast.GtE: one >= two}
        return answers.get(type(operator))


class _Missing(NamedTuple):
    """The value of a variable that isn't set."""

    name: str
    default: str | None


def _compare_given(one: Any, operator: ast.cmpop, two: Any) -> bool | None:
    """A variable that is set to something, against None or nothing."""
    other = two if isinstance(one, _Unknown) else one
    unknown = one if isinstance(one, _Unknown) else two
    if not unknown.given or isinstance(other, _Unknown) or other not in (None, ""):
        return None
    if isinstance(operator, (ast.Eq, ast.Is)):
        return False
    return True if isinstance(operator, (ast.NotEq, ast.IsNot)) else None
