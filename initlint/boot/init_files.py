"""How an init's file came into the image: downloaded from its project, or copied from another distribution."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from initlint.boot.unfit import lacks_loader, runs_on
from initlint.boot.wrappers import init_of
from initlint.facts.init_releases import ADDRESS, LINKED_PACKAGES, LOADERS, Linking, ReleaseFile, release_file
from initlint.records import NamedTuple
from initlint.rootfs import Node, Present, RootFilesystem
from initlint.rootfs.transfer import Copy, CopySource, expand_or_none, parse_copy
from initlint.targets.container import Container
from initlint.targets.dockerfile.syntax import BuildStep, Stage
from initlint.text import Span

_VERIFIES = re.compile(r"\b(?:sha\d*sum|shasum|md5sum|gpgv?2?|cosign|minisign|openssl\s+dgst|dgst)\b")


_THIRD_S6 = re.compile(
    r"s6-overlay-noarch|s6-overlay/releases/download/v?3\.|S6_OVERLAY_VERSION[= ]\"?v?3\.", re.IGNORECASE
)


class Download(NamedTuple):
    """An address that a build step brings an init from. `address` is expanded as far as it is known; `at` is
    where it stands in the instruction's value."""

    file: ReleaseFile
    project: str
    address: str
    at: tuple[int, int]
    step: BuildStep
    stage: int


def bringing(node: Node | None, stages: Sequence[Stage]) -> tuple[BuildStep, int] | None:
    """The step that a file comes from, and its stage."""
    span = node.origin.span if node is not None and node.origin is not None else None
    if span is None:
        return None
    for stage in stages:
        for step in stage.steps:
            if _within(span, step.instruction.span):
                return step, stage.index
    return None


def downloads(node: Node | None, init: str, stages: Sequence[Stage]) -> tuple[Download, ...]:
    """The addresses that the step which brings a file names for that init: one for every architecture, mostly one."""
    found = bringing(node, stages)
    return () if found is None else tuple(_addresses(*found, init))


def _addresses(step: BuildStep, stage: int, init: str) -> Iterator[Download]:
    value = step.instruction.value
    if "/releases/" not in value:
        return
    for word in re.finditer(r"https?://[^\s\"'`;|&<>()\\]+", value):
        text = expand_or_none(word[0], step.env) or word[0]
        match = ADDRESS.match(text)
        file = release_file(match["project"], match["name"]) if match is not None else None
        if match is not None and file is not None and file.init == init:
            yield Download(file, match["project"], text, word.span(), step, stage)


def is_verified(download: Download, stages: Sequence[Stage]) -> bool:
    """Whether something in the stage compares the file with a checksum or a signature."""
    instruction = download.step.instruction
    if instruction.flag("checksum") is not None:
        return True
    for step in stages[download.stage].steps:
        text = step.instruction.span.text if step.instruction.keyword == "RUN" else ""
        named = step is download.step or download.file.init in text
        if named and _VERIFIES.search(text):
            return True
    return False


def why_unfit(name: str, node: Present, container: Container, rootfs: RootFilesystem, stages: Sequence[Stage]) -> str:
    """Why an init whose bytes aren't seen can't run in the image: what its origin says speaks against it."""
    found = downloads(node, init_of(name), stages)
    if found:
        files = [download.file for download in found]
        foreign = [file for file in files if file.architecture and not runs_on(file.architecture, container)]
        if len(foreign) == len(files):
            return (
                f"{foreign[0].name} is built for {foreign[0].architecture}, the image for "
                f"{container.platform}: exec format error"
            )
        linking: Linking | None = files[0].linking
        if linking is None or any(file.linking != linking for file in files):
            return ""
        what = files[0].name
    elif node.origin.kind == "package":
        origin = bringing(node, stages)
        if origin is None or origin[1] == container.stage_index:
            return ""
        family = family_of(stages, origin[1])
        copied = copied_as(node.path, stages[container.stage_index])
        packaged = (copied[1].path or "").rpartition("/")[2] if copied is not None else ""
        linking = LINKED_PACKAGES.get((family, packaged))
        if linking is None or family == container.base.os_family:
            return ""
        what = f"{family.capitalize()}'s {packaged}"
    else:
        return ""
    loader = lacks_loader(linking, LOADERS[linking], container, rootfs, stages)
    if not loader:
        return ""
    where = "Alpine" if container.base.os_family == "alpine" else "the image"
    return f"{what} is built for {linking} and wants {loader}, which {where} doesn't have: no such file or directory"


def copied_as(path: str, stage: Stage) -> tuple[Copy, CopySource] | None:
    """The COPY --from that puts a file at a path, and which of its sources that is; None where it isn't seen."""
    for step in reversed(stage.steps):
        copy = parse_copy(step) if step.instruction.keyword == "COPY" else None
        if copy is None or copy.from_context or copy.destination is None:
            continue
        for source in copy.sources:
            name = (source.path or "").rpartition("/")[2]
            if path == (f"{copy.destination.rstrip('/')}/{name}" if copy.into else copy.destination):
                return copy, source
    return None


def family_of(stages: Sequence[Stage], index: int) -> str:
    """The distribution of a stage's base image, empty where it isn't known."""
    at: int | None = index
    while at is not None:
        match = stages[at].base_match
        if match is not None:
            return match.fact.os_family
        at = stages[at].parent
    return ""


def _within(inner: Span, outer: Span) -> bool:
    return inner.source is outer.source and outer.start <= inner.start and inner.end <= outer.end


def is_s6_overlay_3(stages: Sequence[Stage]) -> bool:
    """Whether the build brings version 3 of s6-overlay, by its files' names, its address or its variable."""
    return any(
        _THIRD_S6.search(f"{step.instruction.keyword} {step.instruction.value}")
        for stage in stages
        for step in stage.steps
        if step.instruction.keyword in ("ADD", "RUN", "COPY", "ENV", "ARG")
    )
