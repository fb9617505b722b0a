"""What the README shows and the hooks call is what there is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cli.conftest import Run
from initlint.cli import COMMANDS
from initlint.configuration import SETTINGS

ROOT = Path(__file__).parent.parent.parent


def test_the_example_of_the_readme(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    shown, diff = re.findall(r"```(?:diff)?\n((?:examples/|--- a/examples/).*?)```", text, re.DOTALL)
    lines = run("check", "examples/web").out.splitlines()
    assert [line for line in shown.splitlines() if line not in lines] == []
    assert diff in run("fix", "examples/web").out


def test_the_hooks_call_commands_that_there_are(run: Run) -> None:
    text = (ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")
    assert re.findall(r"^- id: (.*)$", text, re.MULTILINE) == ["initlint", "initlint-fix"]
    for entry in re.findall(r"^  entry: initlint (.*)$", text, re.MULTILINE):
        name, *options = entry.split()
        assert name in COMMANDS
        help_text = run(name, "--help").out
        assert all(option in help_text for option in options)
    assert text.count("types_or: [dockerfile, shell, python]\n") == 2


@pytest.mark.parametrize(
    "name", ["README.md", "docs/configuration.md", "docs/inits.md", "docs/pyinit.md", "CONTRIBUTING.md"]
)
def test_links_lead_somewhere(name: str) -> None:
    path = ROOT / name
    for target in re.findall(r"\]\(([^)#]+?)(?:#[^)]*)?\)", path.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (path.parent / target).exists(), target


def test_every_setting_is_documented() -> None:
    text = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `([\w-]+)` \|", text, re.MULTILINE)) == set(SETTINGS)


def test_every_option_is_documented_by_its_help(run: Run) -> None:
    for name in COMMANDS:
        text = run(name, "--help").out
        assert "--output-file" in text
