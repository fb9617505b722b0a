"""Recognises pyinit, our own init, in what an interpreter is told to run."""

from __future__ import annotations

import posixpath
from pathlib import Path

from initlint.boot import interpreters
from initlint.boot.model import Argv, Environment
from initlint.records import NamedTuple
from initlint.rootfs import Present, RootFilesystem, Unknown, paths
from initlint.text import Source

MARK = b"(initlint.pyinit)"  # stands in the first line of its docstring, whatever its file is called
_HEAD = 200
_OWN = Path(__file__).parents[1] / "pyinit.py"


class OwnInit(NamedTuple):
    """`arguments`: those of pyinit. `doubt`: why it may be something else, or an altered one."""

    arguments: Argv
    doubt: str = ""


def is_own_text(source: Source) -> bool:
    """Whether a file says of itself that it is pyinit."""
    return MARK in source.data[:_HEAD]


def own_init(name: str, argv: Argv, environment: Environment, rootfs: RootFilesystem) -> OwnInit | None:
    """The pyinit that the interpreter `name` is told to run: by its text, or by its name where that can't be seen."""
    invocation = interpreters.invocation(name, argv)
    if invocation is None or invocation.language != "python" or invocation.unknown:
        return None
    if invocation.module == "initlint.pyinit":
        return OwnInit(invocation.arguments)
    if invocation.script is None or (environment.cwd is None and not invocation.script.startswith("/")):
        return None
    node = paths.resolve(rootfs, paths.join(environment.cwd or "/", invocation.script))
    content = rootfs.read(node.path) if isinstance(node, Present) and node.kind == "file" else node
    if isinstance(content, Source):
        if not is_own_text(content):
            return None
        same = content.data == _OWN.read_bytes()
        return OwnInit(invocation.arguments, "" if same else f"{content.name} is a pyinit other than this version's")
    if isinstance(content, Unknown) and posixpath.basename(invocation.script) == "pyinit.py":
        return OwnInit(invocation.arguments, f"{invocation.script} can't be read: its name was taken")
    return None
