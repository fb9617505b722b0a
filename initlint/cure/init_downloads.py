"""The address that an init is downloaded from, put right: the file that the image can run."""

from __future__ import annotations

from initlint.boot.init_files import Download, downloads, is_verified
from initlint.boot.model import StartProblem
from initlint.boot.wrappers import init_of
from initlint.cure.model import NoCure, Part
from initlint.facts.init_releases import named_for
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
        return NoCure(f"{problem.path} isn't brought by an address that names it: {problem.why}")
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


def _renamed(download: Download, name: str) -> Edit | None:
    """The name at the end of the address, where it stands there word for word."""
    instruction = download.step.instruction
    start, end = download.at
    old = download.file.name
    if not instruction.value[start:end].endswith("/" + old):
        return None
    span = instruction.span_of(end - len(old), end)
    return Edit(span, encode(name)) if span.text == old else None
