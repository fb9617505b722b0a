"""What a Python program's own handler for a signal comes to: that it ends the program, or that it doesn't.

A handler is read with the functions that it calls. It ends the program where it raises or exits on every
way, stops the event loop, or sets what the program's loop looks at. One that only says something leaves the
program running; one that puts the default action back and signals itself is dropped by the kernel for PID 1.
Everything else stays open.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from typing import Literal

from initlint.boot.python_calls import is_brief
from initlint.boot.python_flags import Flags
from initlint.boot.python_module import LOCAL, Call, Function, Module
from initlint.boot.python_tree import children, walk
from initlint.records import NamedTuple

MAX_DEPTH = 5
_HARD = frozenset(["os._exit", "os.abort", "posix._exit"])
_EXITS = frozenset(["sys.exit", "exit", "quit"])
_SAYS = frozenset(
    "print debug info warning warn error exception critical log write flush format append strftime getLogger "
    "time sleep join is_set isoformat str int len repr getattr isinstance getpid Signals now print_exc".split()
)
_ENDING = frozenset(
    "stop shutdown close cancel exit quit terminate kill aclose disconnect stop_server stop_polling finish end "
    "interrupt stop_all graceful_shutdown request_shutdown request_stop stop_consuming callFromThread halt abort "
    "close_all close_all_connections graceful_exit shut_down done sigterm shutdown_gracefully server_close".split()
)
_PASSES_ON = frozenset(
    "call_soon call_soon_threadsafe create_task ensure_future run_coroutine_threadsafe partial add_callback "
    "add_callback_from_signal spawn Thread start_soon gather run run_until_complete wait_for shield submit "
    "Timer".split()
)
_ENVIRONMENT = ("os.environ", "os.getenv", "environ.get", "getenv(")

Kind = Literal["ends", "likely", "open", "nothing", "dropped"]


class Stop(NamedTuple):
    """`dropped`: a handler that leaves the end to the default action, which PID 1 hasn't."""

    kind: Kind
    why: str


class Installed(NamedTuple):
    """A handler's place: the call that installs it, and what it installs; None for the default action."""

    module: Module
    call: Call
    handler: ast.expr | None
    in_loop: bool  # an event loop calls it, and keeps the exceptions that it raises


def judge_all(installed: dict[str, list[Installed]], modules: list[Module], *, whole: bool) -> dict[str, Stop]:
    """What each signal comes to, by all handlers that may be installed for it."""
    if all(item.handler is None for items in installed.values() for item in items):
        return {signal: Stop("ends", "") for signal in installed}
    flags = Flags(modules)
    return {signal: _judged(items, _Judge(modules, flags, signal, whole=whole)) for signal, items in installed.items()}


def _judged(installed: list[Installed], judges: _Judge) -> Stop:
    left = [item for item in installed if item.handler is not None]
    defaults = [item for item in installed if item.handler is None]
    if not left:
        return Stop("ends", "")
    for item in left:
        for default in defaults:
            if judges.follows(default, item):
                return Stop("dropped", f"{item.module.where(default.call.node)} puts the default action back")
    by_scope: dict[tuple[int, int], Installed] = {}
    for item in left:
        scope = judges.scope(item)
        by_scope[scope if scope != (0, 0) else (0, id(item.call.node))] = item
    found = [judges.of(item) for item in by_scope.values()]
    kinds = {stop.kind for stop in found}
    if len(kinds) == 1 or kinds == {"ends", "likely"}:
        return next((stop for stop in found if stop.kind == "likely"), found[0])
    return next(
        (stop for stop in found if stop.kind == "open"), Stop("open", f"which of its handlers for {judges.signal} runs")
    )


class _Effects:
    """What a handler's statements do."""

    def __init__(self) -> None:
        self.ends = False  # for certain
        self.raises: set[str] = set()  # names of exceptions that leave it for certain
        self.may_end = False
        self.stops_loop = False
        self.flags: set[str] = set()
        self.foreign: set[str] = set()  # of those, attributes of what isn't the program's own
        self.likely: list[str] = []
        self.unknown: list[str] = []
        self.resets = self.dropped = False


class _Judge:
    def __init__(self, modules: list[Module], flags: Flags, signal: str, *, whole: bool) -> None:
        self.modules = modules
        self.signal = signal
        self.whole = whole
        self.flags = flags
        self.functions = flags.functions
        self.bases = flags.bases

    # Where handlers are installed.

    def scope(self, item: Installed) -> tuple[int, int]:
        """The list of statements that an installing call is one of; (0, 0) where it is a part of one."""
        for node in item.module.nodes:
            for field in ("body", "orelse", "finalbody"):
                statements = getattr(node, field, None)
                if not isinstance(statements, list):
                    continue
                for statement in statements:
                    value = getattr(statement, "value", None)
                    if value is item.call.node and isinstance(statement, (ast.Expr, ast.Assign)):
                        return id(node), len(field)
        return (0, 0)

    def follows(self, default: Installed, item: Installed) -> bool:
        """Whether the default action is put back after a handler was installed, in the same statements."""
        scope = self.scope(default)
        after = default.call.node.lineno, default.call.node.col_offset
        return (
            scope != (0, 0) and scope == self.scope(item) and after > (item.call.node.lineno, item.call.node.col_offset)
        )

    def _condition(self, item: Installed) -> str:
        """The environment's word that decides whether a handler is installed; empty where none does."""
        for node in item.module.nodes:
            if not isinstance(node, ast.If) or not any(
                sub is item.call.node for each in (*node.body, *node.orelse) for sub in walk(each)
            ):
                continue
            texts = [ast.unparse(node.test)]
            for sub in walk(node.test):
                if isinstance(sub, ast.Name):
                    texts.extend(ast.unparse(value) for value in item.module.bindings.get(sub.id, ())[:3])
            if any(word in text for text in texts for word in _ENVIRONMENT):
                return ast.unparse(node.test)
        return ""

    def of(self, item: Installed) -> Stop:
        where = item.module.where(item.call.node)
        assert item.handler is not None
        condition = self._condition(item)
        if condition:
            return Stop("open", f"{where} handles {self.signal} only if {condition[:80]}")
        dotted = item.module.dotted(item.handler) or ""
        if dotted in _EXITS or dotted == "signal.default_int_handler":
            return self._raised({"KeyboardInterrupt" if "int" in dotted else "SystemExit"}, where)
        found = [
            self._handler(item, *handler, where) for handler in self._resolve(item.module, item.handler, item.call, 4)
        ]
        if not found:
            effects = _Effects()
            if isinstance(item.handler, ast.Attribute):
                self._named(item.module, item.handler, effects)
            if effects.flags or effects.likely or effects.stops_loop:
                return self._verdict(effects, item, where)
            return Stop("open", f"what the handler does that {where} installs isn't known")
        if len({stop.kind for stop in found}) == 1:
            return found[0]
        return next((stop for stop in found if stop.kind == "open"), Stop("open", f"which handler {where} installs"))

    def _resolve(
        self, module: Module, node: ast.expr, call: Call | None, depth: int
    ) -> list[tuple[Module, ast.Lambda | Function]]:
        """The functions that an expression may stand for."""
        if depth <= 0:
            return []
        if isinstance(node, ast.Lambda):
            return [(module, node)]
        if isinstance(node, ast.Call):
            last = (module.dotted(node.func) or "").rpartition(".")[2]
            if last == "partial" and node.args:
                return self._resolve(module, node.args[0], call, depth - 1)
            made: list[tuple[Module, ast.Lambda | Function]] = []
            for other, function in self.functions.get(last, ()):
                returned = [sub.value for sub in walk(function) if isinstance(sub, ast.Return)]
                for value in returned:
                    if value is not None and not isinstance(value, ast.Call):
                        made.extend(self._resolve(other, value, None, depth - 1))
            return made
        if isinstance(node, ast.Attribute):
            found = self._methods(module, node, self.functions.get(node.attr, []))
            return [(where, function) for where, function in found] if len(found) == 1 else self._of_class(node, call)
        if isinstance(node, ast.Name):
            known = module.names.get(node.id, node.id).rpartition(".")[2]
            found = [each for each in self.functions.get(known, ()) if each[0] is module or node.id in module.names]
            if found:
                inner = [
                    each
                    for each in found
                    if call is not None and call.function is not None and each[1] in walk(call.function)
                ]
                chosen = inner or found
                return [(where, function) for where, function in chosen]
            values = list(module.bindings.get(node.id, ()))
            if call is not None and call.function is not None:
                values.extend(self._passed(node.id, call.function))
            result: list[tuple[Module, ast.Lambda | Function]] = []
            for value in values:
                for sub in walk(value):
                    if isinstance(sub, (ast.Lambda, ast.Name, ast.Attribute)) and not (
                        isinstance(sub, ast.Name) and sub.id == node.id
                    ):
                        result.extend(self._resolve(module, sub, None, depth - 1))
            return result
        return []

    def _methods(
        self, module: Module, node: ast.Attribute, found: list[tuple[Module, Function]]
    ) -> list[tuple[Module, Function]]:
        """Of functions of a name, those that `x.name` may be: methods, or an imported module's."""
        if isinstance(node.value, ast.Name) and node.value.id in module.names:
            return [each for each in found if each[0] is not module]
        return [each for each in found if id(each[1]) in self.flags.methods]

    def _of_class(self, node: ast.Attribute, call: Call | None) -> list[tuple[Module, ast.Lambda | Function]]:
        """`self.stop` in a class that has it, where several classes have one."""
        if (
            call is None
            or not call.owner
            or not isinstance(node.value, ast.Name)
            or node.value.id not in ("self", "cls")
        ):
            return []
        for module in self.modules:
            for sub in module.nodes:
                if isinstance(sub, ast.ClassDef) and sub.name == call.owner:
                    for item in sub.body:
                        if isinstance(item, (ast.FunctionDef, ast.AsyncFunctionDef)) and item.name == node.attr:
                            return [(module, item)]
        return []

    def _passed(self, name: str, function: Function) -> Iterator[ast.expr]:
        order = [each.arg for each in (*function.args.posonlyargs, *function.args.args)]
        if name not in order:
            return
        at = order.index(name) - (order[0] in ("self", "cls"))
        for module in self.modules:
            for call in module.calls:
                if call.called.rpartition(".")[2] == function.name:
                    yield from (word.value for word in call.node.keywords if word.arg == name)
                    yield from call.node.args[at : at + 1]

    # What a handler does.

    def _handler(self, item: Installed, module: Module, function: ast.Lambda | Function, where: str) -> Stop:
        effects = _Effects()
        if isinstance(function, ast.Lambda):
            self._expression(module, function.body, effects, certain=True, depth=MAX_DEPTH, entered=set())
        else:
            self._function(module, function, effects, certain=True, depth=MAX_DEPTH, entered=set())
        return self._verdict(effects, item, where, inside=function)

    def _function(
        self, module: Module, function: Function, effects: _Effects, *, certain: bool, depth: int, entered: set[int]
    ) -> bool:
        if id(function) in entered or depth <= 0:
            return False
        entered.add(id(function))
        outer = {name for sub in walk(function) if isinstance(sub, (ast.Global, ast.Nonlocal)) for name in sub.names}
        return self._block(module, function.body, effects, certain, depth, entered, outer)

    def _block(
        self,
        module: Module,
        body: Iterable[ast.stmt],
        effects: _Effects,
        certain: bool,
        depth: int,
        entered: set[int],
        outer: set[str],
    ) -> bool:
        """Walk statements; whether they leave the handler by an end of the program for certain."""
        for statement in body:
            if self._statement(module, statement, effects, certain, depth, entered, outer):
                return True
            if isinstance(statement, ast.Return):
                return False
        return False

    def _statement(
        self,
        module: Module,
        node: ast.stmt,
        effects: _Effects,
        certain: bool,
        depth: int,
        entered: set[int],
        outer: set[str],
    ) -> bool:
        def block(body: list[ast.stmt], sure: bool) -> bool:
            return self._block(module, body, effects, sure, depth, entered, outer)

        def expression(value: ast.expr | None) -> bool:
            if value is None:
                return False
            return self._expression(module, value, effects, certain=certain, depth=depth, entered=entered)

        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            return False
        if isinstance(node, ast.If):
            truth = self._truth(node.test)
            if truth is not None:
                return block(node.body if truth else node.orelse, certain)
            if expression(node.test):
                return True
            if _is_first(node) and block(node.body, certain):
                return True  # `if not stopping: stopping = True; sys.exit()`
            before = set(effects.raises)
            ends = block(node.body, False), block(node.orelse, False)
            if all(ends):
                return self._ended(effects, certain)
            effects.raises = before if certain else effects.raises
            return False
        if isinstance(node, ast.Try):
            caught = any(_catches(handler, {"SystemExit"}) for handler in node.handlers)
            if caught:
                block(node.body, False)
                if all(block(handler.body, False) for handler in node.handlers):
                    return self._ended(effects, certain)
                return block(node.finalbody, certain)
            ended = block(node.body, certain)
            for handler in node.handlers:
                block(handler.body, False)
            return block([*([] if ended else node.orelse), *node.finalbody], certain) or ended
        if isinstance(node, (ast.With, ast.AsyncWith)):
            for item in node.items:
                if expression(item.context_expr):
                    return True
            return block(node.body, certain)
        if isinstance(node, (ast.For, ast.AsyncFor, ast.While)):
            expression(node.test if isinstance(node, ast.While) else node.iter)
            block(node.body, False)
            return False
        if isinstance(node, ast.Raise):
            name = ast.unparse(node.exc).split("(")[0].rpartition(".")[2] if node.exc is not None else "Exception"
            return self._raise(effects, name, certain)
        if isinstance(node, (ast.Assign, ast.AugAssign, ast.AnnAssign)):
            if expression(node.value):
                return True
            for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                self._sets(module, target, effects, outer)
            return False
        if isinstance(node, (ast.Expr, ast.Return)):
            return expression(node.value)
        if isinstance(node, ast.Match):
            for case in node.cases:
                block(case.body, False)
        return False

    def _ended(self, effects: _Effects, certain: bool) -> bool:
        effects.ends = effects.ends or certain
        effects.may_end = True
        return True

    def _raise(self, effects: _Effects, name: str, certain: bool) -> bool:
        effects.may_end = True
        if certain:
            effects.raises.add(name)
        return True

    def _truth(self, test: ast.expr) -> bool | None:
        """`if signum == signal.SIGTERM` of a handler's own signal."""
        if not isinstance(test, ast.Compare) or len(test.ops) != 1 or not isinstance(test.left, ast.Name):
            return None
        names = {sub.attr for sub in walk(test.comparators[0]) if isinstance(sub, ast.Attribute)}
        names = {name for name in names if name.startswith("SIG")}
        if not names:
            return None
        if isinstance(test.ops[0], (ast.Eq, ast.In, ast.Is)):
            return self.signal in names
        return self.signal not in names if isinstance(test.ops[0], (ast.NotEq, ast.NotIn)) else None

    def _sets(self, module: Module, target: ast.expr, effects: _Effects, outer: set[str]) -> None:
        if isinstance(target, (ast.Tuple, ast.List)):
            for each in target.elts:
                self._sets(module, each, effects, outer)
        elif isinstance(target, ast.Name) and target.id in outer:
            effects.flags.add(target.id)
        elif isinstance(target, ast.Attribute):
            effects.flags.add(target.attr)
            if not (isinstance(target.value, ast.Name) and target.value.id in ("self", "cls", *self.functions)):
                effects.foreign.add(target.attr)
        elif isinstance(target, ast.Subscript):
            if isinstance(target.slice, ast.Constant) and isinstance(target.slice.value, str):
                effects.flags.add(target.slice.value)
            name = _last(target.value)
            effects.flags.update({name} - {""})

    def _expression(
        self, module: Module, node: ast.expr, effects: _Effects, *, certain: bool, depth: int, entered: set[int]
    ) -> bool:
        todo: list[tuple[ast.AST, bool]] = [(node, certain)]
        ended = False
        while todo:
            part, sure = todo.pop()
            if isinstance(part, ast.Lambda):
                continue
            if isinstance(part, ast.Call) and self._call(module, part, effects, sure, depth, entered):
                ended = ended or sure
            inner = sure and not isinstance(part, (ast.BoolOp, ast.IfExp, ast.GeneratorExp))
            todo.extend((child, inner) for child in children(part))
        return ended or (not certain and effects.may_end and isinstance(node, ast.Call) and _is_exit(module, node))

    def _call(
        self, module: Module, node: ast.Call, effects: _Effects, certain: bool, depth: int, entered: set[int]
    ) -> bool:
        called = module.dotted(node.func) or ""
        last = called.rpartition(".")[2] or (node.func.attr if isinstance(node.func, ast.Attribute) else "")
        if called in _HARD:
            return self._ended(effects, certain)
        if called in _EXITS:
            return self._raise(effects, "SystemExit", certain)
        if called in ("os.kill", "signal.raise_signal", "os.killpg"):
            return self._signals_itself(node, called, effects, certain)
        if called == "signal.signal":
            given = ast.unparse(node.args[1]) if len(node.args) > 1 else ""
            effects.resets = effects.resets or given.endswith("SIG_DFL")
            return False
        if called.startswith(("logging.", "time.", "sys.stdout.", "sys.stderr.", "traceback.", "datetime.")):
            return False
        for argument in (*node.args, *(word.value for word in node.keywords)):
            if last in _PASSES_ON and isinstance(argument, (ast.Name, ast.Attribute, ast.Lambda)):
                self._handed(module, argument, effects, depth, entered)
        own = self.functions.get(last, []) if not called.startswith(("os.", "sys.", "signal.")) else []
        if isinstance(node.func, ast.Name):
            own = [each for each in own if each[0] is module or node.func.id in module.names]
        elif isinstance(node.func, ast.Attribute):
            own = self._methods(module, node.func, own)
        if own and last not in ("print", "info", "error", "warning", "debug"):
            sure = certain and len(own) == 1
            results = [
                self._function(where, each, effects, certain=sure, depth=depth - 1, entered=entered)
                for where, each in own[:4]
            ]
            return sure and results[0]
        if last in _PASSES_ON or last in _SAYS or is_brief(called or None, node):
            return False
        if isinstance(node.func, ast.Attribute):
            return self._named(module, node.func, effects)
        effects.unknown.append(called or ast.unparse(node.func)[:40])
        return False

    def _handed(self, module: Module, node: ast.expr, effects: _Effects, depth: int, entered: set[int]) -> None:
        """A function that something else calls then: `loop.call_soon_threadsafe(event.set)`."""
        if isinstance(node, ast.Lambda):
            self._expression(module, node.body, effects, certain=False, depth=depth, entered=entered)
            return
        own = self.functions.get(_last(node), [])
        if isinstance(node, ast.Attribute):
            own = self._methods(module, node, own)
        for where, each in own[:4]:
            self._function(where, each, effects, certain=False, depth=depth - 1, entered=entered)
        if not own and isinstance(node, ast.Attribute):
            self._named(module, node, effects, handed=True)

    def _named(self, module: Module, node: ast.Attribute, effects: _Effects, *, handed: bool = False) -> bool:
        """A method of something, by its name."""
        receiver = ast.unparse(node.value)
        if node.attr in ("set", "clear", "put", "put_nowait", "set_result", "notify", "notify_all", "release"):
            effects.flags.add(_last(node.value))
        elif node.attr in ("stop", "cancel") and "loop" in receiver.lower() and self.flags.has_event_loop:
            effects.stops_loop = True
        elif node.attr == "terminate" and any(
            made.startswith("multiprocessing.") for made in module.makers.get(_last(node.value), ())
        ):
            effects.stops_loop = True  # its own worker, for which it waits
        elif node.attr == "shutdown" and self.flags.serves_forever and not handed:
            effects.unknown.append(f"{receiver}.shutdown, which waits for the server that it interrupts")
        elif node.attr in _ENDING:
            effects.likely.append(f"{receiver[:40]}.{node.attr}")
        elif node.attr not in _SAYS and not handed:
            effects.unknown.append(f"{receiver[:40]}.{node.attr}")
        return False

    def _signals_itself(self, node: ast.Call, called: str, effects: _Effects, certain: bool) -> bool:
        words = [ast.unparse(each) for each in node.args]
        sent = words[-1] if words else ""
        itself = called == "signal.raise_signal" or (called == "os.kill" and words[:1] in (["os.getpid()"], ["1"]))
        if not itself:
            effects.unknown.append(called)
        elif sent.endswith("SIGINT") and not effects.resets:
            return self._raise(effects, "KeyboardInterrupt", certain)
        elif sent.endswith(("SIGKILL", "SIGSTOP")) or effects.resets:
            effects.dropped = True
        else:
            effects.unknown.append(called)
        return False

    # What that comes to.

    def _verdict(self, effects: _Effects, item: Installed, where: str, inside: ast.AST | None = None) -> Stop:
        if effects.raises:
            names = effects.raises
            if item.in_loop and not names & {"SystemExit", "KeyboardInterrupt"}:
                return Stop("open", f"{where} raises {min(names)} in an event loop, which keeps it")
            return self._raised(names, where)
        if effects.ends:
            return Stop("ends", "")
        if effects.stops_loop:
            return Stop("ends", "")
        if effects.flags:
            read = self.flags.read(effects.flags, inside)
            if read.kind == "loop":
                return Stop("ends", "")
            if read.kind == "somewhere" and not effects.likely:
                return Stop("open", f"what {where} sets is looked at, but not by a loop that keeps it running")
            if read.kind == "blocked" and not effects.likely:
                return Stop("open", read.why)
            if effects.foreign and not effects.likely:
                return Stop("likely", f"{where} sets {min(effects.foreign)} of something that wasn't read")
        if effects.likely:
            return Stop("likely", f"{where} calls {effects.likely[0]}(), which wasn't read")
        if effects.may_end:
            return Stop("open", f"{where} ends it only under a condition")
        if effects.unknown:
            return Stop("open", f"{where} calls {effects.unknown[0]}, and what that does isn't known")
        if effects.dropped:
            return Stop("dropped", f"{where} leaves {self.signal} to the default action, which PID 1 hasn't")
        if not self.whole:
            return Stop("open", f"{where} isn't seen to end it")
        if effects.flags:
            return Stop("nothing", f"{where} sets what nothing looks at")
        return Stop("nothing", f"{where} goes on after {self.signal}")

    def _raised(self, names: set[str], where: str) -> Stop:
        caught = set(names)
        if not names & {"SystemExit", "KeyboardInterrupt"}:
            caught.add("Exception")
        for name in names:
            caught |= self.bases.get(name, set())
        place = self.flags.swallows(caught)
        return Stop("open", f"{place} may catch what {where} raises") if place else Stop("ends", "")


def _is_first(node: ast.If) -> bool:
    """Whether a branch is taken on the first signal: `if not self.stopping`, where it sets that."""
    if not isinstance(node.test, ast.UnaryOp) or not isinstance(node.test.op, ast.Not):
        return False
    flag = ast.unparse(node.test.operand)
    return isinstance(node.test.operand, (ast.Name, ast.Attribute)) and any(
        isinstance(statement, ast.Assign)
        and isinstance(statement.value, ast.Constant)
        and bool(statement.value.value)
        and any(ast.unparse(target) == flag for target in statement.targets)
        for statement in node.body
    )


def _catches(handler: ast.ExceptHandler, names: set[str]) -> bool:
    if handler.type is None:
        return True
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(_last(kind) in {*names, "BaseException"} for kind in kinds)


def _is_exit(module: Module, node: ast.Call) -> bool:
    return (module.dotted(node.func) or "") in (*_HARD, *_EXITS)


def _last(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def never_made(module: Module, call: Call, mentioned: set[str]) -> bool:
    """Whether a call stands in a class of the program's own that nothing makes."""
    if not call.owner or call.owner in mentioned or module.makers.get(call.owner) != {LOCAL}:
        return False
    return not any(
        isinstance(node, ast.ClassDef) and node.name == call.owner and (node.decorator_list or node.keywords)
        for node in module.nodes
    )
