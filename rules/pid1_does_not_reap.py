"""PID 1 never waits for the orphans that it inherits.

## What it does

Reports a container whose PID 1 doesn't wait for processes that it didn't start. An error where
something is seen to make such orphans (a background job, a browser, git, cron, a HEALTHCHECK
that backgrounds a process); a warning where the program is an interpreter's and starts
processes or can't be read; an info where nothing hints at children.

## Why it matters

A process that has ended stays a zombie until its parent waits for it. When its parent is gone,
PID 1 is its parent. If PID 1 doesn't wait, zombies pile up until the pids cgroup is full and
`fork` fails in the whole container.

## Example

```dockerfile
FROM python:3.12
COPY app.py .
CMD ["python", "app.py"]
```

## Use instead

```dockerfile
FROM python:3.12
RUN apt-get update && apt-get install -y --no-install-recommends tini && rm -rf /var/lib/apt/lists/*
COPY app.py .
ENTRYPOINT ["/usr/bin/tini", "--"]
CMD ["python", "app.py"]
```

`docker run --init`, compose's `init: true` and Kubernetes' `shareProcessNamespace: true` do the
same at run time. In the program: wait for every child in a SIGCHLD handler.

## Fix safety

Safe where the program, its arguments, user and folder stay the same. Unsafe where something
refers to PID 1 by its number, or where what the base image starts was read for another version.

## References

- wait(2), NOTES: what becomes of orphans
- https://github.com/krallin/tini
"""

from __future__ import annotations

from collections.abc import Iterator

from initlint.boot.model import Evidence, Outcome
from initlint.rule import Example, Finding, Rule, Severity
from initlint.subject import Subject


def check(subject: Subject) -> Iterator[Finding]:
    outcome = subject.likely
    process = outcome.pid1_process
    if process is None or outcome.reaps != "no":
        return
    if outcome.shell_in_front or (outcome.stops == "no" and outcome.wrapper_in_front):
        return  # shell-keeps-pid1 or wrapper-keeps-pid1 explains it
    if outcome.jobs:
        return  # background-then-exec explains it
    if outcome.stops == "no" and outcome.has_mistake("drops-signals"):
        return  # wrapper-program-drops-signals explains it
    severity, reason = _graded(outcome, subject.trace.probe_evidence)
    name = outcome.pid1
    yield RULE.finding(
        subject,
        subject.place,
        f"{name} is PID 1 and doesn't reap orphans: {reason}",
        severity=severity,
        outcome=outcome,
        reasons=outcome.why,
        cure="put an init such as tini in front, or run with `docker run --init`",
    )


def _graded(outcome: Outcome, probes: tuple[Evidence, ...]) -> tuple[Severity, str]:
    seen = next((item for item in (*outcome.evidence, *probes) if item.children == "yes"), None)
    if seen is not None:
        return "error", f"{seen.why}, and it stays a zombie once it has ended"
    if outcome.children == "yes":
        return "error", "the processes that its children leave behind stay zombies"
    if probes:
        return "warning", f"{probes[0].why}, and it stays a zombie"
    if outcome.children == "unknown" and not outcome.unread and outcome.kind != "other":
        unsure = [item for item in outcome.evidence if item.children == "unknown"]
        started = next((item for item in unsure if not _is_own_mistake(outcome, item)), None)
        if started is not None:
            return "warning", f"{started.why}; what that leaves behind stays a zombie"
        if unsure:
            return "info", "nothing was seen to leave processes behind"  # child-never-waited tells of these
        return "warning", "if its program starts processes, what they leave behind stays a zombie"
    return "info", "nothing was seen to leave processes behind"


def _is_own_mistake(outcome: Outcome, item: Evidence) -> bool:
    """Whether a start of a child is reported for itself: its zombies are the program's own, no orphans."""
    return any(mistake.grows and mistake.span == item.span for _, mistake in outcome.mistakes)


_TINI = "RUN apt-get update && apt-get install -y --no-install-recommends tini && rm -rf /var/lib/apt/lists/*\n"
_LEAVES = 'import os, signal\nsignal.signal(signal.SIGTERM, print)\nos.system("thumbnailer &")\nsignal.pause()\n'

RULE = Rule(
    code="IL101",
    name="pid1-does-not-reap",
    severity="warning",
    summary="PID 1 never waits for the orphans that it inherits",
    check=check,
    settled_by=("init",),
    examples=(
        Example(
            "A program that leaves a background job behind",
            {"Dockerfile": 'FROM python:3.12\nCOPY app.py .\nCMD ["python", "app.py"]\n', "app.py": _LEAVES},
            rows=(3,),
            fixed={
                "Dockerfile": "FROM python:3.12\n"
                + _TINI
                + 'COPY app.py .\nENTRYPOINT ["/usr/bin/tini", "--"]\nCMD ["python", "app.py"]\n'
            },
        ),
        Example(
            "An init in front reaps",
            {
                "Dockerfile": "FROM python:3.12\n"
                + _TINI
                + 'COPY app.py .\nENTRYPOINT ["/usr/bin/tini", "--"]\nCMD ["python", "app.py"]\n',
                "app.py": _LEAVES,
            },
        ),
        Example("nginx reaps by itself", {"Dockerfile": "FROM nginx:1.27\n"}),
        Example(
            "A program that starts nothing",
            {
                "Dockerfile": 'FROM python:3.12\nCOPY app.py .\nCMD ["python", "app.py"]\n',
                "app.py": "import signal\nsignal.signal(signal.SIGTERM, print)\nsignal.pause()\n",
            },
        ),
    ),
)
