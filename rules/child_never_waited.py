"""A program starts children and never waits for them.

## What it does

Reports a Python program that keeps the handles of `subprocess.Popen` in a collection, or starts
children with `os.spawn…` or `os.posix_spawn`, and nowhere waits for them: a warning where it
does so again and again. A child whose handle is dropped is an info: `subprocess` looks at those
when it starts the next one, so that one zombie stays, not more.

## Why it matters

A child that has ended stays a zombie until its own parent waits for it. Here that is the program
and not PID 1, so that **an init can't help**. Zombies pile up until the pids cgroup is full, and
nobody learns that a child has failed.

## Example

```python
jobs = []
while True:
    jobs.append(subprocess.Popen(["convert", queue.get()]))
```

## Use instead

```python
jobs = []
while True:
    jobs = [job for job in jobs if job.poll() is None]
    jobs.append(subprocess.Popen(["convert", queue.get()]))
```

Where nothing else is to be done meanwhile, `subprocess.run` waits.

## Fix safety

There is no automatic fix: only the program's authors know when it may wait.

## References

- wait(2), NOTES: what a zombie is, and whose it is
- https://docs.python.org/3/library/subprocess.html#subprocess.Popen.poll
"""

from __future__ import annotations

from collections.abc import Iterator

from initlint.rule import PYTHON_APP, Example, Finding, Rule
from initlint.subject import Subject


def check(subject: Subject) -> Iterator[Finding]:
    for mistake in subject.likely.unreaped("never-waited"):
        yield RULE.child_left(subject, mistake, "call wait(), poll() or communicate() on each, or use subprocess.run")


_LOOP = "import subprocess, time\njobs = []\nwhile True:\n"

RULE = Rule(
    code="IL401",
    name="child-never-waited",
    severity="warning",
    summary="A program starts children and never waits for them",
    check=check,
    examples=(
        Example(
            "Handles that are kept and never looked at",
            {
                "Dockerfile": PYTHON_APP,
                "app.py": _LOOP + '    jobs.append(subprocess.Popen(["sync"]))\n    time.sleep(9)\n',
            },
            rows=(("app.py", 4),),
        ),
        Example(
            "An init doesn't help: the children aren't its own",
            {
                "Dockerfile": "FROM python:3.12\n"
                "RUN apt-get update && apt-get install -y --no-install-recommends tini && rm -rf /var/lib/apt/lists/*\n"
                'COPY app.py .\nENTRYPOINT ["/usr/bin/tini", "--"]\nCMD ["python", "app.py"]\n',
                "app.py": _LOOP + '    jobs.append(subprocess.Popen(["sync"]))\n    time.sleep(9)\n',
            },
            rows=(("app.py", 4),),
        ),
        Example(
            "A child of os.spawnlp in a loop",
            {
                "Dockerfile": PYTHON_APP,
                "app.py": 'import os, time\nwhile True:\n    os.spawnlp(os.P_NOWAIT, "sync", "sync")\n    time.sleep(9)\n',
            },
            rows=(("app.py", 3),),
        ),
        Example(
            "Those that have ended are taken out",
            {
                "Dockerfile": PYTHON_APP,
                "app.py": _LOOP
                + '    jobs = [job for job in jobs if job.poll() is None]\n    jobs.append(subprocess.Popen(["sync"]))\n'
                + "    time.sleep(9)\n",
            },
        ),
        Example(
            "A handle that is dropped leaves one zombie at most",
            {"Dockerfile": PYTHON_APP, "app.py": _LOOP + '    subprocess.Popen(["sync"])\n    time.sleep(9)\n'},
        ),
        Example(
            "SIGCHLD is ignored, so that the kernel reaps",
            {
                "Dockerfile": PYTHON_APP,
                "app.py": "import os, signal, time\nsignal.signal(signal.SIGCHLD, signal.SIG_IGN)\n"
                'while True:\n    os.spawnlp(os.P_NOWAIT, "sync", "sync")\n    time.sleep(9)\n',
            },
        ),
    ),
)
