"""Python programs that say something and end: nothing of them is left to be PID 1."""

from __future__ import annotations

import ast

from initlint.text import Source

_MAX_BYTES = 4096
_ENDING = frozenset({"print", "exit", "quit", "sys.exit", "sys.stdout.write", "sys.stderr.write"})
# Importing them does nothing else.
_PLAIN = frozenset({"sys", "os", "platform", "json", "datetime", "__future__"})


def ends_at_once(source: Source) -> bool:
    """Whether a program does nothing but print: only where each of its statements is certain."""
    if len(source.data) > _MAX_BYTES:
        return False
    try:
        body = ast.parse(source.data).body
    except (SyntaxError, ValueError, RecursionError):
        return False
    return bool(body) and all(_is_brief(statement) for statement in body)


def _is_brief(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.Import):
        return all(alias.name in _PLAIN for alias in statement.names)
    if isinstance(statement, ast.ImportFrom):
        return statement.level == 0 and statement.module in _PLAIN
    if not isinstance(statement, ast.Expr):
        return False
    value = statement.value
    if isinstance(value, ast.Constant):
        return True
    if not isinstance(value, ast.Call) or ast.unparse(value.func) not in _ENDING:
        return False
    inside = [*value.args, *(keyword.value for keyword in value.keywords)]
    return not any(isinstance(node, (ast.Call, ast.Await)) for part in inside for node in ast.walk(part))
