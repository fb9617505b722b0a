"""What is predicted of small scripts is what dash, bash and busybox ash do as PID 1."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from initlint.boot.model import Argv, Environment, ShellProgram
from initlint.boot.shell import run_script, run_string
from initlint.text import Source

from .real_shells import SCRIPTS, SHELLS, measure, programs, why_not

WHY_NOT = why_not()


def shell_program(shell: str) -> ShellProgram:
    """The very version that is installed: predictions are made for it."""
    if shell == "dash":
        return ShellProgram("dash-debian", None, "sh")
    command = ["bash", "--version"] if shell == "bash" else ["busybox"]
    shown = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    mark = "version " if shell == "bash" else "BusyBox v"
    number = shown.partition(mark)[2].split("(")[0].split(" ")[0]
    version = tuple(int(part) for part in number.split(".")[:3] if part.isdigit())
    return ShellProgram("bash" if shell == "bash" else "busybox-ash", version, shell)


def stays(argv: Argv) -> bool:
    return any(word == "P" for word in argv) or argv[:2] == ("sleep", "50")


def predict(shell: str, script: str, *, as_string: bool) -> list[str]:
    """The kinds of all outcomes, the likely one first."""
    environment = Environment({"PATH": "/bin", "PROBE_LOG": "/log"}, True, "/", "")
    program = shell_program(shell)
    if as_string:
        ends = run_string(
            script,
            span_at=lambda start, end: None,
            shell=program,
            arg0="name",
            arguments=("P",),
            environment=environment,
            rootfs=None,
            keeps_running=stays,
            is_pid1=True,
        )
    else:
        ends = run_script(
            Source("script", script.encode()),
            shell=program,
            arg0="/script",
            arguments=("P",),
            environment=environment,
            rootfs=None,
            keeps_running=stays,
            is_pid1=True,
        )
    assert [end.likely for end in ends].count(True) == 1
    return [end.kind for end in ends]


def needs(shell: str) -> None:
    missing = WHY_NOT or (None if shutil.which(SHELLS[shell][0]) else f"there is no {SHELLS[shell][0]}")
    if missing:
        if os.environ.get("CI") == "true":
            pytest.fail(f"the shells can't be measured: {missing}")
        pytest.skip(missing)


@pytest.mark.parametrize("form", ["file", "string"])
@pytest.mark.parametrize("shell", list(SHELLS))
def test_prediction_is_what_the_shell_does(shell: str, form: str, tmp_path: Path) -> None:
    """No script of the table ends otherwise than predicted, in a file or behind -c."""
    needs(shell)
    programs(tmp_path)
    wrong = []
    for name, script in SCRIPTS.items():
        predicted = predict(shell, script, as_string=form == "string")
        truth = measure(shell, script, tmp_path, as_string=form == "string")
        # That R fails can't be known: then the truth is among the outcomes with a condition.
        fails = "R" in script or "no-such-program ||" in script
        told = ["ends" if kind == "fails" else kind for kind in predicted]
        if truth not in (told if fails else told[:1]) and told[0] != "undecided":
            wrong.append(f"{name}: predicted {predicted}, measured {truth}")
    assert not wrong, "\n".join(wrong)
