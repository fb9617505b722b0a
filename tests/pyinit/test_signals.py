"""Which signals reach the program, and when: pyinit beside tini and dumb-init."""

from __future__ import annotations

import os
import shlex
import signal
from pathlib import Path

import pytest

from .space import Init, Space, sleep_until, state, witness

SIGNALS = [
    *(item for item in signal.Signals if item.value < 32 and item.name not in ("SIGKILL", "SIGSTOP", "SIGCHLD")),
]
# Those by which the kernel tells a program that it is broken. tini leaves them to the kernel, for itself.
FAULTS = {"SIGILL", "SIGTRAP", "SIGABRT", "SIGBUS", "SIGFPE", "SIGSEGV", "SIGSYS"}
FROM_TERMINAL = {"SIGTSTP", "SIGTTIN", "SIGTTOU"}
# Between its start and the moment when the init takes over, a signal waits.
PENDING = """
import os, signal, sys
for number in (signal.SIGTERM, signal.SIGUSR2):
    signal.pthread_sigmask(signal.SIG_BLOCK, [number])
    os.kill(os.getpid(), number)
os.execv(sys.argv[1], sys.argv[1:])
"""


def test_signals_one_by_one(init: Init) -> None:
    """pyinit passes on all that can be caught but SIGCHLD.

    tini keeps faults for itself, and ignores SIGTTIN and SIGTTOU. dumb-init makes SIGSTOP of the three that a
    terminal sends.
    """
    with Space([*init.words, "--", *witness()]) as space:
        space.shows(r"ready \d+")
        expected = []
        for item in SIGNALS:
            name = item.name
            if init.kind == "tini" and name in FAULTS | {"SIGTTIN", "SIGTTOU"}:
                space.send(item)
                continue
            if init.kind == "dumb-init" and name in FROM_TERMINAL:
                continue
            space.send(item)
            expected.append(name)
            space.shows(rf"^{name}$")
        assert len(expected) >= 19
        assert not space.text.strip(), "nothing else came"


def test_real_time_signals(init: Init) -> None:
    """All three pass them on."""
    with Space([*init.words, "--", *witness()]) as space:
        space.shows(r"ready \d+")
        for number in (0, 1, signal.SIGRTMAX - signal.SIGRTMIN):
            space.send(signal.SIGRTMIN + number)
            space.shows(rf"^SIGRTMIN\+{number}$")


def test_a_signal_from_before_the_start_reaches_the_program(init: Init) -> None:
    """What waited is passed on. Before the init has blocked signals, the kernel drops them for PID 1: that is as
    long as the interpreter needs to start.

    dumb-init is left out: until its child has executed the program, the signal may meet its own empty handler there.
    """
    if init.kind == "dumb-init":
        return
    with Space(["/usr/bin/python3", "-I", "-c", PENDING, *init.words, "--", *witness()]) as space:
        space.shows(r"ready \d+")
        space.shows(r"^(SIGTERM\nSIGUSR2|SIGUSR2\nSIGTERM)$")


def test_the_default_action_ends_the_program(init: Init) -> None:
    """A program without handlers dies of SIGTERM behind any of them, as it wouldn't as PID 1."""
    with Space([*init.words, "--", "sh", "-c", "echo ready; exec sleep 1000"]) as space:
        space.shows("ready")
        space.send(signal.SIGTERM)
        assert space.status() == 128 + signal.SIGTERM


def test_a_program_that_ignores_sigterm_stays(init: Init) -> None:
    """All three wait on: SIGKILL is the engine's business."""
    with Space([*init.words, "--", "sh", "-c", "trap '' TERM; echo ready; read x; exit 9"]) as space:
        space.shows("ready")
        for _ in range(3):
            space.send(signal.SIGTERM)
        space.type("\n")
        assert space.status() == 9


def test_sigkill_ends_everything(init: Init) -> None:
    """The kernel does that when PID 1 ends."""
    with Space([*init.words, "--", "sh", "-c", "trap '' TERM; sleep 1000 & echo ready; wait; wait"]) as space:
        space.shows("ready")
        child = space.child
        space.send(signal.SIGKILL)
        assert space.status() != 0
        assert not Path(f"/proc/{child}").exists()


def test_signals_to_a_stopped_program(init: Init) -> None:
    """All three leave it stopped; what came in between waits, and SIGCONT is passed on."""
    script = "trap 'echo got TERM; exit 3' TERM; echo ready; kill -STOP $$; echo on; while :; do read x; done"
    with Space([*init.words, "--", "sh", "-c", script]) as space:
        space.shows("ready")
        assert sleep_until(lambda: state(space.child) == "T")
        space.send(signal.SIGTERM)
        assert state(space.child) == "T"
        space.send(signal.SIGCONT)
        space.shows("got TERM")
        assert space.status() == 3


def test_sigtstp(init: Init) -> None:
    """tini and pyinit pass it on as it is; dumb-init makes SIGSTOP of it, which no program can refuse."""
    with Space([*init.words, "--", *witness()]) as space:
        space.shows(r"ready \d+")
        if init.kind == "dumb-init":
            space.send(signal.SIGTSTP)
            assert sleep_until(lambda: state(space.child) == "T")
            space.send(signal.SIGCONT)
            space.shows("^SIGCONT$")
        else:
            space.send(signal.SIGTSTP)
            space.shows("^SIGTSTP$")


def group_script() -> str:
    return f"trap 'echo sh got it' USR1; {shlex.join(witness())} & while :; do wait; done"


@pytest.mark.parametrize("to_group", [True, False])
def test_process_group(init: Init, to_group: bool) -> None:
    """With -g, which is dumb-init's default, what the program started gets the signal too."""
    option = {True: {"tini": ["-g"], "pyinit": ["-g"]}, False: {"dumb-init": ["-c"]}}[to_group].get(init.kind, [])
    with Space([*init.words, *option, "--", "sh", "-c", group_script()]) as space:
        space.shows(r"ready \d+")
        space.send(signal.SIGUSR1)
        if to_group:
            space.shows(r"(^sh got it\n[^$]*SIGUSR1$)|(^SIGUSR1\n[^$]*sh got it$)")
        else:
            space.shows("sh got it")
            # The witness would have said it by now: it gets the next one, which is sent to it alone.
            below = Path(f"/proc/{space.child}/task/{space.child}/children").read_text()
            os.kill(int(below), signal.SIGUSR2)
            space.shows("^SIGUSR2$")
            assert "SIGUSR1" not in space.text


def test_its_own_group_and_session(init: Init) -> None:
    """The program leads a process group, so that signals to its group don't come back; dumb-init's leads a session."""
    with Space([*init.words, "--", *witness()]) as space:
        pid, group, session = space.shows(r"ready (\d+) (\d+) (\d+)").groups()
        assert group == pid
        assert session == (pid if init.kind == "dumb-init" else "0")


def test_the_program_ends_while_signals_are_passed_on(init: Init) -> None:
    """Thirty times: its own status, or the signal's, and the end comes."""
    for _ in range(30):
        with Space([*init.words, "--", "sh", "-c", "echo ready; read x; exit 7"]) as space:
            space.shows("ready")
            assert space.child
            space.type("\n")
            for _ in range(50):
                space.send(signal.SIGUSR1)
            assert space.status() in (7, 128 + signal.SIGUSR1)


def test_nobody_is_woken_without_a_reason(pyinit: Init) -> None:
    """dumb-init likewise; tini wakes up once a second."""
    script = "grep voluntary /proc/1/status; sleep 2.5; grep voluntary /proc/1/status"
    with Space([*pyinit.words, "--", "sh", "-c", script]) as space:
        assert space.status() == 0
        lines = space.text.splitlines()
        assert lines[: len(lines) // 2] == lines[len(lines) // 2 :]
