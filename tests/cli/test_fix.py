"""`initlint fix`: one diff that git takes, or the files written."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from cli.conftest import Project, Run
from cli.projects import NGINX, NODE, SCRIPT, SHELL

SERVER = "require('http').createServer().listen(80)\n"


def contents(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and ".git" not in path.parts
    }


def test_git_takes_the_diff_and_it_is_what_write_writes(project: Project, run: Run) -> None:
    files = {f"a b/{name}": text for name, text in SCRIPT.items()} | {"ä/Dockerfile": SHELL["Dockerfile"]}
    folder = project(files)
    result = run("fix")
    assert result.code == 1
    subprocess.run(["git", "init", "-q"], check=True)
    subprocess.run(["git", "apply"], input=result.out.encode(), check=True)
    by_git = contents(folder)
    project(files)
    run("fix", "--write")
    assert contents(folder) == by_git


def test_it_is_idempotent(project: Project, run: Run) -> None:
    folder = project(SCRIPT | {"Dockerfile.node": NODE["Dockerfile"]})
    assert run("fix", "--write").code == 0
    after = contents(folder)
    result = run("fix")
    assert (result.code, result.out) == (0, "")
    assert run("fix", "--write").code == 0
    assert contents(folder) == after


def test_write_prints_no_diff_unless_asked(project: Project, run: Run) -> None:
    project(SHELL)
    assert run("fix", "--write").out == ""
    project(SHELL)
    assert run("fix", "--write", "--diff").out.startswith("--- a/Dockerfile\n")


def test_the_mode_is_kept(project: Project, run: Run) -> None:
    folder = project(SCRIPT)
    run("fix", "--write")
    assert (folder / "start.sh").stat().st_mode & 0o777 == 0o755


def test_the_diff_can_go_to_a_file(project: Project, run: Run) -> None:
    folder = project(SHELL)
    result = run("fix", "--output-file", "cure.diff")
    assert (result.code, result.out) == (1, "")
    assert (folder / "cure.diff").read_text().startswith("--- a/Dockerfile\n")


def test_only_what_is_reported_is_fixed(project: Project, run: Run) -> None:
    project(SHELL)
    assert run("fix", "--select", "IL2").out == ""
    assert run("fix", "--min-severity", "error").out == ""
    project({"Dockerfile": SHELL["Dockerfile"].replace("CMD", "# initlint: ignore=IL103\nCMD")})
    assert run("fix").out == ""


def test_unsafe_fixes_are_asked_for(project: Project, run: Run) -> None:
    """Something refers to PID 1: people have to look."""
    project(
        {
            "Dockerfile": 'FROM node:20\nCOPY server.js .\nHEALTHCHECK CMD kill -0 1\nCMD ["node", "server.js"]\n',
            "server.js": SERVER,
        },
    )
    result = run("fix")
    assert (result.code, result.out) == (0, "")
    assert "more with --unsafe-fixes" in result.err
    assert run("fix", "--unsafe-fixes").out != ""


def test_which_init(project: Project, run: Run) -> None:
    project({"Dockerfile": 'FROM node:20\nCOPY server.js .\nCMD ["node", "server.js"]\n', "server.js": SERVER})
    assert "dumb-init" in run("fix", "--init", "dumb-init").out
    assert "tini" in run("fix", "--init", "tini").out
    project({"initlint.toml": 'init = "dumb-init"\n'})
    assert "dumb-init" in run("fix").out


def test_standard_input(project: Project, run: Run) -> None:
    project({})
    result = run("fix", "--stdin-filename", "docker/Dockerfile", "-", stdin=SHELL["Dockerfile"].encode())
    assert result.code == 1
    assert result.out.startswith("--- a/docker/Dockerfile\n+++ b/docker/Dockerfile\n")


def test_there_is_nothing_to_fix(project: Project, run: Run) -> None:
    project(NGINX)
    result = run("fix")
    assert (result.code, result.out, result.err) == (0, "", "Nothing to fix.\n")


def test_why_there_is_no_fix(project: Project, run: Run) -> None:
    project({"Dockerfile": "FROM debian:12\nCMD nginx -g 'daemon off;' | tee /log\n"})
    result = run("fix")
    assert (result.code, result.out) == (0, "")
    assert "Dockerfile:2:1: IL103" in result.err
    assert "(not fixed: " in result.err


def test_a_dockerfile_at_the_end_of_a_symlink(project: Project, run: Run) -> None:
    """git applies nothing to a symlink, and what it leads to isn't ours to write."""
    folder = project({"image.txt": SHELL["Dockerfile"]})
    (folder / "Dockerfile").symlink_to("image.txt")
    for arguments in (["fix"], ["fix", "--write"]):
        result = run(*arguments)
        assert (result.code, result.out) == (int("--write" in arguments), "")
        assert "(not fixed: Dockerfile is a symlink, and nothing is written through one)" in result.err
    assert (folder / "image.txt").read_text() == SHELL["Dockerfile"]


def test_git_apply_takes_no_file_above_the_current_folder(
    project: Project, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No form of a header makes it: git drops the paths outside of the folder that it is run in."""
    folder = project({"x/Dockerfile": SHELL["Dockerfile"], "y/readme": ""})
    assert "git apply" not in run("fix", "x").err
    monkeypatch.chdir(folder / "y")
    result = run("fix", "../x")
    assert result.code == 1
    assert "`git apply` takes no file above the current folder (../x/Dockerfile)" in result.err


@pytest.mark.parametrize("line", ["Dockerfile", "/sub/", "*file", "*\n!Dockerfile\n/sub"])
def test_a_dockerfile_that_git_ignores(line: str, project: Project, run: Run) -> None:
    """It is generated: what is written into it would be lost."""
    folder = project({".git/HEAD": "", ".gitignore": f"{line}\n", "sub/Dockerfile": SHELL["Dockerfile"]})
    for arguments in (["fix"], ["fix", "--write"]):
        result = run(*arguments, "sub/Dockerfile")
        assert (result.code, result.out) == (int("--write" in arguments), "")
        assert "(not fixed: Dockerfile is ignored by git)" in result.err
    assert (folder / "sub/Dockerfile").read_text() == SHELL["Dockerfile"]


@pytest.mark.skipif(shutil.which("git") is None, reason="git isn't installed")
def test_a_dockerfile_that_git_tracks_all_the_same(project: Project, run: Run) -> None:
    folder = project({".gitignore": "Dockerfile\n", "Dockerfile": SHELL["Dockerfile"]})
    assert run("fix", "Dockerfile").code == 1  # no repository
    for arguments in (["init", "-q"], ["add", "-f", "Dockerfile"]):
        subprocess.run(["git", "-C", str(folder), *arguments], check=True)
    assert run("fix", "Dockerfile").code == 1
    subprocess.run(["git", "-C", str(folder), "rm", "-q", "--cached", "Dockerfile"], check=True)
    assert run("fix", "Dockerfile").code == 0


def test_a_dockerfile_of_a_submodule(project: Project, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """It's mended in its own repository."""
    folder = project(
        {".git/HEAD": "", "lib/.git": "gitdir: ../.git/modules/lib\n", "lib/Dockerfile": SHELL["Dockerfile"]}
    )
    result = run("fix")
    assert (result.code, result.out) == (0, "")
    assert "(not fixed: Dockerfile belongs to a submodule)" in result.err
    monkeypatch.chdir(folder / "lib")
    assert run("fix").code == 1


def test_the_diff_is_all_that_write_does(project: Project, run: Run) -> None:
    """One fix lets another one be had: here two Dockerfiles share a script that only the second may change."""
    files = {
        "a/Dockerfile": 'FROM node:20\nCOPY b/run.sh /\nENTRYPOINT ["/run.sh"]\nCMD ["node", "x.js"]\n',
        "b/Dockerfile": 'FROM debian:12\nCOPY b/run.sh /\nENTRYPOINT ["/run.sh"]\nCMD ["nginx", "-g", "daemon off;"]\n',
        "b/run.sh*": '#!/bin/sh\n"$@"\n',
        ".git/HEAD": "",
    }
    folder = project(files)
    diff = run("fix").out
    run("fix", "--write")
    written = contents(folder)
    project(files)
    subprocess.run(["git", "init", "-q"], check=True)
    subprocess.run(["git", "apply"], input=diff.encode(), check=True)
    assert contents(folder) == written
    assert run("fix").out == ""


def test_a_script_that_a_heredoc_writes_is_mended_in_the_dockerfile(project: Project, run: Run) -> None:
    text = 'FROM debian:12\nCOPY <<{} /start.sh\n#!/bin/sh\necho hello\nnginx -g \'daemon off;\'\n{}\nCMD ["sh", "/start.sh"]\n'
    root = project({"Dockerfile": text.format("END", "END"), "other/Dockerfile": text.format("'E'", "E")})
    found = run("check", "--output-format", "concise").out.splitlines()
    assert [line.split(" ")[:2] for line in found] == [
        ["Dockerfile:5:1:", "IL103"],
        ["other/Dockerfile:5:1:", "IL103"],
    ]
    run("fix", "--write")
    wanted = text.replace("\nnginx", "\nexec nginx")
    assert (root / "Dockerfile").read_text() == wanted.format("END", "END")
    assert (root / "other/Dockerfile").read_text() == wanted.format("'E'", "E")


@pytest.mark.parametrize(
    "write",
    [
        "COPY <<END /start.sh\n#!/bin/sh\necho $GREETING\nnginx -g 'daemon off;'\nEND",
        "COPY <<-END /start.sh\n\t#!/bin/sh\n\techo hello\n\tnginx -g 'daemon off;'\nEND",
        "RUN printf '#!/bin/sh\\necho hello\\nnginx -g \"daemon off;\"\\n' > /start.sh",
    ],
)
def test_a_script_that_the_build_makes_is_told_where_it_is_made(write: str, project: Project, run: Run) -> None:
    """Its text isn't in the Dockerfile as it is: nothing is written there."""
    project({"Dockerfile": f'FROM debian:12\nENV GREETING=hello\n{write}\nCMD ["sh", "/start.sh"]\n'})
    result = run("check")
    assert result.out.startswith(("Dockerfile:3:", "Dockerfile:4:")) and "IL103" in result.out
    assert "no fix: `exec` can't be written before nginx: /start.sh is written by the build" in result.out
