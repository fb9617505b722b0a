"""Proofs as one JSON object, for programs: what was measured beside what was predicted."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from initlint.lab.engine_compare import Measured, Predicted
from initlint.lab.engine_prove import Proof

VERSION = 1


def render(proofs: Iterable[Proof]) -> str:
    return json.dumps({"version": VERSION, "containers": [_proof(proof) for proof in proofs]}, indent=2) + "\n"


def _proof(proof: Proof) -> dict[str, Any]:
    compared = proof.predicted is not None and proof.measured is not None
    return {
        "target": proof.target,
        "name": proof.name,
        "line": proof.line,
        "stop_signal": proof.stop_signal,
        "predicted": None if proof.predicted is None else _predicted(proof.predicted),
        "measured": None if proof.measured is None else _measured(proof.measured),
        "agrees": not proof.differences if compared else None,
        "differences": list(proof.differences),
        "error": proof.error,
        "output": list(proof.output),
    }


def _predicted(predicted: Predicted) -> dict[str, Any]:
    return {"pid1": predicted.pid1, "reaps": predicted.reaps, "stops": predicted.stops}


def _measured(measured: Measured) -> dict[str, Any]:
    return {
        "pid1": measured.pid1,
        "argv": None if measured.process is None else list(measured.process.argv),
        "reaps": measured.reaps,
        "stops": measured.stops,
        "seconds": None if measured.seconds is None else round(measured.seconds, 3),
        "exit_code": measured.exit_code,
        "notes": list(measured.notes),
    }
