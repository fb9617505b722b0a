"""Shell words of a RUN line, expanded as far as the variables are known."""

from __future__ import annotations

import re
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from itertools import pairwise
from typing import TYPE_CHECKING

from initlint.records import NamedTuple
from initlint.rootfs.effects import ANYTHING

if TYPE_CHECKING:
    from tree_sitter import Node

_GLOB = frozenset("*?[")
_UNQUOTED = frozenset(("word", "number", "variable_name", "test_operator", "special_variable_name", "brace_expression"))
_ANSI = {"n": "\n", "t": "\t", "r": "\r", "\\": "\\", "'": "'", '"': '"', "a": "\a", "b": "\b", "e": "\x1b", "v": "\v"}


# A command of words that stand for themselves, wildcards aside: no assignments, quotes and expansions in it.
PLAIN_WORDS = re.compile(r"[A-Za-z0-9_./:@%+,*?-]+(?:[ \t]+[A-Za-z0-9_./:@%+,=*?-]+)*")


class Word(NamedTuple):
    """`text` is the word, ANYTHING for parts that aren't known; `pattern` the same with quoted
    wildcards escaped; `plain` is True where no wildcard stands outside quotes."""

    text: str
    pattern: str
    plain: bool

    @property
    def known(self) -> bool:
        return ANYTHING not in self.text


def literal(text: str) -> Word:
    return Word(text, text, True)


UNKNOWN_WORD = Word(ANYTHING, ANYTHING, False)


class Expander:
    """Expands words with the variables of the moment; `None` stands for an unknown value."""

    __slots__ = ("braces", "complete", "globs", "variables")

    def __init__(
        self,
        variables: Mapping[str, str | None],
        *,
        braces: bool,
        globs: AbstractSet[str] = frozenset(),
        complete: bool = True,
    ) -> None:
        self.complete = complete
        self.variables = variables
        self.braces = braces
        self.globs = globs

    def value(self, name: str) -> str | None:
        if name in self.variables:
            return self.variables[name]
        return "" if self.complete and name.isidentifier() else None

    def words(self, node: Node) -> list[Word]:
        """The words that one argument becomes: an unquoted variable may be several, or none."""
        if node.type in _UNQUOTED and "\\" not in (text := _text(node)):
            word = plain_word(text)
            return _braces(word) if self.braces else [word]
        pieces = self._pieces(node, quoted=False)
        words: list[list[tuple[str, bool]]] = [[]]
        for text, quoted, splits in pieces:
            if not splits:
                words[-1].append((text, quoted))
                continue
            fields = text.split()
            if text[:1].isspace() and words[-1]:
                words.append([])
            for index, field in enumerate(fields):
                if index:
                    words.append([])
                words[-1].append((field, False))
            if fields and text[-1:].isspace():
                words.append([])
        made = [_join(word) for word in words if word]
        if self.braces:
            made = [each for word in made for each in _braces(word)]
        return made

    def one(self, node: Node) -> Word:
        words = self.words(node)
        return words[0] if len(words) == 1 else UNKNOWN_WORD if words else literal("")

    def _pieces(self, node: Node, *, quoted: bool) -> list[tuple[str, bool, bool]]:
        kind = node.type
        text = _text(node)
        if kind in _UNQUOTED:
            return _unescape(text)
        if kind == "raw_string":
            return [(text[1:-1], True, False)]
        if kind == "ansi_c_string":
            return [(ansi_unescape(text[2:-1]), True, False)]
        if kind in ("string", "translated_string"):
            return self._string(node)
        if kind == "concatenation":
            return [piece for child in node.children for piece in self._pieces(child, quoted=quoted)]
        if kind == "command_name":
            return [piece for child in node.children for piece in self._pieces(child, quoted=quoted)]
        if kind in ("simple_expansion", "expansion"):
            value = self._expansion(node)
            return [(value if value is not None else ANYTHING, quoted, not quoted and value is not None)]
        return [(ANYTHING, quoted, False)]

    def _string(self, node: Node) -> list[tuple[str, bool, bool]]:
        """The inside of double quotes: the text between its expansions, escapes taken away."""
        inside = _text(node)
        offset = node.start_byte
        raw = node.text or b""
        out: list[tuple[str, bool, bool]] = []
        at = raw.find(b'"') + 1
        for child in node.named_children:
            if child.type == "string_content":
                continue
            start, end = child.start_byte - offset, child.end_byte - offset
            out.append((_unquote(raw[at:start].decode("utf-8", "surrogateescape")), True, False))
            value = self._expansion(child) if child.type in ("simple_expansion", "expansion") else None
            glob = value is not None and _text(child).strip("${}") in self.globs
            out.append((value if value is not None else ANYTHING, not glob, False))
            at = end
        end = len(raw) - 1 if inside.endswith('"') else len(raw)
        out.append((_unquote(raw[at:end].decode("utf-8", "surrogateescape")), True, False))
        return out

    def _expansion(self, node: Node) -> str | None:
        """`$X`, `${X}`, `${X:-word}` and `${X#…}`-less forms; None for all that isn't known."""
        text = _text(node)
        if node.type == "simple_expansion":
            return self.value(text[1:])
        names = [child for child in node.children if child.type in ("variable_name", "special_variable_name")]
        if len(names) < 1 or node.children[1] != names[0]:
            return None
        value = self.value(_text(names[0]))
        rest = [child for child in node.children if child not in (names[0], node.children[0], node.children[-1])]
        if not rest:
            return value
        operator = rest[0].type
        if operator in (":-", "-", ":=", "="):
            if value is None:
                return None
            if value or (operator in ("-", "=") and _text(names[0]) in self.variables):
                return value
            default = [self.one(child) for child in rest[1:]]
            whole = "".join(word.text for word in default)
            return None if ANYTHING in whole else whole
        return None


def _text(node: Node) -> str:
    return (node.text or b"").decode("utf-8", "surrogateescape")


def _join(pieces: list[tuple[str, bool]]) -> Word:
    text = "".join(piece for piece, _ in pieces)
    plain = ANYTHING not in text and not any(not quoted and not _GLOB.isdisjoint(piece) for piece, quoted in pieces)
    if plain:
        return Word(text, text, True)
    pattern = "".join(_escape(piece) if quoted else piece for piece, quoted in pieces)
    return Word(text, pattern, False)


def _escape(text: str) -> str:
    return "".join("\\" + char if char in "*?[\\" else char for char in text)


def _unescape(text: str) -> list[tuple[str, bool, bool]]:
    """An unquoted run of text: a backslash quotes the next character, and vanishes before a newline."""
    if "\\" not in text:
        return [(text, False, False)]
    out: list[tuple[str, bool, bool]] = []
    at = 0
    while (slash := text.find("\\", at)) >= 0:
        out.append((text[at:slash], False, False))
        following = text[slash + 1 : slash + 2]
        if following != "\n":
            out.append((following, True, False))
        at = slash + 2
    out.append((text[at:], False, False))
    return [piece for piece in out if piece[0]]


def _unquote(text: str) -> str:
    if "\\" not in text:
        return text
    out: list[str] = []
    at = 0
    while at < len(text):
        char = text[at]
        if char == "\\" and at + 1 < len(text) and text[at + 1] in '$`"\\\n':
            at += 1
            if text[at] != "\n":
                out.append(text[at])
        else:
            out.append(char)
        at += 1
    return "".join(out)


def ansi_unescape(text: str) -> str:
    """printf's and `$'…'`'s escapes, as far as scripts use them."""
    out: list[str] = []
    at = 0
    while at < len(text):
        char = text[at]
        at += 1
        if char != "\\" or at == len(text):
            out.append(char)
            continue
        char = text[at]
        at += 1
        if char in _ANSI:
            out.append(_ANSI[char])
        elif char in "01234567":
            end = at
            while end < len(text) and end < at + 3 and text[end] in "01234567":
                end += 1
            out.append(chr(int(text[at - 1 : end], 8) & 0xFF))
            at = end
        elif char == "x" and text[at : at + 1] and text[at] in "0123456789abcdefABCDEF":
            end = at + 1
            while end < len(text) and end < at + 2 and text[end] in "0123456789abcdefABCDEF":
                end += 1
            out.append(chr(int(text[at:end], 16)))
            at = end
        else:
            out.append("\\" + char)
    return "".join(out)


def _braces(word: Word) -> list[Word]:
    """`a{b,c}d` as bash takes it apart, one level after the other; quoted braces aren't told apart."""
    text = word.pattern
    start = text.find("{")
    if start < 0:
        return [word]
    depth = 0
    commas: list[int] = []
    for at in range(start, len(text)):
        char = text[at]
        if char == "{":
            depth += 1
        elif char == "," and depth == 1:
            commas.append(at)
        elif char == "}":
            depth -= 1
            if depth == 0:
                if not commas:
                    return [word]
                cuts = [start, *commas, at]
                return [
                    each
                    for low, high in pairwise(cuts)
                    for each in _braces(plain_word(text[:start] + text[low + 1 : high] + text[at + 1 :]))
                ]
    return [word]


def plain_word(text: str) -> Word:
    return Word(text, text, ANYTHING not in text and _GLOB.isdisjoint(text))
