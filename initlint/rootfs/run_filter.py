"""Which RUN lines are worth parsing for a path: a check of plain words, before any shell parser is loaded."""

from __future__ import annotations

from initlint.targets.dockerfile.syntax import Instruction

# Commands that change files which they needn't name in full.
_STRONG = frozenset("chmod mv cp ln sed dos2unix fromdos perl find xargs rsync patch tee".split())


def run_concerns(instruction: Instruction, path: str) -> bool:
    """Whether a RUN names the path, or changes files that it names by wildcards, folders or variables."""
    text = instruction.value
    if instruction.heredocs:
        return True
    parts = path.split("/")
    if parts[-1] and parts[-1] in text:
        return True
    words = set(text.replace(";", " ").replace("(", " ").replace('"', " ").split())
    if not _STRONG.isdisjoint(words):
        return True
    # a folder of it is named, or a wildcard in the current one
    near = "*" in words or "./*" in words or any(len(part) > 1 and part in text for part in parts[1:-1])
    if near and ("rm" in words or ">" in text):
        return True
    return "> $" in text or ">$" in text or '> "$' in text


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
