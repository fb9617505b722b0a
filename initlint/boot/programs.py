"""Programs at the end of a chain: what is known of them by name, and what their source adds."""

from __future__ import annotations

import posixpath
from collections.abc import Callable

from initlint.boot import interpreters
from initlint.boot.duration import ends_by_itself, keeps_running
from initlint.boot.model import Argv, Environment, Evidence, Opaque, is_known
from initlint.boot.source_facts import SourceFacts
from initlint.facts import ProgramFact, SignalEffect
from initlint.facts import programs as program_table
from initlint.records import NamedTuple
from initlint.rootfs import Absent, Node, Present, RootFilesystem, Unknown, paths
from initlint.text import Source, encode

# Asked for here by those who follow a chain.
__all__ = [
    "READS_COMMANDS", "FoundProgram", "app_source_facts", "ends_by_itself", "keeps_running", "program_facts",
    "read_invocation", "unbrought",
]  # fmt: skip

READS_COMMANDS = "{} reads commands from its input, which ends at once without -i"


def program_facts(fact: ProgramFact, read: SourceFacts) -> tuple[ProgramFact, tuple[Evidence, ...], str]:
    """A program's fact with what its source says; the evidence; and why it stays open whether a
    signal is handled ("" where it doesn't)."""
    changed = fact
    if read.ignored:
        left: dict[str, SignalEffect] = {**fact.effects, **dict.fromkeys(read.ignored, "ignored")}
        changed = fact._replace(effects=left, refused=read.refused)
    for signal in read.handled:
        changed = program_table.with_handler(changed, signal)
    for signal in read.kills:
        changed = changed._replace(effects={**changed.effects, signal: "kills"}, keeps_child=read.keeps_child)
    if read.reaps == "yes" and changed.reaps != "yes":
        changed = program_table.with_reaper(
            changed, "ignores" if "ignores" in read.reaps_why else "waits-for-all"
        )._replace(reaps_why=read.reaps_why)
    why = "; ".join(read.why) or fact.children_why
    if fact.children in ("unknown", "unlikely", "no"):
        found = read.children
        if fact.keeps_child:
            found, why = ("unlikely" if found == "no" else found), f"{fact.keeps_child}; {why}"
        changed = changed._replace(children=found, children_why=why)
    unread = ""
    if not read.handlers_known and "SIGTERM" not in read.handled:
        unread = next((reason for reason in read.why if reason.startswith("not read")), "its libraries weren't read")
    return changed, read.evidence, unread


class FoundProgram(NamedTuple):
    """An interpreter's program that was read."""

    source: Source
    facts: SourceFacts
    path: str = ""  # inside the container


class OldPython(NamedTuple):
    """A program in Python 2, which Python 3 refuses."""

    source: Source


def read_invocation(
    invocation: interpreters.Invocation,
    environment: Environment,
    rootfs: RootFilesystem,
    asks_for: Callable[[str], bool | None] = lambda package: None,
) -> FoundProgram | OldPython | Absent | str:
    """Read what an interpreter was told to run: its facts, Absent where the file certainly isn't
    there, else a short reason why it can't be read."""
    cwd = environment.cwd
    if invocation.code is not None:
        return _read_code(invocation, environment, rootfs, asks_for)
    if invocation.module is not None:
        if cwd is None:
            return "the working directory is unknown"
        parts = invocation.module.split(".")
        for folder in (cwd, *_python_path(environment)):
            stem = posixpath.join(folder, *parts)
            for candidate in (posixpath.join(stem, "__main__.py"), stem + ".py"):
                node = paths.resolve(rootfs, candidate)
                if isinstance(node, Present) and node.kind == "file":
                    return _read(node, invocation, environment, rootfs, main=candidate, asks_for=asks_for)
        return f"the module {invocation.module} can't be read"
    script = invocation.script or ""
    if not script.startswith("/"):
        if cwd is None:
            return f"{script} can't be found: the working directory is unknown"
        script = paths.join(cwd, script)
    node = paths.resolve(rootfs, script)
    if invocation.language in ("node", "bun") and not (isinstance(node, Present) and node.kind == "file"):
        node = _node_file(script, node, rootfs)
    elif isinstance(node, Present) and node.kind == "directory":
        inner = "__main__.py" if invocation.language == "python" else ""
        node = paths.resolve(rootfs, posixpath.join(script, inner)) if inner else Unknown(script, "a folder")
    if isinstance(node, Absent):
        return node
    if isinstance(node, Unknown):
        return f"{script} can't be read: {node.why}"
    return _read(node, invocation, environment, rootfs, main=script, asks_for=asks_for)


# Options by which more is run than the code that is given.
_MORE = ("-r", "-M", "-m", "-n", "-p", "-i", "--require", "--import", "--loader", "--preload", "-B", "-F", "-E", "-R")


def _read_code(
    invocation: interpreters.Invocation,
    environment: Environment,
    rootfs: RootFilesystem,
    asks_for: Callable[[str], bool | None],
) -> FoundProgram | OldPython | str:
    """Code that stands in the command itself: no file holds it, so that nothing of it has a place to point to."""
    unread = f"the code given to {invocation.language} wasn't read"
    options = invocation.options[:-1] if invocation.language != "python" else ()
    if any(not is_known(word) or word.startswith(_MORE) for word in options):
        return unread
    if invocation.language != "python" and (
        invocation.options[-1:] not in (("-e",), ("-r",), ("--eval",)) or "-e" in invocation.arguments[:2]
    ):
        return unread
    code = invocation.code or ""
    source = Source(f"{invocation.language} code", encode(f"<?php {code}" if invocation.language == "php" else code))
    path = posixpath.join(environment.cwd or "/", "-c")
    found = _take_apart(source, path, invocation, environment, rootfs, imported=False, asks_for=asks_for)
    if not isinstance(found, FoundProgram):
        return found
    if any(mistake.kind == "daemonizes" for mistake in found.facts.mistakes):
        return unread
    evidence = tuple(item._replace(span=None) for item in found.facts.evidence)
    return found._replace(facts=found.facts._replace(evidence=evidence, mistakes=()))


def unbrought(invocation: interpreters.Invocation, environment: Environment, rootfs: RootFilesystem) -> str:
    """Why a program that can't be read may not be there at all; empty where an instruction may bring it."""
    script = invocation.script or ""
    if not script.startswith("/"):
        if environment.cwd is None or not script:
            return ""
        script = paths.join(environment.cwd, script)
    node = paths.resolve(rootfs, script)
    if not isinstance(node, Unknown) or (node.origin is not None and node.origin.kind != "base"):
        return ""
    return f"nothing is seen to bring {script}: without it {invocation.language} ends at once"


def _node_file(script: str, node: Node, rootfs: RootFilesystem) -> Node:
    """What `node SCRIPT` loads where SCRIPT isn't a file: SCRIPT.js, or the main file of a package's folder."""
    for suffix in (".js", ".mjs", ".cjs"):
        other = paths.resolve(rootfs, script + suffix)
        if isinstance(other, Present) and other.kind == "file":
            return other
        if isinstance(other, Unknown) and isinstance(node, Absent):
            return other
    if not isinstance(node, Present):
        return node
    from initlint.boot.package_json import main_file

    main = main_file(rootfs, script)
    names = [main, f"{main}.js", f"{main}/index.js"] if main else []
    found: Node = Unknown(script, "a folder")
    for name in (*names, "index.js"):
        found = paths.resolve(rootfs, paths.join(script, name))
        if not isinstance(found, Absent) and not (isinstance(found, Present) and found.kind == "directory"):
            return found
    return found


def _python_path(environment: Environment) -> tuple[str, ...]:
    """Folders of PYTHONPATH, as far as they are known."""
    value = environment.variables.get("PYTHONPATH") or ""
    base = environment.cwd or "/"
    return tuple(paths.join(base, folder) for folder in value.split(":") if folder) if is_known(value) else ()


def _read(
    node: Present,
    invocation: interpreters.Invocation,
    environment: Environment,
    rootfs: RootFilesystem,
    *,
    main: str,
    imported: bool = False,
    asks_for: Callable[[str], bool | None],
) -> FoundProgram | OldPython | Absent | str:
    source = rootfs.read(node.path)
    if not isinstance(source, Source):
        return source if isinstance(source, Absent) else f"{main} can't be read: {source.why}"
    return _take_apart(source, node.path, invocation, environment, rootfs, imported=imported, asks_for=asks_for)


def _take_apart(
    source: Source,
    path: str,
    invocation: interpreters.Invocation,
    environment: Environment,
    rootfs: RootFilesystem,
    *,
    imported: bool,
    asks_for: Callable[[str], bool | None],
) -> FoundProgram | OldPython | str:
    facts: SourceFacts | None
    if invocation.language == "python":
        from initlint.boot import python_exec, python_source

        # `python FILE` looks for modules beside the file, `python -m` and servers in the current folder.
        folders = _python_path(environment)
        if environment.cwd is not None and (imported or invocation.module is not None):
            folders = (environment.cwd, *folders)
        facts = python_source.read_program(
            source, path, rootfs, cwd=environment.cwd, search=folders, imported=imported, asks_for=asks_for
        )
        if facts is None:
            from initlint.boot.python_ends import is_python2

            return OldPython(source) if is_python2(source.data) else f"{source.name} isn't Python that can be parsed"
        if facts.wraps is not None:
            last = facts.wraps[0][-1]
            given = isinstance(last, Opaque) and last.startswith("sys.argv[") and bool(invocation.arguments)
            child = python_exec.put_arguments(facts.wraps[0], invocation.arguments)
            stays = keeps_running(child)
            if stays or (given and child and stays is None and not ends_by_itself(child)):
                facts = facts._replace(mistakes=(*facts.mistakes, facts.wraps[1]))
    else:
        from initlint.boot import script_source

        facts = script_source.read_program(source, path, rootfs, invocation.language)
        if facts is None:
            return f"{source.name} is in a language that isn't read"
    if facts.execs is not None:
        from initlint.boot import python_exec

        facts = facts._replace(execs=python_exec.put_arguments(facts.execs, invocation.arguments))
    return FoundProgram(source, facts, path)


# Servers of Python applications, whose application is named by one of their arguments.
_APP_SERVERS = frozenset(
    ["uvicorn", "hypercorn", "daphne", "granian", "waitress-serve", "flask", "streamlit", "celery", "fastapi"]
)
_SCHEMES = frozenset(["unix", "tcp", "fd", "ssl", "localhost"])


def app_source_facts(
    argv: Argv,
    environment: Environment,
    rootfs: RootFilesystem,
    asks_for: Callable[[str], bool | None] = lambda package: None,
) -> SourceFacts | None:
    """What the application behind a Python server does, where its module can be read.

    The server's own handlers stay as they are: only children count.
    """
    name = program_table.canonical([str(word) for word in argv])
    if name not in _APP_SERVERS or environment.cwd is None:
        return None
    module = _application(name, argv, environment)
    if module is None:
        return None
    folder = next((argv[at + 1] for at, word in enumerate(argv[:-1]) if word in ("--app-dir", "--chdir")), "")
    if not is_known(folder):
        return None
    stem = module if module.endswith(".py") else "/".join(module.split("."))
    candidates: tuple[str, ...] = (stem,) if stem.endswith(".py") else (stem + ".py", stem + "/__init__.py")
    if name == "celery":
        candidates = (f"{stem}.py", f"{stem}/celery.py", f"{stem.rpartition('/')[0]}.py", f"{stem}/__init__.py")
    base = paths.join(environment.cwd, folder)
    for candidate in candidates:
        node = paths.resolve(rootfs, paths.join(base, candidate))
        if isinstance(node, Present) and node.kind == "file":
            invocation = interpreters.Invocation("python", script=candidate)
            inner = environment._replace(cwd=base)
            imported = name != "streamlit"
            found = _read(node, invocation, inner, rootfs, main=candidate, imported=imported, asks_for=asks_for)
            if isinstance(found, FoundProgram):
                return found.facts._replace(
                    handled={}, kills=(), ignored=(), handlers_known=True, reaps="no", execs=None
                )
    return None


def _application(name: str, argv: Argv, environment: Environment) -> str | None:
    for at, word in enumerate(argv[1:], start=1):
        if not is_known(word):
            continue
        if word in ("--app", "-A") and at + 1 < len(argv):
            return argv[at + 1].split(":")[0] if is_known(argv[at + 1]) else None
        if word.startswith("--app="):
            return word[6:].split(":")[0]
        if name == "celery" and word.startswith("-A"):
            return word[2:].split(":")[0]
        if name in ("streamlit", "fastapi"):
            if word.endswith(".py"):
                return word
        elif name not in ("flask", "celery") and ":" in word and not word.startswith("-") and "/" not in word:
            module = word.split(":")[0]
            if (
                module.replace(".", "").replace("_", "").isalnum()
                and not module[0].isdigit()
                and module not in _SCHEMES
            ):
                return module
    if name == "flask":
        app = environment.variables.get("FLASK_APP") or "app.py"
        return app.split(":")[0] if is_known(app) else None
    return None
