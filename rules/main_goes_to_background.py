"""The main program goes to the background, and the container ends at once.

## What it does

Reports a start command that leaves its program in the background and comes to its end: a script
that ends in `server &`, a server that daemonizes itself (`sshd` without `-D`, `cron` without `-f`),
`service NAME start` as the last command, `setsid` as the start command. Servers whose configuration
decides (`nginx`, `supervisord`) are passed over, and scripts that run their arguments where the image
gives them none: the command is for `docker run` or a compose file to say.

## Why it matters

A container runs as long as its PID 1. When that ends, the kernel kills everything else in it.

## Example

```dockerfile
FROM debian:bookworm
CMD ["sh", "-c", "redis-server &"]
```

## Use instead

```dockerfile
FROM debian:bookworm
CMD ["redis-server"]
```

## Fix safety

There is no automatic fix.

## References

- pid_namespaces(7): what becomes of the others when the init of a namespace ends
"""

from __future__ import annotations

from collections.abc import Iterator

from initlint.rule import Example, Finding, Rule
from initlint.subject import Subject


def check(subject: Subject) -> Iterator[Finding]:
    outcome = subject.likely
    if outcome.pid1 != "none" or not outcome.jobs or outcome.problem is not None:
        return
    link, job = outcome.jobs[-1]
    if link.script is not None and b'"$@"' in link.script.data and len(link.argv) == 1:
        return
    name = job.argv[0] if job.argv else "the program"
    place = job.span if link.script is not None and job.span is not None else subject.place
    yield RULE.finding(
        subject,
        place,
        f"{name} goes to the background and PID 1 ends: the container stops at once",
        outcome=outcome,
        reasons=outcome.why,
        cure=f"run {name} in the foreground",
    )


RULE = Rule(
    code="IL107",
    name="main-goes-to-background",
    severity="warning",
    summary="The main program goes to the background, and the container ends at once",
    check=check,
    examples=(
        Example(
            "A script that ends in &",
            {
                "Dockerfile": 'FROM debian:bookworm\nCOPY start.sh /\nCMD ["/start.sh"]\n',
                "start.sh*": "#!/bin/sh\nredis-server &\n",
            },
            rows=(("start.sh", 2),),
        ),
        Example(
            "setsid forks as a session leader",
            {"Dockerfile": 'FROM debian:bookworm\nCMD ["setsid", "redis-server"]\n'},
            rows=(2,),
        ),
        Example(
            "The script waits",
            {
                "Dockerfile": 'FROM debian:bookworm\nCOPY start.sh /\nCMD ["/start.sh"]\n',
                "start.sh*": "#!/bin/sh\nredis-server &\nwait\n",
            },
        ),
        Example(
            "A server that daemonizes itself",
            {"Dockerfile": 'FROM debian:bookworm\nCMD ["/usr/sbin/sshd"]\n'},
            rows=(2,),
        ),
        Example(
            "A service is started, and that is all",
            {"Dockerfile": "FROM debian:bookworm\nCMD service ssh start\n"},
            rows=(2,),
        ),
        Example("sshd stays with -D", {"Dockerfile": 'FROM debian:bookworm\nCMD ["/usr/sbin/sshd", "-D"]\n'}),
        Example(
            "Something follows the service",
            {"Dockerfile": "FROM debian:bookworm\nCMD service ssh start && exec tail -f /dev/null\n"},
        ),
        Example(
            "The command is still to be given",
            {
                "Dockerfile": 'FROM debian:bookworm\nCOPY start.sh /\nENTRYPOINT ["/start.sh"]\n',
                "start.sh*": '#!/bin/sh\nXvfb :99 &\nexec "$@"\n',
            },
        ),
        Example("In the foreground", {"Dockerfile": 'FROM debian:bookworm\nCMD ["redis-server"]\n'}),
    ),
)
