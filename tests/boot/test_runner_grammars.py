"""What runners are told to start: files and modules of Python behind `uv run`, scripts of workspaces."""

from __future__ import annotations

import pytest

from initlint.boot import wrappers
from initlint.boot.package_runners import OF_WORKSPACE


@pytest.mark.parametrize(
    ("words", "command"),
    [
        ("uv run app.py --port 1", "python app.py --port 1"),
        ("uv run --env-file .env -m app", "python -m app"),
        ("uv run --frozen gunicorn a:b", "gunicorn a:b"),
    ],
)
def test_uv_run(words: str, command: str) -> None:
    """A file and a module are run by the environment's python."""
    found = wrappers.unwrap("uv", tuple(words.split()))
    assert found is not None and found.argv == tuple(command.split())


@pytest.mark.parametrize("words", ["yarn workspace api start", "pnpm -r run start", "pnpm --filter api start"])
def test_scripts_of_workspaces(words: str) -> None:
    """Which package.json holds them isn't looked up; `workspace` is no program."""
    found = wrappers.unwrap(words.split()[0], tuple(words.split()))
    assert found is not None and found.problem == OF_WORKSPACE
