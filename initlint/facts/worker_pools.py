"""Programs that let their own worker processes finish at a stop, and whose workers a signal of their own kills."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence

from initlint.records import NamedTuple


class WorkerPool(NamedTuple):
    """`works`: what the workers do, and what becomes of it when they get the stop signal too."""

    name: str
    works: str
    source: str


_CELERY = WorkerPool(
    "celery",
    "its running tasks are killed (WorkerLostError), and there is no warm shutdown",
    "measured 2026-11 in fresh PID namespaces, celery 5.7.0, a task of 6 s: dumb-init 1.2.5 and tini 0.19.0 -g killed it "
    "after 1 s; tini, dumb-init --single-child and DUMB_INIT_SETSID=0 let it finish; so did the pools solo and threads "
    "under dumb-init",
)
_AIRFLOW = WorkerPool(
    "airflow",
    _CELERY.works,
    "celery's behaviour; apache/airflow issue #18066 and pull request #18068 (DUMB_INIT_SETSID=0 for celery workers)",
)
_BUILDKITE = WorkerPool(
    "buildkite-agent",
    "its running jobs are killed in place of being let finish",
    "not measured: buildkite/agent issue #1758 and pull request #1763 (tini without -g in the agent's own images)",
)

# Pools of celery that start no processes.
_WITHOUT_PROCESSES = frozenset(("solo", "threads", "gevent", "eventlet"))


def pool_of(argv: Sequence[str]) -> WorkerPool | None:
    """The pool that a command starts; None where it starts none, or one without processes."""
    words = list(argv)
    name = posixpath.basename(words[0]) if words else ""
    if name.startswith("python") and words[1:3] == ["-m", "celery"]:
        name, words = "celery", words[2:]
    if name == "celery":
        return _CELERY if "worker" in words[1:] and not _is_threaded(words) else None
    if name == "airflow":
        return _AIRFLOW if words[1:3] == ["celery", "worker"] or words[1:2] == ["worker"] else None
    if name == "buildkite-agent":
        return _BUILDKITE if words[1:2] == ["start"] else None
    return None


def _is_threaded(words: Sequence[str]) -> bool:
    for at, word in enumerate(words):
        if word in ("-P", "--pool"):
            value = words[at + 1] if at + 1 < len(words) else ""
        elif word.startswith("--pool="):
            value = word[7:]
        elif word.startswith("-P") and len(word) > 2:
            value = word[2:]
        else:
            continue
        return value in _WITHOUT_PROCESSES or value.startswith("$")
    return False
