"""A pinned release of a static init, its SHA-256 verified for every architecture; never without."""

from __future__ import annotations

import re

from initlint.cure.init_stages import free_name, from_line, platform_flag, stage_edit, why_no_stage
from initlint.cure.provided import NoWay, Provided, comment, since
from initlint.cure.style import style_of
from initlint.facts import InitRelease
from initlint.facts.static_inits import release
from initlint.subject import Subject
from initlint.targets.dockerfile.platforms import split_platform
from initlint.targets.dockerfile.syntax import Stage

# `ADD --checksum` came with this version of the Dockerfile syntax: docs.docker.com/reference/dockerfile
_CHECKSUM_SINCE = (1, 6)
_SYNTAX = re.compile(r"(?:docker\.io/)?docker/dockerfile:(\d+)(?:\.(\d+))?(?:\.\d+)?(?:-labs)?(?:@sha256:[0-9a-f]+)?")
# What `uname -m` says: the classic builder sets no TARGETARCH.
_MACHINES = {"amd64": "x86_64", "arm64": "aarch64"}
_FETCHER = "alpine:3.22"


def from_release(subject: Subject, home: Stage, name: str, barred: tuple[NoWay, ...]) -> Provided | NoWay:
    """A stage that downloads and verifies the init, and a COPY from it."""
    found = release(name)
    if found is None:
        return NoWay(f"the checksums of {name}'s releases aren't known from a source")
    barrier = why_no_stage(subject, home)
    if barrier is not None:
        return barrier
    style = style_of(subject.dockerfile.parsed)
    stage = free_name(subject, home)
    verified = adds_with_checksum(subject.dockerfile.parsed.syntax)
    lines = _added(subject, home, found, stage) if verified else _fetched(subject, home, found, stage)
    if isinstance(lines, NoWay):
        return lines
    path = f"/usr/bin/{name}"
    copy = f"{style.keyword('COPY')} --from={stage} /{name} {path}"
    how = f"downloaded ({found.version}) and verified by its SHA-256{since(barred)}"
    note = f"there are checksums for {', '.join(sorted(found.files))}: the build stops for other architectures"
    edit = stage_edit(subject, home, lines, comment(barred))
    return Provided(name, path, how, (edit,), copy, notes=(note,) if _architecture(home) is None else ())


def adds_with_checksum(syntax: str | None) -> bool:
    """Whether the file asks for a Dockerfile syntax that has `ADD --checksum`."""
    match = _SYNTAX.fullmatch(syntax or "")
    if match is None:
        return False
    major, minor = int(match[1]), match[2]
    return major > _CHECKSUM_SINCE[0] or (major == _CHECKSUM_SINCE[0] and (minor is None or int(minor) >= 6))


def _added(subject: Subject, home: Stage, found: InitRelease, stage: str) -> list[str] | NoWay:
    """A stage for each architecture, one of which the build takes."""
    parsed = subject.dockerfile.parsed
    style = style_of(parsed)
    word_as = "as" if style.lower else "AS"
    architecture = _architecture(home)
    if architecture is not None and architecture not in found.files:
        return NoWay(f"no checksum of {found.init} is known for {home.platform or 'its platform'}")
    lines: list[str] = []
    for target, (part, checksum) in found.files.items():
        if architecture not in (None, target):
            continue
        own = stage if architecture is not None else f"{stage}-{target}"
        lines += [
            f"{style.keyword('FROM')} scratch {word_as} {own}",
            f"{style.keyword('ADD')} --checksum=sha256:{checksum} --chmod=755 {style.escape}",
            f"    {found.url.format(part)} /{found.init}",
        ]
    if architecture is None:
        if any(comment.text.lstrip().startswith("# hadolint ") for comment in parsed.comments):
            lines.append("# hadolint ignore=DL3006")  # it takes the variable for an image without a tag
        lines.append(f"{style.keyword('FROM')} {stage}-${{TARGETARCH}} {word_as} {stage}")
    return lines


def _fetched(subject: Subject, home: Stage, found: InitRelease, stage: str) -> list[str] | NoWay:
    """One RUN for the builders of old: they know neither checksums nor TARGETARCH."""
    style = style_of(subject.dockerfile.parsed)
    escape = style.escape
    run, target_file = style.keyword("RUN"), f"/{found.init}"
    architecture = _architecture(home)
    if architecture is not None:
        if architecture not in found.files:
            return NoWay(f"no checksum of {found.init} is known for {home.platform or 'its platform'}")
        part, checksum = found.files[architecture]
        head = [f'{run} wget -qO {target_file} "{found.url.format(part)}" {escape}']
    else:
        checksum = "$sum"
        head = [f"{style.keyword('ARG')} TARGETARCH", f'{run} case "${{TARGETARCH:-$(uname -m)}}" in {escape}']
        for target, (part, known) in found.files.items():
            names = "|".join(dict.fromkeys((target, _MACHINES.get(target, target))))
            head.append(f"        {names}) file={part} sum={known} ;; {escape}")
        head += [
            f'        *) echo "no checksum of {found.init} for this architecture" >&2; exit 1 ;; {escape}',
            f"    esac {escape}",
            f'    && wget -qO {target_file} "{found.url.format("$file")}" {escape}',
        ]
    return [
        from_line(subject, home, _FETCHER, stage),
        *head,
        f'    && echo "{checksum}  {target_file}" > {target_file}.sha256 {escape}',
        f"    && sha256sum -c {target_file}.sha256 {escape}",
        f"    && chmod 755 {target_file}",
    ]


def _architecture(home: Stage) -> str | None:
    """The architecture that the stage names by itself, whatever is built for; None where TARGETARCH tells."""
    if not platform_flag(home):
        return None
    return split_platform(home.platform)[1] if home.platform else ""
