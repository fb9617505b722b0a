"""Which signals a Python program handles, ignores or leaves alone, and whether it reaps any child."""

from __future__ import annotations

import ast

from initlint.boot.python_module import LOCAL, Call, Module
from initlint.boot.python_stops import Installed
from initlint.boot.python_tree import walk
from initlint.facts.python_libraries import SIGNAL_HANDLERS, STANDARD_LIBRARY, UNSURE_HANDLERS, HandlerFact

_SIGNALS = frozenset(["SIGTERM", "SIGINT", "SIGQUIT", "SIGHUP", "SIGUSR1", "SIGUSR2", "SIGCHLD", "SIGWINCH"])
_NUMBERS = {1: "SIGHUP", 2: "SIGINT", 3: "SIGQUIT", 10: "SIGUSR1", 12: "SIGUSR2", 15: "SIGTERM", 17: "SIGCHLD"}
_WAITS = frozenset(["signal.sigwait", "signal.sigtimedwait", "signal.sigwaitinfo"])
_ASYNC = ("add_signal_handler", "open_signal_receiver")

# Keywords that turn a library's handlers off.
_SWITCHES = frozenset(
    "handle_signals install_signal_handlers installSignalHandlers stop_signals signal_handlers "
    "enable_signal_handlers register_sys_signals handleSIGTERM".split()
)

# Names of methods that many libraries have: only the kind of object tells whose it is.
_COMMON = frozenset(["run", "start", "serve", "work", "idle", "main", "signal"])
MAX_DEPTH = 6


class Handlers:
    """What is found out about signals while the calls of all modules are looked at."""

    def __init__(self, modules: list[Module], libraries: set[str]) -> None:
        self.handled: dict[str, str] = {}
        self.kills: dict[str, str] = {}  # those that end it while its child never gets them, and what that child is
        self.ignored: set[str] = set()
        self.refused: set[str] = set()  # told to the kernel: no process, PID 1 or not, ends on them
        self.reaps = ""
        self.open: list[str] = []  # reasons why there may be a handler that isn't seen
        self.modules = modules
        self.roots = {name.split(".")[0].lower() for name in libraries}
        self.facts = {root: SIGNAL_HANDLERS[root] for root in sorted(self.roots) if root in SIGNAL_HANDLERS}
        self.open.extend(UNSURE_HANDLERS[root] for root in sorted(self.roots) if root in UNSURE_HANDLERS)
        self.seen: list[Call] = []
        self.installed: dict[str, list[Installed]] = {}  # the program's own handlers
        self.others: set[str] = set()  # signals that a library handles, or that are waited for
        self.makers: dict[str, set[str]] = {}
        for module in modules:
            for name, made in module.makers.items():
                self.makers.setdefault(name, set()).update(made)

    def knows(self, library: str) -> bool:
        return library in self.facts or library in UNSURE_HANDLERS

    def uses(self, library: str, calls: tuple[str, ...]) -> bool:
        """Whether one of a library's functions or methods is called; True for any use where `calls` is empty."""
        if not calls:
            return True
        for call in self.seen:
            receiver, _, last = call.called.rpartition(".")
            if last in calls and (not receiver or library in self._roots(receiver, call, MAX_DEPTH)):
                return True
        return False

    def look_at(self, module: Module, call: Call) -> None:
        self.seen.append(call)
        called = call.called
        last = called.rpartition(".")[2]
        where = module.where(call.node)
        if called == "signal.signal":
            self._handler(module, call, where)
        elif called in _WAITS:
            for name in self._signals(module, call, where):
                self.handled.setdefault(name, f"{where} waits for {name}")
                self.others.add(name)
        elif last in _ASYNC and "." in called:
            for name in self._signals(module, call, where):
                self.handled.setdefault(name, f"{where} adds a handler for {name}")
                if last == "add_signal_handler" and len(call.node.args) > 1:
                    self._install(name, Installed(module, call, call.node.args[1], True))
                else:
                    self.others.add(name)
        elif called in ("gevent.signal_handler", "gevent.signal", "gevent.hub.signal"):
            for name in self._signals(module, call, where):
                self.handled.setdefault(name, f"{where} handles {name}")
                self.others.add(name)
        elif call.in_while and not self.reaps and _waits_for_any(call):
            self.reaps = f"{where} waits for any child"
        for root, facts in self.facts.items():
            for fact in facts:
                if last in fact.calls:
                    self._library(module, call, root, fact, where)

    def waits_in_thread(self, module: Module, call: Call) -> None:
        """A thread's loop that waits for any child reaps for the whole process."""
        name = call.function.name if call.function is not None else ""
        if self.reaps or not call.in_while or not _waits_for_any(call):
            return
        for other in module.calls:
            if other.called == "threading.Thread" and any(
                word.arg == "target" and (module.dotted(word.value) or "").rpartition(".")[2] == name
                for word in other.node.keywords
            ):
                self.reaps = f"{module.where(call.node)} waits for any child"

    def _install(self, name: str, item: Installed) -> None:
        self.installed.setdefault(name, []).append(item)

    def _handler(self, module: Module, call: Call, where: str) -> None:
        handler = call.node.args[1] if len(call.node.args) > 1 else None
        if handler is None:
            handler = next((item.value for item in call.node.keywords if item.arg == "handler"), None)
        named = module.dotted(handler) if handler is not None else None
        last = (named or "").rpartition(".")[2]
        if last == "SIG_DFL" and call.node.args:  # of whichever signal, it's no handler
            signals = sorted(self._named(module, call.node.args[0], call, set(), MAX_DEPTH))
        else:
            signals = self._signals(module, call, where)
        for name in signals:
            if name in ("SIGCHLD", "SIGCLD"):
                if last == "SIG_IGN":
                    self.reaps = f"{where} ignores SIGCHLD, so that the kernel reaps"
            elif last in ("SIG_IGN", "SIG_DFL"):
                self.ignored.add(name)
                if last == "SIG_IGN":
                    self.refused.add(name)
                else:
                    self._install(name, Installed(module, call, None, False))
            elif not self._was_there(module, handler):
                self.handled.setdefault(name, f"{where} handles {name}")
                if handler is not None:
                    self._install(name, Installed(module, call, handler, False))

    def _was_there(self, module: Module, handler: ast.expr | None) -> bool:
        """Whether a handler is put back that was there before: `old = signal.signal(...)`."""
        name = (
            handler.id if isinstance(handler, ast.Name) else handler.attr if isinstance(handler, ast.Attribute) else ""
        )
        made = module.makers.get(name, set())
        return bool(made & {"signal.signal", "signal.getsignal"})

    def _signals(self, module: Module, call: Call, where: str) -> list[str]:
        """Signals that a call names, through loops, constants and the parameters of a helper."""
        first = call.node.args[0] if call.node.args else None
        if first is None:
            first = next((item.value for item in call.node.keywords if item.arg in ("signalnum", "sig")), None)
        if first is None:
            return []
        found = self._named(module, first, call, set(), MAX_DEPTH)
        if not found:
            self.open.append(f"which signal {where} handles")
        return sorted(found)

    def _named(self, module: Module, node: ast.expr, call: Call | None, seen: set[str], depth: int) -> set[str]:
        found: set[str] = set()
        for sub in walk(node):
            if isinstance(sub, ast.Attribute) and sub.attr.startswith("SIG") and sub.attr not in ("SIG_IGN", "SIG_DFL"):
                found.add(sub.attr)
            elif isinstance(sub, ast.Constant):
                if isinstance(sub.value, str) and sub.value.startswith("SIG"):
                    found.add(sub.value)
                elif isinstance(sub.value, int) and sub.value in _NUMBERS and sub is node:
                    found.add(_NUMBERS[sub.value])
            elif isinstance(sub, (ast.Name, ast.Attribute)) and depth:
                name = sub.id if isinstance(sub, ast.Name) else sub.attr
                known = module.names.get(name, name).rpartition(".")[2]
                if known in _SIGNALS:
                    found.add(known)
                elif name not in seen:
                    seen.add(name)
                    for other in self.modules:
                        for value in other.bindings.get(name, []):
                            found |= self._named(other, value, call if other is module else None, seen, depth - 1)
                    if call is not None:
                        found |= self._passed(name, call, seen, depth - 1)
        return found

    def _passed(self, name: str, call: Call, seen: set[str], depth: int) -> set[str]:
        """Signals that callers give for a parameter of the function around a call."""
        function = call.function
        if function is None:
            return set()
        order = [item.arg for item in (*function.args.posonlyargs, *function.args.args)]
        if call.is_method and order:
            order = order[1:]
        vararg = function.args.vararg is not None and function.args.vararg.arg == name
        if name not in order and not vararg:
            return set()
        found: set[str] = set()
        for module in self.modules:
            for other in module.calls:
                if other.called.rpartition(".")[2] != function.name:
                    continue
                values: list[ast.expr] = [item.value for item in other.node.keywords if item.arg == name]
                if vararg:
                    values.extend(other.node.args[len(order) :])
                elif order.index(name) < len(other.node.args):
                    values.append(other.node.args[order.index(name)])
                for value in values:
                    found |= self._named(module, value, other, seen, depth)
        return found

    # Libraries.

    def _library(self, module: Module, call: Call, root: str, fact: HandlerFact, where: str) -> None:
        receiver, _, last = call.called.rpartition(".")
        if not receiver or any(part in call.called.split(".") for part in fact.not_through):
            return
        told = {word.arg: word.value for word in call.node.keywords if word.arg}
        if any(
            isinstance(value, ast.Constant) and not value.value for name, value in told.items() if name in _SWITCHES
        ):
            return
        roots = self._roots(receiver, call, MAX_DEPTH)
        if roots and root not in roots:
            return
        if fact.only_with:
            given = [told[name] for name in fact.only_with if name in told] or module.bindings.get("debug", [])
            values = [value.value if isinstance(value, ast.Constant) else None for value in given]
            if root not in roots or not given or (False in values and told):
                return
            if True not in values:
                self.open.append(f"whether {where} runs with {' or '.join(fact.only_with)}")
                return
        if not roots and last in _COMMON:
            self.open.append(f"whose {last}() {where} calls")
            return
        self._add(fact, f"{where} calls {last}() of {root}, which handles {{}}")

    def _add(self, fact: HandlerFact, why: str) -> None:
        for name in fact.signals:
            self.handled.setdefault(name, why.format(name))
            self.others.add(name)
            if fact.reaps and not self.reaps:
                self.reaps = f"{why.partition(', which')[0]}, which waits for any child"
            if fact.keeps_child:
                self.kills.setdefault(name, fact.keeps_child)

    def _roots(self, dotted: str, call: Call | None, depth: int) -> set[str]:
        """Libraries that an object may come from: through what made it, functions and base classes."""
        if not dotted or depth <= 0:
            return set()
        first = dotted.split(".")[0].removesuffix("()").lower()
        if first in self.roots or first in STANDARD_LIBRARY or first == LOCAL:
            return {first}
        if first in ("self", "cls", "super") and call is not None and call.owner and dotted.count(".") == 0:
            return self._roots(call.owner, None, depth - 1)
        last = dotted.rpartition(".")[2].removesuffix("()")
        found: set[str] = set()
        for name in dict.fromkeys((last, dotted.split(".")[0].removesuffix("()"))):
            for maker in self.makers.get(name, ()):
                found |= self._roots(maker, None, depth - 1)
            if found:
                break
        if not found and "()" in dotted and dotted.split("(")[0] != dotted:
            found = self._roots(dotted.split("(")[0], None, depth - 1)
        return found


def _waits_for_any(call: Call) -> bool:
    if call.called in ("os.wait", "os.wait3"):
        return True
    first = call.node.args[0] if call.node.args else None
    if call.called not in ("os.waitpid", "os.wait4", "os.waitid"):
        return False
    if isinstance(first, ast.UnaryOp) and isinstance(first.op, ast.USub) and isinstance(first.operand, ast.Constant):
        return first.operand.value == 1
    return isinstance(first, ast.Attribute) and first.attr == "P_ALL"
