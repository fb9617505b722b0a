"""Comments that suppress findings: `# initlint: ignore=IL101[,IL103][ -- reason]`.

One stands on the finding's line, in the comment lines directly above it, or anywhere in the
lines of an instruction that goes over several, its heredocs among them. The same holds in scripts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from initlint.records import NamedTuple
from initlint.registry import UnknownRule, codes, find
from initlint.rule import Finding, Fix
from initlint.targets.dockerfile.syntax import ParsedDockerfile
from initlint.text import BOM, Edit, Source, Span, decode

_MARK = b"initlint:"
_PRAGMA = re.compile(rb"(?:\A|(?<=\s)|(?<=\xef\xbb\xbf))#[ \t]*initlint:(?P<what>[^\r\n]*)")
_IGNORE = re.compile(r"\s*ignore\s*=\s*(?P<words>[\w-]+(?:[ \t]*,[ \t]*[\w-]+)*)\s*(?:--.*)?$")
_SEPARATOR = re.compile(rb"[ \t]*,[ \t]*")


class _Word(NamedTuple):
    """A code, prefix or name in a pragma, and what it stands for (nothing for an unknown one)."""

    span: Span
    text: str
    codes: frozenset[str]


class _Pragma(NamedTuple):
    span: Span  # from its `#` to the end of the line
    row: int
    alone: bool  # nothing else stands on its line
    inner: bool  # it stands in a heredoc: in the text of another file
    words: tuple[_Word, ...]  # none where it can't be understood


class Suppressions:
    """The pragmas of all files of a run, and which of them did something."""

    def __init__(self) -> None:
        self._pragmas: dict[str, dict[int, _Pragma]] = {}
        self._used: set[tuple[str, int]] = set()
        self._enabled: dict[str, frozenset[str]] = {}
        self._undecided: set[str] = set()

    def read(
        self, source: Source, enabled: frozenset[str], dockerfile: ParsedDockerfile, *, decided: bool = True
    ) -> None:
        """Take in the pragmas of a Dockerfile or of a script. `enabled`: the codes that were looked for in it.

        Where not everything about its containers is `decided`, a pragma may be needed elsewhere.
        """
        file = source.path or source.name
        if file not in self._pragmas:
            self._pragmas[file] = _pragmas(source, dockerfile if source is dockerfile.source else None)
        self._enabled[file] = self._enabled.get(file, frozenset()) | enabled
        if not decided:
            self._undecided.add(file)

    def suppress(self, finding: Finding, dockerfile: ParsedDockerfile) -> bool:
        """Whether a pragma takes this finding of a Dockerfile's container away."""
        source = finding.span.source
        pragmas = self._pragmas.get(source.path or source.name)
        if not pragmas:
            return False
        first, last = _rows(finding.span, dockerfile)
        reach = list(range(first, last + 1))
        above = first - 1
        while above >= 1 and source.line(above).lstrip().startswith("#"):
            reach.append(above)
            above -= 1
        found = False
        for row in reach:
            pragma = pragmas.get(row)
            for word in pragma.words if pragma else ():
                if finding.code in word.codes:
                    self._used.add((source.path or source.name, word.span.start))
                    found = True
        return found

    def unused(self, files: Iterable[str]) -> list[Finding]:
        """What IL003 says of these files (paths, names where there is none), with its fixes."""
        rule = find("IL003")
        assert rule is not None
        findings = []
        for file in files:
            # a rule that isn't looked for, or that can't tell yet, doesn't make its pragma a needless one
            enabled = frozenset() if file in self._undecided else self._enabled.get(file, frozenset())
            for pragma in self._pragmas.get(file, {}).values():
                if pragma.inner:
                    continue
                idle = [
                    word
                    for word in pragma.words
                    if (file, word.span.start) not in self._used and (not word.codes or word.codes & enabled)
                ]
                if pragma.words and not idle:
                    continue
                findings.append(
                    Finding(
                        rule.code,
                        rule.name,
                        rule.severity,
                        _message(pragma, idle),
                        pragma.span,
                        None,
                        cure="take it out" if idle else "write it as `# initlint: ignore=IL101 -- reason`",
                        fix=_without(pragma, idle) if idle else None,
                        no_fix="" if idle else "what it is meant to suppress can't be known",
                    )
                )
        return findings


def _rows(span: Span, dockerfile: ParsedDockerfile) -> tuple[int, int]:
    """The rows that a span lies in: those of its whole instruction where it is in the Dockerfile."""
    first = span.row
    last = span.source.row_of(max(span.end - 1, span.start))
    if span.source is dockerfile.source:
        for instruction in dockerfile.instructions:
            if instruction.lines[0] <= first <= instruction.lines[1]:
                return instruction.lines[0], max(last, instruction.lines[1])
    return first, last


def _pragmas(source: Source, dockerfile: ParsedDockerfile | None) -> dict[int, _Pragma]:
    found: dict[int, _Pragma] = {}
    if _MARK not in source.data:
        return found
    instructions = () if dockerfile is None else dockerfile.instructions
    bodies = [heredoc.body for instruction in instructions for heredoc in instruction.heredocs]
    for match in _PRAGMA.finditer(source.data):
        start, end = match.span()
        row = source.row_of(start)
        line_start = source.line_starts[row - 1]
        before = source.data[line_start:start].removeprefix(BOM)
        while end > start and source.data[end - 1 : end] in b" \t":
            end -= 1
        inner = any(body.start <= start < body.end for body in bodies)
        found.setdefault(row, _Pragma(Span(source, start, end), row, not before.strip(), inner, _words(source, match)))
    return found


def _words(source: Source, match: re.Match[bytes]) -> tuple[_Word, ...]:
    ignore = _IGNORE.match(decode(match["what"]))
    if ignore is None:
        return ()
    words = []
    at = match.start("what") + len(decode(match["what"])[: ignore.start("words")].encode())
    for text in _SEPARATOR.split(ignore["words"].encode()):
        start = source.data.index(text, at)
        at = start + len(text)
        try:
            known = codes(decode(text))
        except UnknownRule:
            known = frozenset()
        words.append(_Word(Span(source, start, at), decode(text), known))
    return tuple(words)


def _message(pragma: _Pragma, idle: list[_Word]) -> str:
    if not pragma.words:
        return f"`{pragma.span.text}` is not a suppression that initlint understands"
    unknown = [word.text for word in idle if not word.codes]
    if unknown:
        return f"the suppression names {' and '.join(unknown)}, which {'are no rules' if unknown[1:] else 'is no rule'}"
    return f"nothing is suppressed by ignore={','.join(word.text for word in idle)} here"


def _without(pragma: _Pragma, idle: list[_Word]) -> Fix:
    source = pragma.span.source
    kept = [word for word in pragma.words if word not in idle]
    if kept:
        span = Span(source, pragma.words[0].span.start, pragma.words[-1].span.end)
        content = b",".join(word.span.data for word in kept)
    elif pragma.alone:
        span, content = source.line_span(pragma.row), b""
    else:
        start = pragma.span.start
        while source.data[start - 1 : start] in (b" ", b"\t"):
            start -= 1
        span, content = Span(source, start, pragma.span.end), b""
    return Fix("safe", "Take out the suppression that does nothing", (Edit(span, content),), ("suppression",))
