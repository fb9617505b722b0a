"""Variables, as BuildKit expands them."""

from __future__ import annotations

import pytest

from initlint.targets.dockerfile import ExpansionError, expand
from initlint.targets.dockerfile.expansion import variables
from initlint.targets.dockerfile.syntax import Env

VALUES: dict[str, str | None] = {
    "A": "x",
    "EMPTY": "",
    "HOME": "/home/me",
    "FILE": "a.tar.gz",
    "URL": "http://h/p",
    "STARS": "a**b",
    "LATER": None,
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain", "plain"),
        ("$A", "x"),
        ("${A}b", "xb"),
        ("$Ab", ""),
        ("$A.b", "x.b"),
        ("$NOPE", ""),
        ("a$1b", "ab"),
        ("a$", "a$"),
        ("$.", "$."),
        ("\\$A", "$A"),
        ("\\\\$A", "\\x"),
        ("'$A'", "$A"),
        ('"$A"', "x"),
        ('"\\$A"', "$A"),
        ('"a\\tb"', "a\\tb"),
        ("a\\tb", "atb"),
        ("a\\", "a"),
        ("he'll'o", "hello"),
        ("'a\\'", "a\\"),
        ("${NOPE:-y}", "y"),
        ("${EMPTY:-y}", "y"),
        ("${EMPTY-y}", ""),
        ("${NOPE-y}", "y"),
        ("${A:-y}", "x"),
        ("${NOPE:-$A}", "x"),
        ("${NOPE:-${NOPE:-z}}", "z"),
        ("${NOPE:-'a b'}", "a b"),
        ("${A:+y}", "y"),
        ("${EMPTY:+y}", ""),
        ("${EMPTY+y}", "y"),
        ("${NOPE+y}", ""),
        ("${A:+${HOME}}", "/home/me"),
        ("${A?no}", "x"),
        ("${EMPTY?no}", ""),
        ("${FILE%.gz}", "a.tar"),
        ("${FILE%.*}", "a.tar"),
        ("${FILE%%.*}", "a"),
        ("${FILE#*.}", "tar.gz"),
        ("${FILE##*.}", "gz"),
        ("${FILE#?}", ".tar.gz"),
        ("${FILE#nope}", "a.tar.gz"),
        ("${STARS%%\\**}", "a"),
        ("${NOPE#x}", ""),
        ("${URL/http:/https:}", "https://h/p"),
        ("${URL//\\//_}", "http:__h_p"),
        ("${HOME/m?/you}", "/hoyou/me"),
        ("${NOPE/x/y}", ""),
        ("<< $A", "<< x"),
    ],
)
def test_expands_as_buildkit_does(text: str, expected: str) -> None:
    """Unset is empty, single quotes keep, double quotes don't."""
    assert expand(text, VALUES) == expected


@pytest.mark.parametrize(
    "text",
    ["'a", '"a', "${A", "${}", "${:x}", "${.}", "${A[0]}", "${A:#x}", "${A=x}", "${A/x}", "${A:y}", "${A#\\x}"],
)
def test_refuses_what_buildkit_refuses(text: str) -> None:
    """Open quotes, bad substitutions, patterns with a wrong escape."""
    with pytest.raises(ExpansionError):
        expand(text, VALUES)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("$LATER", None),
        ("a${LATER}b", None),
        ("${LATER:-y}", None),
        ("${LATER+y}", "y"),
        ("${LATER:+y}", None),
        ("${LATER:+}", ""),
        ("${LATER%x}", None),
        ("${A:-$LATER}", "x"),
        ("${NOPE:-$LATER}", None),
        ("${NOPE?given at the build}", None),
    ],
)
def test_is_unknown_where_a_value_that_matters_is(text: str, expected: str | None) -> None:
    """A value that isn't known only spoils what it ends up in."""
    assert expand(text, VALUES) == expected


def test_an_incomplete_environment_makes_unset_names_unknown() -> None:
    """The base image may set them."""
    env = Env({"A": "x"}, complete=False)
    assert expand("$A", env) == "x"
    assert expand("$B", env) is None
    assert expand("${B:-y}", env) is None
    assert expand("$1$@", env) == ""


def test_an_argument_without_a_value_is_unknown_until_a_default_says_what_it_is() -> None:
    """`ARG V` wants a --build-arg; `${V:-x}` says what happens without one."""
    env = Env({}, open=frozenset({"V"}))
    assert expand("$V", env) is None
    assert expand("${V:-x}", env) == "x"
    assert expand("${V:+x}", env) == ""


def test_the_escape_directive_changes_what_escapes() -> None:
    """A backslash is a common character then."""
    assert expand("C:\\$A`$A", VALUES, "`") == "C:\\x$A"


def test_a_heredocs_body_keeps_its_quotes() -> None:
    """COPY expands variables in it and nothing else."""
    assert expand("'$A' \"b", VALUES, quotes=False) == "'x' \"b"


def test_tells_which_names_a_text_asks_for() -> None:
    """Each once, in the order in which they are looked up: a default comes before its variable."""
    assert variables("$A/${B:-$C}:$A '$D'") == ("A", "C", "B")
