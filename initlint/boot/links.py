"""Start commands that are links which the image's own instructions make: their targets decide, not their names."""

from __future__ import annotations

import posixpath

from initlint.boot.model import Environment
from initlint.facts import programs as program_table
from initlint.rootfs import Present, RootFilesystem, paths

# One file with many names: the name is what decides.
_MANY_NAMES = frozenset(["busybox", "busybox.static", "toybox", "coreutils", "uutils", "systemctl"])
# What the `#!` line of a script names by all odds, where its file can't be read.
_INTERPRETERS = {
    ".js": "node", ".mjs": "node", ".cjs": "node", ".py": "python3", ".rb": "ruby", ".pl": "perl", ".php": "php",
}  # fmt: skip


def target_of(word: str, environment: Environment, rootfs: RootFilesystem) -> str | None:
    """Where the link that `word` starts leads in the end, where another program's name stands there.

    None for what is no link, a base image's own link, and one that only leads to the same program under a
    name with a version or in another folder.
    """
    link = _link(word, environment, rootfs)
    if link is None or link.origin.kind == "base":
        return None
    path = link.path
    for _ in range(paths.MAX_LINKS):
        node = rootfs.stat(path)
        if not isinstance(node, Present) or node.kind != "symlink" or node.target is None:
            break
        path = paths.join(posixpath.dirname(path), node.target)
    here, there = posixpath.basename(link.path), posixpath.basename(path)
    if here == there or there in _MANY_NAMES:
        return None
    stem = posixpath.splitext(there)[0]
    if stem == here or program_table.canonical([here]) == program_table.canonical([there]):
        return None
    return path


def interpreter_of(path: str) -> str | None:
    """The interpreter that a file which can't be read wants, by the ending of its name."""
    return _INTERPRETERS.get(posixpath.splitext(path)[1])


def _link(word: str, environment: Environment, rootfs: RootFilesystem) -> Present | None:
    if "/" in word:
        folders: list[str] = [environment.cwd or ""] if not word.startswith("/") else ["/"]
    else:
        folders = (environment.path or paths.DEFAULT_PATH).split(":")
    for folder in folders:
        if folder.startswith("/"):
            node = rootfs.stat(paths.join(folder, word))
            if isinstance(node, Present):
                return node if node.kind == "symlink" else None
    return None
