"""What the lab's tests share: whether PID namespaces can be had here."""

from __future__ import annotations

import os

import pytest

from initlint.lab.pidspace import why_not


@pytest.fixture(scope="session")
def namespaces() -> None:
    """Skips where no PID namespace can be had, and fails there in CI."""
    reason = why_not()
    if reason and os.environ.get("CI") == "true":
        pytest.fail(f"NOTHING IS MEASURED: {reason}", pytrace=False)
    if reason:
        pytest.skip(reason)
