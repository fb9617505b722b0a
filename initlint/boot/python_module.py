"""One Python module taken apart: what it imports, calls and binds, as far as it runs at all.

Code that can't run in a container as the program at hand is left out: the `__main__` block of
an imported module, branches for Windows, blocks for type checkers.
"""

from __future__ import annotations

import ast
import posixpath
import re
from collections.abc import Iterator
from functools import cached_property, lru_cache

from initlint.boot.python_tree import children, parse, walk
from initlint.facts.python_libraries import (
    CHILD_MAKERS,
    ORPHAN_MAKERS,
    SIGNAL_HANDLERS,
    STANDARD_LIBRARY,
    UNSURE_HANDLERS,
)
from initlint.records import NamedTuple
from initlint.text import Source, Span, decode

_TELLING_LIBRARIES = frozenset([*SIGNAL_HANDLERS, *UNSURE_HANDLERS, *CHILD_MAKERS, *ORPHAN_MAKERS])

MAX_DEPTH = 60  # of a chain such as a().b().c()
_STAR = {
    "os": "system popen fork wait waitpid execv execvp execl execlp spawnl spawnv",
    "subprocess": "run call check_call check_output Popen getoutput getstatusoutput",
    "signal": "signal SIGTERM SIGINT SIGHUP SIGQUIT SIGCHLD SIG_IGN SIG_DFL sigwait",
    "multiprocessing": "Process Pool Manager",
}

LOCAL = "<class of the program>"  # what makes an object of a class without bases

# Keywords whose value is a function that another thread or process runs.
_ELSEWHERE = frozenset(["target", "initializer", "preexec_fn"])

Function = ast.FunctionDef | ast.AsyncFunctionDef


class Call(NamedTuple):
    """A call: the dotted name that is called, and where it stands."""

    node: ast.Call
    called: str
    function: Function | None
    owner: str  # the class around it
    in_while: bool
    is_method: bool
    managed: bool  # `with CALL:`


# A module without one of these neither starts a process nor touches a signal, and loads nothing
# that isn't imported by name: what it imports and which names it mentions is all that counts.
_TELLING = re.compile(
    rb"subprocess|\bsignals?\b|SIG[A-Z]|\bfork|[Pp]open|spawn|multiprocessing|concurrent\.futures|\bpty\b|pexpect"
    rb"|\bexec(?:[vl]p?e?|file)?\b|os\.(?:system|wait)|from os import|\bcommands\.get|sys\.path|addsitedir"
    rb"|import_module|__import__|runpy|load_extension|autodiscover_tasks|\bCelery\b|django\.setup|get_[aw]sgi_application"
)
_IMPORT = re.compile(
    rb"^[ \t]*(?:from[ \t]+([.\w]+)[ \t]+import[ \t]+(\([^)]*\)|[^\n;#]+)|import[ \t]+([^\n;#]+))", re.M
)
_NAME = re.compile(rb"[A-Za-z_]\w*")


class Module:
    """A module's source with what was gathered from it.

    `tree` is empty for one that was only skimmed: its imports and names are known, no calls.
    """

    def __init__(self, source: Source, path: str, tree: ast.Module | None, *, is_main: bool) -> None:
        self.source = source
        self.path = path  # inside the container
        self.tree = tree if tree is not None else ast.Module([], [])
        self.is_main = is_main
        self.names: dict[str, str] = {}  # local name → the dotted name that it stands for
        self.imports: list[tuple[str, bool]] = []  # dotted name; whether it must be a module
        self.needed: set[str] = set()  # first names of what it can't do without
        self.guarded: set[str] = set()  # first names that are imported where it goes on without them
        self.calls: list[Call] = []
        self.bindings: dict[str, list[ast.expr]] = {}  # name → what is bound to it
        self.makers: dict[str, set[str]] = {}  # name → dotted names of what made its values
        self.mentioned: set[str] = set()  # names that are used anywhere
        self.attributes: set[str] = set()
        self.elsewhere: set[str] = set()  # functions given to a thread or a process
        if tree is None:
            self._skim()
        else:
            self._gather()

    @cached_property
    def nodes(self) -> list[ast.AST]:
        """All nodes of the tree: none for a module that was only skimmed."""
        return walk(self.tree)

    @cached_property
    def whole_tree(self) -> ast.Module | None:
        """The tree, also of a module that was only skimmed; None where it can't be parsed."""
        return self.tree if self.tree.body else parse(self.source)

    def where(self, node: ast.expr) -> str:
        return f"{self.source.name}:{node.lineno}"

    def span(self, node: ast.expr) -> Span:
        starts = self.source.line_starts
        size = len(self.source.data)
        row = min(node.lineno, len(starts)) - 1
        end_row = min(node.end_lineno or node.lineno, len(starts)) - 1
        start = min(starts[row] + node.col_offset, size)
        return Span(self.source, start, max(start, min(starts[end_row] + (node.end_col_offset or 0), size)))

    def dotted(self, node: ast.expr) -> str | None:
        """`sp.run` as subprocess.run; a call inside the chain is written `()`."""
        parts: list[str] = []
        for _ in range(MAX_DEPTH):
            if isinstance(node, ast.Attribute):
                parts.append(node.attr)
                node = node.value
            elif isinstance(node, ast.Call):
                node = node.func
                if parts:
                    parts[-1] = f"().{parts[-1]}"
                else:
                    parts.append("()")
            elif isinstance(node, (ast.Await, ast.NamedExpr)):
                node = node.value
            elif isinstance(node, ast.Name):
                parts.append(self.names.get(node.id, node.id))
                return ".".join(reversed(parts)).replace(".().", "().").replace(".()", "()")
            else:
                return None
        return None

    def _gather(self) -> None:
        todo: list[tuple[ast.AST, Function | None, str, bool, bool]] = [(self.tree, None, "", False, False)]
        calls: list[tuple[ast.Call, Function | None, str, bool, bool]] = []
        managed: set[int] = set()
        optional: set[int] = set()
        bound: list[tuple[str, ast.expr]] = []
        made: list[tuple[str, ast.expr]] = []
        while todo:
            node, function, owner, in_while, is_method = todo.pop()
            if isinstance(node, ast.Name):
                if isinstance(node.ctx, ast.Load):
                    self.mentioned.add(node.id)
                continue
            if isinstance(node, ast.Constant):
                if isinstance(node.value, str) and len(node.value) < 100:
                    self.mentioned.add(node.value.rpartition(".")[2].rpartition(":")[2])
                continue
            chosen: list[ast.AST] | None = None
            if isinstance(node, ast.Attribute):
                self.attributes.add(node.attr)
            elif isinstance(node, ast.Call):
                calls.append((node, function, owner, in_while, is_method))
            elif isinstance(node, ast.If):
                truth = _truth(node.test, self.is_main)
                if truth is not None:
                    chosen = list(node.body if truth else node.orelse)
            elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                is_method = bool(owner) and function is None
                function, in_while = node, False
                for argument in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs):
                    if argument.annotation is not None:
                        made.append((argument.arg, argument.annotation))
                if node.returns is not None:
                    made.append((node.name, node.returns))
            elif isinstance(node, ast.Return):
                if function is not None and node.value is not None:
                    made.append((function.name, node.value))
            elif isinstance(node, ast.ClassDef):
                made.extend((node.name, base) for base in node.bases)
                if not node.bases:
                    self.makers[node.name] = {LOCAL}
                function, owner, in_while = None, node.name, False
            elif isinstance(node, ast.While):
                in_while = True
            elif isinstance(node, ast.Try):
                if _goes_on_without(node):
                    optional.update(id(sub) for item in node.body for sub in walk(item))
            elif isinstance(node, (ast.Import, ast.ImportFrom)):
                self._import(node)
                roots = {name.split(".")[0].lower() for name in _modules(node)}
                (self.guarded if id(node) in optional else self.needed).update(roots)
            elif isinstance(node, ast.Assign):
                bound.extend((name, node.value) for target in node.targets for name in _targets(target))
            elif isinstance(node, ast.AnnAssign):
                if node.value is not None:
                    bound.extend((name, node.value) for name in _targets(node.target))
            elif isinstance(node, ast.NamedExpr):
                bound.extend((name, node.value) for name in _targets(node.target))
            elif isinstance(node, (ast.For, ast.AsyncFor, ast.comprehension)):
                bound.extend((name, node.iter) for name in _targets(node.target))
            elif isinstance(node, ast.withitem):
                managed.add(id(node.context_expr))
                if node.optional_vars is not None:
                    bound.extend((name, node.context_expr) for name in _targets(node.optional_vars))
            for child in children(node) if chosen is None else chosen:
                todo.append((child, function, owner, in_while, is_method))
        for name, value in bound:
            self.bindings.setdefault(name, []).append(value)
        for name, value in (*bound, *made):
            maker = self.dotted(value)
            if maker is not None and maker != name:
                self.makers.setdefault(name, set()).add(maker)
        for node, function, owner, in_while, is_method in calls:
            called = self.dotted(node.func)
            if called is None:
                continue
            for keyword in node.keywords:
                if keyword.arg in _ELSEWHERE:
                    target = self.dotted(keyword.value)
                    if target is not None:
                        self.elsewhere.add(target.rpartition(".")[2])
            self.calls.append(Call(node, called, function, owner, in_while, is_method, id(node) in managed))
        self.calls.sort(key=lambda call: (call.node.lineno, call.node.col_offset))

    def _skim(self) -> None:
        for match in _IMPORT.finditer(self.source.data):
            module, names, plain = (None if part is None else decode(part) for part in match.groups())
            if plain is not None:
                self.imports.extend((part.split()[0], True) for part in plain.split(",") if part.strip())
                continue
            base = module or ""
            stem = base.strip(".")
            if stem or not base.startswith("."):
                self.imports.append((base, True))
            if not base.startswith(".") and stem.split(".")[0] in STANDARD_LIBRARY:
                continue
            for part in (names or "").strip("()\\ \t").replace("\\", " ").split(","):
                words = part.split("#")[0].split()
                if words and words[0].isidentifier():
                    self.imports.append((f"{base}.{words[0]}" if stem else f"{base}{words[0]}", False))
        self.mentioned = {decode(name) for name in _NAME.findall(self.source.data)}

    def _import(self, node: ast.Import | ast.ImportFrom) -> None:
        if isinstance(node, ast.Import):
            for alias in node.names:
                self.imports.append((alias.name, True))
                if alias.asname:
                    self.names[alias.asname] = alias.name
                else:
                    root = alias.name.split(".")[0]
                    self.names[root] = root
            return
        base = "." * node.level + (node.module or "")
        if node.module or not node.level:
            self.imports.append((base, True))
        standard = not node.level and (node.module or "").split(".")[0] in STANDARD_LIBRARY
        for alias in node.names:
            if alias.name == "*":
                for name in _STAR.get(base, "").split():
                    self.names[name] = f"{base}.{name}"
                continue
            self.mentioned.add(alias.name)
            if not standard:
                self.imports.append((f"{base}.{alias.name}" if node.module else f"{base}{alias.name}", False))
            self.names[alias.asname or alias.name] = f"{base.lstrip('.')}.{alias.name}".lstrip(".")


_ABSENT = frozenset(["ImportError", "ModuleNotFoundError", "Exception", "BaseException"])
_ENDINGS = frozenset(["exit", "_exit", "abort", "quit"])


def _goes_on_without(node: ast.Try) -> bool:
    """Whether a program goes on where an import in a `try` fails: it is caught, and nothing raises or exits then."""
    for handler in node.handlers:
        kind = handler.type
        named = kind.elts if isinstance(kind, ast.Tuple) else [] if kind is None else [kind]
        if kind is not None and not any(isinstance(item, ast.Name) and item.id in _ABSENT for item in named):
            continue
        ends = any(
            isinstance(sub, ast.Raise)
            or (isinstance(sub, ast.Call) and ast.unparse(sub.func).rpartition(".")[2] in _ENDINGS)
            for item in handler.body
            for sub in walk(item)
        )
        return not ends
    return False


def _modules(node: ast.Import | ast.ImportFrom) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [] if node.level or not node.module else [node.module]


@lru_cache(maxsize=512)
def read_module(source: Source, path: str, *, is_main: bool) -> Module | None:
    """A module taken apart; several programs of one project share what they import. None where it can't be parsed."""
    if not is_main and _TELLING.search(source.data) is None and not _uses_telling_library(source.data):
        return Module(source, path, None, is_main=False)
    tree = parse(source)
    return None if tree is None else Module(source, path, tree, is_main=is_main)


def _uses_telling_library(data: bytes) -> bool:
    """Whether it imports a library whose calls matter: one that installs handlers or starts processes."""
    for match in _IMPORT.finditer(data):
        for name in _NAME.findall(match[1] or match[3] or b""):
            if decode(name).lower() in _TELLING_LIBRARIES:
                return True
    return False


def folder_of(path: str) -> str:
    return posixpath.dirname(path)


def _targets(node: ast.expr) -> Iterator[str]:
    """Names that an assignment binds: `a`, `self.a` (as a), and those of a tuple."""
    if isinstance(node, ast.Name):
        yield node.id
    elif isinstance(node, ast.Attribute):
        yield node.attr
    elif isinstance(node, (ast.Tuple, ast.List)):
        for item in node.elts:
            yield from _targets(item)


def _truth(test: ast.expr, is_main: bool) -> bool | None:
    """What a condition is in a container, where it can be told from its words."""
    if isinstance(test, ast.Constant):
        return bool(test.value)
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        inner = _truth(test.operand, is_main)
        return None if inner is None else not inner
    if isinstance(test, ast.BoolOp):
        found = [_truth(value, is_main) for value in test.values]
        if isinstance(test.op, ast.And):
            return False if False in found else (True if all(found) else None)
        return True if True in found else (None if None in found else False)
    if isinstance(test, ast.Name):
        return False if test.id == "TYPE_CHECKING" else None
    if isinstance(test, ast.Attribute):
        return False if test.attr == "TYPE_CHECKING" else None
    if isinstance(test, ast.Compare) and len(test.ops) == 1 and isinstance(test.ops[0], (ast.Eq, ast.NotEq)):
        answer = _equal(test.left, test.comparators[0], is_main)
        if answer is None:
            answer = _equal(test.comparators[0], test.left, is_main)
        if answer is not None:
            return answer if isinstance(test.ops[0], ast.Eq) else not answer
    if isinstance(test, ast.Call) and isinstance(test.func, ast.Attribute) and test.func.attr == "startswith":
        text = test.args[0] if test.args else None
        if ast.unparse(test.func.value) == "sys.platform" and isinstance(text, ast.Constant):
            return "linux".startswith(str(text.value))
    return None


def _equal(left: ast.expr, right: ast.expr, is_main: bool) -> bool | None:
    if not isinstance(right, ast.Constant) or not isinstance(right.value, str):
        return None
    if isinstance(left, ast.Name) and left.id == "__name__":
        return is_main if right.value == "__main__" else None
    if isinstance(left, (ast.Attribute, ast.Call)):
        text = ast.unparse(left)
        if text == "sys.platform":
            return right.value == "linux"
        if text == "os.name":
            return right.value == "posix"
        if text == "platform.system()":
            return right.value == "Linux"
    return None
