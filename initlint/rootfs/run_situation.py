"""Where a command of a RUN line runs, and its arguments taken apart."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from initlint.records import NamedTuple
from initlint.rootfs import Origin
from initlint.rootfs.effects import MayCreate, Where, where
from initlint.rootfs.shell_words import Word
from initlint.text import Span


class Situation(NamedTuple):
    """Where a command runs: its folder, what to call it, whether it certainly runs."""

    cwd: str | None
    origin: Origin
    certain: bool
    canonical: Callable[[str], str] = str

    @property
    def span(self) -> Span | None:
        return self.origin.span

    def place(self, word: Word) -> Where:
        found = where(word.pattern, self.cwd, plain=word.plain)
        path = None if found.path is None else self.canonical(found.path)
        return found if path == found.path else found._replace(path=path)

    def below(self, word: Word | None) -> str:
        """The folder that a word names, as far as it is known, for things that may appear there."""
        if word is None:
            return self.cwd or "/"
        found = self.place(word)
        return found.path if found.path is not None else found.folder

    def may_create(self, folder: str, why: str) -> MayCreate:
        return MayCreate(folder, why, self.origin)


class Arguments(NamedTuple):
    flags: frozenset[str]  # single letters of short options, whole long ones
    values: dict[str, Word]  # options with an argument
    words: tuple[Word, ...]


def split_arguments(words: Sequence[Word], taking: str = "", long: frozenset[str] = frozenset()) -> Arguments:
    """getopt, roughly: `taking` are the short options with an argument, `long` the long ones."""
    flags: set[str] = set()
    values: dict[str, Word] = {}
    rest: list[Word] = []
    at = 0
    while at < len(words):
        word = words[at]
        text = word.text
        at += 1
        if text == "--":
            rest.extend(words[at:])
            break
        if text.startswith("--"):
            name, equals, value = text.partition("=")
            if equals:
                values[name] = Word(value, value, word.plain)
            elif name in long and at < len(words):
                values[name] = words[at]
                at += 1
            flags.add(name)
        elif text.startswith("-") and len(text) > 1:
            for index, letter in enumerate(text[1:], 1):
                flags.add(letter)
                if letter in taking:
                    inline = text[index + 1 :]
                    if inline:
                        values[letter] = Word(inline, inline, word.plain)
                    elif at < len(words):
                        values[letter] = words[at]
                        at += 1
                    break
        else:
            rest.append(word)
    return Arguments(frozenset(flags), values, tuple(rest))
