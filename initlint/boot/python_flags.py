"""What a Python program's loops look at, and which exceptions they keep: by what a handler's work shows."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from typing import Literal

from initlint.boot.python_module import Function, Module
from initlint.boot.python_tree import children, walk
from initlint.records import NamedTuple

_LEAVES = (ast.Break, ast.Return, ast.Raise)
_EXITS = frozenset(["exit", "_exit", "quit", "abort"])
_LOOPS = frozenset(["run_forever", "run_until_complete", "start", "run"])
_BLOCKING = frozenset(
    ["serve_forever", "run_forever", "start_consuming", "mainloop", "accept", "recv", "recvfrom", "input"]
)
_WAITING = frozenset(
    "sleep wait poll recv recvfrom accept select read readline listen join acquire pause input get_message consume "
    "brpop blpop receive_message serve_forever run_forever run_pending start_consuming main_loop wait_for".split()
)
_UNBLOCKED = frozenset(["settimeout", "setblocking", "select", "poll"])


class Read(NamedTuple):
    kind: Literal["loop", "blocked", "somewhere", "nowhere"]
    why: str = ""


class _Place(NamedTuple):
    """A part of a program: the names that it looks at, and the function around it."""

    module: Module
    node: ast.AST
    names: frozenset[str]
    function: str


class Flags:
    """Loops and waits of all modules, those that were only skimmed too."""

    def __init__(self, modules: list[Module]) -> None:
        self.functions: dict[str, list[tuple[Module, Function]]] = {}
        self.methods: set[int] = set()
        self.looks: list[_Place] = []
        self.endless: list[_Place] = []
        self.tries: list[tuple[Module, ast.Try, bool, str]] = []
        self.looped: set[str] = set()  # functions that loops call
        self.calls: list[tuple[str, str, Module, ast.Call]] = []  # the last name, and the function around it
        self.loads: list[tuple[ast.AST, str]] = []
        self.bases: dict[str, set[str]] = {}  # of classes
        self._returns: list[tuple[str, int, frozenset[str]]] | None = None
        self.elsewhere = set().union(*(module.elsewhere for module in modules)) if modules else set()
        for module in modules:
            if module.whole_tree is not None:
                self._walk(module, module.whole_tree)
        self._close()
        names = {last for last, *_ in self.calls}
        self.has_event_loop = bool(names & _LOOPS)
        self.serves_forever = any(
            last == "serve_forever" and not self._is_aside(place) for last, place, *_ in self.calls
        )
        self.unblocked = bool(names & _UNBLOCKED)

    def _is_aside(self, function: str) -> bool:
        return function in self.elsewhere

    def _walk(self, module: Module, tree: ast.Module) -> None:
        todo: list[tuple[ast.AST, str, bool]] = [(tree, "", False)]
        while todo:
            node, function, in_loop = todo.pop()
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                self.functions.setdefault(node.name, []).append((module, node))
                function, in_loop = node.name, False
            elif isinstance(node, ast.ClassDef):
                self.methods.update(id(item) for item in node.body)
                if module.tree.body:
                    bases = {ast.unparse(base).rpartition(".")[2] for base in node.bases}
                    self.bases.setdefault(node.name, set()).update(bases)
            elif isinstance(node, (ast.While, ast.For, ast.AsyncFor)):
                in_loop = True
                below = walk(node)
                leaves = any(isinstance(sub, _LEAVES) or _exits(sub) for sub in below)
                names = set(_names(node.test)) if isinstance(node, ast.While) else set()
                for sub in below if leaves else ():
                    if isinstance(sub, ast.If) and any(_leaves(each) for each in (*sub.body, *sub.orelse)):
                        names |= _names(sub.test)
                self.looks.append(_Place(module, node, frozenset(names), function))
                if not leaves and isinstance(node, ast.While) and isinstance(node.test, ast.Constant):
                    self.endless.append(self.looks[-1])
                self.looped.update(_last(sub.func) for sub in below if isinstance(sub, ast.Call))
            elif isinstance(node, ast.Call):
                last = _last(node.func)
                self.calls.append((last, function, module, node))
                if last in ("wait", "get", "acquire", "wait_for") and isinstance(node.func, ast.Attribute):
                    self.looks.append(_Place(module, node, _names(node.func.value), function))
            elif isinstance(node, ast.Await) and not isinstance(node.value, ast.Call):
                self.looks.append(_Place(module, node, _names(node.value), function))
            elif isinstance(node, ast.Try):
                self.tries.append((module, node, in_loop, function))
            elif isinstance(node, (ast.Name, ast.Attribute)) and isinstance(node.ctx, ast.Load):
                self.loads.append((node, _last(node)))
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                self.loads.append((node, node.value))
            for child in children(node):
                todo.append((child, function, in_loop))

    def _close(self) -> None:
        """What a loop calls calls others in the loop, too."""
        todo = list(self.looped)
        for name in todo:  # grows on the way
            for _where, function in self.functions.get(name, ()):
                called = {_last(sub.func) for sub in walk(function) if isinstance(sub, ast.Call)}
                todo.extend(called - self.looped)
                self.looped |= called

    def read(self, flags: Iterable[str], inside: ast.AST | None) -> Read:
        """Where what a handler sets is looked at; `inside`: the handler itself, which doesn't count."""
        names = set(flags)
        own = {id(sub) for sub in walk(inside)} if inside is not None else set()
        if self._returns is None:
            self._returns = [
                (name, id(function), _returned(function))
                for name, found in self.functions.items()
                for _where, function in found
            ]
        for _ in range(2):
            for name, function_id, returned in self._returns:
                if function_id not in own and returned & names:
                    names.add(name)
        places = [place for place in self.looks if place.names & names and id(place.node) not in own]
        if not places:
            read = any(name in names and id(node) not in own for node, name in self.loads)
            return Read("somewhere" if read else "nowhere")
        before = [place for place in places if not self._is_aside(place.function)]
        joins = any(last == "join" for last, *_ in self.calls)
        if not before and not joins:
            return Read("somewhere")
        for place in self.endless:
            if (
                not place.names & names
                and not self._is_aside(place.function)
                and place not in places
                and not any(sub is other.node for other in places for sub in walk(place.node))
            ):
                line = getattr(place.node, "lineno", 0)
                return Read(
                    "blocked", f"{place.module.source.name}:{line} is a loop that doesn't look at what the handler sets"
                )
        for last, around, module, node in self.calls:
            waits = last in _BLOCKING and not (self.unblocked and last in ("accept", "recv", "recvfrom"))
            if waits and not self._is_aside(around) and id(node) not in own:
                return Read("blocked", f"{module.where(node)} may wait without looking at what the handler sets")
        return Read("loop")

    def swallows(self, names: set[str]) -> str:
        """Where an exception is caught so that the program goes on; empty where none is."""
        for module, node, in_loop, function in self.tries:
            if self._is_aside(function):
                continue
            for handler in node.handlers:
                kinds = [handler.type]
                if isinstance(handler.type, ast.Tuple):
                    kinds = list(handler.type.elts)
                if not any(kind is None or _last(kind) in {*names, "BaseException"} for kind in kinds):
                    continue
                if not any(kind is not None and _last(kind) in names for kind in kinds) and not self._waits(node.body):
                    continue  # `except:` around what takes no time: the signal comes elsewhere
                ends = any(isinstance(sub, ast.Raise) or _exits(sub) for sub in walk(handler))
                if ends or (in_loop and any(isinstance(sub, (ast.Break, ast.Return)) for sub in walk(handler))
                            and function not in self.looped):  # fmt: skip
                    continue
                if in_loop or function in self.looped:
                    return f"{module.source.name}:{handler.lineno}"
        return ""

    def _waits(self, body: Iterable[ast.AST], depth: int = 4) -> bool:
        """Whether statements wait for something, in functions that they call too."""
        for statement in body:
            for sub in walk(statement):
                if not isinstance(sub, ast.Call):
                    continue
                last = _last(sub.func)
                if last in _WAITING:
                    return True
                if depth and any(self._waits(each.body, depth - 1) for _, each in self.functions.get(last, ())[:2]):
                    return True
        return False


def _leaves(node: ast.AST) -> bool:
    return any(isinstance(sub, _LEAVES) or _exits(sub) for sub in walk(node))


def _returned(function: Function) -> frozenset[str]:
    """The names in what a function returns."""
    values = [sub.value for sub in walk(function) if isinstance(sub, ast.Return) and sub.value is not None]
    return frozenset(name for value in values for name in _names(value))


def _exits(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and _last(node.func) in _EXITS


def _names(node: ast.AST) -> frozenset[str]:
    found = set()
    for sub in walk(node):
        if isinstance(sub, ast.Name):
            found.add(sub.id)
        elif isinstance(sub, ast.Attribute):
            found.add(sub.attr)
        elif isinstance(sub, ast.Constant) and isinstance(sub.value, str):
            found.add(sub.value)
    return frozenset(found)


def _last(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
