"""What launchers of the Node world start: concurrently, npm-run-all, nodemon and pm2-runtime."""

from __future__ import annotations

import posixpath

from initlint.boot.model import Argv, Environment
from initlint.boot.supervisord import Service, Services
from initlint.facts.launchers import Launcher
from initlint.rootfs import Present, RootFilesystem, paths
from initlint.text import Span


def node_services(
    launcher: Launcher, argv: Argv, environment: Environment, rootfs: RootFilesystem, cause: Span | None
) -> Services | None:
    """None where a file decides that isn't read."""
    if launcher.reads == "lines":
        return _concurrently(launcher, argv, cause)
    if launcher.reads == "scripts":
        return _package_scripts(argv, cause)
    if launcher.reads == "watched":
        return _nodemon(launcher, argv, environment, rootfs, cause)
    return _pm2_runtime(launcher, argv, cause)


def _concurrently(launcher: Launcher, argv: Argv, cause: Span | None) -> Services:
    """Each argument is a line for a shell; `npm:NAME` is short for `npm run NAME`."""
    found: list[Service] = []
    index = 1
    while index < len(argv):
        word = argv[index]
        if word.startswith("-"):
            index += 2 if word in launcher.valued else 1
            continue
        runner, colon, script = word.partition(":")
        line = word
        if colon and runner in ("npm", "yarn", "pnpm", "bun") and " " not in runner:
            if "*" in script:
                return Services(tuple(found), f"which scripts {word} stands for isn't known")
            line = f"{runner} run {script}"
        found.append(Service("", (), cause, line=line, group=launcher.group))
        index += 1
    return Services(tuple(found))


def _package_scripts(argv: Argv, cause: Span | None) -> Services:
    """npm-run-all, run-s and run-p: names of scripts, each started with `npm run`."""
    found: list[Service] = []
    for word in argv[1:]:
        if word == "--":
            break
        if word.startswith("-"):
            continue
        name, *rest = word.split()
        if "*" in name:
            return Services(tuple(found), f"which scripts {name} stands for isn't known")
        found.append(Service("", ("npm", "run", name, *(["--", *rest] if rest else [])), cause))
    return Services(tuple(found))


# What nodemon puts in front of a file (lib/config/defaults.js, and ts-node for TypeScript).
_NODEMON_STARTS = {".py": "python", ".rb": "ruby", ".ts": "ts-node"}


def _nodemon(
    launcher: Launcher, argv: Argv, environment: Environment, rootfs: RootFilesystem, cause: Span | None
) -> Services | None:
    """`nodemon [options] [--exec LINE] [FILE] [arguments]`; without FILE the package's main file."""
    line: str | None = None
    before: list[str] = []
    index = 1
    while index < len(argv) and argv[index].startswith("-") and argv[index] != "--":
        word = argv[index]
        if word in ("-x", "--exec") and index + 1 < len(argv):
            line = argv[index + 1]
            index += 1
        elif word.startswith("--exec="):
            line = word[7:]
        elif word in launcher.valued:
            index += 1
        elif word.startswith("--inspect"):
            before.append(word)
        index += 1
    rest = argv[index:]
    if line is not None:
        import shlex

        text = f"{line} {shlex.join(rest)}".strip()
        return Services((Service("", (), cause, line=text, signal=launcher.signal),))
    if environment.cwd is None or isinstance(paths.resolve(rootfs, f"{environment.cwd}/nodemon.json"), Present):
        return None  # it may name another program
    if not rest:
        from initlint.boot.package_json import main_file

        rest = (main_file(rootfs, environment.cwd) or "index.js",)
    starter = _NODEMON_STARTS.get(posixpath.splitext(rest[0])[1], "node")
    words = (starter, *before, *rest)
    if starter == "node" and not before:
        return Services((Service("", words, cause, signal=launcher.signal),))  # it forks
    return Services((Service("", (), cause, line=" ".join(words), signal=launcher.signal),))


def _pm2_runtime(launcher: Launcher, argv: Argv, cause: Span | None) -> Services | None:
    """`pm2-runtime [start] FILE [-- arguments]`. None for an ecosystem file, which isn't read."""
    interpreter = "node"
    operands: list[str] = []
    index = 1
    while index < len(argv) and argv[index] != "--":
        word = argv[index]
        if word == "--interpreter" and index + 1 < len(argv):
            interpreter = argv[index + 1]
            index += 1
        elif word.startswith("--interpreter="):
            interpreter = word.partition("=")[2]
        elif word in launcher.valued:
            index += 1
        elif not word.startswith("-"):
            operands.append(word)
        index += 1
    if operands[:1] == ["start"]:
        operands = operands[1:]
    if not operands or operands[0].endswith((".json", ".yml", ".yaml", ".config.js", ".config.cjs", ".config.mjs")):
        return None
    program = operands[0]
    if program.endswith((".js", ".mjs", ".cjs")) or interpreter != "node":
        words: Argv = (program,) if interpreter == "none" else (interpreter, program)
    elif "." in program or len(operands) > 1:
        return None  # pm2 chooses an interpreter by the ending, or takes a name for a program's
    else:
        words = (program,)
    return Services((Service("", (*words, *argv[index + 1 :]), cause, signal=launcher.signal, group=launcher.group),))
