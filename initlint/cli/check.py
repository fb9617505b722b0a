"""`initlint check`."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any

import click

from initlint.cli import options
from initlint.linter import check
from initlint.report.style import wants_color

# Output format → module of initlint.report; only the one that is asked for is imported.
FORMATS = {"text": "text", "concise": "concise", "json": "json_", "github": "github", "sarif": "sarif"}


@click.command("check")
@options.TARGETS
@options.SELECTION
@options.INIT
@options.output_format(*FORMATS)
@options.OUTPUT_FILE
def command(
    targets: tuple[str, ...],
    stdin_filename: str | None,
    exit_zero: bool,
    output_format: str,
    output_file: str | None,
    **settings: Any,
) -> int:
    """Report what is wrong with PID 1 of the containers that TARGETs describe.

    A TARGET is a Dockerfile, a folder that is searched for Dockerfiles (default: the current
    one), or `-` for standard input. A script selects the Dockerfiles whose start runs it.

    Every option can also be given by the environment: --min-severity as INITLINT_MIN_SEVERITY.
    """
    targets = targets or (".",)
    report = check(
        targets,
        options.configurations(**settings),
        standard_input=options.standard_input(targets, stdin_filename),
        fixes=output_format in ("text", "json", "sarif"),
    )
    color = output_file is None and wants_color(sys.stdout)
    options.emit(import_module(f"initlint.report.{FORMATS[output_format]}").render(report, color=color), output_file)
    if output_format in ("concise", "github"):
        from initlint.report.summary import summary

        click.echo(summary(report)[-1], err=True)
    code = report.exit_code
    return 0 if code == 1 and exit_zero else code
