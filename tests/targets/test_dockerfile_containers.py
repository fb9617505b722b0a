"""The containers that a Dockerfile describes."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from initlint.targets.container import Container, ExecForm, ShellForm, StartField, Unresolved, Value
from initlint.targets.dockerfile import Dockerfile, load, stage_chain
from initlint.text import Source

UNKNOWN = "registry.example.com/who/knows:1"


def load_text(
    text: str, *, target: str | None = None, build_args: Mapping[str, str] | None = None, platform: str | None = None
) -> Dockerfile:
    return load(Source("Dockerfile", text.encode()), target=target, build_args=build_args or {}, platform=platform)


def final(text: str) -> Container:
    return load_text(text).containers[-1]


SH = ("/bin/sh", "-c")


@pytest.mark.parametrize(
    ("text", "start", "start_from"),
    [
        ('FROM scratch\nCMD ["a", "b"]', ("a", "b"), "dockerfile"),
        ("FROM scratch\nCMD a $B", (*SH, "a $B"), "dockerfile"),
        ('FROM scratch\nCMD ["a"]\nCMD ["b"]', ("b",), "dockerfile"),
        ('FROM scratch\nENTRYPOINT ["a"]\nCMD ["b"]', ("a", "b"), "dockerfile"),
        ('FROM scratch\nCMD ["b"]\nENTRYPOINT ["a"]', ("a", "b"), "dockerfile"),
        ('FROM scratch\nENTRYPOINT a\nCMD ["b"]', (*SH, "a", "b"), "dockerfile"),
        ('FROM scratch\nENTRYPOINT ["a"]\nCMD b', ("a", *SH, "b"), "dockerfile"),
        ('FROM scratch\nENTRYPOINT ["a"]\nENTRYPOINT []\nCMD ["b"]', ("b",), "dockerfile"),
        ('FROM scratch\nENTRYPOINT ["a"]\nCMD ["b"]\nCMD []', ("a",), "dockerfile"),
        ("FROM scratch\nCMD\n", (*SH, ""), "dockerfile"),
        ("FROM scratch\nCMD ['a']\n", (*SH, "['a']"), "dockerfile"),
        ("FROM scratch", (), "none"),
        ('FROM scratch AS a\nCMD ["a"]\nFROM a', ("a",), "dockerfile"),
        ('FROM scratch AS a\nCMD ["a"]\nFROM a\nENTRYPOINT ["b"]', ("b",), "dockerfile"),
        ('FROM scratch AS a\nCMD ["a"]\nFROM a\nENTRYPOINT []', (), "none"),
        ('FROM scratch AS a\nENTRYPOINT ["a"]\nFROM a\nCMD ["b"]', ("a", "b"), "dockerfile"),
        (
            'FROM scratch AS a\nENTRYPOINT ["a"]\nCMD ["b"]\nFROM a\nCMD ["d"]\nENTRYPOINT ["c"]',
            ("c", "d"),
            "dockerfile",
        ),
        (f'FROM {UNKNOWN}\nCMD ["a"]', None, "unknown"),
        (f'FROM {UNKNOWN}\nENTRYPOINT ["a"]', ("a",), "dockerfile"),
        (f'FROM {UNKNOWN}\nENTRYPOINT []\nCMD ["a"]', ("a",), "dockerfile"),
        (f"FROM {UNKNOWN}", None, "unknown"),
        ("FROM python:3.12-slim", ("python3",), "base-image"),
        ('FROM python:3.12-slim\nCMD ["python", "a.py"]', ("python", "a.py"), "dockerfile"),
        ('FROM node:22\nCMD ["node", "a.js"]', ("docker-entrypoint.sh", "node", "a.js"), "mixed"),
        ('FROM node:22\nENTRYPOINT ["a"]', ("a",), "dockerfile"),
        ('ARG V\nFROM node:$V\nCMD ["x"]', ("docker-entrypoint.sh", "x"), "mixed"),
        ('ARG HUB\nFROM ${HUB}node:22\nCMD ["x"]', ("docker-entrypoint.sh", "x"), "mixed"),
        ('ARG IMAGE\nFROM $IMAGE\nCMD ["x"]', None, "unknown"),
    ],
)
def test_start_is_what_the_engine_gets(text: str, start: tuple[str, ...] | None, start_from: str) -> None:
    """The last ones win, ENTRYPOINT clears an inherited CMD, [] resets, what isn't JSON is for the shell."""
    container = final(text)
    assert (container.start, container.start_from) == (start, start_from)


def test_says_when_an_entrypoint_cleared_a_cmd() -> None:
    """A CMD of the same stage isn't inherited, whichever comes first."""
    assert _cmd(final('FROM node:22\nENTRYPOINT ["a"]')).inherited_cleared
    assert _cmd(final('FROM scratch AS a\nCMD ["x"]\nFROM a\nENTRYPOINT ["a"]')).inherited_cleared
    assert not _cmd(final('FROM node:22\nCMD ["x"]\nENTRYPOINT ["a"]')).inherited_cleared
    assert not _cmd(final('FROM scratch\nENTRYPOINT ["a"]')).inherited_cleared


def _cmd(container: Container) -> StartField:
    assert isinstance(container.cmd, StartField)
    return container.cmd


def test_shell_form_gets_the_shell_that_is_in_force_where_it_stands() -> None:
    """A later SHELL changes nothing for it; one of a parent stage does."""
    text = 'FROM scratch AS a\nSHELL ["/bin/bash", "-c"]\nFROM a\nENTRYPOINT x\nSHELL ["/bin/ash", "-c"]\nCMD y'
    container = final(text)
    assert container.start == ("/bin/bash", "-c", "x", "/bin/ash", "-c", "y")
    assert container.shell_argv == ("/bin/ash", "-c")


def test_what_looks_like_an_array_says_so() -> None:
    """With the reason, and the span of the argument."""
    field = _cmd(final("FROM scratch\nCMD ['a', \\\n 'b']"))
    assert isinstance(field.form, ShellForm)
    assert (field.form.looks_like_json, field.form.json_problem) == (True, "single quotes")
    assert field.form.text_span is not None
    assert field.form.text_span.text == "['a', \\\n 'b']"
    test = _cmd(final("FROM scratch\nCMD [ -f a ] && exec b")).form
    assert isinstance(test, ShellForm)
    assert not test.looks_like_json


def test_every_field_has_its_span() -> None:
    """The instruction that sets it; none for what the base image brings."""
    container = final(
        "FROM nginx:1.27\nUSER a\nWORKDIR /x\nWORKDIR y\nSTOPSIGNAL SIGTERM\n"
        'HEALTHCHECK --interval=5s CMD curl x\nENV PATH=/x:$PATH\nSHELL ["/bin/bash", "-c"]\nCMD a'
    )
    fields = (container.user, container.workdir, container.stop_signal, container.shell)
    shown = [(f.value, f.span.text if f.span else None) for f in fields if isinstance(f, Value)]
    assert shown == [
        ("a", "USER a"),
        ("/x/y", "WORKDIR y"),
        ("SIGTERM", "STOPSIGNAL SIGTERM"),
        ("/bin/bash -c", 'SHELL ["/bin/bash", "-c"]'),
    ]
    assert container.healthcheck is not None
    assert isinstance(container.healthcheck.form, ShellForm)
    assert container.healthcheck.form.argv == ("/bin/sh", "-c", "curl x")
    assert container.path == "/x:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
    assert isinstance(container.entrypoint, StartField)
    assert (container.entrypoint.origin, container.entrypoint.span) == ("base-image", None)
    assert container.start_span is not None
    assert container.start_span.text == "CMD a"


def test_fields_that_the_file_leaves_alone_come_from_the_base() -> None:
    """nginx stops on SIGQUIT; scratch has nothing but defaults."""
    signal = final("FROM nginx:1.27").stop_signal
    assert signal == Value("SIGQUIT", "base-image", None)
    bare = final("FROM scratch")
    assert (bare.user, bare.workdir) == (Value("", "default", None), Value("/", "default", None))
    assert bare.stop_signal == Value("SIGTERM", "default", None)
    assert bare.base.os_family == "scratch"


def test_values_are_expanded() -> None:
    """USER, WORKDIR and STOPSIGNAL are; CMD and ENTRYPOINT never."""
    container = final('FROM scratch\nARG U=me\nENV S=SIGINT\nUSER ${U}:$U\nSTOPSIGNAL $S\nCMD ["$U"]')
    assert container.user == Value("me:me", "dockerfile", _span(container.user))
    assert isinstance(container.stop_signal, Value)
    assert container.stop_signal.value == "SIGINT"
    assert _cmd(container).form == ExecForm(("$U",))


def _span(value: Value | Unresolved) -> object:
    return value.span


def test_what_an_unknown_base_decides_is_unresolved() -> None:
    """With the reason and FROM's image as its place."""
    container = final(f"FROM --platform=linux/amd64 {UNKNOWN} AS x\nCMD a")
    assert isinstance(container.entrypoint, Unresolved)
    assert container.entrypoint.why == f"nothing is known of the image {UNKNOWN}"
    assert container.entrypoint.span is not None
    assert container.entrypoint.span.text == UNKNOWN
    assert isinstance(container.user, Unresolved)
    assert (container.env_complete, container.path) == (False, None)
    unset = final("FROM scratch\nARG U\nUSER $U").user
    assert isinstance(unset, Unresolved)


def test_an_argument_without_a_value_is_taken_for_a_registry_or_any_version() -> None:
    """Never for sure, and the reference itself stays open."""
    container = final("ARG V\nFROM node:${V}-alpine")
    assert container.base.reference is None
    assert container.base.match is not None
    assert (container.base.match.exact, container.base.os_family) == (False, "alpine")
    assert "V without a value" in container.base.match.why
    assert final("ARG N\nFROM my${N}:1").base.match is None


NAMES = [
    ("FROM scratch\nCMD a", None, ["final stage"]),
    ("FROM scratch AS app\nCMD a", None, ["app"]),
    ("FROM scratch AS build\nRUN x\nFROM scratch\nCMD a", None, ["final stage"]),
    ("FROM scratch AS worker\nCMD w\nFROM scratch AS web\nCMD a", None, ["worker", "web"]),
    ("FROM scratch AS base\nCMD w\nFROM base AS web", None, ["web"]),
    ("FROM scratch AS base\nCMD w\nFROM base AS x\nFROM scratch AS web\nCMD a", None, ["web"]),
    ("FROM scratch\nENTRYPOINT w\nFROM scratch\nCMD a", None, ["stage 0", "final stage"]),
    ("FROM scratch AS worker\nCMD w\nFROM scratch AS web\nCMD a", "WORKER", ["web", "worker"]),
    ("FROM scratch AS build\nRUN x\nFROM scratch AS web\nCMD a", "build", ["web", "build"]),
    ("FROM scratch AS a\nCMD a\nFROM scratch\nCMD b", "0", ["stage 1", "a"]),
    ("FROM scratch AS base\nONBUILD CMD x\nFROM scratch\nCMD a", None, ["final stage"]),
]


@pytest.mark.parametrize(("text", "target", "names"), NAMES)
def test_a_file_has_its_last_stage_and_every_other_that_starts_something(
    text: str, target: str | None, names: list[str]
) -> None:
    """Unless a later stage builds on it; the final one, or the one that --target names, comes last."""
    containers = load_text(text, target=target).containers
    assert [container.name for container in containers] == names
    assert [container.is_final for container in containers] == [False] * (len(names) - 1) + [True]


def test_the_chain_of_a_container_starts_at_the_base() -> None:
    """The stages that its image is made of."""
    dockerfile = load_text("FROM scratch AS a\nFROM scratch AS b\nFROM a AS c\nFROM c\nCMD x")
    assert [stage.index for stage in stage_chain(dockerfile, dockerfile.containers[-1])] == [0, 2, 3]


@pytest.mark.parametrize(
    ("text", "family", "release", "sh"),
    [
        (f"FROM {UNKNOWN}\nRUN apk add --no-cache x", "alpine", None, "busybox-ash"),
        (f"FROM {UNKNOWN}\nRUN set -eux; apt-get update && apt-get install -y x", "debian", None, "dash-debian"),
        (f"FROM {UNKNOWN}\nRUN microdnf install -y x", "rhel", None, "bash"),
        (f"FROM {UNKNOWN}\nRUN <<E\nyum -y install x\nE", "rhel", None, "bash"),
        (f"FROM {UNKNOWN}\nRUN echo apt-get install x", "unknown", None, "unknown"),
        (f"FROM {UNKNOWN}\nRUN apk add x || apt-get install x", "unknown", None, "unknown"),
        (f"FROM {UNKNOWN}\nRUN x", "unknown", None, "unknown"),
        ("FROM example.com/x:1-alpine3.19", "alpine", "3.19", "busybox-ash"),
        ("FROM example.com/x:alpine", "alpine", None, "busybox-ash"),
        ("FROM example.com/x:1-bookworm", "debian", "bookworm", "dash-debian"),
        ("FROM example.com/x:1-jammy", "ubuntu", "jammy", "dash-debian"),
    ],
)
def test_an_unknown_image_gives_itself_away(text: str, family: str, release: str | None, sh: str) -> None:
    """By its tag or by the package manager that RUN calls, where all agree; and `why` says so."""
    base = final(text).base
    assert (base.os_family, base.os_release, base.sh) == (family, release, sh)
    assert base.why


@pytest.mark.parametrize(
    ("text", "windows"),
    [
        ("FROM mcr.microsoft.com/windows/servercore:ltsc2022\nCMD a", True),
        ("FROM golang:1.22-nanoserver\nCMD a", True),
        (f'FROM {UNKNOWN}\nSHELL ["powershell", "-Command"]\nCMD a', True),
        (f'FROM {UNKNOWN}\nSHELL ["C:\\\\Windows\\\\cmd.exe", "/S"]\nCMD a', True),
        (f'FROM {UNKNOWN}\nSHELL ["pwsh", "-Command"]\nCMD a', False),
        ("FROM debian\nCMD a", False),
    ],
)
def test_windows_is_told_by_image_and_shell(text: str, windows: bool) -> None:
    """pwsh alone runs on Linux as well."""
    assert final(text).windows is windows


def test_shell_form_on_windows_is_for_cmd() -> None:
    """The default SHELL there."""
    container = final("FROM mcr.microsoft.com/windows/nanoserver:ltsc2022\nENTRYPOINT a")
    assert container.start == ("cmd", "/S", "/C", "a")


@pytest.mark.parametrize(
    ("text", "tool"),
    [
        ("FROM debian:bookworm", True),
        ("FROM node:22", True),
        ("FROM python:3", True),
        ("FROM php:8-cli", True),
        ("FROM node:22 AS a\nRUN x\nFROM a", True),
        ("FROM nginx:1.27", False),
        ("FROM node:22\nCMD node", False),
        ("FROM scratch", False),
    ],
)
def test_an_inherited_shell_or_repl_makes_a_tool_image(text: str, tool: bool) -> None:
    """Nothing that anybody would run as a service."""
    assert final(text).tool_image is tool


def test_healthchecks() -> None:
    """The last one counts; NONE switches an inherited one off."""
    check = final('FROM scratch AS a\nHEALTHCHECK CMD x\nFROM a\nHEALTHCHECK CMD ["y", "z"]').healthcheck
    assert check is not None
    assert check.form == ExecForm(("y", "z"))
    off = final("FROM scratch AS a\nHEALTHCHECK CMD x\nFROM a\nHEALTHCHECK NONE").healthcheck
    assert off is not None
    assert off.form is None
    assert off.span is not None
    assert final("FROM scratch").healthcheck is None


def test_the_platform_is_the_stages_own_or_the_given_one() -> None:
    """One that depends on the builder is unknown."""
    assert load_text("FROM scratch", platform="linux/arm64").containers[0].platform == "linux/arm64"
    text = "FROM --platform=linux/s390x scratch"
    assert load_text(text, platform="linux/arm64").containers[0].platform == "linux/s390x"
    assert load_text("FROM --platform=$BUILDPLATFORM scratch").containers[0].platform is None


def test_an_entrypoint_of_one_empty_word_resets_it() -> None:
    """Docker starts CMD alone (measured on 20.10)."""
    container = final('FROM debian:12\nENTRYPOINT [""]\nCMD ["a", "b"]\n')
    assert container.start == ("a", "b")


def test_an_image_whose_name_can_not_be_parted_stays_unknown() -> None:
    """The colon belongs to the default of a variable without a value."""
    container = final("ARG WHICH\nFROM base-${WHICH:+x:1}\nCMD a\n")
    assert container.base.match is None
