"""A rule's documentation: on the terminal, and as a page of the docs."""

from __future__ import annotations

from initlint.rule import Rule


def page(rule: Rule) -> str:
    """The documentation of one rule in Markdown."""
    facts = [f"**{rule.code}**", f"severity: {rule.severity}", f"since {rule.since}", f"fix: {fix_of(rule)}"]
    return f"# {rule.name} ({rule.code})\n\n{' · '.join(facts)}\n\n{rule.documentation}\n"


def index(rules: tuple[Rule, ...]) -> str:
    """The table of all rules in Markdown."""
    rows = [
        f"| [{rule.code}]({rule.code}.md) | {rule.name} | {rule.severity} | {fix_of(rule)} | {rule.summary} |"
        for rule in rules
    ]
    head = ["# Rules", "", "| code | name | severity | fix | what it reports |", "|---|---|---|---|---|"]
    return "\n".join([*head, *rows]) + "\n"


def listing(rules: tuple[Rule, ...]) -> str:
    """A line a rule for the terminal."""
    width = max((len(rule.name) for rule in rules), default=0)
    return "".join(f"{rule.code}  {rule.name:<{width}}  {rule.severity:<7}  {rule.summary}\n" for rule in rules)


def objects(rules: tuple[Rule, ...], *, single: bool) -> str:
    """Rules as JSON: an array, or the one object that was asked for."""
    import json

    found = [
        {
            "code": rule.code,
            "name": rule.name,
            "severity": rule.severity,
            "summary": rule.summary,
            "fix": fix_of(rule),
            "since": rule.since,
            "url": rule.url,
            "documentation": rule.documentation,
        }
        for rule in rules
    ]
    return json.dumps(found[0] if single else found, indent=2) + "\n"


def fix_of(rule: Rule) -> str:
    """Whether, and how, `initlint fix` settles it."""
    if not rule.settled_by:
        return "none"
    kinds = {("unsafe" if example.unsafe else "safe") for example in rule.examples if example.fixed is not None}
    return " or ".join(sorted(kinds)) or "none"
