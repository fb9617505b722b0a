"""What a trap in front of a loop does to the stop signal is what dash and bash do as PID 1."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

from initlint.rootfs.files import HostFiles
from initlint.subject import examine

from .real_shells import DEADLINE, sleep_until, why_not

WHY_NOT = why_not()
SETTLES = 0.2  # until a shell that has started its job waits for it
STAYS = 1.0  # how long a shell is watched that is said not to end

_TAIL = "tail -f /dev/null & wait $!"
SCRIPTS = {
    "a trap that returns, in an endless loop": f"bye() {{ echo bye; }}\ntrap 'kill $!; bye' TERM\nwhile true; do {_TAIL}; done",
    "a trap that only speaks": f"trap 'echo bye' TERM\nwhile :; do {_TAIL}; done",
    "a trap that exits in a function": f"bye() {{ exit 0; }}\ntrap 'kill $!; bye' TERM\nwhile true; do {_TAIL}; done",
    "a trap that exits": f"trap 'kill $!; exit' TERM\nuntil false; do {_TAIL}; done",
    "a loop that is left": f"trap 'kill $!' TERM\nwhile true; do {_TAIL} || break; done",
    "a flag that the trap sets": f"go=1\ntrap 'go=; kill $!' TERM\nwhile [ -n \"$go\" ]; do {_TAIL}; done",
    "set -e": f"set -e\ntrap 'kill $!' TERM\nwhile true; do {_TAIL}; done",
    "no loop": f"trap 'kill $!' TERM\n{_TAIL}",
}


def below(pid: int) -> list[int]:
    """The children of a process."""
    try:
        return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def name(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip()
    except OSError:
        return ""


def ends(shell: str, folder: Path) -> bool:
    """Whether a real shell, PID 1 of a fresh namespace, ends on SIGTERM."""
    process = subprocess.Popen(
        ["unshare", "--fork", "--pid", "--mount-proc", "--kill-child", shell, "s.sh"],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder,
        start_new_session=True,
    )  # fmt: skip
    try:
        # A signal is lost on a shell that is still about to wait, or on a child that is still about to become tail.
        assert sleep_until(
            lambda: any(name(tail) == "tail" for shell in below(process.pid) for tail in below(shell)), DEADLINE
        )
        time.sleep(SETTLES)
        (child,) = below(process.pid)
        os.kill(child, signal.SIGTERM)
        return sleep_until(lambda: process.poll() is not None, STAYS)
    finally:
        process.kill()
        process.wait()


@pytest.mark.parametrize("shell", ["dash", "bash"])
@pytest.mark.parametrize("title", SCRIPTS)
def test_a_shell_in_a_loop_stops_as_it_is_said_to(title: str, shell: str, tmp_path: Path) -> None:
    """`tail` dies of the signal at once; whether the container stops is the shell's doing."""
    if WHY_NOT or shutil.which(shell) is None:
        if os.environ.get("CI") == "true":
            pytest.fail(f"the shells can't be measured: {WHY_NOT or shell}")
        pytest.skip(WHY_NOT or f"there is no {shell}")
    (tmp_path / "s.sh").write_text(f"#!/bin/{shell}\n{SCRIPTS[title]}\n")
    (tmp_path / "s.sh").chmod(0o755)
    (tmp_path / "Dockerfile").write_text('FROM debian:bookworm-slim\nCOPY s.sh /\nCMD ["/s.sh"]\n')
    host = HostFiles()
    outcome = examine(host.source(str(tmp_path / "Dockerfile")), host).subjects[-1].likely
    assert outcome.pid1 == shell
    assert outcome.stops == ("yes" if ends(shell, tmp_path) else "no"), outcome.why
