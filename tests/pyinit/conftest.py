"""The inits that each test runs, where PID namespaces can be had."""

from __future__ import annotations

import os

import pytest

from initlint.lab.pidspace import why_not

from .space import Init, inits

INITS = inits()


@pytest.fixture(scope="session")
def namespaces() -> None:
    """Skips where no PID namespace can be had, and fails there in CI."""
    reason = why_not()
    if reason is None and {"tini", "dumb-init"} - {init.kind for init in INITS}:
        reason = "tini and dumb-init aren't installed"
    if reason and os.environ.get("CI") == "true":
        pytest.fail(f"NOTHING IS COMPARED: {reason}", pytrace=False)
    if reason:
        pytest.skip(reason)


@pytest.fixture(params=INITS, ids=lambda init: init.name)
def init(request: pytest.FixtureRequest, namespaces: None) -> Init:
    """Each of them in turn."""
    found: Init = request.param
    return found


@pytest.fixture(params=[item for item in INITS if item.kind == "pyinit"], ids=lambda init: init.name)
def pyinit(request: pytest.FixtureRequest, namespaces: None) -> Init:
    """pyinit alone, under each Python."""
    found: Init = request.param
    return found
