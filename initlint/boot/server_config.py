"""Servers whose configuration file, or environment, decides how they run: said again as options.

Each reader takes a command line and gives it back with the options that the configuration stands
for, where all of it can be read; else the command line as it is, and its fact says what is open.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterable, Iterator

from initlint.boot.model import Argv, Environment, is_known
from initlint.facts.configurations import CONFIGURATIONS
from initlint.facts.programs.options import has, value_of
from initlint.records import NamedTuple
from initlint.rootfs import Absent, Present, RootFilesystem, paths
from initlint.text import Source


class Files:
    """Configuration files as a process with this environment finds them."""

    def __init__(self, environment: Environment, rootfs: RootFilesystem) -> None:
        self.environment = environment
        self._rootfs = rootfs

    def read(self, path: str) -> File:
        if not path.startswith("/") and self.environment.cwd is None:
            return File(None, "", False)
        node = paths.resolve(self._rootfs, paths.join(self.environment.cwd or "/", path))
        if isinstance(node, Absent):
            return File(None, "", True)
        source = self._rootfs.read(node.path) if isinstance(node, Present) and node.kind == "file" else None
        if isinstance(source, Source):
            return File(source.text, "", False)
        # A RUN line that adds to the file or changes it: its words are all there is to see.
        span = node.origin.span if node.origin is not None and node.origin.kind == "instruction" else None
        return File(None, span.text if span is not None else "", False)

    def variable(self, name: str) -> str | None:
        value = self.environment.variables.get(name)
        return value if value and is_known(value) else None


class File(NamedTuple):
    """`text` where it can be read; `changed_by`: the instruction that writes what can't be; `absent` for certain."""

    text: str | None
    changed_by: str
    absent: bool


def with_configuration(name: str, argv: Argv, environment: Environment, rootfs: RootFilesystem) -> Argv:
    """The command line of the server `name` with what its configuration says."""
    reader = _READERS.get(name)
    if reader is None or not all(is_known(word) for word in argv):
        return argv
    return reader(argv, Files(environment, rootfs))


def _nginx(argv: Argv, files: Files) -> Argv:
    joined = " ".join(argv[1:])
    if re.search(r"\bdaemon\s+o(?:n|ff)\b", joined) or has(argv[1:], "-t", "-T", "-v", "-V", "-s", "-h", "-?"):
        return argv
    file = files.read(value_of(argv[1:], "-c") or CONFIGURATIONS["nginx"].file)
    if file.text is None:
        return (*argv, "-g", "daemon off;") if re.search(r"\bdaemon\s+off\b", file.changed_by) else argv
    depth = 0
    included = False
    answer = "on"
    for statement in re.finditer(r"[^;{}]+|[;{}]", re.sub(r"#[^\n]*", "", file.text)):
        text = statement.group().strip()
        depth += {"{": 1, "}": -1}.get(text, 0)
        if depth == 0 and re.fullmatch(r"daemon\s+(?:on|off)", text):
            answer = text.split()[1]
        # Debian's own file takes in modules that way, which say nothing else.
        included = included or (depth == 0 and text.startswith("include") and "modules" not in text)
    return argv if included and answer == "on" else (*argv, "-g", f"daemon {answer};")


def _redis(argv: Argv, files: Files) -> Argv:
    if has(argv[1:], "--daemonize") or len(argv) < 2 or argv[1].startswith("-"):
        return argv
    return (*argv, "--daemonize", "yes") if _redis_daemonize(argv[1], files, 0) == "yes" else argv


def _redis_daemonize(path: str, files: Files, depth: int) -> str:
    """The last that a file, or one that it includes, says of `daemonize`; the names' case doesn't count."""
    answer = ""
    for line in (files.read(path).text or "").splitlines():
        words = [word.strip("\"'") for word in line.split()]
        if len(words) > 1 and words[0].lower() == "daemonize":
            answer = words[1].lower()
        elif len(words) > 1 and words[0].lower() == "include" and depth < 4 and "*" not in words[1]:
            answer = _redis_daemonize(words[1], files, depth + 1) or answer
    return answer


def _haproxy(argv: Argv, files: Files) -> Argv:
    if has(argv[1:], "-W", "-Ws", "-db", "-D", "-c", "-v", "-vv"):
        return argv
    path = value_of(argv[1:], "-f")
    text = files.read(path).text if path else None
    if text is None or argv.count("-f") > 1 or "--" in argv:
        return argv
    section = ""
    words: set[str] = set()
    for line in text.splitlines():
        tokens = line.split("#")[0].split()
        if tokens and tokens[0] in _HAPROXY_SECTIONS:
            section = tokens[0]
        elif tokens and section == "global":
            words.add(tokens[0])
    if "daemon" in words:
        return (*argv, "-D")
    return (*argv, "-W" if "master-worker" in words else "-db")


_HAPROXY_SECTIONS = frozenset("global defaults frontend backend listen resolvers peers program cache userlist".split())


def _php_fpm(argv: Argv, files: Files) -> Argv:
    if has(argv[1:], "-D", "--daemonize", "-F", "--nodaemonize", "-t", "-i", "-v", "-m"):
        return argv
    path = value_of(argv[1:], "-y", "--fpm-config")
    file = files.read(path or CONFIGURATIONS["php-fpm"].file)
    if file.text is None:
        return (*argv, "-F") if re.search(r"daemonize\s*=\s*no\b", file.changed_by) else argv
    return (*argv, "-F") if _daemonize(file.text) in _NO else argv


_NO = ("no", "0", "false", "off")


def php_fpm_says(path: str, environment: Environment, rootfs: RootFilesystem) -> str | None:
    """`yes` or `no` where a file of php-fpm's can be read and says it."""
    answer = _daemonize(Files(environment, rootfs).read(path).text or "")
    return "no" if answer in _NO else "yes" if answer in ("yes", "1", "true", "on") else None


def _daemonize(text: str) -> str:
    section, answer = "global", ""
    for line in text.splitlines():
        line = line.split(";")[0].strip()
        if line.startswith("["):
            section = line.strip("[]")
        key, _, value = line.partition("=")
        if section == "global" and key.strip() == "daemonize":
            answer = value.strip().strip("\"'").lower()
    return answer


def _gunicorn(argv: Argv, files: Files) -> Argv:
    given = files.variable("GUNICORN_CMD_ARGS")
    added: list[str] = []
    if given is not None:
        try:
            added = shlex.split(given)
        except ValueError:
            return argv
    if has([*argv[1:], *added], "-D", "--daemon"):
        return argv if has(argv[1:], "-D", "--daemon") else (*argv, "--daemon")
    path = value_of(argv[1:], "-c", "--config") or value_of(added, "-c", "--config") or CONFIGURATIONS["gunicorn"].file
    file = files.read(path.removeprefix("file:"))
    return (*argv, "--daemon") if re.search(r"^daemon\s*=\s*(?:True|1)\b", file.text or "", re.M) else argv


def _uvicorn(argv: Argv, files: Files) -> Argv:
    if not has(argv[1:], "--reload") and (files.variable("UVICORN_RELOAD") or "").lower() in ("1", "true", "yes", "on"):
        return (*argv, "--reload")
    workers = files.variable("UVICORN_WORKERS") or files.variable("WEB_CONCURRENCY")
    return (*argv, "--workers", workers) if workers and not has(argv[1:], "--workers") else argv


def _java(argv: Argv, files: Files) -> Argv:
    given = " ".join(files.variable(name) or "" for name in CONFIGURATIONS["java"].variables)
    words = given.split()
    for word in argv[1:]:
        if not word.startswith(("-", "@")):
            break  # the main class, or an option's value
        if word.startswith("@") and word[1:2] != "@":
            # The options that stand in a file.
            words += (files.read(word[1:]).text or "").split()
    return (argv[0], "-Xrs", *argv[1:]) if "-Xrs" in words else argv


# uWSGI.

_TRUE = frozenset(["true", "1", "yes", "on", ""])
_UWSGI_OPTIONS = {"master": "--master", "master-process": "--master", "die-on-term": "--die-on-term",
                  "daemonize": "--daemonize", "daemonize2": "--daemonize"}  # fmt: skip
_UWSGI_LOADS = {
    "ini": "ini", "x": "xml", "xml": "xml", "y": "yaml", "yml": "yaml", "yaml": "yaml", "j": "json", "json": "json",
}  # fmt: skip
_UWSGI_MORE = frozenset(["include", "inherit", "import", "ini", "xml", "yaml", "json", "emperor", "ini-paste", "paste"])


def _uwsgi(argv: Argv, files: Files) -> Argv:
    """uWSGI's options from its files and UWSGI_* variables, in place of the words that name the files."""
    kept: list[str] = [argv[0]]
    named: list[tuple[str, str]] = []
    words = list(argv[1:])
    while words:
        word = words.pop(0)
        option, equals, value = word.partition("=")
        kind = _UWSGI_LOADS.get(option.lstrip("-")) if option.startswith("-") else None
        if kind is not None:
            if not equals and not words:
                return argv
            named.append((kind, value if equals else words.pop(0)))
        elif not word.startswith("-") and word.split(":")[0].endswith((".ini", ".xml", ".yml", ".yaml", ".json")):
            suffix = word.split(":")[0].rpartition(".")[2]
            named.append((_UWSGI_LOADS[suffix], word))
        else:
            kept.append(word)
    variable = files.variable("UWSGI_INI")
    if variable is not None:
        named.append(("ini", variable))
    options: dict[str, str] = {}
    for kind, path in named:
        found = _uwsgi_file(kind, path, files)
        if found is None:
            return argv
        options.update(found)
    for key in _UWSGI_OPTIONS:
        value = files.environment.variables.get("UWSGI_" + key.upper().replace("-", "_")) or ""
        if value:
            options[key] = value
    for key, value in options.items():
        option = _UWSGI_OPTIONS[key]
        if (option == "--daemonize" or value.lower() in _TRUE) and option not in kept:
            kept.append(option)
    return tuple(kept)


def _uwsgi_file(kind: str, path: str, files: Files) -> dict[str, str] | None:
    """What a file says of the options that decide; None where some of it can't be told."""
    path, _, section = path.partition(":")
    text = files.read(path).text
    if text is None:
        return None
    parse: Callable[[str, str], Iterable[tuple[str, str]]] | None = {"ini": _ini, "yaml": _yaml}.get(kind)
    if kind == "xml":
        parse = _xml
    if parse is None:
        return None
    found: dict[str, str] = {}
    for key, value in parse(text, section or "uwsgi"):
        key = key.replace("_", "-")
        if key in _UWSGI_MORE or key.startswith(("if-", "for", "end")) or "%(" in key:
            return None
        if key in _UWSGI_OPTIONS:
            if "%(" in value or "$(" in value:
                return None
            found[key] = value.strip().strip("\"'")
    return found


def _ini(text: str, wanted: str) -> Iterator[tuple[str, str]]:
    section = ""
    for line in text.splitlines():
        line = line.strip()
        if line.startswith("["):
            section = line.strip("[]").strip()
        elif line and line[0] not in ";#" and section == wanted:
            key, _, value = line.partition("=")
            yield key.strip(), value.strip()


def _yaml(text: str, wanted: str) -> Iterator[tuple[str, str]]:
    """The plain `key: value` lines below a section, which is all that uWSGI's own reader knows."""
    section = ""
    for line in text.splitlines():
        if not line.strip() or line.lstrip().startswith(("#", "---")):
            continue
        key, _, value = line.strip().lstrip("- ").partition(":")
        if not line[0].isspace():
            section = key.strip()
        elif section == wanted:
            yield key.strip(), re.sub(r"\s+#.*", "", value).strip()


def _xml(text: str, wanted: str) -> Iterator[tuple[str, str]]:
    for match in re.finditer(r"<([\w-]+)\s*(?:/>|>([^<]*)</\1>)", re.sub(r"<!--.*?-->", "", text, flags=re.S)):
        yield match.group(1), (match.group(2) or "").strip()


_READERS: dict[str, Callable[[Argv, Files], Argv]] = {
    "nginx": _nginx,
    "redis-server": _redis,
    "haproxy": _haproxy,
    "php-fpm": _php_fpm,
    "gunicorn": _gunicorn,
    "uvicorn": _uvicorn,
    "uwsgi": _uwsgi,
    "java": _java,
}
