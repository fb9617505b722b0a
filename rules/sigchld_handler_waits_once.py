"""A SIGCHLD handler waits for one child where several may have ended.

## What it does

Reports a handler of SIGCHLD in a Python program that calls `os.wait()`, or `os.waitpid(-1, …)`,
once and not in a loop.

## Why it matters

Signals don't queue: while one SIGCHLD is pending, further ones are dropped, and Python runs a
handler once for all that came since. Of five children that end together, four stay zombies.
**An init can't help** with those: they are the program's own.

## Example

```python
def on_child(number, frame):
    os.waitpid(-1, os.WNOHANG)


signal.signal(signal.SIGCHLD, on_child)
```

## Use instead

```python
def on_child(number, frame):
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass


signal.signal(signal.SIGCHLD, on_child)
```

## Fix safety

There is no automatic fix: what the handler does with each child has to go into the loop.

## References

- signal(7): "standard signals do not queue"
- https://docs.python.org/3/library/os.html#os.waitpid
"""

from __future__ import annotations

from collections.abc import Iterator

from initlint.rule import PYTHON_APP, Example, Finding, Rule
from initlint.subject import Subject


def check(subject: Subject) -> Iterator[Finding]:
    outcome = subject.likely
    for _, mistake in outcome.mistakes:
        if mistake.kind == "waits-once" and outcome.problem is None:
            yield RULE.mistake(
                subject,
                mistake,
                reasons=("signals don't queue: one call of the handler may stand for many children",),
                cure="wait in a loop until os.waitpid(-1, os.WNOHANG) gives 0 or raises ChildProcessError",
            )


_START = "signal.signal(signal.SIGCHLD, on_child)\nfor _ in range(5):\n    if os.fork() == 0:\n        os._exit(0)\n"

RULE = Rule(
    code="IL403",
    name="sigchld-handler-waits-once",
    severity="warning",
    summary="A SIGCHLD handler waits for one child where several may have ended",
    check=check,
    examples=(
        Example(
            "One waitpid for any number of children",
            {
                "Dockerfile": PYTHON_APP,
                "app.py": "import os, signal\ndef on_child(number, frame):\n    os.waitpid(-1, os.WNOHANG)\n"
                + _START
                + "while True:\n    signal.pause()\n",
            },
            rows=(("app.py", 3),),
        ),
        Example(
            "It waits in a loop",
            {
                "Dockerfile": PYTHON_APP,
                "app.py": "import os, signal\ndef on_child(number, frame):\n    try:\n"
                "        while os.waitpid(-1, os.WNOHANG)[0]:\n            pass\n"
                "    except ChildProcessError:\n        pass\n" + _START + "while True:\n    signal.pause()\n",
            },
        ),
        Example(
            "It waits for one child that it knows by its number",
            {
                "Dockerfile": PYTHON_APP,
                "app.py": "import os, signal, subprocess\nworker = subprocess.Popen(['redis-server'])\n"
                "signal.signal(signal.SIGCHLD, lambda *_: os.waitpid(worker.pid, os.WNOHANG))\nsignal.pause()\n",
            },
        ),
    ),
)
