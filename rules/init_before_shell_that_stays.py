"""An init stands in front of a shell that stays in front of the program.

## What it does

Reports `tini -- script.sh` where the script doesn't `exec` its program, and programs of
supervisord that stand behind such a shell.

## Why it matters

It is worse than no init: tini signals the shell alone. The shell isn't PID 1 any more, so it
dies at once; tini ends with it, and the kernel kills the program in the middle of its work
(measured: 0.0 s, the program never saw the signal). supervisord signals the process that it
started alone as well, unless `stopasgroup=true` is set.

## Example

```dockerfile
FROM debian:bookworm
RUN apt-get update && apt-get install -y tini
ENTRYPOINT ["tini", "--", "/start.sh"]
```

```sh
#!/bin/sh
redis-server
```

## Use instead

```sh
#!/bin/sh
exec redis-server
```

## Fix safety

Safe where the program is the last thing that the script does.

## References

- measured on a real engine: script with and without `exec`, with and without tini
"""

from __future__ import annotations

from collections.abc import Iterator

from initlint.boot.verdict import passes_to_group
from initlint.rule import Example, Finding, Rule
from initlint.subject import Subject


def check(subject: Subject) -> Iterator[Finding]:
    outcome = subject.likely
    shell = outcome.shell_behind_init
    if shell is None or outcome.stops == "yes" or shell.shell_end is None:
        return
    wrapper = outcome.wrapper_in_front
    if wrapper is not None and outcome.stops == "no" and outcome.chain.index(wrapper) < outcome.chain.index(shell):
        return  # wrapper-keeps-pid1 explains it: the signal goes to npm, not to the shell that npm starts
    stays = shell.shell_end.stays
    main = outcome.chain[-1].program
    place = subject.place
    if shell.script is not None and stays is not None and stays.command is not None:
        place = stays.command
    cure = f"write `exec` before {main}"
    if stays is not None and stays.exec_at is None:
        cure = f"let the shell pass the signal on, or give its place up: {stays.why}"
    process = outcome.pid1_process
    if process is not None and process.fact is not None and process.fact.name == "supervisord":
        cure += "; supervisord's stopasgroup=true reaches it as well"
    told = f"{outcome.pid1} signals {shell.process_name} alone, which dies of it"
    if process is not None and passes_to_group(process):
        told = f"{outcome.pid1} signals {main} as well, but ends as soon as {shell.process_name} has died of it"
    yield RULE.finding(
        subject,
        place,
        f"{told}: {main} is killed in its work",
        outcome=outcome,
        reasons=outcome.why,
        cure=cure,
    )


_DOCKERFILE = (
    "FROM debian:bookworm\nRUN apt-get update && apt-get install -y tini\n"
    'COPY start.sh /\nENTRYPOINT ["tini", "--", "/start.sh"]\n'
)

RULE = Rule(
    code="IL209",
    name="init-before-shell-that-stays",
    severity="warning",
    summary="An init stands in front of a shell that stays in front of the program",
    check=check,
    settled_by=("exec",),
    examples=(
        Example(
            "The script doesn't exec",
            {"Dockerfile": _DOCKERFILE, "start.sh*": "#!/bin/sh\nredis-server\n"},
            rows=(("start.sh", 2),),
            fixed={"start.sh": "#!/bin/sh\nexec redis-server\n"},
        ),
        Example(
            "The whole group is signalled, and the shell is the first to end",
            {
                "Dockerfile": _DOCKERFILE.replace('["tini", "--"', '["tini", "-g", "--"'),
                "start.sh*": "#!/bin/sh\nredis-server\n",
            },
            rows=(("start.sh", 2),),
            fixed={"start.sh": "#!/bin/sh\nexec redis-server\n"},
        ),
        Example(
            "npm, not the shell that it starts, gets the signal: IL104 tells of it",
            {
                "Dockerfile": "FROM node:22\nRUN apt-get update && apt-get install -y tini\nWORKDIR /app\n"
                'COPY package.json server.js ./\nENTRYPOINT ["tini", "--"]\nCMD ["npm", "start"]\n',
                "package.json": '{"scripts": {"start": "node server.js"}}\n',
                "server.js": "require('http').createServer().listen(8080)\n",
            },
        ),
        Example("The script execs", {"Dockerfile": _DOCKERFILE, "start.sh*": "#!/bin/sh\nexec redis-server\n"}),
    ),
)
