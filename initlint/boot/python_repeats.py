"""Whether a place in a Python program is come by again and again, as far as its calls tell."""

from __future__ import annotations

import ast

from initlint.boot.python_module import Function, Module
from initlint.boot.python_tree import children

MAX_DEPTH = 6
_LOOPS = (ast.While, ast.For, ast.AsyncFor, ast.ListComp, ast.SetComp, ast.GeneratorExp, ast.DictComp)
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


class Repeats:
    """The trees of a program's modules with their parents, built for those that are asked about."""

    def __init__(self, modules: list[Module]) -> None:
        self.modules = modules
        self._parents: dict[int, dict[int, ast.AST]] = {}

    def parent(self, module: Module, node: ast.AST) -> ast.AST | None:
        parents = self._parents.get(id(module))
        if parents is None:
            parents = self._parents[id(module)] = {
                id(child): above for above in module.nodes for child in children(above)
            }
        return parents.get(id(node))

    def is_below(self, module: Module, node: ast.AST, ancestor: ast.AST) -> bool:
        at: ast.AST | None = node
        while at is not None and at is not ancestor:
            at = self.parent(module, at)
        return at is ancestor

    def loop_around(self, module: Module, node: ast.AST) -> ast.AST | None:
        """The outermost `while` around a node in its own function, else the outermost other loop."""
        found: ast.AST | None = None
        at = self.parent(module, node)
        while at is not None and not isinstance(at, _FUNCTIONS):
            if isinstance(at, _LOOPS) and (isinstance(at, ast.While) or not isinstance(found, ast.While)):
                found = at
            at = self.parent(module, at)
        return found

    def function_around(self, module: Module, node: ast.AST) -> Function | ast.Lambda | None:
        at = self.parent(module, node)
        while at is not None and not isinstance(at, _FUNCTIONS):
            at = self.parent(module, at)
        return at

    def rest_after(self, module: Module, node: ast.stmt) -> list[ast.stmt]:
        """The statements that follow one in its block."""
        above = self.parent(module, node)
        for field in ("body", "orelse", "finalbody"):
            block = getattr(above, field, None)
            if isinstance(block, list) and node in block:
                return block[block.index(node) + 1 :]
        return []

    def repeated(self, module: Module, node: ast.AST, depth: int = MAX_DEPTH) -> bool:
        """Whether a node is seen to run any number of times: in a `while`, or in a function that is
        called from one, or that something else than the program's own start calls."""
        if isinstance(self.loop_around(module, node), ast.While):
            return True
        function = self.function_around(module, node)
        if function is None or depth <= 0:
            return False
        if isinstance(function, ast.Lambda):
            return False
        name = function.name
        if name == "__init__":
            above = self.parent(module, function)
            name = above.name if isinstance(above, ast.ClassDef) else name
        elif isinstance(self.parent(module, function), ast.ClassDef) and name.startswith(("do_", "on_")):
            return True  # a server calls it for every request
        elif function.decorator_list:
            return not all(_is_plain(item) for item in function.decorator_list)
        for other in self.modules:
            if name not in other.mentioned and name not in other.attributes:
                continue
            for sub in other.nodes:
                used = sub.id if isinstance(sub, ast.Name) else sub.attr if isinstance(sub, ast.Attribute) else None
                if used != name or not isinstance(getattr(sub, "ctx", None), ast.Load):
                    continue
                above = self.parent(other, sub)
                called = isinstance(above, ast.Call) and above.func is sub
                outside = called and self.function_around(other, sub) is not function
                if outside and self.repeated(other, sub, depth - 1):
                    return True
        return False


def _is_plain(decorator: ast.expr) -> bool:
    """Decorators that don't hand a function to anyone who calls it again."""
    text = ast.unparse(decorator)
    return text.split("(")[0].rpartition(".")[2] in (
        "staticmethod", "classmethod", "property", "command", "main", "wraps", "contextmanager", "lru_cache", "cache",
        "group", "option", "argument", "retry",
    )  # fmt: skip
