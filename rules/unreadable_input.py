"""A target can't be read.

## What it does

Reports a target whose content can't be had: a path that doesn't exist, a folder in which there
is no Dockerfile, a file that is binary, too large or not permitted to be read.

## Why it matters

What wasn't read wasn't checked. A CI job that looks at a folder which has moved would stay green
for ever; so this is an error that can't be switched off, and the exit code is 2. All other
targets are still checked.

## Example

```console
$ initlint check dokcer/
dokcer/:1:1: error: no such file or folder [IL001 unreadable-input]
```

## Use instead

```console
$ initlint check docker/
```

## Fix safety

There is nothing to fix in a file.

## References

- [What initlint takes as a target](../configuration.md#targets)
"""

from __future__ import annotations

from initlint.rule import Example, Rule

RULE = Rule(
    code="IL001",
    name="unreadable-input",
    severity="error",
    summary="A target that can't be read",
    check=None,  # the linter reports it
    examples=(
        Example("A binary file", {"Dockerfile": "FROM debian:12\nCMD \x00\n"}, rows=(1,)),
        Example("A Dockerfile", {"Dockerfile": "FROM debian:12\n"}),
    ),
)
