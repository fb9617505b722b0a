"""`read` and the loops over it: what a script reads of inputs that are known."""

from __future__ import annotations

from initlint.boot.model import Opaque
from initlint.boot.shell.files import read_file
from initlint.boot.shell.machine import Machine
from initlint.boot.shell.tree import Node
from initlint.boot.shell.values import Context, State, Text
from initlint.boot.shell.words import BLANKS, single

# Where a loop's standard input is kept: no name that a script could use.
STDIN = " stdin"
_MAX_INPUT = 64 * 1024


def redirected_input(machine: Machine, redirects: list[Node], state: State, context: Context) -> str | None:
    """The text that redirections put at standard input, None where it isn't known."""
    text: str | None = None
    for redirect in redirects:
        if redirect.type == "herestring_redirect" and redirect.named_children:
            word = single(machine, redirect.named_children[-1], state, context)
            text = None if isinstance(word, Opaque) else f"{word}\n"
        elif redirect.type == "heredoc_redirect":
            body = next((child for child in redirect.children if child.type == "heredoc_body"), None)
            plain = body is not None and not redirect.text.startswith("<<-") and not set(body.text) & set("$`\\")
            text = body.text if body is not None and plain else None
        elif redirect.type == "file_redirect" and redirect.text.startswith("<"):
            target = redirect.child_by_field_name("destination")
            word = Opaque("") if target is None else single(machine, target, state, context)
            plain = redirect.text.startswith(("< ", "</", '<"', "<$")) and not isinstance(word, Opaque)
            source = read_file(machine, word, state) if plain else None
            text = None if source is None or len(source.data) > _MAX_INPUT else source.text
    return None if text is None or "\x00" in text else text


def split_line(line: str, count: int, ifs: str) -> list[str]:
    """What `read` gives to so many variables: the last one takes the rest."""
    blanks = "".join(char for char in BLANKS if char in ifs)
    rest = line.strip(blanks)
    found: list[str] = []
    while len(found) < count - 1:
        word, rest, _ = _first(rest, ifs, blanks)
        found.append(word)
    word, after, separated = _first(rest, ifs, blanks)
    # One separator at the very end belongs to the last word and isn't in it.
    return [*found, word if separated and not after else rest]


def split_all(line: str, ifs: str) -> list[str]:
    """What `read -a` makes of a line."""
    blanks = "".join(char for char in BLANKS if char in ifs)
    rest = line.strip(blanks)
    found: list[str] = []
    while rest:
        word, rest, _ = _first(rest, ifs, blanks)
        found.append(word)
    return found


def _first(rest: str, ifs: str, blanks: str) -> tuple[str, str, bool]:
    """The first word, what follows its separator, and whether there is one that is no blank."""
    end = next((at for at, char in enumerate(rest) if char in ifs), len(rest))
    after = rest[end:].lstrip(blanks)
    separated = bool(after) and after[0] in ifs
    return rest[:end], after[1:].lstrip(blanks) if separated else after, separated


def read_line(state: State, text: str, words: list[str], ifs: str | None) -> tuple[int, str] | None:
    """`read` of a known text: its status and what is left of the text; None where that takes more than is known."""
    raw = False
    names: list[str] = []
    array = ""
    at = 0
    while at < len(words):
        word = words[at]
        at += 1
        if isinstance(word, Opaque):
            return None
        if word[:1] != "-" or len(word) < 2:
            names.append(word)
            continue
        if set(word[1:]) - set("rsea") or ("a" in word and word[-1] != "a"):
            if word[1:] in ("p", "t") and at < len(words):
                at += 1
                continue
            return None
        raw = raw or "r" in word
        if word[-1] == "a" and at < len(words):
            array = words[at]
            at += 1
    line, newline, rest = text.partition("\n")
    if ifs is None or (not raw and "\\" in line) or not all(name.isidentifier() for name in names):
        return None
    if array:
        state.assign(array, tuple(split_all(line, ifs)))
    elif not names:
        state.assign("REPLY", line)
    else:
        for name, value in zip(names, split_line(line, len(names), ifs), strict=True):
            state.assign(name, value)
    return (0 if newline else 1), rest


def forget_names(state: State, words: list[str]) -> None:
    """`read` of what nobody knows."""
    names = [word for word in words if word.isidentifier() and not isinstance(word, Opaque)]
    arrays = any(word[:1] == "-" and word[-1:] == "a" for word in words)
    for name in names or ["REPLY"]:
        state.assign(name, (Text(f"${{{name}[@]}}", many=True),) if arrays else Text(f"${name}"))
