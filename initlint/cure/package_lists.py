"""A package added to an install command that the file has already: in its place, where the list is sorted."""

from __future__ import annotations

import re

from initlint.records import NamedTuple
from initlint.targets.dockerfile.syntax import Instruction
from initlint.text import Edit, Span, encode

_INSTALL = {
    "apt": re.compile(r"\b(?:apt|apt-get)\s+(?:-\S+\s+)*install\s"),
    "apk": re.compile(r"\bapk\s+(?:-\S+\s+)*add\s"),
    "dnf": re.compile(r"\bdnf\s+(?:-\S+\s+)*install\s"),
    "microdnf": re.compile(r"\bmicrodnf\s+(?:-\S+\s+)*install\s"),
    "zypper": re.compile(r"\bzypper\s+(?:-\S+\s+)*in(?:stall)?\s"),
    "pacman": re.compile(r"\bpacman\s+(?:-\S+\s+)*-Sy?u?\s"),
}
# Options whose effect isn't only that of the one install, or that take the next word.
_SPECIAL = re.compile(
    r"-t$|--target-release|--virtual|^\.|-X$|--repository|--root|-p$|--allow-untrusted|--initdb|--download"
    r"|^-[a-su-z]*[dsco]$|--simulate|--dry-run|--reinstall|--only-upgrade|-o$|--option|--enablerepo|--installroot"
)
_WORD = re.compile(r"(?:[\w.+:=~@/<>!*,-]|\$\{\w+\}|\$\w+|\"[^\"`$\\]*\"|'[^']*')+")
_CONTROL = re.compile(
    r"(?:^|[\s;&|(])(?:if|then|else|elif|for|while|until|case|do|set\s+\+e|function|sudo)\b|\|\||[(){]|`"
)
_NAME = re.compile(r"[a-z0-9][a-z0-9.+-]*")


class _Word(NamedTuple):
    text: str
    start: int
    end: int


def added(instruction: Instruction, tool: str, package: str) -> Edit | None:
    """The edit that lets a RUN install one package more; None where it isn't plainly possible."""
    packages = _listed(instruction, tool)
    return _insertion(instruction, packages, package) if packages else None


def installs(instruction: Instruction, tool: str, package: str) -> bool:
    """Whether a RUN plainly installs a package."""
    if instruction.keyword != "RUN":
        return False
    return any(_bare(word.text) == package for word in _listed(instruction, tool))


def _listed(instruction: Instruction, tool: str) -> list[_Word]:
    """The packages of a RUN's one install command; none where it is more than a plain list."""
    pattern = _INSTALL.get(tool)
    text = instruction.value
    if pattern is None or instruction.heredocs or instruction.json is not None:
        return []
    matches = list(pattern.finditer(text))
    if len(matches) != 1 or _CONTROL.search(text[: matches[0].end()]):
        return []
    words = _words(text, matches[0].end())
    if words is None or any(_SPECIAL.search(word.text) for word in words):
        return []
    # a file of the stage's own (`./x.deb`) is no list, nor is what a variable holds
    packages = [word for word in words if _NAME.fullmatch(_bare(word.text))]
    options = [word for word in words if word.text.startswith("-")]
    return packages if len(packages) + len(options) == len(words) else []


def _bare(word: str) -> str:
    return re.split(r"[=<>~@]", word, maxsplit=1)[0]


def _words(text: str, at: int) -> list[_Word] | None:
    """The plain words of a command up to its end; None where something else stands among them."""
    found: list[_Word] = []
    while True:
        while at < len(text) and text[at] in " \t":
            at += 1
        if at >= len(text) or text.startswith(("&&", ";"), at):
            return found
        match = _WORD.match(text, at)
        if match is None or (match.end() < len(text) and text[match.end()] not in " \t;&"):
            return None
        found.append(_Word(match[0], at, match.end()))
        at = match.end()


def _insertion(instruction: Instruction, packages: list[_Word], package: str) -> Edit:
    names = [_bare(word.text) for word in packages]
    source = instruction.span.source
    after = len(packages) - 1
    if len(names) > 1 and names == sorted(names):
        after = sum(name < package for name in names) - 1
    if after < 0:
        first = instruction.offset_of(packages[0].start)
        between = _between(instruction, packages[0], packages[1])
        return Edit(Span(source, first, first), encode(package) + between)
    word = packages[after]
    end = _end_of(instruction, word)
    if len(packages) == 1:
        between = b" "
    elif after + 1 < len(packages):
        between = _between(instruction, word, packages[after + 1])
    else:
        between = _between(instruction, packages[after - 1], word)
    return Edit(Span(source, end, end), between + encode(package))


def _end_of(instruction: Instruction, word: _Word) -> int:
    return instruction.offset_of(word.end - 1) + len(encode(instruction.value[word.end - 1]))


def _between(instruction: Instruction, one: _Word, other: _Word) -> bytes:
    """What parts two words in the file: a blank, or a continuation with its indentation.

    Comments that stand in between belong to their words and aren't taken along.
    """
    data = instruction.span.source.data[_end_of(instruction, one) : instruction.offset_of(other.start)]
    if b"\n" not in data:
        return b" "
    lines = data.split(b"\n")
    return lines[0] + b"\n" + lines[-1]
