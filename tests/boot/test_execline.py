"""execlineb's scripts, as far as they're read."""

from __future__ import annotations

import pytest

from initlint.boot.execline import Word, follow, parse
from initlint.boot.model import Argv, Environment, is_known

ENVIRONMENT = Environment({"PORT": "80", "SECRET": None}, True, "/app", None)


def lasts(argv: Argv) -> bool | None:
    """Only redis-server keeps running here."""
    return argv[0] == "redis-server"


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("redis-server --port 1", "redis-server --port 1"),
        ("# one\nredis-server # two\n", "redis-server"),
        ("a#b", "a#b"),
        ('"a b" c\\ d', "a b|c d"),
        ("foreground { echo { } } redis-server", "redis-server"),
        ("if -t { test -e /x } umask 022 fdclose 0 redis-server", "redis-server"),
        ("importas port PORT redis-server --port ${port}", "redis-server --port 80"),
        ("importas -D 5 port NONE redis-server --port $port", "redis-server --port 5"),
        ("define x 1 redis-server $x", "redis-server 1"),
        ("exec -a name redis-server", "redis-server"),
        ("exec -- redis-server", "redis-server"),
        ("export A 1 unexport B emptyenv -p redis-server", "redis-server"),
        ("redirfd -w 1 /x fdmove -c 2 1 redis-server", "redis-server"),
        ("s6-setuidgid nobody cd /srv redis-server", "redis-server"),
        ("s6-setuidgid nobody redis-server", "s6-setuidgid nobody redis-server"),
        ("cd", "cd"),
        ("redis-server $@", "redis-server one two"),
        ("", ""),
    ],
)
def test_what_it_becomes(script: str, words: str) -> None:
    """Each program becomes what stands behind it."""
    found = follow(script, ("one", "two"), ENVIRONMENT, lasts)
    assert (found.argv, found.why, found.stays) == (tuple(words.split("|" if "|" in words else None)), "", None)


@pytest.mark.parametrize("script", ["importas a SECRET x $a", "importas -s a PORT x $a", "x ${1}", "x $#",
                                    "multisubstitute { import -u A } x $A"])  # fmt: skip
def test_words_that_are_not_known(script: str) -> None:
    """Variables whose values aren't seen, split ones, and positional arguments."""
    assert not is_known(follow(script, (), ENVIRONMENT, lasts).argv[-1])


@pytest.mark.parametrize(
    ("script", "why"),
    [
        ("ifelse { a } { b } c", "ifelse isn't followed"),
        ("{ a } b", "a block stands where a program is expected"),
        ("app { a } b", "what app does with a block isn't known"),
        ("foreground a", "the arguments of foreground can't be read"),
        ("cd { a } b", "the arguments of cd can't be read"),
        ("umask", "the arguments of umask can't be read"),
        ("a }", "a } has no {"),
        ("a {", "a { has no }"),
        ('"a', "a quote isn't closed"),
        ("umask 1 " * 400, "the script is too long"),
    ],
)
def test_what_is_not_followed(script: str, why: str) -> None:
    """It says why, and starts nothing."""
    found = follow(script, (), ENVIRONMENT, lasts)
    assert (found.argv, found.why) == ((), why)


def test_foreground_waits_for_its_block() -> None:
    """A program that keeps running there is as far as the script comes."""
    found = follow("foreground { redis-server } echo", (), ENVIRONMENT, lasts)
    assert found.stays is not None and found.stays[0] == ("redis-server",)
    assert follow("foreground { echo } app", (), ENVIRONMENT, lasts).argv == ("app",)


def test_folder_user_and_jobs() -> None:
    """What the programs on the way change for the last one."""
    found = follow("s6-setuidgid app background { sleep 9 } cd /srv redis-server", (), ENVIRONMENT, lasts)
    assert (found.user, found.cwd, [argv for argv, _ in found.jobs]) == ("app", "/srv", [("sleep", "9")])


def test_words_stand_where_they_were_written() -> None:
    """Spans count characters of the script."""
    assert parse('a { "b" }') == (Word("a", (0, 1)), (Word("b", (4, 7), False),))
