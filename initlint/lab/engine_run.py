"""Run an image, wait until its PID 1 has settled, leave it an orphan, stop it: what a container really does."""

from __future__ import annotations

import time
from typing import Any

from initlint.lab import engine_orphan
from initlint.lab.engine_client import LIMITS, Engine, EngineError, reason
from initlint.lab.engine_compare import Measured, Predicted
from initlint.lab.engine_processes import Process, below, is_here, program_name, read
from initlint.lab.engine_witness import Witness
from initlint.records import NamedTuple

# Seconds. A process is settled when it has been the same for QUIET; what contradicts the prediction has to last for
# CONTRADICTS, so that a slow start isn't taken for a fault of the trace.
QUIET, CONTRADICTS, RESTLESS = 0.8, 3.0, 5.0
BUSY = 3  # hundredths of a second of CPU time in which a program that has settled stays below
ZOMBIE, LATE = 2.0, 6.0  # after which a zombie counts as left; some PID 1s look for theirs every five seconds


class _Settled(NamedTuple):
    """PID 1 and what runs below it; `host` is its pid on this machine, 0 where it can't be seen."""

    process: Process | None
    host: int
    others: tuple[Process, ...] = ()


def measure(engine: Engine, image: str, predicted: Predicted | None, grace: int) -> Measured:
    """Run an image as `docker run IMAGE` does, without a network, and find out what its PID 1 does."""
    from docker.errors import APIError
    from requests.exceptions import RequestException
    from urllib3.exceptions import HTTPError

    try:
        measured, fatal = _measure(engine, image, predicted, grace, orphan=True)
        if fatal:  # the orphan ended PID 1: the stop signal needs a container of its own
            again, _ = _measure(engine, image, predicted, grace, orphan=False)
            measured = again._replace(reaps=measured.reaps, notes=measured.notes + again.notes)
        return measured
    except (APIError, RequestException, HTTPError) as error:
        raise EngineError(f"the container can't be run: {reason(error)}") from None
    finally:
        engine.clear_containers()


def _measure(
    engine: Engine, image: str, predicted: Predicted | None, grace: int, *, orphan: bool
) -> tuple[Measured, bool]:
    from docker.errors import APIError

    try:
        container = engine.create(image, init=False, healthcheck={"test": ["NONE"]})
        container.start()
    except APIError as error:
        return Measured("none", notes=(f"it can't be started: {reason(error)}",)), False
    settled = _settle(container, predicted, time.monotonic() + engine.timeout)
    if settled.process is None:
        return _ended(container, "it ended by itself"), False
    reaping = engine_orphan.Reaping("unknown")
    if orphan:
        patience = ZOMBIE if predicted is not None and predicted.reaps == "no" else LATE
        reaping = _reaping(engine, container, settled, patience)
        if reaping.gone:
            return Measured(settled.process.name, settled.process, reaping.reaps, notes=(reaping.why,)), True
    measured = _stop(container, settled, predicted, grace)
    notes = measured.notes
    if reaping.why:
        notes = (reaping.why, *notes)
    return measured._replace(reaps=reaping.reaps, notes=notes), False


def _settle(container: Any, predicted: Predicted | None, deadline: float) -> _Settled:
    """Wait until PID 1 is what it is going to be. `process` is None where the container has ended."""
    container.reload()
    host = int(container.attrs["State"]["Pid"])
    if not is_here(host, container.id):
        host = 0
    begin = same_since = calm_since = time.monotonic()
    last: Process | None = None
    others: list[Process] = []
    ticks = 0
    while True:
        process = read(host) if host else _asked(container)
        if process is None and _has_ended(container):
            return _Settled(None, host)
        now = time.monotonic()
        if process is None:  # it is just being started, or going
            last, same_since = None, now
        else:
            if last is None or (process.argv, process.exe) != (last.argv, last.exe):
                same_since = now
            before, others = others, below(host) if host else []
            used = sum(one.ticks for one in (process, *others))
            if [one[:3] for one in before] != [one[:3] for one in others] or abs(used - ticks) > BUSY:
                calm_since, ticks = now, used
            last = process
            as_predicted = predicted is None or predicted.pid1 == "unknown" or process.is_called(predicted.pid1)
            if as_predicted and predicted is not None and predicted.main is not None and host:
                as_predicted = any(one.is_called(predicted.main) for one in others)
            same, calm = now - same_since, now - calm_since
            if same > (QUIET if as_predicted else CONTRADICTS) and (calm > QUIET or same > RESTLESS):
                return _Settled(process, host, tuple(others))
        if now > min(deadline, begin + 30):
            if process is None:
                raise EngineError("PID 1 can't be seen")
            return _Settled(process, host, tuple(others))
        time.sleep(0.03 if host else 0.2)


def _asked(container: Any) -> Process | None:
    """PID 1 as the engine's `top` tells it, for an engine on another machine: its words are guessed from blanks."""
    from docker.errors import APIError

    try:
        top = container.top(ps_args="-eo pid,args")
    except APIError:
        return None
    for row in top.get("Processes") or ():
        if str(row[0]) == str(container.attrs["State"]["Pid"]):
            argv = tuple(row[-1].split())
            return Process(0, argv, "", program_name(argv), 0)
    return None


def _has_ended(container: Any) -> bool:
    container.reload()
    return container.status not in ("created", "running", "restarting")


def _ended(container: Any, how: str) -> Measured:
    """What there is to say of a container whose PID 1 didn't stay."""
    code = int(container.wait(timeout=10)["StatusCode"])
    container.reload()
    if container.attrs.get("State", {}).get("OOMKilled"):
        raise EngineError(f"it was killed for taking more than the {LIMITS['mem_limit']} of memory that prove gives it")
    log = container.logs(tail=3).decode("utf-8", "replace").splitlines()
    output = tuple(f"its output: {line}" for line in log if line.strip())
    return Measured("none", exit_code=code, notes=(f"{how}, exit code {code}", *output))


def _reaping(engine: Engine, container: Any, settled: _Settled, patience: float) -> engine_orphan.Reaping:
    found = engine_orphan.from_host(settled.host, patience) if settled.host else None
    return found or engine_orphan.from_sidecar(engine, container, patience)


def _stop(container: Any, settled: _Settled, predicted: Predicted | None, grace: int) -> Measured:
    """Stop the container as `docker stop` does, and see who ended by the signal and who was killed."""
    process = settled.process
    assert process is not None
    others = below(settled.host) if settled.host else []
    with Witness([one.pid for one in others], grace + 15) as witness:
        if _has_ended(container):
            gone = _ended(container, "it ended by itself before the stop signal")
            return gone._replace(pid1=process.name, process=process)
        start = time.monotonic()
        container.stop(timeout=grace)
        seconds = time.monotonic() - start
        ends = witness.ends()
    code = int(container.wait(timeout=10)["StatusCode"])
    in_time = not (code == 137 and seconds >= grace)
    killed = [one.name for one in others if one.pid in ends and ends[one.pid].killed]
    stops, notes = "yes" if in_time else "no", []
    main = predicted.main if predicted is not None else None
    if in_time and killed:
        notes.append(f"when PID 1 had ended, the kernel killed {', '.join(dict.fromkeys(killed))}")
    if in_time and main is not None:
        watched = next((one for one in others if one.is_called(main)), None)
        if watched is None or watched.pid not in ends:
            stops = "unknown"
            notes.append(f"PID 1 ended; whether {main} got the signal is not measured")
        elif ends[watched.pid].killed:
            stops = "no"
    elif in_time and killed and predicted is None:
        stops = "unknown"  # a program or its helper: nobody says which of them is the main one
    return Measured(process.name, process, "unknown", stops, seconds, code, tuple(notes))
