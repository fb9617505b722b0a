"""How wrappers' arguments are read: options up to the command, and what was found."""

from __future__ import annotations

from collections.abc import Sequence

from initlint.boot.model import Argv, is_known
from initlint.records import NamedTuple


class Unwrapped(NamedTuple):
    """What a wrapper was told to start.

    `key` names the wrapper as the facts know it ("poetry run", "gosu"). `argv` is the wrapped
    command, empty where the wrapper starts a shell or nothing; `text` is set instead where the
    command is a line for a shell (`su -c`, npm scripts), with `shell` the shell it names.
    `script` is the name of a package.json script that decides. `problem` says why the command
    can't be told. `options` are the wrapper's own, so that facts can tell variants apart.
    `at` is where `argv` starts in the wrapper's argv. `doubt`: why it may start something else.
    `given`: what the shell of `text` gets as $0, $1 and so on.
    """

    key: str
    argv: Argv = ()
    at: int = 0
    options: tuple[str, ...] = ()
    text: str | None = None
    shell: str = "/bin/sh"
    script: str | None = None
    user: str | None = None
    cwd: str | None = None
    assignments: tuple[tuple[str, str | None], ...] = ()
    removed: tuple[str, ...] = ()
    clears: bool = False
    problem: str = ""
    doubt: str = ""
    given: Argv = ()


def words_of(text: str) -> frozenset[str]:
    return frozenset(text.split())


def read_options(argv: Sequence[str], start: int, valued: frozenset[str]) -> tuple[int, tuple[str, ...], str]:
    """Skip options from `start`: the index of the first other word, the options, and a problem."""
    options: list[str] = []
    index = start
    while index < len(argv):
        word = argv[index]
        if not is_known(word):
            # A word of unknown text may be an option or the command itself.
            return index, tuple(options), f"{word} isn't known"
        if word == "--":
            return index + 1, tuple(options), ""
        if len(word) < 2 or word[0] not in "-+" or (word[0] == "+"):
            return index, tuple(options), ""
        options.append(word)
        index += 1
        if word in valued or _takes_next(word, valued):
            if index < len(argv):
                options.append(argv[index])
            index += 1
    return index, tuple(options), ""


def _takes_next(word: str, valued: frozenset[str]) -> bool:
    """`-gv` is two flags; `-p9` a flag with its value: only the last letter may take the next word."""
    if word[1] == "-" or len(word) <= 2 or f"-{word[-1]}" not in valued:
        return False
    return all(f"-{letter}" not in valued for letter in word[1:-1])


def option_value(options: Sequence[str], name: str) -> str | None:
    for at, word in enumerate(options):
        if word == name and at + 1 < len(options):
            return options[at + 1]
        if name.startswith("--") and word.startswith(name + "="):
            return word[len(name) + 1 :]
        if not name.startswith("--") and len(word) > 2 and word.startswith(name):
            return word[2:]
    return None
