"""Java programs aren't read, but for one question: whether a main class is seen to do nothing that lasts."""

from __future__ import annotations

import re
from collections.abc import Sequence

from initlint.boot.model import Argv, Environment, is_known
from initlint.rootfs import Present, RootFilesystem, paths
from initlint.targets.dockerfile.syntax import Stage
from initlint.text import Source

NOT_READ = "its program isn't read: the answer holds as long as that runs"

_VALUED = frozenset(["-cp", "-classpath", "--class-path", "-p", "--module-path", "--add-modules", "--add-opens"])
# `jar cfe APP.jar examples.Main` and `jar --create --file APP.jar --main-class examples.Main`
_MAIN_CLASS = re.compile(
    r"\bjar\s+(?:-?[a-z0]*e[a-z0]*\s+(?:\S+\.jar\s+)?|[^&|;\n]*?(?:--main-class[= ]|-e\s+)\s*)([A-Za-z_][\w.]*)(?=\s|$)"
)
_LASTS = re.compile(r"\b(?:while|for|do|new|Thread|native|synchronized|lambda)\b|->|::")
_WORDS = re.compile(r"\b[A-Z]\w*")
_STRINGS = re.compile(r'"(?:\\.|[^"\\\n])*"|//[^\n]*|/\*.*?\*/', re.DOTALL)
_HARMLESS = frozenset("System String Math Integer Long Double Boolean Object Override Exception".split())


def short_main(argv: Argv, environment: Environment, rootfs: RootFilesystem, stages: Sequence[Stage]) -> str:
    """The source file of the main class where nothing in it could keep it running; "" where it may."""
    name = _main_class(argv, stages)
    if name is None or environment.cwd is None:
        return ""
    node = paths.resolve(rootfs, paths.join(environment.cwd, name.replace(".", "/") + ".java"))
    source = rootfs.read(node.path) if isinstance(node, Present) and node.kind == "file" else None
    if not isinstance(source, Source):
        return ""
    text = _STRINGS.sub("", source.text)
    named = set(_WORDS.findall(text)) - {name.rpartition(".")[2]}
    return "" if _LASTS.search(text) or named - _HARMLESS else source.name


def _main_class(argv: Argv, stages: Sequence[Stage]) -> str | None:
    index = 1
    while index < len(argv) and is_known(argv[index]):
        word = argv[index]
        if word in ("-jar", "-m", "--module"):
            return _of_jar(stages) if word == "-jar" else None
        if not word.startswith(("-", "@")):
            return word if word.replace(".", "").replace("_", "").isalnum() else None
        index += 2 if word in _VALUED else 1
    return None


def _of_jar(stages: Sequence[Stage]) -> str | None:
    """The main class that a RUN line writes into a jar, where only one does."""
    runs = [step.instruction.value for stage in stages for step in stage.steps if step.instruction.keyword == "RUN"]
    found = {match[1] for text in runs if "jar" in text for match in _MAIN_CLASS.finditer(text)}
    return found.pop() if len(found) == 1 else None
