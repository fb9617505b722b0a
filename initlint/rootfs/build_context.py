"""The folder that COPY and ADD read from: files by relative path, never left through a symlink."""

from __future__ import annotations

import os
import stat as modes

from initlint.records import NamedTuple
from initlint.rootfs import Listing, NodeKind
from initlint.rootfs.files import HostFiles, real_folder
from initlint.rootfs.paths import MAX_LINKS
from initlint.rootfs.patterns import GitIgnore, PatternMatcher, gitignore, read_dockerignore
from initlint.text import Source, UnreadableInput

# Folders that builds fill: what is missing below them is taken for not built yet.
GENERATED_FOLDERS = frozenset(
    "_build .next .nuxt .output artifacts bin build built dist generated node_modules obj out output public"
    " publish release releases target tmp vendor".split()
)
# Endings that compilers and packagers give.
GENERATED_ENDINGS = (
    ".jar",
    ".war",
    ".ear",
    ".whl",
    ".so",
    ".deb",
    ".rpm",
    ".apk",
    ".tgz",
    ".tar.gz",
    ".zip",
    ".exe",
    ".dll",
)


class UnknownContext(NamedTuple):
    """There is nothing to tell which folder is the context."""

    why: str


class ContextEntry(NamedTuple):
    """Something in the context. `path` is relative to its root, `host` the path on this machine
    that the content is read from; both after the symlinks on the way were followed."""

    path: str
    kind: NodeKind
    mode: int
    host: str
    target: str | None = None


class ContextGap(NamedTuple):
    """Nothing there, as far as can be seen. `certain`: the build won't find it either;
    else it may be generated before the build (`filled`: so its folder's name says, and nothing
    else), or it lies where we don't look."""

    path: str
    why: str
    certain: bool
    filled: bool = False


MAX_VISITS = 3000  # how many entries a look for files of one name takes in


class BuildContext:
    """The files below `root`, without those that .dockerignore leaves out.

    `why` says how the folder was found. `exact` is False where some COPY source is missing in
    it: then a missing file counts as not generated yet, never as absent. `rivalled` is True where
    another folder has some of them as well, and may be the one that is meant.
    """

    __slots__ = (
        "_entries",
        "_files",
        "_git",
        "_git_root",
        "_ignored",
        "_lists",
        "_names",
        "exact",
        "ignore_file",
        "rivalled",
        "root",
        "why",
    )

    def __init__(
        self,
        root: str,
        why: str,
        files: HostFiles,
        *,
        dockerfile: str | None = None,
        exact: bool = True,
        git_root: str | None = None,
    ) -> None:
        self.root = real_folder(root)
        self.why = why
        self.exact = exact
        self.rivalled = False
        self.ignore_file: str | None = None
        self._files = files
        self._git_root = git_root
        self._git: dict[str, GitIgnore | None] = {}
        self._entries: dict[str, ContextEntry | ContextGap] = {}
        self._lists: dict[str, tuple[str, ...] | None] = {}
        self._names: dict[str, list[str]] | None = None
        self._ignored = self._read_ignore(dockerfile)

    def __repr__(self) -> str:
        return f"BuildContext({self.root!r}, why={self.why!r}, exact={self.exact})"

    def _read_ignore(self, dockerfile: str | None) -> PatternMatcher | None:
        """`<Dockerfile>.dockerignore` beside the Dockerfile wins over the context's .dockerignore."""
        candidates = [f"{self.root}/.dockerignore"]
        if dockerfile is not None:
            candidates.insert(0, dockerfile + ".dockerignore")
        for path in candidates:
            text = self._plain_text(path)
            if text is not None:
                self.ignore_file = path
                return PatternMatcher(read_dockerignore(text))
        return None

    def _plain_text(self, path: str) -> str | None:
        """A file beside the context's own; a symlink isn't followed, it may lead anywhere."""
        mode = self._lstat(path)
        if not isinstance(mode, int) or not modes.S_ISREG(mode):
            return None
        try:
            return self._files.source(path).text
        except UnreadableInput:
            return None

    def ignores(self, path: str) -> bool:
        """Whether .dockerignore leaves a relative path out."""
        return self._ignored is not None and path != "" and self._ignored.matching(path) is not None

    def _left_out(self, path: str, kind: NodeKind) -> bool:
        # an ignored folder stays where an exception may bring something of it back
        if self._ignored is None or (kind == "directory" and self._ignored.has_exceptions):
            return False
        return self.ignores(path)

    def stat(self, path: str) -> ContextEntry | ContextGap:
        """What lies at a path relative to the root; its last component isn't followed."""
        path = _relative(path)
        found = self._entries.get(path)
        if found is None:
            found = self._entries[path] = self._walk(path, follow=False)
        return found

    def follow(self, path: str) -> ContextEntry | ContextGap:
        """What lies at a path, symlinks followed to the end, as COPY does with its sources."""
        found = self.stat(path)
        if isinstance(found, ContextEntry) and found.kind == "symlink":
            return self._walk(found.path, follow=True)
        return found

    def _walk(self, path: str, *, follow: bool) -> ContextEntry | ContextGap:
        pending = path.split("/") if path else []
        pending.reverse()
        here = ""
        links = 0
        while True:
            host = f"{self.root}/{here}" if here else self.root
            mode = self._lstat(host)
            if isinstance(mode, str):
                return self._gap(here, mode)
            if mode is None:
                return self._gap("/".join([here, *reversed(pending)]).strip("/"), None)
            if modes.S_ISLNK(mode) and (pending or follow):
                links += 1
                target = _readlink(host)
                if links > MAX_LINKS or target is None:
                    return ContextGap(path, "too many levels of symbolic links", True)
                if target.startswith("/"):
                    return ContextGap(path, f"{here} is a symlink out of the build context", False)
                here = here.rpartition("/")[0]
                depth = here.count("/") + 1 if here else 0
                if _climbs(target, depth):
                    return ContextGap(path, f"{path} leads out of the build context through a symlink", False)
                pending.extend(part for part in reversed(target.split("/")) if part not in ("", "."))
            elif not pending:
                break
            if pending:
                part = pending.pop()
                here = here.rpartition("/")[0] if part == ".." else f"{here}/{part}" if here else part
        kind = _kind(mode)
        if self._left_out(here, kind):
            return ContextGap(here, f"{self._ignore_name()} leaves it out", self.exact)
        return ContextEntry(here, kind, modes.S_IMODE(mode), host, _readlink(host) if kind == "symlink" else None)

    def _lstat(self, host: str) -> int | str | None:
        """The mode with its type bits; None where there is nothing, a text where it can't be told."""
        if host in self._files.overlay:
            return modes.S_IFREG | (self._files.mode(host) or 0o644)
        try:
            mode = os.lstat(host).st_mode
        except (FileNotFoundError, NotADirectoryError):
            prefix = host + "/"
            if any(path.startswith(prefix) for path in self._files.overlay):
                return modes.S_IFDIR | 0o755
            return None
        except (OSError, ValueError) as error:
            return f"can't be read: {error}"
        if host in self._files.modes:
            return modes.S_IFMT(mode) | self._files.modes[host]
        return mode

    def _gap(self, path: str, problem: str | None) -> ContextGap:
        if problem is not None:
            return ContextGap(path, problem, False)
        if not self.exact:
            return ContextGap(path, "the build context isn't complete here", False)
        folder = next((part for part in path.split("/")[:-1] if part.lower() in GENERATED_FOLDERS), "")
        hint = self._generated(path)
        if folder or hint:
            return ContextGap(path, hint or f"{folder}/ is filled by a build", False, filled=not hint)
        return ContextGap(path, "the build context doesn't hold it", True)

    def _generated(self, path: str) -> str:
        """Why a missing path may come into being before the build; empty where nothing says so."""
        parts = path.split("/")
        if parts[-1].endswith(GENERATED_ENDINGS):
            return "it is the product of a build"
        if self._git_ignored(path):
            return "git ignores it, so it may be generated"
        return ""

    def _git_ignored(self, path: str) -> bool:
        """Whether git ignores a missing file, or one of its folders."""
        top = self._git_root
        if top is None or not (self.root + "/").startswith(top + "/"):
            return False
        inside = f"{self.root}/{path}"[len(top) + 1 :].split("/")
        for count in range(1, len(inside) + 1):
            for level in range(count - 1, -1, -1):
                folder = "/".join([top, *inside[:level]])
                rules = self._gitignore(folder)
                if rules is None:
                    continue
                decided = rules.decides("/".join(inside[level:count]), folder=count < len(inside))
                if decided is None:
                    continue
                if decided:
                    return True
                break
        return False

    def _gitignore(self, folder: str) -> GitIgnore | None:
        if folder not in self._git:
            text = self._plain_text(f"{folder}/.gitignore")
            self._git[folder] = None if text is None else gitignore(text)
        return self._git[folder]

    def _ignore_name(self) -> str:
        return os.path.basename(self.ignore_file or ".dockerignore")

    def names(self, path: str) -> tuple[str, ...] | None:
        """The names in a folder (symlinks on the way followed), ignored files among them; None for no folder."""
        entry = self.follow(path)
        if isinstance(entry, ContextGap) or entry.kind != "directory":
            return None
        if entry.path not in self._lists:
            try:
                found = set(os.listdir(entry.host))
            except OSError:
                found = set()
            prefix = entry.host + "/"
            for overlaid in self._files.overlay:
                if overlaid.startswith(prefix):
                    found.add(overlaid[len(prefix) :].partition("/")[0])
            self._lists[entry.path] = tuple(sorted(found))
        return self._lists[entry.path]

    def list(self, path: str) -> Listing:
        """The names that COPY takes from a folder."""
        names = self.names(path)
        if names is None:
            return Listing((), False)
        prefix = f"{_relative(path)}/" if _relative(path) else ""
        kept = (name for name in names if isinstance(self.stat(prefix + name), ContextEntry))
        return Listing(tuple(kept), self.exact)

    def read(self, entry: ContextEntry) -> Source:
        """The file on the host. Raises UnreadableInput."""
        return self._files.source(entry.host)

    def find(self, name: str, *, limit: int = 4) -> tuple[str, ...]:
        """Files of that name (in any case) anywhere in the context: for messages, so the walk is bounded."""
        if self._names is None:
            self._names = _index(self.root)
        return tuple(path for path in self._names.get(name.lower(), ()) if not self.ignores(path))[:limit]


def _index(root: str) -> dict[str, list[str]]:
    """The context's files by their names in lower case, as many as are walked, the nearest first."""
    found: dict[str, list[str]] = {}
    visits = MAX_VISITS
    waiting = [""]
    for folder in waiting:
        try:
            with os.scandir(f"{root}/{folder}") as entries:
                listed = sorted((entry.name, entry.is_dir(follow_symlinks=False)) for entry in entries)
        except OSError:
            continue
        for name, is_folder in listed:
            visits -= 1
            if visits < 0:
                return found
            path = f"{folder}/{name}" if folder else name
            if not is_folder:
                found.setdefault(name.lower(), []).append(path)
            elif name not in (".git", "node_modules"):
                waiting.append(path)
    return found


def _relative(path: str) -> str:
    """A COPY source as the engine sees it: rooted in the context, `..` stops at its root."""
    return os.path.normpath("/" + path).lstrip("/")


def _climbs(target: str, depth: int) -> bool:
    for part in target.split("/"):
        if part == "..":
            depth -= 1
            if depth < 0:
                return True
        elif part not in ("", "."):
            depth += 1
    return False


def _kind(mode: int) -> NodeKind:
    if modes.S_ISREG(mode):
        return "file"
    if modes.S_ISDIR(mode):
        return "directory"
    return "symlink" if modes.S_ISLNK(mode) else "other"


def _readlink(host: str) -> str | None:
    try:
        return os.readlink(host)
    except OSError:
        return None
