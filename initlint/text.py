"""Sources, spans and edits: the only place that knows offsets, newlines and encodings.

A `Source` holds the original bytes of one file. Everything that points into a file is a
`Span` of byte offsets over those bytes, so that nothing is lost for a file with a BOM, CRLF
newlines or bytes that aren't UTF-8. People see positions: 1-based rows and columns, the
columns counted in Unicode characters, a BOM not counted.
"""

from __future__ import annotations

from bisect import bisect_right

from initlint.records import NamedTuple

BOM = b"\xef\xbb\xbf"


class InputError(Exception):
    """A target that can't be checked. `span` is None where no place in a file is to blame."""

    def __init__(self, message: str, *, filename: str, span: Span | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.filename = filename
        self.span = span


class UnreadableInput(InputError):
    """The bytes can't be had: missing, a folder without Dockerfiles, not permitted, binary."""


class UnparsableInput(InputError):
    """The bytes were read and are not what they should be."""


class Position(NamedTuple):
    """A place as people count: row and column start at 1; columns count characters."""

    row: int
    column: int


class Source:
    """One file's bytes under the name that reports show.

    `name` is relative to the current folder, with forward slashes.
    `path` is the absolute path on disk, None for standard input and for text that lies in no
    file of its own. `exists` is False for a file that a fix would create. `written`: the heredoc
    or the instruction that writes the file in a build, for one that is made there.
    """

    __slots__ = ("_line_starts", "_text", "data", "exists", "name", "path", "written")

    def __init__(
        self,
        name: str,
        data: bytes,
        *,
        path: str | None = None,
        exists: bool = True,
        written: Span | None = None,
    ) -> None:
        self.name = name
        self.data = data
        self.path = path
        self.exists = exists
        self.written = written
        self._line_starts: list[int] | None = None
        self._text: str | None = None

    def __repr__(self) -> str:
        return f"Source({self.name!r}, {len(self.data)} bytes)"

    @property
    def text(self) -> str:
        """The whole file as text; bytes that aren't UTF-8 become lone surrogates."""
        if self._text is None:
            self._text = decode(self.data)
        return self._text

    @property
    def newline(self) -> bytes:
        """The newline that the file uses: that of its first line, b"\\n" when it has none."""
        end = self.data.find(b"\n")
        return b"\r\n" if end > 0 and self.data[end - 1 : end] == b"\r" else b"\n"

    @property
    def line_starts(self) -> list[int]:
        """Byte offsets at which lines start; a line ends with b"\\n" alone."""
        if self._line_starts is None:
            starts = [0]
            find = self.data.find
            at = find(b"\n")
            while at != -1:
                starts.append(at + 1)
                at = find(b"\n", at + 1)
            self._line_starts = starts
        return self._line_starts

    def row_of(self, offset: int) -> int:
        """The 1-based row that the byte at `offset` lies in."""
        return bisect_right(self.line_starts, offset)

    def position(self, offset: int) -> Position:
        """The 1-based row and column of the byte at `offset`."""
        row = self.row_of(offset)
        start = self.line_starts[row - 1]
        if row == 1 and self.data.startswith(BOM):
            start = min(len(BOM), offset)
        return Position(row, len(decode(self.data[start:offset])) + 1)

    def offset_of(self, position: Position) -> int:
        """The byte offset of a row and column: what `position` gives, turned round."""
        row = min(max(position.row, 1), len(self.line_starts))
        start = self.line_starts[row - 1]
        if row == 1 and self.data.startswith(BOM):
            start = len(BOM)
        end = self.line_starts[row] if row < len(self.line_starts) else len(self.data)
        line = decode(self.data[start:end])
        return start + len(encode(line[: max(position.column - 1, 0)]))

    def line(self, row: int) -> str:
        """The text of a 1-based row, without its newline and without a BOM."""
        start = self.line_starts[row - 1]
        end = self.line_starts[row] if row < len(self.line_starts) else len(self.data)
        raw = self.data[start:end]
        if row == 1:
            raw = raw.removeprefix(BOM)
        return decode(raw).rstrip("\r\n")

    def line_span(self, row: int) -> Span:
        """A 1-based row, its newline included."""
        end = self.line_starts[row] if row < len(self.line_starts) else len(self.data)
        return Span(self, self.line_starts[row - 1], end)

    def span(self, start: int, end: int) -> Span:
        return Span(self, start, end)


class Span(NamedTuple):
    """The bytes from `start` up to, not including, `end` of a source."""

    source: Source
    start: int
    end: int

    @property
    def data(self) -> bytes:
        return self.source.data[self.start : self.end]

    @property
    def is_copied_out(self) -> bool:
        """Whether it lies in a file whose every byte stands in a heredoc as it is."""
        written = self.source.written
        return written is not None and written.data == self.source.data

    def in_file(self) -> Span:
        """The same bytes in the Dockerfile that writes them in a build; where they aren't there as they
        are, what writes them."""
        written = self.source.written
        if written is None:
            return self
        if not self.is_copied_out:
            return written
        return Span(written.source, written.start + self.start, written.start + self.end)

    @property
    def text(self) -> str:
        return decode(self.data)

    @property
    def row(self) -> int:
        return self.source.row_of(self.start)

    @property
    def location(self) -> Position:
        return self.source.position(self.start)

    @property
    def end_location(self) -> Position:
        return self.source.position(self.end)


class Edit(NamedTuple):
    """Put `content` in the place of `span`. An empty span inserts; a source that doesn't
    exist yet is created. `mode` is the permission of a created file (None: the default)."""

    span: Span
    content: bytes
    mode: int | None = None


def decode(data: bytes) -> str:
    """Bytes as text; what isn't UTF-8 becomes lone surrogates, so that `encode` gives it back."""
    return data.decode("utf-8", "surrogateescape")


def encode(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")
