"""Scripts of package.json: the line behind `npm start` and its like."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from initlint.boot.model import is_known
from initlint.records import NamedTuple
from initlint.rootfs import Absent, Present, RootFilesystem, paths
from initlint.text import Source, Span


class ScriptLine(NamedTuple):
    """`span`: the line's JSON string in the file, None where it can't be found again."""

    line: str
    span: Span | None


_SHELL = re.compile(r"^[ \t]*script-shell[ \t]*=[ \t]*[\"']?([^\s\"']+)", re.M)
_TOLD = re.compile(r"npm\s+(?:config\s+set|set)\s+(?:-g\s+|--global\s+)?script-shell[=\s]+[\"']?([^\s\"';&|]+)")


def script_shell(
    rootfs: RootFilesystem, cwd: str | None, variables: Mapping[str, str | None], ran: Iterable[str]
) -> str:
    """The shell that npm runs a script's line with: of a variable, an .npmrc, or `npm config set` in a RUN.

    The more special goes before the more general one (docs.npmjs.com, npmrc). `ran`: the text of the RUN lines.
    """
    for name in ("npm_config_script_shell", "NPM_CONFIG_SCRIPT_SHELL"):
        value = variables.get(name)
        if value and is_known(value):
            return value
    home = variables.get("HOME") or "/root"
    for folder in (cwd, home if is_known(home) else "/root"):
        node = paths.resolve(rootfs, paths.join(folder, ".npmrc")) if folder is not None else None
        source = rootfs.read(node.path) if isinstance(node, Present) and node.kind == "file" else None
        found = _SHELL.findall(source.text) if isinstance(source, Source) else []
        if found:
            return str(found[-1])
    told = [shell for text in ran for shell in _TOLD.findall(text)]
    return told[-1] if told else "/bin/sh"


def main_file(rootfs: RootFilesystem, folder: str) -> str:
    """What package.json in `folder` calls its main file; empty where it doesn't say."""
    found = _document(rootfs, folder)
    main = found[1].get("main") if not isinstance(found, str) else None
    return main if isinstance(main, str) else ""


def script_line(rootfs: RootFilesystem, cwd: str | None, name: str) -> ScriptLine | str:
    """The line of a script; a short reason where it can't be told."""
    if cwd is None:
        return "the folder of package.json is unknown"
    found = _document(rootfs, cwd)
    if isinstance(found, str):
        return found
    source, document = found
    scripts = document.get("scripts")
    line = scripts.get(name) if isinstance(scripts, dict) else None
    if not isinstance(line, str):
        default = rootfs.stat(paths.join(cwd, "server.js")) if name == "start" else None
        if isinstance(default, Present):
            return ScriptLine("node server.js", None)  # npm's documented default
        if default is not None and not isinstance(default, Absent):
            return f"no script {name!r} in {source.name}, and server.js isn't seen"
        return f"no script {name!r} in {source.name}"
    return ScriptLine(line, _span(source, name, line))


def before_line(rootfs: RootFilesystem, cwd: str | None, name: str) -> str:
    """The line that npm and yarn 1 run before a script (`prestart` for `start`); empty where there's none."""
    found = script_line(rootfs, cwd, f"pre{name}")
    return found.line if isinstance(found, ScriptLine) else ""


def wants_yarn_berry(rootfs: RootFilesystem, cwd: str | None) -> bool:
    """Whether the project says that its yarn is 2 or later, which runs scripts in a shell of its own."""
    if cwd is None:
        return False
    found = _document(rootfs, cwd)
    manager = found[1].get("packageManager") if not isinstance(found, str) else None
    if isinstance(manager, str) and manager.startswith("yarn@"):
        return not manager.startswith(("yarn@0", "yarn@1."))
    return isinstance(paths.resolve(rootfs, paths.join(cwd, ".yarnrc.yml")), Present)


def _span(source: Source, name: str, line: str) -> Span | None:
    """Where the line stands: behind its name first, since another script may have the same line."""
    key, literal = (_json_text(text) for text in (name, line))
    for at in _places(source.data, key):
        rest = source.data[at + len(key) :].lstrip()
        if rest.startswith(b":"):
            rest = rest[1:].lstrip()
            if rest.startswith(literal):
                start = len(source.data) - len(rest)
                return Span(source, start + 1, start + len(literal) - 1)
    return None


def _places(data: bytes, wanted: bytes) -> Iterator[int]:
    at = data.find(wanted)
    while at != -1:
        yield at
        at = data.find(wanted, at + 1)


def _json_text(text: str) -> bytes:
    import json

    return json.dumps(text, ensure_ascii=False).encode("utf-8", "surrogateescape")


def _document(rootfs: RootFilesystem, folder: str) -> tuple[Source, dict[str, object]] | str:
    node = paths.resolve(rootfs, paths.join(folder, "package.json"))
    source = rootfs.read(node.path) if isinstance(node, Present) else None
    if not isinstance(source, Source):
        return f"package.json in {folder} can't be read"
    import json

    try:
        document = json.loads(source.text.removeprefix("\ufeff"))
    except (ValueError, RecursionError):
        return f"{source.name} isn't JSON"
    if not isinstance(document, dict):
        return f"{source.name} isn't a JSON object"
    return source, document
