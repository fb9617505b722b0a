r"""The `#!` line of the file that is started ends in CR.

## What it does

Reports a script with Windows line ends: its first line ends in CR and LF.

## Why it matters

The kernel looks for an interpreter called `/bin/sh\r`, and says "no such file or directory" of a
file that is there.

## Example

```sh
#!/bin/sh\r
exec redis-server\r
```

## Use instead

```sh
#!/bin/sh
exec redis-server
```

A `.gitattributes` line `*.sh text eol=lf` keeps it so.

## Fix safety

Safe: the line ends of the script become LF.

## References

- gitattributes(5): eol
"""

from __future__ import annotations

from collections.abc import Iterator

from initlint.cure.intended import intended_trace
from initlint.rule import Example, Finding, Rule
from initlint.subject import Subject


def check(subject: Subject) -> Iterator[Finding]:
    outcome = intended_trace(subject).likely
    for problem in outcome.problems:
        if problem.fault != "crlf-shebang" or problem.source is None:
            continue
        yield RULE.finding(
            subject,
            problem.source.line_span(1),
            f"the container can't start: {problem.why}, and the kernel takes that for a part of the name",
            outcome=outcome,
            cure="save the script with LF line ends",
        )


RULE = Rule(
    code="IL308",
    name="start-file-crlf-shebang",
    severity="error",
    summary="The `#!` line of the file that is started ends in CR",
    check=check,
    settled_by=("shebang",),
    examples=(
        Example(
            "Windows line ends",
            {
                "Dockerfile": 'FROM debian:bookworm\nCOPY start.sh /\nENTRYPOINT ["/start.sh"]\n',
                "start.sh*": "#!/bin/sh\r\nexec redis-server\r\n",
            },
            rows=(("start.sh", 1),),
            fixed={"start.sh": "#!/bin/sh\nexec redis-server\n"},
        ),
        Example(
            "LF line ends",
            {
                "Dockerfile": 'FROM debian:bookworm\nCOPY start.sh /\nENTRYPOINT ["/start.sh"]\n',
                "start.sh*": "#!/bin/sh\nexec redis-server\n",
            },
        ),
    ),
)
