"""STOPSIGNAL names a signal that doesn't end the program.

## What it does

Reports a STOPSIGNAL instruction whose value is no signal, is SIGKILL, or is a signal on which
the program doesn't end although it ends on SIGTERM.

## Why it matters

The engine sends the signal that STOPSIGNAL names, waits for the grace period and then kills the
container. A signal without effect makes every stop slow and unclean.

## Example

```dockerfile
FROM redis:7
STOPSIGNAL SIGUSR2
```

## Use instead

```dockerfile
FROM redis:7
```

## Fix safety

There is no automatic fix: another signal may have been meant.

## References

- https://docs.docker.com/reference/dockerfile/#stopsignal
- measured per program: SIGINT ends python, SIGQUIT nginx and uwsgi, SIGUSR1 haproxy
"""

from __future__ import annotations

from collections.abc import Iterator

from initlint.boot.verdict import signal_name
from initlint.rule import Example, Finding, Rule
from initlint.subject import Subject
from initlint.targets.container import Value


def check(subject: Subject) -> Iterator[Finding]:
    stop = subject.container.stop_signal
    if not isinstance(stop, Value) or stop.origin != "dockerfile" or stop.span is None:
        return
    outcome = subject.likely
    signal = signal_name(stop.value)
    if signal is None:
        yield RULE.finding(subject, stop.span, f"{stop.value!r} is no signal", cure="name a signal, such as SIGTERM")
        return
    if signal == "SIGKILL":
        yield RULE.finding(
            subject,
            stop.span,
            "SIGKILL as the stop signal kills the program at once: it can't clean up",
            cure="use the signal on which the program ends cleanly",
        )
        return
    main = outcome.main
    if main is None or main.fact is None or outcome.stops != "no":
        return
    if main.fact.effects.get("SIGTERM") not in ("exits", "forwards"):
        return  # pid1-ignores-stop-signal explains it
    if outcome.shell_in_front or outcome.wrapper_in_front or outcome.shell_behind_init:
        return
    ends = [name for name, effect in main.fact.effects.items() if effect in ("exits", "forwards")]
    yield RULE.finding(
        subject,
        stop.span,
        f"{signal} doesn't end {main.process_name}: a stop waits for the grace period, then kills it",
        outcome=outcome,
        reasons=outcome.why,
        cure=f"{main.process_name} ends on {' and '.join(ends[:3])}",
    )


RULE = Rule(
    code="IL106",
    name="stop-signal-without-effect",
    severity="warning",
    summary="STOPSIGNAL names a signal that doesn't end the program",
    check=check,
    examples=(
        Example(
            "Not a signal", {"Dockerfile": 'FROM redis:7\nSTOPSIGNAL TERMINATE\nCMD ["redis-server"]\n'}, rows=(2,)
        ),
        Example("Nothing can be cleaned up", {"Dockerfile": "FROM redis:7\nSTOPSIGNAL SIGKILL\n"}, rows=(2,)),
        Example(
            "SIGQUIT makes java print its threads",
            {"Dockerfile": 'FROM debian:bookworm\nSTOPSIGNAL SIGQUIT\nCMD ["java", "-jar", "/app.jar"]\n'},
            rows=(2,),
        ),
        Example(
            "SIGINT ends python",
            {"Dockerfile": 'FROM python:3.12\nSTOPSIGNAL SIGINT\nCMD ["python", "-m", "http.server"]\n'},
        ),
        Example("SIGQUIT is nginx's clean stop", {"Dockerfile": "FROM nginx:1.27\nSTOPSIGNAL SIGQUIT\n"}),
    ),
)
