"""What the rules IL401 to IL405 say of a program is what it does, as PID 1 and behind an init.

The very text that the linter reads is run in a fresh PID namespace.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from initlint.configuration import CommandLine, Configurations
from initlint.linter import check

from .shell.real_shells import sleep_until, why_not

DEADLINE = 20.0
STAYS = 1.0  # how long a process is watched that is said not to end
WHY_NOT = why_not()

# Beside every program: counts its children that have ended, once all have.
COUNTING = """
import os, time

def _states():
    for name in os.listdir("/proc"):
        try:
            with open(f"/proc/{name}/stat") as stat:
                fields = stat.read().rpartition(")")[2].split()
        except OSError:
            continue
        if fields[1] == str(os.getpid()):
            yield fields[0]

def all_ended():
    deadline = time.monotonic() + 15
    while any(state != "Z" for state in _states()) and time.monotonic() < deadline:
        time.sleep(0.005)

def report():
    all_ended()
    with open("count.part", "w") as file:
        file.write(str(sum(state == "Z" for state in _states())))
    os.rename("count.part", "count")
    time.sleep(60)
"""

KEPT = """
import subprocess
from counting import all_ended, report
jobs = []
while len(jobs) < 10:
    jobs.append(subprocess.Popen(["true"]))
    all_ended()
report()
"""
DROPPED = """
import os, subprocess
from counting import all_ended, report
n = 0
while n < 10:
    subprocess.Popen(["sh", "-c", "until [ -e dropped ]; do sleep 0.01; done"])
    open("dropped", "w").close()  # only now may it end: a handle is looked at when it's dropped as well
    all_ended()
    os.remove("dropped")
    n += 1
report()
"""
SPAWNED = """
import os
from counting import report
n = 0
while n < 10:
    os.spawnlp(os.P_NOWAIT, "true", "true")
    n += 1
report()
"""
POLLED = """
import subprocess
from counting import all_ended, report
jobs = []
n = 0
while n < 10:
    jobs.append(subprocess.Popen(["true"]))
    all_ended()
    jobs = [job for job in jobs if job.poll() is None]
    n += 1
report()
"""
FORKED = """
import os
from counting import report
n = 0
while n < 10:
    if os.fork() == 0:
        os._exit(0)
    n += 1
report()
"""
PTY = """
import os, pty
from counting import report
n = 0
while n < 10:
    pid, fd = pty.fork()
    if pid == 0:
        os._exit(0)
    os.close(fd)
    n += 1
report()
"""
IGNORED = FORKED.replace("import os\n", "import os, signal\nsignal.signal(signal.SIGCHLD, signal.SIG_IGN)\n")

_HANDLED = """
import os, signal
from counting import all_ended, report

def on_child(number, frame):
    {body}

signal.signal(signal.SIGCHLD, on_child)
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGCHLD])  # as a long call in C does
for _ in range(5):
    if os.fork() == 0:
        os._exit(0)
all_ended()
signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGCHLD])
report()
"""
ONCE = _HANDLED.format(body="os.waitpid(-1, os.WNOHANG)")
LOOP = _HANDLED.format(
    body="""try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass"""
)

DAEMON = """
import os, sys, time

def daemonize():
    if os.fork() > 0:
        sys.exit(0)
    os.setsid()
    if os.fork() > 0:
        sys.exit(0)

daemonize()
time.sleep(60)
"""

# The program behind a wrapper: says when it's there, and when the signal came.
PROGRAM = """
import os, signal, time

def stop(number, frame):
    open("got-term", "w").close()
    os._exit(0)

signal.signal(signal.SIGTERM, stop)
open("ready", "w").close()
while True:
    time.sleep(60)
"""
CALLS = "import subprocess, sys\nsys.exit(subprocess.call(sys.argv[1:]))\n"
FOUND = "import shutil, subprocess, sys\nargv = sys.argv[2:]\nsubprocess.run([shutil.which('python3')] + argv, check=True)\n"
EXECS = "import os, sys\nos.execvp(sys.argv[1], sys.argv[1:])\n"
FORWARDS = (
    "import signal, subprocess, sys\nchild = subprocess.Popen(sys.argv[1:])\n"
    "signal.signal(signal.SIGTERM, lambda *_: child.terminate())\nsys.exit(child.wait())\n"
)


@pytest.fixture(params=["as PID 1", "behind tini"])
def init(request: pytest.FixtureRequest) -> list[str]:
    """What stands in front of the program."""
    behind = request.param == "behind tini"
    missing = WHY_NOT or ("there is no tini" if behind and shutil.which("tini") is None else None)
    if missing:
        if os.environ.get("CI") == "true":
            pytest.fail(f"programs can't be measured: {missing}")
        pytest.skip(missing)
    return ["tini", "--"] if behind else []


@contextmanager
def started(folder: Path, argv: list[str]) -> Iterator[subprocess.Popen[bytes]]:
    """A program as PID 1 of a fresh PID namespace; the whole namespace ends with the context."""
    process = subprocess.Popen(
        ["unshare", "--fork", "--pid", "--mount-proc", "--kill-child", *argv],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        cwd=folder,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def pid1_of(unshare: int) -> int | None:
    for entry in Path("/proc").iterdir():
        try:
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if fields[1] == str(unshare):
            return int(entry.name)
    return None


def written(folder: Path, app: str, *, init: list[str], arguments: str = "") -> None:
    (folder / "counting.py").write_text(COUNTING)
    (folder / "app.py").write_text(app)
    (folder / "program.py").write_text(PROGRAM)
    tini = "RUN apt-get update && apt-get install -y tini\n" if init else ""
    entry = '"/usr/bin/tini", "--", ' if init else ""
    (folder / "Dockerfile").write_text(
        f'FROM python:3.12\n{tini}WORKDIR /app\nCOPY *.py ./\nENTRYPOINT [{entry}"python3", "app.py"{arguments}]\n'
    )


def found(folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """What the linter says of the program: codes and severities."""
    monkeypatch.chdir(folder)
    report = check(("Dockerfile",), Configurations(CommandLine(min_severity="info")))
    return [(finding.code, finding.severity) for finding in report.findings if finding.code.startswith("IL4")]


@pytest.mark.parametrize(
    ("app", "zombies", "expected"),
    [
        pytest.param(KEPT, 10, [("IL401", "warning")], id="handles kept"),
        pytest.param(DROPPED, 1, [("IL401", "info")], id="handles dropped"),
        pytest.param(SPAWNED, 10, [("IL401", "warning")], id="os.spawnlp"),
        pytest.param(POLLED, 0, [], id="polled"),
        pytest.param(FORKED, 10, [("IL402", "warning")], id="forked"),
        pytest.param(PTY, 10, [("IL402", "warning")], id="forked with a terminal"),
        pytest.param(IGNORED, 0, [], id="SIGCHLD ignored"),
        pytest.param(ONCE, 4, [("IL403", "warning")], id="handler waits once"),
        pytest.param(LOOP, 0, [], id="handler waits in a loop"),
    ],
)
def test_zombies(
    app: str,
    zombies: int,
    expected: list[tuple[str, str]],
    init: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As many zombies stay as the finding says, and an init in front makes no difference."""
    written(tmp_path, app, init=init)
    with started(tmp_path, [*init, sys.executable, "app.py"]):
        assert sleep_until((tmp_path / "count").exists, DEADLINE)
    assert int((tmp_path / "count").read_text()) == zombies
    assert found(tmp_path, monkeypatch) == expected


def test_daemon(init: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program that daemonizes itself takes the container with it, behind an init too."""
    written(tmp_path, DAEMON, init=init)
    with started(tmp_path, [*init, sys.executable, str(tmp_path / "app.py")]) as process:
        assert sleep_until(lambda: process.poll() is not None, DEADLINE)
        assert process.returncode == 0
        mark = str(tmp_path / "app.py").encode()
        assert not any(mark in cmdline(entry) for entry in Path("/proc").iterdir())
    assert found(tmp_path, monkeypatch) == [("IL404", "warning")]


def cmdline(entry: Path) -> bytes:
    try:
        return (entry / "cmdline").read_bytes()
    except OSError:
        return b""


@pytest.mark.parametrize(
    ("app", "gets_it", "expected"),
    [
        pytest.param(CALLS, False, [("IL405", "warning")], id="subprocess.call"),
        pytest.param(FOUND, False, [("IL405", "warning")], id="subprocess.run of a program that it looks for"),
        pytest.param(EXECS, True, [], id="exec"),
        pytest.param(FORWARDS, True, [], id="passes it on"),
    ],
)
def test_stop_signal(
    app: str,
    gets_it: bool,
    expected: list[tuple[str, str]],
    init: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The program behind a wrapper gets SIGTERM as the linter says: an init makes the wrapper die, not forward."""
    written(tmp_path, app, init=init, arguments=', "python3", "program.py"')
    with started(tmp_path, [*init, sys.executable, "app.py", sys.executable, "program.py"]) as process:
        assert sleep_until((tmp_path / "ready").exists, DEADLINE)
        pid1 = pid1_of(process.pid)
        assert pid1 is not None
        os.kill(pid1, signal.SIGTERM)
        ignored = not gets_it and not init
        ended = sleep_until(lambda: process.poll() is not None, STAYS if ignored else DEADLINE)
        assert ended is not ignored
    assert (tmp_path / "got-term").exists() is gets_it
    assert found(tmp_path, monkeypatch) == expected
