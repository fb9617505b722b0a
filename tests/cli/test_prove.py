"""`initlint prove` without an engine: what is asked wrongly is one line and 2."""

from __future__ import annotations

import pytest

from cli.conftest import Project, Run
from cli.projects import NGINX, NO_FROM


@pytest.fixture(autouse=True)
def no_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", "unix:///nonexistent/docker.sock")


@pytest.mark.parametrize(
    "arguments",
    [["--grace", "0"], ["--grace", "soon"], ["--timeout", "0"], ["--output-format", "sarif"], ["--nope"], ["--build-arg", "=x"]],
)  # fmt: skip
def test_usage_errors(arguments: list[str], project: Project, run: Run) -> None:
    project(NGINX)
    result = run("prove", *arguments)
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith("initlint: error: ")
    assert result.err.count("\n") == 1


@pytest.mark.parametrize("target", [".", "Dockerfile", "docker-daemon:busybox"])
def test_without_an_engine(target: str, project: Project, run: Run) -> None:
    project(NGINX)
    result = run("prove", target)
    assert (result.code, result.out) == (2, "")
    assert result.err == (
        "initlint: error: no container engine answers at unix:///nonexistent/docker.sock: No such file or directory; "
        "DOCKER_HOST names one\n"
    )


@pytest.mark.parametrize(
    ("files", "target", "line"),
    [
        ({}, "missing", "missing: error: no such file or folder"),
        ({"Dockerfile": NO_FROM}, "Dockerfile", "Dockerfile:1: error: "),
        ({}, "docker://alpine:3", "docker://alpine:3: error: images can't be "),
    ],
)
def test_a_bad_target_needs_no_engine(
    files: dict[str, str], target: str, line: str, project: Project, run: Run
) -> None:
    project(files)
    result = run("prove", target)
    assert result.code == 2
    assert result.out.startswith(line)
    assert result.out.endswith("1 container, 0 differ, 1 not measured\n")
