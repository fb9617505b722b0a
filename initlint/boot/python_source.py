"""What a Python program does as PID 1, read with the `ast` module from its source.

Imports are followed inside the container's filesystem, as far as it can be read. Nothing is
imported or run. A handler counts when the code that installs it can run: not in the `__main__`
block of an imported module, not in a function that nothing mentions, and not in one that only
a thread or a child process is given.
"""

from __future__ import annotations

import ast
import posixpath
from collections.abc import Callable, Hashable

from initlint.boot.model import Evidence
from initlint.boot.python_children import is_start, judge
from initlint.boot.python_exec import replacement
from initlint.boot.python_handlers import Handlers
from initlint.boot.python_module import Call, Module, folder_of, read_module
from initlint.boot.python_stops import Stop, judge_all, never_made
from initlint.boot.python_tree import walk
from initlint.boot.source_facts import SourceFacts
from initlint.facts import Children
from initlint.facts.python_libraries import (
    CHILD_MAKERS,
    HARMLESS,
    ORPHAN_MAKERS,
    SIGNAL_HANDLERS,
    STANDARD_LIBRARY,
    UNSURE_HANDLERS,
)
from initlint.records import NamedTuple
from initlint.rootfs import Present, RootFilesystem, paths
from initlint.rootfs.recorder import Recorder
from initlint.text import Source

MAX_MODULES = 40
MAX_BYTES = 1_000_000

# Calls that bring in modules which no import names.
_LOADS = {
    "django.core.management.execute_from_command_line": "Django finds its applications by their settings",
    "django.core.wsgi.get_wsgi_application": "Django finds its applications by their settings",
    "django.core.asgi.get_asgi_application": "Django finds its applications by their settings",
    "django.setup": "Django finds its applications by their settings",
}
_IMPORTERS = frozenset(["importlib.import_module", "__import__", "runpy.run_module"])
_RUNNERS = frozenset(["runpy.run_module", "runpy.run_path"])
# Packages of another name than the module that they bring.
_PACKAGES = {"git": "gitpython"}
_APP_RUNNERS = frozenset(["uvicorn.run", "uvicorn.Config", "hypercorn.run", "granian.Granian"])
# Keywords by which a Celery application names the modules of its tasks: `Celery(…, include=[…])`.
_TASK_MODULES = frozenset(["include", "imports"])
_RANK: dict[Children, int] = {"no": 0, "unlikely": 1, "unknown": 2, "yes": 3}


def read_program(
    source: Source,
    path: str,
    rootfs: RootFilesystem,
    *,
    cwd: str | None,
    search: tuple[str, ...] = (),
    imported: bool = False,
    asks_for: Callable[[str], bool | None] = lambda package: None,
) -> SourceFacts | None:
    """The facts of the program whose main module is `source`, at `path` in the container.

    `search` are more folders that imports are looked for in (cwd for `python -m`). `imported`:
    a server imports the module, so that its `__main__` block doesn't run. `asks_for`: whether the
    image installs a package by name, None where that isn't told. None where the text isn't Python
    that this interpreter can parse.
    """
    if len(source.data) > MAX_BYTES:
        return SourceFacts("unknown", handlers_known=False, whole=False, why=("not read: it is too large",))
    # A program is read for several containers, and again for each fix that is tried.
    known = _read.pop(key := (source, path, cwd, search, imported), None)
    if known is None or not known.holds(rootfs, asks_for):
        recorder, packages = Recorder(rootfs), _Packages(asks_for)
        known = _Reading(recorder, packages, _facts_of(source, path, recorder, cwd, search, imported, packages))
    if len(_read) >= _MAX_READ:
        del _read[next(iter(_read))]
    _read[key] = known
    return known.facts


_MAX_READ = 64


class _Packages:
    """Which packages the image installs: asked once each, and kept."""

    def __init__(self, inner: Callable[[str], bool | None]) -> None:
        self._inner = inner
        self.answers: dict[str, bool | None] = {}

    def __call__(self, package: str) -> bool | None:
        if package not in self.answers:
            self.answers[package] = self._inner(package)
        return self.answers[package]


class _Reading(NamedTuple):
    """A program's facts with all that they rest on."""

    rootfs: Recorder
    packages: _Packages
    facts: SourceFacts | None

    def holds(self, rootfs: RootFilesystem, asks_for: Callable[[str], bool | None]) -> bool:
        return self.rootfs.is_same(rootfs) and all(
            asks_for(package) is answer for package, answer in self.packages.answers.items()
        )


_read: dict[Hashable, _Reading] = {}


def _facts_of(
    source: Source,
    path: str,
    rootfs: RootFilesystem,
    cwd: str | None,
    search: tuple[str, ...],
    imported: bool,
    asks_for: Callable[[str], bool | None],
) -> SourceFacts | None:
    reader = _Reader(rootfs, path, search, cwd, asks_for)
    try:
        module = read_module(source, path, is_main=not imported)
        if module is None:
            return None
        reader.follow(module)
        return reader.conclude(keep_all=imported)
    except RecursionError:
        return SourceFacts("unknown", handlers_known=False, whole=False, why=("not read: it is nested too deeply",))


class _Reader:
    """Gathers over all modules of a program."""

    def __init__(
        self,
        rootfs: RootFilesystem,
        path: str,
        search: tuple[str, ...],
        cwd: str | None,
        asks_for: Callable[[str], bool | None],
    ) -> None:
        self.asks_for = asks_for
        self.rootfs = rootfs
        self.cwd = cwd
        self.folders = list(dict.fromkeys([folder_of(path), *search]))
        self.modules: list[Module] = []
        self.seen = {path}
        self.libraries: set[str] = set()
        self.unread: list[str] = []  # reasons why there may be more code
        self.mains: set[str] = set()  # modules that are run as the main program is
        self.kinds: dict[str, str] = {}  # path → "file", "directory" or ""

    def follow(self, main: Module) -> None:
        queue = [(main.source, main.path, main.is_main)]
        size = 0
        while queue:
            source, place, is_main = queue.pop(0)
            size += len(source.data)
            if len(self.modules) >= MAX_MODULES or size > MAX_BYTES:
                self.unread.append("it is made of too many modules")
                break
            module = read_module(source, place, is_main=is_main) if self.modules else main
            if module is None:
                self.unread.append(f"{source.name} can't be parsed")
                continue
            self.modules.append(module)
            self._search_paths(module)
            for name, required in [*module.imports, *self._loaded(module)]:
                located = [(name, self._text(name))] if name.startswith("/") else None
                for where, text in located or self._locate(name, module, required=required):
                    if where in self.seen:
                        continue
                    self.seen.add(where)
                    if text is None:
                        self.unread.append(f"{where} can't be read")
                        continue
                    queue.append((text, where, name in self.mains))

    def _search_paths(self, module: Module) -> None:
        """Folders that are put on sys.path with words that can be read."""
        for call in module.calls:
            if call.called in ("sys.path.append", "sys.path.insert", "site.addsitedir") and call.node.args:
                texts = [
                    sub.value
                    for sub in walk(call.node.args[-1])
                    if isinstance(sub, ast.Constant) and isinstance(sub.value, str)
                ]
                base = folder_of(module.path)
                for text in texts or ["..", "."]:
                    for root in (base, folder_of(base), self.cwd or base):
                        folder = paths.join(root, text)
                        if folder not in self.folders and isinstance(self.rootfs.stat(folder), Present):
                            self.folders.append(folder)

    def _loaded(self, module: Module) -> list[tuple[str, bool]]:
        """Modules that are named by a string, and a note of those that nobody can name."""
        found: list[tuple[str, bool]] = []
        for call in module.calls:
            last = call.called.rpartition(".")[2]
            reason = _LOADS.get(call.called)
            if reason is not None:
                self.unread.append(reason)
            elif last == "autodiscover_tasks":
                self.unread.append("Celery finds its tasks by their names")
            elif last == "Celery" or call.called.endswith(".conf.update"):
                found.extend(self._task_modules(module, call))
            elif call.called in _RUNNERS:
                found.extend(self._run(module, call))
            elif call.called in _IMPORTERS or last == "load_extension":
                first = call.node.args[0] if call.node.args else None
                if isinstance(first, ast.Constant) and isinstance(first.value, str):
                    if not first.value.startswith("."):
                        found.append((first.value, False))
                else:
                    self.unread.append(f"{module.where(call.node)} imports by a name that isn't written out")
            elif call.called in ("exec", "execfile"):
                self.unread.append(f"{module.where(call.node)} runs code that isn't written out")
            elif call.called in _APP_RUNNERS and call.node.args:
                first = call.node.args[0]
                if isinstance(first, ast.Constant) and isinstance(first.value, str) and ":" in first.value:
                    found.append((first.value.split(":")[0], False))
        return found

    def _run(self, module: Module, call: Call) -> list[tuple[str, bool]]:
        """What `runpy` runs: a module as it is imported, or as the main program is."""
        first = call.node.args[0] if call.node.args else None
        if not isinstance(first, ast.Constant) or not isinstance(first.value, str) or not first.value:
            self.unread.append(f"{module.where(call.node)} runs code that isn't written out")
            return []
        name = first.value
        told = [word.value for word in call.node.keywords if word.arg == "run_name"]
        if len(told) == 1 and isinstance(told[0], ast.Constant) and told[0].value != "__main__":
            told = []
        if call.called == "runpy.run_path":
            if not name.startswith("/") and self.cwd is None:
                self.unread.append(f"{module.where(call.node)} runs {name}, which can't be found")
                return []
            name = paths.join(self.cwd or "/", name)
            self.mains.update([name] if told else [])
            return [(name, True)]
        self.mains.update([name, f"{name}.__main__"] if told else [f"{name}.__main__"])
        if name.split(".")[0] in STANDARD_LIBRARY:
            self.unread.append(f"{module.where(call.node)} runs the module {name}")
            return []
        inner = self._locate(f"{name}.__main__", module, required=False)
        whole = inner and inner[-1][0].endswith("/__main__.py")
        if not whole and not self._locate(name, module, required=True):
            self.unread.append(f"the module {name} can't be read")
        return [(f"{name}.__main__" if whole else name, True)]

    def _task_modules(self, module: Module, call: Call) -> list[tuple[str, bool]]:
        """The modules of tasks that a Celery application is told to import."""
        found: list[tuple[str, bool]] = []
        for keyword in call.node.keywords:
            if keyword.arg not in _TASK_MODULES:
                continue
            items = keyword.value.elts if isinstance(keyword.value, (ast.List, ast.Tuple)) else [keyword.value]
            for item in items:
                if isinstance(item, ast.Constant) and isinstance(item.value, str):
                    found.append((item.value, False))
                elif not isinstance(item, ast.Constant):
                    self.unread.append(f"{module.where(call.node)} names modules that aren't written out")
        return found

    def _locate(self, name: str, module: Module, *, required: bool) -> list[tuple[str, Source | None]]:
        """Where a module and the packages around it lie; a name of nothing there is a library's."""
        dots = len(name) - len(name.lstrip("."))
        parts = [part for part in name.lstrip(".").split(".") if part]
        if dots:
            base = folder_of(module.path)
            for _ in range(dots - 1):
                base = folder_of(base)
            found = self._files(base, parts)
            if found is None and required:
                self.unread.append(f"the module {name} isn't seen")
            return found or []
        if not parts or parts[0] in STANDARD_LIBRARY:
            return []
        for root in self.folders:
            stem = posixpath.join(root, parts[0])
            folder = self._kind(stem) == "directory"
            named = self._is_file(stem + ".py") or (folder and self._is_file(posixpath.join(stem, "__init__.py")))
            found = None
            local = named or (folder and not _is_library(parts[0]))
            if local:
                found = self._files(root, parts)
            if found is not None:
                return found
            if named or (local and not required):
                if required:
                    self.unread.append(f"the module {name} isn't seen")
                return []
        self.libraries.add(".".join(parts))
        return []

    def _kind(self, path: str) -> str:
        kind = self.kinds.get(path)
        if kind is None:
            above = self.kinds.get(folder_of(path))
            node = paths.resolve(self.rootfs, path) if above is None or above == "directory" else None
            kind = self.kinds[path] = node.kind if isinstance(node, Present) else ""
        return kind

    def _files(self, root: str, parts: list[str]) -> list[tuple[str, Source | None]] | None:
        """The files of a.b.c: a/__init__.py, a/b/__init__.py, and the module; None where the last isn't there.

        A folder without __init__.py is a namespace package; a library of its name goes before it.
        """
        found: list[tuple[str, Source | None]] = []
        stem = root
        if not parts:
            path = posixpath.join(root, "__init__.py")
            return [(path, self._text(path))] if self._is_file(path) else None
        for at, part in enumerate(parts):
            stem = posixpath.join(stem, part)
            package = posixpath.join(stem, "__init__.py")
            if self._kind(stem) == "directory" and self._is_file(package):
                found.append((package, self._text(package)))
            elif self._is_file(stem + ".py"):
                found.append((stem + ".py", self._text(stem + ".py")))
                if at < len(parts) - 1:
                    return None
            elif self._kind(stem) != "directory":
                return None
        return found

    def _is_file(self, path: str) -> bool:
        return self._kind(path) == "file"

    def _text(self, path: str) -> Source | None:
        node = paths.resolve(self.rootfs, path)
        text = self.rootfs.read(node.path) if isinstance(node, Present) else None
        return text if isinstance(text, Source) else None

    # The conclusion.

    def conclude(self, *, keep_all: bool) -> SourceFacts:
        mentioned = set().union(*(module.mentioned | module.attributes for module in self.modules))
        evidence: list[Evidence] = []
        alive: list[tuple[Module, Call]] = []
        starts = False
        handlers = Handlers(self.modules, self.libraries)
        direct = {call.called.rpartition(".")[2] for module in self.modules for call in module.calls}
        for module in self.modules:
            for call in module.calls:
                if not keep_all and not self.unread and _is_dead(call, mentioned):
                    continue
                if not _is_dead(call, mentioned):
                    alive.append((module, call))
                if is_start(call.called):
                    starts = True
                    evidence.append(judge(module, call))
                name = call.function.name if call.function is not None else ""
                if not (name in module.elsewhere and name not in direct):
                    if call.owner and not keep_all and not self.unread and never_made(module, call, mentioned):
                        continue
                    handlers.look_at(module, call)
                else:
                    handlers.waits_in_thread(module, call)
        installed = {
            name: items
            for name, items in handlers.installed.items()
            if name not in handlers.others and name != "SIGCHLD"
        }
        stops = judge_all(installed, self.modules, whole=not self.unread)
        execs = replacement(self.modules[0]) if self.modules[0].is_main else None
        unread = list(self.unread)
        if execs is not None and execs.argv is None:
            unread.insert(0, f"what it replaces itself by at {self.modules[0].where(execs.at)}")
        facts = _with_stops(
            self._facts(evidence, starts, handlers, unread, execs.argv if execs is not None else None), stops
        )
        if any(name.split(".")[0] == "daemon" for name in self.libraries) and self.modules[0].is_main and execs is None:
            from initlint.boot.python_start import detaches

            detached = detaches(self.modules[0])
            if detached is not None:
                return facts._replace(mistakes=(detached,))
        if starts or _names_sigchld(alive) or any(call.called == "invoke.run" for _, call in alive):
            return self._with_mistakes(facts, alive, execs is not None)
        from initlint.boot import python_launcher

        if python_launcher.starts_threads(alive) and "SIGTERM" in facts.handled:
            return facts._replace(launches=python_launcher.launches(self.modules, alive))
        return facts

    def _with_mistakes(self, facts: SourceFacts, alive: list[tuple[Module, Call]], has_exec: bool) -> SourceFacts:
        """What it does wrong with its children, where all of it is known; loaded only for programs that have any."""
        from initlint.boot import python_mistakes, python_start

        found = python_mistakes.mistakes(self.modules, self.libraries, alive, whole=not self.unread)
        main = self.modules[0]
        if not main.is_main or has_exec:
            return facts._replace(mistakes=found)
        from initlint.boot.python_launcher import launches

        facts = facts._replace(launches=launches(self.modules, alive))
        daemon = python_start.daemonizes(self.modules)
        wrapped = None
        if facts.handlers_known and "SIGTERM" not in facts.handled and "SIGTERM" not in facts.ignored:
            wrapped = python_start.wrapped(self.modules)
        return facts._replace(mistakes=found if daemon is None else (daemon,), wraps=wrapped)

    def _is_there(self, library: str) -> bool | None:
        """Whether a library is there: a program that goes on without one is no sign of it."""
        if any(library in module.needed for module in self.modules):
            return True
        if not any(library in module.guarded for module in self.modules):
            return True
        return self.asks_for(_PACKAGES.get(library, library.replace("_", "-")))

    def _facts(
        self,
        evidence: list[Evidence],
        starts: bool,
        handlers: Handlers,
        unread: list[str],
        execs: tuple[str, ...] | None,
    ) -> SourceFacts:
        unknown: list[str] = []
        for library in sorted({_known_as(name) for name in self.libraries}):
            orphans = ORPHAN_MAKERS.get(library)
            children = CHILD_MAKERS.get(library)
            if orphans is not None and handlers.uses(library, orphans.calls):
                there = self._is_there(library)
                if there is None:
                    reason = f"{library}: {orphans.why}, where it is installed: the program does without it as well"
                    evidence.append(Evidence("unknown", reason, None))
                elif not there:
                    reason = f"{library}: the program does without it, and nothing that is installed asks for it"
                    evidence.append(Evidence("unlikely", reason, None))
                else:
                    evidence.append(Evidence("yes", f"{library}: {orphans.why}", None))
            elif orphans is not None:
                evidence.append(Evidence("unlikely", f"{library}: nothing that starts a process is called", None))
            elif children is not None and handlers.uses(library, children.calls):
                evidence.append(Evidence("unknown", f"{library}: {children.why}", None))
            if orphans is None and children is None and library not in HARMLESS and not handlers.knows(library):
                unknown.append(library)
        for child in dict.fromkeys(handlers.kills.values()):
            evidence.append(Evidence("unlikely", child, None))
        children_found: Children = "no"
        for item in evidence:
            if _RANK[item.children] > _RANK[children_found]:
                children_found = item.children
        if unread and _RANK[children_found] < _RANK["unknown"]:
            children_found = "unknown"
        if children_found == "no" and self.libraries:
            children_found = "unlikely"
        why: list[str] = []
        if children_found == "no":
            why.append("all of its source was read, and none of it starts a child")
        elif children_found == "unlikely" and not starts:
            why.append("nothing in the source that was read starts a child")
        elif children_found in ("unlikely", "unknown") and evidence:
            why.append(max(evidence, key=lambda item: _RANK[item.children]).why)
        elif children_found == "unknown" and "SIGTERM" in handlers.handled:
            why.append(f"there may be more code: {unread[0]}")
        if "SIGTERM" not in handlers.handled:
            if unknown:
                why.append(f"not read: {', '.join(unknown[:4])}")
            why.extend(f"not read: {reason}" for reason in unread[:2])
            why.extend(f"not read: {reason}" for reason in handlers.open[:2])
        return SourceFacts(
            children=children_found,
            evidence=tuple(evidence),
            handled=handlers.handled,
            handlers_known=not unknown and not unread and not handlers.open,
            reaps="yes" if handlers.reaps else "no",
            reaps_why=handlers.reaps,
            execs=execs,
            whole=not unread and not unknown,
            why=tuple(why),
            ignored=tuple(sorted(handlers.ignored - set(handlers.handled))),
            kills=tuple(sorted(handlers.kills)),
            keeps_child=next(iter(handlers.kills.values()), ""),
            refused=tuple(sorted(handlers.refused - set(handlers.handled))),
        )


def _with_stops(facts: SourceFacts, stops: dict[str, Stop]) -> SourceFacts:
    """Facts with what the program's own handlers come to."""
    idle = {name for name, stop in stops.items() if stop.kind in ("nothing", "dropped") and name in facts.handled}
    if idle and not facts.handlers_known:
        stops = {**stops, **{name: Stop("open", stops[name].why) for name in idle}}
        idle = set()
    return facts._replace(
        handled={name: why for name, why in facts.handled.items() if name not in idle},
        ignored=tuple(sorted({*facts.ignored, *idle})),
        refused=tuple(sorted({*facts.refused, *(name for name in idle if stops[name].kind == "nothing")})),
        open_stops={name: stop.why for name, stop in stops.items() if stop.kind == "open"},
        unsure_stops={name: stop.why for name, stop in stops.items() if stop.kind == "likely"},
        why=(*facts.why, *(stops[name].why for name in sorted(idle))),
    )


def _known_as(name: str) -> str:
    """The name under which the tables hold a library: `google.cloud.storage` as google."""
    return name.split(".")[0].lower()


def _is_library(name: str) -> bool:
    key = name.lower()
    return any(key in table for table in (HARMLESS, SIGNAL_HANDLERS, UNSURE_HANDLERS, CHILD_MAKERS, ORPHAN_MAKERS))


def _names_sigchld(alive: list[tuple[Module, Call]]) -> bool:
    return any("SIGCHLD" in module.attributes | module.mentioned for module, _ in alive)


def _is_dead(call: Call, mentioned: set[str]) -> bool:
    """Whether a call stands in a plain function that nothing mentions."""
    function = call.function
    if function is None or call.is_method or call.owner or function.decorator_list:
        return False
    return function.name not in mentioned
