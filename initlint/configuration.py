"""What is set in `initlint.toml` and in `[tool.initlint]` of `pyproject.toml`.

The file nearest to a Dockerfile, from its folder up, holds for it; `initlint.toml` goes before
`pyproject.toml` in the same folder. What the command line says goes before all of them.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from io import FileIO
from typing import Any, Literal, get_args

from initlint.records import NamedTuple
from initlint.registry import UnknownRule, codes
from initlint.rootfs.patterns import GitIgnore
from initlint.rule import SEVERITIES, Severity
from initlint.subject import ExamineOptions

# Of a folder, the one that goes first.
CONFIGURATION_FILES = ("initlint.toml", "pyproject.toml")

Init = Literal["auto", "tini", "dumb-init", "catatonit", "pid1", "pyinit"]
INITS: tuple[Init, ...] = get_args(Init)
Install = Literal["auto", "package", "copy", "download"]
INSTALLS: tuple[Install, ...] = get_args(Install)

# Always reported: what wasn't read wasn't checked.
INPUT_RULES = frozenset(("IL001", "IL002"))


class ConfigurationError(Exception):
    """A configuration that can't be used: `str()` says the file, the line where it is known, and what."""

    def __init__(self, name: str, problem: str, row: int | None = None, data: bytes = b"") -> None:
        super().__init__(f"{name}: {problem}" if row is None else f"{name}:{row}: {problem}")
        self.name = name
        self.problem = problem
        self.row = row
        self.data = data


class Configuration(NamedTuple):
    """One file's settings; None where it says nothing. Paths in it are absolute."""

    name: str
    folder: str
    select: frozenset[str] | None = None
    ignore: frozenset[str] | None = None
    exclude: GitIgnore | None = None
    min_severity: Severity | None = None
    init: Init | None = None
    install: Install | None = None
    reading: ExamineOptions = ExamineOptions()
    per_path: tuple[tuple[GitIgnore, ExamineOptions], ...] = ()
    error: ConfigurationError | None = None  # why nothing of it can be used


class CommandLine(NamedTuple):
    """What the command line and the environment say; None where they say nothing."""

    select: frozenset[str] | None = None
    ignore: frozenset[str] | None = None
    exclude: tuple[str, ...] | None = None
    min_severity: Severity | None = None
    init: Init | None = None
    install: Install | None = None
    reading: ExamineOptions = ExamineOptions()
    configuration: str | None = None


class Settings(NamedTuple):
    """What holds for one Dockerfile. `enabled` are the codes that may be reported."""

    enabled: frozenset[str]
    min_severity: Severity
    init: Init
    install: Install
    reading: ExamineOptions


class Configurations:
    """Finds the configuration of every folder, and puts it together with the command line."""

    def __init__(self, command_line: CommandLine | None = None) -> None:
        self._command_line = command_line = command_line or CommandLine()
        self._nearest: dict[str, Configuration] = {}
        self._cwd = os.getcwd()
        self._explicit: Configuration | None = None
        self._excluded = None if command_line.exclude is None else GitIgnore("\n".join(command_line.exclude))
        if command_line.configuration is not None:
            path = os.path.abspath(command_line.configuration)
            self._explicit = read(path) or Configuration(path, os.path.dirname(path))

    def nearest(self, folder: str) -> Configuration:
        """The configuration that holds for the files of an absolute folder."""
        if self._explicit is not None:
            return self._explicit
        found = self._nearest.get(folder)
        if found is None:
            try:
                own = None
                for name in CONFIGURATION_FILES:
                    own = own or read(f"{folder.rstrip('/')}/{name}")
            except ConfigurationError as error:  # what it doesn't hold for is checked all the same
                own = Configuration(error.name, folder, error=error)
            above = os.path.dirname(folder)
            if own is None:
                own = Configuration("", folder) if above == folder else self.nearest(above)
            found = self._nearest[folder] = own
        return found

    def inherits(self, folder: str) -> None:
        """What its reader knows of a folder: it holds no configuration of its own."""
        if self._explicit is None and folder not in self._nearest:
            self._nearest[folder] = self.nearest(os.path.dirname(folder))

    def excludes(self, path: str, above: str, *, folder: bool) -> bool:
        """Whether a file or folder in the folder `above`, that the search came upon, is to be left out.

        Folders above it aren't looked at: the search has passed them, or it was started below them.
        """
        patterns, root = self._excluded, self._cwd
        if patterns is None:
            configuration = self.nearest(above)
            patterns, root = configuration.exclude, configuration.folder
        if patterns is None:
            return False
        prefix = root.rstrip("/") + "/"
        return path.startswith(prefix) and bool(patterns.decides(path[len(prefix) :], folder=folder))

    def settings(self, path: str) -> Settings:
        """What holds for the Dockerfile at an absolute path. Raises ConfigurationError."""
        configuration = self.nearest(os.path.dirname(path))
        if configuration.error is not None:
            raise configuration.error
        given = self._command_line
        reading = configuration.reading
        for pattern, options in configuration.per_path:
            if _matches(pattern, configuration.folder, path):
                reading = _over(reading, options)
        reading = _over(reading, given.reading)
        select = configuration.select if given.select is None else given.select
        ignore = configuration.ignore if given.ignore is None else given.ignore
        enabled = codes("ALL") if select is None else select
        return Settings(
            (enabled - (ignore or frozenset())) | INPUT_RULES,
            given.min_severity or configuration.min_severity or "warning",
            given.init or configuration.init or "auto",
            given.install or configuration.install or "auto",
            reading,
        )


def read(path: str) -> Configuration | None:
    """The settings in a file, None where there is no such file or it isn't about us.

    Raises ConfigurationError.
    """
    try:
        with FileIO(path) as stream:
            data = stream.readall()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise ConfigurationError(_shown(path), f"can't be read: {error.strerror}") from None
    nested = os.path.basename(path) == "pyproject.toml"
    if nested and b"initlint" not in data:
        return None
    table = _load(data, path)
    if nested:
        tool = table.get("tool")
        table = tool.get("initlint") if isinstance(tool, dict) else None
        if table is None:
            return None
    return _Reader(path, data).configuration(table)


def known_codes(words: tuple[str, ...] | list[str]) -> frozenset[str]:
    """The codes that a list of codes, prefixes and names stands for. Raises UnknownRule."""
    return frozenset(code for word in words for code in codes(word))


def _load(data: bytes, path: str) -> Any:
    import sys

    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib  # type: ignore[import-not-found, unused-ignore]
    try:
        return tomllib.loads(data.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError(_shown(path), f"is not TOML: {error}") from None


class _Reader:
    """Turns a table into a Configuration; its errors name file and line."""

    def __init__(self, path: str, data: bytes) -> None:
        self.path = path
        self.folder = os.path.dirname(path)
        self.data = data
        self.lines = data.decode("utf-8", "replace").splitlines()

    def configuration(self, table: Any) -> Configuration:
        result = Configuration(_shown(self.path), self.folder)
        if not isinstance(table, dict):
            raise self.error("initlint", "must be a table")
        for key, value in table.items():
            if key == "select":
                result = result._replace(select=self.rules(key, value))
            elif key == "ignore":
                result = result._replace(ignore=self.rules(key, value))
            elif key == "exclude":
                result = result._replace(exclude=GitIgnore("\n".join(self.strings(key, value))))
            elif key == "min-severity":
                result = result._replace(min_severity=self.one_of(key, value, SEVERITIES))
            elif key == "init":
                result = result._replace(init=self.one_of(key, value, INITS))
            elif key == "install":
                result = result._replace(install=self.one_of(key, value, INSTALLS))
            elif key == "per-path":
                result = result._replace(per_path=self.per_path(value))
            elif key in _READING:
                result = result._replace(reading=_READING[key](self, key, value, result.reading))
            else:
                raise self.error(key, "is not a setting of initlint")
        return result

    def error(self, key: str, problem: str) -> ConfigurationError:
        # what a line sets, or the table that it opens
        for number, line in enumerate(self.lines, 1):
            words = line.replace('"', "").replace("'", "").strip()
            name = words.partition("=")[0].strip().rpartition(".")[2] if "=" in words else words.strip("[] ")
            if name == key or ("=" not in words and words.startswith("[") and name.endswith(f".{key}")):
                return ConfigurationError(_shown(self.path), f"{key} {problem}", number, self.data)
        return ConfigurationError(_shown(self.path), f"{key} {problem}")

    def string(self, key: str, value: Any) -> str:
        if not isinstance(value, str):
            raise self.error(key, "must be a string")
        return value

    def strings(self, key: str, value: Any) -> list[str]:
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self.error(key, "must be a list of strings")
        return value

    def one_of(self, key: str, value: Any, choices: tuple[str, ...]) -> Any:
        if value not in choices:
            raise self.error(key, f"must be one of {', '.join(choices)}")
        return value

    def rules(self, key: str, value: Any) -> frozenset[str]:
        try:
            return known_codes(self.strings(key, value))
        except UnknownRule as error:
            raise self.error(key, f"names no rule: {error}") from None

    def per_path(self, value: Any) -> tuple[tuple[GitIgnore, ExamineOptions], ...]:
        if not isinstance(value, dict):
            raise self.error("per-path", "must be a table")
        found = []
        for pattern, table in value.items():
            if not isinstance(table, dict):
                raise self.error(pattern, "must be a table")
            options = ExamineOptions()
            for key, item in table.items():
                if key not in _READING:
                    raise self.error(key, "is not a setting for a path")
                options = _READING[key](self, key, item, options)
            found.append((GitIgnore(pattern), options))
        return tuple(found)

    def context(self, key: str, value: Any, options: ExamineOptions) -> ExamineOptions:
        folder = os.path.normpath(os.path.join(self.folder, self.string(key, value)))
        if not os.path.isdir(folder):
            raise self.error(key, f"is not a folder: {value}")
        return options._replace(context=folder)

    def target(self, key: str, value: Any, options: ExamineOptions) -> ExamineOptions:
        return options._replace(target=self.string(key, value))

    def platform(self, key: str, value: Any, options: ExamineOptions) -> ExamineOptions:
        return options._replace(platform=self.string(key, value))

    def build_args(self, key: str, value: Any, options: ExamineOptions) -> ExamineOptions:
        if not isinstance(value, dict) or not all(isinstance(item, str) for item in value.values()):
            raise self.error(key, "must be a table of strings")
        return options._replace(build_args=value)


_READING: Mapping[str, Callable[[_Reader, str, Any, ExamineOptions], ExamineOptions]] = {
    "context": _Reader.context,
    "target": _Reader.target,
    "build-args": _Reader.build_args,
    "platform": _Reader.platform,
}

# Every key that a configuration may have; the documentation is held to it.
SETTINGS = ("select", "ignore", "exclude", "min-severity", "init", "install", "per-path", *_READING)


def _over(below: ExamineOptions, above: ExamineOptions) -> ExamineOptions:
    return ExamineOptions(
        above.context or below.context,
        above.target or below.target,
        {**below.build_args, **above.build_args},
        above.platform or below.platform,
    )


def _matches(patterns: GitIgnore, root: str, path: str) -> bool:
    """Whether a file, or a folder that it lies in, matches patterns that belong to `root`."""
    prefix = root.rstrip("/") + "/"
    if not path.startswith(prefix):
        return False
    parts = path[len(prefix) :].split("/")
    return any(
        patterns.decides("/".join(parts[:count]), folder=count < len(parts)) for count in range(1, len(parts) + 1)
    )


def _shown(path: str) -> str:
    cwd = os.getcwd().rstrip("/") + "/"
    return path[len(cwd) :] if path.startswith(cwd) else path
