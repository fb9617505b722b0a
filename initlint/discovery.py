"""Which files a run looks at: targets searched for Dockerfiles."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from io import FileIO

from initlint.configuration import CONFIGURATION_FILES, Configurations
from initlint.records import NamedTuple
from initlint.rootfs.context import git_root
from initlint.rootfs.files import real_path
from initlint.rootfs.patterns import GitIgnore
from initlint.text import UnreadableInput, decode

# Ways to name an image, as container people know them.
TRANSPORTS = ("docker-daemon:", "docker-archive:", "oci-archive:", "oci:", "docker://", "containers-storage:")

# What stands beside Dockerfiles under such a name and isn't one: their ignore files,
# templates of them, notes, and what editors and merges leave behind.
_NOT_DOCKERFILES = (
    ".dockerignore",
    ".containerignore",
    ".cue",
    ".ejs",
    ".erb",
    ".gotmpl",
    ".hbs",
    ".in",
    ".j2",
    ".jinja",
    ".jinja2",
    ".liquid",
    ".m4",
    ".mako",
    ".md",
    ".mustache",
    ".orig",
    ".rej",
    ".rst",
    ".swp",
    ".template",
    ".tmpl",
    ".tpl",
    ".twig",
    "~",
)

_SCRIPT_ENDINGS = tuple(
    ".ash .bash .bats .cjs .cts .dash .js .jsx .ksh .lua .mjs .mts .php .pl .pm .ps1"
    " .py .pyi .pyw .rb .sh .ts .tsx .zsh".split()
)


class Found(NamedTuple):
    """A Dockerfile to look at. `within`: the folder that was searched, None for one that was named."""

    path: str
    within: str | None


class Selector(NamedTuple):
    """A named script: the Dockerfiles whose boot path reads it are to be looked at."""

    path: str


def find(targets: tuple[str, ...], configurations: Configurations) -> Iterator[Found | Selector | UnreadableInput]:
    """What each target stands for, in order, no file twice."""
    seen: set[str] = set()
    for target in targets:
        for found in _of_target(target, configurations):
            if isinstance(found, Found):
                if found.path in seen:
                    continue
                seen.add(found.path)
            yield found


def _of_target(target: str, configurations: Configurations) -> Iterator[Found | Selector | UnreadableInput]:
    if not target:  # as a script with an empty variable writes it
        yield UnreadableInput("an empty name; the current folder is `.`", filename='""')
        return
    path = os.path.abspath(target)
    if target.startswith(TRANSPORTS) and not os.path.lexists(path):
        yield UnreadableInput("images can't be checked yet, only Dockerfiles", filename=target)
    elif os.path.isdir(path):
        found = False
        unreadable: dict[str, str] = {}
        for below in dockerfiles(path, configurations, unreadable):
            found = True
            yield Found(below, path)
        for folder, problem in unreadable.items():
            yield UnreadableInput(f"can't be read: {problem}", filename=os.path.relpath(folder))
        if not found and not unreadable:
            yield UnreadableInput("no Dockerfile in this folder", filename=target)
    elif is_dockerfile_name(os.path.basename(path)) or not _is_script(path):
        yield Found(path, None)
    else:
        yield Selector(path)


def dockerfiles(folder: str, configurations: Configurations, unreadable: dict[str, str] | None = None) -> Iterator[str]:
    """The Dockerfiles below an absolute folder, by name, without what is ignored and excluded.

    `unreadable` is given the folders that couldn't be looked into, the symlinks that lead in
    circles, and why.
    """
    ignores = _Ignores(folder)
    links: list[str] = []
    found: set[str] = set()
    pending = [folder]
    while pending:
        here = pending.pop()
        files: list[str] = []
        folders: list[str] = []
        configured = here == folder
        try:
            with os.scandir(here) as entries:
                for entry in entries:
                    configured = configured or entry.name in CONFIGURATION_FILES
                    if entry.name == ".gitignore":
                        ignores.enter(here)
                    elif entry.is_dir(follow_symlinks=False):
                        if entry.name != ".git":
                            folders.append(entry.name)
                    elif is_dockerfile_name(entry.name):
                        if entry.is_file(follow_symlinks=False):
                            files.append(entry.name)
                        elif entry.is_symlink():
                            links.append(f"{here.rstrip('/')}/{entry.name}")
        except OSError as error:
            if unreadable is not None:
                unreadable[here] = error.strerror or "unknown error"
            continue

        if not configured:
            configurations.inherits(here)
        prefix = f"{here.rstrip('/')}/"

        def wanted(path: str, above: str = here, *, is_folder: bool) -> bool:
            return not ignores.ignores(path, above, folder=is_folder) and not configurations.excludes(
                path, above, folder=is_folder
            )

        for name in sorted(files):
            path = prefix + name
            if wanted(path, is_folder=False):
                found.add(real_path(path))
                yield path
        # what lies deeper comes later; the last one pushed is the next one taken
        pending.extend(path for name in sorted(folders, reverse=True) if wanted(path := prefix + name, is_folder=True))
    for path in sorted(links):
        above = os.path.dirname(path)
        if ignores.ignores(path, above, folder=False) or configurations.excludes(path, above, folder=False):
            continue
        try:
            status = os.stat(path)
        except OSError as error:
            if unreadable is not None and error.errno == errno.ELOOP:
                unreadable[path] = error.strerror or "unknown error"
            continue
        real = os.path.realpath(path)
        if real not in found and stat.S_ISREG(status.st_mode):
            found.add(real)
            yield path


# Source code and documents about Dockerfiles.
_ABOUT_DOCKERFILES = tuple(
    ".c .cc .cpp .cs .css .go .html .java .js .json .jsx .kt .lock .lua .mjs .orig .php .pl .py .pyc .rb .rej .rs .rst "
    ".scala .sh .snap .swift .swp .toml .ts .tsx .txt .vim .xml .yaml .yml".split()
)


def is_dockerfile_name(name: str) -> bool:
    """`Dockerfile`, `Dockerfile.*`, `*.Dockerfile`, `Containerfile*`; the first three in lower case as well.

    The engine falls back to `dockerfile` where there is no `Dockerfile`.
    """
    if "ockerfile" not in name and "ontainerfile" not in name:
        return False  # nearly every file
    named = (
        name in ("Dockerfile", "dockerfile")
        or name.startswith(("Dockerfile.", "dockerfile.", "Containerfile"))
        or name.endswith((".Dockerfile", ".dockerfile"))
    )
    return named and not name.endswith(_NOT_DOCKERFILES) and not name.endswith(_ABOUT_DOCKERFILES)


def repository(path: str) -> str:
    """The folder to search for the Dockerfiles that may use a file."""
    folder = os.path.dirname(path)
    root = git_root(folder)
    if root is not None:
        return root
    cwd = os.getcwd()
    return cwd if path.startswith(cwd.rstrip("/") + "/") else folder


def _is_script(path: str) -> bool:
    """Whether a file is one of those that a pre-commit hook passes beside Dockerfiles."""
    if not os.path.isfile(path):
        return False
    if path.endswith(_SCRIPT_ENDINGS):
        return True
    try:
        with FileIO(path) as stream:
            return stream.read(2) == b"#!"
    except OSError:
        return False


# How much of a path names the folder of a .gitignore, and that file's patterns; the nearest first.
_Rules = tuple[tuple[int, GitIgnore], ...]


class _Ignores:
    """The .gitignore files from the repository's root down."""

    def __init__(self, folder: str) -> None:
        self._patterns: dict[str, GitIgnore] = {}
        self._above: dict[str, _Rules] = {}
        root = git_root(folder)
        self._root = folder if root is None else root
        while len(folder) > len(self._root):
            folder = os.path.dirname(folder)
            self.enter(folder)

    def enter(self, folder: str) -> None:
        """Read a folder's .gitignore, where there is one."""
        try:
            with FileIO(f"{folder.rstrip('/')}/.gitignore") as stream:
                self._patterns[folder] = GitIgnore(decode(stream.readall()))
                self._above.pop(folder, None)
        except OSError:
            pass

    def ignores(self, path: str, above: str, *, folder: bool) -> bool:
        """Whether the nearest .gitignore that says something of a path, in the folder `above`, ignores it."""
        for length, patterns in self._rules(above):
            decision = patterns.decides(path[length:], folder=folder)
            if decision is not None:
                return decision
        return False

    def _rules(self, folder: str) -> _Rules:
        """The .gitignore files that hold for what is in a folder, its own first."""
        rules = self._above.get(folder)
        if rules is None:
            rules = ()
            if len(folder) > len(self._root) and folder != "/":
                rules = self._rules(os.path.dirname(folder))
            own = self._patterns.get(folder)
            if own is not None:
                rules = ((len(folder.rstrip("/")) + 1, own), *rules)
            self._above[folder] = rules
        return rules
