"""Workflow commands, which GitHub Actions shows beside the lines of a pull request."""

from __future__ import annotations

from initlint.linter import Report
from initlint.report.style import printable
from initlint.rule import Severity

_LEVELS: dict[Severity, str] = {"error": "error", "warning": "warning", "info": "notice"}


def render(report: Report, *, color: bool = False) -> str:
    lines = []
    for finding in report.findings:
        row, column = finding.span.location
        end_row, end_column = finding.span.end_location
        properties = {
            "title": f"{finding.code} {finding.name}",
            "file": finding.span.source.name,
            "line": str(row),
            "endLine": str(end_row),
        }
        if end_row == row:  # columns across lines are refused
            properties["col"] = str(column)
            properties["endColumn"] = str(max(end_column, column))
        text = f"{finding.message}\n{finding.cure}" if finding.cure else finding.message
        named = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
        lines.append(f"::{_LEVELS[finding.severity]} {named}::{_data(printable(text))}\n")
    return "".join(lines)


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(printable(text)).replace(":", "%3A").replace(",", "%2C")
