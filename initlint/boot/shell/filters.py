"""What small text tools print of a known text: the ones that scripts put between a file and a variable."""

from __future__ import annotations

import re
import shlex

from initlint.boot.model import Argv, Opaque

_MAX_LINES = 2_000
# Where basic expressions and Python's mean the same.
_SIMPLE = re.compile(r"[^\\+?(){}|*]*")
# Of extended ones, none that repeats a group.
_EXTENDED = re.compile(r"(?:[^\\+?(){}|*]|\((?:[^\\+?(){}*]*)\)(?![*+?{])|\|)*")
_FIELDS = re.compile(r"\d+|\d+-\d*|-\d+")
_CLASSES = {"[:upper:]": "A-Z", "[:lower:]": "a-z"}
_RANGES = {"A-Z": "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "a-z": "abcdefghijklmnopqrstuvwxyz", "0-9": "0123456789"}


_READERS = frozenset({"grep", "cut", "head", "tail"})


def of_file(argv: Argv) -> tuple[Argv, str] | None:
    """A filter that reads a file: its words without the file, and the file."""
    words = argv[1:]
    if not words or words[-1][:1] == "-" or any(isinstance(word, Opaque) for word in argv):
        return None
    name = argv[0].rpartition("/")[2]
    if name not in _READERS or (name == "grep" and len(_files_of_grep(words)) != 1):
        return None
    if len(words) > 1 and words[-2] in ("-d", "-f", "-c", "-n", "-e"):
        return None
    return argv[:-1], words[-1]


def filtered(argv: Argv, text: str) -> str | None:
    """What the command prints of what it reads; None where that isn't known."""
    if any(isinstance(word, Opaque) for word in argv) or text.count("\n") > _MAX_LINES:
        return None
    words = argv[1:]
    match argv[0].rpartition("/")[2]:
        case "cat":
            return text if not words else None
        case "grep":
            return _grep(words, text) if not _files_of_grep(words) else None
        case "xargs":
            return _xargs(words, text)
        case "cut":
            return _cut(words, text)
        case "tr":
            return _tr(words, text)
        case "head" | "tail":
            return _ends(argv[0].rpartition("/")[2], words, text)
    return None


def _lines(text: str) -> list[str]:
    return text[:-1].split("\n") if text.endswith("\n") else text.split("\n") if text else []


def _joined(lines: list[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def _files_of_grep(words: Argv) -> Argv:
    """The files among grep's words: all behind the pattern."""
    plain = [word for word in words if word[:1] != "-" or word == "-"]
    return tuple(plain[1:])


def _grep(words: Argv, text: str) -> str | None:
    options = "".join(word[1:] for word in words if word[:1] == "-")
    plain = [word for word in words if word[:1] != "-"]
    if set(options) - set("vEiFh") or not plain:
        return None
    pattern = plain[0].replace("\\s", "[ \t]")
    simple = pattern.replace("[ \t]*", "")
    if "F" in options:
        pattern = re.escape(pattern)
    elif len(pattern) > 100 or "[[:" in pattern or not (_EXTENDED if "E" in options else _SIMPLE).fullmatch(simple):
        return None
    try:
        expression = re.compile(pattern, re.IGNORECASE if "i" in options else 0)
    except re.error:
        return None
    wanted = "v" not in options
    return _joined([line for line in _lines(text) if (expression.search(line) is not None) == wanted])


def _xargs(words: Argv, text: str) -> str | None:
    if words not in ((), ("echo",), ("-r",)) or "\\" in text:
        return None
    try:
        lexer = shlex.shlex(text, posix=True, punctuation_chars=False)
        lexer.whitespace, lexer.whitespace_split, lexer.commenters, lexer.escape = " \t\n", True, "", ""
        found = list(lexer)
    except ValueError:
        return None
    return (
        " ".join(found) + "\n" if sum(map(len, found)) < 4_096 and found[:1] not in (["-n"], ["-e"], ["-E"]) else None
    )


def _cut(words: Argv, text: str) -> str | None:
    delimiter, fields, letters = "\t", "", ""
    rest = list(words)
    while rest:
        word = rest.pop(0)
        option, value = word[:2], word[2:]
        if option not in ("-d", "-f", "-c", "-s") or (not value and not rest):
            return None
        value = value or rest.pop(0)
        if option == "-d":
            delimiter = value
        elif option == "-f":
            fields = value
        elif option == "-c":
            letters = value
        else:
            return None
    chosen = fields or letters
    if bool(fields) == bool(letters) or not _FIELDS.fullmatch(chosen) or len(delimiter) != 1 or not text.isascii():
        return None
    first, dash, last = chosen.partition("-")
    start = int(first or 1) - 1
    end = start + 1 if not dash else int(last) if last else None
    if start < 0 or (end is not None and end <= start):
        return None
    cut: list[str] = []
    for line in _lines(text):
        if letters:
            cut.append(line[start:end])
        else:
            cut.append(delimiter.join(line.split(delimiter)[start:end]) if delimiter in line else line)
    return _joined(cut)


def _set(word: str) -> str | None:
    word = _CLASSES.get(word, word)
    word = _RANGES.get(word, word)
    word = word.replace("\\n", "\n").replace("\\r", "\r").replace("\\t", "\t")
    return None if "\\" in word or "[" in word or "-" in word[1:-1] else word


def _tr(words: Argv, text: str) -> str | None:
    delete = words[:1] == ("-d",)
    sets = [_set(word) for word in (words[1:] if delete else words)]
    if any(one is None or not one for one in sets):
        return None
    if delete and len(sets) == 1:
        return "".join(char for char in text if char not in (sets[0] or ""))
    if delete or len(sets) != 2 or words[0][:1] == "-":
        return None
    before, after = sets[0] or "", sets[1] or ""
    after += after[-1] * max(len(before) - len(after), 0)
    return text.translate(str.maketrans(before, after[: len(before)]))


def _ends(name: str, words: Argv, text: str) -> str | None:
    number = "10" if not words else "".join(words).removeprefix("-n").removeprefix("-")
    if not number.isdigit() or len(words) > 2 or (words and words[0][:1] != "-"):
        return None
    lines = _lines(text)
    count = int(number)
    return _joined(lines[:count] if name == "head" else lines[-count:] if count else [])


_DIRECTIVE = re.compile(r"%%|%(?:\.(\d{1,4}))?s|\\([ntr\\])")
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "\\": "\\"}


def formatted(form: str, words: Argv) -> str | None:
    """What `printf` makes of a format of nothing but `%s` and simple escapes."""
    if isinstance(form, Opaque) or any(isinstance(word, Opaque) for word in words):
        return None
    if set(_DIRECTIVE.sub("", form)) & {"%", "\\"}:
        return None
    pending = list(words)

    def put(found: re.Match[str]) -> str:
        if found[0][-1] == "s" and found[0][0] == "%":
            word = pending.pop(0) if pending else ""
            return word if found[1] is None else word[: int(found[1])]
        return "%" if found[0] == "%%" else _ESCAPES[found[2]]

    text = _DIRECTIVE.sub(put, form)
    # The format is used again while words are left.
    while pending and "%" in form.replace("%%", "") and len(text) < 4_096:
        text += _DIRECTIVE.sub(put, form)
    return None if pending and len(text) >= 4_096 else text
