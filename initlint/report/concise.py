"""A line a finding: `file:row:column: CODE message [name]`."""

from __future__ import annotations

from initlint.linter import Report
from initlint.report.style import Style, printable, shown_name


def render(report: Report, *, color: bool = False) -> str:
    style = Style(color)
    lines = []
    for finding in report.findings:
        row, column = finding.span.location
        place = style(f"{shown_name(finding.span.source.name)}:{row}:{column}:", "bold")
        code = style.severity(finding.severity, finding.code)
        lines.append(f"{place} {code} {' '.join(printable(finding.message).split())} [{finding.name}]\n")
    return "".join(lines)
