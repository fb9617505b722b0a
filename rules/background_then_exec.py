"""A script backgrounds a job and then execs the program, which becomes the job's parent.

## What it does

Reports `worker & exec server` where the server doesn't wait for children that it didn't start.

## Why it matters

`exec` keeps the process: the server is now the worker's parent, and when the worker ends it
stays a zombie, since the server never waits for it. No init can help, because the worker is no
orphan. Nor does the worker get the stop signal.

## Example

```sh
#!/bin/sh
worker &
exec server
```

## Use instead

Run the two in two containers, or under a supervisor (s6-overlay, supervisord) that waits for
both. Where the job must stay in the script, put it behind a subshell of its own,
`(worker &)`, so that it is orphaned to PID 1, and put an init in front.

## Fix safety

There is no automatic fix: which of the two should end the container is for people to say.

## References

- wait(2); credentials(7): a process keeps its children across execve
"""

from __future__ import annotations

from collections.abc import Iterator

from initlint.rule import Example, Finding, Rule
from initlint.subject import Subject


def check(subject: Subject) -> Iterator[Finding]:
    outcome = subject.likely
    main = outcome.main
    if main is None or main.fact is None or main.fact.reaps != "no" or main.stays:
        return
    for link, job in outcome.jobs:
        end = link.shell_end
        if end is None or end.kind != "exec" or end.implicit:
            continue
        place = job.span if link.script is not None and job.span is not None else subject.place
        name = job.argv[0] if job.argv else "the job"
        yield RULE.finding(
            subject,
            place,
            f"{name} runs in the background while its shell becomes {main.program}, which never waits for it",
            outcome=outcome,
            reasons=outcome.why,
            cure=f"run {name} in a container of its own or under a supervisor; an init can't reap it",
        )


RULE = Rule(
    code="IL105",
    name="background-then-exec",
    severity="warning",
    summary="A script backgrounds a job and then execs the program, which becomes the job's parent",
    check=check,
    examples=(
        Example(
            "The server never waits for the worker",
            {
                "Dockerfile": 'FROM debian:bookworm\nCOPY start.sh /\nCMD ["/start.sh"]\n',
                "start.sh*": "#!/bin/sh\nworker &\nexec redis-server\n",
            },
            rows=(("start.sh", 2),),
        ),
        Example(
            "nginx waits for every child",
            {
                "Dockerfile": 'FROM nginx:1.27\nCOPY start.sh /\nCMD ["/start.sh"]\n',
                "start.sh*": "#!/bin/sh\nworker &\nexec nginx -g 'daemon off;'\n",
            },
        ),
        Example(
            "A job that has ended before",
            {
                "Dockerfile": 'FROM debian:bookworm\nCOPY start.sh /\nCMD ["/start.sh"]\n',
                "start.sh*": "#!/bin/sh\nprepare &\nwait\nexec redis-server\n",
            },
        ),
    ),
)
