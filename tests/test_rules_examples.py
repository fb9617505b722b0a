"""Every rule's examples, run by themselves: what it reports, and what `fix` makes of them."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest

from initlint.configuration import Configurations
from initlint.fixing.apply import apply, merge
from initlint.linter import check
from initlint.registry import rules
from initlint.rule import Example, Rule
from initlint.text import decode


class Case(NamedTuple):
    rule: Rule
    example: Example


CASES = [
    pytest.param(Case(rule, example), id=f"{rule.code}: {example.title}")
    for rule in rules()
    for example in rule.examples
]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def written(example: Example, folder: Path) -> None:
    for name, content in example.files.items():
        path = folder / name.removesuffix("*")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode("utf-8", "surrogateescape"))
        path.chmod(0o755 if name.endswith("*") else 0o644)


@pytest.mark.parametrize("case", CASES)
def test_rows(case: Case, folder: Path) -> None:
    """The rule reports at the rows that the example names, and nowhere else."""
    written(case.example, folder)
    report = check(("Dockerfile",), Configurations())
    found = sorted(
        (finding.span.source.name, finding.span.row) for finding in report.findings if finding.code == case.rule.code
    )
    expected = sorted(row if isinstance(row, tuple) else ("Dockerfile", row) for row in case.example.rows)
    assert found == expected


@pytest.mark.parametrize("case", CASES)
def test_fixed(case: Case, folder: Path) -> None:
    """The fix of what the rule reports makes of the files what the example says, byte for byte."""
    written(case.example, folder)
    report = check(("Dockerfile",), Configurations(), fixes=True)
    own = [finding for finding in report.findings if finding.code == case.rule.code]
    fixes = list(dict.fromkeys(finding.fix for finding in own if finding.fix is not None))
    if case.example.fixed is None:
        assert not fixes, f"the example says nothing of this fix: {fixes[0].message}"
        return
    assert own, "nothing is reported"
    assert fixes, own[0].no_fix
    assert {fix.applicability == "unsafe" for fix in fixes} == {case.example.unsafe}
    edits, waiting = merge(fixes)
    assert not waiting
    after = {change.source.name: decode(change.after) for change in apply(edits).values()}
    assert after == {name.removesuffix("*"): text for name, text in case.example.fixed.items()}


@pytest.mark.parametrize("case", CASES)
def test_fixed_once_is_fixed(case: Case, folder: Path) -> None:
    """What `fix` made of an example is not reported again, and not fixed further."""
    if case.example.fixed is None:
        return
    written(case.example, folder)
    for name, content in case.example.fixed.items():
        (folder / name.removesuffix("*")).write_bytes(content.encode("utf-8", "surrogateescape"))
    report = check(("Dockerfile",), Configurations(), fixes=True)
    assert [finding for finding in report.findings if finding.code == case.rule.code] == []
    assert report.fixes == ()
