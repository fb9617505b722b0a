"""A start command looks like a JSON array and isn't one, so that a shell gets it.

## What it does

Reports an ENTRYPOINT or CMD that starts with `[` but isn't a JSON array of strings: single
quotes, a missing comma, a quote too many, text behind the bracket.

## Why it matters

BuildKit takes what isn't an array for a shell line without a word. The shell then looks for a
program called `[/tini,` or `[`, and the container can't start; a shell-form ENTRYPOINT drops
CMD as well.

## Example

```dockerfile
FROM debian:bookworm
CMD ['redis-server']
```

## Use instead

```dockerfile
FROM debian:bookworm
CMD ["redis-server"]
```

## Fix safety

Safe where only one array can have been meant.

## References

- https://docs.docker.com/reference/dockerfile/#exec-form
"""

from __future__ import annotations

from collections.abc import Iterator

from initlint.rule import Example, Finding, Rule
from initlint.subject import Subject
from initlint.targets.container import ShellForm, StartField


def check(subject: Subject) -> Iterator[Finding]:
    container = subject.container
    for keyword, field in (("ENTRYPOINT", container.entrypoint), ("CMD", container.cmd)):
        if not isinstance(field, StartField) or not isinstance(field.form, ShellForm) or field.span is None:
            continue
        if not field.form.looks_like_json:
            continue
        problem = f": {field.form.json_problem}" if field.form.json_problem else ""
        yield RULE.finding(
            subject,
            field.span,
            f"{keyword} looks like JSON and isn't, so that a shell gets it{problem}",
            cure="write a JSON array of strings in double quotes",
        )


RULE = Rule(
    code="IL301",
    name="not-exec-form",
    severity="error",
    summary="A start command looks like a JSON array and isn't one, so that a shell gets it",
    check=check,
    settled_by=("json",),
    examples=(
        Example(
            "Single quotes",
            {"Dockerfile": "FROM debian:bookworm\nCMD ['redis-server', '--port', '1']\n"},
            rows=(2,),
            fixed={"Dockerfile": 'FROM debian:bookworm\nCMD ["redis-server", "--port", "1"]\n'},
        ),
        Example(
            "A comma is missing",
            {"Dockerfile": 'FROM debian:bookworm\nCMD ["redis-server" "--port", "1"]\n'},
            rows=(2,),
            fixed={"Dockerfile": 'FROM debian:bookworm\nCMD ["redis-server", "--port", "1"]\n'},
        ),
        Example("An array", {"Dockerfile": 'FROM debian:bookworm\nCMD ["redis-server"]\n'}),
        Example(
            "The shell's own test", {"Dockerfile": "FROM debian:bookworm\nCMD [ -f /run/x ] && exec redis-server\n"}
        ),
    ),
)
