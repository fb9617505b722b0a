"""0 nothing found, 1 findings (fix: there is a diff), 2 what couldn't be read or was asked for wrongly."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from cli.conftest import Project, Run
from cli.projects import NGINX, NO_FROM, SHELL


@pytest.mark.parametrize(
    ("files", "arguments", "code"),
    [
        (NGINX, ["check"], 0),
        (SHELL, ["check"], 1),
        (SHELL, ["check", "--exit-zero"], 0),
        (SHELL, ["check", "--min-severity", "error"], 0),
        (SHELL, ["check", "--ignore", "IL1"], 0),
        (SHELL, ["check", "--select", "IL2"], 0),
        (SHELL, ["check", "missing"], 2),
        (SHELL, ["check", "missing", "Dockerfile"], 2),
        (SHELL, ["check", "--exit-zero", "missing"], 2),
        (NGINX | {"Dockerfile.broken": NO_FROM}, ["check"], 2),
        (NGINX | {"Dockerfile.broken": NO_FROM}, ["check", "--select", "IL1", "--ignore", "IL002"], 2),
        (NGINX, ["fix"], 0),
        (SHELL, ["fix"], 1),
        (SHELL, ["fix", "--exit-zero"], 0),
        (SHELL, ["fix", "--write"], 0),
        (SHELL, ["fix", "missing"], 2),
        (SHELL, ["fix", "--write", "missing", "."], 2),
        (SHELL, ["fix", "--ignore", "IL103"], 0),
        (NGINX, ["trace"], 0),
        (SHELL, ["trace"], 0),
        (SHELL, ["trace", "missing", "."], 2),
        (NGINX, ["rule"], 0),
        (NGINX, ["rule", "IL002"], 0),
        (NGINX, ["rule", "unparsable-input"], 0),
        (NGINX, ["rule", "IL999"], 2),
        (NGINX, [], 2),
        (NGINX, ["--version"], 0),
        (NGINX, ["--help"], 0),
        (NGINX, ["check", "--help"], 0),
        (NGINX, ["fix", "--help"], 0),
        (NGINX, ["trace", "--help"], 0),
        (NGINX, ["rule", "--help"], 0),
        (NGINX, ["check", "--output-format", "junit"], 2),
        (NGINX, ["trace", "--output-format", "sarif"], 2),
        (NGINX, ["check", "--no-such-option"], 2),
        (NGINX, ["prune"], 2),
        (NGINX, ["check", "--select", "IL999"], 2),
        (NGINX, ["check", "--ignore", "no-such-rule"], 2),
        (NGINX, ["check", "--min-severity", "fatal"], 2),
        (NGINX, ["check", "--context", "missing"], 2),
        (NGINX, ["check", "--config", "missing.toml"], 2),
        (NGINX, ["check", "--build-arg", "=x"], 2),
        (NGINX, ["check", "--target", "missing"], 2),
        (NGINX, ["check", "--output-file", "missing/report"], 2),
        (NGINX, ["check", "docker-daemon:alpine"], 2),
        (NGINX, ["fix", "--init", "systemd"], 2),
        (NGINX, ["fix", "--write", "-"], 2),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_exit_code(files: dict[str, str], arguments: list[str], code: int, project: Project, run: Run) -> None:
    project(files)
    assert run(*arguments).code == code


def test_fix_write_leaves_1_where_something_remains(project: Project, run: Run) -> None:
    project({"Dockerfile": "FROM debian:12\nCMD nginx -g 'daemon off;' | tee /log\n"})
    assert run("fix", "--write").code == 1


def test_an_interrupt_is_130(project: Project, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    project(NGINX)

    def interrupted(*arguments: object, **named: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("initlint.cli.check.check", interrupted)
    assert run("check").code == 130


def test_a_bug_shows_no_traceback(project: Project, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody who only wants their Dockerfile checked gets a sentence."""
    project(NGINX)
    monkeypatch.delenv("INITLINT_DEBUG")

    def broken(*arguments: object, **named: object) -> None:
        raise ZeroDivisionError("oh")

    monkeypatch.setattr("initlint.cli.check.check", broken)
    result = run("check")
    assert result.code == 2
    assert result.err.count("\n") == 1
    assert "ZeroDivisionError: oh" in result.err


def test_a_bug_in_one_file_leaves_the_others_checked(
    project: Project, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    project(SHELL | {"Dockerfile.bad": "FROM nginx\n"})
    monkeypatch.delenv("INITLINT_DEBUG")
    from initlint import linter

    examine = linter.examine

    def broken(source: object, *arguments: object) -> object:
        if getattr(source, "name", "").endswith("bad"):
            raise RecursionError("too deep")
        return examine(source, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(linter, "examine", broken)
    result = run("check", "--output-format", "concise")
    assert result.code == 2
    assert "Dockerfile:2:1: IL103" in result.out
    assert "Dockerfile.bad:1:1: IL002 initlint failed on this file" in result.out


def test_nobody_reads_the_output(project: Project) -> None:
    """`initlint check | head -1` ends with the code of the check and without a word."""
    project(SHELL)
    reader, writer = os.pipe()
    os.close(reader)
    ended = subprocess.run(
        [sys.executable, "-m", "initlint", "check"], stdout=writer, stderr=subprocess.PIPE, check=False
    )
    os.close(writer)
    assert (ended.returncode, ended.stderr) == (1, b"")


def test_standard_output_that_is_full(project: Project) -> None:
    project(SHELL)
    with open("/dev/full", "wb") as full:
        ended = subprocess.run(
            [sys.executable, "-m", "initlint", "check"], stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert ended.returncode == 2
    assert ended.stderr.count(b"\n") == 1
