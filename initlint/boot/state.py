"""Where a trace stands between two steps."""

from __future__ import annotations

from initlint.boot.model import Argv, Environment, Evidence, Job, Link, StartProblem, StepKind
from initlint.records import NamedTuple
from initlint.text import Span


class State(NamedTuple):
    """Where the trace stands: the argv about to be started, and how it came to that.

    `execvp`: a program that starts a file without `#!` with /bin/sh, as execvp(3) and shells do;
    the kernel itself refuses it. `doubts`: reasons why what follows isn't sure.
    `problems`: what has kept the start from working already; the trace goes on behind an init to
    find what would fail next. `visits`: the scripts that were run on this way, with their arguments
    and user, so that one that starts itself again and again is noticed. `sigchld_ignored`: SIGCHLD is
    handed on ignored, so that the kernel reaps for a program that leaves it so. `unread`: of which commands
    that have ended it isn't known what they left behind.
    """

    argv: Argv
    chain: tuple[Link, ...]
    step: StepKind
    cause: Span | None
    environment: Environment
    when: tuple[str, ...] = ()
    likely: bool = True
    execvp: bool = False
    doubts: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    jobs: tuple[tuple[int, Job], ...] = ()
    problems: tuple[StartProblem, ...] = ()
    visits: tuple[tuple[str, Argv, str | None], ...] = ()
    sigchld_ignored: bool = False
    unread: tuple[str, ...] = ()

    @property
    def is_pid1(self) -> bool:
        """Whether what is about to start has PID 1: nothing before it stays."""
        return not any(link.stays for link in self.chain)

    def then(self, link: Link, argv: Argv, *, execvp: bool = False, cause: Span | None = None) -> State:
        """`link` has started `argv`: in its own place, or below it where it stays."""
        step: StepKind = "child" if link.stays else "exec"
        return self._replace(argv=argv, chain=(*self.chain, link), step=step, cause=cause, execvp=execvp)

    def doubt(self, *reasons: str) -> State:
        return self._replace(doubts=(*self.doubts, *(reason for reason in reasons if reason)))
