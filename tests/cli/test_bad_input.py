"""What can't be read or parsed is one line that says what and where; all else is still checked."""

from __future__ import annotations

import os
import sys

import pytest

from cli.conftest import Project, Run
from cli.projects import NGINX, NO_FROM, SHELL
from initlint import cli


@pytest.mark.parametrize(
    ("files", "target", "line"),
    [
        ({}, "missing", "missing:1:1: IL001 no such file or folder [unreadable-input]"),
        ({}, "missing/Dockerfile", "missing/Dockerfile:1:1: IL001 no such file or folder [unreadable-input]"),
        ({"Dockerfile": NGINX["Dockerfile"]}, "", '"":1:1: IL001 an empty name; the current folder is `.`'),
        ({"folder/readme": "x"}, "folder", "folder:1:1: IL001 no Dockerfile in this folder [unreadable-input]"),
        ({"Dockerfile": "FROM a\nRUN \0\n"}, "Dockerfile", "Dockerfile:1:1: IL001 is a binary file [unreadable-input]"),
        ({"Dockerfile": ""}, "Dockerfile", "Dockerfile:1:1: IL002"),
        ({"Dockerfile": "# nothing\n"}, "Dockerfile", "Dockerfile:1:1: IL002"),
        ({"Dockerfile": NO_FROM}, "Dockerfile", "Dockerfile:1:1: IL002"),
        ({"Dockerfile": "FROM a\nRUM x\n"}, "Dockerfile", "Dockerfile:2:1: IL002"),
        ({"Dockerfile": "FROM a\nRUN <<EOF\nx\n"}, "Dockerfile", "Dockerfile:2:"),
        ({"notes.txt": "hello\n"}, "notes.txt", "notes.txt:1:1: IL002"),
        ({}, "docker://alpine:3", "docker://alpine:3:1:1: IL001 images can't be checked yet"),
        ({}, "oci:folder:tag", "oci:folder:tag:1:1: IL001 images can't be checked yet"),
    ],
)
def test_bad_target(files: dict[str, str], target: str, line: str, project: Project, run: Run) -> None:
    project(files)
    result = run("check", "--output-format", "concise", target)
    assert result.code == 2
    assert result.out.startswith(line)
    assert result.out.count("\n") == 1


def test_the_other_targets_are_checked(project: Project, run: Run) -> None:
    project(SHELL | {"Dockerfile.broken": NO_FROM})
    result = run("check", "--output-format", "concise", "missing", ".")
    assert result.code == 2
    assert [line.split(": ")[1][:5] for line in result.out.splitlines()] == ["IL001", "IL103", "IL002"]


def test_a_file_that_may_not_be_read(project: Project, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    project(NGINX)

    really_open = os.open

    def refused(path: str, *arguments: int) -> int:
        if str(path).endswith("/Dockerfile"):
            raise PermissionError(13, "Permission denied")
        return really_open(path, *arguments)

    monkeypatch.setattr(os, "open", refused)
    result = run("check", "--output-format", "concise", "Dockerfile")
    assert result.code == 2
    assert result.out == "Dockerfile:1:1: IL001 can't be read: Permission denied [unreadable-input]\n"


def test_a_pipe_is_not_waited_for(project: Project, run: Run) -> None:
    os.mkfifo(project({}) / "Dockerfile")
    result = run("check", "--output-format", "concise", "Dockerfile")
    assert result.code == 2
    assert "is not a regular file" in result.out


def test_fix_touches_no_file_that_did_not_parse(project: Project, run: Run) -> None:
    folder = project({"Dockerfile": "FROM debian:12\nRUM x\nCMD nginx -g 'daemon off;'\n"})
    before = (folder / "Dockerfile").read_bytes()
    result = run("fix", "--write")
    assert result.code == 2
    assert (folder / "Dockerfile").read_bytes() == before
    assert "IL002" in result.err


def test_fix_says_which_file_cannot_be_written(project: Project, run: Run) -> None:
    """And writes the others."""
    folder = project({"a/Dockerfile": SHELL["Dockerfile"], "b/Dockerfile": SHELL["Dockerfile"]})
    (folder / "a" / "Dockerfile").chmod(0o444)
    result = run("fix", "--write")
    assert result.code == 2
    assert "a/Dockerfile: is read-only" in result.err
    assert (folder / "a" / "Dockerfile").read_text() == SHELL["Dockerfile"]
    assert (
        "exec nginx" in (folder / "b" / "Dockerfile").read_text()
        or "ENTRYPOINT" in (folder / "b" / "Dockerfile").read_text()
    )


def test_usage_errors_are_one_line(project: Project, run: Run) -> None:
    project(NGINX)
    for arguments in (["check", "--nope"], ["nope"], ["check", "--select", "IL9"], ["rule", "IL999"]):
        result = run(*arguments)
        assert result.code == 2
        assert result.out == ""
        assert result.err.startswith("initlint: error: ")
        assert result.err.count("\n") == 1


def test_terminal_escapes_in_a_file_stay_harmless(project: Project, run: Run) -> None:
    project({"Dockerfile": b"FROM debian:12\nCMD nginx -g 'daemon off;' \x1b[31m\xff\n"})
    result = run("check")
    assert "\x1b" not in result.out
    assert "\\x1b[31m\N{REPLACEMENT CHARACTER}" in result.out


def test_a_folder_that_may_not_be_searched(project: Project, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """What wasn't read wasn't checked; where it is excluded nobody wants it checked."""
    project({"secret/Dockerfile": "FROM nginx\n"} | NGINX)
    scandir = os.scandir

    def refused(path: str) -> object:
        if path.endswith("secret"):
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr("initlint.discovery.os.scandir", refused)
    result = run("check", "--output-format", "concise")
    assert result.code == 2
    assert result.out == "secret:1:1: IL001 can't be read: Permission denied [unreadable-input]\n"
    assert run("check", "--exclude", "secret").code == 0


def test_a_folder_that_is_gone(project: Project, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = project({"here/x": ""}) / "here"
    monkeypatch.chdir(folder)
    (folder / "x").unlink()
    folder.rmdir()
    monkeypatch.delenv("INITLINT_DEBUG")
    result = run("check")
    assert (result.code, result.err) == (2, "initlint: error: No such file or directory\n")


def test_a_rule_that_fails_leaves_the_other_files(project: Project, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    project(SHELL | {"Dockerfile.bad": "FROM nginx\n"})
    monkeypatch.delenv("INITLINT_DEBUG")
    from initlint import linter

    reported = linter._reported

    def broken(subject: linter.Subject, *arguments: object) -> object:
        if subject.container.source.name.endswith("bad"):
            raise KeyError("rule")
        return reported(subject, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(linter, "_reported", broken)
    result = run("check", "--output-format", "concise")
    assert result.code == 2
    assert "Dockerfile:2:1: IL103" in result.out
    assert "Dockerfile.bad:1:1: IL002 initlint failed on this file" in result.out


def test_a_symlink_that_leads_in_circles_hides_no_other_file(project: Project, run: Run) -> None:
    folder = project(SHELL)
    (folder / "Dockerfile.old").symlink_to("Dockerfile.old")
    result = run("check", "--output-format", "concise")
    assert (result.code, result.out.count("IL103")) == (2, 1)
    assert "Dockerfile.old:1:1: IL001 can't be read: " in result.out
    (folder / "Dockerfile.old").unlink()
    (folder / "Dockerfile.old").symlink_to("nowhere")
    assert run("check").code == 1


def test_no_standard_output(project: Project, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    project(SHELL)
    monkeypatch.setattr(sys, "stdout", None)
    assert cli.run(["check"]) == 2
    assert cli.run(["check", "--output-file", "found.txt"]) == 1
