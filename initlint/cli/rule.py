"""`initlint rule`."""

from __future__ import annotations

import click

from initlint.cli import options
from initlint.registry import find, rules
from initlint.rule import Rule


@click.command("rule")
@click.argument("code", required=False)
@options.output_format("text", "json")
@options.OUTPUT_FILE
def command(code: str | None, output_format: str, output_file: str | None) -> int:
    """Explain the rule CODE (or name); without one, list all rules."""
    chosen: Rule | None = None
    if code is not None:
        chosen = find(code)
        if chosen is None:
            raise click.BadParameter(f"{code} is no rule; `initlint rule` lists them", param_hint="CODE")
    from initlint.report import rule_docs

    if output_format == "json":
        text = rule_docs.objects(rules() if chosen is None else (chosen,), single=chosen is not None)
    else:
        text = rule_docs.listing(rules()) if chosen is None else rule_docs.page(chosen)
    options.emit(text, output_file)
    return 0
