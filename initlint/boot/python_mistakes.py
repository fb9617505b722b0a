"""The classic mistakes of Python programs with their own children, which no init can mend.

A child that its parent never waits for stays a zombie of that parent. How many there can be is
told apart, for it was measured: `subprocess` looks at the handles that were dropped whenever it
starts the next child, so that dropped ones leave one zombie at most; handles that are kept, and
children of os.fork and os.spawn, pile up. What can't be told is passed over.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from initlint.boot.model import Mistake
from initlint.boot.python_module import Call, Function, Module
from initlint.boot.python_repeats import Repeats
from initlint.boot.python_tree import walk

_POPEN = frozenset(["subprocess.Popen", "subprocess32.Popen"])
_POSIX_SPAWN = frozenset(["os.posix_spawn", "os.posix_spawnp"])
_FORKS = frozenset(["os.fork", "os.forkpty", "pty.fork"])
_WAIT_CALLS = frozenset(["wait", "waitpid", "wait3", "wait4", "waitid"])  # of the module os
_WAITS = frozenset(["wait", "poll", "communicate", "returncode", "wait_procs", *_WAIT_CALLS])
_EXITS = frozenset(["os._exit", "sys.exit", "exit", "quit"])
# Libraries that wait for children themselves, or by another name.
_WAITERS = frozenset(["gevent", "eventlet", "psutil", "twisted", "sh", "plumbum", "pexpect", "ptyprocess", "pyuv"])
# What has a wait() or poll() of another kind.
_NO_PROCESS = frozenset(
    "threading.Event threading.Condition threading.Barrier asyncio.Event asyncio.Condition multiprocessing.Event "
    "select.poll subprocess.run subprocess.call subprocess.check_call asyncio concurrent.futures select".split()
)
_ENDS_NEVER = " stays a zombie until the program ends"


def mistakes(
    modules: list[Module], libraries: set[str], calls: list[tuple[Module, Call]], *, whole: bool
) -> tuple[Mistake, ...]:
    """What is wrong with how a program waits for its children. `calls`: those that can run; `whole`: there is
    no more code that might wait."""
    found: list[Mistake] = []
    found.extend(_waits_once(modules, calls))
    roots = {name.split(".")[0].lower() for name in libraries}
    if whole and not roots & _WAITERS and not any(_reaps_any(module) for module in modules):
        program = _Program(modules)
        for module, call in calls:
            mistake = program.judge(module, call)
            if mistake is not None:
                found.append(mistake)
    return tuple(found)


def _reaps_any(module: Module) -> bool:
    """Whether a module may wait for a child by its number, or say what SIGCHLD is to do."""
    names = module.mentioned | module.attributes
    if module.mentioned & _WAIT_CALLS or names & {"SIGCHLD", "SIGCLD", "P_ALL"}:
        return True
    if names & (_WAIT_CALLS - {"wait"}):
        return True
    return any(call.called == "os.wait" for call in module.calls)


class _Program:
    """All modules of a program that nowhere waits for just any child."""

    def __init__(self, modules: list[Module]) -> None:
        self.modules = modules
        self.repeats = Repeats(modules)
        self._waits_somewhere: bool | None = None

    def judge(self, module: Module, call: Call) -> Mistake | None:
        if call.called in _POPEN and not call.managed:
            return self._popen(module, call)
        if call.called in _POSIX_SPAWN or (call.called.startswith("os.spawn") and _goes_on(module, call)):
            return self._by_number(module, call, "never-waited", f"{call.called}()")
        if call.called in _FORKS and _parent_goes_on(module, call, self.repeats):
            return self._by_number(module, call, "fork-without-wait", f"{call.called}()")
        return None

    def _by_number(self, module: Module, call: Call, kind: str, what: str) -> Mistake:
        grows = self.repeats.repeated(module, call.node)
        why = f"doesn't wait for the child of {what}: once it has ended, it{_ENDS_NEVER}"
        if grows:
            why = f"starts children with {what} and waits for none: each one that has ended{_ENDS_NEVER}"
        return Mistake(kind, why, module.span(call.node), grows)  # type: ignore[arg-type]

    # Popen.

    def _popen(self, module: Module, call: Call) -> Mistake | None:
        scope: ast.AST = call.function if call.function is not None else module.tree
        kept = self._kept(module, call.node, scope, in_function=call.function is not None)
        if kept is None or (kept not in ("dropped", "local") and self._may_wait()):
            return None
        span = module.span(call.node)
        if kept == "grows" and self.repeats.repeated(module, call.node):
            why = f"keeps the handles of its children and waits for none: each one that has ended{_ENDS_NEVER}"
            return Mistake("never-waited", why, span, True)
        why = "doesn't wait for this child: once it has ended, it stays a zombie until the next one is started, if ever"
        return Mistake("never-waited", why, span, False)

    def _kept(self, module: Module, node: ast.expr, scope: ast.AST, *, in_function: bool) -> str | None:
        """Where a handle goes: dropped, local, attribute, global or into what `grows`; None if it can't be told."""
        parent = self.repeats.parent(module, node)
        if isinstance(parent, ast.Expr):
            return "dropped"
        if isinstance(parent, ast.Attribute):
            return "dropped" if parent.attr == "pid" else None
        if isinstance(parent, ast.Assign) and len(parent.targets) == 1:
            target = parent.targets[0]
            if isinstance(target, ast.Name):
                return self._named(module, target.id, scope, in_function=in_function)
            if isinstance(target, ast.Attribute):
                return "attribute"
            if isinstance(target, ast.Subscript):
                return self._container(module, target.value, node)
        if isinstance(parent, ast.Call) and node in parent.args:
            put = parent.func
            if isinstance(put, ast.Attribute) and put.attr in ("append", "add"):
                return self._container(module, put.value, node)
        return None

    def _named(self, module: Module, name: str, scope: ast.AST, *, in_function: bool) -> str | None:
        """A handle with a name: what becomes of it wherever that is read."""
        found = "local" if in_function else "global"
        for sub in walk(scope):
            if isinstance(sub, (ast.Global, ast.Nonlocal)) and name in sub.names:
                found = "global"
            if not (isinstance(sub, ast.Name) and sub.id == name and isinstance(sub.ctx, ast.Load)):
                continue
            parent = self.repeats.parent(module, sub)
            if isinstance(parent, ast.Attribute):
                if parent.attr in _WAITS or parent.attr.startswith("__"):
                    return None
                continue
            kept = self._kept(module, sub, scope, in_function=in_function)
            if kept not in ("grows", "attribute"):
                return None
            found = kept
        return found

    def _container(self, module: Module, container: ast.expr, node: ast.expr) -> str | None:
        """A collection that handles are put into: `grows` where it outlives what puts them there."""
        name = container.id if isinstance(container, ast.Name) else getattr(container, "attr", None)
        if name is None or self._is_emptied(name):
            return None
        if isinstance(container, ast.Attribute):
            return "grows"
        loop = self.repeats.loop_around(module, node)
        bound = [sub for sub in module.nodes if isinstance(sub, ast.Name) and sub.id == name
                 and isinstance(sub.ctx, ast.Store)]  # fmt: skip
        if not bound:
            return None
        for sub in bound:
            if loop is not None and self.repeats.is_below(module, sub, loop):
                return "attribute"  # a new one each time round
        at_module = all(self.repeats.function_around(module, sub) is None for sub in bound)
        return "grows" if at_module or isinstance(loop, ast.While) else "attribute"

    def _is_emptied(self, name: str) -> bool:
        """Whether anything is taken out of a collection, or it is given to other code."""
        for module in self.modules:
            for node in module.nodes:
                if not isinstance(node, (ast.Name, ast.Attribute)) or not isinstance(node.ctx, ast.Load):
                    continue
                if (node.id if isinstance(node, ast.Name) else node.attr) != name:
                    continue
                parent = self.repeats.parent(module, node)
                if isinstance(parent, ast.Attribute) and parent.attr in ("append", "add"):
                    continue
                if isinstance(parent, ast.Subscript) and isinstance(parent.ctx, ast.Store):
                    continue
                if isinstance(parent, ast.Call) and module.dotted(parent.func) in ("len", "print", "bool"):
                    continue
                if isinstance(parent, (ast.For, ast.comprehension)) and parent.iter is node:
                    continue  # what is done with each is seen by its name
                return True
        return False

    def _may_wait(self) -> bool:
        """Whether anything in the program looks like waiting for a process."""
        if self._waits_somewhere is None:
            makers: dict[str, set[str]] = {}
            for module in self.modules:
                for name, made in module.makers.items():
                    makers.setdefault(name, set()).update(made)
            self._waits_somewhere = any(_waits_for_process(module, makers) for module in self.modules)
        return self._waits_somewhere


def _waits_for_process(module: Module, makers: dict[str, set[str]]) -> bool:
    if module.mentioned & _WAITS:
        return True
    if not module.attributes & _WAITS:
        return False
    errors = {node.name for node in module.nodes if isinstance(node, ast.ExceptHandler) and node.name}
    for node in module.nodes:
        if not isinstance(node, ast.Attribute) or node.attr not in _WAITS:
            continue
        receiver = module.dotted(node.value) or ""
        last = receiver.rpartition(".")[2]
        made = {item.removesuffix("()") for item in makers.get(last, set())} or {receiver.removesuffix("()")}
        if not made <= _NO_PROCESS and receiver not in errors:
            return True
    return False


def _goes_on(module: Module, call: Call) -> bool:
    """Whether os.spawn… returns at once, with the child's number."""
    mode = module.dotted(call.node.args[0]) if call.node.args else None
    return mode in ("os.P_NOWAIT", "os.P_NOWAITO")


# fork.


def _parent_goes_on(module: Module, call: Call, repeats: Repeats) -> bool:
    """Whether the parent is seen to go on after a fork, in a scope that forks once."""
    scope: ast.AST = call.function if call.function is not None else module.tree
    if sum(other.called in _FORKS and other.function is call.function for other in module.calls) != 1:
        return False
    if any(other.called.startswith("os.exec") and other.function is not call.function for other in module.calls):
        return False  # what becomes a program that waits isn't seen here
    split = fork_branches(module, call, scope, repeats)
    if split is None:
        return False
    parent, child = split
    ends = _contains(module, child, _EXITS) or _contains_exec(module, child)
    return ends and not _contains(module, parent, _EXITS) and not _contains_exec(module, parent)


def fork_branches(
    module: Module, call: Call, scope: ast.AST, repeats: Repeats
) -> tuple[list[ast.stmt], list[ast.stmt]] | None:
    """What the parent runs after a fork, and what the child; None where the test isn't understood."""
    above = repeats.parent(module, call.node)
    name = None
    if isinstance(above, ast.Assign) and len(above.targets) == 1 and isinstance(above.targets[0], ast.Name):
        name = above.targets[0].id
    elif isinstance(above, ast.Assign) and len(above.targets) == 1 and isinstance(above.targets[0], ast.Tuple):
        first = above.targets[0].elts[0]  # pid, fd = pty.fork()
        name = first.id if isinstance(first, ast.Name) else None
    for node in walk(scope):
        if not isinstance(node, ast.If) or node.lineno < call.node.lineno:
            continue
        tested = list(walk(node.test))
        if call.node not in tested and not any(isinstance(sub, ast.Name) and sub.id == name for sub in tested):
            continue
        side = _side(node.test)
        if side == "error":
            continue
        if side is None:
            return None
        other = node.orelse or repeats.rest_after(module, node)
        return (other, node.body) if side == "child" else (node.body, other)
    return None


def _side(test: ast.expr) -> str | None:
    """Who takes the branch of a test of fork's result."""
    if isinstance(test, (ast.Name, ast.Call)):
        return "parent"
    if (
        isinstance(test, ast.UnaryOp)
        and isinstance(test.op, ast.Not)
        and isinstance(test.operand, (ast.Name, ast.Call))
    ):
        return "child"
    if not isinstance(test, ast.Compare) or len(test.ops) != 1 or not isinstance(test.left, (ast.Name, ast.Call)):
        return None
    number = test.comparators[0]
    if not isinstance(number, ast.Constant) or number.value != 0:
        return "error" if isinstance(number, ast.UnaryOp) else None
    if isinstance(test.ops[0], (ast.Eq, ast.Is, ast.LtE)):
        return "child"
    if isinstance(test.ops[0], (ast.Gt, ast.NotEq, ast.IsNot)):
        return "parent"
    return "error" if isinstance(test.ops[0], ast.Lt) else None


def _contains(module: Module, body: list[ast.stmt], wanted: frozenset[str]) -> bool:
    return any(isinstance(sub, ast.Call) and module.dotted(sub.func) in wanted for item in body for sub in walk(item))


def _contains_exec(module: Module, body: list[ast.stmt]) -> bool:
    return any(
        isinstance(sub, ast.Call) and (module.dotted(sub.func) or "").startswith("os.exec")
        for item in body
        for sub in walk(item)
    )


# SIGCHLD.


def _waits_once(modules: list[Module], calls: list[tuple[Module, Call]]) -> Iterator[Mistake]:
    """Handlers of SIGCHLD that wait for one child of several: signals that come together are one."""
    functions: dict[str, list[tuple[Module, Function]]] = {}
    for module, call in calls:
        if call.called != "signal.signal" and call.called.rpartition(".")[2] != "add_signal_handler":
            continue
        if len(call.node.args) < 2 or module.dotted(call.node.args[0]) not in ("signal.SIGCHLD", "signal.SIGCLD"):
            continue
        handler = call.node.args[1]
        if isinstance(handler, ast.Lambda):
            waits = _waits_for_any(module, [handler])
            if len(waits) == 1:
                yield _once(module, waits[0])
            continue
        name = (module.dotted(handler) or "").rpartition(".")[2]
        if not functions:
            for other in modules:
                for node in other.nodes:
                    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                        functions.setdefault(node.name, []).append((other, node))
        if len(functions.get(name, [])) != 1:
            continue
        where, function = functions[name][0]
        loops = any(isinstance(sub, (ast.While, ast.For, ast.comprehension)) for sub in walk(function))
        again = any(isinstance(sub, ast.Name) and sub.id == name for sub in walk(function))
        waits = _waits_for_any(where, function.body)
        if len(waits) == 1 and not loops and not again and not _reaps_in_loop(modules):
            yield _once(where, waits[0])


def _waits_for_any(module: Module, body: list[ast.stmt] | list[ast.Lambda]) -> list[ast.Call]:
    found = []
    for item in body:
        for sub in walk(item):
            if not isinstance(sub, ast.Call):
                continue
            called = module.dotted(sub.func)
            if called in ("os.wait", "os.wait3") or (
                called in ("os.waitpid", "os.wait4") and sub.args and ast.unparse(sub.args[0]) in ("-1", "0")
            ):
                found.append(sub)
    return found


def _reaps_in_loop(modules: list[Module]) -> bool:
    return any(call.in_while and call.called.startswith("os.wait") for module in modules for call in module.calls)


def _once(module: Module, call: ast.Call) -> Mistake:
    called = module.dotted(call.func) or "os.wait"
    why = f"calls {called}() once in its SIGCHLD handler: of children that end together some stay zombies"
    return Mistake("waits-once", why, module.span(call), True)
