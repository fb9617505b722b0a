"""Findings for people: the place, the processes, why, and what to do."""

from __future__ import annotations

from initlint.linter import Report
from initlint.report.processes import picture, signal_note
from initlint.report.style import Style, printable, shown_name
from initlint.report.summary import summary
from initlint.rule import Finding

_WIDEST = 150


def render(report: Report, *, color: bool = False) -> str:
    """All findings with a line of what was done at the end."""
    style = Style(color)
    blocks = []
    told: list[str] = []
    outcome = None
    for finding in report.findings:
        details = _details(finding, style)
        # two findings about one outcome have most of this in common: it is said once
        known = told if finding.outcome is not None and finding.outcome is outcome else []
        blocks.append("\n".join([*_head(finding, style), *(line for line in details if line not in known)]) + "\n")
        told, outcome = details, finding.outcome
    return "\n".join([*blocks, *summary(report)]) + "\n"


def _head(finding: Finding, style: Style) -> list[str]:
    row, column = finding.span.location
    place = f"{shown_name(finding.span.source.name)}:{row}:{column}:"
    severity = style.severity(finding.severity)
    code = style(f"[{finding.code} {finding.name}]", "dim")
    lines = [f"{style(place, 'bold')} {severity}: {printable(finding.message)} {code}"]
    if finding.span.source.data:
        lines += _excerpt(finding, row, style)
    return lines


def _details(finding: Finding, style: Style) -> list[str]:
    margin = " " * (len(str(finding.span.row)) + 2)
    lines: list[str] = []

    def told(label: str, text: str, *looks: str) -> None:
        lines.append(f"{margin}{style('=', 'blue')} {style(label + ':', 'bold')} {style(printable(text), *looks)}")

    if finding.container not in (None, "final stage"):
        told("container", str(finding.container))
    if finding.outcome is not None:
        drawn = [printable(line) for line in picture(finding.outcome)]
        if drawn:
            note = signal_note(finding.outcome, "the stop signal")
            told("PID 1", drawn[0] + (f"   ({note})" if note and len(drawn) == 1 else ""))
            lines += [f"{margin}  {' ' * len('PID 1:')} {line}" for line in drawn[1:]]
            if note and len(drawn) > 1:
                told("stop", note)
    for reason in finding.reasons:
        told("why", reason)
    if finding.cure:
        told("cure", finding.cure)
    if finding.fix is not None:
        told(f"{finding.fix.applicability} fix", finding.fix.message, "green")
    elif finding.no_fix:
        told("no fix", finding.no_fix)
    return lines


def _excerpt(finding: Finding, row: int, style: Style) -> list[str]:
    """The line that the finding starts in, and carets below it."""
    source = finding.span.source
    text = source.line(row)
    column = finding.span.location.column - 1
    end_row, end_column = finding.span.end_location
    end = end_column - 1 if end_row == row else len(text)
    before, marked = _shown(text[:column]), _shown(text[column : max(end, column)])
    after = _shown(text[max(end, column) :])
    if len(before) > _WIDEST // 2:
        before = "…" + before[-_WIDEST // 3 :]
    if len(marked) > _WIDEST - len(before):
        marked, after = marked[: _WIDEST - len(before) - 1] + "…", ""
    after = after if len(before) + len(marked) + len(after) <= _WIDEST else "…"
    number = str(row)
    bar = style("|", "blue")
    carets = style("^" * max(len(marked), 1), "bold", "red" if finding.severity == "error" else "yellow")
    return [
        f" {style(number, 'blue')} {bar} {before}{marked}{after}".rstrip(),
        f" {' ' * len(number)} {bar} {' ' * len(before)}{carets}",
    ]


def _shown(text: str) -> str:
    return printable(text.replace("\t", "    "))
