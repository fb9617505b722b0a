"""The table of launchers that start several programs."""

from __future__ import annotations

from initlint.facts.launchers import LAUNCHERS
from initlint.facts.programs import INITS
from initlint.facts.programs._index import INDEX


def test_every_launcher_has_a_fact_and_a_source() -> None:
    """What it does as PID 1 is kept under the same name; where its services stand has a source of its own."""
    for name, launcher in LAUNCHERS.items():
        assert INDEX[name] in ("inits", "supervisors"), name
        assert launcher.source.startswith(("measured ", "not run: ", "just-containers/")), name


def test_inits_that_have_services_read_folders() -> None:
    """As runit and s6 have them."""
    assert {launcher.reads for name, launcher in LAUNCHERS.items() if name in INITS} == {"folder", "s6"}
