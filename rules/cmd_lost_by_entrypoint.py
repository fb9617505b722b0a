"""A new ENTRYPOINT clears the CMD that the base image brings, and nothing is left to start.

## What it does

Reports an ENTRYPOINT that needs arguments (an init, a script that ends in `exec "$@"`) in a stage
without a CMD of its own, where the base image's CMD was cleared by it.

## Why it matters

ENTRYPOINT clears an inherited CMD. `ENTRYPOINT ["tini", "--"]` on top of an image with a CMD
starts tini with nothing to run.

## Example

```dockerfile
FROM redis:7
RUN apt-get update && apt-get install -y tini
ENTRYPOINT ["tini", "--", "docker-entrypoint.sh"]
```

## Use instead

```dockerfile
FROM redis:7
RUN apt-get update && apt-get install -y tini
ENTRYPOINT ["tini", "--", "docker-entrypoint.sh"]
CMD ["redis-server"]
```

## Fix safety

There is no automatic fix: which command was meant is for people to say.

## References

- https://docs.docker.com/reference/dockerfile/#understand-how-cmd-and-entrypoint-interact
"""

from __future__ import annotations

from collections.abc import Iterator

from initlint.rule import Example, Finding, Rule
from initlint.subject import Subject
from initlint.targets.container import StartField
from initlint.targets.dockerfile.containers import is_repl


def check(subject: Subject) -> Iterator[Finding]:
    container = subject.container
    cmd, entrypoint = container.cmd, container.entrypoint
    if not isinstance(cmd, StartField) or cmd.form is not None or not cmd.inherited_cleared:
        return
    if not isinstance(entrypoint, StartField) or entrypoint.span is None:
        return
    outcome = subject.likely
    if outcome.pid1 != "none" or outcome.problem is not None or outcome.jobs:
        return
    match = container.base.match
    lost = match.fact.cmd if match is not None else None
    if match is not None and (not lost or is_repl(lost)):
        return  # nothing was lost that a container would run
    if outcome.chain and outcome.chain[-1].kind not in ("init", "shell"):
        return  # the program needs no arguments, it just ends
    what = f" {list(lost)}" if lost else ""
    yield RULE.finding(
        subject,
        entrypoint.span,
        f"this ENTRYPOINT clears the base image's CMD{what}, and is left with nothing to start",
        outcome=outcome,
        reasons=outcome.why,
        cure="write CMD again behind ENTRYPOINT",
    )


RULE = Rule(
    code="IL302",
    name="cmd-lost-by-entrypoint",
    severity="warning",
    summary="A new ENTRYPOINT clears the CMD that the base image brings, and nothing is left to start",
    check=check,
    examples=(
        Example(
            "The init has nothing to start",
            {"Dockerfile": 'FROM redis:7\nRUN apt-get update && apt-get install -y tini\nENTRYPOINT ["tini", "--"]\n'},
            rows=(3,),
        ),
        Example(
            "CMD written again",
            {
                "Dockerfile": "FROM redis:7\nRUN apt-get update && apt-get install -y tini\n"
                'ENTRYPOINT ["tini", "--"]\nCMD ["redis-server"]\n'
            },
        ),
        Example(
            "An ENTRYPOINT that needs no arguments",
            {"Dockerfile": 'FROM python:3.12\nENTRYPOINT ["python", "-m", "http.server"]\nSTOPSIGNAL SIGINT\n'},
        ),
    ),
)
