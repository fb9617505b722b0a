"""The boot trace tells what was measured, of every small container in tests/fixtures/boot."""

from __future__ import annotations

import pytest

from .cases import UNDECIDABLE, Traced, assert_agreement, names, recorded, traced


@pytest.fixture(scope="module")
def traces() -> dict[str, Traced]:
    return traced(names())


def test_every_case_was_measured() -> None:
    """A new case is measured by `cd tests && python -m engine.boot_truth NAME`."""
    assert sorted(recorded()) == names()
    assert set(UNDECIDABLE) <= set(names())


@pytest.mark.parametrize("name", names())
def test_trace_agrees_with_what_was_measured(name: str, traces: dict[str, Traced]) -> None:
    """PID 1, reaping and stopping are as they were on an engine, not merely unknown."""
    assert_agreement(name, traces[name], recorded()[name])
