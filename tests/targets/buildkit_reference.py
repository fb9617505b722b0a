"""BuildKit's own parser, v0.12.5, as the PyPI package `dockerfile` binds it, beside ours.

Both are brought into rows of the same shape. `as_in_v0_12_5` undoes, one by one, the four
ways in which BuildKit's master, which initlint follows, reads differently.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple
from unittest import mock

import dockerfile

from initlint.targets.dockerfile import expansion, heredoc, json_form, reader
from initlint.targets.dockerfile.reader import KEYWORDS, read
from initlint.targets.dockerfile.syntax import Instruction
from initlint.targets.dockerfile.words import assignments, plain_words, quoted_words
from initlint.text import Source, UnparsableInput

_LISTS = ("ADD", "COPY", "EXPOSE", "FROM", "VOLUME")


class Row(NamedTuple):
    """One instruction as the binding tells it."""

    keyword: str
    sub: str | None
    json: bool
    lines: tuple[int, int]
    flags: tuple[str, ...]
    values: tuple[str, ...]
    heredocs: tuple[tuple[str, str], ...] = ()


REFUSED = "refused"
Rows = list[Row] | str


def ours(text: str) -> Rows:
    """Our rows of a text, REFUSED where it isn't a Dockerfile."""
    try:
        parsed = read(Source("Dockerfile", text.encode("utf-8", "surrogateescape")))
    except UnparsableInput:
        return REFUSED
    return [_row(instruction, parsed.escape) for instruction in parsed.instructions]


def buildkits(text: str) -> Rows | None:
    """BuildKit's rows of a text, REFUSED where it raises; None where the binding itself can't tell."""
    try:
        commands = dockerfile.parse_string(text)
    except dockerfile.GoParseError:
        return REFUSED
    except UnicodeDecodeError:
        return None
    return [
        Row(
            (command.cmd or "").lower().upper(),
            command.sub_cmd.upper() if command.sub_cmd else None,
            command.json,
            (command.start_line, command.end_line),
            tuple(_flag(*flag[2:].partition("=")[::2]) for flag in command.flags),
            tuple(command.value),
            tuple((heredoc.name, heredoc.content) for heredoc in command.heredocs),
        )
        for command in commands
    ]


def from_case(rows: list[dict[str, Any]]) -> list[Row]:
    """The rows of a recorded case."""
    return [
        Row(
            row["instruction"],
            row["sub_cmd"].upper() if row["sub_cmd"] else None,
            row["json"],
            (row["start_line"], row["end_line"]),
            tuple(_flag(*flag[2:].partition("=")[::2]) for flag in row["flags"]),
            tuple(row["value"]),
        )
        for row in rows
    ]


def _row(instruction: Instruction, escape: str) -> Row:
    keyword, sub = instruction.keyword, instruction.sub
    flags = tuple(_flag(flag.name, flag.value) for flag in instruction.flags)
    if keyword == "ONBUILD" and sub is not None:
        is_array, values = _values(sub, escape)
        # the binding keeps a trigger's heredocs to itself
        return Row(keyword, sub.keyword, is_array, instruction.lines, flags, values)
    is_array, values = _values(instruction, escape)
    heredocs = tuple((found.name, found.body.text) for found in instruction.heredocs)
    return Row(keyword, None, is_array, instruction.lines, flags, values, heredocs)


def _flag(name: str, value: str) -> str:
    """A bare flag and one with an empty value look alike."""
    return f"--{name}={value}" if value else f"--{name}"


def _values(instruction: Instruction, escape: str) -> tuple[bool, tuple[str, ...]]:
    keyword, text, sub = instruction.keyword, instruction.value, instruction.sub
    if instruction.json is not None:
        return True, instruction.json
    if keyword == "HEALTHCHECK" and sub is not None:
        kind = re.split("[\t\v\f\r ]", text)[0]
        rest = (sub.value,) if sub.value else ()
        return (True, (kind, *sub.json)) if sub.json is not None else (False, (kind, *rest))
    if keyword in ("ENV", "LABEL"):
        return False, tuple(
            part for item in assignments(keyword, text, escape) for part in (item.name, item.value or "")
        )
    if keyword == "ARG":
        return False, tuple(word.text for word in quoted_words(text, escape))
    if keyword in _LISTS:
        return False, tuple(word.text for word in plain_words(text))
    if keyword not in KEYWORDS:
        return False, ("",)
    return False, (text,) if text else ()


@contextmanager
def as_in_v0_12_5() -> Iterator[None]:
    """Read like v0.12.5 for a while, where master reads differently.

    - text behind an array's bracket was ignored; on master the text is no array
    - a heredoc's name had to follow << at once; on master blanks may stand between
    - the shell lexer had no ${V#x}, ${V%x} and ${V/x/y} and took << for common characters
    - flags were unescaped with a backslash, whatever the escape directive said
    """
    decoder = json.JSONDecoder(parse_constant=json_form._refuse_constant)

    def parse_array(text: str) -> tuple[str, ...] | None:
        try:
            array, _ = decoder.raw_decode(text)
        except ValueError:
            return None
        if any(type(item) is not str for item in array):
            raise json_form.NotStrings
        return tuple(re.sub("[\ud800-\udfff]", "\ufffd", item) for item in array)

    def modified(self: expansion.Lexer, name: str, ch: str) -> str:
        if ch in ("#", "%"):
            raise expansion.ExpansionError(f"unsupported modifier ({ch}) in substitution")
        return plain_modified(self, name, ch)

    def replaced(self: expansion.Lexer, name: str) -> str:
        raise expansion.ExpansionError("unsupported modifier (/) in substitution")

    plain_modified = expansion.Lexer._modified
    split_flags = reader.split_flags
    with (
        mock.patch.object(reader, "parse_array", parse_array),
        mock.patch.object(heredoc, "_HEREDOC", re.compile(r"([0-9]*)<<(-?)([^<]*)\Z")),
        mock.patch.object(expansion.Lexer, "_less_than", expansion.Lexer._next),
        mock.patch.object(expansion.Lexer, "_modified", modified),
        mock.patch.object(expansion.Lexer, "_replaced", replaced),
        mock.patch.object(reader, "split_flags", lambda text, at, end, _: split_flags(text, at, end, "\\")),
    ):
        yield
