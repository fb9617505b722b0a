"""A start command that was meant to be a JSON array, made one: where only one reading makes sense."""

from __future__ import annotations

import json
import re

from initlint.cure.model import NoCure, Part
from initlint.cure.places import instruction_at
from initlint.cure.style import quoted
from initlint.records import NamedTuple
from initlint.subject import Subject
from initlint.targets.container import ShellForm, StartField
from initlint.targets.dockerfile.syntax import Instruction
from initlint.text import Edit, encode

_OPENING = {'"': '"', "'": "'", "\u201c": "\u201d", "\u2018": "\u2019", "\u201d": "\u201d", "\u2019": "\u2019"}
_PLAIN = re.compile(r"[A-Za-z0-9_@%+:./=-]+")


class _Change(NamedTuple):
    """Characters `start` to `end` of the text become `text`."""

    start: int
    end: int
    text: str


class Ambiguous(Exception):
    """More than one array may have been meant."""


def repair(subject: Subject) -> Part | NoCure:
    """Mend ENTRYPOINT and CMD, as far as they look like JSON and aren't."""
    parts = []
    container = subject.container
    for field in (container.entrypoint, container.cmd):
        if not isinstance(field, StartField) or not isinstance(field.form, ShellForm):
            continue
        if not field.form.looks_like_json:
            continue
        instruction = instruction_at(subject.dockerfile.parsed, field.span)
        if instruction is None:
            return NoCure("the start command that isn't JSON comes from the base image")
        part = _repaired(instruction)
        if isinstance(part, NoCure):
            return part
        parts.append(part)
    if not parts:
        return NoCure("nothing looks like JSON and isn't")
    edits = tuple(edit for part in parts for edit in part.edits)
    return Part(("json",), edits, " and ".join(part.says for part in parts))


def _repaired(instruction: Instruction) -> Part | NoCure:
    try:
        _, changes = read(instruction.value)
    except Ambiguous as problem:
        return NoCure(f"what {instruction.keyword} was meant to be isn't clear: {problem}")
    source = instruction.span.source
    edits = tuple(
        Edit(
            source.span(instruction.offset_of(change.start), _offset_after(instruction, change.start, change.end)),
            encode(change.text),
        )
        for change in changes
    )
    return Part(("json",), edits, f"make {instruction.keyword} the JSON array that it was meant to be")


def _offset_after(instruction: Instruction, start: int, end: int) -> int:
    if end == start:
        return instruction.offset_of(start)
    last = instruction.value[end - 1]
    return instruction.offset_of(end - 1) + len(encode(last))


def read(text: str) -> tuple[tuple[str, ...], tuple[_Change, ...]]:
    """The words that a damaged array holds, and the changes that mend it.

    Raises where more than one reading is possible: a variable (JSON doesn't expand it), text
    after the bracket, a quote that only opens, a bare word without commas.
    """
    if "$" in text:
        raise Ambiguous("it holds a variable, which an array wouldn't expand")
    end = len(text.rstrip())
    at = _blanks(text, 0)
    if text[at : at + 1] != "[":
        raise Ambiguous("it doesn't start with a bracket")
    at += 1
    words: list[str] = []
    changes: list[_Change] = []
    separated = True  # a comma, or the bracket, stands before
    comma_at: int | None = None
    quotes = 0
    while True:
        at = _blanks(text, at)
        if at >= end:
            changes.append(_Change(end, end, "]"))
            break
        char = text[at]
        if char == "]":
            if comma_at is not None:
                changes.append(_Change(comma_at, comma_at + 1, ""))
            if _blanks(text, at + 1) < end:
                raise Ambiguous("text follows the array")
            break
        if char == ",":
            if comma_at is not None or not words:
                raise Ambiguous("two commas stand together")
            comma_at, separated = at, True
            at += 1
            continue
        word, stop, good = _word(text, at, end)
        if char in _OPENING:
            quotes += 1
        if not separated:
            before = len(text[:at].rstrip())
            changes.append(_Change(before, before, ","))
        if not good:
            changes.append(_Change(at, stop, quoted(word)))
        words.append(word)
        separated, comma_at, at = False, None, stop
    if not words or not changes:
        raise Ambiguous("nothing in it can be mended")
    if not quotes and not any(char == "," for char in text):
        raise Ambiguous("it may be the shell's own bracket")
    _check(text, changes, words)
    return tuple(words), tuple(changes)


def _word(text: str, at: int, end: int) -> tuple[str, int, bool]:
    """The word at `at`, where it ends, and whether it is a JSON string already."""
    closing = _OPENING.get(text[at])
    if closing is None:
        match = _PLAIN.match(text, at)
        if match is None or text[match.end() : match.end() + 1] not in ("", ",", "]", " ", "\t"):
            raise Ambiguous(f"{text[at]!r} can't stand there")
        if match[0][0] == "-" and len(match[0]) == 2:
            raise Ambiguous("it may be the shell's own test")
        return match[0], match.end(), False
    if text[at] == '"':
        try:
            word, stop = json.JSONDecoder().raw_decode(text, at)
        except ValueError:
            raise Ambiguous("a quote isn't closed, or a backslash is wrong") from None
        if not isinstance(word, str) or "\n" in word:
            raise Ambiguous("a string is wrong")
        good = True
    else:
        stop = text.find(closing, at + 1)
        word = text[at + 1 : stop]
        if stop == -1 or "\\" in word or any(char in _OPENING for char in word):
            raise Ambiguous("a quote isn't closed, or quotes are mixed")
        stop, good = stop + 1, False
    if "," in word and any(char in _OPENING for char in text[at:stop][1:-1]):
        raise Ambiguous("quotes are mixed")
    doubled = stop
    while doubled < end and text[doubled] == closing:
        doubled += 1
    if doubled != stop:
        # `"--""`: a quote too many, unless it opens the next word
        if (doubled - stop) > 1 or text[doubled : doubled + 1] not in ("", ",", "]", " "):
            raise Ambiguous("a quote stands where none belongs")
        stop, good = doubled, False
    if word.strip(" \t,[]") == "" and word != "":
        raise Ambiguous("a quote stands where none belongs")
    return word, stop, good


def _check(text: str, changes: list[_Change], words: list[str]) -> None:
    result = text
    for change in sorted(changes, reverse=True):
        result = result[: change.start] + change.text + result[change.end :]
    try:
        mended = json.loads(result)
    except ValueError:
        raise Ambiguous("it can't be mended") from None
    if mended != words:
        raise Ambiguous("it can't be mended")


def _blanks(text: str, at: int) -> int:
    while at < len(text) and text[at] in " \t":
        at += 1
    return at
