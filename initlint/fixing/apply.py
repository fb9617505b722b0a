"""Edits into bytes: every edit once, none over another."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from initlint.records import NamedTuple
from initlint.rule import Fix
from initlint.text import Edit, Source


class Conflict(Exception):
    """Two edits want the same bytes to be different things."""


class Changed(NamedTuple):
    """A file as it was read and as it will be. `mode` is the permission of a file that is created."""

    source: Source
    after: bytes
    mode: int | None = None

    @property
    def before(self) -> bytes:
        return self.source.data


def key_of(source: Source) -> str:
    """What makes two sources the same file."""
    return source.path if source.path is not None else source.name


def apply(edits: Iterable[Edit]) -> dict[str, Changed]:
    """The changed files, by path (by name where a source has none).

    The same edit twice counts once; what overlaps, or inserts different things at one place,
    is a Conflict.
    """
    by_file: dict[str, list[Edit]] = {}
    for edit in edits:
        by_file.setdefault(key_of(edit.span.source), []).append(edit)
    return {key: _applied(found) for key, found in sorted(by_file.items())}


def _applied(edits: Sequence[Edit]) -> Changed:
    source = edits[0].span.source
    unique: dict[tuple[int, int, bytes], Edit] = {}
    mode = None
    for edit in edits:
        if edit.span.source.data != source.data:
            raise Conflict(f"{source.name} was read twice, and differs")
        unique[edit.span.start, edit.span.end, edit.content] = edit
        mode = edit.mode if edit.mode is not None else mode
    pieces = []
    at = 0
    previous: tuple[int, int] | None = None
    for start, end, content in sorted(unique):
        if not 0 <= start <= end <= len(source.data):
            raise Conflict(f"{source.name}: an edit lies outside the file")
        if start < at or (start, end) == previous:
            raise Conflict(f"{source.name}:{source.row_of(start)}: two edits want the same place")
        pieces.append(source.data[at:start])
        pieces.append(content)
        at, previous = end, (start, end)
    pieces.append(source.data[at:])
    return Changed(source, b"".join(pieces), mode)


def merge(fixes: Iterable[Fix]) -> tuple[tuple[Edit, ...], tuple[int, ...]]:
    """The edits of fixes that go together, and the indexes of those that must wait for another run."""
    taken: dict[Edit, None] = {}
    waiting = []
    for index, fix in enumerate(fixes):
        if all(edit in taken for edit in fix.edits):
            continue
        try:
            apply((*taken, *fix.edits))
        except Conflict:
            waiting.append(index)
        else:
            taken.update(dict.fromkeys(fix.edits))
    return tuple(taken), tuple(waiting)


def edits_between(source: Source, after: bytes) -> tuple[Edit, ...]:
    """The fewest lines that turn a source into other bytes, as edits without equal ends."""
    from difflib import SequenceMatcher

    old, new = _lines(source.data), _lines(after)
    starts = [0]
    for line in old:
        starts.append(starts[-1] + len(line))
    edits = []
    for tag, low, high, new_low, new_high in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        before, content = b"".join(old[low:high]), b"".join(new[new_low:new_high])
        head = 0
        while head < min(len(before), len(content)) and before[head] == content[head]:
            head += 1
        tail = 0
        while tail < min(len(before), len(content)) - head and before[-1 - tail] == content[-1 - tail]:
            tail += 1
        # a character is never cut in two: its bytes go into the edit whole
        while head and (before[head : head + 1] or content[head : head + 1] or b"\0")[0] & 0xC0 == 0x80:
            head -= 1
        while tail and before[len(before) - tail] & 0xC0 == 0x80:
            tail -= 1
        start, end = starts[low] + head, starts[high] - tail
        edits.append(Edit(source.span(start, end), content[head : len(content) - tail]))
    return tuple(edits)


def _lines(data: bytes) -> list[bytes]:
    """Lines with their newline; only LF ends one."""
    parts = data.split(b"\n")
    lines = [part + b"\n" for part in parts[:-1]]
    return [*lines, parts[-1]] if parts[-1] else lines
