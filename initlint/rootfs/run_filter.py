"""Which RUN lines are worth parsing for a path: a check of plain words, before any shell parser is loaded."""

from __future__ import annotations

from initlint.targets.dockerfile.syntax import Instruction

# Commands that change files which they needn't name in full.
_STRONG = frozenset("chmod mv cp ln sed dos2unix fromdos perl find xargs rsync patch tee".split())


class RunWords:
    """What a RUN line says, whatever the path is that is asked for."""

    __slots__ = ("_always", "_everywhere", "_text", "_writes")

    def __init__(self, instruction: Instruction) -> None:
        text = self._text = instruction.value
        words = set(text.replace(";", " ").replace("(", " ").replace('"', " ").split())
        self._always = (
            bool(instruction.heredocs)
            or not _STRONG.isdisjoint(words)
            or "> $" in text
            or ">$" in text
            or '> "$' in text
            or "clone" in words
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
        # a folder of it is named, or a wildcard in the current one
        return self._writes and (self._everywhere or any(len(part) > 1 and part in text for part in parts[1:-1]))


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
