"""Changed files onto the disk: whole or not at all, with the mode and the owner that they had."""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
from collections.abc import Iterable

from initlint.cure.places import symlink_on_the_way
from initlint.fixing.apply import Changed
from initlint.records import NamedTuple


class WriteError(Exception):
    """A file can't be written. `filename` is the name that reports show."""

    def __init__(self, filename: str, message: str) -> None:
        super().__init__(f"{filename}: {message}")
        self.filename = filename
        self.message = message


class _Ready(NamedTuple):
    """A change whose new content lies beside its file, on the disk already."""

    change: Changed
    path: str
    temporary: str


def write(changes: Iterable[Changed]) -> tuple[str, ...]:
    """Write all the files of one fix, or none; the names of those written.

    Everything is checked and written beside its file first; the files are then replaced one by
    one. Where that fails half-way, those replaced get their old content back.
    """
    ready: list[_Ready] = []
    done: list[_Ready] = []
    try:
        for change in changes:
            if change.source.exists and change.before == change.after:
                continue
            path = _checked(change)
            ready.append(_Ready(change, path, _beside(change, path, change.after)))
        for item in ready:
            _replace(item)
            done.append(item)
    except WriteError:
        for item in reversed(done):
            _restore(item)
        raise
    finally:
        for item in ready:
            with contextlib.suppress(OSError):
                os.unlink(item.temporary)
    return tuple(item.change.source.name for item in ready)


def _checked(change: Changed) -> str:
    source = change.source
    if source.path is None:
        raise WriteError(source.name, "lies in no file, so that nothing can be written back")
    link = symlink_on_the_way(source.path)
    if link is not None:
        raise WriteError(source.name, f"{link} is a symlink, and nothing is written through one")
    try:
        status = os.lstat(source.path)
    except FileNotFoundError:
        if source.exists:
            raise WriteError(source.name, "is gone since it was read") from None
        return source.path
    except OSError as error:
        raise WriteError(source.name, f"can't be written: {error.strerror}") from None
    if not source.exists:
        raise WriteError(source.name, "is there already, and would be overwritten")
    if not stat.S_ISREG(status.st_mode):
        raise WriteError(source.name, "is not a regular file")
    if not status.st_mode & 0o222 or not os.access(source.path, os.W_OK):
        raise WriteError(source.name, "is read-only")
    try:
        with open(source.path, "rb") as stream:
            now = stream.read()
    except OSError as error:
        raise WriteError(source.name, f"can't be read: {error.strerror}") from None
    if now != change.before:
        raise WriteError(source.name, "has changed since it was read")
    return source.path


def _beside(change: Changed, path: str, content: bytes) -> str:
    """A file in the same folder with the new content, the old mode, owner and attributes."""
    name = change.source.name
    try:
        descriptor, temporary = tempfile.mkstemp(prefix=".initlint-", dir=os.path.dirname(path))
    except OSError as error:
        raise WriteError(name, f"its folder can't be written: {error.strerror}") from None
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
            stream.flush()
            if change.source.exists:
                _like(path, stream.fileno())
            else:
                os.fchmod(stream.fileno(), change.mode if change.mode is not None else 0o666 & ~_umask())
            os.fsync(stream.fileno())
    except OSError as error:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise WriteError(name, f"can't be written: {error.strerror}") from None
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise
    return temporary


def _like(path: str, descriptor: int) -> None:
    """Give an open file the owner, the mode and the attributes of another."""
    wanted, own = os.lstat(path), os.fstat(descriptor)
    if (wanted.st_uid, wanted.st_gid) != (own.st_uid, own.st_gid):
        os.fchown(descriptor, wanted.st_uid, wanted.st_gid)
    os.fchmod(descriptor, stat.S_IMODE(wanted.st_mode))
    with contextlib.suppress(OSError, AttributeError):
        for attribute in os.listxattr(path, follow_symlinks=False):
            with contextlib.suppress(OSError):
                os.setxattr(descriptor, attribute, os.getxattr(path, attribute, follow_symlinks=False))


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _replace(item: _Ready) -> None:
    try:
        if item.change.source.exists:
            os.replace(item.temporary, item.path)
        else:
            os.link(item.temporary, item.path)  # unlike a rename it never overwrites
        _sync(os.path.dirname(item.path))
    except OSError as error:
        raise WriteError(item.change.source.name, f"can't be written: {error.strerror}") from None


def _restore(item: _Ready) -> None:
    with contextlib.suppress(OSError, WriteError):
        if not item.change.source.exists:
            os.unlink(item.path)
            return
        os.replace(_beside(item.change, item.path, item.change.before), item.path)


def _sync(folder: str) -> None:
    with contextlib.suppress(OSError):
        descriptor = os.open(folder or ".", os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
