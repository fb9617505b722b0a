"""See how the programs behind PID 1 end: by the stop signal, or killed by the kernel when PID 1 is gone.

As a program, `python engine_witness.py SECONDS PID…` traces the processes (ptrace, they run on), prints `ready`,
and when all of them have ended a line `PID STATUS [SIGNAL…]` for each: the wait status, and the
signals that were delivered to it. 1 where tracing isn't permitted.

This module uses the standard library alone: it is run as a file.
"""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
from types import TracebackType
from typing import NamedTuple

SEIZE, CONT, LISTEN = 0x4206, 7, 0x4208
WALL = 0x40000000
EVENT_STOP = 128
STOPS = frozenset((signal.SIGSTOP, signal.SIGTSTP, signal.SIGTTIN, signal.SIGTTOU))


class End(NamedTuple):
    """How a process ended. `killed`: by SIGKILL. `signals`: the numbers of those it got before."""

    killed: bool
    signals: tuple[int, ...]


class Witness:
    """Watches processes from its start on; `ends()` says how each that has ended did.

    Where watching isn't permitted it sees nothing, and `ends()` is empty.
    """

    def __init__(self, pids: list[int], seconds: float) -> None:
        self._process: subprocess.Popen[str] | None = None
        self._seconds = seconds
        if pids:
            words = [sys.executable, "-I", "-S", __file__, str(seconds), *map(str, pids)]
            self._process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
            assert self._process.stdout is not None
            if self._process.stdout.readline() != "ready\n":
                self._end()

    def __enter__(self) -> Witness:  # noqa: PYI034
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def ends(self) -> dict[int, End]:
        if self._process is None:
            return {}
        try:
            output, _ = self._process.communicate(timeout=self._seconds)
        except subprocess.TimeoutExpired:
            return {}
        found = {}
        for line in output.splitlines():
            pid, status, *signals = map(int, line.split())
            killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
            found[pid] = End(killed, tuple(signals))
        return found

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()  # the kernel then lets the traced ones run on
            process.communicate()


def main(seconds: float, pids: list[int]) -> int:
    """Trace the processes until all have ended."""
    library = ctypes.CDLL(None, use_errno=True)
    library.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
    library.ptrace.restype = ctypes.c_long
    signal.alarm(max(1, int(seconds)))
    traced = {pid for pid in pids if library.ptrace(SEIZE, pid, None, None) == 0}
    if not traced:
        return 1
    print("ready", flush=True)
    signals: dict[int, list[int]] = {pid: [] for pid in traced}
    while traced:
        pid, status = os.waitpid(-1, WALL)
        if not os.WIFSTOPPED(status):
            traced.discard(pid)
            print(pid, status, *signals.get(pid, ()), flush=True)
            continue
        number = os.WSTOPSIG(status)
        if status >> 16 == EVENT_STOP:
            library.ptrace(LISTEN if number in STOPS else CONT, pid, None, None)
        else:
            signals.setdefault(pid, []).append(number)
            library.ptrace(CONT, pid, None, number)
    return 0


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]), [int(word) for word in sys.argv[2:]]))
