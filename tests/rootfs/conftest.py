"""A project on disk and the filesystem that its Dockerfile describes."""

from __future__ import annotations

from pathlib import Path

import pytest

from initlint.rootfs.context import BuildContext, UnknownContext, discover
from initlint.rootfs.files import HostFiles
from initlint.rootfs.symbolic import SymbolicRootFilesystem, build
from initlint.targets.dockerfile import load


class Project:
    """A folder with a `.git`, filled by the test."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.add(".git/HEAD", "")

    def add(self, path: str, text: str = "", *, mode: int = 0o644) -> Path:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode())
        file.chmod(mode)
        return file

    def link(self, path: str, target: str) -> None:
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).symlink_to(target)

    def context(
        self, text: str, *, at: str = "Dockerfile", explicit: str | None = None, files: HostFiles | None = None
    ) -> BuildContext | UnknownContext:
        files = files or HostFiles()
        source = files.source(str(self.add(at, text)))
        return discover(source, load(source).stages, files, explicit=explicit)

    def filesystem(
        self, text: str, *, at: str = "Dockerfile", files: HostFiles | None = None, target: str | None = None
    ) -> SymbolicRootFilesystem:
        files = files or HostFiles()
        source = files.source(str(self.add(at, text)))
        dockerfile = load(source, target=target)
        context = discover(source, dockerfile.stages, files)
        return build(dockerfile, dockerfile.containers[-1], context, files)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)
