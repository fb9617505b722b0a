"""Where things stand in the file, byte for byte."""

from __future__ import annotations

import pytest

from initlint.targets.dockerfile import parse
from initlint.targets.dockerfile.syntax import Instruction
from initlint.text import Source


def read_one(data: bytes, keyword: str) -> Instruction:
    return next(item for item in parse(Source("Dockerfile", data)).instructions if item.keyword == keyword)


@pytest.mark.parametrize(
    ("data", "keyword", "span", "value"),
    [
        (b"FROM a\nCMD x\n", "CMD", b"CMD x", b"x"),
        (b"FROM a\r\n  CMD\t x  \r\n", "CMD", b"CMD\t x", b"x"),
        (b"\xef\xbb\xbfFROM a\n", "FROM", b"FROM a", b"a"),
        (b"FROM a\nCMD x \\\n  # c\n\n  y\nUSER z", "CMD", b"CMD x \\\n  # c\n\n  y", b"x \\\n  # c\n\n  y"),
        (b"FROM a\nCMD x \\", "CMD", b"CMD x \\", b"x"),
        (b"FROM a\nCMD x \\\n# c\n", "CMD", b"CMD x \\", b"x"),
        (b"FROM a\nRUN <<E\n x\nE\nCMD y", "RUN", b"RUN <<E\n x\nE", b"<<E"),
        (b"FROM a\nRUN --mount=a b", "RUN", b"RUN --mount=a b", b"b"),
        ("FROM a\nCMD é\u2028ü \\\n ß".encode(), "CMD", "CMD é\u2028ü \\\n ß".encode(), "é\u2028ü \\\n ß".encode()),
        (b"FROM a\nCMD \xe9 \xff", "CMD", b"CMD \xe9 \xff", b"\xe9 \xff"),
        (b"FROM a\nCMD\n", "CMD", b"CMD", b""),
        (b"FROM a\nC\\\nMD x\n", "CMD", b"C\\\nMD x", b"x"),
    ],
)
def test_spans_cover_the_instruction_and_its_value(data: bytes, keyword: str, span: bytes, value: bytes) -> None:
    """From the keyword's first byte to the last one of its text; newlines and blanks at the end are left out."""
    found = read_one(data, keyword)
    assert (found.span.data, found.value_span.data) == (span, value)


def test_a_word_of_the_value_is_found_in_the_file() -> None:
    """Also behind a continuation, a comment and characters of several bytes."""
    found = read_one("FROM a\nCMD é \\\n# c\n  wörd ü\n".encode(), "CMD")
    at = found.value.index("wörd")
    assert found.span_of(at, at + 4).text == "wörd"
    assert found.span_of(at, at + 4).location == (4, 3)
    assert found.span_of(0, at + 4).text == "é \\\n# c\n  wörd"


def test_flags_carry_their_spans() -> None:
    """Name and value without quotes, the span with them."""
    found = read_one("FROM a\nCOPY --from=é  --chown='a b' x y\n".encode(), "COPY")
    assert [(flag.name, flag.span.text) for flag in found.flags] == [("from", "--from=é"), ("chown", "--chown='a b'")]
    assert found.flag("chown") == "a b"
    assert found.flag("link") is None


def test_comments_are_kept_inside_and_outside_instructions() -> None:
    """Directives aren't comments."""
    parsed = parse(Source("Dockerfile", b"# syntax=a b\n# c\nFROM a\n  # d \nRUN x \\\n # e\n y\n# f"))
    assert [span.text for span in parsed.comments] == ["# c", "# d", "# f"]
    assert [span.text for span in parsed.instructions[1].comments] == ["# e"]
    assert [(item.name, item.value, item.span.text) for item in parsed.directives] == [
        ("syntax", "a b", "# syntax=a b")
    ]
    assert parsed.syntax == "a b"


def test_a_heredoc_keeps_its_body_and_says_how_it_is_expanded() -> None:
    """`<<-` strips tabs; a quoted name turns expansion off."""
    found = read_one(b"FROM a\nCOPY 3<<-'E' <<F /x/\n\ta $b\n\tE\nc\nF\n", "COPY")
    first, second = found.heredocs
    assert (first.name, first.content, first.body.data) == ("E", "a $b\n", b"\ta $b\n")
    assert (first.expand, first.strip_tabs, first.file_descriptor) == (False, True, 3)
    assert (second.name, second.content, second.expand, second.strip_tabs) == ("F", "c\n", True, False)


def test_onbuild_and_healthcheck_carry_their_inner_instruction() -> None:
    """With spans of its own; HEALTHCHECK NONE has one without a keyword."""
    trigger = read_one(b"FROM a\nONBUILD RUN <<E\nx\nE\n", "ONBUILD").sub
    assert trigger is not None
    assert (trigger.keyword, trigger.span.data, trigger.heredocs[0].content) == ("RUN", b"RUN <<E\nx\nE", "x\n")
    check = read_one(b'FROM a\nHEALTHCHECK --retries=2 \\\n CMD ["x", \\\n "y"]\n', "HEALTHCHECK").sub
    assert check is not None
    assert (check.keyword, check.json, check.value_span.data) == ("CMD", ("x", "y"), b'["x", \\\n "y"]')
    nothing = read_one(b"FROM a\nHEALTHCHECK none\n", "HEALTHCHECK").sub
    assert nothing is not None
    assert nothing.keyword == ""


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("['a', 'b']", "single quotes"),
        ('["/tini","--""]', 'a quote too many after "--"'),
        ('["a" "b"]', 'a missing comma after "a"'),
        ('["a"; "b"]', '; after "a" where a comma should be'),
        ('["a",]', "a comma before the closing bracket"),
        ('["a",,"b"]', "two commas in a row"),
        ('[,"a"]', "a comma with nothing before it"),
        ('["a"', "a missing closing bracket"),
        ('["a",', "a missing closing bracket"),
        ('["a', "a quote that is never closed"),
        ('["a"] b', "text after the closing bracket"),
        ("[${VAR}]", "${VAR} is not a string"),
        ("[a, b]", "a is not a string"),
        ('["C:\\x"]', "a single backslash before 'x'"),
        ('["a\tb"]', "a tab inside a string"),
        ("[\u201ca\u201d]", "typographic quotes"),
        ("[ -f x ] && y", ""),
        ('[ "$a" = "b" ] && y', ""),
        ("[[ -f x ]] && y", ""),
        ("[ ! -e x ] || y", ""),
    ],
)
def test_says_why_what_looks_like_an_array_is_none(text: str, problem: str) -> None:
    """A shell's test isn't meant as an array: no problem there."""
    found = read_one(f"FROM a\nCMD {text}\n".encode(), "CMD")
    assert found.json is None
    assert found.json_problem == problem
