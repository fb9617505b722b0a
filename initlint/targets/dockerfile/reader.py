"""A Dockerfile's instructions as BuildKit's parser makes them, before anybody checks their meaning."""

from __future__ import annotations

import re
from typing import NoReturn

from initlint.targets.dockerfile.expansion import ExpansionError
from initlint.targets.dockerfile.json_form import NotStrings, parse_array
from initlint.targets.dockerfile.scanner import BLANK, SPACE, DirectiveReader, Folded, Lines
from initlint.targets.dockerfile.syntax import Flag, Heredoc, Instruction, ParsedDockerfile
from initlint.targets.dockerfile.words import WordsError, assignments, split_flags
from initlint.text import Source, Span, UnparsableInput, decode, encode

_WITH_HEREDOCS = frozenset(("RUN", "COPY", "ADD"))
_WITH_ARRAY = frozenset(("ADD", "CMD", "COPY", "ENTRYPOINT", "RUN", "SHELL", "VOLUME"))
KEYWORDS = frozenset(
    (
        "ADD",
        "ARG",
        "CMD",
        "COPY",
        "ENTRYPOINT",
        "ENV",
        "EXPOSE",
        "FROM",
        "HEALTHCHECK",
        "LABEL",
        "MAINTAINER",
        "ONBUILD",
        "RUN",
        "SHELL",
        "STOPSIGNAL",
        "USER",
        "VOLUME",
        "WORKDIR",
    )
)
_SPELLINGS = {spelling: keyword for keyword in KEYWORDS for spelling in (keyword, keyword.lower(), keyword.title())}
_HEAD = re.compile(f"([^{BLANK}]*)[{BLANK}]*")
_NOT_STRINGS = "a JSON array may hold strings only"


def read(source: Source) -> ParsedDockerfile:
    """Everything in the file, known instruction or not. Raises UnparsableInput as BuildKit's parser does."""
    return _Reader(source).read()


class _Reader:
    """One pass over a source's lines."""

    __slots__ = ("escape", "lines", "plain", "row", "source")

    def __init__(self, source: Source) -> None:
        self.source = source
        self.lines = Lines(source)
        self.plain = self.lines.plain
        self.escape = "\\"
        self.row = 0

    def read(self) -> ParsedDockerfile:
        lines, texts, count = self.lines, self.lines.texts, self.lines.count
        directives = DirectiveReader(lines)
        instructions: list[Instruction] = []
        comments: list[int] = []
        while self.row < count:
            row = self.row
            raw = texts[row]
            line = raw.lstrip(SPACE)
            if line and line[0] != "#":
                directives.open = False
                folded, self.row = lines.fold(row, self.escape)
                instructions.append(self._top(folded))
                continue
            self.row = row + 1
            if not line:
                directives.open = False
            elif directives.open and directives.take(row, len(raw) - len(line), line):
                self.escape = directives.escape
            else:
                comments.append(row)
        if not instructions:
            raise UnparsableInput("no instructions in this file", filename=self.source.name)
        syntax = next((found.value for found in directives.found if found.name == "syntax"), None)
        return ParsedDockerfile(
            self.source, tuple(directives.found), self.escape, syntax, tuple(instructions), tuple(comments)
        )

    def _top(self, folded: Folded) -> Instruction:
        text = folded.text
        start = len(text) - len(text.lstrip(SPACE)) if text[:1] in SPACE else 0
        end = len(text.rstrip(SPACE))
        instruction = self._instruction(folded, min(start, end), end)
        if "<<" in text:
            inner = instruction.sub if instruction.keyword == "ONBUILD" else instruction
            if inner is not None and inner.keyword in _WITH_HEREDOCS and inner.json is None:
                return self._with_heredocs(folded, instruction)
        return instruction

    def _instruction(self, folded: Folded, start: int, end: int) -> Instruction:
        """The instruction in `folded.text[start:end]`."""
        text = folded.text
        head = _HEAD.match(text, start, end)
        if head is None:
            raise AssertionError("an empty match is a match")
        word = head[1]
        keyword = _SPELLINGS.get(word) or word.lower().upper()
        at = head.end()
        flags: tuple[Flag, ...] = ()
        if text.startswith("--", at):
            flags, at = self._flags(folded, at, end)
        if text[at : at + 1] in SPACE:
            at = end - len(text[at:end].lstrip(SPACE))
        value = text[at:end]
        first = folded.start + start if len(folded.runs) == 1 and self.plain else folded.byte_at(start)
        array: tuple[str, ...] | None = None
        problem = ""
        sub: Instruction | None = None
        if keyword in _WITH_ARRAY:
            if value[:1] == "[":
                array, problem = self._array(folded, keyword, value)
        elif keyword in ("ENV", "LABEL"):
            try:
                assignments(keyword, value, self.escape)
            except WordsError as error:
                self._fail(folded, str(error))
        elif keyword == "ONBUILD":
            if value:
                sub = self._instruction(folded, at, end)
        elif keyword == "HEALTHCHECK" and value:
            sub = self._health(folded, at, end)
        return Instruction(
            keyword,
            Span(self.source, first, folded.end),
            folded.lines,
            flags,
            value,
            folded,
            (start, start + len(word)),
            at,
            array,
            problem,
            (),
            sub,
            folded.comments,
        )

    def _array(self, folded: Folded, keyword: str, value: str) -> tuple[tuple[str, ...] | None, str]:
        try:
            array = parse_array(value)
        except NotStrings:
            self._fail(folded, _NOT_STRINGS)
        if array is not None or keyword == "RUN":
            return array, ""
        # few files need it
        from initlint.targets.dockerfile.json_problem import problem_of

        return None, problem_of(value)

    def _health(self, folded: Folded, start: int, end: int) -> Instruction:
        """HEALTHCHECK's inner CMD, or one without keyword for NONE."""
        word = _HEAD.match(folded.text, start, end)
        if word is not None and word[1].upper() == "NONE":
            here = Span(self.source, folded.byte_at(start), folded.byte_at(start))
            extra = folded.text[word.end() : end]
            return Instruction(
                "", here, folded.lines, (), extra, folded, (start, start), word.end(), None, "", (), None, ()
            )
        inner = self._health_command(folded, start, end)
        return inner._replace(comment_rows=())

    def _health_command(self, folded: Folded, start: int, end: int) -> Instruction:
        text = folded.text
        word = _HEAD.match(text, start, end)
        if word is None:
            raise AssertionError("an empty match is a match")
        at = word.end()
        value = text[at:end]
        array: tuple[str, ...] | None = None
        problem = ""
        if value.lstrip(SPACE)[:1] == "[":
            array, problem = self._array(folded, "CMD", value.lstrip(SPACE))
        return Instruction(
            word[1].upper(),
            Span(self.source, folded.byte_at(start), folded.end),
            folded.lines,
            (),
            value,
            folded,
            (start, word.end(1)),
            at,
            array,
            problem,
            (),
            None,
            (),
        )

    def _flags(self, folded: Folded, at: int, end: int) -> tuple[tuple[Flag, ...], int]:
        text = folded.text
        if self.plain:
            raw, after = split_flags(text, at, end, self.escape)
            places = [(flag.text, flag.start, flag.end) for flag in raw]
        else:
            as_bytes = encode(text[:end]).decode("latin-1")
            raw, after = split_flags(as_bytes, len(encode(text[:at])), len(as_bytes), self.escape)
            after = _characters(as_bytes, after)
            places = [(flag.text, _characters(as_bytes, flag.start), _characters(as_bytes, flag.end)) for flag in raw]
        flags = []
        for flag, first, last in places:
            name, _, value = flag[2:].partition("=")
            flags.append(Flag(name, value, Span(self.source, folded.byte_at(first), folded.byte_after(last))))
        return tuple(flags), after

    def _with_heredocs(self, folded: Folded, instruction: Instruction) -> Instruction:
        # few files need it
        from initlint.targets.dockerfile.heredoc import heredocs_of, strip_tabs

        try:
            wanted = heredocs_of(folded.text)
        except ExpansionError as error:
            self._fail(folded, str(error))
        if not wanted:
            return instruction
        lines = self.lines
        heredocs = []
        end = instruction.span.end
        for announced in wanted:
            first = self.row
            while True:
                if self.row >= lines.count:
                    self._fail(folded, f"unterminated heredoc: there is no line {announced.name!r} after it")
                line = lines.texts[self.row].rstrip("\r")
                if announced.strip_tabs:
                    line = line.lstrip("\t")
                self.row += 1
                if line == announced.name:
                    break
            last = self.row - 1
            body = Span(self.source, lines.starts[first], lines.starts[last])
            content = decode(body.data)
            if announced.strip_tabs:
                content = strip_tabs(content)
            heredocs.append(
                Heredoc(
                    announced.name,
                    content,
                    body,
                    announced.expand,
                    announced.strip_tabs,
                    announced.file_descriptor,
                )
            )
            end = lines.byte(last, len(lines.texts[last].rstrip("\r")))
        bodies = tuple(heredocs)
        rows = (instruction.lines[0], self.row)
        sub = instruction.sub
        if sub is not None:
            sub = sub._replace(span=Span(self.source, sub.span.start, end), lines=rows, heredocs=bodies)
        return instruction._replace(
            span=Span(self.source, instruction.span.start, end), lines=rows, heredocs=bodies, sub=sub
        )

    def _fail(self, folded: Folded, message: str) -> NoReturn:
        raise UnparsableInput(message, filename=self.source.name, span=Span(self.source, folded.start, folded.end))


def _characters(as_bytes: str, index: int) -> int:
    return len(decode(as_bytes[:index].encode("latin-1")))
