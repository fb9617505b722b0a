"""A shell-form ENTRYPOINT ignores CMD.

## What it does

Reports a CMD that stands beside a shell-form ENTRYPOINT which doesn't use its arguments.

## Why it matters

A shell-form ENTRYPOINT runs `/bin/sh -c LINE`, and the words of CMD become `$0`, `$1`, … of that
line, not arguments of the program. CMD, and the arguments of `docker run IMAGE …`, have no
effect.

## Example

```dockerfile
FROM debian:bookworm
ENTRYPOINT exec redis-server
CMD ["--port", "7000"]
```

## Use instead

```dockerfile
FROM debian:bookworm
ENTRYPOINT ["redis-server"]
CMD ["--port", "7000"]
```

## Fix safety

There is no automatic fix: the program's arguments would change.

## References

- https://docs.docker.com/reference/dockerfile/#shell-form-entrypoint-example
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from initlint.rule import Example, Finding, Rule
from initlint.subject import Subject
from initlint.targets.container import ShellForm, StartField

_USES_ARGUMENTS = re.compile(r"\$(?:[@*0-9]|\{[@*0-9])")


def check(subject: Subject) -> Iterator[Finding]:
    entrypoint, cmd = subject.container.entrypoint, subject.container.cmd
    if not isinstance(entrypoint, StartField) or not isinstance(entrypoint.form, ShellForm):
        return
    if not isinstance(cmd, StartField) or cmd.form is None or cmd.span is None:
        return
    if entrypoint.form.looks_like_json or _USES_ARGUMENTS.search(entrypoint.form.text):
        return  # not-exec-form explains the first
    yield RULE.finding(
        subject,
        cmd.span,
        "CMD has no effect: the shell-form ENTRYPOINT doesn't use its arguments",
        cure="write ENTRYPOINT as a JSON array, or put the arguments into it",
    )


RULE = Rule(
    code="IL303",
    name="cmd-dropped-by-shell-entrypoint",
    severity="warning",
    summary="A shell-form ENTRYPOINT ignores CMD",
    check=check,
    examples=(
        Example(
            "The port never arrives",
            {"Dockerfile": 'FROM debian:bookworm\nENTRYPOINT exec redis-server\nCMD ["--port", "7000"]\n'},
            rows=(3,),
        ),
        Example(
            "The line uses its arguments",
            {"Dockerfile": 'FROM debian:bookworm\nENTRYPOINT exec redis-server "$0" "$@"\nCMD ["--port", "7000"]\n'},
        ),
        Example(
            "JSON form", {"Dockerfile": 'FROM debian:bookworm\nENTRYPOINT ["redis-server"]\nCMD ["--port", "7000"]\n'}
        ),
    ),
)
