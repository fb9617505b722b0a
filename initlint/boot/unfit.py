"""Compiled programs that the container can't run: of another architecture, cut short, or for another libc."""

from __future__ import annotations

import re
from collections.abc import Sequence

from initlint.boot.elf import Elf
from initlint.rootfs import BinaryFiles, RootFilesystem, Unknown, paths
from initlint.targets.container import Container
from initlint.targets.dockerfile.platforms import split_platform
from initlint.targets.dockerfile.syntax import Stage

# What a kernel for the first runs as well.
_ALSO = {"amd64": ("386",), "arm64": ("arm",), "ppc64le": ("ppc64",)}
_ARCHITECTURES = frozenset(["amd64", "arm64", "s390x", "riscv64", "386", "arm"])
# Images on Alpine that bring no loader of glibc's.
_MUSL_ONLY = frozenset(["alpine", "nginx", "node", "php", "python", "ruby"])
_BRINGS_GLIBC = re.compile(r"glibc|gcompat|libc6|ld-linux|/lib64|/lib\b|COPY\s+\S+\s+/$")


def why_unfit(
    name: str, elf: Elf, path: str, container: Container, rootfs: RootFilesystem, stages: Sequence[Stage]
) -> str:
    """Why the kernel can't start a program; empty where nothing speaks against it."""
    architecture = split_platform(container.platform)[1] if container.platform else ""
    foreign = elf.machine in _ARCHITECTURES and elf.machine not in (architecture, *_ALSO.get(architecture, ()))
    if architecture in _ARCHITECTURES and foreign:
        return f"{name} is built for {elf.machine}, the image for {architecture}: exec format error"
    if elf.loaded and isinstance(rootfs, BinaryFiles) and rootfs.read_bytes(path, 4) is not None:
        last = rootfs.read_bytes(path, 1, elf.loaded - 1)
        if last == b"":
            return f"{name} is cut short: its headers tell of more bytes than there are"
    match = container.base.match
    if (
        elf.libc == "glibc"
        and container.base.os_family == "alpine"
        and match is not None
        and match.fact.image in _MUSL_ONLY
        and stages
        and isinstance(paths.resolve(rootfs, elf.interpreter), Unknown)
    ):
        steps = [step.instruction for step in stages[container.stage_index].steps]
        if not any(_BRINGS_GLIBC.search(f"{step.keyword} {step.value}") for step in steps):
            return f"{name} is built for glibc and wants {elf.interpreter}, which Alpine doesn't have"
    return ""
