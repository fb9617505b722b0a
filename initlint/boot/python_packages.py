"""Which Python packages the RUN lines of a Dockerfile install, as far as they name them.

Lines of all stages count, since a later stage may copy what an earlier one installed: enough to
say what isn't asked for, and which version is pinned.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Sequence

from initlint.boot.commands import simple_commands
from initlint.records import NamedTuple
from initlint.rootfs import Present, RootFilesystem, paths
from initlint.rootfs.symbolic import SymbolicRootFilesystem
from initlint.targets.dockerfile.syntax import Stage
from initlint.text import Source

_MAX_FILES = 12
_PIP = re.compile(r"pip[\d.]*")
_REQUIREMENT = re.compile(r"([A-Za-z0-9][\w.-]*)\s*(?:\[[^\]]*\])?\s*([<>=!~][^;#@\s]*(?:\s*,\s*[<>=!~][^;#\s]*)*)?")
# What installs packages by files that aren't read, and images that come with many.
_OTHER_TOOLS = frozenset("poetry pipenv conda mamba micromamba pdm rye hatch uv easy_install pixi".split())
_VALUED = frozenset(
    "-i --index-url --extra-index-url -f --find-links --trusted-host -t --target --prefix --root --proxy --timeout "
    "--retries --cache-dir --python --platform --only-binary --no-binary --root-user-action --progress-bar".split()
)
_FILES = frozenset(["-r", "--requirement", "-c", "--constraint"])
_PLAIN_IMAGES = frozenset("python debian ubuntu alpine".split())


class Installed(NamedTuple):
    """`named`: what is asked for, with its version as it is written; `complete`: nothing else is, except
    what those packages need themselves."""

    named: dict[str, frozenset[str]]
    complete: bool

    def asks_for(self, package: str) -> bool | None:
        """Whether a package is named; None where it may be by a file that isn't read."""
        return True if package in self.named else (False if self.complete else None)

    def is_below(self, package: str, version: tuple[int, ...]) -> bool | None:
        """Whether the version that is installed is older than `version`; None where it isn't told."""
        answers = {_is_below(written, version) for written in self.named.get(package, ())}
        return answers.pop() if len(answers) == 1 else None


NOTHING_KNOWN = Installed({}, complete=False)


def installed_packages(stages: Sequence[Stage], rootfs: RootFilesystem) -> Installed:
    found = _Finder(rootfs)
    for stage in stages:
        match = stage.base_match
        if stage.parent is None and (match is None or match.fact.image not in _PLAIN_IMAGES):
            # An unknown image may hold packages; one that a compiler comes from brings none along.
            found.complete = False
        if isinstance(rootfs, SymbolicRootFilesystem):
            found.rootfs = rootfs.at_the_end_of(stage.index)
        for step in stage.steps:
            if step.instruction.keyword == "RUN":
                found.run(step.instruction.value, step.workdir)
                if step.instruction.heredocs:
                    found.complete = False
    return Installed({name: frozenset(written) for name, written in found.named.items()}, found.complete and found.any)


class _Finder:
    def __init__(self, rootfs: RootFilesystem) -> None:
        self.rootfs = rootfs
        self.named: dict[str, set[str]] = {}
        self.complete = True
        self.any = False
        self.files: set[str] = set()

    def run(self, line: str, folder: str | None) -> None:
        for words in simple_commands(re.sub(r"--mount=\S+", "", line)):
            name = posixpath.basename(words[0])
            if name.startswith("python") and words[1:3] == ["-m", "pip"]:
                name, words = "pip", words[2:]
            if name == "uv" and words[1:2] == ["pip"]:
                name, words = "pip", words[1:]
            if _PIP.fullmatch(name):
                if "install" in words:
                    self.install(words[words.index("install") + 1 :], folder)
            elif (
                name in _OTHER_TOOLS
                or name.startswith("python")
                or name in ("sh", "bash", "make", "eval", "xargs")
                or "/" in words[0]
                or any("python3-" in word or "py3-" in word for word in words)
            ):
                self.complete = False

    def install(self, words: list[str], folder: str | None) -> None:
        self.any = True
        skip = False
        for at, word in enumerate(words):
            if skip:
                skip = False
            elif word in _FILES:
                skip = True
                if at + 1 < len(words):
                    self.file(words[at + 1], folder)
            elif word.startswith(("-r", "--requirement=")):
                self.file(word.removeprefix("--requirement=").removeprefix("-r"), folder)
            elif word in _VALUED:
                skip = True
            elif word in ("-e", "--editable") or word.startswith(("-e", "--editable=")):
                self.complete = False
            elif not word.startswith("-"):
                self.requirement(word)

    def file(self, name: str, folder: str | None) -> None:
        path = name if name.startswith("/") else None if folder is None else paths.join(folder, name)
        if path in self.files:
            return
        node = paths.resolve(self.rootfs, path) if path is not None and len(self.files) < _MAX_FILES else None
        text = self.rootfs.read(node.path) if isinstance(node, Present) and node.kind == "file" else None
        if path is None or not isinstance(text, Source):
            self.complete = False
            return
        self.files.add(path)
        self.lines(text.text.replace("\\\n", " ").splitlines(), posixpath.dirname(path))

    def lines(self, lines: Iterable[str], folder: str) -> None:
        for line in lines:
            words = line.split("#")[0].split()
            if not words:
                continue
            if words[0] in _FILES or words[0].startswith(("-r", "--requirement=")):
                self.install(words, folder)
            elif words[0].startswith(("-e", "--editable")):
                self.complete = False
            elif not words[0].startswith("-"):
                self.requirement(" ".join(words))

    def requirement(self, text: str) -> None:
        match = _REQUIREMENT.match(text)
        if match is None or "://" in text or "/" in text or "$" in text:
            self.complete = False
            egg = re.search(r"#egg=([\w.-]+)", text) or re.match(r"([\w.-]+)\s*@", text)
            if egg is not None:
                self.named.setdefault(normalised(egg.group(1)), set()).add("")
            return
        self.named.setdefault(normalised(match.group(1)), set()).add(match.group(2) or "")


def normalised(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _is_below(written: str, version: tuple[int, ...]) -> bool | None:
    """Whether every version that a specifier admits is older than `version`, or none is."""
    for part in written.replace(" ", "").split(","):
        match = re.fullmatch(r"(===?|~=|<=?|>=?)(\d+(?:\.\d+)*)(\.\*)?(?:\.?(?:post|dev|rc|a|b)\d+)?", part)
        if match is None:
            continue
        operator, given = match.group(1), tuple(int(number) for number in match.group(2).split("."))
        cut = given[: len(version)] + (0,) * (len(version) - len(given))
        if operator in ("==", "==="):
            if match.group(3) and len(given) < len(version):
                continue
            return cut < version
        if operator == "~=" and len(given) > len(version):
            return cut < version
        if operator in ("~=", ">=", ">") and cut >= version:
            return False
        if operator == "<" and (cut < version or given == version):
            return True
        if operator == "<=" and cut < version:
            return True
    return None
