"""Python programs that are seen to keep running: a server, or a loop without an end, that they certainly come to.

The other half of `python_ends`. A main module is walked as it runs: a loop that something leaves, an exit that a
question decides, a call that may end the program, and the answer is that nothing is known.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from functools import lru_cache

from initlint.boot.python_module import Function, read_module
from initlint.boot.python_tree import children, walk
from initlint.text import Source

_MAX_CALLS = 6  # of functions in functions
_LONG = 600  # seconds from which on a wait counts as running
_EXITS = frozenset("exit quit sys.exit os._exit os.abort os.execv os.execve os.execvp os.execvpe os.execl".split())
# Calls that return when the program is over, by their whole names and by those of methods.
_SERVERS = frozenset(
    "http.server.test uvicorn.run waitress.serve hypercorn.run aiohttp.web.run_app bottle.run cherrypy.quickstart "
    "signal.pause eventlet.wsgi.server werkzeug.serving.run_simple".split()
)
_SERVING = frozenset("serve_forever run_forever loop_forever start_consuming infinity_polling".split())
_APPLICATIONS = frozenset("flask.Flask quart.Quart sanic.Sanic bottle.Bottle".split())
# What a loop waits in. One that does nothing of it may come to its end by an error at any time.
_WAITING = frozenset("sleep accept recv recvfrom poll select pause wait handle_request run_pending blpop".split())
_READING = frozenset("input next readline".split())
_RUNNERS = frozenset("asyncio.run anyio.run trio.run".split())
# Libraries by which a program goes to the background.
_DETACHING = frozenset("daemon daemon.DaemonContext daemonize daemonize.Daemonize daemoniker os.fork".split())
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
_INTERRUPTS = frozenset({"KeyboardInterrupt", "SystemExit"})


@lru_cache(maxsize=64)
def tree_of(data: bytes) -> ast.Module | None:
    module = read_module(Source("", data), "", is_main=True)
    return None if module is None else module.tree


def lasts(data: bytes) -> bool:
    """Whether a program is seen to keep running until it is stopped."""
    try:
        tree = tree_of(data)
        if tree is None:
            return False
        walk = _Walk(tree)
        return not _DETACHING & set(walk.names.values()) and walk.block(tree.body, 0) is True
    except RecursionError:
        return False


class _Walk:
    """True: it keeps running there; False: it goes on; None: it can't be told."""

    def __init__(self, tree: ast.Module) -> None:
        self.names: dict[str, str] = {}
        self.functions: dict[str, Function] = {}
        self.applications: set[str] = set()
        self.exiting: set[str] = set()
        defined: list[Function] = []
        for node in walk(tree):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    self.names[alias.asname or alias.name.split(".")[0]] = (
                        alias.name if alias.asname else alias.name.split(".")[0]
                    )
            elif isinstance(node, ast.ImportFrom) and node.module is not None:
                for alias in node.names:
                    self.names[alias.asname or alias.name] = f"{node.module}.{alias.name}"
            elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                defined.append(node)
        for statement in tree.body:
            if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef)) and not statement.decorator_list:
                self.functions[statement.name] = statement
        while True:
            before = len(self.exiting)
            self.exiting |= {each.name for each in defined if any(self._exits(part) for part in walk(each))}
            if len(self.exiting) == before:
                break

    def block(self, body: Sequence[ast.stmt], depth: int) -> bool | None:
        for statement in body:
            found = self._statement(statement, depth)
            if found is not False:
                return found
            if isinstance(statement, ast.Return):
                return False
        return False

    def _statement(self, node: ast.stmt, depth: int) -> bool | None:
        if isinstance(node, (*_DEFINITIONS, ast.Import, ast.ImportFrom)):
            return False
        if isinstance(node, ast.While) and _is_true(node.test):
            return True if not self._is_left(node) and self._waits(node.body, 0) else None
        if isinstance(node, ast.If) and _asks_for_main(node.test):
            return self.block(node.body, depth)
        if isinstance(node, (ast.With, ast.AsyncWith)):
            return self.block(node.body, depth)
        if isinstance(node, ast.Try):
            found = self.block(node.body, depth)
            rest = [part for handler in node.handlers for part in handler.body]
            return found if found is not False or not self._leaves([*rest, *node.orelse, *node.finalbody]) else None
        if isinstance(node, (ast.Expr, ast.Assign, ast.AnnAssign, ast.Return)):
            return self._value(node, depth)
        return None if self._leaves([node]) else False

    def _value(self, node: ast.Expr | ast.Assign | ast.AnnAssign | ast.Return, depth: int) -> bool | None:
        value = node.value.value if isinstance(node.value, ast.Await) else node.value
        if isinstance(node, ast.Assign) and isinstance(value, ast.Call) and self._dotted(value.func) in _APPLICATIONS:
            self.applications |= {target.id for target in node.targets if isinstance(target, ast.Name)}
        if isinstance(value, ast.Call):
            found = self._call(value, depth)
            if found is not False:
                return found
        return None if value is not None and any(self._exits(part) for part in walk(value)) else False

    def _call(self, node: ast.Call, depth: int) -> bool | None:
        name = self._dotted(node.func) or ""
        last = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        if name in _EXITS:  # `sys.exit(main())`
            found = [self._call(each, depth) for each in node.args if isinstance(each, ast.Call)]
            return True if True in found else None
        if name in self.functions:
            return self.block(self.functions[name].body, depth + 1) if depth < _MAX_CALLS else None
        if (name in _RUNNERS or last == "run_until_complete") and node.args and isinstance(node.args[0], ast.Call):
            return self._call(node.args[0], depth)
        if name in _SERVERS or last in _SERVING:
            return True
        if last == "run" and isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name):
            return node.func.value.id in self.applications
        if name == "time.sleep" and node.args and isinstance(node.args[0], ast.Constant):
            seconds = node.args[0].value
            return isinstance(seconds, (int, float)) and seconds >= _LONG
        return False

    def _dotted(self, node: ast.expr) -> str | None:
        parts: list[str] = []
        while isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        if not isinstance(node, ast.Name):
            return None
        return ".".join([self.names.get(node.id, node.id), *reversed(parts)])

    def _exits(self, node: ast.AST) -> bool:
        if isinstance(node, ast.Raise) and node.exc is not None:
            raised = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
            return isinstance(raised, ast.Name) and raised.id == "SystemExit"
        if not isinstance(node, ast.Call):
            return False
        last = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        return last in self.exiting or self._dotted(node.func) in _EXITS

    def _leaves(self, body: Sequence[ast.stmt]) -> bool:
        """Whether the program, or the function that it is in, may end in one of these statements, or stay in them."""
        for part in _inside(body):
            if isinstance(part, (ast.Return, ast.Raise)) or self._exits(part):
                return True
            if isinstance(part, ast.While) and _is_true(part.test):
                return True
            if isinstance(part, ast.Call) and (self._dotted(part.func) in self.functions or self._call(part, 0)):
                return True
        return False

    def _is_left(self, loop: ast.While) -> bool:
        return any(
            isinstance(part, (ast.Return, ast.Raise, ast.Yield, ast.YieldFrom))
            or (isinstance(part, ast.Break) and _belongs_to(part, loop))
            or (isinstance(part, ast.Call) and _last_name(part) in _READING)
            or self._exits(part)
            for part in _inside(loop.body)
        )

    def _waits(self, body: Sequence[ast.stmt], depth: int) -> bool:
        for part in _inside(body):
            if isinstance(part, ast.Call):
                last = _last_name(part)
                if last in _WAITING:
                    return True
                function = self.functions.get(last)
                if function is not None and depth < _MAX_CALLS and self._waits(function.body, depth + 1):
                    return True
        return False


def _last_name(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def _inside(body: Sequence[ast.AST]) -> Iterator[ast.AST]:
    """All that runs with some statements: not what they define, nor what somebody's Ctrl-C leads to."""
    todo = list(body)
    while todo:
        node = todo.pop()
        if isinstance(node, _DEFINITIONS):
            continue
        if isinstance(node, ast.ExceptHandler) and isinstance(node.type, ast.Name) and node.type.id in _INTERRUPTS:
            continue
        yield node
        todo.extend(children(node))


def _belongs_to(wanted: ast.Break, loop: ast.While) -> bool:
    """Whether a `break` leaves this loop, and none inside it."""
    todo: list[ast.AST] = list(loop.body)
    while todo:
        node = todo.pop()
        if node is wanted:
            return True
        if isinstance(node, (ast.While, ast.For, ast.AsyncFor)):
            todo.extend(node.orelse)
        elif not isinstance(node, _DEFINITIONS):
            todo.extend(children(node))
    return False


def _is_true(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and bool(node.value)


def _asks_for_main(node: ast.expr) -> bool:
    return (
        isinstance(node, ast.Compare)
        and isinstance(node.left, ast.Name)
        and node.left.id == "__name__"
        and isinstance(node.ops[0], ast.Eq)
        and isinstance(node.comparators[0], ast.Constant)
        and node.comparators[0].value == "__main__"
    )
