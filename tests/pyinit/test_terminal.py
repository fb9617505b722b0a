"""A terminal on standard input: pyinit beside tini and dumb-init, as `docker run -it` starts them."""

from __future__ import annotations

import shlex
import signal
import subprocess
from pathlib import Path

from .space import ENVIRONMENT, Init, Space, sleep_until, state, witness

ENV = {**ENVIRONMENT, "TERM": "dumb", "HOME": "/", "PS1": "ready> ", "HISTFILE": ""}
BASH = ["bash", "--norc", "--noprofile", "-i"]


def test_the_program_is_in_the_foreground(init: Init) -> None:
    """All three see to that; dumb-init by a session of its own, which the terminal is given to."""
    code = "import os; print('fg', os.tcgetpgrp(0) == os.getpgrp() == os.getpid(), os.getsid(0) == os.getpid())"
    with Space([*init.words, "--", "/usr/bin/python3", "-ISc", code], terminal=True) as space:
        leads = init.kind == "dumb-init"
        space.shows(rf"fg True {leads}\s")
        assert space.status() == 0


def test_ctrl_c_reaches_the_foreground_group_once(init: Init) -> None:
    """All three: the program and what it started get it from the terminal, none from the init."""
    script = f"trap 'echo sh got it' INT; {shlex.join(witness())}; :"
    with Space([*init.words, "--", "sh", "-c", script], terminal=True, env=ENV) as space:
        space.shows(r"ready \d+")
        space.type("\x03")
        space.shows("SIGINT")
        below = int(Path(f"/proc/{space.child}/task/{space.child}/children").read_text())
        subprocess.run(["kill", "-USR1", str(below)], check=True)
        space.shows("SIGUSR1")
        assert "SIGINT" not in space.text


def test_ctrl_c_ends_a_program(init: Init) -> None:
    """All three, with the status that shells give."""
    with Space([*init.words, "--", "sh", "-c", "echo ready; exec sleep 1000"], terminal=True) as space:
        space.shows("ready")
        assert sleep_until(lambda: Path(f"/proc/{space.child}/comm").read_text() == "sleep\n")
        space.type("\x03")
        assert space.status() == 128 + signal.SIGINT


def test_ctrl_z_without_a_shell(init: Init) -> None:
    """Nobody could continue the program: under dumb-init the kernel doesn't stop it (its process group is orphaned).
    Under tini and pyinit it stops, until they are sent SIGCONT."""
    with Space([*init.words, "--", "sh", "-c", "echo ready; read x; exit 5"], terminal=True) as space:
        space.shows("ready")
        space.type("\x1a")
        if init.kind != "dumb-init":
            assert sleep_until(lambda: state(space.child) == "T")
            space.send(signal.SIGCONT)
        space.type("\n")
        assert space.status() == 5


def test_job_control_of_an_interactive_shell(init: Init) -> None:
    """All three: no complaint at its start, Ctrl-Z, fg, and a job in the background."""
    with Space([*init.words, "--", *BASH], terminal=True, env=ENV) as space:
        before = space.shows("(?s)^(.*?)ready> ")[1]
        assert "no job control" not in before and "ioctl" not in before
        space.type("sh -c 'echo be''gun; read x; echo got $x'\n")
        space.shows("begun")
        space.type("\x1a")
        space.shows("Stopped")
        space.shows("ready> ")
        space.type("fg\n")
        space.shows("echo got")
        space.type("this\n")
        space.shows("got this")
        space.type("sleep 1000 &\n")
        space.shows(r"\[1\] \d+")
        space.type("kill %1; wait; exit 8\n")
        assert space.status() == 8


def test_a_change_of_the_window_reaches_the_foreground(init: Init) -> None:
    """All three: the kernel sends SIGWINCH to the foreground group, or the engine to the init, which passes it on."""
    with Space([*init.words, "--", *witness()], terminal=True) as space:
        space.shows(r"ready \d+")
        space.send(signal.SIGWINCH)
        space.shows("^SIGWINCH")


def test_the_terminal_goes_away(init: Init) -> None:
    """All three pass SIGHUP on, or give the terminal to the program, which gets it by itself."""
    with Space([*init.words, "--", "sh", "-c", "echo ready; exec sleep 1000"], terminal=True) as space:
        space.shows("ready")
        assert sleep_until(lambda: Path(f"/proc/{space.child}/comm").read_text() == "sleep\n")
        space.hang_up()
        assert space.status() == 128 + signal.SIGHUP


# Started by hand, from a shell with a terminal.


def test_ctrl_z_gives_the_shell_above_its_prompt_back(pyinit: Init) -> None:
    """pyinit stops as its program does, and goes on with it. (With tini the shell waits for ever.)"""
    with Space(BASH, terminal=True, env=ENV) as space:
        space.shows("ready> ")
        space.type(
            shlex.join([*pyinit.words, "-s", "--", "sh", "-c", "echo be'gun'; read x; echo got $x; exit 3"]) + "\n"
        )
        space.shows(r"begun\s")
        space.type("\x1a")
        space.shows("Stopped")
        space.shows("ready> ")
        space.type("fg\n")
        space.shows("echo got")
        space.type("this\n")
        space.shows("got this")
        space.shows("ready> ")
        space.type("echo was $?; exit 7\n")
        space.shows("was 3")
        assert space.status() == 7


def test_in_the_background_it_leaves_the_terminal_alone(pyinit: Init) -> None:
    """tini takes it away from the shell."""
    with Space(BASH, terminal=True, env=ENV) as space:
        space.shows("ready> ")
        space.type(shlex.join([*pyinit.words, "-s", "--", "sh", "-c", "echo be'gun'; exec sleep 1000"]) + " &\n")
        space.shows(r"begun\s")
        space.type("echo still 'here'\n")
        space.shows(r"still here\s")
        space.type("kill %1; wait %1; echo was $?\n")
        space.shows("was 143")
        space.type("exit 7\n")
        assert space.status() == 7


def test_the_terminal_comes_back_to_a_script(pyinit: Init) -> None:
    """What follows in a script may read from it again; after tini it may not."""
    script = shlex.join([*pyinit.words, "-s", "--", "sh", "-c", "exit 3"])
    with Space(["sh", "-c", f"{script}; echo was $?; read x; echo got $x; exit 4"], terminal=True, env=ENV) as space:
        space.shows("was 3")
        space.type("this\n")
        space.shows("got this")
        assert space.status() == 4
