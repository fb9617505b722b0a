"""Orphans: pyinit beside tini and dumb-init."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from .space import PYINIT, Init, Space

# `waves` times, `size` orphans end at one moment. Between two waves all of them must be gone.
STORM = """
import os, sys, time
waves, size = map(int, sys.argv[1:])
end = time.monotonic() + 60
def others():
    return sum(name.isdigit() for name in os.listdir("/proc")) - 2
for _ in range(waves):
    read, write = os.pipe()
    if not os.fork():
        os.close(write)
        for _ in range(size):
            if not os.fork():
                os.read(read, 1)
                os._exit(0)
        os._exit(0)
    os.wait()
    assert others() == size
    os.close(read)
    os.close(write)
    while others():
        assert time.monotonic() < end, others()
        time.sleep(0.002)
os.write(1, b"all gone")
sys.exit(3)
"""


def test_ten_thousand_orphans(init: Init) -> None:
    """All three reap them all, five hundred at a time, and the program's status stays its own."""
    with Space([*init.words, "--", sys.executable, "-ISc", STORM, "20", "500"]) as space:
        assert space.status() == 3, space.text
        assert space.text == "all gone"


def test_a_signal_in_the_middle_of_a_storm(init: Init) -> None:
    """All three pass it on: reaping goes first, and comes to an end."""
    with Space([*init.words, "--", sys.executable, "-ISc", "print(end='.', flush=True)" + STORM, "60", "300"]) as space:
        space.shows(r"\.")
        space.send(signal.SIGTERM)
        assert space.status() == 128 + signal.SIGTERM


def test_the_programs_own_children_are_its_own(init: Init) -> None:
    """An init reaps only what is handed to it: a child that the program doesn't wait for stays a zombie."""
    code = """
import os
child = os.fork()
if not child:
    os._exit(0)
while open(f"/proc/{child}/stat").read().rsplit(")", 1)[1].split()[0] != "Z":
    pass
print("zombie")
"""
    with Space([*init.words, "--", sys.executable, "-ISc", code]) as space:
        assert space.status() == 0
        assert space.text == "zombie\n"


def test_what_the_program_leaves_ends_with_pid_1(init: Init) -> None:
    """All three end with the program; the kernel kills the rest."""
    with Space([*init.words, "--", "sh", "-c", "sleep 1000 & echo ready; read x; exit 4"]) as space:
        space.shows("ready")
        left = Path(f"/proc/{space.child}/task/{space.child}/children").read_text().strip()
        space.type("\n")
        assert space.status() == 4
        assert not Path(f"/proc/{left}").exists()


# Not PID 1.

PARENT = """
import os, sys, time
if not os.fork():
    middle = os.getpid()
    if not os.fork():
        while os.getppid() == middle:
            time.sleep(0.001)
        print("orphan of", open(f"/proc/{os.getppid()}/cmdline").read().split(chr(0))[-2][:9], os.getppid(), flush=True)
    os._exit(0)
os.wait()
sys.stdin.read()
"""


def below_another(init: Init, *options: str, env: dict[str, str] | None = None) -> tuple[int, str]:
    """Whose orphans the program's are where a shell is PID 1, and all that is said."""
    words = [*init.words, *options, "--", "/usr/bin/python3", "-ISc", PARENT]
    extra = {} if env is None else {"env": env}
    with Space(["sh", "-c", '"$@"; exit 0', "sh", *words], **extra) as space:  # type: ignore[arg-type]
        match = space.shows(r"(?s)(.*)orphan of .* (\d+)$")
        space.close_input()
        assert space.status() == 0
        return int(match[2]), match[1]


def test_pyinit_becomes_a_subreaper_and_says_so(pyinit: Init) -> None:
    """Unlike tini it does so by itself; -s takes the line away, as it does with tini."""
    parent, said = below_another(pyinit)
    assert parent != 1 and "isn't PID 1" in said and said.count("\n") == 1
    assert below_another(pyinit, "-s") == (parent, "")


def test_others_that_are_not_pid_1(init: Init) -> None:
    """tini warns and reaps nothing, with -s it is a subreaper; dumb-init says nothing and reaps nothing."""
    if init.kind == "tini":
        parent, said = below_another(init)
        assert parent == 1 and "not running as PID 1" in said
        parent, said = below_another(init, "-s")
        assert parent != 1 and not said
    elif init.kind == "dumb-init":
        assert below_another(init) == (1, "")


def test_without_ctypes_it_warns_and_goes_on(pyinit: Init, tmp_path: Path) -> None:
    """Some images' Python lacks it."""
    (tmp_path / "ctypes.py").write_text("raise ImportError")
    without = pyinit._replace(words=(pyinit.words[0], "-S", str(PYINIT)))
    env = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(tmp_path)}
    for options in ((), ("-s",)):
        parent, said = below_another(without, *options, env=env)
        assert parent == 1 and "can't become a subreaper" in said


def test_as_pid_1_it_says_nothing(init: Init) -> None:
    """None of them does."""
    with Space([*init.words, "--", "true"]) as space:
        assert space.status() == 0
        assert not space.text


def test_a_closed_stderr_harms_nothing(pyinit: Init) -> None:
    """The warning brings a SIGPIPE, which is pyinit's own and isn't passed on."""
    words = [*pyinit.words, "--", "sh", "-c", "read x; exit 6"]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdin is not None and process.stderr is not None
        process.stderr.close()
        process.stdin.write(b"\n")
        process.stdin.close()
        assert process.wait(60) == 6


@pytest.mark.parametrize("status", [0, 9])
def test_status_where_it_is_not_pid_1(pyinit: Init, status: int) -> None:
    """The same as as PID 1."""
    words = [*pyinit.words, "-s", "--", "sh", "-c", f"exit {status}"]
    assert subprocess.run(words, check=False, timeout=60).returncode == status
