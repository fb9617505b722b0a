"""A launcher stays in front of the program and loses the stop signal.

## What it does

Reports a launcher such as `npm start`, `su -c` or `xvfb-run` that stays in front of the program
that it starts and doesn't pass the stop signal on, as PID 1 or behind an init.

## Why it matters

The launcher gets the signal and ends, or ignores it; the program behind it is killed without
ever hearing of the stop.

## Example

```dockerfile
FROM node:22
CMD ["npm", "start"]
```

## Use instead

```dockerfile
FROM node:22
CMD ["node", "server.js"]
```

Start the program itself: what package.json's script says; `gosu`, `su-exec` or `setpriv` in the
place of `su -c` and `sudo`, which exec. An init in front doesn't help by itself: the launcher still
takes the signal. Under one that signals the whole group (`tini -g`, dumb-init) the program gets it
as well; where it is in time to finish then, the finding says so.

## Fix safety

There is no automatic fix.

## References

- measured: npm, npx, yarn, su, runuser, sudo, timeout, flock, uv, pdm, hatch and others as PID 1
"""

from __future__ import annotations

from collections.abc import Iterator

from initlint.boot.model import Outcome
from initlint.boot.verdict import GROUP_OPTIONS, reaches_as_group, signal_name
from initlint.rule import Example, Finding, Rule
from initlint.subject import Subject
from initlint.targets.container import Value

_INSTEAD = {
    "npm": "start the command of package.json's script itself",
    "npx": "start the program of node_modules/.bin itself",
    "yarn": "start the command of package.json's script itself",
    "su": "switch the user with gosu, su-exec or `setpriv --reuid`, which exec",
    "runuser": "switch the user with gosu, su-exec or `setpriv --reuid`, which exec",
    "sudo": "switch the user with gosu, su-exec or `setpriv --reuid`, which exec",
}


def check(subject: Subject) -> Iterator[Finding]:
    outcome = subject.likely
    link = outcome.wrapper_in_front
    if link is None or outcome.stops != "no" or outcome.shell_in_front:
        return
    name = link.program
    main = outcome.chain[-1].program
    behind = "stays PID 1" if link is outcome.pid1_process else "stays"
    yield RULE.finding(
        subject,
        subject.place,
        f"{name} {behind} in front of {main}, which never gets the stop signal",
        outcome=outcome,
        reasons=outcome.why,
        cure=_INSTEAD.get(name, f"start {main} itself") + _by_group(subject, outcome),
    )


def _by_group(subject: Subject, outcome: Outcome) -> str:
    """The init that stands in front could signal the program as well, where it would end in order then."""
    first, main, signal = outcome.pid1_link, outcome.main_link, subject.container.stop_signal
    name = signal_name(signal.value) if isinstance(signal, Value) else None
    if first is None or main is None or name is None or not reaches_as_group(outcome.chain, first, main, name):
        return ""
    init = outcome.chain[first].program
    return f"; or `{init} {GROUP_OPTIONS[init]}`, which signals the whole group"


_PACKAGE = '{"scripts": {"start": "node server.js"}}\n'

RULE = Rule(
    code="IL104",
    name="wrapper-keeps-pid1",
    severity="warning",
    summary="A launcher stays in front of the program and loses the stop signal",
    check=check,
    examples=(
        Example(
            "npm under Debian's sh",
            {
                "Dockerfile": 'FROM node:22\nWORKDIR /app\nCOPY package.json server.js ./\nCMD ["npm", "start"]\n',
                "package.json": _PACKAGE,
                "server.js": "require('http').createServer().listen(8080)\n",
            },
            rows=(4,),
        ),
        Example(
            "su waits for the line that it runs",
            {"Dockerfile": 'FROM debian:bookworm\nCMD ["su", "-s", "/bin/sh", "app", "-c", "redis-server"]\n'},
            rows=(2,),
        ),
        Example(
            "The program itself",
            {
                "Dockerfile": 'FROM node:22\nWORKDIR /app\nCOPY package.json server.js ./\nCMD ["node", "server.js"]\n',
                "package.json": _PACKAGE,
                "server.js": "require('http').createServer().listen(8080)\n",
            },
        ),
        Example(
            "tini signals npm alone",
            {
                "Dockerfile": "FROM node:22\nRUN apt-get update && apt-get install -y tini\nWORKDIR /app\n"
                'COPY package.json server.js ./\nENTRYPOINT ["tini", "--"]\nCMD ["npm", "start"]\n',
                "package.json": _PACKAGE,
                "server.js": "require('http').createServer().listen(8080)\n",
            },
            rows=(5,),
        ),
        Example(
            "tini -g signals the program too",
            {
                "Dockerfile": "FROM node:22\nRUN apt-get update && apt-get install -y tini\nWORKDIR /app\n"
                'COPY package.json server.js ./\nENTRYPOINT ["tini", "-g", "--"]\nCMD ["npm", "start"]\n',
                "package.json": _PACKAGE,
                "server.js": "require('http').createServer().listen(8080)\n",
            },
        ),
        Example("gosu execs", {"Dockerfile": 'FROM debian:bookworm\nCMD ["gosu", "app", "redis-server"]\n'}),
    ),
)
