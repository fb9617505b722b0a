"""An init is started behind a process that stays PID 1.

## What it does

Reports an init such as tini that isn't PID 1, because a shell or a launcher stays in front of it.

## Why it matters

Orphans go to PID 1. An init that isn't PID 1 doesn't see them (tini warns of it; with `-s` it
reaps its own descendants, but never what `docker exec` or a probe leaves behind), and the stop
signal goes to the process in front.

## Example

```dockerfile
FROM debian:bookworm
RUN apt-get update && apt-get install -y tini
ENTRYPOINT tini -- redis-server
```

## Use instead

```dockerfile
FROM debian:bookworm
RUN apt-get update && apt-get install -y tini
ENTRYPOINT ["tini", "--", "redis-server"]
```

or `ENTRYPOINT exec tini -- redis-server $OPTIONS` where a variable must expand.

## Fix safety

Safe: `exec` before the init, which a shell that stays would have waited for.

## References

- https://github.com/krallin/tini#subreaping
"""

from __future__ import annotations

from collections.abc import Iterator

from initlint.rule import Example, Finding, Rule
from initlint.subject import Subject


def check(subject: Subject) -> Iterator[Finding]:
    outcome = subject.likely
    front = outcome.pid1_process
    if front is None or outcome.pid1_link is None or front.kind == "init":
        return
    for link in outcome.chain[outcome.pid1_link + 1 :]:
        if link.kind != "init":
            continue
        end = front.shell_end
        stays = end.stays if end is not None else None
        place = stays.command if front.script is not None and stays is not None and stays.command else subject.place
        cure = f"write `exec` before {link.program}"
        if front.shell is None:
            cure = f"start {link.program} first"
        elif stays is not None and stays.exec_at is None:
            cure = f"make {link.program} the first program of the start command"
        yield RULE.finding(
            subject,
            place,
            f"{link.program} isn't PID 1: {front.process_name} stays in front of it",
            outcome=outcome,
            reasons=outcome.why,
            cure=cure,
        )
        return


RULE = Rule(
    code="IL207",
    name="init-not-pid1",
    severity="warning",
    summary="An init is started behind a process that stays PID 1",
    check=check,
    settled_by=("exec",),
    examples=(
        Example(
            "Shell form under Debian's sh",
            {
                "Dockerfile": "FROM debian:bookworm\nRUN apt-get update && apt-get install -y tini\n"
                "ENTRYPOINT tini -- redis-server\n"
            },
            rows=(3,),
            fixed={
                "Dockerfile": "FROM debian:bookworm\nRUN apt-get update && apt-get install -y tini\n"
                "ENTRYPOINT exec tini -- redis-server\n"
            },
        ),
        Example(
            "Inside a script without exec",
            {
                "Dockerfile": "FROM debian:bookworm\nRUN apt-get update && apt-get install -y tini\n"
                'COPY start.sh /\nENTRYPOINT ["/start.sh"]\n',
                "start.sh*": "#!/bin/sh\ntini -- redis-server\n",
            },
            rows=(("start.sh", 2),),
            fixed={"start.sh": "#!/bin/sh\nexec tini -- redis-server\n"},
        ),
        Example(
            "exec makes it PID 1",
            {
                "Dockerfile": "FROM debian:bookworm\nRUN apt-get update && apt-get install -y tini\n"
                "ENTRYPOINT exec tini -- redis-server\n"
            },
        ),
    ),
)
