"""`initlint trace`."""

from __future__ import annotations

import sys
from typing import Any

import click

from initlint.cli import options
from initlint.linter import Examined, examine_targets
from initlint.report.style import wants_color
from initlint.text import InputError


@click.command("trace")
@options.TARGETS
@options.output_format("text", "json")
@options.OUTPUT_FILE
def command(
    targets: tuple[str, ...],
    stdin_filename: str | None,
    output_format: str,
    output_file: str | None,
    **settings: Any,
) -> int:
    """Show what PID 1 is once a container has settled, and every step on the way there.

    A TARGET is a Dockerfile, a folder that is searched for Dockerfiles (default: the current
    one), or `-` for standard input. A script selects the Dockerfiles whose start runs it.
    """
    targets = targets or (".",)
    standard_input = options.standard_input(targets, stdin_filename)
    examined = [
        one
        for one in examine_targets(targets, options.configurations(**settings), standard_input)
        if isinstance(one, Examined)
    ]
    if not examined:
        click.echo("Nothing to trace: no Dockerfile's boot path reads it.", err=True)
    color = output_file is None and wants_color(sys.stdout)
    if output_format == "json":
        from initlint.report import trace_json

        text = trace_json.render(examined)
    else:
        from initlint.report import trace_text

        text = trace_text.render(examined, color=color)
    options.emit(text, output_file)
    return 2 if any(isinstance(one.result, InputError) for one in examined) else 0
