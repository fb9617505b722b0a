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

import pytest

CASES = Path(__file__).parents[1] / "fixtures/boot"
RECORD = CASES / "measured.json"

#: cases that initlint can't decide, and doesn't pretend to
UNDECIDABLE = {
    "not-found": "a base image may hold any program",
}

#: cases where the trace is still wrong or doesn't know, though it could
WRONG = frozenset(
    """
    busybox-httpd dumb-init-script-stays find-exec job-wait-n python-dash-c python-exits python-ignores-term-under-tini
    reads-for-ever reads-for-ever-dash script-command-v script-getopts script-long-options script-regex
    script-step-down-su script-symlink-by-name shell-bash-e stopsignal-hup substitution-for-ever-bash
    substitution-for-ever-dash tini-g-bash-waits tini-g-script-stays tini-takes-option xargs
    """.split()
)


class Truth(NamedTuple):
    """What PID 1 is, and what it does, in the words of `trace --output-format json`."""

    pid1: str
    reaps: str
    stops: str


def names() -> list[str]:
    return sorted(path.parent.name for path in CASES.glob("*/Dockerfile"))


def recorded() -> dict[str, Truth]:
    """What was measured the last time, by `python -m engine.boot_truth` in this folder's parent."""
    return {name: Truth(*row) for name, row in json.loads(RECORD.read_text()).items()}


def traced(cases: list[str]) -> dict[str, tuple[Truth, list[str]]]:
    """The likely outcome of each case, and why."""
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
        found[Path(target["target"]).parent.name] = truth, likely["why"]
    return found


def agree(name: str, trace: Truth, measured: Truth) -> bool:
    """Whether the trace tells the truth; `unknown` doesn't, but for what can't be decided."""
    if name in UNDECIDABLE:
        return trace.pid1 == "unknown"
    reaps = "yes" if trace.reaps == "while-waiting" else trace.reaps
    return trace._replace(reaps=reaps) == measured


def parameters() -> list[object]:
    """All cases, for a test; what is wrong has to be, until it's struck from the list."""
    wrong = pytest.mark.xfail(strict=True, reason="the trace is wrong here")
    return [pytest.param(name, marks=[wrong] if name in WRONG else []) for name in names()]
