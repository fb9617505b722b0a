"""What isn't a Dockerfile: one message that says what is wrong and where."""

from __future__ import annotations

import pytest

from initlint.targets.dockerfile import load, parse
from initlint.text import Source, UnparsableInput

REFUSED = [
    ("", None, "no instructions"),
    ("# only a comment\n", None, "no instructions"),
    ("ARG V=1\n", None, "no FROM"),
    ("RUN x\nFROM a\n", 1, "RUN before the first FROM"),
    ("FROM a\nFOO bar\n", 2, "unknown instruction: FOO"),
    ("FROM a\n\\\n", 2, "unknown instruction"),
    ("# escape=x\nFROM a\n", 1, "invalid escape token"),
    ("# escape=`\n# escape=`\nFROM a\n", 2, "only one escape parser directive"),
    ("# check=skip=all\n# check=skip=all\nFROM a\n", 2, "only one check parser directive"),
    ("FROM a b\n", 1, "either one or three arguments"),
    ("FROM\n", 1, "either one or three arguments"),
    ("FROM a AS 1b\n", 1, "invalid name for a build stage"),
    ("ARG V=\nFROM $V\n", 2, "names no image"),
    ("FROM a\nENV X\n", 2, "ENV must have two arguments"),
    ("FROM a\nENV\n", 2, "at least one argument"),
    ("FROM a\nENV =x\n", 2, "can not be blank"),
    ("FROM a\nENV A=b C\n", 2, "can't find = in 'C'"),
    ("FROM a\nLABEL x\n", 2, "LABEL must have two arguments"),
    ("FROM a\nENV A=${B\n", 2, "ENV: missing '}'"),
    ("FROM a\nWORKDIR 'x\n", 2, "WORKDIR: a single quote that is never closed"),
    ('FROM a\nCMD ["a", 1]\n', 2, "strings only"),
    ('FROM a\nCMD [["a"]]\n', 2, "strings only"),
    ('FROM a\nONBUILD CMD ["a", null]\n', 2, "strings only"),
    ("FROM a\nCMD --x y\n", 2, "unknown flag: --x"),
    ("FROM a\nRUN <<E\nx\n", 2, "unterminated heredoc"),
    ("FROM a\nCOPY x\n", 2, "at least two arguments"),
    ('FROM a\nADD ["x"]\n', 2, "at least two arguments"),
    ("FROM a\nCOPY x <<E\ny\nE\n", 2, "heredoc as a destination"),
    ("FROM a\nUSER\n", 2, "exactly one argument"),
    ("FROM a\nWORKDIR\n", 2, "exactly one argument"),
    ("FROM a\nSTOPSIGNAL\n", 2, "exactly one argument"),
    ("FROM a\nARG\n", 2, "at least one argument"),
    ("FROM a\nEXPOSE\n", 2, "at least one argument"),
    ("FROM a\nVOLUME []\n", 2, "at least one argument"),
    ('FROM a\nVOLUME [""]\n', 2, "can not be an empty string"),
    ("FROM a\nSHELL bash -c\n", 2, "JSON form"),
    ("FROM a\nSHELL []\n", 2, "at least one argument"),
    ("FROM a\nHEALTHCHECK\n", 2, "at least one argument"),
    ("FROM a\nHEALTHCHECK curl x\n", 2, "unknown type 'CURL'"),
    ("FROM a\nHEALTHCHECK CMD\n", 2, "missing command"),
    ("FROM a\nHEALTHCHECK CMD []\n", 2, "missing command"),
    ("FROM a\nHEALTHCHECK NONE x\n", 2, "takes no arguments"),
    ("FROM a\nONBUILD\n", 2, "at least one argument"),
    ("FROM a\nONBUILD ONBUILD RUN x\n", 2, "chaining ONBUILD"),
    ("FROM a\nONBUILD FROM x\n", 2, "isn't allowed as an ONBUILD trigger"),
    (f"FROM a\nRUN {'x' * 70000}\n", 2, "longer than the 65535 bytes"),
]


@pytest.mark.parametrize(("text", "row", "message"), REFUSED, ids=[message for _, _, message in REFUSED])
def test_refuses_what_buildkit_refuses(text: str, row: int | None, message: str) -> None:
    """With the place, where there is one to blame."""
    with pytest.raises(UnparsableInput) as caught:
        load(Source("some/Dockerfile", text.encode()))
    assert message in caught.value.message
    assert "\n" not in caught.value.message
    assert caught.value.filename == "some/Dockerfile"
    assert (caught.value.span.row if caught.value.span else None) == row


def test_an_unknown_target_is_answered_with_the_stages_that_there_are() -> None:
    """So that nobody has to open the file."""
    source = Source("Dockerfile", b"FROM a AS build\nFROM b AS web\n")
    with pytest.raises(UnparsableInput, match=r"there is no stage 'wbe' \(stages: build, web\)"):
        load(source, target="wbe")


@pytest.mark.parametrize(
    "text",
    [
        "FROM a\nRUN\n",
        "FROM a\nCMD\nENTRYPOINT\n",
        "FROM a\nMAINTAINER me\n",
        "FROM a\nRUN --newer=flag x\nCOPY --newer x y\n",
        "FROM a AS b-1.x_y\n",
        "ARG A\nARG B=1 C\nFROM a\n",
        "FROM a\nENV A=é\x1c B=\u2028\n",
    ],
)
def test_takes_what_buildkit_takes(text: str) -> None:
    """Odd, but nothing wrong with it; flags of a newer BuildKit are let through."""
    parse(Source("Dockerfile", text.encode()))


def test_bytes_that_are_not_utf8_are_read() -> None:
    """And come out as they went in."""
    parsed = parse(Source("Dockerfile", b"FROM a\nLABEL x=\xe9\xff\nCMD \xe9"))
    assert parsed.instructions[2].value.encode("utf-8", "surrogateescape") == b"\xe9"
