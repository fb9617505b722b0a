"""What the registry takes for a rule."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType

import pytest

from initlint import registry
from initlint.registry import RegistryError, UnknownRule, codes, collect, find, rules
from initlint.rule import Rule

RULES = Path(__file__).parent.parent / "rules"
DOCUMENTATION = "A thing.\n\n" + "\n".join(f"## {section}\n\ntext\n" for section in registry.SECTIONS)


def module(name: str, code: str = "XX001", rule_name: str = "a-thing", doc: str = DOCUMENTATION) -> ModuleType:
    made = ModuleType(name, doc)
    made.RULE = Rule(code, rule_name, "warning", "A thing", None, ())  # type: ignore[attr-defined]
    return made


def test_every_module_of_the_package_is_a_rule() -> None:
    """Each has a docstring with all sections, a RULE, examples: `rules()` raises otherwise."""
    files = [path for path in RULES.glob("*.py") if not path.name.startswith("_")]
    assert len(rules()) >= len(files)


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.code)
def test_a_rule_is_complete(rule: Rule) -> None:
    assert rule.name == rule.name.lower().replace("_", "-")
    assert rule.summary and not rule.summary.endswith(".")
    assert any(example.rows for example in rule.examples), "an example that it reports"
    assert any(not example.rows for example in rule.examples), "an example that it doesn't report"
    if rule.settled_by:
        assert any(example.fixed is not None for example in rule.examples), "an example of its fix"


@pytest.mark.parametrize("section", registry.SECTIONS)
def test_a_missing_section_is_an_error(section: str) -> None:
    with pytest.raises(RegistryError, match=section):
        collect([module("one", doc=DOCUMENTATION.replace(section, "Other"))])


def test_a_module_without_a_rule_is_an_error() -> None:
    with pytest.raises(RegistryError, match="empty has no RULE"):
        collect([ModuleType("empty", DOCUMENTATION)])


def test_a_code_belongs_to_one_rule() -> None:
    with pytest.raises(RegistryError, match="XX001 is taken twice: by one and by two"):
        collect([module("one"), module("two", rule_name="another-thing")])


def test_a_name_belongs_to_one_rule() -> None:
    with pytest.raises(RegistryError, match="a-thing is taken twice: by one and by two"):
        collect([module("one"), module("two", code="XX002")])


def test_codes_prefixes_and_names_select() -> None:
    assert codes("IL001") == {"IL001"}
    assert codes("il001") == {"IL001"}
    assert codes("unparsable-input") == {"IL002"}
    assert codes("IL00") == {"IL001", "IL002", "IL003"}
    assert codes("ALL") == {rule.code for rule in rules()}


@pytest.mark.parametrize("word", ["", "I", "IL999", "no-such-rule", "IL0011"])
def test_an_unknown_word_selects_nothing(word: str) -> None:
    with pytest.raises(UnknownRule):
        codes(word)


def test_find_takes_codes_and_names() -> None:
    by_code, by_name = find("il003"), find("unused-suppression")
    assert by_code is not None
    assert by_code is by_name
    assert find("IL00") is None


def test_packages_add_rules_by_entry_point(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The group's name in an installed package's entry points is enough."""
    (tmp_path / "foreign_rule.py").write_text(
        f'"""{DOCUMENTATION}"""\n'
        "from initlint.rule import Rule\n"
        'RULE = Rule("ZZ001", "foreign", "warning", "A foreign thing", None, ())\n'
    )
    metadata = tmp_path / "foreign-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: foreign\nVersion: 1.0\n")
    (metadata / "entry_points.txt").write_text("[initlint.rules]\nforeign = foreign_rule\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    rules.cache_clear()
    try:
        assert "ZZ001" in {rule.code for rule in rules()}
        assert codes("ZZ001") == {"ZZ001"}
    finally:
        rules.cache_clear()
        sys.modules.pop("foreign_rule", None)


def test_an_entry_point_that_fails_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    metadata = tmp_path / "foreign-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: foreign\nVersion: 1.0\n")
    (metadata / "entry_points.txt").write_text("[initlint.rules]\nforeign = no_such_module\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    rules.cache_clear()
    try:
        with pytest.raises(RegistryError, match="no_such_module"):
            rules()
    finally:
        rules.cache_clear()
