"""A fix is tried before it is shown: its result is read and traced like any other file."""

from __future__ import annotations

from collections.abc import Mapping

from initlint.boot.model import Outcome, Trace
from initlint.facts import Reaps, Stops
from initlint.fixing.apply import Changed, key_of
from initlint.records import NamedTuple
from initlint.rootfs.files import HostFiles
from initlint.subject import Subject, examine
from initlint.targets.container import HealthCheck, ShellForm, StartField, Unresolved, Value
from initlint.text import InputError, Source

_REAPS: dict[Reaps, int] = {"yes": 3, "while-waiting": 2, "unknown": 1, "no": 0}
_STOPS: dict[Stops, int] = {"yes": 2, "unknown": 1, "no": 0}


class Verified(NamedTuple):
    """The result starts the same program for the same user, and does its duties no worse."""

    subject: Subject


class Withheld(NamedTuple):
    """The result isn't what a fix may be, and why. `elsewhere`: for another container of the file."""

    why: str
    elsewhere: bool = False


def reexamined(subject: Subject, changes: Mapping[str, Changed]) -> tuple[Subject, ...] | Withheld:
    """All containers of the file as they'd be with the changes; they stand in the same order."""
    overlay = {**subject.files.overlay, **{key: change.after for key, change in changes.items()}}
    files = HostFiles(overlay, subject.files.modes)
    own = subject.dockerfile.parsed.source
    changed = changes.get(key_of(own))
    data = changed.after if changed is not None else own.data
    try:
        examination = examine(Source(own.name, data, path=own.path), files, subject.options)
    except InputError as error:
        return Withheld(f"the result can't be read: {error.message}")
    if len(examination.subjects) != len(subject.dockerfile.containers):
        return Withheld("the result has other containers")
    return examination.subjects


def position(subject: Subject) -> int:
    """The container's place among those of its file."""
    for index, container in enumerate(subject.dockerfile.containers):
        if container is subject.container or container.stage_index == subject.container.stage_index:
            return index
    raise ValueError("the container isn't of this file")


def verify(
    subject: Subject, changes: Mapping[str, Changed], *, unsafe: bool = False, traced: bool = True
) -> Verified | Withheld:
    """Compare a container, and the others of its file, before and after.

    With `unsafe` an orphan may go unreaped that the shell would have reaped: the message says so. Without
    `traced` the build alone changes, which no trace shows.
    """
    after = reexamined(subject, changes)
    if isinstance(after, Withheld):
        return after
    index = position(subject)
    plain = reexamined(subject, {}) if len(after) > 1 else (subject,)
    for place, result in enumerate(after):
        if place == index:
            before = subject
        elif isinstance(plain, Withheld):
            continue
        else:
            before = plain[place]
        why = compared(before, result, unsafe=unsafe)
        if why is not None:
            whose = "" if place == index else f"in container {result.container.name}, "
            return Withheld(f"after the fix, {whose}{why}", elsewhere=place != index)
    result = after[index]
    if traced and _told(subject.trace) == _told(result.trace):
        return Withheld("the fix would change nothing")
    return Verified(result)


def compared(before: Subject, after: Subject, *, unsafe: bool = False) -> str | None:
    """What got worse or different, None where nothing did."""
    old, new = before.container, after.container
    for name, was, now in (
        ("the user", _text(old.user), _text(new.user)),
        ("the working directory", _text(old.workdir), _text(new.workdir)),
        ("the stop signal", _text(old.stop_signal), _text(new.stop_signal)),
        ("the environment", old.env, new.env),
        ("the health check", _probe(old.healthcheck), _probe(new.healthcheck)),
    ):
        if was != now:
            return f"{name} would be another"
    if any(_was_no_array(field) for field in (old.entrypoint, old.cmd)):
        return None  # it never started as it was meant to: whatever still fails is said by itself
    why = _outcome(before.likely, after.likely, unsafe=unsafe)
    if why is not None:
        return why
    later = {outcome.when: outcome for outcome in after.trace.outcomes}
    if before.likely.problem is not None:
        return None
    for outcome in before.trace.outcomes:
        if outcome.likely:
            continue
        found = later.get(outcome.when) or _same_program(outcome, after.trace)
        if found is None:
            return "a way of starting would be gone" + (f" ({outcome.when[0]})" if outcome.when else "")
        if found.pid1 == "unknown" and not outcome.sure:
            continue  # a long way that was a guess before, and is one too long to follow now
        why = _outcome(outcome, found, unsafe=unsafe)
        if why is not None:
            return why + (f" where {outcome.when[0]}" if outcome.when else "")
    return None


def _same_program(outcome: Outcome, trace: Trace) -> Outcome | None:
    """What a way of starting has become where several ways are one now: by exec all end in that program."""
    main = outcome.main
    if main is None:
        return None
    for found in trace.outcomes:
        if found.main is not None and tuple(map(str, found.main.argv)) == tuple(map(str, main.argv)):
            return found
    return None


def _was_no_array(field: StartField | Unresolved) -> bool:
    return isinstance(field, StartField) and isinstance(field.form, ShellForm) and field.form.looks_like_json


def _outcome(before: Outcome, after: Outcome, *, unsafe: bool) -> str | None:
    if before.problem is not None:
        if after.problem == before.problem:
            return "the start still fails"
        return None
    if after.problem is not None:
        return f"the start fails: {after.problem.why}"
    if before.pid1 != "none" and after.pid1 == "none":
        return "nothing stays running"
    if before.pid1 == "unknown":
        return None
    old, new = before.main, after.main
    if old is not None:
        if new is None or new.program != old.program:
            return f"the main program would be {new.program if new is not None else 'unknown'}, not {old.program}"
        if tuple(map(str, new.argv)) != tuple(map(str, old.argv)):
            return f"{old.program} would get other arguments"
    if before.environment is not None and after.environment is not None:
        if before.environment.user != after.environment.user:
            return "the program would run as another user"
        if before.environment.cwd != after.environment.cwd:
            return "the program would run in another folder"
        if before.environment.variables != after.environment.variables:
            return "the program would get another environment"
    if _STOPS[after.stops] < _STOPS[before.stops]:
        return "the stop signal would no longer reach the program"
    if before.stop_effect == "ignored" and after.stop_effect == "kills" and after.has_mistake("drops-signals"):
        return f"{new.program if new is not None else 'PID 1'} would end at once, and its child be killed unwarned"
    if _REAPS[after.reaps] < _REAPS[before.reaps] and not unsafe:
        return "orphans would no longer be reaped"
    return None


def _told(trace: Trace) -> object:
    """All that a trace says, without the places."""
    return [
        (
            outcome.when,
            [(link.program, tuple(map(str, link.argv)), link.step, link.stays) for link in outcome.chain],
            (outcome.pid1, outcome.reaps, outcome.stops, outcome.stop_effect, outcome.sure),
            (outcome.problem.fault, outcome.problem.path) if outcome.problem is not None else None,
        )
        for outcome in trace.outcomes
    ]


def _text(field: Value | Unresolved | None) -> str | None:
    return field.value if isinstance(field, Value) else None


def _probe(probe: HealthCheck | None) -> object:
    return None if probe is None or probe.form is None else getattr(probe.form, "text", None) or probe.form.argv
