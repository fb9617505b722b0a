"""Commands that run to their end and leave a daemon behind, which PID 1 then has for a child."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Sequence

from initlint.boot.commands import bare, is_leaf, orphaned_by
from initlint.boot.duration import ends_by_itself
from initlint.boot.model import Argv, Evidence, is_known
from initlint.facts import Children
from initlint.facts import programs as program_table
from initlint.text import Span

# The program behind a service's name, where it is another.
_SERVICES = {"ssh": "sshd", "cron": "cron", "crond": "crond", "sshd": "sshd", "cronie": "crond"}


# Words that ask an unknown program to stay in the background.
_DAEMONS = frozenset("start --daemon --daemonize --daemonise --fork --background --detach -D -daemon".split())
_PUT_THERE = re.compile(r"\"?\$\{?\w+\}?\"?|`.*|\$\(.*", re.DOTALL)
_STOPPING = frozenset("stop shutdown quit".split())
# Further programs that leave nothing behind, and aren't asked whether they end.
_ALONE = frozenset(
    "jar pacman debconf-set-selections capsh pg_basebackup bridge tc sievec libressl dbus-uuidgen mkcert declare "
    "ssh-add sleep git".split()
)


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
    return Evidence(children, f"{where}`{' '.join(words)}` leaves a daemon behind, a child of PID 1", span, left=True)


def left_behind(argv: Argv, span: Span | None) -> Evidence | None:
    """What a command of a start script, which the shell has waited for, leaves to PID 1."""
    words = [str(word) for word in argv]
    where = f"{span.source.name}:{span.row} " if span is not None else ""
    reason = orphaned_by(words)
    command = argv[len(argv) - len(bare(words)[0]) :]
    if reason:
        # git starts its `gc` when enough has piled up, which one call at the start seldom finds.
        children: Children = "unlikely" if posixpath.basename(command[0]) == "git" else "yes"
        return Evidence(children, f"{where}`{' '.join(words)}` leaves a process behind: {reason}", span, left=True)
    return daemon_left(command, span)


def all_left_behind(ran: Sequence[tuple[Argv, Span | None]]) -> list[Evidence]:
    """What the commands of a start script leave to PID 1, those included that are only told to start something."""
    found = []
    for at, (argv, span) in enumerate(ran):
        left = left_behind(argv, span)
        if left is None and _DAEMONS & set(argv[1:]) and not ends_alone(argv):
            # A server that is started to be set up is stopped again.
            stopped = any(_STOPPING & set(later) for later, _ in ran[at + 1 :])
            where = f"{span.source.name}:{span.row} " if span is not None else ""
            if not stopped:
                left = Evidence("unknown", f"{where}`{shown(argv)}` may leave a daemon behind", span)
        if left is not None:
            found.append(left)
    return found


def unread(argv: Argv, span: Span | None) -> str:
    """Why it isn't known what a command of a start script leaves to PID 1; empty where it leaves nothing."""
    if ends_alone(argv):
        return ""
    where = f"{span.source.name}:{span.row} " if span is not None else ""
    return f"{where}what `{shown(argv)}` leaves behind isn't known"


def ends_alone(argv: Argv) -> bool:
    """Whether a command is known to do its work and leave nothing behind."""
    command = argv[len(argv) - len(bare([str(word) for word in argv])[0]) :]
    if not command or "--help" in command or "--version" in command:
        return True
    if not is_known(command[0]):
        # `"$f"` alone runs what whoever starts the container puts into a folder; `$(…)` mostly prints nothing.
        return len(command) == 1 and _PUT_THERE.fullmatch(command[0]) is not None
    name = posixpath.basename(command[0])
    if name == "perl":
        # Its way of editing files: `perl -pi -e …`.
        return any(word.startswith(("-p", "-n", "-i")) for word in command[1:])
    return name in _ALONE or ends_by_itself(command) or is_leaf([str(word) for word in command])


def shown(argv: Argv) -> str:
    text = " ".join(str(word) for word in argv)
    return text if len(text) <= 60 else text[:59] + "…"


def starts_daemon(argv: Argv) -> bool:
    """Whether a command that has ended left something running, or was told to."""
    left = left_behind(argv, None)
    return bool(_DAEMONS & set(argv[1:]) and not ends_alone(argv)) or (left is not None and left.children != "unlikely")


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
