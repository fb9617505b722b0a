"""What `make TARGET` runs, read from the Makefile's text."""

from __future__ import annotations

import pytest

from initlint.boot.makefile import made, needs_shell
from initlint.boot.model import Environment, Opaque

from .fakes import FakeRoot

ENVIRONMENT = Environment({"PORT": "80"}, True, "/app", None)


def lines(makefile: str, command: str = "make") -> list[str] | str:
    """The lines that are run; a reason in angle brackets for one whose text isn't known."""
    found = made(tuple(command.split()), ENVIRONMENT, FakeRoot({"/app/Makefile": makefile}))
    return found if isinstance(found, str) else [f"<{line.why}>" if line.why else line.text for line in found.lines]


@pytest.mark.parametrize(
    ("title", "makefile", "command", "expected"),
    [
        ("the first target", "a:\n\tone\nb:\n\ttwo\n", "make", ["one"]),
        ("a target's needs come first", "b: a a\n\ttwo\na:\n\tone\n", "make b", ["one", "two"]),
        ("several goals", "a:\n\tone\nb:\n\ttwo\n", "make b a", ["two", "one"]),
        ("special targets aren't the default", ".PHONY: b\nb:\n\ttwo\n", "make", ["two"]),
        (".DEFAULT_GOAL names it", ".DEFAULT_GOAL := b\na:\n\tone\nb:\n\ttwo\n", "make", ["two"]),
        ("prefixes", "a:\n\t@one\n\t-two\n\t+ three\n", "make", ["one", "two", "three"]),
        ("a recipe on the rule's line", "a: ; one\n", "make", ["one"]),
        ("continued lines", "a:\n\tone \\\n\t  two\n", "make", ["one   two"]),
        ("variables", "X = $(Y) 1\nY := one\na:\n\t$(X) ${Y}\n", "make", ["one 1 one"]),
        ("a dollar for the shell", "a:\n\techo $$HOME\n", "make", ["echo $HOME"]),
        ("what isn't set is empty", "a:\n\tone$(X)\n", "make", ["one"]),
        ("the environment", "PORT ?= 1\na:\n\tone $(PORT)\n", "make", ["one 1"]),
        ("the command line decides", "X = 1\na:\n\tone $(X)\n", "make X=2 a", ["one 2"]),
        ("set twice", "X = 1\nX = 2\na:\n\tone $(X)\n", "make", ["<what `one $(X)` becomes isn't known>"]),
        ("set in a conditional part", "ifdef A\nX = 1\nendif\na:\n\tone $(X)\n", "make",
         ["<what `one $(X)` becomes isn't known>"]),
        ("a target's own variable", "X = 1\na: X = 2\na:\n\tone $(X)\n", "make", ["<what `one $(X)` becomes isn't known>"]),
        ("functions", "a:\n\t$(shell one)\n", "make", ["<what `$(shell one)` becomes isn't known>"]),
        ("variables of the rule", "a:\n\tone $@ $<\n", "make", ["<what `one $@ $<` becomes isn't known>"]),
        ("a variable that holds itself", "X = $(X)\na:\n\t$(X)\n", "make", ["<what `$(X)` becomes isn't known>"]),
        ("rules in a circle", "a: b\n\tone\nb: a\n\ttwo\n", "make", ["two", "one"]),
        ("definitions are no rules", "define X\na:\n\tone\nendef\nb:\n\ttwo\n", "make", ["two"]),
        ("nothing runs", "a:\n\tone\n", "make -n", "make -n runs nothing"),
        ("one shell for all", ".ONESHELL:\na:\n\tone\n", "make", "app/Makefile has .ONESHELL"),
        ("no such rule", "%.o: %.c\n\tcc $<\n", "make x.o", "app/Makefile has no rule for x.o that can be read"),
        ("another folder", "a:\n\tone\n", "make -Csub", "the Makefile in /app/sub can't be read"),
    ],
)  # fmt: skip
def test_finds_the_lines(title: str, makefile: str, command: str, expected: list[str] | str) -> None:
    """In the order in which make runs them."""
    assert lines(makefile, command) == expected


def test_words_that_are_not_known() -> None:
    """Which target is made isn't known then."""
    assert made(("make", Opaque("$X")), ENVIRONMENT, FakeRoot({})) == "$X isn't known"


def test_a_line_stands_where_it_was_written() -> None:
    """The span is the recipe's line."""
    found = made(("make",), ENVIRONMENT, FakeRoot({"/app/Makefile": "a:\n\tone\n\t@two\n"}))
    assert not isinstance(found, str)
    assert [(line.span.row, line.span.text) for line in found.lines] == [(2, "\tone"), (3, "\t@two")]


@pytest.mark.parametrize(
    ("line", "shell"),
    [
        ("redis-server --port 1", False), ("sh -c 'a b'", False), ("A=1 app", True), ("app > x", True), ("cd x", True),
        ('app "x"', True), ("exec app", True), ("a && b", True), ("app *.x", True), ("app a\\ b", True), ("", False),
    ],
)  # fmt: skip
def test_a_plain_line_needs_no_shell(line: str, shell: bool) -> None:
    """GNU make starts it by itself, as was measured with 4.3."""
    assert needs_shell(line) is shell


def test_a_long_makefile_is_bounded() -> None:
    """Every target needs all the others: each is made once."""
    names = " ".join(f"t{number}" for number in range(300))
    text = "".join(f"t{number}: {names}\n\techo {number}\n" for number in range(300))
    assert sorted(lines(text)) == sorted(f"echo {number}" for number in range(300))
