"""Scripts that hypothesis puts together end as the real shells end them as PID 1, with the very arguments.

INITLINT_EXAMPLES=5000 looks further than the usual run does, and elsewhere each time.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from initlint.boot.model import Environment, Opaque, ShellEnd
from initlint.boot.shell import run_script
from initlint.text import Source

from .evaluation import Files
from .generated import scripts
from .real_shells import SHELLS, why_not
from .test_real_shells import shell_program

# The first P logs its process id and arguments; all others do nothing.
PROBE = """#!/bin/sh
[ -e "$LOG" ] && exit 0
{ echo "$$"; for a; do printf '%s\\037' "$a"; done; } >"$LOG"
"""
EXAMPLES = int(os.environ.get("INITLINT_EXAMPLES", "400"))
WHY_NOT = why_not()


def predict(shell: str, text: str, path: Path, arguments: tuple[str, ...]) -> ShellEnd:
    return run_script(
        Source("script", text.encode()),
        shell=shell_program(shell),
        arg0=str(path),
        arguments=arguments,
        environment=Environment({"PATH": "/bin", "LOG": "x"}, True, "/", ""),
        rootfs=Files({}),
        keeps_running=lambda argv: argv[0] == "P",
        is_pid1=True,
    )[0]


def measure(shell: str, text: str, folder: Path, arguments: tuple[str, ...]) -> tuple[str, tuple[str, ...] | int]:
    log, path = folder / "log", folder / "script"
    log.unlink(missing_ok=True)
    path.write_text(text)
    process = subprocess.Popen(
        ["unshare", "--fork", "--pid", "--mount-proc", "--kill-child", *SHELLS[shell], str(path), *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={"PATH": f"{folder}:/usr/bin:/bin", "LOG": str(log)},
        cwd="/",
    )
    try:
        status = process.wait(timeout=20)
    finally:
        process.kill()  # the namespace ends with it
        process.wait()
    if not log.exists():
        return "ends", status
    number, _, rest = log.read_text().partition("\n")
    return "exec" if number == "1" else "stays", tuple(rest.split("\037")[:-1])


def agrees(end: ShellEnd, truth: tuple[str, tuple[str, ...] | int]) -> bool:
    kind, told = truth
    if end.kind == "undecided":
        return True
    if kind == "ends":
        return end.kind in ("ends", "fails") and (end.status is None or end.status == told)
    if end.kind != kind or isinstance(told, int):
        return False
    words = end.argv[1:]
    if any(isinstance(word, Opaque) and word.many for word in words):
        return True
    return len(words) == len(told) and all(
        isinstance(word, Opaque) or word == real for word, real in zip(words, told, strict=True)
    )


@pytest.mark.parametrize("shell", list(SHELLS))
def test_random_scripts_end_as_predicted(shell: str, tmp_path: Path) -> None:
    """Quoting, expansion, tests, branches, loops, functions, subshells and `set -e` agree with the shell."""
    missing = WHY_NOT or (f"there is no {SHELLS[shell][0]}" if shutil.which(SHELLS[shell][0]) is None else "")
    if missing:
        if os.environ.get("CI") == "true":
            pytest.fail(f"the shells can't be measured: {missing}")
        pytest.skip(missing)
    for name, program in (("P", PROBE), ("Q", "#!/bin/sh\nexit 0\n")):
        (tmp_path / name).write_text(program)
        (tmp_path / name).chmod(0o755)
    undecided: list[str] = []

    @settings(
        max_examples=EXAMPLES,
        derandomize="INITLINT_EXAMPLES" not in os.environ,
        database=None,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.large_base_example, HealthCheck.data_too_large],
    )
    @given(scripts(bash=shell == "bash"))
    def compare(text: str) -> None:
        end = predict(shell, text, tmp_path / "script", ("a.b", "-x"))
        undecided.extend([text] if end.kind == "undecided" else [])
        truth = measure(shell, text, tmp_path, ("a.b", "-x"))
        assert agrees(end, truth), f"predicted {end.kind} {end.argv} {end.status}, measured {truth}\n{text}"

    compare()
    assert len(undecided) <= 0.05 * EXAMPLES
