"""Heredocs of a shell text, found before it is parsed.

tree-sitter-bash hangs what follows `<<EOF` on its line into the redirect, and loses a second
heredoc, or what stands behind `;` and `&`. So a heredoc is masked: `<&0` in place of `<<EOF`, its
body blanked out. Every offset and every line stay what they are.
"""

from __future__ import annotations

import re

from initlint.records import NamedTuple

# What the scan stops at.
_SIGN = re.compile(rb"[\\'\"#\n]|\(\(|<<")
_IN_QUOTES = re.compile(rb'"|\\.', re.DOTALL)
_BLANK = re.compile(rb"[^\n]")
_WORD_END = frozenset(b" \t\n;&|<>()")


class Heredoc(NamedTuple):
    start: int  # of the `<<`
    end: int  # behind the delimiter
    body: bytes
    body_start: int
    body_end: int  # behind the closing delimiter's line, its newline not counted
    quoted: bool
    tabs: bool  # `<<-`: leading tabs don't count


def heredocs(data: bytes) -> list[Heredoc]:
    """All heredocs in the order of the text; none where a quote or a heredoc isn't closed."""
    found: list[Heredoc] = []
    if b"<<" not in data:
        return found
    waiting: list[tuple[int, int, bytes, bool, bool]] = []
    at, size = 0, len(data)
    while at < size:
        sign = _SIGN.search(data, at)
        if sign is None:
            break
        at = sign.start()
        char = data[at : at + 1]
        if char == b"\\":
            at += 2
        elif char in (b"'", b'"'):
            close = _closing(data, at)
            if close < 0:
                return []
            at = close + 1
        elif char == b"#" and (at == 0 or data[at - 1] in b" \t\n;&|("):
            at = line_end(data, at)
        elif data.startswith(b"((", at):
            close = data.find(b"))", at)
            at = close + 2 if close >= 0 and b"\n" not in data[at:close] else at + 2
        elif data.startswith(b"<<<", at):
            at += 3
        elif data.startswith(b"<<", at):
            tabs = data[at + 2 : at + 3] == b"-"
            word = at + (3 if tabs else 2)
            while data[word : word + 1] in (b" ", b"\t"):
                word += 1
            delimiter, end = _delimiter(data, word)
            if end == word:
                return []
            waiting.append((at, end, delimiter, delimiter != data[word:end], tabs))
            at = end
        elif char == b"\n" and waiting:
            at += 1
            for start, end, delimiter, quoted, tabs in waiting:
                body_start = at
                end_of_body = _body(data, at, delimiter, tabs=tabs)
                if end_of_body is None:
                    return []
                body_end, at = end_of_body
                found.append(Heredoc(start, end, data[body_start:body_end], body_start, at, quoted, tabs))
                at = min(at + 1, size)
            waiting = []
            at -= at < size or data.endswith(b"\n")  # the newline ends the command's line
        else:
            at += 1
    return [] if waiting else found


def masked(data: bytes, found: list[Heredoc]) -> bytes:
    out = bytearray(data)
    for each in found:
        out[each.start : each.end] = b"<&0".ljust(each.end - each.start)
        out[each.body_start : each.body_end] = _BLANK.sub(b" ", data[each.body_start : each.body_end])
    return bytes(out)


def _closing(data: bytes, at: int) -> int:
    if data[at : at + 1] == b"'":
        return data.find(b"'", at + 1)
    at += 1
    while (sign := _IN_QUOTES.search(data, at)) is not None:
        if sign[0] == b'"':
            return sign.start()
        at = sign.end()
    return -1


def _delimiter(data: bytes, at: int) -> tuple[bytes, int]:
    out = bytearray()
    while at < len(data) and data[at] not in _WORD_END:
        char = data[at : at + 1]
        if char in (b"'", b'"'):
            close = _closing(data, at)
            if close < 0:
                break
            out += data[at + 1 : close]
            at = close + 1
        elif char == b"\\":
            out += data[at + 1 : at + 2]
            at += 2
        else:
            out += char
            at += 1
    return bytes(out), at


def _body(data: bytes, at: int, delimiter: bytes, *, tabs: bool) -> tuple[int, int] | None:
    """Where the body ends, and where its closing line does."""
    while at < len(data):
        end = line_end(data, at)
        line = data[at:end]
        if (line.lstrip(b"\t") if tabs else line) == delimiter:
            return at, end
        at = end + 1
    return None


def line_end(data: bytes, at: int) -> int:
    end = data.find(b"\n", at)
    return end if end >= 0 else len(data)
