"""How long a program runs, where its source in the image tells: read, never run."""

from __future__ import annotations

import posixpath
from collections.abc import Callable

from initlint.boot import interpreters
from initlint.boot.model import Argv, Environment, is_known
from initlint.boot.shebang import ELF, read_shebang
from initlint.rootfs import Present, RootFilesystem, paths
from initlint.text import Source, encode

_MAX_BYTES = 200_000


def lasts_by_source(argv: Argv, environment: Environment, rootfs: RootFilesystem) -> bool | None:
    """True where the program is seen to keep running, False where it is seen to end; None where neither is known."""
    if not argv or not is_known(argv[0]):
        return None
    name = posixpath.basename(argv[0])
    if interpreters.language_of(name) is None:
        found = _read(argv[0], environment, rootfs) if "/" in argv[0] else _on_path(argv[0], environment, rootfs)
        shebang = None if found is None or found.data.startswith(ELF) else read_shebang(found.data)
        if found is None or shebang is None:
            return None
        words = f"{shebang.interpreter} {shebang.argument or ''}".split()
        if posixpath.basename(words[0]) == "env" if words else False:
            words = [word for word in words[1:] if not word.startswith("-")]
        language = interpreters.language_of(posixpath.basename(words[0])) if len(words) == 1 else None
        return None if language is None else _judge(found.data, language, argv[1:], environment, None)
    invocation = interpreters.invocation(name, argv)
    if invocation is None or invocation.unknown or invocation.other:
        return None
    if invocation.code is not None:
        data, folder = encode(invocation.code), ""
        if invocation.language != "python" and invocation.options not in (("-e",), ("-r",)):
            return None
    else:
        found = None if invocation.script is None else _read(invocation.script, environment, rootfs)
        if found is None:
            return None
        data, folder = found.data, posixpath.dirname(invocation.script or "")

    def is_own(module: str) -> bool:
        if environment.cwd is None:
            return True
        nodes = [
            paths.resolve(rootfs, paths.join(environment.cwd or "/", posixpath.join(folder, module + suffix)))
            for suffix in (".py", "")
        ]
        return any(isinstance(node, Present) for node in nodes)

    return _judge(data, invocation.language, invocation.arguments, environment, is_own)


def _read(path: str, environment: Environment, rootfs: RootFilesystem) -> Source | None:
    if not path.startswith("/"):
        if environment.cwd is None:
            return None
        path = paths.join(environment.cwd, path)
    node = paths.resolve(rootfs, path)
    if not isinstance(node, Present) or node.kind != "file":
        return None
    content = rootfs.read(node.path)
    return content if isinstance(content, Source) and len(content.data) <= _MAX_BYTES else None


def _on_path(name: str, environment: Environment, rootfs: RootFilesystem) -> Source | None:
    node = paths.which(rootfs, name, environment.variables.get("PATH"), environment.cwd)
    return _read(node.path, environment, rootfs) if isinstance(node, Present) else None


def _judge(
    data: bytes, language: str, arguments: Argv, environment: Environment, is_own: Callable[[str], bool] | None
) -> bool | None:
    if language != "python":
        from initlint.boot import script_lasts

        return script_lasts.lasts(data, language) or None
    from initlint.boot import python_lasts

    if python_lasts.lasts(data):
        return True
    from initlint.boot.python_ends import ending

    tree = python_lasts.tree_of(data)
    end = None if tree is None else ending(tree, arguments, environment, is_own or (lambda name: False))
    return False if end is not None and not end.wanted else None
