"""supervisord's configuration: which file it reads, does it stay in front, and which programs it starts."""

from __future__ import annotations

import fnmatch
import posixpath
from collections.abc import Iterator

from initlint.boot.model import Argv, Environment, Opaque, is_known
from initlint.records import NamedTuple
from initlint.rootfs import Absent, Listing, Present, RootFilesystem, paths
from initlint.text import Source, Span

# Where it looks without -c, from its own folder's parent on (supervisor/options.py).
_SEARCHED = ("supervisord.conf", "etc/supervisord.conf", "/etc/supervisord.conf", "/etc/supervisor/supervisord.conf")
_YES = ("true", "1", "yes", "on")
# Debian's package brings this file, which says nothing of nodaemon and includes this folder.
_DEBIAN_FILE = "/etc/supervisor/supervisord.conf"
_DEBIAN_INCLUDES = "/etc/supervisor/conf.d/*.conf"


class Service(NamedTuple):
    """A program that a supervisor starts.

    `line`: set instead of `argv` where a shell reads it. `signal`: what it is sent at a stop,
    whatever the supervisor got ("" for the same). `group`: its whole process group gets it.
    """

    name: str
    argv: Argv
    cause: Span | None
    line: str = ""
    signal: str = ""
    group: bool = False
    cwd: str | None = None
    user: str | None = None
    variables: tuple[tuple[str, str | None], ...] = ()


class Services(NamedTuple):
    """`problem`: why there may be more of them, or other ones."""

    services: tuple[Service, ...]
    problem: str = ""


class _Value(NamedTuple):
    text: str
    span: Span


_Sections = dict[str, dict[str, _Value]]


def stays_in_front(argv: Argv, environment: Environment, rootfs: RootFilesystem) -> bool:
    """Whether the configuration file can be read and says `nodaemon=true`."""
    if any(word in ("-n", "--nodaemon") for word in argv):
        return False
    source, _ = _configuration(argv, environment, rootfs)
    if source is None:
        return False
    value = _sections(source).get("supervisord", {}).get("nodaemon")
    return value is not None and value.text.lower() in _YES


def goes_to_background(argv: Argv, environment: Environment, rootfs: RootFilesystem) -> bool:
    """Whether its configuration can be read, with all that it includes, and doesn't say `nodaemon`."""
    if any(word == "--nodaemon" or (word[:1] == "-" and word[1:].isalpha() and "n" in word) for word in argv[1:]):
        return False
    source, path = _configuration(argv, environment, rootfs)
    if source is None:
        return False
    read = [_sections(source)]
    files = read[0].get("include", {}).get("files")
    folder = posixpath.dirname(path)
    for pattern in files.text.split() if files is not None else ():
        included, complete = _included(rootfs, folder, pattern.replace("%(here)s", folder))
        if not complete:
            return False
        read.extend(_sections(file) for file in included)
    return not any("nodaemon" in sections.get("supervisord", {}) for sections in read)


def services(argv: Argv, environment: Environment, rootfs: RootFilesystem) -> Services | None:
    """The programs that supervisord starts by itself; None where its configuration can't be read."""
    source, path = _configuration(argv, environment, rootfs)
    if source is None:
        if path != _DEBIAN_FILE:
            return None
        included, _ = _included(rootfs, "/etc/supervisor", _DEBIAN_INCLUDES)
        sections: _Sections = {}
        for file in included:
            sections.update(_sections(file))
        found = tuple(_programs(sections, environment, "/etc/supervisor"))
        return Services(found, "its packaged configuration wasn't read") if found else None
    sections = _sections(source)
    problem = ""
    folder = posixpath.dirname(path)
    files = sections.get("include", {}).get("files")
    for pattern in files.text.split() if files is not None else ():
        included, complete = _included(rootfs, folder, pattern.replace("%(here)s", folder))
        for file in included:
            sections.update(_sections(file))
        if not complete:
            problem = f"which files {pattern} includes isn't known"
    if any(_text(values, "autostart").lower() not in ("", *_YES) for values in sections.values()):
        problem = problem or "programs that it doesn't start by itself may be started later"
    return Services(tuple(_programs(sections, environment, folder)), problem)


def _configuration(argv: Argv, environment: Environment, rootfs: RootFilesystem) -> tuple[Source | None, str]:
    """The file that is read, and its path; no Source where it can't be read or can't be told."""
    named = [argv[at + 1] for at, word in enumerate(argv[:-1]) if _takes_file(word)]
    named += [word.partition("=")[2] for word in argv if is_known(word) and word.startswith("--configuration=")]
    named += [word[2:] for word in argv if is_known(word) and word.startswith("-c") and len(word) > 2]
    full = ""
    for path in named[:1] or _SEARCHED:
        if not is_known(path):
            return None, ""
        if not path.startswith("/") and not environment.cwd:
            continue
        full = paths.join(environment.cwd or "/", path)
        node = paths.resolve(rootfs, full)
        source = rootfs.read(node.path) if isinstance(node, Present) and node.kind == "file" else None
        if isinstance(source, Source):
            return source, node.path
    return None, full


def _takes_file(word: str) -> bool:
    """-c, --configuration, and -nc: flags with the c last."""
    return word == "--configuration" or (word[:1] == "-" and word[1:].isalpha() and word.endswith("c"))


def _included(rootfs: RootFilesystem, folder: str, pattern: str) -> tuple[list[Source], bool]:
    where, _, name = paths.join(folder, pattern).rpartition("/")
    if "%(" in pattern or "*" in where or "?" in where or "[" in where:
        return [], False
    listing: Listing = rootfs.list(where)
    found: list[Source] = []
    complete = listing.complete or not any(character in name for character in "*?[")
    names = sorted(entry for entry in listing.names if fnmatch.fnmatch(entry, name))
    for entry in names or ([name] if complete and not listing.complete else []):
        node = paths.resolve(rootfs, f"{where}/{entry}")
        source = rootfs.read(node.path) if isinstance(node, Present) and node.kind == "file" else None
        if isinstance(source, Source):
            found.append(source)
        elif not isinstance(node, Absent):
            complete = False
    return found, complete


def _sections(source: Source) -> _Sections:
    """The file as Python's configparser reads it: comments, continued values, the last one counts."""
    sections: _Sections = {}
    current: dict[str, _Value] = {}
    key = ""
    offset = 0
    for raw in source.data.split(b"\n"):
        start, offset = offset, offset + len(raw) + 1
        line = raw.decode("utf-8", "surrogateescape").rstrip("\r")
        bare = line.strip()
        if not bare or bare[0] in ";#":
            continue
        text = _without_comment(bare)
        at = start + len(raw) - len(raw.lstrip())
        span = Span(source, at, at + len(text.encode("utf-8", "surrogateescape")))
        if line[0] in " \t" and key:
            before = current[key]
            current[key] = _Value(f"{before.text}\n{text}".strip(), before.span._replace(end=span.end))
        elif bare.startswith("[") and "]" in bare:
            current = sections.setdefault(bare[1 : bare.rindex("]")], {})
            key = ""
        else:
            separators = [place for place in (text.find("="), text.find(":")) if place > 0]
            if separators:
                key = text[: min(separators)].strip().lower()
                current[key] = _Value(text[min(separators) + 1 :].strip(), span)
    return sections


def _without_comment(text: str) -> str:
    for at in range(1, len(text)):
        if text[at] in ";#" and text[at - 1] in " \t":
            return text[:at].rstrip()
    return text


def _programs(sections: _Sections, environment: Environment, folder: str) -> Iterator[Service]:
    for title, values in sections.items():
        kind, _, name = title.partition(":")
        command = values.get("command")
        if kind not in ("program", "fcgi-program") or command is None:
            continue
        if _text(values, "autostart").lower() not in ("", *_YES):
            continue
        signal = _text(values, "stopsignal").upper().removeprefix("SIG") or "TERM"
        yield Service(
            name.strip(),
            _words(command.text, environment, folder, name.strip()),
            command.span,
            signal=f"SIG{signal}",
            group=_text(values, "stopasgroup").lower() in _YES,
            cwd=_known(_text(values, "directory")),
            user=_known(_text(values, "user")),
            variables=tuple(_variables(_text(values, "environment"))),
        )


def _text(values: dict[str, _Value], key: str) -> str:
    value = values.get(key)
    return value.text if value is not None else ""


def _known(text: str) -> str | None:
    return text if text and "%(" not in text else None


def _words(command: str, environment: Environment, folder: str, program: str) -> Argv:
    """supervisord splits as a shell would, and puts its own %(…)s in; one that isn't known stays open."""
    import shlex

    try:
        words = shlex.split(command)
    except ValueError:
        return (Opaque(command),)
    return tuple(_expanded(word, environment, folder, program) for word in words)


def _expanded(word: str, environment: Environment, folder: str, program: str) -> str:
    if "%" not in word:
        return word
    known: dict[str, str | None] = {"here": folder, "program_name": program}
    known.update((f"ENV_{name}", value) for name, value in environment.variables.items())
    result = ""
    rest = word
    while "%" in rest:
        before, _, rest = rest.partition("%")
        result += before
        if rest.startswith("%"):
            result, rest = result + "%", rest[1:]
            continue
        name, closed, after = rest.removeprefix("(").partition(")s")
        value = known.get(name) if rest.startswith("(") and closed else None
        if value is None or not is_known(value):
            return Opaque(word)
        result, rest = result + value, after
    return result + rest


def _variables(text: str) -> Iterator[tuple[str, str | None]]:
    """`KEY="value",OTHER=value`."""
    import shlex

    lexer = shlex.shlex(text, posix=True)
    lexer.wordchars += "-./:@%()+*~{}$"
    lexer.whitespace += ","
    try:
        words = list(lexer)
    except ValueError:
        return
    for at in range(1, len(words) - 1):
        if words[at] == "=":
            yield words[at - 1], None if "%(" in words[at + 1] else words[at + 1]
