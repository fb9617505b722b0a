"""Every fact whose program is installed is what the program does as PID 1 today."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from initlint.lab import last_command, remeasure
from initlint.lab.experiment import Result
from initlint.lab.remeasure import Task

SETUP = Path(__file__).parents[1] / "setup.sh"
RECIPES = [recipe.name for recipe in remeasure.RECIPES]
SHELLS = [shell.name for shell in last_command.SHELLS]


def packages_of_ci() -> set[str]:
    """What tests/setup.sh installs."""
    arrays = re.findall(r"^ *(?:engine|lab)_packages=\(([^)]*)\)", SETUP.read_text(), re.MULTILINE)
    return {word for array in arrays for word in array.split()} | {"bash", "coreutils", "dash", "util-linux"}


def chosen(request: pytest.FixtureRequest) -> list[Task]:
    """The experiments that this run of the tests asks for: with -k or a name, only those."""
    wanted = [str(item.callspec.params.get("name", "")) for item in request.session.items if hasattr(item, "callspec")]
    return [task for task in remeasure.tasks() if any(of(task, name) for name in wanted)]


def of(task: Task, name: str) -> bool:
    return task.name == name or (task.name.startswith(f"{name}: ") and task.seconds == 0 and name in SHELLS)


@pytest.fixture(scope="session")
def results(request: pytest.FixtureRequest, namespaces: None) -> dict[str, Result]:
    """All of them, side by side: one after the other they would take ten minutes."""
    return {result.name: result for result in remeasure.measure(chosen(request))}


def needs(task: Task) -> None:
    if task.installed:
        return
    if os.environ.get("CI") == "true" and task.package in packages_of_ci():
        pytest.fail(f"tests/setup.sh installs {task.package}, and it isn't there")
    pytest.skip(f"{task.package} isn't installed")


@pytest.mark.parametrize("name", RECIPES)
def test_program_does_what_its_fact_says(name: str, results: dict[str, Result]) -> None:
    """Orphans, the program behind it, and every signal that the fact tells of."""
    (task,) = (task for task in remeasure.tasks() if task.name == name)
    needs(task)
    assert not results[name].differences, "\n".join(results[name].differences)


@pytest.mark.parametrize("name", SHELLS)
def test_shell_hands_over_where_the_facts_say_so(name: str, results: dict[str, Result]) -> None:
    """Each construct behind -c, in a file, and in a file without a newline at its end."""
    (shell,) = (shell for shell in last_command.SHELLS if shell.name == name)
    if not last_command.installed(shell):
        (task,) = (task for task in remeasure.tasks([name]) if task.name == f"{name}: last command")
        needs(task)
    cells = [f"{name}: {cell.code!r} {form}" for cell, form, _ in last_command.cells(shell)]
    assert cells, f"the facts know nothing about the version that is installed: {last_command.known_as(shell)}"
    wrong = [difference for cell in cells for difference in results[cell].differences]
    assert not wrong, "\n".join(wrong)
