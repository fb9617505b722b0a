"""The small containers of tests/fixtures/boot, what was measured of them, and what the trace says.

A case is a folder with a Dockerfile; the context of all is the folder above, which also holds `programs`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

CASES = Path(__file__).parents[1] / "fixtures/boot"
RECORD = CASES / "measured.json"

#: what initlint can't decide, and says so: the likely outcome isn't sure, or something in it is unknown
UNDECIDABLE = {
    "find-exec": "find isn't among the wrappers whose command is followed",
    "not-found": "a base image may hold any program",
    "script-command-v": "a base image may hold any program",
    "xargs": "xargs isn't among the wrappers whose command is followed",
}


class Truth(NamedTuple):
    """What PID 1 is, and what it does, in the words of `trace --output-format json`."""

    pid1: str
    reaps: str
    stops: str


class Traced(NamedTuple):
    """The likely outcome of a case."""

    truth: Truth
    sure: bool
    why: list[str]


def names() -> list[str]:
    return sorted(path.parent.name for path in CASES.glob("*/Dockerfile"))


def recorded() -> dict[str, Truth]:
    """What was measured the last time, by `python -m engine.boot_truth` in this folder's parent."""
    return {name: Truth(*row) for name, row in json.loads(RECORD.read_text()).items()}


def traced(cases: list[str]) -> dict[str, Traced]:
    """What `initlint trace` says of each case."""
    files = [str(CASES / name / "Dockerfile") for name in cases]
    command = [sys.executable, "-m", "initlint", "trace", "--output-format", "json", *files]
    env = {key: value for key, value in os.environ.items() if not key.startswith("INITLINT_")}
    result = subprocess.run(command, env=env, capture_output=True, text=True, timeout=120)
    assert result.returncode == 0, result.stderr
    found = {}
    for target in json.loads(result.stdout)["targets"]:
        outcomes = target["containers"][-1]["outcomes"]
        likely = next(outcome for outcome in outcomes if outcome["likely"])
        truth = Truth(likely["pid1"], likely["reaps"], likely["stops"])
        found[Path(target["target"]).parent.name] = Traced(truth, likely["sure"], likely["why"])
    return found


def assert_agreement(name: str, trace: Traced, measured: Truth) -> None:
    """The trace tells the truth; `unknown` isn't enough, but for what can't be decided."""
    told = trace.truth
    if name in UNDECIDABLE:
        assert not trace.sure or "unknown" in told, f"{name} can be decided: strike it from the list"
        return
    reaps = "yes" if told.reaps == "while-waiting" else told.reaps
    assert told._replace(reaps=reaps) == measured, f"traced {told}: {trace.why}"
