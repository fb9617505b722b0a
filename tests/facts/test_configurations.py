"""The table of servers whose configuration is read."""

from __future__ import annotations

from initlint.boot.server_config import _READERS
from initlint.facts.configurations import CONFIGURATIONS, PHP_FPM, STARTERS
from initlint.facts.programs._index import INDEX


def test_each_is_a_known_server_with_a_source_and_a_reader() -> None:
    """What is told of a configuration can be read."""
    assert CONFIGURATIONS.keys() == _READERS.keys()
    assert all(name in INDEX and row.source for name, row in CONFIGURATIONS.items())


def test_php_fpm_reads_the_file_that_answers_for_it() -> None:
    """The image's own answer is about the file that is read without being told."""
    assert CONFIGURATIONS["php-fpm"].file in PHP_FPM.files
    assert {"nginx", "php", "python"} <= set(STARTERS)
