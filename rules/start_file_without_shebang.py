"""The file that is started has no `#!` line.

## What it does

Reports a script that the engine is told to execute and that doesn't say by which interpreter;
behind an init also one that isn't written for /bin/sh.

## Why it matters

The kernel refuses it: "exec format error". An init or a shell in front runs it with /bin/sh
instead, whatever language it is written in.

## Example

```sh
import app
app.run()
```

## Use instead

```sh
#!/usr/bin/env python3
import app
app.run()
```

## Fix safety

Safe where the file is a shell script: `#!/bin/sh`. Unsafe where the language is guessed from the
file's name or text.

## References

- execve(2): ENOEXEC; execvp(3) falls back to /bin/sh
"""

from __future__ import annotations

from collections.abc import Iterator

from initlint.cure.intended import intended_trace
from initlint.rule import Example, Finding, Rule
from initlint.subject import Subject


def check(subject: Subject) -> Iterator[Finding]:
    outcome = intended_trace(subject).likely
    for problem in outcome.problems:
        if problem.fault not in ("without-shebang", "empty"):
            continue
        yield RULE.finding(
            subject,
            problem.span or subject.place,
            f"the container can't start: {problem.why}",
            outcome=outcome,
            cure="name the interpreter in the file's first line, such as `#!/bin/sh`",
        )


RULE = Rule(
    code="IL307",
    name="start-file-without-shebang",
    severity="error",
    summary="The file that is started has no `#!` line",
    check=check,
    settled_by=("shebang",),
    examples=(
        Example(
            "The kernel refuses it",
            {
                "Dockerfile": 'FROM debian:bookworm\nCOPY start.sh /\nENTRYPOINT ["/start.sh"]\n',
                "start.sh*": "exec redis-server\n",
            },
            rows=(3,),
            fixed={"start.sh": "#!/bin/sh\nexec redis-server\n"},
        ),
        Example(
            "With an interpreter",
            {
                "Dockerfile": 'FROM debian:bookworm\nCOPY start.sh /\nENTRYPOINT ["/start.sh"]\n',
                "start.sh*": "#!/bin/sh\nexec redis-server\n",
            },
        ),
    ),
)
