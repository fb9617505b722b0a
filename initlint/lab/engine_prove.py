"""One container proven: built, run, and compared with its trace."""

from __future__ import annotations

from initlint.lab.engine_build import build
from initlint.lab.engine_client import Engine, EngineError, reason
from initlint.lab.engine_compare import Measured, Predicted, differences, predicted
from initlint.lab.engine_run import measure
from initlint.records import NamedTuple
from initlint.subject import Subject
from initlint.text import InputError


class Proof(NamedTuple):
    """What became of one container. `error` says why nothing was measured, `output` what a build wrote last.

    `name` and `line` are None for an image, and for a target that can't be read.
    `predicted` is None where nothing is predicted: an image's trace isn't read yet.
    `differences`: which of pid1, reaps and stops differ.
    """

    target: str
    name: str | None = None
    line: int | None = None
    stop_signal: str | None = None
    predicted: Predicted | None = None
    measured: Measured | None = None
    differences: tuple[str, ...] = ()
    error: str | None = None
    output: tuple[str, ...] = ()


def unreadable(error: InputError) -> Proof:
    """A target that can't be read or parsed."""
    place = error.filename if error.span is None else f"{error.filename}:{error.span.row}"
    return Proof(place, error=error.message)


def prove_subject(engine: Engine, subject: Subject, grace: int) -> Proof:
    """Build and run one container of a Dockerfile, and compare."""
    container = subject.container
    proof = Proof(container.source.name, container.name, container.line, predicted=predicted(subject.likely))
    if container.windows:
        return proof._replace(error="a Windows container can't be run here")
    try:
        return _proven(engine, proof, build(engine, subject), grace)
    except EngineError as error:
        return proof._replace(error=error.message, output=error.output)


def prove_image(engine: Engine, target: str, reference: str, grace: int) -> Proof:
    """Run an image that the engine has; nothing is predicted of it."""
    try:
        return _proven(engine, Proof(target), reference, grace)
    except EngineError as error:
        return Proof(target, error=error.message, output=error.output)


def _proven(engine: Engine, proof: Proof, image: str, grace: int) -> Proof:
    from docker.errors import DockerException, ImageNotFound

    try:
        found = engine.client.images.get(image)
    except ImageNotFound:
        raise EngineError("the engine has no such image") from None
    except (DockerException, ValueError) as error:
        raise EngineError(f"the engine can't find it: {reason(error)}") from None
    signal = (found.attrs.get("Config") or {}).get("StopSignal") or "SIGTERM"
    measured = measure(engine, found.id, proof.predicted, grace)
    differing = differences(proof.predicted, measured) if proof.predicted is not None else ()
    return proof._replace(stop_signal=signal, measured=measured, differences=differing)
