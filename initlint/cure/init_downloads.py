"""Where an init is brought from, put right: the release file, or the package's, that the image can run."""

from __future__ import annotations

from initlint.boot.init_files import Download, bringing, copied_as, downloads, family_of, is_verified
from initlint.boot.model import StartProblem
from initlint.boot.wrappers import init_of
from initlint.cure.by_download import adds_with_checksum
from initlint.cure.model import NoCure, Part
from initlint.facts.init_releases import STATIC_BESIDE, checksum, named_for
from initlint.rootfs import Present
from initlint.subject import Subject
from initlint.targets.dockerfile.platforms import split_platform
from initlint.text import Edit, encode


def replaced(subject: Subject, problem: StartProblem) -> Part | NoCure:
    """An init that can't run in the image, by the release file that can."""
    init = init_of(problem.path.rsplit("/", 1)[-1])
    node = problem.node
    stages = subject.dockerfile.stages
    found = downloads(node, init, stages) if isinstance(node, Present) else ()
    if len(found) != 1:
        return _static_beside(subject, problem)
    download = found[0]
    if is_verified(download, stages):
        return NoCure(f"{download.file.name} is compared with a checksum, which another file doesn't have")
    container = subject.container
    architecture = split_platform(container.platform)[1] if container.platform else None
    if architecture == download.file.architecture:
        architecture = None
    static = download.file.linking == "glibc" and not architecture
    name = named_for(download.file, architecture=architecture, static=static)
    if name is None or name == download.file.name:
        return NoCure(f"which file of {init}'s releases this image needs isn't known")
    edit = _renamed(download, name)
    if edit is None:
        return NoCure("the file's name isn't written out in the address")
    return Part(("path",), (edit,), f"download {name}, which this image can run")


def _static_beside(subject: Subject, problem: StartProblem) -> Part | NoCure:
    """The static init that the package holds beside the linked one, copied from the same stage."""
    stages = subject.dockerfile.stages
    origin = bringing(problem.node, stages)
    copied = copied_as(problem.node.path, stages[subject.container.stage_index]) if problem.node is not None else None
    if origin is None or copied is None:
        return NoCure(f"where a {problem.path.rsplit('/', 1)[-1]} that the image can run comes from isn't known")
    copy, source = copied
    family, name = family_of(stages, origin[1]), (source.path or "").rpartition("/")[2]
    static = STATIC_BESIDE.get((family, name))
    instruction = copy.instruction
    at = instruction.value.find(source.text)
    if static is None or copy.into or source.path != source.text or at < 0:
        return NoCure(
            f"that {family.capitalize() or 'another image'} has a static {name} isn't known: take the package"
        )
    edit = Edit(instruction.span_of(at, at + len(source.text)), encode(static))
    return Part(("path",), (edit,), f"copy {static}, which needs no libc")


def _renamed(download: Download, name: str) -> Edit | None:
    """The name at the end of the address, where it stands there word for word."""
    instruction = download.step.instruction
    start, end = download.at
    old = download.file.name
    if not instruction.value[start:end].endswith("/" + old):
        return None
    span = instruction.span_of(end - len(old), end)
    return Edit(span, encode(name)) if span.text == old else None


def verified(subject: Subject) -> Part | NoCure:
    """`ADD --checksum` before the address of a release file whose checksum is known."""
    stages = subject.dockerfile.stages
    for link in subject.likely.chain:
        found = downloads(link.node, init_of(link.program), stages) if link.kind == "init" else ()
        for download in found:
            if is_verified(download, stages):
                continue
            instruction = download.step.instruction
            known = _checksum(download)
            if known is None:
                return NoCure(
                    f"the checksum of {download.address.rsplit('/', 2)[-2]}'s {download.file.name} isn't known"
                )
            if instruction.keyword != "ADD":
                return NoCure("a command downloads it: ADD --checksum, or a check by sha256sum, is for people to write")
            if not adds_with_checksum(subject.dockerfile.parsed.syntax):
                return NoCure("ADD --checksum needs a line `# syntax=docker/dockerfile:1`, which the file lacks")
            at = instruction.value_span.start
            edit = Edit(instruction.span.source.span(at, at), encode(f"--checksum=sha256:{known} "))
            return Part(("checksum",), (edit,), f"compare {download.file.name} with its checksum")
    return NoCure("no init is downloaded unverified")


def _checksum(download: Download) -> str | None:
    """A release's file is the last word of its address, and its version the one before."""
    version = download.address.split("/")[-2]
    return checksum(download.project, version, download.file.name)
