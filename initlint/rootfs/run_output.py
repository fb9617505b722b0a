"""What the commands of a RUN line print, where that can be told: the content of files that it writes."""

from __future__ import annotations

from collections.abc import Sequence

from initlint.rootfs.effects import ANYTHING
from initlint.rootfs.shell_run import Command
from initlint.rootfs.shell_words import Word, ansi_unescape


def input_of(command: Command, sh: str) -> bytes | None:
    for redirect in command.redirects:
        if redirect.operator == "<<":
            return _bytes(redirect.body)
    return output_of(command.before, sh) if command.before is not None else None


def output_of(command: Command, sh: str) -> bytes | None:
    """What a command prints, None where that isn't known."""
    if command.group:
        parts = [output_of(each, sh) for each in command.group]
        known_parts = [part for part in parts if part is not None]
        return b"".join(known_parts) if len(known_parts) == len(parts) else None
    words = command.words
    if not words:
        return b""
    name = words[0].text
    if name in ("true", ":"):
        return b""
    if name in ("cat", "tee") and (len(words) == 1 or (len(words) == 2 and words[1].text == "-") or name == "tee"):
        return input_of(command, sh)
    if name == "echo":
        return _echo(words[1:], sh)
    if name == "printf":
        return _printf(words[1:])
    return None


def _echo(words: Sequence[Word], sh: str) -> bytes | None:
    texts = [word.text for word in words]
    newline, escapes = True, sh in ("dash", "dash-debian", "zsh")
    bashlike = not escapes
    while texts and texts[0].startswith("-") and texts[0][1:] and set(texts[0][1:]) <= set("neE"):
        if not bashlike and texts[0] != "-n":
            break
        newline = newline and "n" not in texts[0]
        escapes = "e" in texts[0] if "e" in texts[0] or "E" in texts[0] else escapes
        texts.pop(0)
    text = " ".join(texts)
    if ANYTHING in text or not all(word.plain for word in words):
        return None
    if "\\" in text:
        if sh == "unknown":
            return None
        text = ansi_unescape(text) if escapes else text
    return _bytes(text + "\n" if newline else text)


def _printf(words: Sequence[Word]) -> bytes | None:
    if not words or not all(word.known and word.plain for word in words):
        return None
    form, values = words[0].text, [word.text for word in words[1:]]
    if "%" not in form:
        return _bytes(ansi_unescape(form))
    out: list[str] = []
    while True:
        pieces = form.split("%")
        out.append(ansi_unescape(pieces[0]))
        at = 1
        while at < len(pieces):
            piece = pieces[at]
            if piece == "" and at + 1 < len(pieces):
                at += 1
                out.append("%" + ansi_unescape(pieces[at]))
            elif piece[:1] in ("s", "b", "d"):
                value = values.pop(0) if values else ""
                out.append((ansi_unescape(value) if piece[0] == "b" else value) + ansi_unescape(piece[1:]))
            else:
                return None
            at += 1
        if not values:
            return _bytes("".join(out))


def _bytes(text: str | None) -> bytes | None:
    return None if text is None or ANYTHING in text else text.encode("utf-8", "surrogateescape")
