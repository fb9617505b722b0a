"""Stages, and the state in force at every step."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from initlint.targets.dockerfile import parse, stages
from initlint.targets.dockerfile.syntax import Stage
from initlint.text import Source


def stages_of(text: str, build_args: Mapping[str, str] | None = None, platform: str | None = None) -> tuple[Stage, ...]:
    parsed = parse(Source("Dockerfile", text.encode()))
    return stages(parsed, build_args=build_args or {}, platform=platform)


def last(text: str, build_args: Mapping[str, str] | None = None, platform: str | None = None) -> Stage:
    return stages_of(text, build_args, platform)[-1]


@pytest.mark.parametrize(
    ("text", "reference"),
    [
        ("FROM a:1", "a:1"),
        ("ARG V=1\nFROM a:$V", "a:1"),
        ("ARG V=1\nARG W=${V}x\nFROM a:$W", "a:1x"),
        ("ARG V=1 W=$V\nFROM a:$W", "a:1"),
        ("ARG V\nFROM a:$V", None),
        ("ARG V\nFROM a:${V:-2}", "a:2"),
        ("FROM a:${V:-2}", "a:2"),
        ("FROM a$V", "a"),
        ("ARG V=\nFROM a$V", "a"),
        ('ARG V="1"\nFROM "a:$V"', "a:1"),
        ("ARG V=1\nFROM b\nARG V=2\nFROM a:$V", "a:1"),
        ("FROM b\nARG V=2\nFROM a${V}", "a"),
        ("FROM a:${TARGETARCH}", None),
    ],
)
def test_from_knows_the_arguments_before_it(text: str, reference: str | None) -> None:
    """Those before the first FROM, not those of a stage; one without a value leaves it open."""
    assert last(text).reference == reference


def test_build_args_win_over_defaults() -> None:
    """For global ARGs and for a stage's own; an undeclared one counts for nothing."""
    text = "ARG V=1\nFROM debian:$V\nARG V\nARG W=3\nENV A=$V-$W-$X"
    found = last(text, {"V": "5", "W": "6", "X": "7"})
    assert found.reference == "debian:5"
    assert found.env_after["A"] == "5-6-"


def test_says_which_argument_leaves_a_reference_open() -> None:
    """In a few words, for messages."""
    assert last("ARG V\nFROM a:$V").why == "ARG V has no value"
    assert last("FROM --platform=$BUILDPLATFORM a:$BUILDARCH").why == "BUILDARCH depends on the platform"


def test_platform_arguments_are_known_when_a_platform_is() -> None:
    """In FROM, and in a stage that declares them."""
    text = "FROM --platform=$TARGETPLATFORM debian:$TARGETARCH\nARG TARGETOS TARGETVARIANT BUILDARCH"
    found = last(text, platform="linux/arm/v7")
    assert (found.platform, found.reference) == ("linux/arm/v7", "debian:arm")
    assert (found.env_after["TARGETOS"], found.env_after["TARGETVARIANT"]) == ("linux", "v7")
    assert found.env_after["BUILDARCH"] is None
    assert last("FROM --platform=$BUILDPLATFORM a").platform is None
    assert last("FROM a-$TARGETOS").reference == "a-linux"


def test_stages_are_found_by_name_in_any_case_and_only_before_they_are_used() -> None:
    """`FROM build` means the stage when there is one before; the last of that name."""
    found = stages_of("FROM a AS Build\nFROM build\nFROM b AS later\nFROM later\nFROM c AS build\nFROM BUILD")
    assert [stage.name for stage in found] == ["build", None, "later", None, "build", None]
    assert [stage.parent for stage in found] == [None, 0, None, 2, None, 4]
    assert stages_of("FROM debian AS debian")[0].parent is None


def test_an_env_line_sees_the_values_from_before_it() -> None:
    """The example of Docker's documentation."""
    found = last("FROM scratch\nENV abc=hello\nENV abc=bye def=$abc\nENV ghi=$abc")
    assert (found.env_after["abc"], found.env_after["def"], found.env_after["ghi"]) == ("bye", "hello", "bye")


def test_env_and_arg_in_their_forms() -> None:
    """Old ENV form, quotes, escapes, single quotes."""
    found = last("FROM scratch\nENV OLD  a  'b' c\nENV A=\"x y\" B=x\\ y C='$A' D=\n")
    assert found.env_after == {
        "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        "OLD": "a  b c",
        "A": "x y",
        "B": "x y",
        "C": "$A",
        "D": "",
    }


def test_arguments_dont_get_into_the_image() -> None:
    """They are in force for the stage and the stages on top of it; ENV alone stays."""
    found = stages_of("ARG G=g\nFROM scratch AS a\nARG G\nARG A=1\nENV E=$A$G\nFROM a\nENV F=$A")
    assert found[0].env_after["A"] == "1"
    assert "A" not in found[0].config_env
    assert found[0].config_env["E"] == "1g"
    assert (found[1].env_after["F"], "A" in found[1].config_env) == ("1", False)


def test_a_global_argument_has_to_be_declared_again() -> None:
    """In a stage it is unset until then."""
    found = last("ARG V=1\nFROM scratch\nENV A=x$V\nARG V\nENV B=x$V")
    assert (found.env_after["A"], found.env_after["B"]) == ("x", "x1")


def test_an_unknown_bases_variables_are_unknown() -> None:
    """$JAVA_HOME may well be set there; what the file sets is known."""
    found = last("FROM example.com/who/knows\nENV A=1 B=$JAVA_HOME/bin\nENV PATH=/x:$PATH C=$A")
    assert (found.env_after["A"], found.env_after["B"], found.env_after["PATH"]) == ("1", None, None)
    assert found.env_after["C"] == "1"
    assert not found.config_env.complete


def test_a_plain_distributions_environment_is_path_alone() -> None:
    """So an unset name is empty there, as in BuildKit."""
    found = last("FROM debian:bookworm\nENV A=$NOPE/x PATH=/x:$PATH")
    assert found.env_after["A"] == "/x"
    assert found.env_after["PATH"] == "/x:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


@pytest.mark.parametrize(
    ("text", "workdir"),
    [
        ("FROM scratch", "/"),
        ("FROM scratch\nWORKDIR /a/\nWORKDIR b/../c", "/a/c"),
        ("FROM scratch\nENV D=/d\nWORKDIR $D/x", "/d/x"),
        ("FROM scratch\nWORKDIR a", "/a"),
        ("FROM example.com/x\nWORKDIR a", None),
        ("FROM example.com/x\nWORKDIR /b\nWORKDIR a", "/b/a"),
        ("FROM example.com/x\nWORKDIR $NOPE", None),
        ("FROM scratch AS a\nWORKDIR /a\nFROM a\nWORKDIR b", "/a/b"),
    ],
)
def test_workdirs_are_joined(text: str, workdir: str | None) -> None:
    """Through stages too; a relative one on an unknown base stays unknown."""
    assert last(text).workdir_after == workdir


def test_each_step_knows_the_state_before_it() -> None:
    """Environment, user, folder and SHELL as they are when the instruction runs."""
    found = last('FROM scratch\nUSER u\nRUN a\nSHELL ["/bin/bash", "-c"]\nENV A=1\nWORKDIR /w\nRUN b')
    first, second = (step for step in found.steps if step.instruction.keyword == "RUN")
    assert (first.user, first.workdir, first.shell, first.env.get("A")) == ("u", "/", ("/bin/sh", "-c"), None)
    assert (second.workdir, second.shell, second.env["A"]) == ("/w", ("/bin/bash", "-c"), "1")


def test_a_stages_triggers_run_in_the_stage_on_top() -> None:
    """ONBUILD comes first there, and only there, not in a grandchild."""
    found = stages_of("FROM scratch AS a\nONBUILD ENV A=1\nFROM a AS b\nENV B=$A\nFROM b\nENV C=x")
    assert "A" not in found[0].env_after
    assert (found[1].steps[0].triggered, found[1].env_after["B"]) == (True, "1")
    assert [step.triggered for step in found[2].steps] == [False]
