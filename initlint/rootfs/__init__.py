"""What a container's filesystem holds, in three-valued answers with their origin.

One protocol, several makers: from a Dockerfile (`symbolic`), from a folder (`directory`),
from image layers. PATH look-up and symlink resolution are written once, in `paths`.
"""

from __future__ import annotations

from typing import Literal, Protocol, runtime_checkable

from initlint.records import NamedTuple
from initlint.text import Source, Span

NodeKind = Literal["file", "directory", "symlink", "other"]
OriginKind = Literal["context", "instruction", "base", "layer", "directory", "package"]


class Origin(NamedTuple):
    """Where an answer comes from, so that a fix can find its way back to the file.

    `span`: the instruction (or the heredoc body) that put it there. `context_path`: the file's
    absolute path on the host when it was copied from the build context. `note`: a short phrase
    for `why` ("COPY docker-entrypoint.sh", "python:3.12's facts").
    """

    kind: OriginKind
    note: str
    span: Span | None = None
    context_path: str | None = None


class Present(NamedTuple):
    """It is there. `mode` is the permission bits, None where unknown; `target` a symlink's text."""

    path: str
    kind: NodeKind
    mode: int | None
    origin: Origin
    target: str | None = None
    mode_span: Span | None = None  # the instruction that decides the mode last (chmod, --chmod)
    doubt: str = ""  # why it may have been replaced by something that isn't seen


class Absent(NamedTuple):
    """It is certainly not there. `near`: paths of the same name elsewhere, for a message."""

    path: str
    why: str
    origin: Origin | None = None
    near: tuple[str, ...] = ()


class Unknown(NamedTuple):
    """It can't be told."""

    path: str
    why: str
    origin: Origin | None = None


Node = Present | Absent | Unknown


class Listing(NamedTuple):
    """Names in a folder. `complete` is False where there may be more."""

    names: tuple[str, ...]
    complete: bool


class RootFilesystem(Protocol):
    """Paths are absolute, normalised, in the container's own terms."""

    def stat(self, path: str) -> Node:
        """The node at `path` itself, its last component not followed (lstat).

        Symlinks in its parents are followed by `paths.resolve`, not here.
        """
        ...

    def read(self, path: str) -> Source | Unknown | Absent:
        """The content of a regular file (a symlink isn't followed here).

        The Source is the very file on the host where it was copied from the build context, so
        that an edit to it goes back there; else a synthetic one (`path` None) whose name is the
        path inside the container.
        """
        ...

    def list(self, path: str) -> Listing: ...


@runtime_checkable
class BinaryFiles(Protocol):
    """A root filesystem that can show parts of files which are no text, without reading them whole."""

    def read_bytes(self, path: str, limit: int, offset: int = 0) -> bytes | None:
        """Up to `limit` bytes of a regular file from `offset` on; None where its content can't be seen.

        A symlink isn't followed here.
        """
        ...
