"""Which RUN lines are worth parsing for a path: a check of plain words, before any shell parser is loaded."""

from __future__ import annotations

import re

from initlint.targets.dockerfile.syntax import Instruction

# Commands that change files in a folder that they name, or that a wildcard or a variable stands for.
_LOOSE = frozenset("chmod mv cp ln sed dos2unix fromdos tee".split())
# Commands that come by the names of files elsewhere.
_FREE = frozenset("perl find xargs rsync patch".split())

_COMMAND_END = re.compile(r"&&|\|\||[;|\n(]")
_OPEN = frozenset("*?[$`~{")
_FOLDERS = frozenset(("/", ".", "./", "..", "../"))


class RunWords:
    """What a RUN line says, whatever the path is that is asked for."""

    __slots__ = ("_always", "_everywhere", "_loose", "_text", "_writes")

    def __init__(self, instruction: Instruction) -> None:
        text = self._text = instruction.value
        words = _words(text)
        self._loose = not _LOOSE.isdisjoint(words)
        self._always = (
            bool(instruction.heredocs)
            or not _FREE.isdisjoint(words)
            or "> $" in text
            or ">$" in text
            or '> "$' in text
            or "clone" in words
            or (self._loose and any(_reaches_far(command) for command in _COMMAND_END.split(text)))
        )
        self._writes = "rm" in words or ">" in text
        self._everywhere = "*" in words or "./*" in words

    def concern(self, path: str) -> bool:
        """Whether it names the path, or changes files that it names by wildcards, folders or variables."""
        if self._always:
            return True
        text = self._text
        parts = path.split("/")
        if parts[-1] and parts[-1] in text:
            return True
        if self._writes and self._everywhere:  # a wildcard in the current folder
            return True
        return (self._writes or self._loose) and any(
            part in text if len(part) > 1 else f"/{part}" in text or f" {part}" in text for part in parts[1:-1]
        )


def _words(text: str) -> set[str]:
    return set(text.replace(";", " ").replace("(", " ").replace('"', " ").split())


def _reaches_far(command: str) -> bool:
    """Whether a command may change files of which it names no folder."""
    words = _words(command)
    return not _LOOSE.isdisjoint(words) and not (_OPEN.isdisjoint(command) and _FOLDERS.isdisjoint(words))


# After one of these comes a command.
_STARTS = frozenset(
    ("&&", "||", "|", ";", "then", "do", "else", "!", "{", "(", "sh", "bash", "exec", "sudo", "-e", "-ex", "-x")
)


def run_runs_scripts(instruction: Instruction) -> bool:
    """Whether a RUN starts a program by its path, as scripts are: those may change any mode."""
    if instruction.heredocs:
        return True
    text = instruction.value
    for separator in ("&&", "||", ";", "("):
        text = text.replace(separator, f" {separator} ")
    before = "&&"
    for word in text.split():
        if before in _STARTS and "/" in word and "=" not in word:
            return True
        before = word
    return False
