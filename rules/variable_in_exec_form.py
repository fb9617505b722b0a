"""A variable in a JSON start command isn't expanded: no shell reads it.

## What it does

Reports `$NAME` or `${NAME}` in an ENTRYPOINT or CMD array that reaches the program as it is
written. Arrays that start a shell, and entrypoint scripts that expand their arguments, are
followed first.

## Why it matters

The engine hands the words to the program unchanged: the program gets the five characters
`$PORT`.

## Example

```dockerfile
FROM debian:bookworm
ENV PORT=7000
CMD ["redis-server", "--port", "$PORT"]
```

## Use instead

```dockerfile
FROM debian:bookworm
ENV PORT=7000
CMD exec redis-server --port $PORT
```

## Fix safety

There is no automatic fix: the program's arguments would change.

## References

- https://docs.docker.com/reference/dockerfile/#variable-substitution
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from initlint.boot.shell_steps import SHELLS
from initlint.rule import Example, Finding, Rule
from initlint.subject import Subject
from initlint.targets.container import ExecForm, StartField

_VARIABLE = re.compile(r"\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(?::?[-+][^}]*)?\})")

# Programs that expand variables of the environment in their arguments by themselves.
_EXPAND_THEMSELVES = frozenset(["java", "envsubst", "awk", "gawk", "sed", "perl", "php", "ruby", "node", "supervisord"])


def check(subject: Subject) -> Iterator[Finding]:
    container = subject.container
    outcome = subject.likely
    for keyword, field in (("ENTRYPOINT", container.entrypoint), ("CMD", container.cmd)):
        if not isinstance(field, StartField) or not isinstance(field.form, ExecForm) or field.span is None:
            continue
        for word in field.form.argv:
            match = _VARIABLE.search(word)
            if match is None or not _reaches_a_program(subject, word):
                continue
            name = match.group(1) or match.group(2)
            if name not in container.env and name != name.upper():
                continue  # more likely a pattern or a password than a variable
            yield RULE.finding(
                subject,
                field.span,
                f"{match.group()} in {keyword} isn't expanded: no shell reads a JSON array",
                outcome=outcome if outcome.chain else None,
                cure="use shell form with `exec`, or write the value",
            )
            break


def _reaches_a_program(subject: Subject, word: str) -> bool:
    """Whether the word arrives, as it is written, at a program that isn't a shell or a template."""
    for link in subject.likely.chain:
        if word not in link.argv:
            return False
        if link.script is not None or link.interpreter is not None:
            continue
        if link.program in SHELLS or link.program in _EXPAND_THEMSELVES:
            return False
    last = subject.likely.chain[-1] if subject.likely.chain else None
    return last is not None and last.interpreter is None


RULE = Rule(
    code="IL304",
    name="variable-in-exec-form",
    severity="warning",
    summary="A variable in a JSON start command isn't expanded: no shell reads it",
    check=check,
    examples=(
        Example(
            "The program gets $PORT",
            {"Dockerfile": 'FROM debian:bookworm\nENV PORT=7000\nCMD ["redis-server", "--port", "$PORT"]\n'},
            rows=(3,),
        ),
        Example(
            "A shell reads it",
            {"Dockerfile": 'FROM debian:bookworm\nCMD ["sh", "-c", "exec redis-server --port $PORT"]\n'},
        ),
        Example("Shell form", {"Dockerfile": "FROM debian:bookworm\nCMD exec redis-server --port $PORT\n"}),
    ),
)
