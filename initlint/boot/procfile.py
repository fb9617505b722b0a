"""What honcho, foreman, forego and overmind start: the lines of a Procfile."""

from __future__ import annotations

import posixpath

from initlint.boot.arguments import option_value
from initlint.boot.model import Argv, Environment, is_known
from initlint.boot.supervisord import Service, Services
from initlint.facts.launchers import Launcher
from initlint.rootfs import Absent, Present, RootFilesystem, paths
from initlint.text import Source, Span

# Ruby's Process.spawn hands a command to sh that has one of these, or begins with one of the words (process.c).
_FOR_SHELL = frozenset("*?{}[]<>()~&|\\$;'`\"\n#%")
_BUILTINS = frozenset(
    "! . : break case continue do done elif else esac eval exec exit export fi for if in readonly return set shift "
    "then times trap unset until while".split()
)


def procfile(launcher: Launcher, argv: Argv, environment: Environment, rootfs: RootFilesystem) -> Services | None:
    """`honcho start [NAMES]` and its like; None where it doesn't start them, or can't be read."""
    verb = next((at for at, word in enumerate(argv) if word in ("start", "s")), 0)
    if not verb or environment.cwd is None:
        return None
    options, wanted = _options(argv, verb, launcher.valued)
    root = _value(options, "-d", "--root", "--app-root")
    file = _value(options, "-f", "--procfile")
    if launcher.plain:  # foreman: the file is found from here, and its folder is where its programs are started
        path = file or posixpath.join(root or "", "Procfile")
        folder = root or posixpath.dirname(path)
    else:
        path = posixpath.join(root or "", file or "Procfile")
        folder = posixpath.dirname(path) if launcher.prefix else ""
    source = _read(rootfs, paths.join(environment.cwd, path))
    if source is None:
        return None
    amounts = _amounts(_value(options, "-m", "--formation")) if launcher.plain else {}
    cwd = paths.join(environment.cwd, folder) if folder else None
    dotenv = not isinstance(paths.resolve(rootfs, paths.join(cwd or environment.cwd, ".env")), Absent)
    found: list[Service] = []
    problem = ""
    for index, (name, line, span) in enumerate(_entries(source)):
        if (wanted and name not in wanted) or amounts.get(name, amounts.get("all", 1 if not amounts else 0)) == 0:
            continue
        if launcher.plain:
            line = _with_port(line, name, index, _value(options, "-p", "--port"), environment)
            if dotenv and "$" in line:
                problem = f"which variables .env sets for {name} isn't known"
            if not needs_shell(line):
                found.append(Service(name, tuple(line.split()), span, signal=launcher.signal, cwd=cwd))
                continue
        found.append(Service(name, (), span, line=launcher.prefix + line, signal=launcher.signal,
                             group=launcher.group, cwd=cwd))  # fmt: skip
    return Services(tuple(found), problem)


def _options(argv: Argv, verb: int, valued: frozenset[str]) -> tuple[list[str], list[str]]:
    """The options before and behind the verb, and the names behind it."""
    options: list[str] = []
    names: list[str] = []
    index = 1
    while index < len(argv):
        word = argv[index]
        if word.startswith("-"):
            options.append(word)
            if word in valued and index + 1 < len(argv):
                options.append(argv[index + 1])
                index += 1
        elif index > verb:
            names.append(word)
        index += 1
    return options, names


def _value(options: list[str], *names: str) -> str | None:
    return next((value for name in names if (value := option_value(options, name)) is not None), None)


def _read(rootfs: RootFilesystem, path: str) -> Source | None:
    node = paths.resolve(rootfs, path)
    source = rootfs.read(node.path) if isinstance(node, Present) and node.kind == "file" else None
    return source if isinstance(source, Source) else None


def _entries(source: Source) -> list[tuple[str, str, Span]]:
    found: list[tuple[str, str, Span]] = []
    offset = 0
    for raw in source.data.split(b"\n"):
        start, offset = offset, offset + len(raw) + 1
        name, colon, line = raw.decode("utf-8", "surrogateescape").strip().partition(":")
        if colon and line.strip() and name.replace("-", "").replace("_", "").isalnum():
            found.append((name, line.strip(), Span(source, start, start + len(raw))))
    return found


def _amounts(formation: str | None) -> dict[str, int]:
    """foreman's `web=1,worker=0`: how many of each; what isn't named counts as `all`, or isn't started."""
    pairs = (pair.partition("=") for pair in (formation or "").replace(" ", "").split(",") if pair)
    return {name: int(amount) if amount.isdigit() else 0 for name, _, amount in pairs}


def _with_port(line: str, name: str, index: int, port: str | None, environment: Environment) -> str:
    """foreman itself puts its own variables into a line, before any shell reads it."""
    asked = port or environment.variables.get("PORT") or "5000"
    number = int(asked) + 100 * index if is_known(asked) and asked.isdigit() else asked
    return line.replace("$PORT", str(number)).replace("$PS", f"{name}.1")


def needs_shell(line: str) -> bool:
    """Whether Ruby hands a command that is one string to sh."""
    first = line.split(None, 1)[0]
    return bool(_FOR_SHELL & set(line)) or first in _BUILTINS or "=" in first
