"""dockerfile-parse with its gaps closed: its interface, on top of instructions read as BuildKit reads them."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from dockerfile_parse import DockerfileParser

from initlint.targets.dockerfile.reader import read
from initlint.targets.dockerfile.syntax import Instruction, ParsedDockerfile
from initlint.text import Source, Span, UnparsableInput, decode


class BuildKitParser(DockerfileParser):  # type: ignore[misc]
    """A DockerfileParser over a copy of a source's bytes, whose `structure` is BuildKit's.

    Setters change the copy, never a file. `parsed` and `structure` raise UnparsableInput where
    BuildKit's parser would refuse the text; whether the instructions mean anything isn't
    checked.
    """

    def __init__(self, source: Source, *, build_args: dict[str, str] | None = None) -> None:
        self.source = source
        self._parsed: ParsedDockerfile | None = None
        super().__init__(fileobj=BytesIO(source.data), build_args=build_args)

    @property
    def parsed(self) -> ParsedDockerfile:
        """The text as it is now, setters included."""
        data = self.fileobj.getvalue()
        parsed = self._parsed
        if parsed is None or parsed.source.data != data:
            source = self.source if data == self.source.data else Source(self.source.name, data)
            parsed = self._parsed = read(source)
        return parsed

    @property
    def lines(self) -> list[str]:
        """The lines with their newlines; bytes that aren't UTF-8 don't raise."""
        return [decode(line) for line in self.fileobj.getvalue().splitlines(keepends=True)]

    @lines.setter
    def lines(self, lines: list[str]) -> None:
        self._write("".join(lines))

    @property
    def content(self) -> str:
        return decode(self.fileobj.getvalue())

    @content.setter
    def content(self, content: str) -> None:
        self._write(content)

    def _write(self, content: str) -> None:
        self.fileobj.seek(0)
        self.fileobj.truncate()
        self.fileobj.write(content.encode("utf-8", "surrogateescape"))

    @property
    def structure(self) -> list[dict[str, Any]]:
        """Instructions and comments as dockerfile-parse describes them, lines counted from 0."""
        try:
            parsed = self.parsed
        except UnparsableInput:
            if not self.content.strip():
                return []
            raise
        lines = decode(parsed.source.data).split("\n")
        rows = [(item.lines[0] - 1, _instruction_row(item, lines)) for item in parsed.instructions]
        for comment in _all_comments(parsed):
            row = parsed.source.row_of(comment.start) - 1
            rows.append((row, _comment_row(comment, row, lines)))
        rows.sort(key=lambda entry: entry[0])
        return [row for _, row in rows]


def _all_comments(parsed: ParsedDockerfile) -> list[Span]:
    spans = [directive.span for directive in parsed.directives]
    spans.extend(parsed.comments)
    for instruction in parsed.instructions:
        spans.extend(instruction.comments)
    return spans


def _instruction_row(instruction: Instruction, lines: list[str]) -> dict[str, Any]:
    first, last = instruction.lines
    flags = "".join(f"{flag.span.text} " for flag in instruction.flags)
    return {
        "instruction": instruction.keyword,
        "startline": first - 1,
        "endline": last - 1,
        "content": _content(lines, first - 1, last),
        "value": (flags + instruction.value).rstrip(),
    }


def _comment_row(comment: Span, row: int, lines: list[str]) -> dict[str, Any]:
    return {
        "instruction": "COMMENT",
        "startline": row,
        "endline": row,
        "content": _content(lines, row, row + 1),
        "value": comment.text.lstrip("#").strip(),
    }


def _content(lines: list[str], first: int, last: int) -> str:
    text = "\n".join(lines[first:last])
    return text + "\n" if last < len(lines) else text
