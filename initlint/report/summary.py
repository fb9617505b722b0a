"""What a run did, in a line or two: what stayed undecided never reads as clean."""

from __future__ import annotations

from initlint.linter import Report


def summary(report: Report) -> list[str]:
    """What can be fixed, then `Checked 3 containers in 2 files: 1 error, 2 warnings; 1 undecided.`"""
    if not report.files and not report.findings:
        why = ""
        if report.unused:
            why = f": no Dockerfile's boot path reads {', '.join(report.unused)}"
        return [f"Nothing to check{why}."]
    counts = dict.fromkeys(("error", "warning", "info"), 0)
    for finding in report.findings:
        counts[finding.severity] += 1
    found = [counted(number, severity) for severity, number in counts.items() if number]
    line = f"Checked {counted(report.containers, 'container')} in {counted(report.files, 'file')}: "
    line += ", ".join(found) or "nothing found"
    line += f"; {report.undecided} undecided"
    line += " (`initlint trace` says why)." if report.undecided else "."
    return [*_fixable(report), line]


def _fixable(report: Report) -> list[str]:
    safe = sum(finding.fix is not None and finding.fix.applicability == "safe" for finding in report.findings)
    unsafe = sum(finding.fix is not None and finding.fix.applicability == "unsafe" for finding in report.findings)
    if safe:
        more = f", {unsafe} more with --unsafe-fixes" if unsafe else ""
        return [f"`initlint fix` fixes {safe} of {len(report.findings)}{more}."]
    if unsafe:
        return [f"`initlint fix --unsafe-fixes` fixes {unsafe} of {len(report.findings)}."]
    return []


def counted(number: int, noun: str) -> str:
    """`1 file`, `2 files`; `info` has no plural."""
    return f"{number} {noun}" if number == 1 or noun == "info" else f"{number} {noun}s"
