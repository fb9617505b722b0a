"""A file isn't the Dockerfile that it should be.

## What it does

Reports a file that BuildKit would refuse: without FROM, with an unknown instruction, an
unfinished heredoc or a flag that doesn't exist, or without the stage that `--target` names.

## Why it matters

What can't be parsed can't be checked, and `initlint fix` doesn't touch it. It is an error that
can't be switched off, and the exit code is 2. All other targets are still checked.

## Example

```dockerfile
RUN echo hello
CMD ["python", "app.py"]
```

## Use instead

```dockerfile
FROM python:3.12
RUN echo hello
CMD ["python", "app.py"]
```

## Fix safety

There is no fix: what was meant can't be known.

## References

- [Dockerfile reference: format](https://docs.docker.com/reference/dockerfile/#format)
"""

from __future__ import annotations

from initlint.rule import Example, Rule

RULE = Rule(
    code="IL002",
    name="unparsable-input",
    severity="error",
    summary="A file that BuildKit would refuse",
    check=None,  # the linter reports it
    examples=(
        Example("No FROM", {"Dockerfile": "RUN echo hello\n"}, rows=(1,)),
        Example("An unknown instruction", {"Dockerfile": "FROM debian:12\nRUM echo hello\n"}, rows=(2,)),
        Example("A Dockerfile", {"Dockerfile": "FROM debian:12\nRUN echo hello\n"}),
    ),
)
