"""Python programs that come to their end at once: nothing of them is left to be PID 1.

A main module is walked statement by statement, as far as each of them is certain: what it imports, defines
and prints, what it asks of its arguments and of the environment. The first statement that may take its time
(a call of something that isn't known, a loop) ends the walk without an answer.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from enum import Enum

from initlint.boot.model import Argv, Environment
from initlint.boot.python_calls import is_brief
from initlint.boot.python_module import Function
from initlint.boot.python_tree import children, walk
from initlint.boot.python_values import UNKNOWN, Values
from initlint.facts.python_libraries import (
    CHILD_MAKERS,
    HARMLESS,
    ORPHAN_MAKERS,
    SIGNAL_HANDLERS,
    STANDARD_LIBRARY,
    UNSURE_HANDLERS,
)
from initlint.records import NamedTuple

_MAX_STATEMENTS = 2000
_MAX_CALLS = 8  # of functions in functions
_MAX_WANTED = 8  # variables that a program may miss one after the other
_EXITS = frozenset({"exit", "quit", "sys.exit", "os._exit"})
_KNOWN = (HARMLESS, SIGNAL_HANDLERS, UNSURE_HANDLERS, CHILD_MAKERS, ORPHAN_MAKERS)


class Ending(NamedTuple):
    """`wanted`: variables without which it ends at once, and with which it may run."""

    why: str
    wanted: tuple[str, ...] = ()


class _End(Enum):
    """Where a statement leaves the program; UNKNOWN where it may take its time."""

    ON = "goes on"
    RETURNS = "leaves its function"
    EXITS = "exits"
    RAISES = "raises"
    UNKNOWN = "unknown"


_OVER = (_End.EXITS, _End.RAISES)


def ending(tree: ast.Module, arguments: Argv, environment: Environment, is_own: Callable[[str], bool]) -> Ending | None:
    """How a program comes to its end at once; None where it may keep running.

    `is_own`: whether a name that is imported is a module of the program's own.
    """
    wanted: list[str] = []
    while len(wanted) <= _MAX_WANTED:
        walk = _Walk(arguments, environment, is_own, frozenset(wanted))
        end = walk.block(tree.body)
        falls_off = end is _End.ON and walk.all_known and bool(tree.body)
        if end not in _OVER and not falls_off:
            break
        missing = [name for name in walk.missing if name not in wanted]
        if not missing:
            return Ending(_plain(walk) if falls_off else walk.reason)
        wanted.extend(dict.fromkeys(missing))
    return Ending(f"ends at once without ${', $'.join(wanted)}", tuple(wanted)) if wanted else None


def _plain(walk: _Walk) -> str:
    if walk.defines and not walk.says:
        return "defines functions and runs none of them"
    return "only prints something" if walk.says else "does nothing that lasts"


class _Walk(Values):
    """One way through a module."""

    def __init__(
        self, arguments: Argv, environment: Environment, is_own: Callable[[str], bool], wanted: frozenset[str]
    ) -> None:
        super().__init__(arguments, environment, wanted)
        self.is_own = is_own
        self.functions: dict[str, Function] = {}
        self.reason = "exits at once"
        self.all_known = True  # every library that it imports is one that was read
        self.defines = self.says = False
        self.depth = 0
        self.steps = 0

    # Statements.

    def block(self, body: Sequence[ast.stmt]) -> _End:
        may_return = False
        for statement in body:
            self.steps += 1
            end = self._statement(statement) if self.steps <= _MAX_STATEMENTS else _End.UNKNOWN
            if end is _End.RETURNS and not isinstance(statement, ast.Return):
                may_return = True  # on one of two ways
            elif end is not _End.ON:
                return _End.ON if may_return and end in _OVER else end
        return _End.ON

    def _statement(self, node: ast.stmt) -> _End:
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            return self._import(node)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            return self._define(node)
        if isinstance(node, ast.If):
            return self._if(node)
        if isinstance(node, ast.Try):
            return self._try(node)
        if isinstance(node, ast.For):
            return self._for(node)
        if isinstance(node, ast.Return):
            end = self._expression(node.value) if node.value is not None else _End.ON
            return _End.RETURNS if end is _End.ON else end
        if isinstance(node, ast.Raise):
            end = self._expression(node.exc) if node.exc is not None else _End.ON
            self.reason = "ends with an exception"
            return _End.RAISES if end is _End.ON or end is _End.UNKNOWN else end
        if isinstance(node, (ast.Assign, ast.AnnAssign, ast.AugAssign)):
            return self._assign(node)
        if isinstance(node, ast.Expr):
            return self._expression(node.value)
        if isinstance(node, (ast.Pass, ast.Global, ast.Nonlocal, ast.Break, ast.Continue)):
            return _End.ON
        return _End.UNKNOWN

    def _import(self, node: ast.Import | ast.ImportFrom) -> _End:
        if isinstance(node, ast.ImportFrom):
            if node.level or node.module is None:
                return _End.UNKNOWN
            modules = [node.module]
            for alias in node.names:
                self.names[alias.asname or alias.name] = f"{node.module}.{alias.name}"
        else:
            modules = [alias.name for alias in node.names]
            for alias in node.names:
                self.names[alias.asname or alias.name.split(".")[0]] = (
                    alias.name if alias.asname else alias.name.split(".")[0]
                )
        for module in modules:
            root = module.split(".")[0]
            if root in STANDARD_LIBRARY:
                continue
            if self.is_own(root):
                return _End.UNKNOWN
            self.all_known = self.all_known and any(root.lower() in table for table in _KNOWN)
        return _End.ON

    def _define(self, node: Function | ast.ClassDef) -> _End:
        for decorator in node.decorator_list:
            called = decorator.func if isinstance(decorator, ast.Call) else decorator
            name = self.dotted(called)
            if name is None or name.split(".")[0] in self.functions or name.startswith("atexit"):
                return _End.UNKNOWN
        self.values.pop(node.name, None)
        if isinstance(node, ast.ClassDef):
            before = dict(self.values), dict(self.names), dict(self.functions)
            end = self.block(node.body)
            self.values, self.names, self.functions = before
            return end
        self.defines = True
        self.functions[node.name] = node
        return _End.ON

    def _if(self, node: ast.If) -> _End:
        end = self._expression(node.test)
        if end is not _End.ON:
            return end
        missing = len(self.missing)
        truth = self.truth(node.test)
        if truth is None:
            del self.missing[missing:]
            return self._either(node.body, node.orelse)
        chosen = node.body if truth else node.orelse
        end = self.block(chosen)
        if end not in _OVER and not (end is _End.RETURNS and self.depth):
            del self.missing[missing:]  # its lack led to nothing
        return end

    def _either(self, *branches: Sequence[ast.stmt]) -> _End:
        ends = []
        for body in branches:
            before = dict(self.values)
            missing = len(self.missing)
            ends.append(self.block(body))
            del self.missing[missing:]
            changed = {name for name in {*before, *self.values} if before.get(name) is not self.values.get(name)}
            self.values = {**before, **dict.fromkeys(changed, UNKNOWN)}
        if _End.UNKNOWN in ends:
            return _End.UNKNOWN
        if all(end in _OVER for end in ends):
            return ends[0]
        return _End.RETURNS if _End.RETURNS in ends else _End.ON

    def _try(self, node: ast.Try) -> _End:
        end = self.block(node.body)
        if end is _End.UNKNOWN or (
            end in _OVER and (node.handlers or node.finalbody) and not self._lets_through(node, end)
        ):
            return _End.UNKNOWN
        if end in _OVER:
            return end
        missing = len(self.missing)
        others = [self.block(handler.body) for handler in node.handlers]
        del self.missing[missing:]
        if _End.UNKNOWN in others:
            return _End.UNKNOWN
        for body in (node.orelse, node.finalbody):
            after = self.block(body)
            if after is not _End.ON:
                return after
        return _End.RETURNS if _End.RETURNS in (end, *others) else _End.ON

    def _lets_through(self, node: ast.Try, end: _End) -> bool:
        """Whether no handler catches the SystemExit of sys.exit."""
        if end is not _End.EXITS or node.finalbody:
            return False
        for handler in node.handlers:
            names = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
            for each in names:
                name = self.dotted(each) if each is not None else None
                if name is None or name in ("BaseException", "SystemExit"):
                    return False
        return True

    def _for(self, node: ast.For) -> _End:
        bounded = isinstance(node.iter, (ast.List, ast.Tuple, ast.Set, ast.Dict, ast.Constant))
        if isinstance(node.iter, ast.Call):
            bounded = self.dotted(node.iter.func) in ("range", "os.listdir", "sorted")
        end = self._expression(node.iter)
        if not bounded or end is not _End.ON:
            return end if end in _OVER else _End.UNKNOWN
        self._forget(node.target)
        end = self._either(node.body, ())
        return end if end is not _End.ON else self.block(node.orelse)

    def _assign(self, node: ast.Assign | ast.AnnAssign | ast.AugAssign) -> _End:
        end = self._expression(node.value) if node.value is not None else _End.ON
        if end is not _End.ON:
            return end
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        plain = len(targets) == 1 and isinstance(targets[0], ast.Name) and not self.depth
        for target in targets:
            self._forget(target)
            self.open = self.open or (isinstance(target, ast.Subscript) and self.dotted(target.value) == "os.environ")
        if plain and not isinstance(node, ast.AugAssign) and node.value is not None:
            missing = len(self.missing)
            self.values[targets[0].id] = self.value(node.value)  # type: ignore[attr-defined]
            del self.missing[missing:]
        return _End.ON

    def _forget(self, target: ast.expr) -> None:
        for part in walk(target):
            if isinstance(part, ast.Name):
                self.values[part.id] = UNKNOWN
                self.names.pop(part.id, None)
                self.functions.pop(part.id, None)

    # Expressions.

    def _expression(self, node: ast.expr) -> _End:
        """What becomes of the program while an expression is worked out."""
        whole = node
        todo: list[tuple[ast.AST, bool]] = [(node, True)]
        while todo:
            part, certain = todo.pop()
            if isinstance(part, (ast.Await, ast.Yield, ast.YieldFrom)):
                return _End.UNKNOWN
            if isinstance(part, ast.Lambda):
                continue
            if isinstance(part, ast.Call):
                end = self._call(part, certain=certain and part is whole)
                if end is not _End.ON:
                    return end
            elif isinstance(part, ast.Subscript) and isinstance(part.ctx, ast.Load) and certain and self._lacks(part):
                return _End.RAISES
            inside = certain and not isinstance(part, (ast.IfExp, ast.BoolOp, ast.ListComp, ast.GeneratorExp))
            todo.extend((child, inside) for child in children(part))
        return _End.ON

    def _call(self, node: ast.Call, *, certain: bool) -> _End:
        name = self.dotted(node.func)
        if name in _EXITS or name in self.functions:
            for argument in (*node.args, *(keyword.value for keyword in node.keywords)):
                end = self._expression(argument)
                if end is not _End.ON:
                    return end
        if name in _EXITS and name not in self.functions:
            self.reason = "exits at once"
            return _End.EXITS if certain else _End.UNKNOWN
        function = self.functions.get(name or "")
        if function is not None:
            changed = isinstance(function, ast.AsyncFunctionDef) or bool(function.decorator_list)
            if changed or self.depth >= _MAX_CALLS or _is_generator(function):
                return _End.UNKNOWN
            return self._run(function, certain=certain)
        if name == "print":
            self.says = True
        self.open = self.open or (name or "").endswith(("load_dotenv", "os.environ.setdefault", "os.environ.update"))
        return _End.ON if is_brief(name, node) else _End.UNKNOWN

    def _run(self, function: Function, *, certain: bool) -> _End:
        arguments = function.args
        names = [each.arg for each in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]
        before, names_before, functions_before = dict(self.values), dict(self.names), dict(self.functions)
        for name in names:
            self.values[name] = UNKNOWN
            self.names.pop(name, None)
        self.depth += 1
        end = self.block(function.body)
        self.depth -= 1
        self.names, self.functions = names_before, functions_before
        self.values = {name: value for name, value in before.items() if self.values.get(name) is value or name in names}
        if end in _OVER and not certain:
            return _End.UNKNOWN
        return _End.ON if end is _End.RETURNS else end

    def _lacks(self, node: ast.Subscript) -> bool:
        """`os.environ["X"]` of a variable that isn't set, `sys.argv[1]` without an argument."""
        name = self.dotted(node.value)
        if not isinstance(node.slice, ast.Constant):
            return False
        key = node.slice.value
        if name == "os.environ" and isinstance(key, str):
            return self.variable(key) is None
        if name == "sys.argv" and isinstance(key, int) and self.arguments is not None:
            self.reason = f"wants {key} argument{'s' * (key > 1)} and ends at once"
            return key >= len(self.arguments)
        return False


def _is_generator(function: Function) -> bool:
    return any(isinstance(node, (ast.Yield, ast.YieldFrom)) for node in walk(function))


def is_python2(data: bytes) -> bool:
    """Whether a text is Python 2 for certain: it has print or exec as a statement, which Python 3 refuses."""
    import warnings

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(data)
    except SyntaxError as problem:
        return str(problem.msg).startswith("Missing parentheses in call to")
    except (ValueError, RecursionError, MemoryError):
        return False
    return False
