"""Whole outputs, as people see them: tests/fixtures/snapshots. UPDATE_SNAPSHOTS=1 writes them anew."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from collections.abc import Callable

import pytest

from cli.conftest import Project, Run
from cli.projects import NGINX, NO_FROM, SCRIPT, SHELL

Snapshot = Callable[[str, str], None]

PROJECTS: dict[str, dict[str, str]] = {
    "script": SCRIPT,
    "clean": NGINX,
    "program": {
        "Dockerfile": 'FROM python:3.12\nCOPY app.py .\nCMD ["python", "app.py"]\n',
        "app.py": "import os\nos.system('sleep 9 &')\ninput()\n",
    },
    "several": {
        "Dockerfile": "FROM debian:12 AS tool\nCMD nginx -g 'daemon off;'\nFROM debian:12\nCMD redis-server\n",
        "Dockerfile.broken": NO_FROM,
        "Dockerfile.unknown": 'FROM example.org/of/ours\nCMD ["serve"]\n',
    },
    "job": {
        "Dockerfile": 'FROM debian:12\nCOPY start.sh /\nENTRYPOINT ["/start.sh"]\nCMD ["redis-server"]\n',
        "start.sh*": '#!/bin/bash\nworker --queue mail &\nexec "$@"\n',
    },
    "wanting": {
        "Dockerfile": 'FROM python:3.12\nCOPY app.py .\nCMD ["python", "app.py"]\n',
        "app.py": "import os\nkey = os.environ['API_KEY']\ninput(key)\n",
    },
    "long": {
        "Dockerfile": "FROM debian:12\nCMD \tnginx " + "-c /a/long/path/to/nginx.conf " * 12 + "-g 'daemon off;'\n",
    },
}


@pytest.mark.parametrize("name", PROJECTS)
@pytest.mark.parametrize("kind", ["text", "concise", "github"])
def test_check(name: str, kind: str, project: Project, run: Run, snapshot: Snapshot) -> None:
    project(PROJECTS[name])
    result = run("check", "--output-format", kind)
    snapshot(f"check-{name}.{kind}.txt", f"{result.out}--- standard error\n{result.err}--- exit {result.code}\n")


@pytest.mark.parametrize("name", PROJECTS)
def test_trace(name: str, project: Project, run: Run, snapshot: Snapshot) -> None:
    project(PROJECTS[name])
    result = run("trace")
    snapshot(f"trace-{name}.txt", f"{result.out}--- standard error\n{result.err}--- exit {result.code}\n")


@pytest.mark.parametrize("name", PROJECTS)
def test_fix(name: str, project: Project, run: Run, snapshot: Snapshot) -> None:
    project(PROJECTS[name])
    result = run("fix")
    snapshot(f"fix-{name}.txt", f"{result.out}--- standard error\n{result.err}--- exit {result.code}\n")


@pytest.mark.parametrize("command", ["", "check", "fix", "trace", "prove", "rule"])
def test_help(command: str, run: Run, snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    result = run(*command.split(), "--help")
    assert result.err == ""
    snapshot(f"help{'-' if command else ''}{command}.txt", result.out)


def test_colour_is_asked_for(project: Project, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    project(SHELL)
    assert "\x1b[" not in run("check").out
    monkeypatch.setenv("FORCE_COLOR", "1")
    coloured = run("check").out
    assert "\x1b[1;33mwarning\x1b[0m" in coloured
    assert "\x1b[" not in run("check", "--output-format", "json").out
    assert "\x1b[" not in run("check", "--output-format", "github").out
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[" not in run("check").out


def test_colour_does_not_go_to_a_file(project: Project, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = project(SHELL)
    monkeypatch.setenv("FORCE_COLOR", "1")
    run("check", "--output-file", "report.txt")
    assert "\x1b" not in (folder / "report.txt").read_text()


def test_a_terminal_has_colour(project: Project) -> None:
    project(SHELL)
    ours, theirs = pty.openpty()
    environment = os.environ | {"TERM": "xterm"}
    subprocess.run([sys.executable, "-m", "initlint", "check"], stdout=theirs, env=environment, check=False)
    os.close(theirs)
    assert b"\x1b[" in os.read(ours, 4096)
    os.close(ours)


def test_undecided_is_said(project: Project, run: Run) -> None:
    """Nothing found, and yet not clean."""
    project({"Dockerfile": "FROM example.org/of/ours\n"})
    result = run("check")
    assert result.code == 0
    assert result.out == "Checked 1 container in 1 file: nothing found; 1 undecided (`initlint trace` says why).\n"


def test_the_last_line_says_what_was_done(project: Project, run: Run) -> None:
    project(SHELL)
    *_, hint, last = run("check").out.splitlines()
    assert hint == "`initlint fix` fixes 1 of 1."
    assert last == "Checked 1 container in 1 file: 1 warning; 0 undecided."


def test_a_line_stays_one_whatever_the_file_is_called(project: Project, run: Run) -> None:
    project({"Dockerfile.a\nb\tc": SHELL["Dockerfile"]})
    assert run("check", "--output-format", "concise").out.startswith("Dockerfile.a\\x0ab\\x09c:2:1: IL103 ")
    assert run("check").out.startswith("Dockerfile.a\\x0ab\\x09c:2:1: warning: ")
