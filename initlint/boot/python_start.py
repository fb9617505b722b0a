"""What a Python program certainly comes to: that it turns itself into a daemon, or that all it
does is to start one child and wait for it."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from initlint.boot.model import Argv, Mistake, Opaque
from initlint.boot.python_children import commands_of
from initlint.boot.python_exec import words_of
from initlint.boot.python_mistakes import fork_branches
from initlint.boot.python_module import Call, Function, Module
from initlint.boot.python_repeats import Repeats
from initlint.boot.python_tree import walk
from initlint.records import NamedTuple

_ENDS = frozenset(["os._exit", "sys.exit", "exit", "quit"])
_WAITING = frozenset(["subprocess.run", "subprocess.call", "subprocess.check_call"])
_SAYS = frozenset("print info debug warning warn error exception critical log write flush".split())
MAX_DEPTH = 8


class Wrapped(NamedTuple):
    """The one child that a program waits for to its end; its own arguments stand in `argv` as they're written."""

    argv: Argv
    mistake: Mistake


def daemonizes(modules: list[Module]) -> Mistake | None:
    """Where a main module, on the way that is always taken, forks and ends the process that was started."""
    repeats = Repeats(modules)
    for module, node, scope in _reached(modules, modules[0], modules[0].tree.body, modules[0].tree, set(), MAX_DEPTH):
        if module.dotted(node.func) != "os.fork":
            continue
        call = next((item for item in module.calls if item.node is node), None)
        split = fork_branches(module, call, scope, repeats) if call is not None else None
        if split is None or not split[0] or not _only_ends(module, split[0]):
            continue
        why = "forks and ends the process that was started: as PID 1 that ends the container"
        return Mistake("daemonizes", why, module.span(node), False)
    return None


DETACHES = "detaches itself with python-daemon, which forks: as PID 1 that ends the container"


def detaches(module: Module) -> Mistake | None:
    """Where a main module opens a DaemonContext on the way that is always taken.

    One whose parent is process 1 doesn't fork: python-daemon takes it as started by init.
    """
    functions = {node.name: node for node in module.tree.body if isinstance(node, ast.FunctionDef)}
    todo: list[list[ast.stmt]] = [module.tree.body]
    entered: set[str] = set()
    while todo:
        for statement in todo.pop():
            if (isinstance(statement, ast.If) and is_main_test(statement.test)) or isinstance(statement, ast.Try):
                todo.append(statement.body)
            elif isinstance(statement, ast.With):
                for item in statement.items:
                    context = item.context_expr
                    if isinstance(context, ast.Call) and module.dotted(context.func) == "daemon.DaemonContext":
                        stays = any(word.arg in ("detach_process", None) for word in context.keywords)
                        return None if stays else Mistake("daemonizes", DETACHES, module.span(context), False)
                todo.append(statement.body)
            elif isinstance(statement, ast.If) and _leaves(module, statement):
                return None
            elif isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
                name = module.dotted(statement.value.func) or ""
                if name in functions and name not in entered:
                    entered.add(name)
                    todo.append(functions[name].body)
    return None


def _only_ends(module: Module, body: list[ast.stmt]) -> bool:
    """Whether statements do no more than say something and end the process."""
    for statement in body:
        if not isinstance(statement, ast.Expr) or not isinstance(statement.value, ast.Call):
            return False
        called = module.dotted(statement.value.func) or ""
        if called in _ENDS:
            return True
        if called.rpartition(".")[2] not in _SAYS:
            return False
    return False


def _reached(
    modules: list[Module], module: Module, body: list[ast.stmt], scope: ast.AST, entered: set[int], depth: int
) -> Iterator[tuple[Module, ast.Call, ast.AST]]:
    """Calls that are reached whenever statements run, in functions that they call too, with the scope of each."""
    for statement in body:
        if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            continue
        if isinstance(statement, ast.If):
            if is_main_test(statement.test):
                yield from _reached(modules, module, statement.body, scope, entered, depth)
                continue
            yield from _reached_by(modules, module, statement.test, scope, entered, depth)
            if any(isinstance(sub, (ast.Return, ast.Raise, ast.Break, ast.Continue)) for sub in walk(statement)):
                return
            if any(isinstance(sub, ast.Call) and module.dotted(sub.func) in _ENDS for sub in walk(statement)):
                return
            continue
        if isinstance(statement, (ast.With, ast.AsyncWith, ast.Try)):
            if isinstance(statement, ast.Try):
                yield from _reached(modules, module, statement.body, scope, entered, depth)
            continue
        if isinstance(statement, (ast.For, ast.AsyncFor, ast.While)):
            return
        yield from _reached_by(modules, module, statement, scope, entered, depth)
        if isinstance(statement, (ast.Return, ast.Raise)):
            return


def _reached_by(
    modules: list[Module], module: Module, node: ast.AST, scope: ast.AST, entered: set[int], depth: int
) -> Iterator[tuple[Module, ast.Call, ast.AST]]:
    for sub in walk(node):
        if isinstance(sub, (ast.Lambda, ast.BoolOp, ast.IfExp, ast.comprehension)):
            return
    for sub in walk(node):
        if not isinstance(sub, ast.Call):
            continue
        yield module, sub, scope
        found = function_of(modules, module, sub)
        if found is not None and id(found[1]) not in entered and depth:
            entered.add(id(found[1]))
            yield from _reached(modules, found[0], found[1].body, found[1], entered, depth - 1)


def function_of(modules: list[Module], module: Module, call: ast.Call) -> tuple[Module, Function] | None:
    """The plain function that a call is of: this module's, or one that it imports by name."""
    if not isinstance(call.func, (ast.Name, ast.Attribute)):
        return None
    dotted = module.dotted(call.func) or ""
    place, _, name = dotted.rpartition(".")
    if place and isinstance(call.func, ast.Attribute) and not isinstance(call.func.value, ast.Name):
        return None
    ending = "/" + place.replace(".", "/")
    for other in [module] if not place else modules:
        if place and not other.path.removesuffix(".py").removesuffix("/__init__").endswith(ending):
            continue
        found = [
            node
            for node in other.tree.body
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name == name
        ]
        if len(found) == 1 and not found[0].decorator_list:
            return other, found[0]
    return None


def is_main_test(test: ast.expr) -> bool:
    return ast.unparse(test).replace('"', "'") in ("__name__ == '__main__'", "'__main__' == __name__")


# One child, and nothing else.


def wrapped(modules: list[Module]) -> Wrapped | None:
    """The child that a program starts last, on the way that is always taken, and waits for."""
    return _last(modules, modules[0], modules[0].tree.body, MAX_DEPTH)


def _last(modules: list[Module], module: Module, body: list[ast.stmt], depth: int) -> Wrapped | None:
    at = len(body) - 1
    while at >= 0 and _adds_nothing(module, body[at]):
        at -= 1
    if at < 0 or not depth:
        return None
    statement = body[at]
    for earlier in body[:at]:
        if isinstance(earlier, ast.If) and _leaves(module, earlier) and not _is_check(module, earlier):
            return None  # one of two ways
    if isinstance(statement, ast.If):
        return _last(modules, module, statement.body, depth) if is_main_test(statement.test) else None
    if isinstance(statement, ast.Try):
        return _last(modules, module, [*statement.body, *statement.orelse], depth)
    value = getattr(statement, "value", None)
    if not isinstance(statement, (ast.Expr, ast.Assign, ast.Return)) or value is None:
        return None
    while isinstance(value, ast.Attribute) and value.attr == "returncode":
        value = value.value
    if isinstance(value, ast.Call) and module.dotted(value.func) in _ENDS and len(value.args) == 1:
        value = value.args[0]
        while isinstance(value, ast.Attribute) and value.attr == "returncode":
            value = value.value
    if not isinstance(value, ast.Call):
        return None
    call = _start(module, value, body[:at])
    if call is not None:
        return _wrapped(module, call)
    found = function_of(modules, module, value)
    return _last(modules, found[0], found[1].body, depth - 1) if found is not None else None


def _start(module: Module, value: ast.Call, before: list[ast.stmt]) -> Call | None:
    """The start that a call is, or the Popen that it waits for."""
    node: ast.Call | None = value
    called = module.dotted(value.func) or ""
    if called not in _WAITING:
        node = None
        if isinstance(value.func, ast.Attribute) and value.func.attr in ("wait", "communicate"):
            handle = value.func.value
            if isinstance(handle, ast.Name):
                bound = [
                    item.value
                    for item in before
                    if isinstance(item, ast.Assign) and any(ast.unparse(to) == handle.id for to in item.targets)
                ]
                handle = bound[-1] if len(bound) == 1 else handle
            if isinstance(handle, ast.Call) and module.dotted(handle.func) == "subprocess.Popen":
                node = handle
    if node is None or any(word.arg == "timeout" for word in (*node.keywords, *value.keywords)):
        return None
    return next((item for item in module.calls if item.node is node), None)


def _wrapped(module: Module, call: Call) -> Wrapped | None:
    _, commands = commands_of(module, call)
    node = call.node
    first = node.args[0] if node.args else next((word.value for word in node.keywords if word.arg == "args"), None)
    argv: Argv = tuple(words_of(module, first, whole=True)) if first is not None else ()
    if not argv or (isinstance(argv[0], Opaque) and not argv[0].startswith("sys.argv")):
        argv = tuple(commands[-1]) if commands else ()
    if any(word.arg == "shell" for word in node.keywords):
        argv = tuple(commands[-1]) if commands else ()
    if not argv:
        return None
    why = "starts its program and waits for it without a handler for the stop signal, which that never gets"
    return Wrapped(argv, Mistake("drops-signals", why, module.span(node), False))


def _adds_nothing(module: Module, statement: ast.stmt) -> bool:
    """Statements after the last start: they say something, or end the program with its status."""
    if isinstance(statement, (ast.Pass, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return True
    if isinstance(statement, ast.Raise):
        return True
    if isinstance(statement, ast.If) and is_main_test(statement.test):
        return False
    for sub in walk(statement):
        if isinstance(sub, (ast.While, ast.For, ast.With, ast.Try)):
            return False
        if isinstance(sub, ast.Call):
            called = module.dotted(sub.func) or ""
            if called not in _ENDS and called.rpartition(".")[2] not in (*_SAYS, "format", "SystemExit", "str", "int"):
                return False
    return True


def _leaves(module: Module, statement: ast.If) -> bool:
    return any(isinstance(sub, ast.Return) for sub in walk(statement)) or any(
        isinstance(sub, ast.Call)
        and (module.dotted(sub.func) in _ENDS or (module.dotted(sub.func) or "").startswith("os.exec"))
        for sub in walk(statement)
    )


def _is_check(module: Module, statement: ast.If) -> bool:
    """`if …: print(usage); sys.exit(1)`: not a way in which the program does its work."""
    return not statement.orelse and all(_adds_nothing(module, item) for item in statement.body)
