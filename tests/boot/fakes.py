"""A root filesystem in memory, for tests of what reads programs."""

from __future__ import annotations

import posixpath

from initlint.rootfs import Absent, Listing, Node, Origin, Present, Unknown
from initlint.text import Source

ORIGIN = Origin("context", "a test")


class FakeRoot:
    """Files by their absolute path; folders come with them. `unknown`: paths that can't be told."""

    def __init__(
        self, files: dict[str, str | bytes], *, unknown: tuple[str, ...] = (), links: dict[str, str] | None = None
    ) -> None:
        self.files = {path: text if isinstance(text, bytes) else text.encode() for path, text in files.items()}
        self.unknown = unknown
        self.links = links or {}
        self.sources: dict[str, Source] = {}
        self.folders = {"/"}
        for path in (*self.files, *self.links):
            while path != "/":
                path = posixpath.dirname(path)
                self.folders.add(path)

    def stat(self, path: str) -> Node:
        if path in self.links:
            return Present(path, "symlink", 0o777, ORIGIN, self.links[path])
        if path in self.files:
            return Present(path, "file", 0o644, ORIGIN)
        if path in self.folders:
            return Present(path, "directory", 0o755, ORIGIN)
        if path in self.unknown or any(path.startswith(one + "/") for one in self.unknown):
            return Unknown(path, "the build context is unknown")
        return Absent(path, "it isn't in the test")

    def read(self, path: str) -> Source | Unknown | Absent:
        node = self.stat(path)
        if isinstance(node, Present):
            if node.kind != "file":
                return Unknown(path, "not a regular file")
            return self.sources.setdefault(path, Source(path.lstrip("/"), self.files[path]))
        return node

    def list(self, path: str) -> Listing:
        names = {
            other[len(path) :].strip("/").split("/")[0]
            for other in (*self.files, *self.folders)
            if other.startswith(path)
        }
        return Listing(tuple(sorted(names - {""})), True)
