"""An init is given its program without `--` before it.

## What it does

Reports `tini PROGRAM …` without `--`: an error where the next argument is an option, which the
init takes for its own, else an info.

## Why it matters

`tini python3 -c …` fails with "invalid option -- 'c'", because glibc's getopt looks for options
behind the program's name as well. With `--` everything that follows is the program's.

## Example

```dockerfile
FROM debian:bookworm
RUN apt-get update && apt-get install -y tini python3
ENTRYPOINT ["/usr/bin/tini"]
CMD ["-c", "import app"]
```

## Use instead

```dockerfile
FROM debian:bookworm
RUN apt-get update && apt-get install -y tini python3
ENTRYPOINT ["/usr/bin/tini", "--", "python3"]
CMD ["-c", "import app"]
```

## Fix safety

Safe: the program gets the arguments that it was meant to get.

## References

- measured: tini 0.19 of Debian 12 refuses, dumb-init accepts
"""

from __future__ import annotations

from collections.abc import Iterator

from initlint.boot.model import Link, is_known
from initlint.rule import Example, Finding, Rule
from initlint.subject import Subject

# musl's getopt stops at the program's name, glibc's doesn't.
_MUSL = frozenset(["alpine"])
_PARSED = frozenset(["tini", "tini-static", "docker-init", "catatonit"])
_VALUED = frozenset(["-p", "-e"])


def check(subject: Subject) -> Iterator[Finding]:
    outcome = subject.likely
    for link in outcome.chain:
        if link.program not in _PARSED:
            continue
        command = _command_without_separator(link)
        if command is None:
            continue
        reorders = subject.container.base.os_family not in _MUSL
        option = next((word for word in link.argv[command:] if is_known(word) and word.startswith("-")), None)
        name = link.argv[command]
        if option is not None and (reorders or option == name):
            yield RULE.finding(
                subject,
                link.cause or subject.place,
                f"{link.program} takes {option} for an option of its own and fails: `--` is missing before {name}",
                outcome=outcome if outcome.sure else None,
                cure=f"write `--` behind {link.program}",
            )
        else:
            yield RULE.finding(
                subject,
                link.cause or subject.place,
                f"{link.program} has no `--` before {name}: arguments that look like options would be its own",
                severity="info",
                cure=f"write `--` behind {link.program}",
            )


def _command_without_separator(link: Link) -> int | None:
    """Where the program's name stands in an init's argv when no `--` stands before it."""
    at = 1
    while at < len(link.argv):
        word = link.argv[at]
        if word == "--" or not is_known(word):
            return None
        if not word.startswith("-"):
            return at
        if word[1:2] and set(word[1:]) <= set("svgwVhpel" if link.program != "catatonit" else "ghLPV"):
            at += 2 if word in _VALUED and link.program != "catatonit" else 1
            continue
        return at
    return None


RULE = Rule(
    code="IL206",
    name="init-without-separator",
    severity="error",
    summary="An init is given its program without `--` before it",
    check=check,
    settled_by=("separator",),
    examples=(
        Example(
            "The program's option is taken for tini's",
            {
                "Dockerfile": "FROM debian:bookworm\nRUN apt-get update && apt-get install -y tini python3\n"
                'ENTRYPOINT ["/usr/bin/tini", "python3", "-c", "import app"]\n'
            },
            rows=(3,),
            fixed={
                "Dockerfile": "FROM debian:bookworm\nRUN apt-get update && apt-get install -y tini python3\n"
                'ENTRYPOINT ["/usr/bin/tini", "--", "python3", "-c", "import app"]\n'
            },
        ),
        Example(
            "With the separator",
            {
                "Dockerfile": "FROM debian:bookworm\nRUN apt-get update && apt-get install -y tini python3\n"
                'ENTRYPOINT ["/usr/bin/tini", "--", "python3", "-c", "import app"]\n'
            },
        ),
        Example(
            "dumb-init stops at the program",
            {
                "Dockerfile": "FROM debian:bookworm\nRUN apt-get update && apt-get install -y dumb-init python3\n"
                'ENTRYPOINT ["dumb-init", "python3", "-c", "import app"]\n'
            },
        ),
    ),
)
