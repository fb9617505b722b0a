"""Commands that bring files from elsewhere: curl, wget, tar, unzip, git, go, virtualenv."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from initlint.rootfs.effects import ANYTHING, Create, Effect, Hit
from initlint.rootfs.run_situation import Arguments, Situation, split_arguments
from initlint.rootfs.shell_words import Word


def curl(words: Sequence[Word], at: Situation) -> Iterator[Effect]:
    options = split_arguments(
        words,
        "oHAXdeubcFTmCEKrwyYzx",
        frozenset(("--output", "--header", "--retry", "--output-dir", "--user", "--data")),
    )
    output = options.values.get("o") or options.values.get("--output")
    if output is not None:
        yield from _download(output, at)
    if {"O", "--remote-name", "J", "--remote-name-all"} & options.flags:
        yield from _by_name(options, at, options.values.get("--output-dir"))


def wget(words: Sequence[Word], at: Situation) -> Iterator[Effect]:
    options = split_arguments(
        words, "OPoaitTQUeD", frozenset(("--output-document", "--directory-prefix", "--tries", "--header", "--timeout"))
    )
    output = options.values.get("O") or options.values.get("--output-document")
    if output is not None:
        yield from _download(output, at)
    else:
        yield from _by_name(options, at, options.values.get("P") or options.values.get("--directory-prefix"))


def _download(output: Word, at: Situation) -> Iterator[Effect]:
    if output.text == "-":
        return
    place = at.place(output)
    if place.path is None:
        yield at.may_create(place.folder, f"{at.origin.note} downloads a file there")
    else:
        yield Create(place.path, Hit("file", 0o644, at.origin, why="it is downloaded"), certain=at.certain)


def _by_name(options: Arguments, at: Situation, folder: Word | None) -> Iterator[Effect]:
    base = at.below(folder)
    if at.cwd is None and folder is None:
        yield at.may_create("/", f"{at.origin.note} downloads a file")
        return
    for word in options.words:
        if not word.known:
            yield at.may_create(base, f"{at.origin.note} downloads a file there")
            continue
        name = word.text.partition("?")[0].rstrip("/").rpartition("/")[2]
        if name and "://" in word.text:
            path = f"{base.rstrip('/')}/{name}"
            yield Create(path, Hit("file", 0o644, at.origin, why="it is downloaded"), certain=at.certain)


def tar(words: Sequence[Word], at: Situation) -> Iterator[Effect]:
    texts = [word.text for word in words]
    first = texts[0] if texts else ""
    letters = first if not first.startswith("--") else ""
    if ("c" in letters.lstrip("-")[:3] and "x" not in letters) or "--create" in texts:
        return
    folder: Word | None = None
    for index, text in enumerate(texts):
        if text in ("-C", "--directory") and index + 1 < len(words):
            folder = words[index + 1]
        elif text.startswith("--directory="):
            value = text.partition("=")[2]
            folder = Word(value, value, ANYTHING not in value)
        elif text.startswith("-") and not text.startswith("--") and text.endswith("C") and index + 1 < len(words):
            folder = words[index + 1]
        elif text.startswith("-C") and len(text) > 2:
            folder = Word(text[2:], text[2:], ANYTHING not in text)
    yield at.may_create(at.below(folder), f"{at.origin.note} unpacks an archive there")


def unzip(words: Sequence[Word], at: Situation) -> Iterator[Effect]:
    folder = split_arguments(words, "d").values.get("d")
    yield at.may_create(at.below(folder), f"{at.origin.note} unpacks an archive there")


def git(words: Sequence[Word], at: Situation) -> Iterator[Effect]:
    texts = [word.text for word in words]
    if "clone" in texts:
        rest = split_arguments(
            words[texts.index("clone") + 1 :], "bco", frozenset(("--branch", "--depth", "--config", "--origin"))
        )
        if len(rest.words) > 1:
            folder = at.below(rest.words[1])
        else:
            folder = at.cwd or "/"
            if rest.words and rest.words[0].known:
                name = rest.words[0].text.rstrip("/").rpartition("/")[2].removesuffix(".git")
                folder = f"{folder.rstrip('/')}/{name}"
        yield at.may_create(folder, f"{at.origin.note} clones a repository there")
    elif {"checkout", "pull", "submodule", "apply", "reset", "fetch", "am", "switch"} & set(texts):
        yield at.may_create(at.cwd or "/", f"{at.origin.note} brings files of a repository")


def venv(words: Sequence[Word], at: Situation) -> Iterator[Effect]:
    for word in split_arguments(words, "p", frozenset(("--python", "--prompt"))).words[:1]:
        yield at.may_create(at.below(word), f"{at.origin.note} makes a virtual environment there")


def go(words: Sequence[Word], at: Situation) -> Iterator[Effect]:
    verb = words[0].text if words else ""
    output = next((words[i + 1] for i, word in enumerate(words[:-1]) if word.text == "-o"), None)
    if verb in ("build", "test") and output is not None and output.known and not output.text.endswith("/"):
        place = at.place(output)
        # into a folder, the program gets the name of its package
        if place.path is not None and output.text.rpartition("/")[2] not in (".", ".."):
            yield Create(place.path, Hit("file", 0o755, at.origin, why="it is compiled"), certain=at.certain)
            return
    if verb == "build":
        yield at.may_create(at.below(output) if output is not None else at.cwd or "/", f"{at.origin.note} builds there")
    elif verb == "install":
        yield at.may_create("/", f"{at.origin.note} installs a Go program")
    elif verb in ("generate", "run"):
        yield at.may_create("/", f"{at.origin.note} runs a program")
