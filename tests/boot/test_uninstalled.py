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
