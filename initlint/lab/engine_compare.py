"""What the trace predicts beside what a container did."""

from __future__ import annotations

from initlint.boot.model import Outcome
from initlint.facts import Reaps, Stops
from initlint.lab.engine_processes import Process
from initlint.records import NamedTuple


class Predicted(NamedTuple):
    """The likely outcome of a trace, as far as an experiment can settle it.

    `main`: the name of the program behind PID 1 that the stop signal is for, None where that is
    PID 1 itself. `waits`: for reaps `while-waiting`, that it is in such a wait once settled;
    None where the trace doesn't tell (a loop, `read`).
    """

    pid1: str
    reaps: Reaps
    stops: Stops
    main: str | None = None
    waits: bool | None = None


class Measured(NamedTuple):
    """What one container did. `pid1` is "none" where it ended by itself; reaps and stops: yes | no | unknown.

    `seconds` is how long the stop took, None where there was nothing to stop.
    """

    pid1: str
    process: Process | None = None
    reaps: str = "unknown"
    stops: str = "unknown"
    seconds: float | None = None
    exit_code: int | None = None
    notes: tuple[str, ...] = ()


def predicted(outcome: Outcome) -> Predicted:
    """What an outcome says of the settled container."""
    if outcome.pid1 == "none":
        return Predicted("none", "unknown", "unknown")
    main = outcome.main.process_name if outcome.main is not None and outcome.main_link != outcome.pid1_link else None
    link = outcome.pid1_process
    stays = link.shell_end.stays if link is not None and link.shell_end is not None else None
    waits = True if stays is not None and stays.how in ("foreground", "wait", "pipeline") else None
    return Predicted(outcome.pid1, outcome.reaps, outcome.stops, main, waits)


def differences(predicted: Predicted, measured: Measured) -> tuple[str, ...]:
    """Which of pid1, reaps and stops differ. What is unknown on either side never does."""
    found = []
    if predicted.pid1 != "unknown" and not _is(predicted.pid1, measured):
        found.append("pid1")
    if "unknown" not in (predicted.reaps, measured.reaps) and not _reaps_alike(predicted, measured):
        found.append("reaps")
    if "unknown" not in (predicted.stops, measured.stops) and predicted.stops != measured.stops:
        found.append("stops")
    return tuple(found)


def _is(name: str, measured: Measured) -> bool:
    if measured.process is None or name == "none":
        return measured.pid1 == name
    return measured.process.is_called(name)


def _reaps_alike(predicted: Predicted, measured: Measured) -> bool:
    """A shell that waits reaps; one of which the trace doesn't tell may do either."""
    if predicted.reaps == "while-waiting":
        return predicted.waits is None or measured.reaps == "yes"
    return predicted.reaps == measured.reaps
