"""Quotes, escapes and variables, as BuildKit's own small shell lexer treats them.

`expand` gives what ENV, WORKDIR, COPY and the like end up with. The same lexer, told to keep
quotes and unset variables, finds the heredocs of a line.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from initlint.targets.dockerfile.scanner import SPACE
from initlint.targets.dockerfile.syntax import Env

# stands for a value that is set and not known; no variable can hold it
_UNKNOWN = "\0"
_SPECIAL_NAMES = "@*#?-$!0"
_NO_VARIABLES: Mapping[str, str | None] = {}


class ExpansionError(ValueError):
    """A text that BuildKit refuses to expand: an open quote, a bad substitution."""


def expand(text: str, env: Mapping[str, str | None], escape: str = "\\", *, quotes: bool = True) -> str | None:
    """`text` with its variables replaced, its quotes and escapes taken away.

    A name that isn't in `env` expands to nothing, as in BuildKit; the result is None where a
    value that matters isn't known: a value of None, a name that an incomplete `Env` lacks, an
    ARG without a value. `quotes` is False for a heredoc's body. Raises ExpansionError.
    """
    if "$" not in text and escape not in text and "'" not in text and '"' not in text:
        return text
    lexer = Lexer(text, env, escape)
    lexer.process_quotes = quotes
    result, _ = lexer.run()
    return None if _UNKNOWN in result else result


def split(text: str, *, raw_quotes: bool, raw_escapes: bool) -> list[str]:
    """The words of a shell line, variables left as they are. Raises ExpansionError."""
    lexer = Lexer(text, _NO_VARIABLES, "\\")
    lexer.raw_quotes = raw_quotes
    lexer.raw_escapes = raw_escapes
    lexer.keep_unset = True
    return lexer.run()[1]


def variables(text: str, escape: str = "\\") -> tuple[str, ...]:
    """The names that `text` looks up, each once. Raises ExpansionError."""
    names = _Names()
    Lexer(text, names, escape).run()
    return tuple(names.asked)


class _Names(dict[str, "str | None"]):
    """Notes the names that are asked for; has none of them."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: dict[str, None] = {}

    def __contains__(self, name: object) -> bool:
        self.asked[str(name)] = None
        return False


class _Words:
    """Words as they come off the lexer: blanks outside quotes part them."""

    __slots__ = ("buffer", "in_word", "words")

    def __init__(self) -> None:
        self.words: list[str] = []
        self.buffer: list[str] = []
        self.in_word = False

    def add(self, text: str) -> None:
        for ch in text:
            if ch not in SPACE:
                self.buffer.append(ch)
                self.in_word = True
            elif self.in_word and any(self.buffer):
                self.words.append("".join(self.buffer))
                self.buffer.clear()
                self.in_word = False

    def add_raw(self, text: str) -> None:
        self.buffer.append(text)
        self.in_word = True

    def close(self) -> list[str]:
        if any(self.buffer):
            self.words.append("".join(self.buffer))
            self.buffer.clear()
        return self.words


class Lexer:
    """BuildKit's `shell.Lex` over one text."""

    __slots__ = ("at", "env", "escape", "keep_unset", "process_quotes", "raw_escapes", "raw_quotes", "text")

    def __init__(self, text: str, env: Mapping[str, str | None], escape: str) -> None:
        self.text = text
        self.env = env
        self.escape = escape
        self.at = 0
        self.raw_quotes = False
        self.raw_escapes = False
        self.process_quotes = True
        self.keep_unset = False

    def run(self) -> tuple[str, list[str]]:
        return self._until("")

    def _peek(self) -> str:
        return self.text[self.at : self.at + 1]

    def _next(self) -> str:
        ch = self.text[self.at : self.at + 1]
        self.at += 1
        return ch

    def _until(self, stop: str) -> tuple[str, list[str]]:
        """Up to `stop`, which is taken as well, or the end of the text."""
        result: list[str] = []
        words = _Words()
        while (ch := self._peek()) != "":
            if ch == stop:
                self.at += 1
                return "".join(result), words.close()
            if ch == "$":
                part = self._dollar()
                words.add(part)
            elif ch == "'" and self.process_quotes:
                part = self._single_quoted()
                words.add_raw(part)
            elif ch == '"' and self.process_quotes:
                part = self._double_quoted()
                words.add_raw(part)
            elif ch == "<":
                part = self._less_than()
                words.add_raw(part)
            else:
                self.at += 1
                part = ch
                if ch == self.escape:
                    part = self._next()
                    if self.raw_escapes:
                        words.add_raw(ch)
                        result.append(ch)
                    if part == "":
                        break
                    words.add_raw(part)
                else:
                    words.add(ch)
            result.append(part)
        if stop:
            raise ExpansionError(f"unexpected end of statement while looking for matching {stop}")
        return "".join(result), words.close()

    def _less_than(self) -> str:
        # blanks between << and its word belong to it
        begin = self.at
        self.at += 1
        if self._peek() == "<":
            self.at += 1
            while self._peek() in ("\t", "\r", " "):
                self.at += 1
        return self.text[begin : self.at]

    def _single_quoted(self) -> str:
        end = self.text.find("'", self.at + 1)
        if end < 0:
            raise ExpansionError("a single quote that is never closed")
        begin, self.at = self.at, end + 1
        return self.text[begin : end + 1] if self.raw_quotes else self.text[begin + 1 : end]

    def _double_quoted(self) -> str:
        result: list[str] = []
        self.at += 1
        if self.raw_quotes:
            result.append('"')
        while True:
            ch = self._peek()
            if ch == "":
                raise ExpansionError("a double quote that is never closed")
            if ch == '"':
                self.at += 1
                if self.raw_quotes:
                    result.append(ch)
                return "".join(result)
            if ch == "$":
                result.append(self._dollar())
                continue
            self.at += 1
            if ch == self.escape:
                if self.raw_escapes:
                    result.append(ch)
                following = self._peek()
                if following == "":
                    continue
                if following in ('"', "$", self.escape):
                    ch = self._next()
            result.append(ch)

    def _name(self) -> str:
        text, begin = self.text, self.at
        at = begin
        if text[at : at + 1].isdecimal():
            while text[at : at + 1].isdecimal():
                at += 1
        elif text[at : at + 1] and text[at] in _SPECIAL_NAMES:
            at += 1
        else:
            while at < len(text) and (text[at].isalpha() or text[at].isdecimal() or text[at] == "_"):
                at += 1
        self.at = at
        return text[begin:at]

    def _value(self, name: str) -> str | None:
        """The value, None for an unset name."""
        env = self.env
        if name in env:
            value = env[name]
            return _UNKNOWN if value is None else value
        if isinstance(env, Env) and not env.complete and name not in env.open and name.isidentifier():
            return _UNKNOWN
        return None

    def _plain_value(self, name: str) -> str | None:
        # an ARG that is still to be given: its author has no value in mind, so neither have we
        if isinstance(self.env, Env) and name in self.env.open and name not in self.env:
            return _UNKNOWN
        return self._value(name)

    def _dollar(self) -> str:
        self.at += 1
        if self._peek() != "{":
            name = self._name()
            if name == "":
                return "$"
            value = self._plain_value(name)
            if value is None:
                return "$" + name if self.keep_unset else ""
            return value
        self.at += 1
        ch = self._peek()
        if ch == "":
            raise ExpansionError("missing '}'")
        if ch in "{}:":
            raise ExpansionError("bad substitution")
        name = self._name()
        ch = self._next()
        if ch == "}":
            value = self._plain_value(name)
            if value is None:
                return "${" + name + "}" if self.keep_unset else ""
            return value
        if ch == "":
            raise ExpansionError("missing '}'")
        if ch == "/":
            return self._replaced(name)
        if ch and ch in ":+-?#%":
            return self._modified(name, ch)
        raise ExpansionError(f"unsupported modifier ({ch}) in substitution")

    def _part(self, stop: str, raw_escapes: bool) -> str:
        before, self.raw_escapes = self.raw_escapes, raw_escapes
        try:
            return self._until(stop)[0]
        finally:
            self.raw_escapes = before

    def _modified(self, name: str, ch: str) -> str:
        modifier = ch
        empty_is_unset = ch == ":"
        if empty_is_unset:
            ch = self._next()
            modifier += ch
        pattern = ch in ("#", "%")
        if empty_is_unset and pattern:
            raise ExpansionError(f"unsupported modifier ({modifier}) in substitution")
        word = self._part("}", pattern)
        value = self._value(name)
        if value is None and self.keep_unset:
            return "${" + name + modifier + word + "}"
        missing = value is None or (empty_is_unset and value == "")
        if ch == "-":
            return word if value is None or missing else value
        if ch == "+":
            if value == _UNKNOWN and empty_is_unset and word:
                return _UNKNOWN
            return "" if missing else word
        if ch == "?":
            # the build stops without it, so it will be given
            return _UNKNOWN if value is None or missing else value
        if pattern and ch:
            if value is None or value == _UNKNOWN or _UNKNOWN in word:
                return _UNKNOWN if value is not None else ""
            return _trimmed(value, word, ch)
        raise ExpansionError(f"unsupported modifier ({modifier}) in substitution")

    def _replaced(self, name: str) -> str:
        everywhere = self._peek() == "/"
        if everywhere:
            self.at += 1
        pattern = self._part("/", True)
        replacement = self._part("}", True)
        value = self._value(name)
        if value is None and self.keep_unset:
            return "${" + name + "/" + pattern + "/" + replacement + "}"
        if value is None:
            value = ""
        if value == _UNKNOWN or _UNKNOWN in pattern or _UNKNOWN in replacement:
            return _UNKNOWN
        return _regex(pattern, greedy=True).sub(lambda _: replacement, value, count=0 if everywhere else 1)


def _regex(pattern: str, *, greedy: bool) -> re.Pattern[str]:
    """A shell pattern (`*` and `?` only) as a regular expression."""
    out: list[str] = []
    at = 0
    while at < len(pattern):
        ch = pattern[at]
        at += 1
        if ch == "*":
            out.append(".*" if greedy else ".*?")
        elif ch == "?":
            out.append(".")
        elif ch == "\\":
            following = pattern[at : at + 1]
            if following and following in "}/":
                continue
            if not following or following not in "*?\\":
                raise ExpansionError(f"invalid escape '\\{following}' in a pattern")
            out.append("\\" + following)
            at += 1
        else:
            out.append(re.escape(ch))
    return re.compile("".join(out))


def _trimmed(value: str, pattern: str, side: str) -> str:
    """`value` without what `pattern` matches at its start (`#`) or its end (`%`)."""
    greedy = pattern.startswith(side)
    if greedy:
        pattern = pattern[1:]
    if side == "#":
        match = _regex(pattern, greedy=greedy).match(value)
        return value[match.end() :] if match else value
    # the shortest match at the end is found from behind
    match = _regex(_reversed(pattern), greedy=greedy).match(value[::-1])
    return value[: len(value) - match.end()] if match else value


def _reversed(pattern: str) -> str:
    tokens = re.findall(r"\\.|.", pattern, re.DOTALL)
    return "".join(reversed(tokens))
