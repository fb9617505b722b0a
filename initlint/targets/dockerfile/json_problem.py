"""What is wrong with an argument that looks like a JSON array of strings and is none?"""

from __future__ import annotations

import re

_STRING = re.compile(r'"((?:[^"\\]|\\.)*)"')
_BAD_ESCAPE = re.compile(r'\\(?!["\\/bfnrt]|u[0-9a-fA-F]{4})(.?)', re.DOTALL)
_WORD = re.compile(r"[^\s,\]\"]+")
_TEST_OPERATOR = re.compile(r"(?:==?|!=|=~|-[a-z]{1,2}\s|[<>])")
_NAMES_OF_CONTROLS = {"\t": "a tab", "\n": "a newline", "\r": "a carriage return"}


def problem_of(text: str) -> str:
    """Why `text`, which starts with `[`, is no JSON array of strings, in a few words.

    Empty where it is a shell's test (`[ -f x ] && y`), which nobody meant as an array.
    """
    rest = text[1:]
    if _is_shell_test(rest):
        return ""
    at = 1
    previous: str | None = None
    after_comma = False
    while True:
        at = _skip_blanks(text, at)
        ch = text[at : at + 1]
        if ch == "":
            return "a missing closing bracket"
        if ch == "]":
            if after_comma:
                return "a comma before the closing bracket"
            return "text after the closing bracket" if text[at + 1 :].strip() else "not a JSON array"
        if ch == ",":
            return "two commas in a row" if after_comma else "a comma with nothing before it"
        problem, at, item = _item(text, at)
        if problem:
            return problem
        previous = item
        at = _skip_blanks(text, at)
        ch = text[at : at + 1]
        if ch == ",":
            after_comma = True
            at += 1
        elif ch == "]":
            after_comma = False
        elif ch == "":
            return "a missing closing bracket"
        elif ch == '"':
            if text[at + 1 :].lstrip()[:1] in ("]", ","):
                return f'a quote too many after "{previous}"'
            return f'a missing comma after "{previous}"'
        else:
            return f'{_quoted_word(text, at)} after "{previous}" where a comma should be'


def _item(text: str, at: int) -> tuple[str, int, str]:
    """What is wrong with the element at `at` (empty for nothing), where it ends, and its text."""
    ch = text[at]
    if ch == "'":
        return "single quotes", at, ""
    if ch in "\u201c\u201d\u201e\u2018\u2019":
        return "typographic quotes", at, ""
    if ch != '"':
        return f"{_quoted_word(text, at)} is not a string", at, ""
    match = _STRING.match(text, at)
    if match is None:
        return "a quote that is never closed", at, ""
    body = match[1]
    wrong = _BAD_ESCAPE.search(body)
    if wrong:
        return f"a single backslash before {wrong[1]!r}" if wrong[1] else "a single backslash", at, ""
    for ch in body:
        if ch < " ":
            return f"{_NAMES_OF_CONTROLS.get(ch, 'a control character')} inside a string", at, ""
    return "", match.end(), body


def _skip_blanks(text: str, at: int) -> int:
    while text[at : at + 1] in (" ", "\t", "\n", "\r"):
        at += 1
    return at


def _quoted_word(text: str, at: int) -> str:
    match = _WORD.match(text, at)
    return match[0] if match else text[at]


def _is_shell_test(rest: str) -> bool:
    """Does `rest`, what follows the `[`, read as the operands of the shell's test command?"""
    if rest.startswith("["):
        return rest[1:2] in (" ", "\t")
    if not rest.startswith((" ", "\t")) or "]" not in rest:
        return False
    words = rest.split(None, 2)
    if words[0] == "!" or (words[0].startswith("-") and words[0][1:].isalpha() and len(words[0]) == 2):
        return True
    return len(words) > 1 and _TEST_OPERATOR.match(words[1] + " ") is not None
