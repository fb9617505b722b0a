"""Traces for people: each step from the start command to PID 1, and the verdict."""

from __future__ import annotations

from collections.abc import Iterable

from initlint.boot.model import Link, Outcome
from initlint.linter import Examined
from initlint.report.processes import command, picture, signal_note, typed
from initlint.report.style import Style, printable
from initlint.report.trace_json import context_name
from initlint.rootfs.context import BuildContext
from initlint.subject import Examination, Subject
from initlint.targets.container import Unresolved
from initlint.text import InputError, Source

_STEPS = {"start": "starts", "exec": "execs", "child": "starts a child"}
_GOOD = {"yes": "green", "no": "red", "while-waiting": "yellow", "unknown": "yellow"}


def render(examined: Iterable[Examined], *, color: bool = False) -> str:
    style = Style(color)
    return "\n".join("\n".join(_target(one.result, style)) + "\n" for one in examined)


def _target(result: Examination | InputError, style: Style) -> list[str]:
    if isinstance(result, InputError):
        place = result.filename if result.span is None else f"{result.filename}:{result.span.row}"
        return [f"{style(printable(place), 'bold')}: {style('error', 'bold', 'red')}: {printable(result.message)}"]
    context = result.context
    if isinstance(context, BuildContext):
        told = f"build context {context_name(result)} ({context.why})"
    else:
        told = f"build context unknown: {context.why}"
    lines = [f"{style(printable(result.source.name), 'bold')}  {style(printable(told), 'dim')}"]
    for subject in result.subjects:
        lines += _subject(subject, result.source, style)
    return lines


def _subject(subject: Subject, source: Source, style: Style) -> list[str]:
    container = subject.container
    lines = [f"  {style(printable(container.name), 'bold')} (line {container.line})"]
    if container.start is None:
        start = "unknown"
    elif not container.start:
        start = "nothing"
    else:
        start = typed(container.start)
    origin = {"base-image": "of the base image", "mixed": "partly of the base image"}.get(container.start_from, "")
    lines.append(f"    start: {printable(start)}{f'  ({origin})' if origin else ''}")
    signal = "SIGTERM" if isinstance(container.stop_signal, Unresolved) else container.stop_signal.value
    for outcome in subject.trace.outcomes:
        lines += _outcome(outcome, source, signal, len(subject.trace.outcomes) > 1, style)
    return lines


def _what_is_likely(outcome: Outcome) -> str:
    """Whether a plain run takes this way, or one with the variables that the program wants."""
    wants = any(condition.startswith("if $") and condition.endswith(" is set") for condition in outcome.when)
    return "what it is meant to be run with" if wants else "what `docker run IMAGE` does"


def _outcome(outcome: Outcome, source: Source, signal: str, several: bool, style: Style) -> list[str]:
    lines = []
    if several or outcome.when:
        when = "when " + " and ".join(outcome.when) if outcome.when else "else"
        told = f" ({_what_is_likely(outcome)})" if outcome.likely and several else ""
        lines.append(f"    {printable(when)}{told}:")
    for link in outcome.chain:
        lines.append(
            f"      {_STEPS[link.step]:>14}  {printable(command(link))}  {style(_place(link, source), 'dim')}".rstrip()
        )
    drawn = [printable(line) for line in picture(outcome)]
    if outcome.pid1 == "none":
        lines.append(f"    PID 1: {style('none', 'bold')}, nothing keeps running")
    elif outcome.pid1 == "unknown":
        lines.append(f"    PID 1: {style('unknown', 'bold', 'yellow')}")
    else:
        lines.append(f"    PID 1: {style(printable(outcome.pid1), 'bold')} ({outcome.kind})")
        lines += [f"           {line}" for line in drawn]
        reaps = outcome.reaps.replace("-", " ")
        verdict = [
            f"reaps orphans: {style(reaps, _GOOD[outcome.reaps])}",
            f"stops: {style(outcome.stops, _GOOD[outcome.stops])}",
            f"makes orphans: {outcome.children}",
            "sure" if outcome.sure else "not sure",
        ]
        lines.append("    " + " · ".join(verdict))
        note = signal_note(outcome, signal)
        if note:
            lines.append(f"    {printable(note)}")
    lines += [f"    - {printable(why)}" for why in dict.fromkeys(outcome.why)]
    return lines


def _place(link: Link, source: Source) -> str:
    cause = link.cause
    if cause is None or (cause.source is not source and cause.source.path is None):
        return ""
    return f"{printable(cause.source.name)}:{cause.row}"
