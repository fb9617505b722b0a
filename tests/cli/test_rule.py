"""`initlint rule`, and the pages of docs/rules."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from cli.conftest import Run
from initlint.registry import rules
from initlint.report.rule_docs import index, page
from initlint.rule import Rule

DOCS = Path(__file__).parent.parent.parent / "docs" / "rules"


def test_the_list(run: Run) -> None:
    lines = run("rule").out.splitlines()
    assert [line.split()[0] for line in lines] == [rule.code for rule in rules()]


def test_one_rule(run: Run) -> None:
    result = run("rule", "IL003")
    assert result.out.startswith("# unused-suppression (IL003)\n")
    assert "## Why it matters" in result.out
    assert run("rule", "il003").out == run("rule", "unused-suppression").out == result.out


def test_as_json(run: Run) -> None:
    found = json.loads(run("rule", "--output-format", "json").out)
    assert [rule["code"] for rule in found] == [rule.code for rule in rules()]
    one = json.loads(run("rule", "IL003", "--output-format", "json").out)
    assert one in found


def in_step(path: Path, text: str) -> None:
    """The docs are written from the rules: UPDATE_SNAPSHOTS=1 does it."""
    if os.environ.get("UPDATE_SNAPSHOTS"):
        path.write_text(text, encoding="utf-8")
    assert path.exists() and path.read_text(encoding="utf-8") == text, "run the tests with UPDATE_SNAPSHOTS=1"


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.code)
def test_a_page_of_the_docs(rule: Rule) -> None:
    in_step(DOCS / f"{rule.code}.md", page(rule))


def test_the_index_of_the_docs() -> None:
    in_step(DOCS / "README.md", index(rules()))
    assert {path.name for path in DOCS.glob("*.md")} == {"README.md", *(f"{rule.code}.md" for rule in rules())}
