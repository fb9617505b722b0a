"""The syntax tree of a Python module: parsing it, and the nodes of a part of it."""

from __future__ import annotations

import ast
import warnings

from initlint.text import Source

# Fields that hold names and operators: no code stands in them.
_BARE = frozenset(
    "ctx op ops id attr arg asname module level kind conversion is_async simple type_comment name rest".split()
)


def _fields() -> dict[type, tuple[str, ...]]:
    kinds = [kind for kind in vars(ast).values() if isinstance(kind, type) and issubclass(kind, ast.AST)]
    fields = {kind: tuple(field for field in kind._fields if field not in _BARE) for kind in kinds}
    fields[ast.Constant] = ()
    return dict(fields)


_FIELDS = _fields()


def parse(source: Source) -> ast.Module | None:
    """The tree of a module; None where this interpreter can't parse it."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(source.data)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def children(node: ast.AST) -> list[ast.AST]:
    """The nodes right below one, as `ast.iter_child_nodes` gives them but without contexts and operators."""
    found: list[ast.AST] = []
    for field in _FIELDS[node.__class__]:
        value = getattr(node, field, None)
        if value.__class__ is list:
            found += [item for item in value if isinstance(item, ast.AST)]
        elif isinstance(value, ast.AST):
            found.append(value)
    return found


def walk(node: ast.AST) -> list[ast.AST]:
    """A node and all below it, in the order of `ast.walk` but without contexts and operators: in half the time."""
    found = [node]
    for each in found:  # grows on the way
        for field in _FIELDS[each.__class__]:
            value = getattr(each, field, None)
            if value.__class__ is list:
                found += [item for item in value if isinstance(item, ast.AST)]
            elif isinstance(value, ast.AST):
                found.append(value)
    return found
