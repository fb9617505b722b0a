"""Where the text of a shell line stands in the file that it was written in."""

from __future__ import annotations

from collections.abc import Callable

from initlint.targets.container import ExecForm, ShellForm, StartField
from initlint.text import Source, Span


def line_position(field: StartField, text: str) -> Callable[[int, int], Span | None] | None:
    """Maps byte offsets of a shell line to the instruction it stands in; None where it isn't there."""
    form = field.form
    if isinstance(form, ShellForm) and form.text == text and form.text_span is not None:
        raw = form.text_span
        if raw.text == text:
            return lambda start, end: Span(raw.source, raw.start + start, raw.start + end)
        return _folded_position(form, raw.source)
    if isinstance(form, ExecForm) and text in form.argv and field.span is not None:
        return literal_position(field.span, text)
    return None


def literal_position(span: Span, text: str) -> Callable[[int, int], Span | None]:
    """Where `text` stands inside `span`, as written or as a JSON string without escapes."""
    wanted = text.encode("utf-8", "surrogateescape")
    at = span.data.find(wanted)
    if at == -1 or not wanted:
        return lambda start, end: None
    base = span.start + at
    return lambda start, end: Span(span.source, base + start, base + end)


def _folded_position(form: ShellForm, source: Source) -> Callable[[int, int], Span | None]:
    """A line over several rows: `segments` say where each run of it stands in the file."""
    table: list[int] = []
    for index, offset, length in form.segments:
        run = form.text[index : index + length].encode("utf-8", "surrogateescape")
        before = len(form.text[:index].encode("utf-8", "surrogateescape"))
        table.extend([-1] * (before - len(table)))
        table.extend(range(offset, offset + len(run)))

    def position(start: int, end: int) -> Span | None:
        if not 0 <= start <= end <= len(table) or not table:
            return None
        first = table[start] if start < len(table) else table[-1] + 1
        last = table[end - 1] + 1 if end > start else first
        return Span(source, first, last) if first >= 0 and last >= first else None

    return position
