"""What one step does to the filesystem, as an answer to the question "what of this path?".

A symbolic filesystem is a list of effects in build order. A look-up walks it backwards and
asks each effect about the path; nothing is computed for paths that nobody asks for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING

from initlint.records import NamedTuple
from initlint.rootfs import NodeKind, Origin
from initlint.rootfs.patterns import go_match
from initlint.text import Span

if TYPE_CHECKING:
    from initlint.rootfs.symbolic import View

ANYTHING = "\0"  # a part of a path that isn't known
ANY_DEPTH = "\1"  # any folders: what `find` goes through


class Hit(NamedTuple):
    """It is there. The content is that of the host file `host`, or `data`, or unknown for `why`."""

    kind: NodeKind
    mode: int | None
    origin: Origin
    target: str | None = None
    mode_span: Span | None = None
    host: str | None = None
    data: bytes | None = None
    why: str = "its content is unknown"
    doubt: str = ""  # a later step may have replaced it


class Gone(NamedTuple):
    """It was removed here."""

    why: str
    origin: Origin | None = None


class Doubt(NamedTuple):
    """It may come from here; what is further down may still say that it is there for certain.
    `changes`: a program that isn't read runs here, and may change its mode as well. `covers`: a
    folder that isn't seen is laid over the path."""

    why: str
    origin: Origin | None = None
    changes: bool = False
    covers: bool = False


class Lacking(NamedTuple):
    """This step would have brought it and doesn't: nothing is decided, but it is worth telling."""

    why: str
    origin: Origin | None = None
    near: tuple[str, ...] = ()
    certain: bool = True  # the base image's word alone is enough for "absent"


class Change(NamedTuple):
    """It is changed here, if it is there. `mode`: chmod's text; `data`: what becomes of the content."""

    mode: str | None = None
    certain: bool = True
    span: Span | None = None
    data: str = ""  # "", "unknown", "strip-cr", "append"
    extra: bytes = b""
    why: str = ""


class Moved(NamedTuple):
    """It is what `path` was before this step. `sure`: the step fails without it."""

    path: str
    sure: bool
    keep_mode: bool
    mode: str | None
    origin: Origin


Answer = Hit | Gone | Doubt | Lacking | Change | Moved | None


class Where(NamedTuple):
    """The paths that a shell word names: one, those that match, or any below `folder`."""

    path: str | None
    expression: re.Pattern[str] | None
    folder: str
    certain: bool = True  # False where a part of the word isn't known

    def names(self, path: str) -> bool:
        if self.path is not None:
            return path == self.path
        return self.expression is not None and self.expression.fullmatch(path) is not None

    def top(self) -> str:
        return top_of(self.folder if self.path is None else self.path)

    def holds(self, path: str) -> bool:
        """Whether it names the path or a folder above it."""
        if self.path is not None:
            return within(path, self.path)
        if not within(path, self.folder):
            return False
        while path != "/":
            if self.names(path):
                return True
            path = path.rpartition("/")[0] or "/"
        return False


@lru_cache(maxsize=1024)
def where(pattern: str, cwd: str | None, *, plain: bool) -> Where:
    """The place of a word: `pattern` in filepath.Match's syntax, ANYTHING for unknown parts."""
    from initlint.rootfs.paths import join

    if not pattern.startswith("/"):
        if cwd is None or pattern.startswith(ANYTHING):
            pattern = ANYTHING + pattern
        else:
            pattern = join(cwd, pattern)
            cwd = None
    elif plain:
        pattern = join("/", pattern)
    if plain and ANYTHING not in pattern:
        return Where(pattern, None, pattern)
    glob = go_match(pattern)
    if glob is None:
        return Where(None, re.compile(".*", re.DOTALL), "/", False)
    expression = re.compile(glob.pattern.replace(ANYTHING, ".*").replace(ANY_DEPTH, ".*"), re.DOTALL)
    first = min(
        (at for char in "*?[\\" + ANYTHING + ANY_DEPTH if (at := pattern.find(char)) >= 0), default=len(pattern)
    )
    folder = pattern[:first].rpartition("/")[0] or "/"
    return Where(None, expression, folder, ANYTHING not in pattern)


def within(path: str, folder: str) -> bool:
    """Whether a path is a folder or lies below it."""
    return path == folder or folder == "/" or path.startswith(folder + "/")


def name_below(path: str, folder: str) -> tuple[str, ...]:
    """The name in `folder` that leads to `path`."""
    prefix = folder.rstrip("/") + "/"
    return (path[len(prefix) :].partition("/")[0],) if path.startswith(prefix) and path != folder else ()


def top_of(path: str) -> str:
    """The first component of an absolute path, "" for the root."""
    return path[1:].partition("/")[0]


class Effect:
    """One change. `look` answers for a path at the time right after it."""

    __slots__ = ()

    def top(self) -> str:
        """The first component of all the paths that it says anything of, the root aside; "" where they differ."""
        return ""

    def look(self, view: View, path: str) -> Answer:
        raise NotImplementedError

    def names(self, folder: str) -> Iterable[str]:
        """Names that it may have put into a folder, as far as they are known."""
        return ()

    def targets(self) -> Iterable[str]:
        """Paths that it may have put there: candidates for "did you mean"."""
        return ()


class Create(Effect):
    """A file, folder or link comes into being at a known place."""

    __slots__ = ("certain", "hit", "path")

    def __init__(self, path: str, hit: Hit, *, certain: bool = True) -> None:
        self.path = path
        self.hit = hit
        self.certain = certain

    def top(self) -> str:
        return top_of(self.path)

    def look(self, view: View, path: str) -> Answer:
        if path == self.path:
            if self.hit.kind == "directory" or self.certain:
                return self.hit
            return Doubt(f"{self.hit.origin.note} may make it", self.hit.origin)
        if within(self.path, path):
            return Hit("directory", None, self.hit.origin)
        return None

    def names(self, folder: str) -> Iterable[str]:
        return name_below(self.path, folder)

    def targets(self) -> Iterable[str]:
        return (self.path,)


class Remove(Effect):
    __slots__ = ("_origin", "_where")

    def __init__(self, place: Where, origin: Origin) -> None:
        self._where = place
        self._origin = origin

    def top(self) -> str:
        return self._where.top()

    def look(self, view: View, path: str) -> Answer:
        # a word that isn't known removes something that nobody can tell
        if self._where.certain and self._where.holds(path):
            return Gone(f"{self._origin.note} removes it", self._origin)
        return None


class Modify(Effect):
    """A change of mode or content of what is there already; `below` reaches into folders."""

    __slots__ = ("_below", "_change", "_where")

    def __init__(self, place: Where, change: Change, *, below: bool = False) -> None:
        self._where = place
        self._change = change
        self._below = below

    @property
    def path(self) -> str:
        return self._where.path or ""

    def at(self, path: str) -> Modify:
        """The same change of another path."""
        return Modify(Where(path, None, path), self._change, below=self._below)

    def top(self) -> str:
        return self._where.top()

    def look(self, view: View, path: str) -> Answer:
        if self._where.holds(path) if self._below else self._where.names(path):
            return self._change
        return None


class Append(Effect):
    """`>> file`: the file is there afterwards, whatever was in it."""

    __slots__ = ("_certain", "_data", "_origin", "_path")

    def __init__(self, path: str, data: bytes | None, origin: Origin, *, certain: bool) -> None:
        self._path = path
        self._data = data
        self._origin = origin
        self._certain = certain

    def top(self) -> str:
        return top_of(self._path)

    def look(self, view: View, path: str) -> Answer:
        if path != self._path:
            return Hit("directory", None, self._origin) if within(self._path, path) else None
        before = view.found(path)
        why = f"{self._origin.note} adds to it"
        if isinstance(before, Hit) and before.kind == "file":
            old = view.content(before)
            data = old + self._data if old is not None and self._data is not None and self._certain else None
            return before._replace(host=None, data=data, why=why)
        if not self._certain:
            return Doubt(f"{self._origin.note} may make it", self._origin)
        fresh = self._data if isinstance(before, Gone) else None
        return Hit("file", 0o644, self._origin, data=fresh, why=why)

    def names(self, folder: str) -> Iterable[str]:
        return name_below(self._path, folder)


class MayCreate(Effect):
    """Something that isn't read may put anything below a folder."""

    __slots__ = ("_doubt", "_except", "_folder")

    def __init__(self, folder: str, why: str, origin: Origin, *, spare: frozenset[str] = frozenset()) -> None:
        self._folder = folder
        self._doubt = Doubt(why, origin, changes=folder == "/")
        self._except = spare

    def top(self) -> str:
        return top_of(self._folder)

    def look(self, view: View, path: str) -> Answer:
        if within(path, self._folder) and path.rpartition("/")[2] not in self._except:
            return self._doubt
        return None


class Transfer(Effect):
    """cp, mv, install and hard links: a path is what another one was before."""

    __slots__ = ("_certain", "_into", "_keep_mode", "_mode", "_moves", "_origin", "_source", "_target")

    def __init__(
        self,
        source: Where,
        target: str,
        origin: Origin,
        *,
        into: bool | None,
        moves: bool = False,
        keep_mode: bool = False,
        mode: str | None = None,
        certain: bool = True,
    ) -> None:
        self._source = source
        self._target = target
        self._origin = origin
        self._into = into  # None: into the target if that is a folder by then
        self._moves = moves
        self._keep_mode = keep_mode
        self._mode = mode
        self._certain = certain

    def top(self) -> str:
        top = top_of(self._target)
        return "" if self._moves and self._source.top() != top else top

    def look(self, view: View, path: str) -> Answer:
        source = self._source.path
        if within(path, self._target):
            if source is None:
                return self._from_glob(path)
            target = self._target
            if source.rpartition("/")[2] != "." and self._goes_into(view, path):
                target = f"{target.rstrip('/')}/{source.rpartition('/')[2]}"
            if within(path, target):
                return Moved(
                    source + path[len(target.rstrip("/")) :] if path != target else source,
                    self._certain and path == target,
                    self._keep_mode,
                    self._mode,
                    self._origin,
                )
        if self._moves and self._certain and self._source.certain and self._source.holds(path):
            return Gone(f"{self._origin.note} moves it away", self._origin)
        return Hit("directory", None, self._origin) if within(self._target, path) else None

    def names(self, folder: str) -> Iterable[str]:
        name = (self._source.path or "").rpartition("/")[2]
        if folder == self._target and name and self._into is not False:
            return (name,)
        return name_below(self._target, folder)

    def targets(self) -> Iterable[str]:
        name = (self._source.path or "").rpartition("/")[2]
        return (self._target, f"{self._target.rstrip('/')}/{name}") if name else (self._target,)

    def _goes_into(self, view: View, path: str) -> bool:
        if self._into is not None:
            return self._into
        target = view.found(self._target)
        return isinstance(target, Hit) and target.kind == "directory"

    def _from_glob(self, path: str) -> Answer:
        rest = path[len(self._target.rstrip("/")) + 1 :]
        if not rest:
            if self._into:
                return Hit("directory", None, self._origin)
            # a wildcard that stands for one file is copied to that very name
            return Doubt(f"{self._origin.note} brings a file or a folder there", self._origin)
        candidate = f"{self._source.folder.rstrip('/')}/{rest}"
        if self._source.holds(candidate):
            return Moved(candidate, False, self._keep_mode, self._mode, self._origin)
        if self._source.folder == "/" and self._source.expression is not None:
            return Doubt(f"{self._origin.note} may bring it", self._origin)
        return None
