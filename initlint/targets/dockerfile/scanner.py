"""Lines into folded instructions: continuations, comments, blank lines, directives.

What BuildKit does line by line, with the bytes of every character kept in sight.
"""

from __future__ import annotations

import re

from initlint.targets.dockerfile.syntax import Directive, Segment
from initlint.text import BOM, Source, Span, UnparsableInput, decode, encode

# Go's unicode.IsSpace: str.strip() would take U+001C to U+001F as well
SPACE = (
    "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)
# what parts a keyword from its arguments, and words from each other
BLANK = "\t\v\f\r "

# BuildKit reads lines into a buffer of this size
LONGEST_LINE = 65536

_DIRECTIVE = re.compile(r"([a-zA-Z][a-zA-Z0-9]*)[\t\n\f\r ]*=[\t\n\f\r ]*(.+?)[\t\n\f\r ]*\Z")
_DIRECTIVES = frozenset(("syntax", "escape", "check"))

Run = tuple[int, int, int]  # where it starts in the folded text, its byte in the file, its length in characters


class Folded:
    """One instruction's text on one line, and where its characters stand in the file.

    `lines` are the 1-based first and last line, `end` is the byte after the last line of text
    without its newline; `comments` are the 0-based rows of the comment lines in between.
    """

    __slots__ = ("comments", "end", "lines", "plain", "runs", "start", "text")

    def __init__(
        self, text: str, runs: list[Run], plain: bool, lines: tuple[int, int], end: int, comments: tuple[int, ...]
    ) -> None:
        self.text = text
        self.runs = runs
        self.plain = plain  # one character is one byte
        self.lines = lines
        self.start = runs[0][1]
        self.end = end
        self.comments = comments

    def byte_at(self, index: int) -> int:
        """The byte of character `index`; at the end of the text the byte after the last one."""
        runs = self.runs
        at = len(runs) - 1
        while at and runs[at][0] > index:
            at -= 1
        begin, offset, _ = runs[at]
        if self.plain:
            return offset + index - begin
        return offset + len(encode(self.text[begin:index]))

    def byte_after(self, index: int) -> int:
        """The byte after the character before `index`."""
        if index == 0:
            return self.start
        return self.byte_at(index - 1) + (1 if self.plain else len(encode(self.text[index - 1])))

    def segments(self, start: int, end: int) -> tuple[Segment, ...]:
        """The unbroken runs of `text[start:end]`."""
        found = []
        for begin, offset, length in self.runs:
            if length and start <= begin and begin + length <= end:
                found.append(Segment(begin - start, offset, length))
                continue
            low = max(begin, start)
            high = min(begin + length, end)
            if low < high:
                shift = low - begin if self.plain else len(encode(self.text[begin:low]))
                found.append(Segment(low - start, offset + shift, high - low))
        return tuple(found)


class Lines:
    """A source's lines as text without their "\\n", and the byte at which each starts."""

    __slots__ = ("count", "plain", "source", "starts", "texts")

    def __init__(self, source: Source) -> None:
        data = source.data
        starts = source.line_starts
        if data.startswith(BOM):
            data = data[len(BOM) :]
            starts = [len(BOM), *starts[1:]]
        self.source = source
        self.plain = data.isascii()
        self.texts = decode(data).split("\n")
        self.starts = starts
        self.count = len(self.texts) - (self.texts[-1] == "")
        if len(data) >= LONGEST_LINE:
            self._refuse_long_lines()

    def _refuse_long_lines(self) -> None:
        source, starts = self.source, self.starts
        for row in range(self.count):
            end = starts[row + 1] if row + 1 < len(starts) else len(source.data) + 1
            if end - starts[row] > LONGEST_LINE:
                raise UnparsableInput(
                    f"line {row + 1} is longer than the {LONGEST_LINE - 1} bytes that BuildKit reads",
                    filename=source.name,
                    span=Span(source, starts[row], starts[row]),
                )

    def byte(self, row: int, column: int) -> int:
        """The byte of the 0-based character `column` of the 0-based `row`."""
        if self.plain:
            return self.starts[row] + column
        return self.starts[row] + len(encode(self.texts[row][:column]))

    def span(self, row: int, column: int, text: str) -> Span:
        """`text`, which stands at `column` of `row`, without the blanks at its end."""
        start = self.byte(row, column)
        text = text.rstrip(SPACE)
        return Span(self.source, start, start + (len(text) if self.plain else len(encode(text))))

    def fold(self, row: int, escape: str) -> tuple[Folded, int]:
        """The instruction that starts on the 0-based `row`, and the row after it."""
        texts = self.texts
        raw = texts[row]
        line = raw.lstrip(SPACE)
        start = self.byte(row, len(raw) - len(line))
        line = line.rstrip("\r")
        tail = line.rstrip(" \t")
        # an escape before the last one takes its meaning, whatever stands before that
        if tail[-1] != escape or tail[-2:-1] == escape:
            text = line
            end = start + (len(tail) if self.plain else len(encode(line.rstrip(SPACE))))
            return Folded(text, [(0, start, len(text))], self.plain, (row + 1, row + 1), end, ()), row + 1
        part = tail[:-1]
        parts = [part]
        runs: list[Run] = [(0, start, len(part))]
        size = len(part)
        last, last_text = row, raw
        comments: list[int] = []
        at = row + 1
        continues = True
        while continues and at < self.count:
            raw = texts[at]
            text = raw.lstrip(SPACE)
            if not text:
                at += 1
                continue
            if text[0] == "#":
                comments.append(at)
                at += 1
                continue
            line = raw.rstrip("\r")
            tail = line.rstrip(" \t")
            continues = tail[-1] == escape and tail[-2:-1] != escape
            part = tail[:-1] if continues else line
            if part:
                parts.append(part)
                runs.append((size, self.starts[at], len(part)))
                size += len(part)
            last, last_text = at, raw
            at += 1
        end = self.byte(last, len(last_text.rstrip(SPACE)))
        return Folded("".join(parts), runs, self.plain, (row + 1, at), end, tuple(comments)), at


class DirectiveReader:
    """Reads parser directives until the first line that isn't one."""

    __slots__ = ("escape", "found", "lines", "open")

    def __init__(self, lines: Lines) -> None:
        self.lines = lines
        self.open = True
        self.escape = "\\"
        self.found: list[Directive] = []

    def take(self, row: int, column: int, comment: str) -> bool:
        """Is the comment at `column` of `row` a directive? Raises UnparsableInput for a wrong one."""
        match = _DIRECTIVE.match(comment[1:].lstrip(SPACE))
        name = match[1].lower() if match else ""
        if match is None or name not in _DIRECTIVES:
            self.open = False
            return False
        span = self.lines.span(row, column, comment)
        if any(directive.name == name for directive in self.found):
            raise UnparsableInput(
                f"only one {name} parser directive can be used", filename=self.lines.source.name, span=span
            )
        value = match[2]
        if name == "escape":
            if value not in ("\\", "`"):
                raise UnparsableInput(
                    f"invalid escape token {value!r}: it must be ` or \\", filename=self.lines.source.name, span=span
                )
            self.escape = value
        self.found.append(Directive(name, value, span))
        return True
