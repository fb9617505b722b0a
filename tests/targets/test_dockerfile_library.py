"""dockerfile-parse's interface on top of our reading."""

from __future__ import annotations

from initlint.targets.dockerfile import BuildKitParser
from initlint.text import Source

TEXT = b"""\
# escape=`
ARG V=1
FROM --platform=linux/amd64 python:$V AS build
# a comment
RUN <<EOF
USER nobody
EOF
HEALTHCHECK `

  # c
  CMD curl x
FROM build
ENV A=1 B="x y"
CMD ["a"]"""


def test_structure_has_no_phantom_instructions() -> None:
    """Neither from heredocs nor from blank lines inside a continuation; comments are in file order."""
    structure = BuildKitParser(Source("Dockerfile", TEXT)).structure
    assert [row["instruction"] for row in structure] == (
        "COMMENT ARG FROM COMMENT RUN HEALTHCHECK COMMENT FROM ENV CMD".split()
    )
    check = structure[5]
    assert (check["startline"], check["endline"], check["value"]) == (7, 10, "  CMD curl x".strip())
    assert structure[4]["content"] == "RUN <<EOF\nUSER nobody\nEOF\n"
    assert structure[-1]["content"] == 'CMD ["a"]'


def test_the_librarys_own_answers_are_right_on_top_of_it() -> None:
    """Images, environment and CMD as dockerfile-parse gives them."""
    parser = BuildKitParser(Source("Dockerfile", TEXT), build_args={"V": "2"})
    assert parser.parent_images == ["python:2", "build"]
    assert dict(parser.envs) == {"A": "1", "B": "x y"}
    assert parser.cmd == '["a"]'
    assert parser.is_multistage


def test_setters_change_a_copy() -> None:
    """The source's bytes stay, `structure` follows."""
    source = Source("Dockerfile", b"FROM a\nCMD x\n")
    parser = BuildKitParser(source)
    parser.cmd = "y"
    parser.baseimage = "b"
    assert parser.content == "FROM b\nCMD y\n"
    assert [row["value"] for row in parser.structure] == ["b", "y"]
    assert source.data == b"FROM a\nCMD x\n"


def test_odd_bytes_dont_raise() -> None:
    """Nor does a line end where only str.splitlines sees one."""
    parser = BuildKitParser(Source("Dockerfile", "FROM a\nCMD x\u2028y\x0cz ".encode() + b"\xff\n"))
    assert len(parser.lines) == 2
    assert parser.content.encode("utf-8", "surrogateescape") == parser.fileobj.getvalue()


def test_an_empty_file_has_an_empty_structure() -> None:
    """As the library has it."""
    assert BuildKitParser(Source("Dockerfile", b"\n")).structure == []
