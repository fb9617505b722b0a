"""The file that is started lacks the executable bit.

## What it does

Reports a start command whose file is copied without the executable bit and never made
executable. ADD from an address gives mode 0600.

## Why it matters

The container can't start: "permission denied".

## Example

```dockerfile
FROM debian:bookworm
COPY start.sh /
ENTRYPOINT ["/start.sh"]
```

## Use instead

```dockerfile
FROM debian:bookworm
COPY start.sh /
RUN chmod +x /start.sh
ENTRYPOINT ["/start.sh"]
```

or set the bit in the repository: `git update-index --chmod=+x start.sh`.

## Fix safety

Safe: the bit is set in the Dockerfile.

## References

- execve(2): EACCES
"""

from __future__ import annotations

from collections.abc import Iterator

from initlint.cure.intended import intended_trace
from initlint.rule import Example, Finding, Rule
from initlint.subject import Subject


def check(subject: Subject) -> Iterator[Finding]:
    outcome = intended_trace(subject).likely
    for problem in outcome.problems:
        if problem.fault == "not-executable" and not problem.is_init:  # init-not-executable tells of an init
            yield RULE.finding(
                subject,
                problem.span or subject.place,
                f"the container can't start: {problem.why}",
                outcome=outcome,
                cure=f"`RUN chmod +x {problem.path}`, or set the bit in the repository",
            )


RULE = Rule(
    code="IL306",
    name="start-file-not-executable",
    severity="error",
    summary="The file that is started lacks the executable bit",
    check=check,
    settled_by=("mode",),
    examples=(
        Example(
            "Copied without the bit",
            {
                "Dockerfile": 'FROM debian:bookworm\nCOPY start.sh /\nENTRYPOINT ["/start.sh"]\n',
                "start.sh": "#!/bin/sh\nexec redis-server\n",
            },
            rows=(3,),
            fixed={
                "Dockerfile": 'FROM debian:bookworm\nCOPY start.sh /\nRUN chmod +x /start.sh\nENTRYPOINT ["/start.sh"]\n'
            },
        ),
        Example(
            "Made executable",
            {
                "Dockerfile": 'FROM debian:bookworm\nCOPY start.sh /\nRUN chmod +x /start.sh\nENTRYPOINT ["/start.sh"]\n',
                "start.sh": "#!/bin/sh\nexec redis-server\n",
            },
        ),
        Example(
            "A shell reads it",
            {
                "Dockerfile": 'FROM debian:bookworm\nCOPY start.sh /\nENTRYPOINT ["sh", "/start.sh"]\n',
                "start.sh": "#!/bin/sh\nexec redis-server\n",
            },
        ),
    ),
)
