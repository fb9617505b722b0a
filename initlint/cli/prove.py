"""`initlint prove`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from initlint.cli import options
from initlint.discovery import Selector
from initlint.linter import Examined, examine_targets
from initlint.report.style import wants_color
from initlint.text import InputError

if TYPE_CHECKING:
    from initlint.lab.engine_client import Engine
    from initlint.lab.engine_prove import Proof

DAEMON = "docker-daemon:"


@click.command("prove")
@options.TARGETS
@options.option(
    "--grace",
    type=click.IntRange(1, 600),
    default=3,
    show_default=True,
    metavar="SECONDS",
    help="How long the stop signal has before SIGKILL, as docker stop --time.",
)
@options.option(
    "--timeout",
    type=click.IntRange(1, 86400),
    default=300,
    show_default=True,
    metavar="SECONDS",
    help="How long a build, or an answer of the engine, may take.",
)
@options.output_format("text", "json")
@options.OUTPUT_FILE
def command(
    targets: tuple[str, ...],
    stdin_filename: str | None,
    grace: int,
    timeout: int,
    output_format: str,
    output_file: str | None,
    **settings: Any,
) -> int:
    """Build and run TARGETs on a container engine, and show measured beside predicted.

    A TARGET is a Dockerfile, a folder that is searched for Dockerfiles (default: the current
    one), `-` for standard input, or `docker-daemon:IMAGE`. The engine is the one that
    DOCKER_HOST names. Containers get no network, and limits for memory and processes; what is
    made is removed again.

    Exit codes: 0 measured and predicted agree, 1 they differ, 2 something couldn't be built,
    run or read.
    """
    targets = targets or (".",)
    images = tuple(target for target in targets if target.startswith(DAEMON))
    files = tuple(target for target in targets if target not in images)
    standard_input = options.standard_input(files, stdin_filename)
    configurations = options.configurations(**settings)
    found = list(examine_targets(files, configurations, standard_input)) if files else []
    for selector in found:
        if isinstance(selector, Selector):
            click.echo(f"{selector.path}: no Dockerfile's boot path reads it.", err=True)
    examined = [one for one in found if isinstance(one, Examined)]
    proofs = list(_proofs(examined, images, grace, timeout))
    if output_format == "json":
        from initlint.report import proof_json

        text = proof_json.render(proofs)
    else:
        from initlint.report import proof_text

        text = proof_text.render(proofs, color=output_file is None and wants_color(sys.stdout))
    options.emit(text, output_file)
    if any(proof.error for proof in proofs):
        return 2
    return int(any(proof.differences for proof in proofs))


def _proofs(examined: list[Examined], images: tuple[str, ...], grace: int, timeout: int) -> Iterator[Proof]:
    from initlint.lab.engine_prove import unreadable

    if not images and all(isinstance(one.result, InputError) for one in examined):
        yield from (unreadable(one.result) for one in examined if isinstance(one.result, InputError))
        return  # nothing that would need an engine
    with _engine(timeout) as engine:
        from initlint.lab.engine_prove import prove_image, prove_subject

        for one in examined:
            if isinstance(one.result, InputError):
                yield unreadable(one.result)
                continue
            for subject in one.result.subjects:
                _tell(f"{one.result.source.name}: {subject.container.name} …")
                yield prove_subject(engine, subject, grace)
        for target in images:
            _tell(f"{target} …")
            yield prove_image(engine, target, target.removeprefix(DAEMON), grace)


def _engine(timeout: int) -> Engine:
    from initlint.lab.engine_client import Engine, EngineError

    try:
        return Engine(timeout)
    except EngineError as error:
        raise click.ClickException(error.message) from None


def _tell(text: str) -> None:
    """Builds take their time: a person who waits is told for what."""
    if sys.stderr is not None and sys.stderr.isatty():
        click.echo(text, err=True)
