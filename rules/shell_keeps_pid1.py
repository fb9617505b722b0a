"""A shell stays PID 1 in front of the program and doesn't pass the stop signal on.

## What it does

Reports a start command in shell form, `sh -c`, or an entrypoint script whose shell stays in
front of the program that it starts. Whether it does depends on the shell: Debian's and Ubuntu's
`sh -c` always stays; bash and busybox ash exec a simple last command of `-c`; a script never
execs by itself.

## Why it matters

The shell gets SIGTERM, has no handler, and as PID 1 ignores it. The program behind it never
hears of the stop, and is killed when the grace period is over.

## Example

```dockerfile
FROM debian:bookworm
CMD uvicorn app:app --port $PORT
```

## Use instead

```dockerfile
FROM debian:bookworm
CMD exec uvicorn app:app --port $PORT
```

`exec` gives the shell's place to the program, and variables still expand. Where no shell syntax
is needed, the JSON form does without a shell.

## Fix safety

Safe where the program is the last thing that the shell would do and the program reaps or an
init is added. No fix where something must run afterwards, in a pipeline, a loop, behind a
background job or under a trap.

## References

- measured for 58 constructs and nine shells: `sh -c`, script files, traps, pipelines
- https://docs.docker.com/reference/dockerfile/#shell-form-entrypoint-example
"""

from __future__ import annotations

from collections.abc import Iterator

from initlint.boot.model import ExecObstacle, Link
from initlint.rule import Example, Finding, Rule
from initlint.subject import Subject
from initlint.text import Span

_WHY_NOT: dict[ExecObstacle, str] = {
    "background-job": "a background job keeps the shell needed: trap the signal, pass it on and wait twice",
    "trap": "the trap needs the shell: pass the signal on in it and wait for the program again",
    "pipeline": "a pipeline keeps the shell: under bash, `exec > >(tee log)` and then `exec` the program",
    "unended": "`exec` the program that the container is for, as the last command: what only waits isn't needed",
    "loop": "the loop keeps the shell: let the engine restart the program instead",
    "not-last": "commands follow the program: move them before it, then `exec` it",
    "or-list": "what follows `||` needs the shell: drop it, then `exec` the program",
    "function": "it is a function: `exec` the program in the function's last line",
    "unknown-word": "what the word expands to isn't known: `exec` it if it is always a program",
    "wait": "trap the signal, pass it on, and wait for the program again after the trap",
    "subshell": "take the program out of the subshell and `exec` it",
    "eval": "put `exec` into the line that is evaluated",
}


def check(subject: Subject) -> Iterator[Finding]:
    outcome = subject.likely
    link = outcome.shell_in_front
    if link is None or outcome.stops == "yes" or link.shell_end is None:
        return
    if outcome.stops == "unknown" and link.shell_end.traps:
        return  # it has a trap, and what that comes to isn't known
    main = outcome.main or outcome.chain[-1]
    # Of a supervisor's programs the trace shows one; the shell stands in front of the supervisor.
    main = next((below for below in outcome.chain if below.kind == "supervisor" and below.stays), main)
    if main.kind == "init" or any(below.kind == "init" for below in outcome.chain):
        return  # init-not-pid1 explains it
    stays = link.shell_end.stays
    name = main.program
    cure = f"write `exec` before {name}"
    if stays is not None and stays.exec_at is None:
        cure = _WHY_NOT.get(stays.obstacle, stays.why)
    elif main.kind == "wrapper":
        cure = f"write `exec` and, behind it, the program that {name} starts: {name} doesn't give its place up"
    yield RULE.finding(
        subject,
        _place(subject, link),
        f"{link.process_name} stays PID 1 in front of {name} and doesn't pass the stop signal on",
        outcome=outcome,
        reasons=outcome.why,
        cure=cure,
    )


def _place(subject: Subject, link: Link) -> Span:
    """The command in a script that the shell waits for; the instruction for a line in the Dockerfile."""
    stays = link.shell_end.stays if link.shell_end is not None else None
    if link.script is not None and stays is not None and stays.command is not None:
        return stays.command
    return subject.place


RULE = Rule(
    code="IL103",
    name="shell-keeps-pid1",
    severity="warning",
    summary="A shell stays PID 1 in front of the program and doesn't pass the stop signal on",
    check=check,
    settled_by=("exec",),
    examples=(
        Example(
            "Debian's sh never execs",
            {"Dockerfile": "FROM debian:bookworm\nCMD gunicorn app:app --bind :$PORT\n"},
            rows=(2,),
            fixed={"Dockerfile": "FROM debian:bookworm\nCMD exec gunicorn app:app --bind :$PORT\n"},
        ),
        Example(
            "The shell reaped, the program doesn't: an init comes with it",
            {"Dockerfile": "FROM debian:bookworm\nCMD redis-server --port $PORT\n"},
            rows=(2,),
            fixed={
                "Dockerfile": "FROM debian:bookworm\n"
                "RUN apt-get update && apt-get install -y --no-install-recommends tini"
                " && rm -rf /var/lib/apt/lists/*\n"
                'ENTRYPOINT ["/usr/bin/tini", "--"]\nCMD exec redis-server --port $PORT\n'
            },
        ),
        Example(
            "A script never execs its last command",
            {
                "Dockerfile": 'FROM debian:bookworm\nCOPY start.sh /\nENTRYPOINT ["/start.sh"]\n',
                "start.sh*": "#!/bin/sh\nset -e\nmkdir -p /run/app\nnginx -g 'daemon off;'\n",
            },
            rows=(("start.sh", 4),),
            fixed={"start.sh": "#!/bin/sh\nset -e\nmkdir -p /run/app\nexec nginx -g 'daemon off;'\n"},
        ),
        Example(
            "exec gives the shell's place up",
            {"Dockerfile": "FROM debian:bookworm\nCMD exec redis-server --port $PORT\n"},
        ),
        Example(
            "busybox ash execs the last command", {"Dockerfile": "FROM alpine:3.22\nCMD redis-server --port $PORT\n"}
        ),
    ),
)
