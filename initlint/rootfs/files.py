"""Host files, as far as they may be read, with an overlay of contents not yet written.

A fix is verified by tracing its result before anything is written: the edited bytes lie in
the overlay, and every reader goes through here.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from functools import lru_cache
from io import FileIO

from initlint.text import Source, UnreadableInput

MAX_BYTES = 8 * 1024 * 1024


@lru_cache(maxsize=4096)
def real_folder(path: str) -> str:
    """A folder's path with symlinks resolved: asked again for every file in it, and for the folders beside it."""
    above, name = os.path.split(path)
    if not name or name in (".", "..") or os.path.islink(path):
        return os.path.realpath(path)
    return os.path.join(real_folder(above), name)


def real_path(path: str) -> str:
    """A file's path with symlinks resolved, the last component's too."""
    if os.path.islink(path):
        return os.path.realpath(path)
    folder, name = os.path.split(os.path.abspath(path))
    return os.path.join(real_folder(folder), name)


class HostFiles:
    """Reads regular files below any folder; `overlay` maps real absolute paths to bytes.

    Sources are cached by path: the same file is the same `Source` wherever it is met, so that
    edits to it can be told to be of one file.
    """

    def __init__(self, overlay: Mapping[str, bytes] | None = None, modes: Mapping[str, int] | None = None) -> None:
        self.overlay = dict(overlay or {})
        self.modes = dict(modes or {})
        self._sources: dict[str, Source] = {}
        self._cwd = os.getcwd()

    def display_name(self, path: str) -> str:
        """`path` relative to the current folder."""
        prefix = self._cwd if self._cwd.endswith("/") else self._cwd + "/"
        if path.startswith(prefix):
            return path[len(prefix) :]
        return os.path.relpath(path, self._cwd)

    def source(self, path: str, *, name: str | None = None) -> Source:
        """The file at an absolute path.

        Raises UnreadableInput: missing, a folder, not a regular file, not permitted, larger
        than 8 MiB, or binary (a NUL byte in it).
        """
        cached = self._sources.get(path)
        if cached is not None:
            return cached
        shown = name or self.display_name(path)
        data = self.overlay.get(path)
        if data is None:
            data = _read(path, shown)
        if b"\x00" in data:
            raise UnreadableInput("is a binary file", filename=shown)
        source = Source(shown, data, path=path)
        self._sources[path] = source
        return source

    def part(self, path: str, limit: int, offset: int = 0) -> bytes | None:
        """Up to `limit` bytes of a regular file from `offset` on, binary or not; None where it can't be read."""
        data = self.overlay.get(path)
        if data is not None:
            return data[offset : offset + limit]
        try:
            descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
            with os.fdopen(descriptor, "rb") as stream:
                if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                    return None
                stream.seek(offset)
                return stream.read(limit)
        except (OSError, OverflowError, ValueError):
            return None

    def exists(self, path: str) -> bool:
        return path in self.overlay or os.path.lexists(path)

    def mode(self, path: str) -> int | None:
        """Permission bits of a file, its symlink not followed; None when it isn't there."""
        if path in self.modes:
            return self.modes[path]
        try:
            return stat.S_IMODE(os.lstat(path).st_mode)
        except OSError:
            return 0o644 if path in self.overlay else None


def _read(path: str, shown: str) -> bytes:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        raise UnreadableInput("no such file or folder", filename=shown) from None
    except OSError as error:
        raise UnreadableInput(f"can't be read: {error.strerror}", filename=shown) from None
    try:
        status = os.fstat(descriptor)
        if stat.S_ISDIR(status.st_mode):
            raise UnreadableInput("is a folder", filename=shown)
        if not stat.S_ISREG(status.st_mode):
            raise UnreadableInput("is not a regular file", filename=shown)
        if status.st_size > MAX_BYTES:
            raise UnreadableInput(f"is larger than {MAX_BYTES // 1024 // 1024} MiB", filename=shown)
        # a stream would ask for the size once more, and read again behind the end
        data = os.read(descriptor, status.st_size + 1)
        if len(data) != status.st_size:  # it is written to just now, or tells no size
            with FileIO(descriptor, closefd=False) as stream:
                data += stream.readall()
        return data
    finally:
        os.close(descriptor)
