"""Simple commands turned into effects: chmod, ln, cp, mv, rm, mkdir, curl, tar, sed -i and the like."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from initlint.rootfs import run_downloads
from initlint.rootfs.effects import (
    ANYTHING,
    Append,
    Change,
    Create,
    Effect,
    Hit,
    Modify,
    Remove,
    Transfer,
    name_below,
    top_of,
    within,
)
from initlint.rootfs.modes import is_mode
from initlint.rootfs.paths import join
from initlint.rootfs.run_situation import Arguments, Situation, split_arguments
from initlint.rootfs.shell_words import Word

if TYPE_CHECKING:
    from initlint.rootfs.symbolic import View


def _chmod(words: Sequence[Word], at: Situation) -> Iterator[Effect]:
    recursive = False
    mode: str | None = None
    places: list[Word] = []
    for word in words:
        text = word.text
        if mode is None and text.startswith("-") and not is_mode(text):
            recursive = recursive or text == "--recursive" or (not text.startswith("--") and "R" in text)
            if text.startswith("--reference"):
                mode = "?"
        elif mode is None:
            mode = text if word.known else "?"
        elif text in ("-R", "--recursive"):
            recursive = True
        elif text.startswith("-"):
            continue
        else:
            places.append(word)
    for word in places:
        place = at.place(word)
        change = Change(mode=mode or "?", certain=at.certain and place.certain, span=at.span)
        yield Modify(place, change, below=recursive)


def _ln(words: Sequence[Word], at: Situation) -> Iterator[Effect]:
    options = split_arguments(words, "tS", frozenset(("--target-directory", "--suffix")))
    names = list(options.words)
    folder = options.values.get("t") or options.values.get("--target-directory")
    symbolic = "s" in options.flags or "--symbolic" in options.flags
    targets, link = (
        (names, folder) if folder is not None else (names[:-1], names[-1]) if len(names) > 1 else (names, None)
    )
    for target in targets:
        into: bool | None = True if folder is not None or link is None or len(targets) > 1 else None
        if link is not None and link.text.endswith("/"):
            into = True
        if {"n", "T", "--no-dereference", "--no-target-directory"} & options.flags:
            into = False
        place = at.below(link)
        if link is not None and at.place(link).path is None:
            yield at.may_create(place, f"{at.origin.note} makes links there")
            continue
        if symbolic:
            yield Symlink(place, target.text, at, into=into, relative="r" in options.flags)
        else:
            yield Transfer(at.place(target), place, at.origin, into=into, keep_mode=True, certain=at.certain)


class Symlink(Effect):
    """`ln -s target path`; inside `path` where that is a folder by then."""

    __slots__ = ("_at", "_into", "_path", "_relative", "_target")

    def __init__(self, path: str, target: str, at: Situation, *, into: bool | None, relative: bool) -> None:
        self._path = path
        self._target = target
        self._at = at
        self._into = into
        self._relative = relative

    def top(self) -> str:
        return top_of(self._path)

    def look(self, view: View, path: str) -> Hit | None:
        if not within(path, self._path):
            return Hit("directory", None, self._at.origin) if within(self._path, path) else None
        inside = self._inside
        if path not in (self._path, inside):
            return None
        into = self._into
        if into is None:
            before = view.found(self._path)
            into = isinstance(before, Hit) and before.kind == "directory"
        if path != (inside if into else self._path):
            return None
        target = None if ANYTHING in self._target or not self._at.certain else self._target
        return Hit("symlink", 0o777, self._at.origin, target=target)

    def names(self, folder: str) -> Iterable[str]:
        return {*name_below(self._path, folder), *name_below(self._inside, folder)}

    def targets(self) -> Iterable[str]:
        return (self._path, self._inside)

    def leads(self) -> dict[str, str]:
        """Where the link may lie, and what it then leads to."""
        if ANYTHING in self._target:
            return {}
        return {place: join(place.rpartition("/")[0], self._target) for place in self.targets()}

    @property
    def _inside(self) -> str:
        return f"{self._path.rstrip('/')}/{self._target.rstrip('/').rpartition('/')[2]}"


def _cp(words: Sequence[Word], at: Situation, *, moves: bool = False) -> Iterator[Effect]:
    options = split_arguments(words, "tS", frozenset(("--target-directory", "--suffix")))
    yield from _transfers(
        options, at, moves=moves, keep=moves or bool({"a", "p", "--archive"} & options.flags), mode=None
    )


def _mv(words: Sequence[Word], at: Situation) -> Iterator[Effect]:
    return _cp(words, at, moves=True)


def _install(words: Sequence[Word], at: Situation) -> Iterator[Effect]:
    options = split_arguments(words, "mogtS", frozenset(("--mode", "--owner", "--group", "--target-directory")))
    if "d" in options.flags or "--directory" in options.flags:
        yield from _mkdir(options.words, at)
        return
    mode = options.values.get("m") or options.values.get("--mode")
    yield from _transfers(options, at, moves=False, keep=False, mode=mode.text if mode else "0755")


def _transfers(options: Arguments, at: Situation, *, moves: bool, keep: bool, mode: str | None) -> Iterator[Effect]:
    names = list(options.words)
    folder = options.values.get("t") or options.values.get("--target-directory")
    if folder is None:
        if len(names) < 2:
            return
        folder = names.pop()
        into: bool | None = True if len(names) > 1 or folder.text.endswith(("/", "/.")) or folder.text == "." else None
    else:
        into = True
    if "T" in options.flags:
        into = False
    target = at.place(folder)
    if target.path is None:
        yield at.may_create(target.folder, f"{at.origin.note} puts files there")
        return
    for name in names:
        contents = name.text.endswith("/.") or name.text == "."
        yield Transfer(
            at.place(name),
            target.path,
            at.origin,
            into=False if contents else into,
            moves=moves,
            keep_mode=keep,
            mode=mode,
            certain=at.certain,
        )


def _rm(words: Sequence[Word], at: Situation) -> Iterator[Effect]:
    if at.certain:
        for word in split_arguments(words).words:
            yield Remove(at.place(word), at.origin)


def _mkdir(words: Sequence[Word], at: Situation) -> Iterator[Effect]:
    for word in split_arguments(words, "m").words:
        place = at.place(word)
        if place.path is not None:
            yield Create(place.path, Hit("directory", 0o755, at.origin), certain=at.certain)


def _touch(words: Sequence[Word], at: Situation) -> Iterator[Effect]:
    for word in split_arguments(words, "rdt").words:
        place = at.place(word)
        if place.path is not None:
            yield Append(place.path, b"", at.origin, certain=at.certain)


def _sed(words: Sequence[Word], at: Situation) -> Iterator[Effect]:
    options = split_arguments(words, "efl", frozenset(("--expression", "--file")))
    if not ("i" in options.flags or "--in-place" in options.flags):
        return
    names = list(options.words)
    scripts = [word.text for word in (options.values.get("e"), options.values.get("--expression")) if word is not None]
    if not scripts and not options.values and names:
        scripts = [names.pop(0).text]
    only_cr = all(script in _STRIPPERS for script in scripts) and len(scripts) == 1
    why = f"{at.origin.note} edits it"
    change = Change(data="strip-cr" if only_cr else "unknown", certain=at.certain, why=why)
    for word in names:
        yield Modify(at.place(word), change)


# sed scripts that take carriage returns away, and nothing else
_STRIPPERS = frozenset(
    r"s/\r$// s/\r// s/\r//g s/\r$//g s/^M$// s/\x0D$// s/\x0d$// s/\r\n$/\n/ s/\r\n/\n/g s|\r$|| s/\015$//".split()
)


def _dos2unix(words: Sequence[Word], at: Situation) -> Iterator[Effect]:
    change = Change(data="strip-cr", certain=at.certain, why=f"{at.origin.note} takes its carriage returns away")
    for word in split_arguments(words, "ic").words:
        yield Modify(at.place(word), change)


def _perl(words: Sequence[Word], at: Situation) -> Iterator[Effect]:
    if words and words[0].text.startswith("-") and "i" in words[0].text:
        change = Change(data="unknown", certain=at.certain, why=f"{at.origin.note} edits it")
        for word in words[2:]:
            yield Modify(at.place(word), change)


def _alternatives(words: Sequence[Word], at: Situation) -> Iterator[Effect]:
    texts = [word.text for word in words]
    if "--install" in texts and len(texts) >= texts.index("--install") + 4:
        first = texts.index("--install")
        link, _, path = words[first + 1 : first + 4]
        if link.known and path.known:
            yield Create(at.below(link), Hit("symlink", 0o777, at.origin, target=path.text), certain=at.certain)


COMMANDS: dict[str, Callable[[Sequence[Word], Situation], Iterator[Effect]]] = {
    "chmod": _chmod,
    "ln": _ln,
    "cp": _cp,
    "mv": _mv,
    "install": _install,
    "ginstall": _install,
    "rm": _rm,
    "unlink": _rm,
    "mkdir": _mkdir,
    "touch": _touch,
    "curl": run_downloads.curl,
    "wget": run_downloads.wget,
    "tar": run_downloads.tar,
    "bsdtar": run_downloads.tar,
    "unzip": run_downloads.unzip,
    "git": run_downloads.git,
    "sed": _sed,
    "dos2unix": _dos2unix,
    "fromdos": _dos2unix,
    "perl": _perl,
    "update-alternatives": _alternatives,
    "alternatives": _alternatives,
    "virtualenv": run_downloads.venv,
    "go": run_downloads.go,
}
