"""An init lacks the executable bit.

## What it does

Reports a start command whose init is downloaded or copied without the executable bit, and never
made executable. ADD from an address gives mode 0600, curl and wget give 0644.

## Why it matters

The container can't start: "exec: \"/tini\": permission denied".

## Example

```dockerfile
FROM debian:bookworm
ADD https://github.com/krallin/tini/releases/download/v0.19.0/tini /tini
ENTRYPOINT ["/tini", "--"]
CMD ["redis-server"]
```

## Use instead

```dockerfile
FROM debian:bookworm
ADD https://github.com/krallin/tini/releases/download/v0.19.0/tini /tini
RUN chmod +x /tini
ENTRYPOINT ["/tini", "--"]
CMD ["redis-server"]
```

With BuildKit `ADD --chmod=755` does it without another layer; the distribution's package needs
neither.

## Fix safety

Safe: the bit is set in the Dockerfile.

## References

- https://docs.docker.com/reference/dockerfile/#add: mode 0600
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
        if problem.is_init and problem.fault == "not-executable":
            yield RULE.finding(
                subject,
                problem.span or subject.place,
                f"the container can't start: {problem.why} (permission denied)",
                outcome=outcome,
                cure=f"`RUN chmod +x {problem.path}` behind what brings it, or ADD and COPY with --chmod=755",
            )


_HEAD = "FROM debian:bookworm\nADD https://github.com/krallin/tini/releases/download/v0.19.0/tini /tini\n"
_START = 'ENTRYPOINT ["/tini", "--"]\nCMD ["redis-server"]\n'

RULE = Rule(
    code="IL204",
    name="init-not-executable",
    severity="error",
    summary="An init lacks the executable bit",
    check=check,
    settled_by=("mode",),
    examples=(
        Example(
            "ADD gives mode 0600",
            {"Dockerfile": _HEAD + _START},
            rows=(3,),
            fixed={"Dockerfile": _HEAD + "RUN chmod +x /tini\n" + _START},
        ),
        Example("Made executable", {"Dockerfile": _HEAD + "RUN chmod +x /tini\n" + _START}),
        Example("Added with its mode", {"Dockerfile": _HEAD.replace("ADD ", "ADD --chmod=755 ") + _START}),
    ),
)
