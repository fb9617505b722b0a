"""The main program turns itself into a daemon, and the container ends at once.

## What it does

Reports a Python program that, on the way that is always taken, forks and ends the process that
was started (the first half of the double fork with which daemons detach from a terminal).

## Why it matters

A container runs as long as its PID 1. When the process that was started ends, the kernel kills
the daemon that it left. Behind an init it is the same: tini and dumb-init end with the program
that they started, so that **an init can't help**.

## Example

```python
if os.fork() > 0:
    sys.exit(0)
os.setsid()
serve()
```

## Use instead

```python
serve()
```

The container is the daemon: the engine detaches it, restarts it and collects its output.

## Fix safety

There is no automatic fix.

## References

- daemon(7): "new-style daemons" don't fork
- pid_namespaces(7): what becomes of the others when the init of a namespace ends
"""

from __future__ import annotations

from collections.abc import Iterator

from initlint.rule import PYTHON_APP, Example, Finding, Rule
from initlint.subject import Subject


def check(subject: Subject) -> Iterator[Finding]:
    outcome = subject.likely
    for _, mistake in outcome.mistakes:
        if mistake.kind == "daemonizes" and outcome.problem is None:
            yield RULE.mistake(
                subject,
                mistake,
                outcome=outcome,
                reasons=outcome.why,
                cure="run it in the foreground: the engine is what keeps it in the background",
            )


_DAEMON = (
    "import os, sys, time\n\n\ndef daemonize():\n    if os.fork() > 0:\n        sys.exit(0)\n    os.setsid()\n"
    "    if os.fork() > 0:\n        sys.exit(0)\n\n\n"
)

RULE = Rule(
    code="IL404",
    name="program-daemonizes",
    severity="warning",
    summary="The main program turns itself into a daemon, and the container ends at once",
    check=check,
    examples=(
        Example(
            "The double fork of daemons",
            {"Dockerfile": PYTHON_APP, "app.py": _DAEMON + "daemonize()\nwhile True:\n    time.sleep(9)\n"},
            rows=(("app.py", 5),),
        ),
        Example(
            "Only where it is asked for",
            {
                "Dockerfile": PYTHON_APP,
                "app.py": _DAEMON + 'if "--daemon" in sys.argv:\n    daemonize()\nwhile True:\n    time.sleep(9)\n',
            },
        ),
        Example(
            "The parent of a fork goes on",
            {
                "Dockerfile": PYTHON_APP,
                "app.py": "import os, time\nif os.fork() > 0:\n    os.wait()\nelse:\n    time.sleep(9)\n",
            },
        ),
    ),
)
