"""Shell patterns: does a text match, when some of either isn't known?"""

from __future__ import annotations

import re
from functools import lru_cache

from initlint.records import NamedTuple

_CLASSES = {
    "alnum": "a-zA-Z0-9",
    "alpha": "a-zA-Z",
    "digit": "0-9",
    "lower": "a-z",
    "upper": "A-Z",
    "space": r"\s",
    "blank": r" \t",
    "punct": r"!-/:-@\[-`{-~",
    "xdigit": "0-9a-fA-F",
}


class Pattern(NamedTuple):
    """`regex` is None where a part of the pattern isn't known. `literal` has no wildcard in it."""

    regex: str | None
    literal: str | None

    @property
    def anything(self) -> bool:
        return self.regex is not None and self.regex.strip(".*") == "" and ".*" in self.regex


def joined(parts: list[tuple[str, bool, bool]], *, extended: bool = False) -> Pattern:
    """A pattern of parts (text, quoted, known): quoted text stands for itself."""
    regex = ""
    literal: str | None = ""
    for text, quoted, known in parts:
        if not known:
            return Pattern(None, None)
        if quoted:
            regex += re.escape(text)
            literal = None if literal is None else literal + text
        else:
            translated, plain = _translate(text, extended)
            regex += translated
            literal = None if literal is None or plain is None else literal + plain
    return Pattern(regex, literal)


@lru_cache(maxsize=512)
def _translate(text: str, extended: bool) -> tuple[str, str | None]:
    out: list[str] = []
    plain: list[str] | None = []
    at = 0
    while at < len(text):
        char = text[at]
        at += 1
        if char == "\\" and at < len(text):
            out.append(re.escape(text[at]))
            if plain is not None:
                plain.append(text[at])
            at += 1
        elif extended and char in "?*+@!" and text[at : at + 1] == "(" and ")" in text[at:]:
            end = text.index(")", at)
            inner = "|".join(_translate(part, False)[0] for part in text[at + 1 : end].split("|"))
            out.append(f"(?!(?:{inner})$).*" if char == "!" else f"(?:{inner})" + {"@": ""}.get(char, char))
            plain = None
            at = end + 1
        elif char == "*":
            # One star for several: adjacent ones would make the matcher try every split.
            if not out or out[-1] != ".*":
                out.append(".*")
            plain = None
        elif char == "?":
            out.append(".")
            plain = None
        elif char == "[" and (end := _set_end(text, at)) > 0:
            out.append(_set(text[at:end]))
            plain = None
            at = end + 1
        else:
            out.append(re.escape(char))
            if plain is not None:
                plain.append(char)
    return "".join(out), None if plain is None else "".join(plain)


def _set_end(text: str, at: int) -> int:
    start = at
    if text[at : at + 1] in ("!", "^"):
        at += 1
    if text[at : at + 1] == "]":
        at += 1
    while at < len(text):
        if text.startswith("[:", at) and ":]" in text[at:]:
            at = text.index(":]", at) + 2
            continue
        if text[at] == "]":
            return at if at > start else -1
        at += 1
    return -1


def _set(body: str) -> str:
    negated = body[:1] in ("!", "^")
    body = body[1:] if negated else body
    out = ""
    at = 0
    while at < len(body):
        if body.startswith("[:", at) and ":]" in body[at:]:
            end = body.index(":]", at)
            out += _CLASSES.get(body[at + 2 : end], "")
            at = end + 2
            continue
        if body[at] == "\\" and at + 1 < len(body):
            at += 1
        out += body[at] if body[at] == "-" else re.escape(body[at])
        at += 1
    return f"[{'^' if negated else ''}{out or '^'}]"


@lru_cache(maxsize=512)
def compiled(regex: str) -> re.Pattern[str] | None:
    try:
        return re.compile(regex, re.DOTALL)
    except (re.error, RecursionError, OverflowError):
        return None


def matches(pattern: Pattern, text: str) -> bool | None:
    """Whether a known text matches; None where the pattern isn't known."""
    # A pattern with many stars over a long text could take for ever.
    if pattern.regex is None or (pattern.regex.count(".*") > 6 and len(text) > 200):
        return None
    expression = compiled(pattern.regex)
    return None if expression is None else expression.fullmatch(text) is not None


def strip(pattern: Pattern, text: str, operator: str) -> str | None:
    """`${text#pattern}` and its kin; None where it isn't known."""
    if pattern.regex is None or len(text) > 4096:
        return None
    expression = compiled(pattern.regex)
    if expression is None or (pattern.regex.count(".*") > 6 and len(text) > 200):
        return None
    if operator in ("#", "##"):
        cuts = range(len(text) + 1) if operator == "#" else range(len(text), -1, -1)
        for cut in cuts:
            if expression.fullmatch(text, 0, cut):
                return text[cut:]
    else:
        cuts = range(len(text), -1, -1) if operator == "%" else range(len(text) + 1)
        for cut in cuts:
            if expression.fullmatch(text, cut):
                return text[:cut]
    return text


def replace(pattern: Pattern, text: str, replacement: str, operator: str) -> str | None:
    """`${text/pattern/replacement}` and its kin; None where it isn't known."""
    if pattern.regex is None or pattern.regex.count(".*") > 6:
        return None
    anchored = {"/#": rf"\A(?:{pattern.regex})", "/%": rf"(?:{pattern.regex})\Z"}.get(operator, pattern.regex)
    expression = compiled(anchored)
    if expression is None or pattern.regex == "":
        return None
    return expression.sub(lambda _: replacement, text, count=0 if operator == "//" else 1)
