"""Shells as PID 1. Whether a shell stays there at all is `initlint.facts.shells`' question.

While a foreground command runs, every shell here reaped. The other states differ, and what
a script does next decides which one it is in, so that the answer is "while-waiting" for all.
"""

from __future__ import annotations

from initlint.facts import ProgramFact, SignalEffect
from initlint.facts.programs._make import CHILD, measured

_PARTLY = "reaps while it waits for a foreground command or in `wait`, not in `read`, in $(…) or at a prompt"
_NEARLY_ALWAYS = "reaps in every state that was tried"
_IGNORED: dict[str, SignalEffect] = {"SIGTERM": "ignored"}
_IGNORED_INT: dict[str, SignalEffect] = {"SIGTERM": "ignored", "SIGINT": "ignored"}
_TRAP = "a trap runs only once the foreground command has ended"

FACTS: dict[str, ProgramFact] = {
    "sh": measured(
        "sh",
        "shell",
        "while-waiting",
        _PARTLY + " (bash does there as well)",
        _IGNORED_INT,
        CHILD,
        "0.5.12-2",
        "what dash 0.5.12, busybox ash 1.35.0 and bash 5.2.15 of Debian 12 have in common",
        handles_term=False,
        note=_TRAP,
    ),
    "bash": measured(
        "bash",
        "shell",
        "while-waiting",
        "reaps in every state that was tried but a loop of `read -t`",
        {"SIGTERM": "ignored", "SIGINT": "ignored", "SIGHUP": "ignored"},
        CHILD,
        "5.2.15-2+b8",
        "Debian 12 apt: bash; 4.2, 4.4, 5.0.18, 5.1.16, 5.2.37 and 5.3.9 alike",
        handles_term=False,
        note=_TRAP,
    ),
    "bash -i": measured(
        "bash",
        "shell",
        "while-waiting",
        "reaps in every state that was tried",
        {"SIGTERM": "ignored", "SIGINT": "ignored", "SIGHUP": "exits"},
        CHILD,
        "5.2.15-2+b8",
        "Debian 12 apt: bash, on a terminal; 4.2, 4.4, 5.0.18, 5.1.16 and 5.3.9 alike for SIGTERM",
        "-i",
        handles_term=False,
    ),
    "dash": measured(
        "dash",
        "shell",
        "while-waiting",
        _PARTLY,
        _IGNORED_INT,
        CHILD,
        "0.5.12-2",
        "Debian 12 apt: dash; 0.5.8, 0.5.10.2 and 0.5.11 alike",
        handles_term=False,
        note=_TRAP,
    ),
    "busybox-ash": measured(
        "busybox-ash",
        "shell",
        "while-waiting",
        _PARTLY,
        _IGNORED_INT,
        CHILD,
        "1.35.0-4+deb12u1",
        "Debian 12 apt: busybox-static; 1.36.1 alike",
        handles_term=False,
        note=_TRAP,
    ),
    "mksh": measured(
        "mksh",
        "shell",
        "while-waiting",
        _NEARLY_ALWAYS,
        _IGNORED,
        CHILD,
        "59c-28+deb12u1",
        "Debian 12 apt: mksh",
        handles_term=True,
        note="in `wait`, in `read` and between commands SIGTERM ends it, and what it started is killed",
    ),
    "zsh": measured(
        "zsh",
        "shell",
        "while-waiting",
        _NEARLY_ALWAYS,
        _IGNORED,
        CHILD,
        "5.9-4+b15",
        "Debian 12 apt: zsh",
        handles_term=False,
        note=_TRAP,
    ),
    "ksh93": measured(
        "ksh93",
        "shell",
        "while-waiting",
        _NEARLY_ALWAYS,
        _IGNORED,
        CHILD,
        "1.0.4-3",
        "Debian 12 apt: ksh93u+m",
        handles_term=False,
        note=_TRAP,
    ),
    "yash": measured(
        "yash",
        "shell",
        "while-waiting",
        "reaps in every state that was tried but $(…)",
        _IGNORED,
        CHILD,
        "2.52-2",
        "Debian 12 apt: yash",
        handles_term=False,
        note=_TRAP,
    ),
}
