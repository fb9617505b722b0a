"""How the program is started, and what becomes of its status: pyinit beside tini and dumb-init."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path

import pytest

from .space import ENVIRONMENT, PYINIT, Init, Space

# What it inherits is made here: signals are blocked or ignored, or wait, when the init starts.
PREPARED = """
import os, signal, sys
what, words = sys.argv[1], sys.argv[2:]
if what == "blocked":
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1])
elif what == "ignored":
    for number in (signal.SIGINT, signal.SIGUSR2, signal.SIGCHLD):
        signal.signal(number, signal.SIG_IGN)
os.execv(words[0], words)
"""


def run(init: Init, *words: str, env: dict[str, str] = ENVIRONMENT, cwd: Path | None = None) -> tuple[int, str]:
    with Space([*init.words, *words], env=env, cwd=cwd) as space:
        return space.status(), space.text


@pytest.mark.parametrize("status", [0, 1, 2, 126, 127, 128, 143, 255])
def test_exit_status_is_the_programs(init: Init, status: int) -> None:
    """All three alike."""
    assert run(init, "--", "sh", "-c", f"exit {status}") == (status, "")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL, signal.SIGINT, signal.SIGUSR1, signal.SIGSEGV])
def test_a_signal_that_ends_the_program_counts_from_128(init: Init, number: int) -> None:
    """All three alike, as shells do."""
    assert run(init, "--", "sh", "-c", f"ulimit -c 0; kill -{int(number)} $$")[0] == 128 + number


@pytest.mark.parametrize("status", [127, 126])
def test_what_cant_be_executed(init: Init, status: int, tmp_path: Path) -> None:
    """127: not there, 126: not executable, and one line that says so; dumb-init ends with 2."""
    program = tmp_path / "program"
    if status == 126:
        program.write_text("#!/bin/sh\n")
    for word in ("program", str(program)):
        got, said = run(init, "--", word, env={"PATH": str(tmp_path)})
        assert got == (2 if init.kind == "dumb-init" else status)
        assert said.count("\n") == 1 and word in said and init.kind in said


def test_a_missing_interpreter_is_told_from_a_missing_file(pyinit: Init, tmp_path: Path) -> None:
    """The kernel says "No such file" of both, and so do tini and dumb-init."""
    program = tmp_path / "program"
    program.write_text("#!/nowhere/sh\n")
    program.chmod(0o755)
    status, said = run(pyinit, "--", str(program))
    assert status == 127 and "interpreter" in said


def test_a_file_without_shebang_goes_to_sh(init: Init, tmp_path: Path) -> None:
    """All three alike, on PATH and by its path: that is what execvp does."""
    program = tmp_path / "program"
    program.write_text('echo "$0 $1"\n')
    program.chmod(0o755)
    for word in ("program", str(program)):
        env = {"PATH": f"{tmp_path}:{ENVIRONMENT['PATH']}"}
        assert run(init, "--", word, "a b", env=env) == (0, f"{program} a b\n")


def test_path_goes_on_behind_what_isnt_executable(init: Init, tmp_path: Path) -> None:
    """All three alike; an empty entry is the working directory."""
    for folder, mode in (("a", 0o644), ("b", 0o755)):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "program").write_text(f"#!/bin/sh\necho {folder}\n")
        (tmp_path / folder / "program").chmod(mode)
    assert run(init, "--", "program", env={"PATH": f"{tmp_path}/a:{tmp_path}/b"}) == (0, "b\n")
    assert run(init, "--", "program", env={"PATH": f"{tmp_path}/a::"}, cwd=tmp_path / "b") == (0, "b\n")


def test_arguments_reach_the_program_byte_by_byte(init: Init) -> None:
    """All three alike: spaces, empty words, a second --, bytes that are no UTF-8."""
    words = ["a b", "", "--", "-g", "ü", os.fsdecode(b"\xff")]
    status, said = run(init, "--", "printf", "%s|", *words)
    assert (status, said) == (0, "|".join([*words, ""]))


@pytest.mark.parametrize("env", [{}, {"LC_CTYPE": "C"}, {"LC_ALL": "C", "PYTHONHOME": "/x"}, {"LC_CTYPE": "", "X": ""}])
def test_the_environment_stays_as_it_is(init: Init, env: dict[str, str]) -> None:
    """All three alike: Python's own changes to the locale don't reach the program."""
    status, said = run(init, "--", "/usr/bin/env", env=env)
    assert (status, sorted(said.splitlines())) == (0, sorted(f"{name}={value}" for name, value in env.items()))


def test_user_folder_and_open_files_stay_as_they_are(init: Init, tmp_path: Path) -> None:
    """All three alike."""
    script = "id -u; pwd; umask; ls /proc/self/fd"
    with Space(["sh", "-c", script], cwd=tmp_path) as space:
        assert space.status() == 0
        alone = space.text
    assert run(init, "--", "sh", "-c", script, cwd=tmp_path) == (0, alone)


def test_input_reaches_the_program(init: Init) -> None:
    """All three alike, and its end does too."""
    with Space([*init.words, "--", "sort"]) as space:
        space.type("b\na\n")
        space.close_input()
        assert space.status() == 0
        assert space.text == "a\nb\n"


def test_the_programs_options_are_its_own(init: Init) -> None:
    """Also without --; tini with glibc takes them for its own."""
    status, said = run(init, "sh", "-c", "exit 4")
    assert status == (1 if init.kind == "tini" else 4), said


def test_an_option_that_is_none(init: Init) -> None:
    """All three end with 1, and say which."""
    status, said = run(init, "-z", "--", "true")
    assert status == 1 and "z" in said


def test_nothing_to_start(init: Init) -> None:
    """All three end with 1, and say how they are used."""
    for words in ((), ("--",)):
        status, said = run(init, *words)
        assert status == 1 and "Usage" in said


@pytest.mark.parametrize("option", ["-h", "--help", "-gh"])
def test_help(pyinit: Init, option: str) -> None:
    """On standard output, with status 0."""
    command = [*pyinit.words, option]
    result = subprocess.run(command, check=True, capture_output=True, text=True, timeout=60)
    assert "Usage: pyinit" in result.stdout and not result.stderr


def test_version(pyinit: Init) -> None:
    """The number that its docstring begins with."""
    result = subprocess.run([*pyinit.words, "--version"], check=True, capture_output=True, text=True, timeout=60)
    assert result.stdout.strip() == "pyinit 1"
    assert f'"""{result.stdout.strip()} ' in PYINIT.read_text()


def masks(init: Init, prepared: str) -> dict[str, set[int]]:
    """The signals that the program starts with blocked and ignored."""
    shown = ["/usr/bin/env", "grep", "-E", "^Sig(Blk|Ign)", "/proc/self/status"]  # a shell has a mask of its own
    words = ["/usr/bin/python3", "-I", "-c", PREPARED, prepared, *init.words, "--", *shown]
    with Space(words) as space:
        assert space.status() == 0
        lines = dict(line.split(":") for line in space.text.splitlines())
    return {name: {bit + 1 for bit in range(64) if int(value, 16) & 1 << bit} for name, value in lines.items()}


def test_the_program_starts_with_the_signal_mask_of_before(init: Init) -> None:
    """dumb-init unblocks all."""
    kept = set() if init.kind == "dumb-init" else {signal.SIGUSR1}
    assert masks(init, "blocked")["SigBlk"] == kept
    assert masks(init, "nothing")["SigBlk"] == set()


def test_the_program_ignores_what_was_ignored_before(pyinit: Init) -> None:
    """Python, which prepares this, ignores SIGPIPE and SIGXFSZ; so does the one that runs pyinit, which can't tell
    whether they were ignored before. The program gets those two unignored."""
    assert masks(pyinit, "ignored")["SigIgn"] == {signal.SIGINT, signal.SIGUSR2, signal.SIGCHLD}
    assert masks(pyinit, "nothing")["SigIgn"] == set()


def test_others_and_what_was_ignored_before(namespaces: None) -> None:
    """tini keeps it, dumb-init doesn't. (With SIGCHLD ignored, tini never learns that its program ended.)"""
    from .conftest import INITS

    for item in INITS:
        if item.kind == "dumb-init":
            assert masks(item, "ignored")["SigIgn"] == set()
        if item.kind == "tini":
            assert masks(item, "nothing")["SigIgn"] == {signal.SIGPIPE, signal.SIGXFSZ}
