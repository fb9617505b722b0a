"""`[tool.initlint]`, `initlint.toml`, INITLINT_* and the command line, and which of them wins."""

from __future__ import annotations

import pytest

from cli.conftest import Project, Run
from cli.projects import NODE, SCRIPT, SHELL


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("initlint.toml", 'ignore = ["IL103"]\n'),
        ("initlint.toml", 'ignore = ["IL1"]\n'),
        ("initlint.toml", 'ignore = ["shell-keeps-pid1"]\n'),
        ("initlint.toml", 'select = ["IL2"]\n'),
        ("initlint.toml", 'min-severity = "error"\n'),
        ("pyproject.toml", '[tool.initlint]\nignore = ["IL103"]\n'),
    ],
)
def test_a_setting_holds(name: str, text: str, project: Project, run: Run) -> None:
    project(SHELL | {name: text})
    assert run("check").code == 0


def test_the_nearest_file_wins(project: Project, run: Run) -> None:
    project(
        {
            "initlint.toml": 'ignore = ["IL103"]\n',
            "a/pyproject.toml": "[tool.other]\n",
            "a/Dockerfile": SHELL["Dockerfile"],
            "b/initlint.toml": "",
            "b/Dockerfile": SHELL["Dockerfile"],
        }
    )
    result = run("check", "--output-format", "concise")
    assert [line.partition(":")[0] for line in result.out.splitlines()] == ["b/Dockerfile"]


def test_initlint_toml_goes_before_pyproject_toml(project: Project, run: Run) -> None:
    project(SHELL | {"initlint.toml": "", "pyproject.toml": '[tool.initlint]\nignore = ["IL103"]\n'})
    assert run("check").code == 1


def test_config_names_one_file_for_all(project: Project, run: Run) -> None:
    project(SHELL | {"initlint.toml": "", "ci/initlint.toml": 'ignore = ["IL103"]\n'})
    assert run("check", "--config", "ci/initlint.toml").code == 0


def test_the_command_line_beats_the_environment_beats_the_file(
    project: Project, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    project(SHELL | {"initlint.toml": 'min-severity = "error"\n'})
    assert run("check").code == 0
    monkeypatch.setenv("INITLINT_MIN_SEVERITY", "warning")
    assert run("check").code == 1
    assert run("check", "--min-severity", "error").code == 0


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("INITLINT_SELECT", "IL2,IL3", 0),
        ("INITLINT_IGNORE", "IL103 IL101", 0),
        ("INITLINT_EXIT_ZERO", "1", 0),
        ("INITLINT_EXCLUDE", "Dockerfile", 2),
        ("INITLINT_TARGET", "missing", 2),
        ("INITLINT_OUTPUT_FORMAT", "nonsense", 2),
        ("INITLINT_CONTEXT", "missing", 2),
        ("INITLINT_SELECT", "nonsense", 2),
    ],
)
def test_options_by_environment(
    name: str, value: str, code: int, project: Project, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    project(SHELL)
    monkeypatch.setenv(name, value)
    assert run("check").code == code


def test_every_option_has_a_variable() -> None:
    import click

    from initlint.cli import check, fix, prove, rule, trace

    for command in (check.command, fix.command, prove.command, rule.command, trace.command):
        for option in command.params:
            if isinstance(option, click.Option) and option.name != "help":
                name = max(option.opts, key=len).removeprefix("--").replace("-", "_").upper()
                assert option.envvar == f"INITLINT_{name}"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('ignore = ["IL1"]\nselct = ["IL1"]\n', "initlint.toml:2: selct is not a setting of initlint"),
        ('select = "IL1"\n', "initlint.toml:1: select must be a list of strings"),
        ('\nselect = ["IL999"]\n', "initlint.toml:2: select names no rule: IL999"),
        ("min-severity = 1\n", "initlint.toml:1: min-severity must be one of info, warning, error"),
        ('init = "systemd"\n', "initlint.toml:1: init must be one of auto, tini, dumb-init"),
        ('context = "missing"\n', "initlint.toml:1: context is not a folder: missing"),
        ("build-args = 1\n", "initlint.toml:1: build-args must be a table of strings"),
        ("[build-args]\nA = 1\n", "initlint.toml:1: build-args must be a table of strings"),
        ('[per-path."docker/*"]\nselect = []\n', "initlint.toml:2: select is not a setting for a path"),
        ("per-path = 1\n", "initlint.toml:1: per-path must be a table"),
        ("[per-path]\nx = 1\n", "initlint.toml:2: x must be a table"),
        ("select = [\n", "initlint.toml: is not TOML"),
    ],
)
def test_an_error_names_file_and_line(text: str, message: str, project: Project, run: Run) -> None:
    project(SHELL | {"initlint.toml": text})
    result = run("check")
    assert result.code == 2
    file, _, problem = message.partition(": ")
    assert result.out.startswith(f"{file}:1: error: {problem}" if ":" in file else f"{file}:1:1: error: {problem}")
    explicit = run("check", "--config", message.partition(":")[0])
    assert (explicit.code, explicit.out) == (2, "")
    assert explicit.err.startswith(f"initlint: error: {message}")
    assert explicit.err.count("\n") == 1


def test_pyproject_without_our_table_may_be_anything(project: Project, run: Run) -> None:
    project(SHELL | {"pyproject.toml": "not toml at all"})
    assert run("check").code == 1


class TestReading:
    """context, target, build-args and platform, for all files and per path."""

    FILES = {
        "docker/web/Dockerfile": SCRIPT["Dockerfile"],
        "other/Dockerfile": "FROM debian:12 AS one\nCMD nginx -g 'daemon off;'\nFROM nginx AS two\n",
        "src/start.sh*": SCRIPT["start.sh*"],
    }

    def test_context_per_path(self, project: Project, run: Run) -> None:
        project(self.FILES | {"initlint.toml": '[per-path."docker/*"]\ncontext = "src"\n'})
        assert "src/start.sh:4:1: IL103" in run("check", "--output-format", "concise").out

    def test_context_is_relative_to_its_file(self, project: Project, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        folder = project(self.FILES | {"initlint.toml": 'context = "src"\n'})
        monkeypatch.chdir(folder / "docker")
        assert "src/start.sh:4:1: IL103" in run("check", "--output-format", "concise").out

    def test_the_command_line_goes_before(self, project: Project, run: Run) -> None:
        project(self.FILES | {"initlint.toml": 'context = "other"\n'})
        assert "src/start.sh:4:1: IL103" in run("check", "--output-format", "concise", "--context", "src").out

    def test_target(self, project: Project, run: Run) -> None:
        project(self.FILES | {"initlint.toml": '[per-path.other]\ntarget = "three"\n'})
        assert run("check", "other").code == 2
        assert run("check", "other", "--target", "one").code == 1

    def test_build_args(self, project: Project, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        text = "ARG BASE=nginx\nFROM $BASE\nCMD exec nginx -g 'daemon off;'\n"
        files = {"Dockerfile": text.replace("exec ", "")}
        project(files | {"initlint.toml": '[build-args]\nBASE = "alpine"\n'})
        assert run("check").code == 0  # busybox ash execs the last command
        assert run("check", "--build-arg", "BASE=debian:12").code == 1
        monkeypatch.setenv("BASE", "debian:12")
        assert run("check", "--build-arg", "BASE").code == 1


def test_an_empty_selection_is_none(project: Project, run: Run) -> None:
    """As a script with an empty variable gives it: nothing is left out in silence."""
    project(SHELL)
    assert run("check", "--select", "").code == 1
    assert run("check", "--select", " , ", "--ignore", "").code == 1


def test_a_configuration_that_cannot_be_used_stops_no_other_file(project: Project, run: Run) -> None:
    """It is told once, as what it is: input that can't be read."""
    broken = "# ours\nbogus = 1\n"
    project(
        {"a/initlint.toml": broken, "a/Dockerfile": NODE["Dockerfile"], "a/b/Dockerfile": NODE["Dockerfile"]}
        | {"c/Dockerfile": SHELL["Dockerfile"]}
    )
    result = run("check", "--output-format", "concise")
    assert result.code == 2
    assert (
        result.out.splitlines()[0] == "a/initlint.toml:2:1: IL002 bogus is not a setting of initlint [unparsable-input]"
    )
    assert [line.partition(" ")[0] for line in result.out.splitlines()[1:]] == ["c/Dockerfile:2:1:"]
    result = run("fix", "--write")
    assert result.code == 2
    assert "Fixed 1 of" in result.err
