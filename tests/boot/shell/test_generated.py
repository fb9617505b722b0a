"""Scripts put together at random end as the real shells end them, with the very arguments."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from initlint.boot.model import Environment, Opaque, ShellEnd
from initlint.boot.shell import run_script
from initlint.text import Source

from .evaluation import Files
from .generated import script
from .real_shells import SHELLS
from .test_real_shells import shell_program

# The first P logs its process id and arguments; all others do nothing.
PROBE = """#!/bin/sh
[ -e "$LOG" ] && exit 0
{ echo "$$"; for a; do printf '%s\\037' "$a"; done; } >"$LOG"
"""
SEEDS = range(200)


def predict(shell: str, text: str, path: Path, arguments: tuple[str, ...]) -> ShellEnd:
    return run_script(
        Source("script", text.encode()),
        shell=shell_program(shell),
        arg0=str(path),
        arguments=arguments,
        environment=Environment({"PATH": "/bin", "LOG": "x"}, True, "/", ""),
        rootfs=Files({}),
        keeps_running=lambda argv: argv[0] == "P",
    )[0]


def measure(shell: str, text: str, folder: Path, arguments: tuple[str, ...]) -> tuple[str, tuple[str, ...] | int]:
    log, path = folder / "log", folder / "script"
    log.unlink(missing_ok=True)
    path.write_text(text)
    process = subprocess.Popen(
        [*SHELLS[shell], str(path), *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={"PATH": f"{folder}:/usr/bin:/bin", "LOG": str(log)},
        cwd="/",
    )
    status = process.wait(timeout=20)
    if not log.exists():
        return "ends", status
    number, _, rest = log.read_text().partition("\n")
    return "exec" if int(number) == process.pid else "stays", tuple(rest.split("\037")[:-1])


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
    if shutil.which(SHELLS[shell][0]) is None:
        if os.environ.get("CI") == "true":
            pytest.fail(f"there is no {SHELLS[shell][0]}")
        pytest.skip(f"there is no {SHELLS[shell][0]}")
    for name, program in (("P", PROBE), ("Q", "#!/bin/sh\nexit 0\n")):
        (tmp_path / name).write_text(program)
        (tmp_path / name).chmod(0o755)
    wrong, decided = [], 0
    for seed in SEEDS:
        text = script(seed, bash=shell == "bash")
        end = predict(shell, text, tmp_path / "script", ("a.b", "-x"))
        decided += end.kind != "undecided"
        truth = measure(shell, text, tmp_path, ("a.b", "-x"))
        if not agrees(end, truth):
            wrong.append(f"seed {seed}: predicted {end.kind} {end.argv} {end.status}, measured {truth}\n{text}")
    assert not wrong, "\n".join(wrong[:3])
    assert decided > 0.95 * len(SEEDS)
