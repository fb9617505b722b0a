"""The container engine that DOCKER_HOST names, and what we put on it: all of it is taken away again."""

from __future__ import annotations

import os
import secrets
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from types import TracebackType
from typing import Any

LABEL = "io.github.initlint.prove"

# What a container may use: enough for a server that starts, too little to harm the machine.
LIMITS = {"network_mode": "none", "pids_limit": 512, "mem_limit": "1g", "memswap_limit": "1g"}


PATIENCE = 15.0  # seconds until a container that can't be removed is given up


class EngineError(Exception):
    """The engine can't be asked, or can't do what it was asked: one line, and what it wrote last."""

    def __init__(self, message: str, output: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.output = output


# What ends a run from outside: a supervisor, a terminal that is closed.
_ENDING = (signal.SIGTERM, signal.SIGHUP)


class Engine:
    """A connection that removes its containers and images when it is left, Ctrl-C and SIGTERM included.

    `timeout`: seconds that a build, and the engine's answer to anything else, may take.
    """

    def __init__(self, timeout: float) -> None:
        import docker
        from docker.errors import DockerException

        self.timeout = timeout
        where = os.environ.get("DOCKER_HOST") or "the default socket"
        try:
            self.client: Any = docker.from_env(timeout=timeout)
            self.client.ping()
        except (DockerException, OSError, ValueError) as error:
            raise EngineError(
                f"no container engine answers at {where}: {reason(error)}; DOCKER_HOST names one"
            ) from None
        self._containers: list[str] = []
        self._unsure: set[str] = set()  # those of which the engine hasn't said that they are made
        self._images: list[str] = []
        self._before: dict[signal.Signals, Any] = {}

    def __enter__(self) -> Engine:  # noqa: PYI034
        self._before = {number: _on(number, _interrupt) for number in _ENDING}
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # whoever is impatient now would leave containers behind
        interrupted = _on(signal.SIGINT, signal.SIG_IGN)
        for number in _ENDING:
            _on(number, signal.SIG_IGN)
        try:
            self.clear()
            self.client.close()
        finally:
            _on(signal.SIGINT, interrupted)
            for number, handler in self._before.items():
                _on(number, handler)

    def create(self, image: str, **options: Any) -> Any:
        """A container of an image that isn't started yet. Raises docker's APIError."""
        from docker.errors import APIError
        from docker.types import LogConfig

        # The name is noted first: an interrupted call may have made the container all the same.
        name = f"initlint-prove-{secrets.token_hex(6)}"
        self._containers.append(name)
        self._unsure.add(name)
        log = LogConfig(type="json-file", config={"max-size": "10m"})
        try:
            container = self.client.containers.create(
                image, name=name, labels={LABEL: "container"}, log_config=log, **{**LIMITS, **options}
            )
        except APIError:  # the engine's no: nothing to wait for
            self._unsure.discard(name)
            raise
        self._unsure.discard(name)
        return container

    def keep_not(self, images: list[str]) -> None:
        """Note images that are to be removed, each before those that it is built on."""
        self._images += images

    def clear_containers(self) -> None:
        """Remove the containers that were made so far."""
        while self._containers:  # a name is struck out only when it's gone
            name = self._containers[-1]
            self._remove(name)
            self._containers.remove(name)
            self._unsure.discard(name)

    def _remove(self, name: str) -> None:
        """Remove a container; one that is just being made, started or removed is waited for."""
        from docker.errors import APIError, NotFound

        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            try:
                self.client.api.remove_container(name, force=True, v=True)
                return
            except NotFound:
                # an interrupted call may be carried out yet
                if name not in self._unsure or time.monotonic() > end - PATIENCE + 2:
                    return
            except (APIError, OSError):
                pass
            time.sleep(0.1)

    def clear(self) -> None:
        """Remove what was made so far."""
        from docker.errors import APIError

        self.clear_containers()
        images, self._images = self._images, []
        for image in images:
            _quietly(partial(self.client.images.remove, image, noprune=True), APIError)


def reason(error: BaseException) -> str:
    """What an exception of docker, requests or the system says, in one line without their wrapping."""
    explanation = getattr(error, "explanation", None)
    text = str(explanation or error)
    inner = error.__context__
    while not explanation and inner is not None:
        if isinstance(inner, OSError) and inner.strerror:
            text = inner.strerror
        inner = inner.__context__
    return " ".join(text.split())


def _interrupt(number: int, frame: object) -> None:
    raise KeyboardInterrupt


def _on(number: signal.Signals, handler: Any) -> Any:
    try:
        return signal.signal(number, handler)
    except ValueError:  # only the main thread may
        return signal.SIG_DFL


def _quietly(remove: Callable[[], object], refused: type[Exception]) -> None:
    """What is gone already, or in use by someone else, is no concern of ours."""
    with suppress(refused, OSError):
        remove()
