"""The boot trace beside the measured truth: each small container of tests/fixtures/boot is built, run and stopped."""

from __future__ import annotations

from collections.abc import Iterator

import docker
import pytest
from boot.cases import Traced, assert_agreement, names, recorded, traced

from .boot_truth import Measuring


@pytest.fixture(scope="module")
def chosen(request: pytest.FixtureRequest) -> list[str]:
    """The cases that this run asks for."""
    asked = [item.callspec.params.get("name") for item in request.session.items if hasattr(item, "callspec")]
    return [name for name in names() if name in asked]


@pytest.fixture(scope="module")
def measuring(client: docker.DockerClient, chosen: list[str]) -> Iterator[Measuring]:
    """Measures side by side, while the tests wait for one case after the other."""
    measuring = Measuring(client, chosen)
    yield measuring
    measuring.close()


@pytest.fixture(scope="module")
def traces(chosen: list[str]) -> dict[str, Traced]:
    return traced(chosen)


@pytest.mark.parametrize("name", names())
def test_trace_agrees_with_the_engine(name: str, measuring: Measuring, traces: dict[str, Traced]) -> None:
    """What PID 1 is, whether it reaps and whether it stops: the trace says what happens."""
    measured = measuring.result(name)
    assert_agreement(name, traces[name], measured)
    assert measured == recorded()[name], "measure it again: cd tests && python -m engine.boot_truth " + name
