"""A start command that the image's own instructions link to something else."""

from __future__ import annotations

from pathlib import Path

import pytest

from .test_trace import ALPINE, DEBIAN, Case, settle

FETCHED = "FROM node:20-alpine\nWORKDIR /opt/app\nRUN wget -qO- https://example.org/a.tgz | tar xz && npm install"


@pytest.mark.parametrize(
    ("dockerfile", "pid1", "stops", "children"),
    [
        (FETCHED + ' && ln -s node_modules/npm-run-all/bin/npm-run-all/index.js npm-run-all\nCMD ["./npm-run-all", "-p", "a"]\n',
         "node", "no", "unknown"),
        (FETCHED + ' && ln -s lib/main.js nginx\nCMD ["./nginx", "-g", "daemon off;"]\n', "node", "unknown", "unknown"),
        (DEBIAN + 'RUN ln -s /opt/tool/run.py /usr/local/bin/redis-server\nCMD ["redis-server"]\n', "python3", "unknown", "unknown"),
        (DEBIAN + 'RUN ln -s /opt/tool/bin/start /usr/local/bin/redis-server\nCMD ["redis-server"]\n', "unknown", "unknown",
         "unknown"),
    ],
)  # fmt: skip
def test_the_target_decides_not_the_name(dockerfile: str, pid1: str, stops: str, children: str, tmp_path: Path) -> None:
    """The file behind the link wasn't read, so that nothing is sure."""
    outcome = settle(tmp_path, Case("", dockerfile, "", "", ""))
    assert (outcome.pid1, outcome.stops, outcome.children) == (pid1, stops, children), outcome.why
    assert not outcome.sure
    assert any("is a link to" in reason for reason in outcome.why)


@pytest.mark.parametrize(
    "dockerfile",
    [
        DEBIAN + 'RUN ln -s /opt/redis/bin/redis-server /usr/bin/redis-server\nCMD ["redis-server"]\n',
        ALPINE + 'RUN ln -s /bin/busybox /usr/local/bin/sleep\nCMD ["sleep", "infinity"]\n',
        DEBIAN + 'RUN ln -s /usr/bin/python3.11 /usr/local/bin/python3\nCMD ["python3", "-m", "http.server"]\n',
        DEBIAN + 'RUN ln -s /opt/serve/redis-server.sh /usr/local/bin/redis-server\nCMD ["redis-server"]\n',
    ],
)
def test_the_same_program_in_another_place_is_that_program(dockerfile: str, tmp_path: Path) -> None:
    """Links to a version, to another folder, and to a file of many names."""
    outcome = settle(tmp_path, Case("", dockerfile, "", "", ""))
    assert outcome.pid1 in ("redis-server", "sleep", "python3"), outcome.why
    assert not any("is a link to" in reason for reason in outcome.why)


def test_a_link_to_another_known_program_is_that_program(tmp_path: Path) -> None:
    """Its fact is the target's, whatever the link is called."""
    dockerfile = DEBIAN + 'RUN ln -s /usr/sbin/nginx /usr/local/bin/server\nCMD ["server", "-g", "daemon off;"]\n'
    outcome = settle(tmp_path, Case("", dockerfile, "", "", ""))
    assert (outcome.pid1, outcome.reaps) == ("nginx", "yes"), outcome.why


def test_a_copied_file_that_cannot_be_read_is_taken_by_its_name(tmp_path: Path) -> None:
    """COPY from a context that isn't known: it may be a script in front of the program."""
    dockerfile = DEBIAN + 'COPY nowhere/ /nowhere/\nCOPY redis-server /usr/local/bin/\nCMD ["redis-server"]\n'
    outcome = settle(tmp_path, Case("", dockerfile, "", "", ""))
    assert (outcome.pid1, outcome.sure) == ("redis-server", False), outcome.why
    assert any("its name was taken" in reason for reason in outcome.why)
