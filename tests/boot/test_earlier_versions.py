"""What a distribution's release says about the version of a server, and so about its fact."""

from __future__ import annotations

from pathlib import Path

import pytest

from initlint.facts import programs
from initlint.facts.programs.earlier import as_of, is_old

from .test_trace import Case, settle


@pytest.mark.parametrize(
    ("image", "stops", "sure"),
    [
        ("centos:6", "no", True),
        ("centos:7", "no", True),
        ("ubuntu:14.04", "no", False),
        ("rockylinux:9", "yes", True),
        ("debian:bookworm", "yes", True),
    ],
)
def test_memcached_has_no_handler_for_sigterm_before_1_4_22(image: str, stops: str, sure: bool, tmp_path: Path) -> None:
    """CentOS 6 has 1.4.4 and CentOS 7 has 1.4.15; which one another old release has wasn't looked up."""
    install = "yum" if "centos" in image or "rocky" in image else "apt-get"
    case = Case(
        "", f'FROM {image}\nRUN {install} -y install memcached\nCMD ["memcached", "-u", "daemon"]\n', "", "", ""
    )
    outcome = settle(tmp_path, case)
    assert (outcome.pid1, outcome.stops, outcome.sure) == ("memcached", stops, sure), outcome.why


@pytest.mark.parametrize(
    ("program", "sure"),
    [("redis-server", False), ("nginx -g 'daemon off;'", True), ("/usr/local/bin/redis-server", True)],
)
def test_an_old_distributions_servers_are_not_those_that_were_measured(
    program: str, sure: bool, tmp_path: Path
) -> None:
    """Those that have cared for children and SIGTERM for ever are left as they are, and what is no package's."""
    outcome = settle(tmp_path, Case("", f"FROM centos:7\nCMD exec {program}\n", "", "", ""))
    assert outcome.sure is sure, outcome.why
    assert sure or any("rhel 7 has an older one than" in reason for reason in outcome.why)


def test_runtimes_and_tools_are_the_same_in_all_releases() -> None:
    """Only servers change: an interpreter's handling of signals is as old as the interpreter."""
    for argv in (["python", "a.py"], ["sleep", "infinity"], ["tini", "--", "x"]):
        fact = programs.lookup(argv)
        assert fact is not None
        assert as_of(fact, "rhel", "6") is fact


def test_which_releases_are_old() -> None:
    """By the names that the facts about packages use."""
    assert is_old("alpine", "3.2") and is_old("fedora", "20") and is_old("debian", "jessie")
    assert not is_old("alpine", "3.10") and not is_old("fedora", "44") and not is_old("debian", "stretch")
    assert not is_old("alpine", "edge") and not is_old("unknown", "6")
