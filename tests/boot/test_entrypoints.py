"""Whole start commands as public images have them, from the Dockerfile to PID 1."""

from __future__ import annotations

from pathlib import Path

import pytest

from .test_trace import ALPINE, DEBIAN, Case, settle

CASES = [
    Case("a shell whose options take a word", ALPINE + 'SHELL ["/bin/ash", "-eo", "pipefail", "-c"]\n'
         "CMD exec redis-server\n", "redis-server", "no", "yes"),
    Case("a program that prints its version first", DEBIAN + 'COPY e.sh /\nENTRYPOINT ["/e.sh"]\nCMD ["vault", "server"]\n',
         "vault", "no", "yes",
         {"e.sh*": '#!/bin/sh\nif ! vault -version > /dev/null; then\n  echo no\nfi\nexec "$@"\n'}, sure=False),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_start_command_comes_to_its_pid1(case: Case, tmp_path: Path) -> None:
    """The likely outcome is the program that a plain run ends up with."""
    outcome = settle(tmp_path, case)
    assert (outcome.pid1, outcome.reaps, outcome.stops) == (case.pid1, case.reaps, case.stops), outcome.why
