"""A shell line whose first commands nothing is seen to install."""

from __future__ import annotations

from pathlib import Path

import pytest

from .test_trace import Case, settle

LINE = "CMD iptables -F && tc qdisc show && watch -n 60 date\n"


@pytest.mark.parametrize(
    ("before", "line", "sure"),
    [
        ("RUN apk add -U iproute2\n", LINE, False),
        ("", LINE, False),
        ("RUN apk add iptables iproute2-tc\n", LINE, True),
        ("RUN apk add ufw iproute2\n", LINE, True),
        ("RUN apk add iproute2\n", "CMD iptables -F; tc qdisc show; watch -n 60 date\n", True),
        ("RUN apk add iproute2\n", "CMD iptables -F || true && watch -n 60 date\n", True),
        (
            "RUN wget -O /usr/local/bin/iptables https://example.org/iptables\n",
            "CMD iptables -F && watch -n 60 date\n",
            True,
        ),
    ],
)
def test_a_list_of_commands_needs_each_of_them(before: str, line: str, sure: bool, tmp_path: Path) -> None:
    """What is certain about PID 1 holds only if the commands before it are there."""
    outcome = settle(tmp_path, Case("", f"FROM alpine:3.22\n{before}{line}", "", "", ""))
    assert (outcome.pid1, outcome.sure) == ("watch", sure), outcome.why


def test_an_image_that_may_bring_more_says_nothing(tmp_path: Path) -> None:
    """Only the distributions' own images are known to lack a command."""
    outcome = settle(tmp_path, Case("", "FROM python:3.12-alpine\n" + LINE, "", "", ""))
    assert outcome.sure, outcome.why


@pytest.mark.parametrize(
    ("base", "shebang", "line", "pid1", "sure"),
    [
        # certain: the image's Dockerfile says what it has
        ("alpine:3.20", "#!/bin/bash", 'exec "$@"', "none", True),
        ("python:3.12-alpine", "#!/usr/bin/env bash", 'exec "$@"', "none", True),
        ("busybox", "#!/bin/bash", 'exec "$@"', "none", True),
        ("python:3.12-slim", "#!/bin/sh", 'exec dumb-init "$@"', "none", True),
        ("python:3.12-slim", "#!/bin/bash", "exec tini -- sleep 9", "none", True),
        # something may bring it
        ("alpine:3.20\nRUN apk add python3", "#!/bin/bash", 'exec "$@"', "sleep", False),
        ("alpine:3.20\nRUN apk add bash", "#!/bin/bash", 'exec "$@"', "sleep", True),
        ("alpine:3.20\nRUN apk add python3\nRUN bash -c true", "#!/bin/bash", 'exec "$@"', "sleep", True),
        ("postgres:16-alpine", "#!/bin/bash", 'exec "$@"', "sleep", True),
        ("debian:12", "#!/bin/zsh", 'exec "$@"', "sleep", False),
        ("debian:12\nRUN apt-get install -y zsh", "#!/bin/zsh", 'exec "$@"', "sleep", True),
        ("debian:12", "#!/bin/bash", 'exec "$@"', "sleep", True),
        ("python:3.12-slim", "#!/bin/sh", 'exec gosu nobody "$@"', "sleep", False),
        ("python:3.12-slim", "#!/bin/sh", "exec redis-server", "redis-server", False),
        ("python:3.12-slim\nRUN apt-get install -y redis", "#!/bin/sh", "exec redis-server", "redis-server", True),
        ("alpine:3.20", "#!/bin/sh", "exec gunicorn a:a", "gunicorn", False),
    ],
)
def test_an_interpreter_or_program_that_nothing_brings(
    base: str, shebang: str, line: str, pid1: str, sure: bool, tmp_path: Path
) -> None:
    """Where it is known to be missing nothing starts; where it may come unseen the answer isn't sure."""
    dockerfile = f'FROM {base}\nCOPY . /\nENTRYPOINT ["/e.sh"]\nCMD ["sleep", "9"]\n'
    outcome = settle(tmp_path, Case("", dockerfile, "", "", "", {"e.sh*": f"{shebang}\n{line}\n"}))
    assert (outcome.pid1, outcome.sure) == (pid1, sure), outcome.why
