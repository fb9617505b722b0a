"""The engine that DOCKER_HOST names, with the base images that the tests build on."""

from __future__ import annotations

import os
from collections.abc import Iterator

import docker
import pytest
from docker.errors import DockerException

from .bases import Bases
from .containers import Engine


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = os.path.dirname(__file__)
    for item in items:
        if str(item.path).startswith(here):
            item.add_marker(pytest.mark.engine)


@pytest.fixture(scope="session")
def client() -> Iterator[docker.DockerClient]:
    try:
        if "DOCKER_HOST" not in os.environ:
            raise DockerException("DOCKER_HOST isn't set")
        client = docker.from_env(timeout=120)
        client.ping()
    except DockerException as error:
        reason = f"NO CONTAINER ENGINE, nothing is proven: {error} (tests/run starts one)"
        if os.environ.get("CI") == "true":
            pytest.fail(reason, pytrace=False)
        pytest.skip(reason)
    yield client
    client.close()


@pytest.fixture(scope="session")
def session_engine(client: docker.DockerClient) -> Iterator[Engine]:
    Bases(client).make()
    engine = Engine(client)
    yield engine
    engine.remove_images()


@pytest.fixture
def engine(session_engine: Engine) -> Iterator[Engine]:
    yield session_engine
    session_engine.remove_containers()
