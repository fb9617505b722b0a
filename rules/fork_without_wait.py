"""A program forks and never waits for the child.

## What it does

Reports a Python program that calls `os.fork()`, goes on in the parent, and nowhere calls
`os.wait…` or says what SIGCHLD is to do: a warning where it forks again and again, an info where
it does so once.

## Why it matters

The child stays a zombie of the program until the program waits for it. PID 1 doesn't come into
it, so that **an init can't help**.

## Example

```python
while True:
    connection, _ = server.accept()
    if os.fork() == 0:
        serve(connection)
        os._exit(0)
    connection.close()
```

## Use instead

```python
signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the kernel reaps
while True:
    …
```

`SIG_IGN` takes the exit codes of all children from the program, those of `subprocess` too. Where
they are wanted, wait: `while os.waitpid(-1, os.WNOHANG)[0]: pass`, until ChildProcessError.

## Fix safety

There is no automatic fix: only the program's authors know whether it needs its exit codes.

## References

- wait(2), NOTES: what a zombie is, and whose it is
- https://docs.python.org/3/library/os.html#os.waitpid
"""

from __future__ import annotations

from collections.abc import Iterator

from initlint.rule import PYTHON_APP, Example, Finding, Rule
from initlint.subject import Subject


def check(subject: Subject) -> Iterator[Finding]:
    for mistake in subject.likely.unreaped("fork-without-wait"):
        cure = "wait for it with os.waitpid, or ignore SIGCHLD where no exit code is wanted"
        yield RULE.child_left(subject, mistake, cure)


_FORK = "    if os.fork() == 0:\n        print('work')\n        os._exit(0)\n"

RULE = Rule(
    code="IL402",
    name="fork-without-wait",
    severity="warning",
    summary="A program forks and never waits for the child",
    check=check,
    examples=(
        Example(
            "A child for every turn, and no wait",
            {"Dockerfile": PYTHON_APP, "app.py": "import os, time\nwhile True:\n" + _FORK + "    time.sleep(9)\n"},
            rows=(("app.py", 3),),
        ),
        Example(
            "The parent waits",
            {
                "Dockerfile": PYTHON_APP,
                "app.py": "import os, time\nwhile True:\n    pid = os.fork()\n    if pid == 0:\n        os._exit(0)\n"
                "    os.waitpid(pid, 0)\n    time.sleep(9)\n",
            },
        ),
        Example(
            "SIGCHLD is ignored, so that the kernel reaps",
            {
                "Dockerfile": PYTHON_APP,
                "app.py": "import os, signal, time\nsignal.signal(signal.SIGCHLD, signal.SIG_IGN)\nwhile True:\n"
                + _FORK
                + "    time.sleep(9)\n",
            },
        ),
    ),
)
