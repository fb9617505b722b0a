"""Paths inside a container: joining, following symlinks, and the PATH look-up.

Everything here works on any `RootFilesystem`; a path never leaves the container's root:
`..` of `/` is `/`, and a symlink's absolute target starts at the container's root.
"""

from __future__ import annotations

import posixpath

from initlint.rootfs import Absent, Node, Present, RootFilesystem, Unknown

MAX_LINKS = 40  # what Linux follows before ELOOP

DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def normalise(path: str) -> str:
    """An absolute path without `.`, `..`, doubled or closing slashes."""
    if path[:1] == "/" and "//" not in path and "/." not in path and path[-1] != "/":
        return path  # most are as they should be
    return "/" + posixpath.normpath("/" + path).lstrip("/")


def join(folder: str, path: str) -> str:
    """`path` as a process in `folder` sees it, normalised."""
    return normalise(path if path.startswith("/") else f"{folder}/{path}")


def parents(path: str) -> list[str]:
    """The folders above a normalised path, the nearest first, `/` included."""
    found = []
    while path != "/":
        path = path.rpartition("/")[0] or "/"
        found.append(path)
    return found


def resolve(fs: RootFilesystem, path: str) -> Node:
    """The node that opening `path` reaches: symlinks are followed in every component.

    Components that aren't known are taken for plain folders, so that a file that was copied to
    an unknown folder is still found. A loop, and a link whose target is absent, is Absent.
    """
    pending = [part for part in normalise(path).split("/") if part]
    pending.reverse()
    here = ""
    links = 0
    node: Node | None = None
    last_link: Present | None = None
    while pending:
        part = pending.pop()
        if part in ("", "."):
            continue
        if part == "..":
            here = here.rpartition("/")[0]
            node = None
            continue
        here = f"{here}/{part}"
        node = fs.stat(here)
        if isinstance(node, Present) and node.kind == "symlink":
            links += 1
            if links > MAX_LINKS:
                return Absent(normalise(path), "too many levels of symbolic links", node.origin)
            if node.target is None:
                return Unknown(here, "a symlink whose target is unknown", node.origin)
            last_link = node
            if node.target.startswith("/"):
                here = ""
            else:
                here = here.rpartition("/")[0]
            pending.extend(reversed(node.target.split("/")))
            node = None
    if node is None:
        node = fs.stat(here or "/")
    if isinstance(node, Absent) and last_link is not None:
        return node._replace(why=f"{last_link.path} is a link to {last_link.target}, and {node.why}")
    return node


def which(fs: RootFilesystem, name: str, search_path: str | None, cwd: str | None) -> Node:
    """The program that `execvp` would start for `name`.

    A name with a slash is taken as it is, relative to `cwd`. Otherwise the first folder of
    PATH where it is Present wins, also behind folders where it is Unknown: nobody shadows a
    program that they copy to /usr/local/bin by one of the same name in /usr/local/sbin, and an
    answer is worth more than that doubt. A folder and a file that is certainly not executable
    are passed over while another candidate is left, as execvp does. Absent only when every folder says so.
    """
    if "/" in name:
        if name.startswith("/"):
            return resolve(fs, name)
        if cwd is None:
            return Unknown(name, "the working directory is unknown")
        return resolve(fs, join(cwd, name))
    if not name:
        return Absent("", "an empty program name")
    if search_path is None:
        search_path = DEFAULT_PATH
        incomplete = True
    else:
        incomplete = False
    if name.endswith(".wasm"):
        return Unknown(name, "a WebAssembly module is found by its own runtime")
    unknown: Unknown | None = None
    refused: Present | None = None
    near: list[str] = []
    for folder in search_path.split(":"):
        if not folder or not folder.startswith("/"):
            if cwd is None:
                unknown = unknown or Unknown(name, "the working directory is unknown")
                continue
            folder = join(cwd, folder or ".")
        node = resolve(fs, join(folder, name))
        if isinstance(node, Present):
            if node.kind != "directory" and (node.mode is None or node.mode & 0o111):
                return node
            refused = refused or node
        elif isinstance(node, Unknown):
            unknown = unknown or node
        else:
            near.extend(path for path in node.near if path not in near)
    if refused is not None and refused.kind != "directory":
        return refused
    if unknown is not None:
        return Unknown(name, unknown.why, unknown.origin)
    if incomplete:
        return Unknown(name, "the PATH of the base image is unknown")
    return Absent(name, "no folder of PATH holds it", None, tuple(near))


def found_as(fs: RootFilesystem, name: str, search_path: str | None, node: Present) -> str:
    """The path by which `which` came to `node`, links in it not followed: what a script gets as `$0`."""
    if "/" in name:
        return name
    for folder in (search_path or DEFAULT_PATH).split(":"):
        path = join(folder, name) if folder.startswith("/") else ""
        found = resolve(fs, path) if path else None
        if isinstance(found, Present) and found.path == node.path:
            return path
    return node.path
