"""A PID namespace with an init in it, what its program says, and the inits that are compared."""

from __future__ import annotations

import contextlib
import os
import re
import select
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, final

PYINIT = Path(__file__).parents[2] / "initlint/pyinit.py"
DEADLINE = 30.0
ENVIRONMENT = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"}

# Says what it is, and then every signal that it gets. It is only ended by SIGKILL, or by reading `end`.
WITNESS = """
import os, signal, sys, threading
all = [*range(1, 32), *range(signal.SIGRTMIN, signal.SIGRTMAX + 1)]
signal.pthread_sigmask(signal.SIG_BLOCK, all)
os.write(1, b"ready %d %d %d\\n" % (os.getpid(), os.getpgrp(), os.getsid(0)))
while True:
    got = signal.sigwaitinfo(all)
    if got.si_signo != signal.SIGCHLD:
        name = signal.Signals(got.si_signo).name if got.si_signo < 32 else "SIGRTMIN+%d" % (got.si_signo - signal.SIGRTMIN)
        os.write(1, (name + "\\n").encode())
"""


class Init(NamedTuple):
    """One of the inits: the words that start it, in front of its own options."""

    name: str
    words: tuple[str, ...]

    @property
    def kind(self) -> str:
        return self.name.split()[0]


def _pythons() -> list[str]:
    """Each Python from 3.6 on, the oldest first: on PATH, and where pyenv puts them."""
    places = [Path(folder) for folder in os.environ.get("PATH", "").split(":") if folder and ".pyenv" not in folder]
    places += (Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions").glob("*/bin")
    found: dict[tuple[int, ...], str] = {}
    for place in places:
        for path in sorted(place.glob("python3*")):
            if re.fullmatch(r"python3(\.\d+)?", path.name) and os.access(path, os.X_OK):
                shown = subprocess.run([path, "-IS", "-V"], capture_output=True, text=True, check=False).stdout
                version = tuple(int(number) for number in re.findall(r"\d+", shown)[:2])
                if version >= (3, 6):
                    found.setdefault(version, str(path))
    return [found[version] for version in sorted(found)]


def inits() -> list[Init]:
    """PYINIT_PYTHONS=all takes every Python that is found, else only the oldest and the system's own are."""
    found = [Init(name, (path,)) for name in ("tini", "dumb-init") if (path := shutil.which(name))]
    pythons = _pythons()
    if os.environ.get("PYINIT_PYTHONS") != "all":
        pythons = list(dict.fromkeys([pythons[0], shutil.which("python3", path=ENVIRONMENT["PATH"]) or sys.executable]))
    for python in pythons:
        version = subprocess.run([python, "-IS", "-V"], capture_output=True, text=True, check=True).stdout.split()[1]
        found.append(Init(f"pyinit {version}", (python, "-I", "-S", str(PYINIT))))
    return found


def sleep_until(condition: Callable[[], object], seconds: float = DEADLINE) -> bool:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


def state(pid: int) -> str:
    """The letter of a process in /proc."""
    return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]


@final
class Space:
    """`argv` as PID 1 of a PID namespace. On leaving, everything in it is killed.

    `terminal`: it leads a session on a terminal of its own, and what is written to it goes to `type`.
    """

    def __init__(
        self,
        argv: Sequence[str],
        *,
        terminal: bool = False,
        env: Mapping[str, str] = ENVIRONMENT,
        cwd: Path | None = None,
    ) -> None:
        words = [shutil.which("unshare") or "unshare", "--fork", "--pid", "--mount-proc", "--kill-child"]
        self._master: int | None = None
        if terminal:
            self._master, slave = os.openpty()
            self._process = subprocess.Popen(
                [*words, shutil.which("setsid") or "setsid", "--ctty", *argv],
                stdin=slave,
                stdout=slave,
                stderr=slave,
                env=env,
                cwd=cwd,
            )
            os.close(slave)
            self._out = self._master
        else:
            self._process = subprocess.Popen(
                [*words, *argv],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                env=env,
                cwd=cwd,
            )
            assert self._process.stdout is not None
            self._out = self._process.stdout.fileno()
        self.text = ""
        self._pid = 0
        self._handle: int | None = None

    def __enter__(self) -> Space:
        return self

    def __exit__(self, *_: object) -> None:
        if self._process.poll() is None:
            with contextlib.suppress(ProcessLookupError, AssertionError):
                self.send(signal.SIGKILL)
        try:
            self._process.wait(DEADLINE)
        finally:
            if self._handle is not None:
                os.close(self._handle)
            for stream in (self._process.stdin, self._process.stdout):
                if stream is not None:
                    with contextlib.suppress(OSError):
                        stream.close()
            if self._master is not None:
                os.close(self._master)

    @property
    def pid(self) -> int:
        """The id of PID 1 in the namespace above."""
        if not self._pid:
            path = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children")
            found: list[str] = []

            def look() -> bool:
                found[:] = path.read_text().split()
                return bool(found) or self._process.poll() is not None

            assert sleep_until(look) and found, "it has ended"
            self._pid = int(found[0])
            self._handle = os.pidfd_open(self._pid)
        return self._pid

    @property
    def child(self) -> int:
        """The id of the only child that PID 1 has, in the namespace above."""
        (found,) = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        return int(found)

    def send(self, number: int) -> None:
        """A signal to PID 1 from outside, as an engine sends it."""
        if self.pid and self._handle is not None:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._handle, number)

    def type(self, text: str) -> None:
        if self._master is not None:
            os.write(self._master, text.encode())
        else:
            assert self._process.stdin is not None
            self._process.stdin.write(text.encode())
            self._process.stdin.flush()

    def close_input(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()

    def hang_up(self) -> None:
        """Close the terminal's other end."""
        assert self._master is not None
        os.close(self._master)
        self._master, self._out = None, -1

    def _read(self, seconds: float) -> bool:
        """Whether there was more to read."""
        if self._out < 0:
            time.sleep(max(seconds, 0))
            return False
        if not select.select([self._out], [], [], max(seconds, 0))[0]:
            return False
        try:
            data = os.read(self._out, 65536)
        except OSError:  # a terminal that nobody holds any more
            return False
        self.text += data.decode(errors="surrogateescape")
        return bool(data)

    def shows(self, pattern: str, seconds: float = DEADLINE) -> re.Match[str]:
        """Wait until the output has the pattern; what stands behind it is looked at next."""
        deadline = time.monotonic() + seconds
        while True:
            match = re.search(pattern, self.text, re.MULTILINE)
            if match:
                self.text = self.text[match.end() :]
                return match
            left = deadline - time.monotonic()
            if left <= 0 or not self._read(left):
                # A pipe at its end is always readable: nothing more will come.
                raise AssertionError(f"no {pattern!r} in {self.text!r}")

    def status(self) -> int:
        """Wait for the end, and read what is left of the output."""
        deadline = time.monotonic() + DEADLINE
        while self._process.poll() is None:
            assert time.monotonic() < deadline, f"it doesn't end: {self.text!r}"
            self._read(0.05)
        while self._read(0):
            pass
        return self._process.returncode


def witness(python: str = "/usr/bin/python3") -> list[str]:
    return [python, "-I", "-c", WITNESS]
