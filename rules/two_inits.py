"""Two inits stand in front of the program, one behind the other.

## What it does

Reports an init that another init starts: the base image's ENTRYPOINT has one already, ENTRYPOINT and
CMD or a start script name one each, or the engine is told to bring its own (`init: true`) for an
image that has one.

## Why it matters

One is enough. Orphans go to the first of them; the second reaps nothing, and tini says so at every
start: "Tini is not running as PID 1 and isn't registered as a child subreaper". Nothing is broken,
but people look for what is wrong. The signals take a longer way too: dumb-init behind tini makes a
session of its own.

A tini that is told to be a subreaper (`-s`, TINI_SUBREAPER), as images do that are also run with
`--init`, is an info only. What starts services (runsvdir, my_init) is no second init; s6-overlay's
/init and systemd behind an init are for IL207.

## Example

```dockerfile
FROM debian:bookworm
RUN apt-get update && apt-get install -y tini
ENTRYPOINT ["tini", "--"]
CMD ["tini", "--", "redis-server"]
```

## Use instead

```dockerfile
FROM debian:bookworm
RUN apt-get update && apt-get install -y tini
ENTRYPOINT ["tini", "--"]
CMD ["redis-server"]
```

## Fix safety

Safe: the second init is left out. No fix where one of the two signals a process group and the other
its child alone (dumb-init, `tini -g`), where a script starts it, or where it isn't in the Dockerfile.

## References

- https://github.com/krallin/tini/issues/141
- https://docs.docker.com/reference/compose-file/services/#init
"""

from __future__ import annotations

from collections.abc import Iterator

from initlint.boot.model import Link
from initlint.boot.verdict import is_subreaper
from initlint.rule import Example, Finding, Rule, Severity
from initlint.subject import Subject
from initlint.targets.container import StartField

# Inits that do nothing but start one program; others start services as well, and are needed for that.
_OF_ONE_PROGRAM = frozenset(["tini", "docker-init", "podman-init", "dumb-init", "catatonit", "pid1", "pyinit"])


def check(subject: Subject) -> Iterator[Finding]:
    outcome = subject.likely
    first = outcome.pid1_process
    if first is None or first.kind != "init" or outcome.pid1_link is None:
        return
    second = next((link for link in outcome.chain[outcome.pid1_link + 1 :] if link.kind == "init"), None)
    if second is None or second.fact is None or second.fact.name not in _OF_ONE_PROGRAM:
        return
    subreaper = is_subreaper(second, subject.container.env)
    severity: Severity = "info" if subreaper else "warning"
    warns = second.program.startswith("tini") and not subreaper
    yield RULE.finding(
        subject,
        second.cause or subject.place,
        f"{second.program} is started by {_whose(subject, first)}, which is PID 1 and an init already",
        severity=severity,
        reasons=("tini warns at every start that it isn't PID 1",) if warns else (),
        cure=f"leave {second.program} out" if not subject.container.runtime_init else "leave `init: true` out",
    )._replace(outcome=outcome)


def _whose(subject: Subject, first: Link) -> str:
    entrypoint = subject.container.entrypoint
    if subject.container.runtime_init:
        return f"the engine's own {first.program}"
    if isinstance(entrypoint, StartField) and entrypoint.origin == "base-image":
        return f"the base image's {first.program}"
    return first.program


_HEAD = "FROM debian:bookworm\nRUN apt-get update && apt-get install -y tini dumb-init\n"

RULE = Rule(
    code="IL208",
    name="two-inits",
    severity="warning",
    summary="Two inits stand in front of the program, one behind the other",
    check=check,
    settled_by=("one-init",),
    examples=(
        Example(
            "ENTRYPOINT and CMD have one each",
            {"Dockerfile": _HEAD + 'ENTRYPOINT ["tini", "--"]\nCMD ["tini", "--", "redis-server"]\n'},
            rows=(4,),
            fixed={"Dockerfile": _HEAD + 'ENTRYPOINT ["tini", "--"]\nCMD ["redis-server"]\n'},
        ),
        Example(
            "A script starts the second",
            {
                "Dockerfile": _HEAD + 'COPY start.sh /\nENTRYPOINT ["tini", "--", "/start.sh"]\n',
                "start.sh*": "#!/bin/sh\nexec dumb-init redis-server\n",
            },
            rows=(("start.sh", 2),),
        ),
        Example("One init", {"Dockerfile": _HEAD + 'ENTRYPOINT ["tini", "--"]\nCMD ["redis-server"]\n'}),
        Example(
            "runsvdir starts services",
            {"Dockerfile": _HEAD + 'RUN apt-get install -y runit\nCMD ["tini", "--", "runsvdir", "/etc/service"]\n'},
        ),
        Example(
            "The script starts no other",
            {
                "Dockerfile": _HEAD + 'COPY start.sh /\nENTRYPOINT ["tini", "--", "/start.sh"]\n',
                "start.sh*": "#!/bin/sh\nexec redis-server\n",
            },
        ),
    ),
)
