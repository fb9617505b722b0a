"""Build the image of one of a Dockerfile's containers, without a network, with the engine's classic builder."""

from __future__ import annotations

import os
import re
import tempfile
import time
from collections.abc import Iterable
from typing import IO, Any

from initlint.lab.engine_client import Engine, EngineError, reason
from initlint.rootfs.context import BuildContext
from initlint.subject import Subject
from initlint.text import decode

SHOWN = 8  # lines of a failed build

# What the classic builder says of an image that it made or used.
_MADE = re.compile(r"^ ---> ([0-9a-f]{12,64})$|^Successfully built ([0-9a-f]{12,64})$", re.MULTILINE)

_CHATTER = re.compile(r" ---> |Removing intermediate container ")


def build(engine: Engine, subject: Subject) -> str:
    """Build a container's image; gives its id. Raises EngineError with the last lines of the build.

    What the build adds to the engine is removed with the engine's other leavings; what was there
    already, the cache of earlier builds too, stays.
    """
    from docker.errors import DockerException
    from requests.exceptions import RequestException
    from urllib3.exceptions import HTTPError

    before = {image["Id"] for image in engine.client.api.images(all=True)}
    lines: list[str] = []
    made: dict[str, None] = {}
    try:
        with _context(subject) as archive:
            stream = engine.client.api.build(
                fileobj=archive,
                custom_context=True,
                dockerfile=_NAME,
                rm=True,
                forcerm=True,
                decode=True,
                timeout=engine.timeout,
                network_mode="none",
                buildargs=dict(subject.options.build_args),
                platform=subject.options.platform,
            )
            _follow(stream, lines, made, time.monotonic() + engine.timeout)
    except (RequestException, HTTPError):  # the connection is closed with the engine's, and the build with it
        problem = f"the build was silent for {engine.timeout:g} s (--timeout), or the engine has gone"
        raise EngineError(problem, _last(lines)) from None
    except DockerException as error:
        raise EngineError(f"the build failed: {reason(error)}", _last(lines)) from None
    except OSError as error:
        raise EngineError(f"the build context can't be packed: {reason(error)}") from None
    finally:
        _note(engine, made, before)
    if not made:
        raise EngineError("the build made no image", _last(lines))
    return list(made)[-1]


_NAME = ".initlint.Dockerfile"


def _context(subject: Subject) -> IO[bytes]:
    """The build context as an archive, with the Dockerfile up to the end of the container's stage."""
    from docker.utils.build import create_archive, exclude_paths

    context = subject.context
    if not isinstance(context, BuildContext):
        copies = any(
            step.instruction.keyword in ("COPY", "ADD") for stage in subject.dockerfile.stages for step in stage.steps
        )
        if copies:
            raise EngineError(f"the build context is unknown: {context.why}; --context names it")
        files: Iterable[str] = ()
        root = tempfile.gettempdir()
    else:
        root = context.root
        files = sorted(exclude_paths(root, _ignored(context.ignore_file), dockerfile=".dockerignore"))
    archive: IO[bytes] = create_archive(
        files=files, root=root, fileobj=None, gzip=False, extra_files=[(_NAME, dockerfile_of(subject))]
    )
    return archive


def dockerfile_of(subject: Subject) -> str:
    """The Dockerfile without the stages behind the container's: the builder then ends where --target would."""
    source = subject.dockerfile.parsed.source
    end = len(source.data)
    for stage in subject.dockerfile.stages:
        if stage.index == subject.container.stage_index + 1:
            end = stage.from_instruction.span.start
    return decode(source.data[:end])


def _ignored(path: str | None) -> list[str]:
    if path is None:
        return []
    with open(path, encoding="utf-8-sig", errors="surrogateescape") as file:
        lines = [line.strip() for line in file]
    return [os.path.normpath(line) if line[0] != "!" else line for line in lines if line and not line.startswith("#")]


def _follow(stream: Iterable[dict[str, Any]], lines: list[str], made: dict[str, None], deadline: float) -> None:
    """Read what the builder says, to its end. Raises EngineError where it fails or takes too long."""
    for part in stream:
        text = part.get("stream", "")
        for match in _MADE.finditer(text):
            image = match[1] or match[2]
            made.pop(image, None)
            made[image] = None
        lines += [line for line in text.splitlines() if line.strip() and not _CHATTER.match(line)]
        if "error" in part:
            message = " ".join(str(part["error"]).split())
            hint = ""
            if "BuildKit" in message or "heredoc" in message.lower():
                hint = " (build it by yourself, and prove docker-daemon:NAME)"
            raise EngineError(f"the build failed: {message}{hint}", _last(lines))
        if time.monotonic() > deadline:
            raise EngineError("the build took longer than --timeout", _last(lines))


def _last(lines: list[str]) -> tuple[str, ...]:
    return tuple(lines[-SHOWN:])


def _note(engine: Engine, made: Iterable[str], before: set[str]) -> None:
    """Have removed what wasn't there before, the last one first: the others lie below it."""
    known = {full.removeprefix("sha256:")[:12] for full in before}
    engine.keep_not([image for image in reversed(list(made)) if image[:12] not in known])
