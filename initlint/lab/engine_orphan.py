"""Leave an orphan in a PID namespace, as an exec probe that backgrounds something does, and see what becomes of it.

As a program, `python engine_orphan.py PID SECONDS` does it from this machine's namespaces: it joins the
PID namespace of PID alone, so that the container needs neither a shell nor anything else of its own.
It prints `yes`, `no` or `gone` (PID 1 has ended meanwhile), and the seconds that it took.
Where that isn't permitted, a second container in the same PID namespace does it with a shell.

This module uses the standard library alone: it is run as a file.
"""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import struct
import subprocess
import sys
import time
from typing import Any, NamedTuple

CLONE_NEWPID = 0x20000000
SO_PASSCRED = 16  # the kernel tells the sender's pid as the receiver's namespace knows it

# For the sidecar: the inner shell ends before its `sleep`, which then is PID 1's. No external command but sleep.
SIDECAR = """
orphan=$(sh -c 'sleep 1 >/dev/null 2>&1 & echo $!')
state() {
  found=
  [ -r /proc/$orphan/status ] || return 0
  while read -r key value rest; do [ "$key" != "$1" ] || found=$value; done </proc/$orphan/status
}
state PPid:
[ "$found" = 1 ] || { echo "parent $found"; exit 0; }
turns=0
while [ $turns -lt %d ]; do
  sleep 1
  state State:
  [ -n "$found" ] || { echo yes; exit 0; }
  turns=$((turns + 1))
done
[ "$found" = Z ] && echo no || echo "state $found"
"""


GONE = "PID 1 ended when the orphan did"


class Reaping(NamedTuple):
    """What became of the orphan. `reaps`: yes | no | unknown; `gone`: PID 1 ended with it; `why` is a note."""

    reaps: str
    seconds: float = 0.0
    gone: bool = False
    why: str = ""


def from_host(pid: int, patience: float) -> Reaping | None:
    """Leave an orphan to the PID 1 that this machine knows as `pid`; None where that isn't possible.

    `patience`: seconds after which a zombie counts as left.
    """
    try:
        ended = subprocess.run(
            [sys.executable, "-I", "-S", __file__, str(pid), str(patience)],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=patience + 10,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    words = ended.stdout.split()
    if ended.returncode != 0 or len(words) != 2:
        return None
    answer, seconds = words
    if answer == "gone":
        return Reaping("no", float(seconds), gone=True, why=GONE)
    late = f"the zombie was left for {float(seconds):.1f} s" if answer == "yes" and float(seconds) > 1 else ""
    return Reaping(answer, float(seconds), why=late)


def from_sidecar(engine: Any, container: Any, patience: float) -> Reaping:
    """Leave an orphan from a second container, made of a local image that has a shell."""
    for image in _with_shell(engine, container):
        output = _run_sidecar(engine, container, image, patience)
        if output is None:
            container.reload()
            if container.status != "running":
                return Reaping("no", gone=True, why=GONE)
            continue
        if output in ("yes", "no"):
            return Reaping(output)
        return Reaping("unknown", why=f"reaping is not measured: the orphan didn't come to PID 1 ({output})")
    return Reaping(
        "unknown",
        why="reaping is not measured: this machine's namespaces can't be used, and no local image has a shell",
    )


def _with_shell(engine: Any, container: Any) -> list[str]:
    """Images to try: the container's own, then small ones by their usual names, then what else is there."""
    own = container.attrs["Image"]
    usual = ("busybox", "alpine", "debian", "ubuntu", "bash")
    found = []
    for image in engine.client.api.images():
        tags = [tag for tag in image.get("RepoTags") or () if tag != "<none>:<none>"]
        if tags:
            rank = min(
                (usual.index(name) for tag in tags if (name := tag.split(":")[0].rpartition("/")[2]) in usual),
                default=9,
            )
            found.append((rank, image["Size"], image["Id"]))
    return [own, *(image for _, _, image in sorted(found)[:4])]


def _run_sidecar(engine: Any, container: Any, image: str, patience: float) -> str | None:
    """What the shell printed, None where it can't be started."""
    from docker.errors import APIError

    try:
        sidecar = engine.create(
            image,
            entrypoint=["/bin/sh", "-c", SIDECAR % max(2, round(patience) + 1)],
            command=[],
            user="0",
            pid_mode=f"container:{container.id}",
            healthcheck={"test": ["NONE"]},
        )
        sidecar.start()
        sidecar.wait(timeout=patience + 15)
        output: str = sidecar.logs(stderr=False).decode("utf-8", "replace").strip()
    except (APIError, OSError):
        return None
    return output or None


def _join(pid: int) -> None:
    """Have our next children born in the PID namespace of a process."""
    library = ctypes.CDLL(None, use_errno=True)
    namespace = os.open(f"/proc/{pid}/ns/pid", os.O_RDONLY | os.O_CLOEXEC)
    if library.setns(namespace, CLONE_NEWPID) != 0:
        raise OSError(ctypes.get_errno(), "setns")
    os.close(namespace)


def _leave_orphan(pid: int) -> tuple[int, socket.socket]:
    """An orphan in the PID namespace of `pid`, by our pid for it, and the line on which it hears that it shall end."""
    ours, its = socket.socketpair()
    ours.setsockopt(socket.SOL_SOCKET, SO_PASSCRED, 1)
    _join(pid)
    between = os.fork()
    if between == 0:
        try:
            if os.fork() == 0:
                ours.close()
                its.send(b"!")
                its.recv(1)
        finally:
            os._exit(0)
    its.close()
    os.waitpid(between, 0)
    ours.settimeout(5)
    _, ancillary, _, _ = ours.recvmsg(1, socket.CMSG_SPACE(12))
    orphan: int = struct.unpack("3i", ancillary[0][2])[0]
    return orphan, ours


def _state(pid: int) -> tuple[str, int] | None:
    """A process's state and its parent's pid, None where there is no such process any more."""
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:
            fields = file.read().rpartition(b")")[2].split()
    except OSError:
        return None
    return fields[0].decode(), int(fields[1])


def main(pid: int, patience: float) -> int:
    """Print what becomes of an orphan; 1 where none can be left."""
    signal.alarm(int(patience) + 8)
    started = _start(pid)
    orphan, line = _leave_orphan(pid)
    end = time.monotonic() + 3
    while (state := _state(orphan)) is None or state[1] != pid:
        if time.monotonic() > end:
            return 1
        time.sleep(0.005)
    line.close()
    start = time.monotonic()
    answer = "no"
    while time.monotonic() < start + patience:
        state = _state(orphan)
        if state is None or state[1] != pid:
            answer = "yes"
            break
        time.sleep(0.005)
    seconds = time.monotonic() - start
    # With PID 1 the kernel takes everyone: that isn't reaping. A moment, for it to get that far.
    end = time.monotonic() + 0.2
    while time.monotonic() < end:
        own = _state(pid)
        if own is None or own[0] in "ZX" or _start(pid) != started:
            answer = "gone"
            break
        time.sleep(0.01)
    print(answer, f"{seconds:.3f}")
    return 0


def _start(pid: int) -> bytes:
    """When a process was started, as the kernel counts: another process of that number has another time."""
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:
            return file.read().rpartition(b")")[2].split()[19]
    except OSError:
        return b""


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), float(sys.argv[2])))
