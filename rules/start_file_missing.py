"""The start command names a file that isn't in the image.

## What it does

Reports a program, script or interpreter on the start's way that is certainly not in the image:
the build context lacks it, no instruction makes it, and the base image doesn't bring it. Likewise a
compiled program that the image can't run: one of another architecture than the platform that is named,
one that is cut short, one for glibc on an Alpine image without its loader.

## Why it matters

The container can't start.

## Example

```dockerfile
FROM debian:bookworm
COPY start.sh /app/
ENTRYPOINT ["/start.sh"]
```

## Use instead

```dockerfile
FROM debian:bookworm
COPY start.sh /app/
ENTRYPOINT ["/app/start.sh"]
```

## Fix safety

There is no automatic fix: which file was meant is for people to say.

## References

- https://docs.docker.com/reference/dockerfile/#copy
"""

from __future__ import annotations

from collections.abc import Iterator

from initlint.cure.intended import intended_trace
from initlint.rule import Example, Finding, Rule
from initlint.subject import Subject


def check(subject: Subject) -> Iterator[Finding]:
    outcome = intended_trace(subject).likely
    for problem in outcome.problems:
        if problem.fault not in ("missing", "interpreter-missing", "unfit", "directory") or problem.is_init:
            continue
        elsewhere = f"; {problem.elsewhere[0]} is there" if problem.elsewhere else ""
        yield RULE.finding(
            subject,
            problem.span or subject.place,
            f"the container can't start: {problem.why}{elsewhere}",
            outcome=outcome,
            cure="build it for this image"
            if problem.fault == "unfit"
            else f"write {problem.elsewhere[0]}"
            if problem.elsewhere
            else "copy it into the image, or mend the path",
        )


RULE = Rule(
    code="IL305",
    name="start-file-missing",
    severity="error",
    summary="The start command names a file that isn't in the image",
    check=check,
    examples=(
        Example(
            "Copied to another folder",
            {
                "Dockerfile": 'FROM scratch\nCOPY start.sh /app/\nENTRYPOINT ["/start.sh"]\n',
                "start.sh*": "#!/bin/sh\nexec redis-server\n",
            },
            rows=(3,),
        ),
        Example(
            "The right path",
            {
                "Dockerfile": 'FROM debian:bookworm\nCOPY start.sh /app/\nENTRYPOINT ["/app/start.sh"]\n',
                "start.sh*": "#!/bin/sh\nexec redis-server\n",
            },
        ),
        Example(
            "A program that may be installed", {"Dockerfile": 'FROM debian:bookworm\nRUN make install\nCMD ["app"]\n'}
        ),
    ),
)
