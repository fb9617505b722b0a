"""Commands that run to their end and leave a daemon behind, which PID 1 then has for a child."""

from __future__ import annotations

import posixpath

from initlint.boot.commands import bare, orphaned_by
from initlint.boot.model import Argv, Evidence, is_known
from initlint.facts import Children
from initlint.facts import programs as program_table
from initlint.text import Span

# The program behind a service's name, where it is another.
_SERVICES = {"ssh": "sshd", "cron": "cron", "crond": "crond", "sshd": "sshd", "cronie": "crond"}


def daemon_left(argv: Argv, span: Span | None) -> Evidence | None:
    """What a command that has ended leaves to PID 1; None where it leaves nothing.

    A daemon whose own purpose is to start programs (cron, sshd) is a yes; of any other it is
    only known that it is there.
    """
    name = posixpath.basename(argv[0]) if argv and is_known(argv[0]) else ""
    words = [str(word) for word in argv]
    service = service_started(argv)
    if service is not None:
        fact = program_table.lookup([_SERVICES.get(service, service)])
        children: Children = "yes" if fact is not None and fact.children == "yes" else "unknown"
    else:
        fact = program_table.lookup(words) if name else None
        if fact is None or fact.background is False:
            return None
        children = "yes" if fact.children == "yes" else "unknown"
    where = f"{span.source.name}:{span.row} " if span is not None else ""
    return Evidence(children, f"{where}`{' '.join(words)}` leaves a daemon behind, a child of PID 1", span)


def left_behind(argv: Argv, span: Span | None) -> Evidence | None:
    """What a command of a start script, which the shell has waited for, leaves to PID 1."""
    words = [str(word) for word in argv]
    where = f"{span.source.name}:{span.row} " if span is not None else ""
    reason = orphaned_by(words)
    if reason:
        # git starts its `gc` when enough has piled up, which one call at the start seldom finds.
        children: Children = "unlikely" if bare(words)[0][0].endswith("git") else "yes"
        return Evidence(children, f"{where}`{' '.join(words)}` leaves a process behind: {reason}", span)
    return daemon_left(argv, span)


def service_started(argv: Argv) -> str | None:
    """The service that `service NAME start` and the like start and leave behind."""
    if not argv or not is_known(argv[0]):
        return None
    name = posixpath.basename(argv[0])
    words = [str(word) for word in argv]
    if name in ("service", "rc-service", "invoke-rc.d") and len(words) > 2 and words[2] in ("start", "restart"):
        return words[1]
    if words[0].startswith("/etc/init.d/") and len(words) > 1 and words[1] in ("start", "restart"):
        return name
    return None


def may_stay(argv: Argv) -> bool:
    """Whether a command may as well keep running in the foreground, as its configuration says."""
    if not argv or not is_known(argv[0]) or {"-D", "--daemonize"} & set(argv):
        return False
    fact = program_table.lookup([str(word) for word in argv])
    return fact is not None and fact.background is None and fact.kind in ("server", "supervisor")
