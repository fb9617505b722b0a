"""Proofs for people: measured beside predicted, a small table for each container."""

from __future__ import annotations

from collections.abc import Iterable

from initlint.lab.engine_compare import Measured
from initlint.lab.engine_prove import Proof
from initlint.report.style import Style, printable, shown_name

_ROWS = (("pid1", "PID 1"), ("reaps", "reaps orphans"), ("stops", "stops"))


def render(proofs: Iterable[Proof], *, color: bool = False) -> str:
    style = Style(color)
    lines: list[str] = []
    count = differ = failed = undecided = 0
    for proof in proofs:
        lines += [*_proof(proof, style), ""]
        count += 1
        differ += bool(proof.differences)
        failed += proof.error is not None
        undecided += _is_undecided(proof)
    told = [f"{count} container{'' if count == 1 else 's'}", f"{differ} differ" if differ != 1 else "1 differs"]
    if undecided:
        told.append(f"{undecided} undecided")
    if failed:
        told.append(f"{failed} not measured")
    return "\n".join([*lines, ", ".join(told) if count else "Nothing to prove."]) + "\n"


def _proof(proof: Proof, style: Style) -> list[str]:
    title = style(shown_name(proof.target), "bold")
    if proof.name is not None:
        title += f"  {printable(proof.name)} (line {proof.line})"
    if proof.error is not None:
        lines = [f"{title}: {style('error', 'bold', 'red')}: {printable(proof.error)}"]
        return lines + [f"  | {printable(line)}" for line in proof.output]
    measured, predicted = proof.measured, proof.predicted
    if measured is None:
        return [title]
    lines = [title, f"  {'':<14}{style('measured', 'dim')}{'':<12}{style('predicted', 'dim')}"]
    for key, label in _ROWS:
        found = printable(str(getattr(measured, key)))
        expected = printable(str(getattr(predicted, key))) if predicted else "–"
        if measured.process is None and key != "pid1":
            found = "–"
            expected = "–" if expected == "unknown" else expected
        elif found == "unknown":
            found = "not measured"
        note = _stopped(measured, proof.stop_signal) if key == "stops" else ""
        if key in proof.differences:
            note = style("differs", "bold", "red") + (f", {note}" if note else "")
        lines.append(f"  {label:<14}{found:<20}{expected:<16}{note}".rstrip())
    if measured.process is not None and measured.process.argv:
        lines.append(f"  - PID 1 was: {printable(' '.join(measured.process.argv))[:200]}")
    if predicted is None:
        lines.append("  - nothing is predicted: the trace of an image isn't read yet")
    return lines + [f"  - {printable(note)}" for note in measured.notes]


def _is_undecided(proof: Proof) -> bool:
    """Whether something couldn't be compared: it wasn't predicted, or wasn't measured."""
    measured, predicted = proof.measured, proof.predicted
    if measured is None:
        return False
    if predicted is None or predicted.pid1 == "unknown":
        return True
    if "none" in (measured.pid1, predicted.pid1):
        return False
    return "unknown" in (measured.reaps, measured.stops, predicted.reaps, predicted.stops)


def _stopped(measured: Measured, signal: str | None) -> str:
    if measured.seconds is None:
        return ""
    after = f"{measured.seconds:.1f} s after {signal}"
    return f"{after}, exit code {measured.exit_code}"
