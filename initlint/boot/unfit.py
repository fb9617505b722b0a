"""Compiled programs that the container can't run: of another architecture, cut short, or for another libc."""

from __future__ import annotations

import re
from collections.abc import Sequence

from initlint.boot.elf import Elf
from initlint.rootfs import Absent, BinaryFiles, RootFilesystem, Unknown, paths
from initlint.rootfs.symbolic import chain_of
from initlint.targets.container import Container
from initlint.targets.dockerfile.platforms import split_platform
from initlint.targets.dockerfile.syntax import Stage

# What a kernel for the first runs as well.
_ALSO = {"amd64": ("386",), "arm64": ("arm",), "ppc64le": ("ppc64",)}
_ARCHITECTURES = frozenset(["amd64", "arm64", "s390x", "riscv64", "386", "arm"])
# Images on Alpine that bring no loader of glibc's.
_MUSL_ONLY = frozenset(["alpine", "nginx", "node", "php", "python", "ruby"])
_BRINGS_MUSL = re.compile(r"musl|/lib\b|COPY\s+\S+\s+/$")
_BRINGS_GLIBC = re.compile(r"glibc|gcompat|libc6|ld-linux|/lib64|/lib\b|COPY\s+\S+\s+/$")


def why_unfit(
    name: str, elf: Elf, path: str, container: Container, rootfs: RootFilesystem, stages: Sequence[Stage]
) -> str:
    """Why the kernel can't start a program; empty where nothing speaks against it."""
    if not runs_on(elf.machine, container):
        architecture = split_platform(container.platform or "")[1]
        return f"{name} is built for {elf.machine}, the image for {architecture}: exec format error"
    if elf.loaded and isinstance(rootfs, BinaryFiles) and rootfs.read_bytes(path, 4) is not None:
        last = rootfs.read_bytes(path, 1, elf.loaded - 1)
        if last == b"":
            return f"{name} is cut short: its headers tell of more bytes than there are"
    unseen = isinstance(paths.resolve(rootfs, elf.interpreter), Unknown) if elf.libc == "glibc" else False
    if unseen and lacks_loader("glibc", (elf.interpreter,), container, rootfs, stages):
        return f"{name} is built for glibc and wants {elf.interpreter}, which Alpine doesn't have"
    return ""


def runs_on(machine: str, container: Container) -> bool:
    """Whether a program for an architecture can run in a container: False only where its platform is named."""
    architecture = split_platform(container.platform)[1] if container.platform else ""
    if architecture not in _ARCHITECTURES or machine not in _ARCHITECTURES:
        return True
    return machine in (architecture, *_ALSO.get(architecture, ()))


def lacks_loader(
    linking: str,
    loaders: Sequence[str],
    container: Container,
    rootfs: RootFilesystem,
    stages: Sequence[Stage],
) -> str:
    """The loader that a program linked to a libc wants, where the image certainly hasn't one; else ""."""
    match = container.base.match
    nodes = [paths.resolve(rootfs, loader) for loader in loaders]
    if nodes and all(isinstance(node, Absent) for node in nodes):
        return loaders[0]
    if not nodes or match is None or not stages or not all(isinstance(node, Absent | Unknown) for node in nodes):
        return ""
    family = container.base.os_family
    if linking == "glibc":
        foreign = family == "alpine" and match.fact.image in _MUSL_ONLY
    else:
        foreign = family in ("debian", "ubuntu")
    if not foreign:
        return ""
    brings = _BRINGS_GLIBC if linking == "glibc" else _BRINGS_MUSL
    steps = [step.instruction for stage in chain_of(stages, container.stage_index) for step in stage.steps]
    if any(brings.search(f"{step.keyword} {step.value}") for step in steps):
        return ""
    return loaders[0]
