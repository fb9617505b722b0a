"""A root filesystem over a folder of the host: an unpacked image, a container's merged root.

Nothing outside the folder is read: links are text here, and `paths.resolve` follows them
inside the root; a link on the way to a path (which resolve never leaves) ends in Unknown.
"""

from __future__ import annotations

import os
import stat

from initlint.rootfs import Absent, Listing, Node, NodeKind, Origin, Present, Unknown
from initlint.rootfs.files import HostFiles
from initlint.rootfs.paths import normalise
from initlint.text import Source, UnreadableInput


class DirectoryRootFilesystem:
    """What lies below `root`, taken for the root of a container."""

    __slots__ = ("_files", "_note", "_root")

    def __init__(self, root: str, files: HostFiles | None = None, *, note: str = "") -> None:
        self._root = os.path.abspath(root).rstrip("/")
        self._files = files or HostFiles()
        self._note = note or f"the folder {root}"

    def stat(self, path: str) -> Node:
        path = normalise(path)
        host = self._root
        origin = Origin("directory", self._note)
        status: os.stat_result | None = None
        parts = [part for part in path.split("/") if part]
        for index, part in enumerate(parts):
            host = f"{host}/{part}"
            try:
                status = os.lstat(host)
            except (FileNotFoundError, NotADirectoryError):
                return Absent(path, f"{self._note} doesn't hold it", origin)
            except (OSError, ValueError) as error:
                return Unknown(path, f"can't be read: {error}", origin)
            if stat.S_ISLNK(status.st_mode) and index < len(parts) - 1:
                return Unknown(path, "a link lies on the way to it", origin)
        if status is None:
            return Present("/", "directory", 0o755, origin)
        kind = node_kind(status.st_mode)
        target: str | None = None
        if kind == "symlink":
            try:
                target = os.readlink(host)
            except OSError as error:
                return Unknown(path, f"can't be read: {error.strerror}", origin)
        return Present(path, kind, stat.S_IMODE(status.st_mode), origin, target)

    def read(self, path: str) -> Source | Unknown | Absent:
        node = self.stat(path)
        if not isinstance(node, Present):
            return node
        if node.kind != "file":
            return Unknown(node.path, "not a regular file", node.origin)
        try:
            return self._files.source(self._root + node.path)
        except UnreadableInput as error:
            return Unknown(node.path, error.message, node.origin)

    def read_bytes(self, path: str, limit: int, offset: int = 0) -> bytes | None:
        node = self.stat(path)
        if not isinstance(node, Present) or node.kind != "file":
            return None
        return self._files.part(self._root + node.path, limit, offset)

    def list(self, path: str) -> Listing:
        node = self.stat(path)
        if not isinstance(node, Present) or node.kind != "directory":
            return Listing((), isinstance(node, Absent))
        try:
            return Listing(tuple(sorted(os.listdir(self._root + node.path))), True)
        except OSError:
            return Listing((), False)


def node_kind(mode: int) -> NodeKind:
    if stat.S_ISREG(mode):
        return "file"
    if stat.S_ISDIR(mode):
        return "directory"
    if stat.S_ISLNK(mode):
        return "symlink"
    return "other"
