"""Options that several commands share, and what they mean together."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import Any, TypeVar

import click

from initlint.cli import silence
from initlint.configuration import INITS, INSTALLS, CommandLine, Configurations, Init, Install, known_codes
from initlint.linter import StandardInput
from initlint.registry import UnknownRule
from initlint.rule import SEVERITIES, Severity
from initlint.subject import ExamineOptions

_Command = TypeVar("_Command", bound=Callable[..., Any])


def option(*names: str, **attributes: Any) -> Callable[[_Command], _Command]:
    """An option that the environment can give as well: --min-severity is INITLINT_MIN_SEVERITY."""
    name = next(name for name in names if name.startswith("--"))
    variable = "INITLINT_" + name.removeprefix("--").replace("-", "_").upper()
    return click.option(*names, envvar=variable, **attributes)


def all_of(*options: Callable[[_Command], _Command]) -> Callable[[_Command], _Command]:
    def decorate(command: _Command) -> _Command:
        for add in reversed(options):
            command = add(command)
        return command

    return decorate


TARGETS = all_of(
    click.argument("targets", nargs=-1, metavar="[TARGET]..."),
    option(
        "--context",
        type=click.Path(exists=True, file_okay=False),
        metavar="DIR",
        help="The build context; otherwise it is worked out from the COPY sources.",
    ),
    option("--target", metavar="STAGE", help="The stage that is built, as docker build --target."),
    option(
        "--build-arg",
        "build_args",
        multiple=True,
        metavar="K=V",
        help="A build argument, as docker build --build-arg; may be repeated.",
    ),
    option("--platform", metavar="P", help="The platform that is built for, such as linux/arm64."),
    option("--exclude", multiple=True, metavar="PATTERN", help="Leave out what a .gitignore pattern matches."),
    option("--stdin-filename", metavar="FILE", help="Where what comes in for the target `-` would lie."),
    option(
        "--config",
        type=click.Path(exists=True, dir_okay=False),
        metavar="FILE",
        help="A configuration for all targets, in place of the nearest ones.",
    ),
)

SELECTION = all_of(
    option("--select", multiple=True, metavar="RULES", help="Only these rules: codes, prefixes (IL1) and names."),
    option("--ignore", multiple=True, metavar="RULES", help="Not these rules."),
    option(
        "--min-severity",
        type=click.Choice(SEVERITIES),
        help="Report only what is at least so severe.  [default: warning]",
    ),
    option("--exit-zero", is_flag=True, help="Exit with 0 in place of 1."),
)

INIT = all_of(
    option(
        "--init", type=click.Choice(INITS), help="The init that a fix puts in front.  [default: auto, tini in doubt]"
    ),
    option(
        "--install",
        type=click.Choice(INSTALLS),
        help="How it gets into the image.  [default: auto, the first that is open]",
    ),
)

OUTPUT_FILE = option(
    "--output-file", type=click.Path(dir_okay=False), metavar="FILE", help="Write there instead of standard output."
)


def output_format(*formats: str) -> Callable[[_Command], _Command]:
    return option("--output-format", type=click.Choice(formats), default=formats[0], show_default=True)


def configurations(
    *,
    context: str | None,
    target: str | None,
    build_args: tuple[str, ...],
    platform: str | None,
    exclude: tuple[str, ...],
    config: str | None,
    select: tuple[str, ...] = (),
    ignore: tuple[str, ...] = (),
    min_severity: Severity | None = None,
    init: Init | None = None,
    install: Install | None = None,
) -> Configurations:
    """What the options say, over what the configuration files say."""
    reading = ExamineOptions(
        None if context is None else os.path.abspath(context), target, _build_args(build_args), platform
    )
    return Configurations(
        CommandLine(
            _codes("--select", select),
            _codes("--ignore", ignore),
            exclude or None,
            min_severity,
            init,
            install,
            reading,
            config,
        )
    )


def standard_input(targets: tuple[str, ...], stdin_filename: str | None) -> StandardInput | None:
    """What stands for `-`, read when it is asked for."""
    if "-" not in targets:
        return None
    if sys.stdin is None:
        raise click.UsageError("standard input is closed")
    name = "-"
    if stdin_filename is not None:
        name = os.path.relpath(stdin_filename)
    return StandardInput(name, sys.stdin.buffer.read())


def emit(output: str | bytes, output_file: str | None = None) -> None:
    """Write to a file or standard output. Raises ClickException where that can't be done."""
    data = output if isinstance(output, bytes) else output.encode("utf-8", "replace")
    try:
        if output_file is not None:
            with open(output_file, "wb") as stream:
                stream.write(data)
            return
        if sys.stdout is None:
            raise click.ClickException("standard output is closed")
        if isinstance(output, str):
            data = output.encode(sys.stdout.encoding or "utf-8", "replace")
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        silence()
    except OSError as error:
        raise click.ClickException(f"{output_file or 'standard output'}: can't be written: {error.strerror}") from None


def _codes(name: str, values: tuple[str, ...]) -> frozenset[str] | None:
    words = [word.strip() for value in values for word in value.split(",") if word.strip()]
    if not words:
        return None  # `--select ""`, as a script with an empty variable writes it, leaves out nothing
    try:
        return known_codes(words)
    except UnknownRule as error:
        raise click.BadParameter(f"{error} is no rule", param_hint=name) from None


def _build_args(values: tuple[str, ...]) -> dict[str, str]:
    found = {}
    for value in values:
        name, equals, text = value.partition("=")
        if not name:
            raise click.BadParameter(f"{value!r} is not K=V", param_hint="--build-arg")
        if equals:
            found[name] = text
        elif name in os.environ:  # as docker build does
            found[name] = os.environ[name]
    return found
