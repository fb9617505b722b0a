"""When a shell becomes its last command, and which shell sh is."""

from __future__ import annotations

from typing import get_args

import pytest

from initlint.facts import OsFamily, ShellName
from initlint.facts.shells import LastCommand, Version, bash_version, execs_last, sh_of

BASH_52 = (5, 2, 15)
ASH = (1, 36, 1)


@pytest.mark.parametrize("construct", get_args(LastCommand))
def test_debians_dash_never_hands_over(construct: LastCommand) -> None:
    """Not even one simple command."""
    assert execs_last("dash-debian", None, construct, script_file=False) is False


@pytest.mark.parametrize("shell", ["dash-debian", "dash", "busybox-ash", "bash", "mksh", "zsh", "yash", "posh"])
def test_no_script_file_hands_over(shell: ShellName) -> None:
    """ksh93 apart, only `exec` helps in a file."""
    assert execs_last(shell, None, "simple", script_file=True) is False
    assert execs_last("ksh93", None, "simple", script_file=True) is True


@pytest.mark.parametrize(
    ("version", "construct", "expected"),
    [
        ((4, 2), "simple", True),
        ((4, 2), "last-of-and-list", False),
        ((4, 3), "last-of-and-list", None),
        ((4, 4), "last-of-and-list", True),
        ((4, 2), "last-of-or-list", False),
        ((5, 0, 18), "last-of-sequence", False),
        ((5, 1, 4), "last-of-sequence", True),
        ((5, 0), "command-builtin", False),
        ((5, 3, 9), "command-builtin", True),
        ((4, 2), "last-of-lines", True),
        (BASH_52, "simple-with-assignment", True),
        (BASH_52, "simple-with-expansion", True),
        (BASH_52, "simple-with-redirection", False),
        (BASH_52, "heredoc", False),
        (BASH_52, "in-group", False),
        (BASH_52, "in-subshell", False),
        (BASH_52, "in-if-or-case", False),
        (BASH_52, "after-background", False),
        (BASH_52, "pipeline", False),
        (BASH_52, "loop", False),
        (BASH_52, "function-call", False),
        (BASH_52, "not-last", False),
        (None, "simple", True),
        (None, "in-group", False),
        (None, "last-of-and-list", None),
        ((3, 2), "simple", None),
        ((6, 0), "simple", None),
    ],
)
def test_bash_hands_over_by_version(version: Version | None, construct: LastCommand, expected: bool | None) -> None:
    """A simple command always, lists since 4.4 and 5.1, nothing with a redirection."""
    assert execs_last("bash", version, construct, script_file=False) is expected


@pytest.mark.parametrize(
    ("constructs", "expected"),
    [
        ({"last-of-and-list", "simple-with-expansion"}, True),
        ({"last-of-and-list", "simple-with-redirection"}, False),
        ({"last-of-lines", "last-of-and-list"}, True),
        ({"last-of-sequence", "last-of-and-list"}, False),
        ({"last-of-and-list", "command-builtin"}, True),
    ],
)
def test_several_constructs_hold_at_once(constructs: set[LastCommand], expected: bool) -> None:
    """`a; b && P` on one line makes bash 5.2 stay, though it hands over in either list alone."""
    assert execs_last("bash", BASH_52, constructs, script_file=False) is expected


@pytest.mark.parametrize(
    "construct",
    [
        "simple",
        "simple-with-redirection",
        "last-of-and-list",
        "last-of-sequence",
        "in-group",
        "in-subshell",
        "in-if-or-case",
        "after-background",
    ],
)
@pytest.mark.parametrize(("shell", "version"), [("busybox-ash", ASH), ("busybox-ash", None), ("dash", (0, 5, 12))])
def test_busybox_ash_and_upstream_dash_hand_over(shell: ShellName, version: Version, construct: LastCommand) -> None:
    """Nearly every last command of a -c string."""
    assert execs_last(shell, version, construct, script_file=False) is True


@pytest.mark.parametrize("construct", ["pipeline", "loop", "negated", "heredoc", "function-call", "not-last"])
def test_busybox_ash_stays_where_something_is_left_to_do(construct: LastCommand) -> None:
    """Pipelines, loops, here-documents."""
    assert execs_last("busybox-ash", ASH, construct, script_file=False) is False


def test_old_dash_and_old_busybox() -> None:
    """dash 0.5.6 was seen to stay; busybox before 1.28 stays by its source, 1.28 and 1.29 weren't tried."""
    assert execs_last("dash", (0, 5, 6), "simple", script_file=False) is False
    assert execs_last("dash", None, "simple", script_file=False) is None
    assert execs_last("busybox-ash", (1, 29), "simple", script_file=False) is None
    assert execs_last("busybox-ash", (1, 27), "simple", script_file=False) is False
    assert sh_of("alpine", "3.4") == ("busybox-ash", (1, 24))


def test_what_stands_behind_the_command_matters() -> None:
    """A YAML block's newline keeps ash, not bash; a comment on its own line keeps both."""
    assert execs_last("busybox-ash", ASH, "simple", script_file=False, trailing_newline=True) is False
    assert execs_last("bash", BASH_52, "simple", script_file=False, trailing_newline=True) is True
    assert execs_last("bash", BASH_52, "simple", script_file=False, comment_after=True) is False
    assert execs_last("bash", BASH_52, "simple", script_file=False, blank_line_after=True) is False
    assert execs_last("busybox-ash", ASH, "simple", script_file=False, comment_same_line=True) is True
    assert execs_last("mksh", None, "simple", script_file=False, semicolon_after=True) is False
    assert execs_last("zsh", None, "simple", script_file=False, comment_after=True) is True
    assert execs_last("yash", None, "simple", script_file=False, blanks_around=True) is False


@pytest.mark.parametrize("shell", ["bash", "dash", "busybox-ash", "mksh", "zsh", "ksh93", "yash"])
def test_a_trap_with_an_action_makes_a_shell_stay(shell: ShellName) -> None:
    """It has to be there to run the action."""
    assert execs_last(shell, None, "last-of-sequence", script_file=False, trap_with_action=True) is False


def test_bash_4_2_loses_a_trap_of_the_line_before() -> None:
    """The one exception that was seen."""
    assert execs_last("bash", (4, 2), "last-of-lines", script_file=False, trap_with_action=True) is True
    assert execs_last("bash", (4, 4), "last-of-lines", script_file=False, trap_with_action=True) is False
    assert execs_last("bash", None, "last-of-lines", script_file=False, trap_with_action=True) is None


@pytest.mark.parametrize(
    ("shell", "version", "expected"),
    [
        ("bash", (5, 2), True),
        ("bash", (5, 1), False),
        ("bash", (5, 0), False),
        ("bash", None, None),
        ("busybox-ash", ASH, True),
        ("mksh", None, False),
        ("zsh", None, True),
    ],
)
def test_an_ignored_signal_mostly_does_not(shell: ShellName, version: Version | None, expected: bool | None) -> None:
    """`trap '' TERM; P` still hands over, but for bash before 5.2 and mksh."""
    assert execs_last(shell, version, "last-of-sequence", script_file=False, trap_ignored=True) is expected


def test_mksh_hands_over_for_a_bare_command_only() -> None:
    """An assignment or an expansion is enough to make it stay."""
    assert execs_last("mksh", None, "simple", script_file=False) is True
    assert execs_last("mksh", None, "simple-with-assignment", script_file=False) is False
    assert execs_last("mksh", None, "last-of-lines", script_file=False) is False


def test_the_odd_ones() -> None:
    """zsh and yash hand over in a for loop, yash in a pipeline's last place, ksh93 not with -i."""
    assert execs_last("zsh", None, "for-loop", script_file=False) is True
    assert execs_last("yash", None, "last-of-pipeline", script_file=False) is True
    assert execs_last("ksh93", None, "simple", script_file=False, interactive=True) is False
    assert execs_last("ksh93", None, "heredoc", script_file=True) is True


def test_an_unknown_shell_is_not_guessed_at() -> None:
    """None is its answer."""
    assert execs_last("unknown", None, "simple", script_file=False) is None


@pytest.mark.parametrize(
    ("family", "release", "expected"),
    [
        ("debian", "bookworm", ("dash-debian", None)),
        ("ubuntu", "24.04", ("dash-debian", None)),
        ("alpine", "3.20.1", ("busybox-ash", (1, 36))),
        ("alpine", None, ("busybox-ash", None)),
        ("busybox", "1.36.1-musl", ("busybox-ash", (1, 36, 1))),
        ("busybox", "stable", ("busybox-ash", None)),
        ("wolfi", None, ("busybox-ash", None)),
        ("rhel", "9.4", ("bash", (5, 1))),
        ("amazon", "2023", ("bash", (5, 2))),
        ("fedora", "41", ("bash", (5, 2))),
        ("arch", None, ("bash", None)),
        ("suse", "15.6", ("bash", (4, 4))),
        ("distroless", None, ("unknown", None)),
        ("windows", None, ("unknown", None)),
    ],
)
def test_the_distribution_decides_what_sh_is(
    family: OsFamily, release: str | None, expected: tuple[ShellName, Version | None]
) -> None:
    """Debian's dash, Alpine's busybox, bash in the others."""
    assert sh_of(family, release) == expected


@pytest.mark.parametrize(
    ("family", "release", "version"),
    [
        ("debian", "10", (5, 0)),
        ("debian", "11.9", (5, 1)),
        ("debian", "trixie", (5, 2)),
        ("ubuntu", "18.04", (4, 4)),
        ("ubuntu", "jammy", (5, 1)),
        ("rhel", "7", (4, 2)),
        ("rhel", "8.10", (4, 4)),
        ("amazon", "2", (4, 2)),
        ("fedora", "rawhide", None),
        ("alpine", "3.20", None),
    ],
)
def test_the_release_decides_the_version_of_bash(family: OsFamily, release: str, version: Version | None) -> None:
    """Only releases that are known for certain."""
    assert bash_version(family, release) == version


def test_yash_takes_an_open_end_of_a_file_for_a_string() -> None:
    """Its last command takes yash's place when no newline ends the file, and only what -c hands over does."""
    assert execs_last("yash", None, "simple", script_file=True) is False
    assert execs_last("yash", None, "simple", script_file=True, no_final_newline=True) is True
    assert execs_last("yash", None, "simple-with-redirection", script_file=True, no_final_newline=True) is False
    assert execs_last("bash", BASH_52, "simple", script_file=True, no_final_newline=True) is False
