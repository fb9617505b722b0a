"""Unified diffs that `git apply` and `patch -p1` take, byte for byte."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import SequenceMatcher

from initlint.fixing.apply import Changed
from initlint.text import encode

CONTEXT = 3
_NO_NEWLINE = b"\\ No newline at end of file\n"
_ESCAPES = {7: "\\a", 8: "\\b", 9: "\\t", 10: "\\n", 11: "\\v", 12: "\\f", 13: "\\r", 34: '\\"', 92: "\\\\"}


def unified(changes: Iterable[Changed]) -> bytes:
    """One diff of all changed files, in the order of their names."""
    ordered = sorted(changes, key=lambda change: change.source.name)
    return b"".join(_of_file(change) for change in ordered if change.before != change.after or not change.source.exists)


def _of_file(change: Changed) -> bytes:
    name = change.source.name.lstrip("/")
    old, new = quoted_name("a/" + name), quoted_name("b/" + name)
    lines = []
    if not change.source.exists:
        mode = 0o100755 if change.mode is not None and change.mode & 0o100 else 0o100644
        lines.append(b"diff --git %s %s\n" % (old.rstrip(b"\t"), new.rstrip(b"\t")))
        lines.append(b"new file mode %o\n" % mode)
        if not change.after:
            return b"".join(lines)
        old = b"/dev/null"
    lines.append(b"--- %s\n" % old)
    lines.append(b"+++ %s\n" % new)
    before = _lines(change.before) if change.source.exists else []
    lines.extend(_hunks(before, _lines(change.after)))
    return b"".join(lines)


def quoted_name(name: str) -> bytes:
    """A file name as git writes it: in C quotes where it holds what isn't plain.

    A tab ends a name with blanks in it, so that `patch` doesn't stop at them.
    """
    data = encode(name)
    if all(0x20 <= byte < 0x7F and byte not in (34, 92) for byte in data):
        return data + (b"\t" if b" " in data else b"")
    pieces = [_ESCAPES.get(byte) or (chr(byte) if 0x20 <= byte < 0x7F else f"\\{byte:03o}") for byte in data]
    return f'"{"".join(pieces)}"'.encode("ascii")


def _lines(data: bytes) -> list[bytes]:
    parts = data.split(b"\n")
    lines = [part + b"\n" for part in parts[:-1]]
    return [*lines, parts[-1]] if parts[-1] else lines


def _hunks(old: list[bytes], new: list[bytes]) -> Iterable[bytes]:
    for group in SequenceMatcher(None, old, new, autojunk=False).get_grouped_opcodes(CONTEXT):
        first, last = group[0], group[-1]
        yield b"@@ -%s +%s @@\n" % (_range(first[1], last[2]), _range(first[3], last[4]))
        for tag, low, high, new_low, new_high in group:
            if tag == "equal":
                yield from (_marked(b" ", line) for line in old[low:high])
                continue
            yield from (_marked(b"-", line) for line in old[low:high])
            yield from (_marked(b"+", line) for line in new[new_low:new_high])


def _range(start: int, end: int) -> bytes:
    length = end - start
    if length == 1:
        return b"%d" % (start + 1)
    return b"%d,%d" % (start + 1 if length else start, length)


def _marked(mark: bytes, line: bytes) -> bytes:
    return mark + (line if line.endswith(b"\n") else line + b"\n" + _NO_NEWLINE)
