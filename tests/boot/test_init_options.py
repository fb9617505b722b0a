"""Options of inits: those that they don't have, and those that change what becomes of the stop signal."""

from __future__ import annotations

from pathlib import Path

import pytest

from initlint.rootfs.files import HostFiles
from initlint.subject import examine

IMAGE = "FROM debian:bookworm-slim\nRUN apt-get update && apt-get install -y tini dumb-init catatonit python3 procps\n"
SERVER = '"python3", "-m", "http.server"'
# Each was run on Debian 12: tini 0.19.0, dumb-init 1.2.5, catatonit 0.1.7.
CASES = {
    f'["catatonit", {SERVER}]': ("none", "unknown"),
    f'["catatonit", "--", {SERVER}]': ("catatonit", "yes"),
    f'["catatonit", "-g", "--", {SERVER}]': ("catatonit", "yes"),
    '["catatonit", "-z", "--", "sleep", "9"]': ("none", "unknown"),
    '["tini", "-z", "--", "sleep", "9"]': ("none", "unknown"),
    '["tini", "--foo", "--", "sleep", "9"]': ("none", "unknown"),
    f'["tini", "-g", "-p", "SIGTERM", "-e143", "--", {SERVER}]': ("tini", "yes"),
    f'["dumb-init", "-z", {SERVER}]': ("none", "unknown"),
    f'["dumb-init", {SERVER}]': ("dumb-init", "yes"),
    f'["dumb-init", "-r", "15:0", {SERVER}]': ("dumb-init", "no"),
    f'["dumb-init", "--rewrite=15:0", "--", {SERVER}]': ("dumb-init", "no"),
    f'["dumb-init", "-r15:2", {SERVER}]': ("dumb-init", "yes"),
    '["dumb-init", "-r15:2", "cat", "/dev/zero"]': ("dumb-init", "yes"),
    f'["dumb-init", "-r", "15:40", {SERVER}]': ("dumb-init", "unknown"),
    f'["dumb-init", "-r", "1:0", "-vc", {SERVER}]': ("dumb-init", "yes"),
}


@pytest.mark.parametrize(("command", "pid1", "stops"), [(key, *value) for key, value in CASES.items()], ids=CASES)
def test_options_of_inits(tmp_path: Path, command: str, pid1: str, stops: str) -> None:
    """An option that an init doesn't have keeps it from starting; a rewritten stop signal is another one."""
    (tmp_path / "Dockerfile").write_text(f"{IMAGE}CMD {command}\n")
    host = HostFiles()
    (subject,) = examine(host.source(str(tmp_path / "Dockerfile")), host).subjects
    assert (subject.likely.pid1, subject.likely.stops) == (pid1, stops), subject.likely.why


@pytest.mark.parametrize(
    ("image", "sure"), [(IMAGE, False), (IMAGE + "ENV TERM=xterm\n", True), ("FROM alpine:3.20\n", True)]
)
def test_watch_wants_a_terminal(tmp_path: Path, image: str, sure: bool) -> None:
    """Without TERM procps's `watch` ends at once; busybox's doesn't ask."""
    (tmp_path / "Dockerfile").write_text(f'{image}CMD ["watch", "date"]\n')
    host = HostFiles()
    (subject,) = examine(host.source(str(tmp_path / "Dockerfile")), host).subjects
    assert subject.likely.pid1 in ("watch", "busybox") and subject.likely.sure is sure


APP = (
    "#!/usr/bin/env python3\nimport signal, sys, time\nsignal.signal(signal.SIGTERM, lambda *a: sys.exit(0))\n"
    "while True:\n    time.sleep(1)\n"
)


@pytest.mark.parametrize(
    "words",
    [
        r'"su", "root", "-c", "exec \"$0\" \"$@\"", "app"',
        r'"su", "-s", "/bin/sh", "root", "-c", "exec \"$0\" \"$@\"", "--", "app", "-x"',
        r'"su", "-s", "/bin/bash", "-c", "exec \"$@\"", "--", "root", "x", "app"',
        r'"runuser", "root", "-c", "exec \"$@\"", "--", "sh", "app"',
    ],
)
def test_words_behind_the_line_of_su(tmp_path: Path, words: str) -> None:
    """They are the shell's $0, $1 and so on: no script that it reads. Measured: the program gets SIGTERM."""
    (tmp_path / "app").write_text(APP)
    lines = f"{IMAGE}COPY app /usr/bin/app\nRUN chmod +x /usr/bin/app\nENTRYPOINT [{words}]\n"
    (tmp_path / "Dockerfile").write_text(lines)
    host = HostFiles()
    (subject,) = examine(host.source(str(tmp_path / "Dockerfile")), host).subjects
    assert subject.likely.stops == "yes" and [link.program for link in subject.likely.chain][-1] == "app"


@pytest.mark.parametrize(
    ("words", "stops", "sure"),
    [
        # Debian's root has bash, which execs a single command; its sh doesn't. Measured: the program gets SIGTERM.
        ('"su", "-m", "root", "-c", "app"', "yes", True),
        ('"su", "-c", "app"', "yes", True),
        ('"busybox", "su", "root", "-c", "app"', "yes", True),
        ('"su", "-s", "/bin/sh", "root", "-c", "app"', "no", True),
        ('"su", "root", "-c", "true; app", "-s", "/bin/dash"', "no", True),
        # What shell another user has isn't read; `exec` makes all of them the same.
        ('"su", "someone", "-c", "app"', "no", False),
        ('"su", "someone", "-c", "exec app"', "yes", True),
    ],
)
def test_su_runs_a_line_in_the_users_own_shell(tmp_path: Path, words: str, stops: str, sure: bool) -> None:
    (tmp_path / "app").write_text(APP)
    lines = f"{IMAGE}RUN apt-get install -y busybox\nCOPY --chmod=755 app /usr/bin/app\nENTRYPOINT [{words}]\n"
    (tmp_path / "Dockerfile").write_text(lines)
    host = HostFiles()
    (subject,) = examine(host.source(str(tmp_path / "Dockerfile")), host).subjects
    assert (subject.likely.stops, subject.likely.sure) == (stops, sure)
