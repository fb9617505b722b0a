"""An init signals the workers of a program that would have let them finish.

## What it does

Reports dumb-init (which signals the whole process group unless told otherwise) and `tini -g` in
front of a program that ends its own workers in order: celery's and airflow's workers with a pool
of processes, buildkite-agent.

## Why it matters

The main process gets SIGTERM and starts its warm shutdown; its workers get the same signal in the
same moment and die of it, in the middle of a task. Measured with celery: a task of six seconds is
killed after one ("WorkerLostError: Worker exited prematurely: signal 15"), and finishes where the
init signals its child alone.

For a shell or npm in front of the program a signal to the group can be what saves it. This rule is
silent there.

## Example

```dockerfile
FROM python:3.12
RUN pip install celery dumb-init
ENTRYPOINT ["dumb-init", "--"]
CMD ["celery", "-A", "app", "worker"]
```

## Use instead

```dockerfile
FROM python:3.12
RUN pip install celery dumb-init
ENTRYPOINT ["dumb-init", "--single-child", "--"]
CMD ["celery", "-A", "app", "worker"]
```

`DUMB_INIT_SETSID=0` in the environment does the same for one service of an image that several
share (airflow's image: set it for the celery workers alone). tini does it without `-g` and without
TINI_KILL_PROCESS_GROUP, which counts whatever its value is, "0" too.

## Fix safety

Safe: the same program with the same arguments; the signal goes to it alone. No fix where the init
or the variable isn't in the Dockerfile's own start command.

## References

- https://github.com/apache/airflow/pull/18068, https://github.com/celery/celery/issues/4795
- https://github.com/Yelp/dumb-init#session-behavior
- https://github.com/buildkite/agent/pull/1763
"""

from __future__ import annotations

from collections.abc import Iterator

from initlint.boot.model import Link
from initlint.boot.verdict import passes_to_group
from initlint.facts.worker_pools import WorkerPool, pool_of
from initlint.rule import Example, Finding, Rule
from initlint.subject import Subject


def check(subject: Subject) -> Iterator[Finding]:
    outcome = subject.likely
    init = outcome.pid1_process
    if init is None or init.kind != "init" or outcome.pid1_link is None or not passes_to_group(init):
        return
    below = outcome.chain[outcome.pid1_link + 1 :]
    if not below or any(link.stays for link in below[:-1]):
        return  # something between them may need the signal to the group
    pool = _pool(subject, below[-1])
    if pool is None:
        return
    yield RULE.finding(
        subject,
        subject.place,
        f"{init.program} signals {pool.name}'s workers as well as {pool.name} itself: at a stop {pool.works}",
        outcome=outcome,
        reasons=(pool.source,),
        cure=_cure(init),
    )


def _pool(subject: Subject, link: Link) -> WorkerPool | None:
    match = subject.container.base.match
    if link.program == "entrypoint" and match is not None and match.fact.image == "apache/airflow":
        return pool_of(("airflow", *map(str, link.argv[1:])))
    return pool_of([str(word) for word in link.argv])


def _cure(init: Link) -> str:
    if init.program == "dumb-init":
        return "`dumb-init --single-child`, or DUMB_INIT_SETSID=0 in the environment"
    if init.told_group:
        return "take TINI_KILL_PROCESS_GROUP out of the environment"
    return f"start {init.program} without -g"


_CELERY = 'FROM python:3.12\nRUN pip install celery dumb-init\n{}CMD ["celery", "-A", "app", "worker"{}]\n'
_TINI = (
    "FROM python:3.12\nRUN apt-get update && apt-get install -y tini && pip install celery\n"
    'ENTRYPOINT ["tini", {}"--"]\nCMD ["celery", "-A", "app", "worker"]\n'
)

RULE = Rule(
    code="IL210",
    name="group-signals-misused",
    severity="warning",
    summary="An init signals the workers of a program that would have let them finish",
    check=check,
    settled_by=("group",),
    examples=(
        Example(
            "dumb-init signals celery's pool",
            {"Dockerfile": _CELERY.format('ENTRYPOINT ["dumb-init", "--"]\n', "")},
            rows=(3,),
            fixed={"Dockerfile": _CELERY.format('ENTRYPOINT ["dumb-init", "--single-child", "--"]\n', "")},
        ),
        Example(
            "tini -g",
            {"Dockerfile": _TINI.format('"-g", ')},
            rows=(3,),
            fixed={"Dockerfile": _TINI.format("")},
        ),
        Example(
            "The environment says it",
            {"Dockerfile": _CELERY.format('ENV DUMB_INIT_SETSID=0\nENTRYPOINT ["dumb-init", "--"]\n', "")},
        ),
        Example(
            "A pool of threads has no processes that could be signalled",
            {"Dockerfile": _CELERY.format('ENTRYPOINT ["dumb-init", "--"]\n', ', "--pool=threads"')},
        ),
        Example("tini signals its child alone", {"Dockerfile": _TINI.format("")}),
        Example(
            "Other servers do well with a signal to the group",
            {
                "Dockerfile": "FROM python:3.12\nRUN pip install gunicorn dumb-init\n"
                'ENTRYPOINT ["dumb-init", "--"]\nCMD ["gunicorn", "app:app"]\n'
            },
        ),
    ),
)
