"""Build, run and watch containers. All waiting is polling with a deadline."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any, TypeVar

import docker
from docker.errors import APIError, BuildError, NotFound
from docker.models.containers import Container

from .bases import LABEL

T = TypeVar("T")

#: seconds that a container which obeys its stop signal stays below, and that ``docker stop`` grants
SOON, GRACE = 1.0, 2


def wait_until(probe: Callable[[], T | None], what: str, deadline: float = 15.0, every: float = 0.02) -> T:
    """The first true value that ``probe`` gives."""
    end = time.monotonic() + deadline
    while not (value := probe()):
        if time.monotonic() > end:
            raise AssertionError(f"not within {deadline:g} s: {what}")
        time.sleep(every)
    return value


@dataclass(frozen=True)
class Seen:
    """What the main program of a container sees of its world."""

    argv: list[str]
    uid: int
    gid: int
    cwd: str
    env: dict[str, str]


@dataclass(frozen=True)
class Running:
    """A started container, and what can be observed of it."""

    container: Container

    def events(self) -> list[dict[str, Any]]:
        """The JSON lines that the programs of the fixtures write to standard output."""
        lines = self.container.logs(stderr=False).decode().splitlines()
        return [json.loads(line) for line in lines if line.startswith("{")]

    def wait_for(self, event: str) -> dict[str, Any]:
        def found() -> dict[str, Any] | None:
            return next((e for e in self.events() if e["event"] == event), None)

        try:
            return wait_until(found, f"event {event}")
        except AssertionError as error:
            raise AssertionError(f"{error}\n{self.container.logs().decode()}") from None

    def main_program(self) -> Seen:
        event = dict(self.wait_for("start"))
        return Seen(**{key: event[key] for key in ("argv", "uid", "gid", "cwd", "env")})

    def processes(self) -> list[str]:
        """One line a process: pid, parent, state, arguments. (The engine's own `top` never shows a zombie.)"""
        status, output = self.container.exec_run(["ps", "-ww", "-eo", "pid=,ppid=,stat=,args="])
        assert status == 0, output.decode()
        return [line for line in output.decode().splitlines() if " ps -ww " not in line]

    def pid1(self) -> str:
        """The name by which PID 1 was started; a script's is its interpreter's."""
        status, output = self.container.exec_run(["cat", "/proc/1/cmdline"])
        assert status == 0, output.decode()
        return PurePosixPath(output.decode().split("\0")[0]).name

    def zombies(self) -> list[str]:
        return [line for line in self.processes() if "<defunct>" in line]

    def wait_for_zombie(self) -> list[str]:
        return wait_until(self.zombies, "a <defunct> process")

    def wait_for_no_zombie(self, of: str = "<defunct>") -> None:
        """Waits until no process with ``of`` in its arguments is left: neither alive nor as a zombie."""

        def gone() -> bool:
            return not any(of in line or "<defunct>" in line for line in self.processes())

        wait_until(gone, f"the end of {of}, and no zombie")

    def stop(self, grace: int = GRACE) -> float:
        """Stop it as ``docker stop -t grace`` does; gives the seconds that took."""
        start = time.monotonic()
        self.container.stop(timeout=grace)
        return time.monotonic() - start

    def exit_code(self) -> int:
        return int(self.container.wait(timeout=15)["StatusCode"])


class Engine:
    """A container engine that takes back all it was asked to make."""

    def __init__(self, client: docker.DockerClient) -> None:
        self.client = client
        self._containers: list[Container] = []
        self._images: list[str] = []

    def build(self, context: Path, **options: Any) -> str:
        """Build the Dockerfile of a folder, without a network; gives the image's id."""
        try:
            image, _ = self.client.images.build(
                path=str(context), network_mode="none", rm=True, forcerm=True, **options
            )
        except BuildError as error:
            log = "".join(part.get("stream", "") for part in error.build_log)
            raise AssertionError(f"{error}\n{log}\n{(context / 'Dockerfile').read_text()}") from error
        self._images.append(str(image.id))
        return str(image.id)

    def build_from(self, context: IO[bytes], dockerfile: str) -> str:
        """Build a tar archive, without a network; gives the image's id."""
        try:
            image, _ = self.client.images.build(
                fileobj=context, custom_context=True, dockerfile=dockerfile, network_mode="none", rm=True, forcerm=True
            )
        except BuildError as error:
            log = "".join(part.get("stream", "") for part in error.build_log)
            raise AssertionError(f"{dockerfile}: {error}\n{log}") from error
        self._images.append(str(image.id))
        return str(image.id)

    def run(self, image: str, *command: str, **options: Any) -> Running:
        container = self.create(image, *command, **options)
        container.start()
        return Running(container)

    def create(self, image: str, *command: str, **options: Any) -> Container:
        container = self.client.containers.create(
            image,
            list(command) or None,
            hostname="container",
            network_mode="none",
            pids_limit=100,
            mem_limit="256m",
            **options,
        )
        self._containers.append(container)
        return container

    def remove_containers(self) -> None:
        for container in _taken(self._containers):
            _ignoring_absence(container.remove, force=True, v=True)

    def remove_images(self) -> None:
        self.remove_built()
        # What is left of stages that no later one builds on; they inherit the label of our base images.
        self.client.images.prune({"dangling": True, "label": LABEL})

    def remove_built(self) -> None:
        """Remove the images that were built, and what no other image needs of the steps to them."""
        for image in _taken(self._images):
            _ignoring_absence(self.client.images.remove, image, force=True)


def _taken(things: list[T]) -> Iterable[T]:
    while things:
        yield things.pop()


def _ignoring_absence(remove: Callable[..., object], *args: object, **options: bool) -> None:
    try:
        remove(*args, **options)
    except NotFound:
        pass
    except APIError as error:
        if "dependent child" not in str(error):  # an image on top of it goes, or went, by itself
            raise
