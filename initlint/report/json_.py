"""Findings as an array of JSON objects, in the shape that users of ruff know."""

from __future__ import annotations

import json
from typing import Any

from initlint.linter import Report
from initlint.registry import find
from initlint.rule import Finding, Fix
from initlint.text import Position, decode


def render(report: Report, *, color: bool = False) -> str:
    # ASCII only: bytes that aren't UTF-8 stay as they are, as escaped lone surrogates
    return json.dumps([finding_object(finding) for finding in report.findings], indent=2) + "\n"


def finding_object(finding: Finding) -> dict[str, Any]:
    rule = find(finding.code)
    return {
        "code": finding.code,
        "name": finding.name,
        "severity": finding.severity,
        "message": finding.message,
        "filename": finding.span.source.name,
        "location": _place(finding.span.location),
        "end_location": _place(finding.span.end_location),
        "container": finding.container,
        "url": None if rule is None else rule.url,
        "fix": None if finding.fix is None else _fix(finding.fix),
    }


def _fix(fix: Fix) -> dict[str, Any]:
    return {
        "applicability": fix.applicability,
        "message": fix.message,
        "edits": [
            {
                "filename": edit.span.source.name,
                "location": _place(edit.span.location),
                "end_location": _place(edit.span.end_location),
                "content": decode(edit.content),
            }
            for edit in fix.edits
        ],
    }


def _place(position: Position) -> dict[str, int]:
    return {"row": position.row, "column": position.column}
