"""A program that only starts another one keeps the stop signal from it.

## What it does

Reports a Python program whose work ends in `subprocess.run`, `call` or `check_call` (or `Popen`
and `wait`) of one program that keeps running, and that has no handler for the stop signal.

## Why it matters

As PID 1 the wrapper ignores SIGTERM, and a stop waits for the grace period. Behind an init it is
worse: the wrapper ends on SIGTERM at once, the init with it, and the kernel kills the program,
which never gets the signal. So **an init doesn't help**.

## Example

```python
prepare()
sys.exit(subprocess.call(["gunicorn", "app:app"]))
```

## Use instead

```python
prepare()
os.execvp("gunicorn", ["gunicorn", "app:app"])
```

`exec` puts the program in the wrapper's place: it is PID 1 then, and gets the signal. Where the
wrapper has work to do afterwards, it has to pass the signal on and wait:

```python
child = subprocess.Popen(["gunicorn", "app:app"])
signal.signal(signal.SIGTERM, lambda *_: child.terminate())
sys.exit(child.wait())
```

## Fix safety

There is no automatic fix: buffers, open files and `finally` blocks of the wrapper are lost by exec.

## References

- https://docs.python.org/3/library/os.html#os.execvp
- pid_namespaces(7): signals to the init process of a namespace
"""

from __future__ import annotations

from collections.abc import Iterator

from initlint.rule import PYTHON_APP, Example, Finding, Rule
from initlint.subject import Subject


def check(subject: Subject) -> Iterator[Finding]:
    outcome = subject.likely
    if outcome.stops != "no" or outcome.shell_in_front or outcome.wrapper_in_front or outcome.shell_behind_init:
        return  # it stops, or what stands in front of it explains why it doesn't
    for _, mistake in outcome.mistakes:
        if mistake.kind == "drops-signals":
            yield RULE.mistake(
                subject,
                mistake,
                outcome=outcome,
                reasons=outcome.why,
                cure="replace the process with os.execvp, or pass the signal on: an init in front doesn't help",
            )


RULE = Rule(
    code="IL405",
    name="wrapper-program-drops-signals",
    severity="warning",
    summary="A program that only starts another one keeps the stop signal from it",
    check=check,
    examples=(
        Example(
            "subprocess.call as the last thing",
            {
                "Dockerfile": PYTHON_APP,
                "app.py": 'import subprocess, sys\nprint("starting")\nsys.exit(subprocess.call(["gunicorn", "app:app"]))\n',
            },
            rows=(("app.py", 3),),
        ),
        Example(
            "An init in front doesn't help",
            {
                "Dockerfile": "FROM python:3.12\n"
                "RUN apt-get update && apt-get install -y --no-install-recommends tini && rm -rf /var/lib/apt/lists/*\n"
                'COPY app.py .\nENTRYPOINT ["/usr/bin/tini", "--", "python", "app.py"]\nCMD ["redis-server"]\n',
                "app.py": "import subprocess, sys\nif __name__ == '__main__':\n    subprocess.run(sys.argv[1:], check=True)\n",
            },
            rows=(("app.py", 3),),
        ),
        Example(
            "It replaces itself by the program",
            {"Dockerfile": PYTHON_APP, "app.py": 'import os\nos.execvp("gunicorn", ["gunicorn", "app:app"])\n'},
        ),
        Example(
            "It passes the signal on",
            {
                "Dockerfile": PYTHON_APP,
                "app.py": "import signal, subprocess, sys\n"
                'child = subprocess.Popen(["gunicorn", "app:app"])\n'
                "signal.signal(signal.SIGTERM, lambda *_: child.terminate())\nsys.exit(child.wait())\n",
            },
        ),
        Example(
            "A command that ends by itself comes first",
            {
                "Dockerfile": PYTHON_APP,
                "app.py": "import signal, subprocess\n"
                'subprocess.run(["python", "manage.py", "migrate"], check=True)\nsignal.pause()\n',
            },
        ),
    ),
)
