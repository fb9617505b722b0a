"""Whether a Python program's work is to start others: then a stop is up to those.

The same question as `script_launcher`'s: a handler that ends the children that were started, or a
last statement that waits for them. Workers of `multiprocessing` are the program itself and don't count.
"""

from __future__ import annotations

import ast

from initlint.boot.duration import ends_by_itself
from initlint.boot.python_module import Call, Function, Module
from initlint.boot.python_start import MAX_DEPTH, function_of, is_main_test, wrapped
from initlint.boot.python_tree import walk

_ENDS = frozenset(["terminate", "kill", "send_signal", "killpg"])
_ITSELF = frozenset(["os.getpid", "os.getpgrp"])
_WAITS = frozenset(["wait", "poll", "communicate"])
_BEGINS = frozenset(
    "subprocess.Popen os.fork os.forkpty pty.fork os.spawnl os.spawnle os.spawnlp os.spawnlpe os.spawnv os.spawnve "
    "os.spawnvp os.spawnvpe os.posix_spawn os.posix_spawnp".split()
)
_ASYNC = frozenset(["create_subprocess_exec", "create_subprocess_shell", "open_process"])
_RUNS = frozenset("invoke.run subprocess.run subprocess.call subprocess.check_call os.system pty.spawn".split())
_HANDLES = frozenset(["signal", "add_signal_handler", "signal_handler"])
_HANDLED = "its handler is there for the programs that it starts: what they do on the signal decides"
_EXITS = frozenset(["sys.exit", "exit", "quit", "SystemExit", "KeyboardInterrupt"])
_SAYS = frozenset("print info debug warning error exception critical log write flush getLogger format sleep".split())
_OTHER_SIGNALS = frozenset(["SIGCHLD", "SIGALRM", "SIGHUP", "SIGUSR1", "SIGUSR2", "SIGWINCH"])


def launches(modules: list[Module], alive: list[tuple[Module, Call]]) -> str:
    """Why a stop is up to the program's children; empty where it isn't."""
    waiting = "it waits for the programs that it starts: what they do on the signal decides"
    alone = wrapped(modules) if modules[0].is_main else None
    if alone is not None:
        return "" if ends_by_itself(alone.argv) else waiting
    if modules[0].is_main and _waits_last(modules, modules[0], modules[0].tree.body, MAX_DEPTH):
        return waiting
    starts = any(begins(call.called) for _, call in alive)
    workers = any(_is_awaited_worker(call) or _is_awaited_thread(call, modules) for _, call in alive) and not any(
        isinstance(target, ast.Attribute) and target.attr == "daemon"
        for module in modules
        for node in module.nodes
        if isinstance(node, ast.Assign)
        for target in node.targets
    )
    if not starts and not workers:
        return ""
    functions: dict[str, list[Function]] = {}
    for module in modules:
        for node in module.nodes:
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                functions.setdefault(node.name, []).append(node)
    only_exits = False
    for _, call in alive:
        at_exit = call.called == "atexit.register"
        if at_exit or (call.called.rpartition(".")[2] in _HANDLES and "." in call.called and _may_be_stop(call.node)):
            handlers: list[ast.AST] = [*call.node.args[0 if at_exit else 1 :]]
            handlers.extend(word.value for word in call.node.keywords)
            reached = _reached(handlers, functions)
            if any(_ends_children(node) for node in reached):
                # Of its own workers that is what they are for; of programs it is up to them.
                return _HANDLED if starts else ""
            only_exits = only_exits or (not at_exit and _only_exits(reached))
    if workers and only_exits:
        return "it ends once its workers and threads have ended, which nothing tells of the signal"
    return ""


def _is_awaited_worker(call: Call) -> bool:
    """Whether Python waits for a child of its own before it ends: not for a daemon of multiprocessing."""
    if call.called in ("concurrent.futures.ProcessPoolExecutor", "concurrent.futures.process.ProcessPoolExecutor"):
        return True
    return call.called == "multiprocessing.Process" and not any(word.arg == "daemon" for word in call.node.keywords)


def starts_threads(alive: list[tuple[Module, Call]]) -> bool:
    return any(call.called == "threading.Thread" for _, call in alive)


def _is_awaited_thread(call: Call, modules: list[Module]) -> bool:
    """Whether Python waits for a thread before it ends, whose function has a loop: not for a daemon."""
    told = {word.arg: word.value for word in call.node.keywords if word.arg}
    if call.called != "threading.Thread" or "daemon" in told:
        return False
    target = told.get("target")
    name = target.id if isinstance(target, ast.Name) else target.attr if isinstance(target, ast.Attribute) else ""
    own = [
        node
        for module in modules
        for node in module.nodes
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name == name
    ]
    if not own:  # a library's, which may take its time as well
        return target is not None
    return any(isinstance(sub, ast.While) for node in own for sub in walk(node))


def _only_exits(nodes: list[ast.AST]) -> bool:
    """Whether a handler says something and raises SystemExit, and does nothing that workers could notice."""
    exits = False
    for node in nodes:
        for sub in walk(node):
            if isinstance(sub, (ast.Assign, ast.AugAssign, ast.AnnAssign)):
                return False
            if isinstance(sub, ast.Raise) or (isinstance(sub, ast.Call) and ast.unparse(sub.func) in _EXITS):
                exits = True
            elif isinstance(sub, ast.Call) and ast.unparse(sub.func).rpartition(".")[2] not in _SAYS:
                return False
    return exits


def begins(called: str) -> bool:
    """Whether a call starts a child that runs beside the program."""
    last = called.rpartition(".")[2]
    return called in _BEGINS or last in _ASYNC or (last == "Popen" and called.endswith("subprocess.Popen"))


def _may_be_stop(node: ast.Call) -> bool:
    first = ast.unparse(node.args[0]) if node.args else ""
    return first.rpartition(".")[2] not in _OTHER_SIGNALS


def _reached(nodes: list[ast.AST], functions: dict[str, list[Function]]) -> list[ast.AST]:
    found = list(nodes)
    seen: set[str] = set()
    for node in found:
        for sub in walk(node):
            name = sub.id if isinstance(sub, ast.Name) else sub.attr if isinstance(sub, ast.Attribute) else ""
            if name in functions and name not in seen:
                seen.add(name)
                found.extend(functions[name])
    return found


def _ends_children(node: ast.AST) -> bool:
    """Whether code signals or ends something else than the program itself."""
    itself: set[int] = set()
    for sub in walk(node):
        if isinstance(sub, ast.Call) and any(ast.unparse(arg).removesuffix("()") in _ITSELF for arg in sub.args[:1]):
            itself.add(id(sub.func))
    return any(isinstance(sub, ast.Attribute) and sub.attr in _ENDS and id(sub) not in itself for sub in walk(node))


def _waits_last(modules: list[Module], module: Module, body: list[ast.stmt], depth: int) -> bool:
    """Whether the last thing that statements do is to wait for what they started."""
    rest = [item for item in body if not isinstance(item, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))]
    if not rest or not depth:
        return False
    last = rest[-1]
    if isinstance(last, ast.If):
        return is_main_test(last.test) and _waits_last(modules, module, last.body, depth)
    if isinstance(last, (ast.Try, ast.With, ast.AsyncWith)):
        inner = [*last.body, *(last.orelse if isinstance(last, ast.Try) else ())]
        return _waits_last(modules, module, inner, depth) or _waits(module, last)
    if _waits(module, last) or _runs_line(module, last):
        return True
    if isinstance(last, (ast.For, ast.AsyncFor, ast.While)):
        return False  # what it calls again and again may be a helper
    for sub in walk(last):
        if isinstance(sub, ast.Call):
            found = function_of(modules, module, sub)
            if found is not None and _waits_last(modules, found[0], found[1].body, depth - 1):
                return True
    return False


def _runs_line(module: Module, statement: ast.stmt) -> bool:
    """Whether a plain statement is a call that comes back when its program has ended."""
    value = getattr(statement, "value", None)
    while isinstance(value, ast.Call):
        if module.dotted(value.func) in _RUNS:
            return True
        value = value.args[0] if len(value.args) == 1 else None
    return False


def _waits(module: Module, statement: ast.stmt) -> bool:
    targets = {
        name.id
        for sub in walk(statement)
        if isinstance(sub, (ast.For, ast.AsyncFor, ast.comprehension))
        for name in walk(sub.target)
        if isinstance(name, ast.Name)
    }
    for sub in walk(statement):
        if not isinstance(sub, ast.Call):
            continue
        if module.dotted(sub.func) in ("os.wait", "os.waitpid"):
            return True
        if not isinstance(sub.func, ast.Attribute) or sub.func.attr not in _WAITS:
            continue
        handle = sub.func.value
        if isinstance(handle, ast.Call) and begins(module.dotted(handle.func) or ""):
            return True
        if not isinstance(handle, (ast.Name, ast.Attribute)):
            continue
        name = handle.id if isinstance(handle, ast.Name) else handle.attr
        if isinstance(handle, ast.Name) and name in targets:
            return True
        bound = [value.value if isinstance(value, ast.Await) else value for value in module.bindings.get(name, [])]
        if any(isinstance(value, ast.Call) and begins(module.dotted(value.func) or "") for value in bound):
            return True
    return False
