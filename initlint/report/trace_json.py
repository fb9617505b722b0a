"""Traces as one JSON object, for programs: what PID 1 is, and how it came to be."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from typing import Any

from initlint.boot.model import Link, Outcome
from initlint.linter import Examined
from initlint.rootfs.context import BuildContext
from initlint.subject import Examination, Subject
from initlint.targets.container import Unresolved
from initlint.text import InputError, Source

VERSION = 1


def render(examined: Iterable[Examined], *, color: bool = False) -> str:
    targets = [_target(one.result) for one in examined]
    return json.dumps({"version": VERSION, "targets": targets}, indent=2) + "\n"


def _target(result: Examination | InputError) -> dict[str, Any]:
    if isinstance(result, InputError):
        place = result.filename if result.span is None else f"{result.filename}:{result.span.row}"
        error = f"{place}: {result.message}"
        return {"target": result.filename, "kind": "dockerfile", "context": None, "error": error, "containers": []}
    return {
        "target": result.source.name,
        "kind": "dockerfile",
        "context": context_name(result),
        "error": None,
        "containers": [_container(subject, result.source) for subject in result.subjects],
    }


def context_name(examination: Examination) -> str | None:
    """The build context, relative to the current folder; None where it isn't known."""
    context = examination.context
    if not isinstance(context, BuildContext):
        return None
    cwd = os.path.realpath(os.getcwd())
    return os.path.relpath(context.root, cwd)


def _container(subject: Subject, source: Source) -> dict[str, Any]:
    container = subject.container
    signal = container.stop_signal
    return {
        "name": container.name,
        "line": container.line,
        "start": None if container.start is None else list(container.start),
        "start_from": container.start_from,
        "runtime_init": container.runtime_init,
        "stop_signal": None if isinstance(signal, Unresolved) else signal.value,
        "outcomes": [_outcome(outcome, source) for outcome in subject.trace.outcomes],
    }


def _outcome(outcome: Outcome, source: Source) -> dict[str, Any]:
    nothing = outcome.pid1 == "none"
    return {
        "when": " and ".join(outcome.when) or None,
        "likely": outcome.likely,
        "chain": [_link(link, source) for link in outcome.chain],
        "pid1": outcome.pid1,
        "kind": "unknown" if nothing else outcome.kind,
        "reaps": "unknown" if nothing else outcome.reaps,
        "stops": "unknown" if nothing else outcome.stops,
        "children": "unknown" if nothing else outcome.children,
        "sure": outcome.sure,
        "why": list(dict.fromkeys(outcome.why)),
    }


def _link(link: Link, source: Source) -> dict[str, Any]:
    found: dict[str, Any] = {"program": link.program}
    if link.interpreter is not None:
        found["interpreter"] = link.interpreter
    cause = link.cause
    # a script that isn't a file on this machine has no place that one could go to
    visible = cause is not None and (cause.source is source or cause.source.path is not None)
    found |= {
        "argv": list(link.argv),
        "step": link.step,
        "file": cause.source.name if cause is not None and visible else None,
        "line": cause.row if cause is not None and visible else None,
    }
    return found
