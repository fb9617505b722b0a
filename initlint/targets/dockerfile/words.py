"""The words of an instruction's arguments, each with its place in `Instruction.value`."""

from __future__ import annotations

import functools
import re

from initlint.records import NamedTuple
from initlint.targets.dockerfile.scanner import BLANK, SPACE
from initlint.targets.dockerfile.syntax import Instruction

_SPACE_CLASS = re.escape(SPACE)


@functools.cache
def _word_pattern(escape: str) -> re.Pattern[str]:
    e = re.escape(escape)
    return re.compile(
        rf"(?:[^{_SPACE_CLASS}'\"{e}]+|{e}.|'[^']*(?:'|\Z)|\"(?:[^\"{e}]|{e}.)*(?:\"|{e}?\Z))+",
        re.DOTALL,
    )


_BLANKS = re.compile(f"[{BLANK}]+")


class Word(NamedTuple):
    """A word as it stands, quotes included, and where it starts in `Instruction.value`."""

    text: str
    index: int  # type: ignore[assignment]

    @property
    def end(self) -> int:
        return self.index + len(self.text)


class Assignment(NamedTuple):
    """`name=value` of ENV, LABEL or ARG, neither expanded; `value` is None for a bare ARG name.

    `index` and `value_index` are where name and value start in `Instruction.value`.
    """

    name: str
    value: str | None
    index: int  # type: ignore[assignment]
    value_index: int

    @property
    def end(self) -> int:
        return self.value_index + len(self.value or "")


class WordsError(ValueError):
    """Arguments that BuildKit can't take apart."""


def quoted_words(text: str, escape: str = "\\") -> list[Word]:
    """Words as ENV, LABEL and ARG have them: quotes and escapes hold blanks together."""
    return [Word(match[0], match.start()) for match in _word_pattern(escape).finditer(text)]


def plain_words(text: str) -> list[Word]:
    """Words as FROM, COPY, ADD, VOLUME and EXPOSE have them: parted by blanks, quotes or not."""
    words = []
    at = 0
    for match in _BLANKS.finditer(text):
        words.append(Word(text[at : match.start()], at))
        at = match.end()
    if text:
        words.append(Word(text[at:], at))
    return words


def arguments(instruction: Instruction) -> list[Word]:
    """The arguments of FROM, COPY, ADD, VOLUME or EXPOSE; a JSON array's have no place of their own."""
    if instruction.json is not None:
        return [Word(item, 0) for item in instruction.json]
    return plain_words(instruction.value)


@functools.lru_cache(maxsize=1024)  # each line is read twice, and the variants of an image share most of them
def assignments(keyword: str, text: str, escape: str = "\\") -> tuple[Assignment, ...]:
    """What ENV, LABEL or ARG assign, in order. Raises WordsError."""
    if keyword == "ARG":
        return tuple(_assignment(word) for word in quoted_words(text, escape))
    words = quoted_words(text, escape)
    if not words:
        return ()
    if "=" not in words[0].text:
        return _old_form(keyword, text)
    for word in words:
        if "=" not in word.text:
            raise WordsError(f"can't find = in {word.text!r}: it must be of the form name=value")
    return tuple(_assignment(word) for word in words)


def _assignment(word: Word) -> Assignment:
    name, equals, value = word.text.partition("=")
    return Assignment(name, value if equals else None, word.index, word.index + len(name) + len(equals))


def _old_form(keyword: str, text: str) -> tuple[Assignment, ...]:
    # `ENV name value with blanks`
    match = _BLANKS.search(text)
    if match is None:
        raise WordsError(f"{keyword} must have two arguments")
    return (Assignment(text[: match.start()], text[match.end() :], 0, match.end()),)


class RawFlag(NamedTuple):
    """A flag as it stands in a text from `start` to `end`; `text` is it without quotes and escapes."""

    text: str
    start: int
    end: int


def split_flags(text: str, at: int, end: int, escape: str) -> tuple[list[RawFlag], int]:
    """The `--flags` from `at` on, and where the arguments start.

    BuildKit goes byte by byte here: `text` has to hold one character a byte.
    """
    flags: list[RawFlag] = []
    while True:
        while at < end and text[at] in "\t\n\v\f\r \x85\xa0":
            at += 1
        if at >= end or not text.startswith("--", at):
            return flags, at
        begin = at
        word: list[str] = []
        quote = ""
        quoted = False
        while at < end:
            ch = text[at]
            if quote and ch == quote:
                quote = ""
            elif ch == escape:
                at += 1
                if at < end:
                    word.append(text[at])
            elif quote:
                word.append(ch)
            elif ch in "\t\n\v\f\r \x85\xa0":
                break
            elif ch in "'\"":
                quote = ch
                quoted = True
            else:
                word.append(ch)
            at += 1
        at = min(at, end)
        found = "".join(word)
        if found == "--":
            return flags, at
        if found or quoted:
            flags.append(RawFlag(found, begin, at))
