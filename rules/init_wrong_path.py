"""The start command names an init at a path where it isn't.

## What it does

Reports a start command whose init is in the image, at another path: Alpine's package installs
/sbin/tini, Debian's /usr/bin/tini.

## Why it matters

The container can't start: "no such file or directory".

## Example

```dockerfile
FROM alpine:3.22
RUN apk add --no-cache tini
ENTRYPOINT ["/usr/bin/tini", "--"]
CMD ["redis-server"]
```

## Use instead

```dockerfile
FROM alpine:3.22
RUN apk add --no-cache tini
ENTRYPOINT ["/sbin/tini", "--"]
CMD ["redis-server"]
```

## Fix safety

Safe: the container can't start as it is.

## References

- the file lists of the distributions' tini and dumb-init packages
"""

from __future__ import annotations

from collections.abc import Iterator

from initlint.cure.intended import intended_trace
from initlint.rule import Example, Finding, Rule
from initlint.subject import Subject


def check(subject: Subject) -> Iterator[Finding]:
    outcome = intended_trace(subject).likely
    for problem in outcome.problems:
        if not problem.is_init or problem.fault != "missing" or not problem.elsewhere:
            continue
        yield RULE.finding(
            subject,
            problem.span or subject.place,
            f"{problem.path} isn't in the image, {problem.elsewhere[0]} is: the container can't start",
            outcome=outcome,
            reasons=(problem.why,),
            cure=f"write {problem.elsewhere[0]}",
        )


RULE = Rule(
    code="IL202",
    name="init-wrong-path",
    severity="error",
    summary="The start command names an init at a path where it isn't",
    check=check,
    settled_by=("path",),
    examples=(
        Example(
            "Alpine's tini is in /sbin",
            {
                "Dockerfile": "FROM alpine:3.22\nRUN apk add --no-cache tini\n"
                'ENTRYPOINT ["/usr/bin/tini", "--"]\nCMD ["redis-server"]\n'
            },
            rows=(3,),
            fixed={
                "Dockerfile": "FROM alpine:3.22\nRUN apk add --no-cache tini\n"
                'ENTRYPOINT ["/sbin/tini", "--"]\nCMD ["redis-server"]\n'
            },
        ),
        Example(
            "The right path",
            {
                "Dockerfile": "FROM alpine:3.22\nRUN apk add --no-cache tini\n"
                'ENTRYPOINT ["/sbin/tini", "--"]\nCMD ["redis-server"]\n'
            },
        ),
        Example(
            "Found on PATH",
            {
                "Dockerfile": 'FROM alpine:3.22\nRUN apk add --no-cache tini\nENTRYPOINT ["tini", "--"]\nCMD ["redis-server"]\n'
            },
        ),
    ),
)
