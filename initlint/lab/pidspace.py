"""A program as PID 1 and session leader of fresh namespaces, watched and stirred from outside."""

from __future__ import annotations

import contextlib
import os
import shlex
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Literal, final

from initlint.records import NamedTuple

START_DEADLINE = 20.0
_QUIET = 0.25  # a program that used no processor time for so long has settled
_SOON, _BY_THEN = 0.3, 2.0  # when orphans that ended are looked for
_PF_EXITING = 0x4
_MARK = b"initlint-lab"
_ISOLATED = ("--net", "--ipc", "--uts")
_ENVIRONMENT = {
    "LANG": "C.UTF-8",
    "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    "TERM": "xterm",
}
PYTHON = os.path.realpath(sys.executable)

# Runs inside the PID namespace. It ends at once, so that its children are orphaned to PID 1; they tell
# their ids as the host sees them (its /proc is still mounted here), and end when their input does.
_ORPHANS = """
import os, sys
for _ in range(int(sys.argv[1])):
    if os.fork() == 0:
        os.write(1, (os.readlink("/proc/self") + "\\n").encode())
        os.close(1)
        os.read(0, 1)
        os._exit(0)
"""


class Orphans(NamedTuple):
    """What became of orphans: `adopted` once PID 1 was seen as the parent of them all.

    `soon` and `left`: how many were still there 0.3 s and 2 s after they ended; `late`: after the
    patience that was asked for. `died`: PID 1 ended with them.
    """

    made: int
    adopted: bool
    soon: int
    left: int
    late: int
    died: bool

    @property
    def verdict(self) -> Literal["yes", "late", "no", "dies", "unknown"]:
        if self.died:
            return "dies"
        if not self.adopted:
            return "unknown"
        if not self.left:
            return "yes"
        return "no" if self.late else "late"


def why_not() -> str | None:
    """Why experiments can't be made here, or None."""
    if not sys.platform.startswith("linux"):
        return "PID namespaces are Linux's"
    for tool in ("unshare", "nsenter", "setsid"):
        if shutil.which(tool) is None:
            return f"{tool} (util-linux) isn't installed"
    if os.geteuid() != 0:
        return "only root may make PID namespaces here"
    tried = subprocess.run(
        ["unshare", "--fork", "--pid", "--mount-proc", "--kill-child", *_ISOLATED, "true"],
        capture_output=True,
        text=True,
        check=False,
    )
    if tried.returncode:
        return f"no PID namespaces here: {tried.stderr.strip() or f'unshare ends with {tried.returncode}'}"
    return None


def sleep_until(condition: Callable[[], bool], deadline: float) -> bool:
    """Poll until the condition holds, or for `deadline` seconds; whether it held."""
    end = time.monotonic() + deadline
    pause = 0.002
    while not condition():
        if time.monotonic() >= end:
            return condition()
        time.sleep(pause)
        pause = min(pause * 1.5, 0.03)
    return True


@final
class PidSpace:
    """One program as PID 1. A context manager: on leaving, everything in it is killed.

    `argv` starts in `folder`, which takes its output as the file `output`. `isolated`: with network,
    ipc and uts namespaces too, and empty places where `hides` names folders or files of the host.
    """

    def __init__(self, argv: Sequence[str], folder: Path, *, isolated: bool = True, hides: Sequence[str] = ()) -> None:
        words = ["unshare", "--fork", "--pid", "--mount-proc", "--kill-child"]
        if isolated:
            words += _ISOLATED
        words += ["sh", "-c", _launcher(hides, isolated), _MARK.decode(), "setsid", *argv]
        self._output = folder / "output"
        with self._output.open("wb") as output:
            self._unshare = subprocess.Popen(
                words,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=folder,
                env={**_ENVIRONMENT, "HOME": str(folder), "PATH": f"{folder}:{_ENVIRONMENT['PATH']}"},
            )
        self._last_step = b"\0".join(os.fsencode(word) for word in ("setsid", *argv, ""))
        self.pid = 0
        self._handle: int | None = None

    def __enter__(self) -> PidSpace:
        return self

    def __exit__(self, *_: object) -> None:
        if self._handle is None:
            self._find()
        if self._handle is not None:
            if not self.ended():
                self.send("SIGKILL")
            os.close(self._handle)
            self._handle = None
        try:
            self._unshare.wait(5)
        except subprocess.TimeoutExpired:  # pragma: no cover  (only a broken kernel keeps it)
            self._unshare.kill()
            self._unshare.wait()

    def ended(self) -> bool:
        """Whether PID 1 is gone."""
        return self._unshare.poll() is not None

    def output(self) -> str:
        """The last line that the program printed."""
        lines = self._output.read_text(errors="replace").strip().splitlines()
        return lines[-1] if lines else ""

    def started(self) -> bool:
        """Whether the program itself is PID 1 by now, rather than what starts it."""
        if not self._find():
            return False
        try:
            words = Path(f"/proc/{self.pid}/cmdline").read_bytes()
        except OSError:
            return False
        return words not in (b"", self._last_step) and _MARK not in words.split(b"\0")

    def settle(self) -> bool:
        """Wait until PID 1 and its threads have slept for a while; False when it ended before that."""
        before, since = (-1, -1), time.monotonic()

        def quiet() -> bool:
            nonlocal before, since
            if self.ended():
                return True
            now = _used(self.pid) if self.started() else (-1, -1)
            if now != before or now == (-1, -1):
                before, since = now, time.monotonic()
                return False
            return time.monotonic() - since >= _QUIET

        return sleep_until(quiet, START_DEADLINE) and not self.ended()

    def send(self, name: str) -> None:
        """A signal to PID 1, from the parent namespace as an engine sends it."""
        if self._find() and self._handle is not None:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._handle, getattr(signal, name))

    def orphans(self, count: int, patience: float = 0.0) -> Orphans:
        """Let `count` orphans appear and end at one time; see what PID 1 makes of them.

        `patience`: seconds to wait for a PID 1 that reaps late.
        """
        command = ["nsenter", f"--target={self.pid}", "--pid", PYTHON, "-ISc", _ORPHANS, str(count)]
        pipe, nowhere = subprocess.PIPE, subprocess.DEVNULL
        with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=nowhere) as maker:
            assert maker.stdin is not None and maker.stdout is not None
            pids = [int(line) for line in maker.stdout]  # they close their output, so that it ends here
            adopted = len(pids) == count and sleep_until(lambda: all(_stat(p)[1] == self.pid for p in pids), 2.0)
            maker.stdin.close()
        if len(pids) < count:
            sleep_until(self.ended, 1.0)  # that is why they couldn't be made
        begin = time.monotonic()

        def left(at: float) -> int:
            def done() -> bool:
                return self.ended() or not any(_there(pid) for pid in pids)

            sleep_until(done, begin + at - time.monotonic())
            return 0 if self.ended() else sum(_there(pid) for pid in pids)

        soon = left(_SOON)
        by_then = left(_BY_THEN) if soon else 0
        late = left(patience) if by_then and patience else by_then
        died = self.ended() or (_exits(self.pid) and sleep_until(self.ended, 5.0))
        return Orphans(len(pids), adopted, soon, by_then, late, died)

    def _find(self) -> bool:
        """Learn the id that PID 1 has outside."""
        if self.pid:
            return True
        found = _children(self._unshare.pid)
        if found:
            try:
                self._handle = os.pidfd_open(found[0])
            except ProcessLookupError:
                return False
            self.pid = found[0]
        return bool(found)


def _launcher(hides: Sequence[str], isolated: bool) -> str:
    """Shell code that prepares the mount namespace, and gives its place up."""
    lines = ["mount -t tmpfs none /run && mkdir -m 1777 /run/lock"] if isolated else []
    for path in map(shlex.quote, hides):
        lines.append(
            f"if [ -d {path} ]; then mount -t tmpfs none {path}; "
            f"elif [ -e {path} ]; then mount --bind /dev/null {path}; fi"
        )
    return "\n".join([*lines, 'exec "$@"'])


def _children(pid: int) -> list[int]:
    try:
        return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except FileNotFoundError:  # the kernel may be built without it, or the process is gone
        pass
    return [int(name) for name in os.listdir("/proc") if name.isdigit() and _stat(int(name))[1] == pid]


def _stat(pid: int) -> tuple[str, int]:
    """The state letter and the parent of a process, as this /proc shows them; ("", 0) when it is gone."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except (OSError, IndexError):
        return "", 0
    return fields[0], int(fields[1])


def _exits(pid: int) -> bool:
    """Whether a process is on its way out: as PID 1 it takes everything with it before it is gone."""
    try:
        return bool(int(Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[6]) & _PF_EXITING)
    except (OSError, IndexError):
        return True


def _there(pid: int) -> bool:
    return _stat(pid)[0] not in ("", "X")


def _used(pid: int) -> tuple[int, int]:
    """Processor time of all threads and their number; (-1, -1) while one of them runs."""
    ticks = threads = 0
    try:
        for task in Path(f"/proc/{pid}/task").iterdir():
            fields = (task / "stat").read_text().rsplit(")", 1)[1].split()
            if fields[0] in "RD":
                return -1, -1
            ticks += int(fields[11]) + int(fields[12])
            threads += 1
    except (OSError, IndexError):
        return -1, -1
    return ticks, threads
