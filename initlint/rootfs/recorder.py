"""What was asked of a root filesystem: a result that rests on it holds again where the answers are the same."""

from __future__ import annotations

from collections.abc import Hashable

from initlint.rootfs import Absent, Listing, Node, Present, RootFilesystem, Unknown
from initlint.text import Source


class Recorder:
    """A root filesystem that keeps what it was asked, and what it answered."""

    __slots__ = ("_inner", "_lists", "_stats", "reads")

    def __init__(self, inner: RootFilesystem) -> None:
        self._inner = inner
        self._stats: dict[str, Hashable] = {}
        self._lists: dict[str, Listing] = {}
        self.reads: dict[str, Source | None] = {}

    def stat(self, path: str) -> Node:
        node = self._inner.stat(path)
        self._stats[path] = _gist(node)
        return node

    def read(self, path: str) -> Source | Unknown | Absent:
        content = self._inner.read(path)
        self.reads[path] = content if isinstance(content, Source) else None
        return content

    def list(self, path: str) -> Listing:
        listing = self._lists[path] = self._inner.list(path)
        return listing

    def is_alike(self, other: RootFilesystem) -> bool:
        """Whether another root filesystem has the same nodes and folders; the files that were read aren't compared."""
        return all(_gist(other.stat(path)) == gist for path, gist in self._stats.items()) and all(
            other.list(path) == listing for path, listing in self._lists.items()
        )

    def is_same(self, other: RootFilesystem) -> bool:
        """Whether another root filesystem has the same nodes, and the very same files."""
        if not self.is_alike(other):
            return False
        for path, known in self.reads.items():
            content = other.read(path)
            if content is not known and (known is not None or isinstance(content, Source)):
                return False
        return True


def _gist(node: Node) -> Hashable:
    """What its readers look at; messages and origins are none of their business."""
    return (node.path, node.kind, node.mode, node.target) if isinstance(node, Present) else (type(node).__name__,)
