"""The start command names an init that isn't in the image.

## What it does

Reports a start command whose init (tini, dumb-init, catatonit, …) is nowhere in the final stage:
no instruction installs or copies it, and the base image doesn't bring it.

## Why it matters

The container can't start: "exec: \"tini\": executable file not found in $PATH". An init that is
installed in a builder stage alone isn't in the final image.

## Example

```dockerfile
FROM debian:bookworm
ENTRYPOINT ["/usr/bin/tini", "--"]
CMD ["redis-server"]
```

## Use instead

```dockerfile
FROM debian:bookworm
RUN apt-get update && apt-get install -y --no-install-recommends tini && rm -rf /var/lib/apt/lists/*
ENTRYPOINT ["/usr/bin/tini", "--"]
CMD ["redis-server"]
```

## Fix safety

Safe: the container can't start as it is.

## References

- which distributions package which init, and what is done elsewhere: docs/inits.md
"""

from __future__ import annotations

from collections.abc import Iterator

from initlint.cure.intended import intended_trace
from initlint.rootfs import Present
from initlint.rootfs.paths import which
from initlint.rootfs.symbolic import SymbolicRootFilesystem, chain_of
from initlint.rule import Example, Finding, Rule
from initlint.subject import Subject


def check(subject: Subject) -> Iterator[Finding]:
    outcome = intended_trace(subject).likely
    for problem in outcome.problems:
        if not problem.is_init or problem.fault != "missing" or problem.elsewhere:
            continue
        builder = _builder_with(subject, problem.path)
        where = f", only in the stage that begins in line {builder}" if builder else ""
        yield RULE.finding(
            subject,
            problem.span or subject.place,
            f"{problem.path} isn't in the image{where}: the container can't start",
            outcome=outcome,
            reasons=(problem.why,),
            cure="install it in the stage that is run",
        )


def _builder_with(subject: Subject, path: str) -> int:
    """The line of FROM of a stage that isn't in the image and has the init; 0 for none."""
    stages, files = subject.dockerfile.stages, subject.rootfs
    if not isinstance(files, SymbolicRootFilesystem):
        return 0
    own = {stage.index for stage in chain_of(stages, subject.container.stage_index)}
    for stage in stages:
        if stage.index in own:
            continue
        node = which(files.at_the_end_of(stage.index), path.rsplit("/", 1)[-1], None, "/")
        if isinstance(node, Present) and node.origin.kind != "base":
            return stage.from_instruction.lines[0]
    return 0


RULE = Rule(
    code="IL201",
    name="init-not-installed",
    severity="error",
    summary="The start command names an init that isn't in the image",
    check=check,
    settled_by=("init", "path"),
    examples=(
        Example(
            "Nothing installs it",
            {"Dockerfile": 'FROM debian:bookworm\nENTRYPOINT ["/usr/bin/tini", "--"]\nCMD ["redis-server"]\n'},
            rows=(2,),
            fixed={
                "Dockerfile": "FROM debian:bookworm\n"
                "RUN apt-get update && apt-get install -y --no-install-recommends tini && rm -rf /var/lib/apt/lists/*\n"
                'ENTRYPOINT ["/usr/bin/tini", "--"]\nCMD ["redis-server"]\n'
            },
        ),
        Example(
            "Installed in the builder alone",
            {
                "Dockerfile": "FROM debian:bookworm AS build\nRUN apt-get update && apt-get install -y tini\n"
                'FROM debian:bookworm\nENTRYPOINT ["/usr/bin/tini", "--"]\nCMD ["redis-server"]\n'
            },
            rows=(4,),
            fixed={
                "Dockerfile": "FROM debian:bookworm AS build\nRUN apt-get update && apt-get install -y tini\n"
                "FROM debian:bookworm\n"
                "RUN apt-get update && apt-get install -y --no-install-recommends tini && rm -rf /var/lib/apt/lists/*\n"
                'ENTRYPOINT ["/usr/bin/tini", "--"]\nCMD ["redis-server"]\n'
            },
        ),
        Example(
            "Installed",
            {
                "Dockerfile": "FROM debian:bookworm\nRUN apt-get update && apt-get install -y tini\n"
                'ENTRYPOINT ["/usr/bin/tini", "--"]\nCMD ["redis-server"]\n'
            },
        ),
    ),
)
