"""Findings as SARIF 2.1.0, which code scanning services read."""

from __future__ import annotations

import hashlib
import json
import os
from collections import Counter
from pathlib import Path
from typing import Any
from urllib.parse import quote

from initlint import __version__
from initlint.linter import Report
from initlint.registry import rules
from initlint.rule import Finding, Rule, Severity
from initlint.text import Edit, Source, Span, decode

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json"

_LEVELS: dict[Severity, str] = {"error": "error", "warning": "warning", "info": "note"}


def render(report: Report, *, color: bool = False) -> str:
    known = rules()
    index = {rule.code: number for number, rule in enumerate(known)}
    seen: Counter[str] = Counter()
    run = {
        "tool": {
            "driver": {
                "name": "initlint",
                "version": __version__,
                "semanticVersion": __version__,
                "informationUri": "https://github.com/initlint/initlint",
                "rules": [_rule(rule) for rule in known],
            }
        },
        "columnKind": "unicodeCodePoints",
        "invocations": [_invocation(report)],
        "results": [_result(finding, index[finding.code], seen) for finding in report.findings],
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.code,
        "name": rule.name,
        "shortDescription": {"text": rule.summary},
        "help": {"text": rule.documentation, "markdown": rule.documentation},
        "helpUri": rule.url,
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
    }


def _invocation(report: Report) -> dict[str, Any]:
    """Whether everything could be read; what stayed undecided is said as a notification."""
    invocation: dict[str, Any] = {"executionSuccessful": not report.input_errors, "exitCode": report.exit_code}
    if report.undecided:
        text = f"{report.undecided} of {report.containers} containers stayed undecided; `initlint trace` says why"
        invocation["toolExecutionNotifications"] = [{"level": "note", "message": {"text": text}}]
    return invocation


def _result(finding: Finding, rule_index: int, seen: Counter[str]) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": finding.code,
        "ruleIndex": rule_index,
        "level": _LEVELS[finding.severity],
        "message": {"text": "\n".join(text for text in (finding.message, *finding.reasons, finding.cure) if text)},
        "locations": [
            {"physicalLocation": {"artifactLocation": _artifact(finding.span.source), "region": _region(finding.span)}}
        ],
        "partialFingerprints": {"primaryLocationLineHash": _fingerprint(finding, seen)},
    }
    if finding.container is not None:
        result["locations"][0]["logicalLocations"] = [{"name": finding.container, "kind": "container"}]
    if finding.fix is not None:
        result["fixes"] = [
            {"description": {"text": finding.fix.message}, "artifactChanges": _changes(finding.fix.edits)}
        ]
        result["properties"] = {"applicability": finding.fix.applicability}
    return result


def _changes(edits: tuple[Edit, ...]) -> list[dict[str, Any]]:
    by_file: dict[str, tuple[Source, list[Edit]]] = {}
    for edit in edits:
        by_file.setdefault(edit.span.source.name, (edit.span.source, []))[1].append(edit)
    return [
        {
            "artifactLocation": _artifact(source),
            "replacements": [
                {"deletedRegion": _region(edit.span), "insertedContent": {"text": _unicode(decode(edit.content))}}
                for edit in changes
            ],
        }
        for source, changes in by_file.values()
    ]


def _artifact(source: Source) -> dict[str, Any]:
    if os.path.isabs(source.name):
        return {"uri": Path(source.name).as_uri()}
    return {"uri": quote(os.fsencode(source.name)), "uriBaseId": "%SRCROOT%"}


def _region(span: Span) -> dict[str, int]:
    start, end = span.location, span.end_location
    return {"startLine": start.row, "startColumn": start.column, "endLine": end.row, "endColumn": end.column}


def _fingerprint(finding: Finding, seen: Counter[str]) -> str:
    """What stays the same when lines are added above: the rule, the file and the line's text."""
    source = finding.span.source
    line = source.line(finding.span.row).strip() if source.data else ""
    text = "\0".join((finding.code, source.name, line))
    digest = hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:16]
    seen[digest] += 1
    return f"{digest}:{seen[digest]}"


def _unicode(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")
