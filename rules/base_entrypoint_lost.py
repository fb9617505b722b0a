"""An ENTRYPOINT that adds an init leaves out the base image's start script.

## What it does

Reports an ENTRYPOINT that starts with an init, on an image whose own ENTRYPOINT is a script that
prepares its server and steps down from root (postgres, mysql, mariadb, redis, mongo, rabbitmq,
cassandra, zookeeper, consul, ghost, redmine), where that server is started as root and the script
isn't run.

It is silent where the Dockerfile says USER or steps down itself, where another program is started,
and for images whose script only puts the program's name in front (node, php, haproxy).

## Why it matters

ENTRYPOINT replaces the base image's, it isn't put in front of it. postgres and mongo's first start
without their script finds no database; postgres refuses to run as root; redis runs as root. CMD is
lost in the same way (IL302).

## Example

```dockerfile
FROM postgres:16
RUN apt-get update && apt-get install -y tini
ENTRYPOINT ["tini", "--"]
CMD ["postgres"]
```

## Use instead

```dockerfile
FROM postgres:16
RUN apt-get update && apt-get install -y tini
ENTRYPOINT ["tini", "--", "docker-entrypoint.sh"]
CMD ["postgres"]
```

or no ENTRYPOINT at all and `docker run --init`, or compose's `init: true`.

## Fix safety

There is no automatic fix: with the script the server runs as another user and on prepared files,
and whether that was left out on purpose is for people to say.

## References

- https://docs.docker.com/reference/dockerfile/#understand-how-cmd-and-entrypoint-interact
- the start scripts of Docker's official images
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from initlint.facts import BaseFact, BaseScript
from initlint.rule import Example, Finding, Rule, lowered
from initlint.subject import Subject
from initlint.targets.container import ExecForm, StartField

_ROOT = ("", "root", "0", "0:0", "root:root")


def check(subject: Subject) -> Iterator[Finding]:
    entrypoint, match = subject.container.entrypoint, subject.container.base.match
    if not isinstance(entrypoint, StartField) or entrypoint.span is None or match is None:
        return
    outcome = subject.likely
    if not outcome.chain or outcome.chain[0].kind != "init" or outcome.environment is None:
        return
    script = _script(match.fact)
    main = outcome.chain[-1]
    if script is None or not match.fact.cmd or main.program != posixpath.basename(match.fact.cmd[0]):
        return
    if script.step_down_for and main.program not in script.step_down_for:
        return
    own = match.fact.entrypoint or ()
    name = posixpath.basename(own[0])
    skipped = all(posixpath.basename(word) != name for link in outcome.chain for word in link.argv)
    if not skipped or outcome.environment.user not in _ROOT:
        return
    finding = RULE.finding(
        subject,
        entrypoint.span,
        f"{match.fact.image}'s {own[0]} isn't run any more: {main.program} starts as root and unprepared",
        outcome=outcome,
        reasons=(f"as root it would run {main.program} through `{' '.join(script.step_down)}`: {script.source}",),
        cure=_cure(entrypoint, own[0]),
    )
    yield finding if match.exact else finding._replace(severity=lowered(finding.severity))


def _script(fact: BaseFact) -> BaseScript | None:
    """The base's own start script, where it steps down from root."""
    if not fact.entrypoint or len(fact.entrypoint) != 1:
        return None
    name = posixpath.basename(fact.entrypoint[0])
    for path, script in fact.scripts.items():
        if posixpath.basename(path) == name and script.step_down:
            return script
    return None


def _cure(entrypoint: StartField, script: str) -> str:
    if isinstance(entrypoint.form, ExecForm):
        words = [word for word in entrypoint.form.argv if word.startswith("-") or word == entrypoint.form.argv[0]]
        return f"ENTRYPOINT [{', '.join(chr(34) + word + chr(34) for word in (*words, script))}]"
    return f"start {script} behind the init"


def _dockerfile(base: str, entrypoint: str, more: str = "") -> dict[str, str]:
    cmd = "postgres" if base.startswith("postgres") else "redis-server"
    install = "RUN apt-get update && apt-get install -y tini\n"
    return {"Dockerfile": f'FROM {base}\n{install}{more}ENTRYPOINT {entrypoint}\nCMD ["{cmd}"]\n'}


RULE = Rule(
    code="IL211",
    name="base-entrypoint-lost",
    severity="warning",
    summary="An ENTRYPOINT that adds an init leaves out the base image's start script",
    check=check,
    examples=(
        Example("postgres without its script", _dockerfile("postgres:16", '["tini", "--"]'), rows=(3,)),
        Example("The script behind the init", _dockerfile("postgres:16", '["tini", "--", "docker-entrypoint.sh"]')),
        Example("Another user, on purpose", _dockerfile("redis:7", '["tini", "--"]', "USER redis\n")),
        Example(
            "node's script does nothing for a program that is named",
            {
                "Dockerfile": "FROM node:22\nRUN apt-get update && apt-get install -y tini\nCOPY server.js .\n"
                'ENTRYPOINT ["tini", "--"]\nCMD ["node", "server.js"]\n',
                "server.js": "require('http').createServer().listen(8080)\n",
            },
        ),
    ),
)
