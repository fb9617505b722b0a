"""The stop signal has no effect on PID 1.

## What it does

Reports a container whose main program is PID 1 and doesn't end on the stop signal: it installed
no handler, so that the kernel drops the signal, or it reloads instead.

## Why it matters

`docker stop`, a pod's deletion and a node's shutdown wait out the whole grace period and end in
SIGKILL. Requests in flight and data that wasn't written are lost.

## Example

```dockerfile
FROM node:22
CMD ["node", "server.js"]
```

## Use instead

```dockerfile
FROM node:22
RUN apt-get update && apt-get install -y --no-install-recommends tini && rm -rf /var/lib/apt/lists/*
ENTRYPOINT ["/usr/bin/tini", "--", "docker-entrypoint.sh"]
CMD ["node", "server.js"]
```

Better still, handle SIGTERM in the program and end cleanly. For some programs another
`STOPSIGNAL` does: SIGINT ends python, SIGQUIT ends uwsgi.

## Fix safety

Safe. Behind an init a program without a handler ends at once on the signal, without cleanup,
with exit code 143 in place of 137.

## References

- pid_namespaces(7): signals to the init process of a namespace
- docker stop: https://docs.docker.com/reference/cli/docker/container/stop/
"""

from __future__ import annotations

from collections.abc import Iterator

from initlint.boot.verdict import signal_name
from initlint.rule import Example, Finding, Rule
from initlint.subject import Subject
from initlint.targets.container import Unresolved


def check(subject: Subject) -> Iterator[Finding]:
    outcome = subject.likely
    process = outcome.pid1_process
    if process is None or outcome.stops != "no":
        return
    if outcome.shell_in_front or outcome.wrapper_in_front or outcome.shell_behind_init:
        return  # shell-keeps-pid1, wrapper-keeps-pid1 or init-before-shell-that-stays explains it
    if outcome.has_mistake("drops-signals"):
        return  # wrapper-program-drops-signals explains it
    main = outcome.main or process
    if outcome.stop_effect == "kills" and main.fact is not None and main.fact.keeps_child:
        return  # a reloader: PID 1 does end, its server is killed, and nothing in front of them mends that
    stop_signal = subject.container.stop_signal
    if isinstance(stop_signal, Unresolved):
        signal: str | None = "SIGTERM"
    else:
        signal = signal_name(stop_signal.value)
        if stop_signal.origin == "dockerfile" and (signal in (None, "SIGKILL") or _ends_on_term(subject)):
            return  # stop-signal-without-effect explains it
    name = main.process_name
    if outcome.stop_effect == "reloads":
        message = f"{name} reloads on {signal} instead of ending: a stop waits for the grace period, then kills it"
        cure = "name the signal that ends it with STOPSIGNAL" if main.fact is None else _own_signal(subject)
    elif process.kind == "init":
        message = f"{name} doesn't end on {signal}: a stop waits for the grace period, then kills it"
        cure = "handle the signal in the program"
    else:
        message = f"{name} ignores {signal} as PID 1: a stop waits for the grace period, then kills it"
        cure = "put an init such as tini in front, and handle the signal in the program for a clean end"
        if signal != "SIGTERM" and _ends_on_term(subject):
            cure = f"write `STOPSIGNAL SIGTERM`: it ends {name}"
        elif main.kind == "wrapper":
            cure = f"start the program behind {name} itself"
        elif process.shell is not None:
            cure = "trap the signal in the script and exit"
    yield RULE.finding(subject, subject.place, message, outcome=outcome, reasons=outcome.why, cure=cure)


def _own_signal(subject: Subject) -> str:
    main = subject.likely.main
    if main is not None and main.fact is not None and main.fact.own_stop_signal:
        return f"STOPSIGNAL {main.fact.own_stop_signal} ends it"
    return "name the signal that ends it with STOPSIGNAL"


def _ends_on_term(subject: Subject) -> bool:
    main = subject.likely.main
    if main is None or main.fact is None:
        return False
    return main.fact.effects.get("SIGTERM") in ("exits", "forwards")


RULE = Rule(
    code="IL102",
    name="pid1-ignores-stop-signal",
    severity="warning",
    summary="The stop signal has no effect on PID 1",
    check=check,
    settled_by=("init",),
    examples=(
        Example(
            "A reloader ends, and with it the server that it keeps in a child",
            {"Dockerfile": 'FROM python:3.12\nCMD ["flask", "run", "--debug"]\n'},
        ),
        Example(
            "node without a handler",
            {"Dockerfile": 'FROM node:22\nWORKDIR /app\nCOPY server.js .\nCMD ["node", "server.js"]\n',
             "server.js": "require('http').createServer((q, r) => r.end('hi')).listen(8080)\n"},
            rows=(4,),
            fixed={"Dockerfile": "FROM node:22\n"
                   "RUN apt-get update && apt-get install -y --no-install-recommends tini"
                   " && rm -rf /var/lib/apt/lists/*\n"
                   'WORKDIR /app\nCOPY server.js .\nENTRYPOINT ["/usr/bin/tini", "--", "docker-entrypoint.sh"]\n'
                   'CMD ["node", "server.js"]\n'},
        ),
        Example(
            "node with a handler",
            {"Dockerfile": 'FROM node:22\nWORKDIR /app\nCOPY server.js .\nCMD ["node", "server.js"]\n',
             "server.js": "const s = require('http').createServer((q, r) => r.end('hi')).listen(8080)\n"
                          "process.on('SIGTERM', () => s.close(() => process.exit(0)))\n"},
        ),
        Example(
            "Apache's image has a stop signal that other programs don't know",
            {"Dockerfile": 'FROM php:8.3-apache\nRUN apt-get update && apt-get install -y supervisor\n'
             'CMD ["supervisord", "-n"]\n'},
            rows=(3,),
        ),
        Example("nginx ends on its stop signal", {"Dockerfile": "FROM nginx:1.27\n"}),
        Example(
            "SIGINT ends python",
            {"Dockerfile": 'FROM python:3.12\nCOPY app.py .\nSTOPSIGNAL SIGINT\nCMD ["python", "app.py"]\n',
             "app.py": "import time\nwhile True:\n    time.sleep(1)\n"},
        ),
    ),
)  # fmt: skip
