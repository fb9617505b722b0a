"""Shells in front of a supervisor, and behind one: `exec` helps, an init beside supervisord is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from .making import fixed

DOCKERFILE = "FROM debian:bookworm-slim\nRUN apt-get update && apt-get install -y supervisor\nCOPY . /etc/\n"
FRONT = "[supervisord]\nnodaemon=true\n[program:a]\ncommand="


@pytest.fixture(autouse=True)
def _in_the_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_a_script_in_front_of_supervisord_execs_it(tmp_path: Path) -> None:
    """supervisord reaps by itself, whatever its program does: no init is added."""
    result = fixed(
        tmp_path,
        {
            "Dockerfile": DOCKERFILE + 'CMD ["/etc/a.sh"]\n',
            "a.sh*": "#!/bin/sh\nset -e\nsupervisord -c /etc/s.conf\n",
            "s.conf": FRONT + "redis-server --port 1\n",
        },
    )
    assert result.files == {"a.sh": b"#!/bin/sh\nset -e\nexec supervisord -c /etc/s.conf\n"}
    assert result.applicability == "safe"


def test_a_shell_in_supervisords_configuration_execs(tmp_path: Path) -> None:
    """`exec` is written where the configuration names the command."""
    result = fixed(
        tmp_path,
        {
            "Dockerfile": DOCKERFILE + 'CMD ["supervisord", "-c", "/etc/s.conf"]\n',
            "s.conf": FRONT + 'sh -c "redis-server --port 1"\n',
        },
    )
    assert result.files == {"s.conf": FRONT.encode() + b'sh -c "exec redis-server --port 1"\n'}


def test_a_script_that_supervisord_starts_execs(tmp_path: Path) -> None:
    """The script's last command takes its place, so that supervisord signals the program itself."""
    result = fixed(
        tmp_path,
        {
            "Dockerfile": DOCKERFILE + 'CMD ["supervisord", "-c", "/etc/s.conf"]\n',
            "a.sh*": "#!/bin/sh\nredis-server\n",
            "s.conf": FRONT + "/etc/a.sh\n",
        },
    )
    assert result.files == {"a.sh": b"#!/bin/sh\nexec redis-server\n"}


def test_what_loses_the_signal_in_several_programs_is_told(tmp_path: Path) -> None:
    """One mended, the next one would be what the trace shows: that is withheld, not half done."""
    result = fixed(
        tmp_path,
        {
            "Dockerfile": DOCKERFILE + 'CMD ["supervisord", "-c", "/etc/s.conf"]\n',
            "s.conf": FRONT + "sh -c 'redis-server'\n[program:b]\ncommand=sh -c 'memcached'\n",
        },
    )
    assert "withheld" in result.why
