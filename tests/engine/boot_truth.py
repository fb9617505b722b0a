"""What PID 1 of a small container really is, and what it does: the truth that the boot trace is held to.

``cd tests && python -m engine.boot_truth [NAME…]`` measures them, on the engine that DOCKER_HOST names, and writes
fixtures/boot/measured.json: by this the trace is checked where there is no engine.
"""

from __future__ import annotations

import io
import json
import sys
import tarfile
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import PurePosixPath

import docker
from boot.cases import CASES, RECORD, Truth, names, recorded
from docker.errors import APIError, NotFound
from docker.models.containers import Container

from .bases import Bases
from .containers import Engine, Running, wait_until

#: seconds that a container gets to stop; most of the programs tidy up for 0.3 s
GRACE = 3
#: the exit code of what the engine had to kill
KILLED = 128 + 9
#: containers at a time: they mostly wait
AT_ONCE = 10
#: seconds after which PID 1 won't become another program any more, for programs that don't say they're ready
SETTLED = 1.0

# The name that PID 1 was started by; its command's where it was given another (`exec -a`).
NAME = """
word=$(tr '\\0' '\\n' </proc/1/cmdline | head -n 1)
command -v -- "${word#-}" || cat /proc/1/comm
"""

# Leaves an orphan to PID 1 as a probe does that puts something into the background, then sees whether its
# zombie goes away.
ORPHAN = """
pid=$( (sleep 0.1 >/dev/null 2>&1 & echo $!) )
tries=0
while [ -e /proc/$pid ] && [ $tries -lt 15 ]; do
    sleep 0.1
    tries=$((tries + 1))
done
cat /proc/$pid/stat 2>/dev/null || echo reaped
"""


NOTHING = Truth("none", "unknown", "unknown")


def measure(engine: Engine, name: str) -> Truth:
    """Build a case, run it, leave it an orphan, stop it."""
    image = engine.build_from(_context(name), f"{name}/Dockerfile")
    with _started(engine, image) as running:
        if running is None or not _settles(running) or not (pid1 := _ask(running, NAME)):
            return NOTHING
        found = PurePosixPath(pid1.lstrip("-")).name
        if orphan := _ask(running, ORPHAN):
            assert orphan == "reaped" or orphan.split()[2] == "Z", f"{name}: {orphan}"
            return Truth(found, "yes" if orphan == "reaped" else "no", _stops(running))
    # Some programs end when a child dies that isn't theirs: that isn't reaping. The stop signal needs another run.
    with _started(engine, image) as running:
        assert running is not None and _settles(running), f"{name} doesn't start a second time"
        return Truth(found, "no", _stops(running))


def _ask(running: Running, script: str) -> str:
    """What a script says inside the container; nothing when the container ends meanwhile."""
    try:
        status, output = running.container.exec_run(["sh", "-c", script])
    except APIError:
        status, output = 1, b""
    if status != 0:
        wait_until(lambda: _has_ended(running), f"the end of a container in which an exec failed: {output!r}", 5)
    if _has_ended(running):
        return ""
    return str(output.decode().strip())


@contextmanager
def _started(engine: Engine, image: str) -> Iterator[Running | None]:
    """None where the engine can't start it."""
    container = engine.create(image)
    try:
        try:
            container.start()
        except APIError:
            yield None
        else:
            yield Running(container)
    finally:
        with suppress(NotFound):
            container.remove(force=True, v=True)


def _settles(running: Running) -> bool:
    """Waits until the main program says that it's ready, or PID 1 is there for a while; False when it ends."""
    start = time.monotonic()

    def decided() -> str | None:
        if _has_ended(running):
            return "ended"
        if b"ready" in running.container.logs():
            return "ready"
        return "settled" if time.monotonic() - start > SETTLED else None

    return wait_until(decided, "PID 1 settles", every=0.1) != "ended"


def _has_ended(running: Running) -> bool:
    running.container.reload()
    return bool(running.container.status == "exited")


def _stops(running: Running) -> str:
    """Whether the main program got the stop signal, and ended by itself.

    Programs that obey say so beforehand, and when they've ended. Of others all that is known is how PID 1 ended: by
    itself, or as an init does whose child died of that signal.
    """
    container: Container = running.container
    container.stop(timeout=GRACE)
    container.reload()
    code = int(container.attrs["State"]["ExitCode"])
    if _said(container, "ready to obey"):
        return "yes" if code != KILLED and _comes_to_say(container, "ended") else "no"
    return "yes" if code in (0, 128 + 2, 128 + 3, 128 + 15) else "no"


def _said(container: Container, line: str) -> bool:
    return line in container.logs().decode().splitlines()


def _comes_to_say(container: Container, line: str, deadline: float = 1.0) -> bool:
    """On a busy machine the engine writes the last line down a moment after the end."""
    with suppress(AssertionError):
        return wait_until(lambda: _said(container, line), line, deadline, every=0.1)
    return False


def _context(name: str) -> io.BytesIO:
    """The build context, as far as one case needs it."""
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w") as archive:
        for path in sorted([CASES / "programs", CASES / name]):
            archive.add(path, path.name, filter=_as_root)
    data.seek(0)
    return data


def _as_root(info: tarfile.TarInfo) -> tarfile.TarInfo:
    info.uid = info.gid = 0
    info.uname = info.gname = ""
    info.mode = 0o755 if info.isdir() or info.mode & 0o100 else 0o644
    return info


class Measuring:
    """Measures cases side by side; `result` waits for one."""

    def __init__(self, client: docker.DockerClient, cases: Iterable[str]) -> None:
        Bases(client).make()
        self.engine = Engine(client)
        self.pool = ThreadPoolExecutor(AT_ONCE)
        self.futures: dict[str, Future[Truth]] = {}
        for name in cases:
            self.futures[name] = self.pool.submit(measure, self.engine, name)

    def result(self, name: str) -> Truth:
        return self.futures[name].result(timeout=300)

    def close(self) -> None:
        self.pool.shutdown(cancel_futures=True)
        self.engine.remove_containers()
        self.engine.remove_built()


def main() -> None:
    chosen = sys.argv[1:] or names()
    measuring = Measuring(docker.from_env(timeout=120), chosen)
    truths = recorded() if RECORD.exists() else {}
    truths = {name: truth for name, truth in truths.items() if name in names()}
    try:
        for name in chosen:
            try:
                truths[name] = measuring.result(name)
            except (AssertionError, APIError) as error:
                print(f"{name}: {error}", file=sys.stderr)
    finally:
        measuring.close()
    rows = (f"  {json.dumps(name)}: {json.dumps(truth)}" for name, truth in sorted(truths.items()))
    RECORD.write_text("{\n" + ",\n".join(rows) + "\n}\n")


if __name__ == "__main__":
    main()
