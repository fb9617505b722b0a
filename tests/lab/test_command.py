"""`python -m initlint.lab`: what it prints and how it exits."""

from __future__ import annotations

import json
import os

import pytest

from initlint.lab import __main__ as command
from initlint.lab import experiment, remeasure
from initlint.lab.experiment import Result
from initlint.lab.recipe import expected


def test_every_recipe_tries_a_measured_fact() -> None:
    """What nobody measured has nothing to be compared with."""
    for recipe in remeasure.RECIPES:
        assert expected(recipe), recipe.name
        wrapper, program = recipe.wrapper_fact(), recipe.program_fact()
        assert (wrapper or program).measured, recipe.name  # type: ignore[union-attr]


def test_names_tell_experiments_apart() -> None:
    names = [task.name for task in remeasure.tasks()]
    assert len(names) == len(set(names))


def test_list_needs_neither_root_nor_namespaces(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert command.main(["--list", "--only", "tini"]) == 0
    lines = [line.partition("  (not installed")[0] for line in capsys.readouterr().out.splitlines()]
    assert lines == ["tini", "tini -g", "tini -s"]


def test_without_root_it_says_so(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert command.main(["--only", "sleep"]) == 2
    assert capsys.readouterr().err == "initlint.lab: nothing was measured: only root may make PID namespaces here\n"


def test_unknown_name_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["--only", "sleep", "slep"]) == 2
    assert "no recipe is called slep" in capsys.readouterr().err


def fake(monkeypatch: pytest.MonkeyPatch, *results: Result) -> None:
    monkeypatch.setattr(command, "why_not", lambda: None)
    monkeypatch.setattr(remeasure, "measure", lambda chosen: iter(results))


GOOD = Result("sleep", "coreutils", ("sleep", "infinity"), {"orphans": "stay zombies"}, {"orphans": "stay zombies"})
BAD = GOOD._replace(name="busybox sleep", measured={"orphans": "are reaped"})


def test_differences_are_shown_and_exit_1(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    fake(monkeypatch, GOOD, BAD)
    monkeypatch.setattr(command, "version", lambda package: "9.1-1")
    assert command.main(["--only", "sleep"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[:3] == [
        "busybox sleep: orphans: the fact says 'stay zombies', measured 'are reaped'",
        "    'sleep infinity' of coreutils 9.1-1",
        "2 experiments: 1 as the facts say, 1 otherwise",
    ]


def test_agreement_exits_0(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    fake(monkeypatch, GOOD)
    assert command.main(["--only", "sleep"]) == 0
    assert capsys.readouterr().out.startswith("1 experiments: 1 as the facts say, 0 otherwise\n")


def test_json_tells_everything(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    fake(monkeypatch, GOOD, BAD)
    assert command.main(["--only", "sleep", "--json"]) == 1
    document = json.loads(capsys.readouterr().out)
    assert document["version"] == 1
    assert [(result["name"], result["differs"]) for result in document["results"]] == [
        ("busybox sleep", True),
        ("sleep", False),
    ]
    assert document["results"][0]["expected"] == {"orphans": "stay zombies"}
    assert "systemd" in document["without_recipe"] and "tini" not in document["without_recipe"]


def test_difference_counts_when_it_shows_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine can be late once."""
    answers = iter([BAD, GOOD])
    monkeypatch.setattr(experiment, "run", lambda recipe: next(answers))
    (task,) = (task for task in remeasure.tasks(["sleep"]) if task.name == "sleep")
    assert list(remeasure.measure([task._replace(installed=True)])) == [GOOD]
