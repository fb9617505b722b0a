"""Package tools, interpreters and builders of a RUN line, as effects."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from initlint.facts import OsFamily
from initlint.facts.packages import brings_init
from initlint.rootfs import Origin
from initlint.rootfs import known_commands as known
from initlint.rootfs.build_context import GENERATED_FOLDERS
from initlint.rootfs.effects import ANYTHING, Answer, Doubt, Effect, Hit, MayCreate, name_below, top_of, within
from initlint.rootfs.known_commands import INIT_NAMES, NEVER_BUILT, SHELL_NAMES
from initlint.rootfs.run_commands import COMMANDS
from initlint.rootfs.run_situation import Situation
from initlint.rootfs.shell_words import Word, literal

if TYPE_CHECKING:
    from initlint.rootfs.symbolic import View

SYSTEM_FOLDERS = ("/usr", "/bin", "/sbin", "/lib", "/opt", "/etc", "/var")


class Packages(Effect):
    """A package tool installs: the inits among the packages are there, system files may come."""

    __slots__ = ("_certain", "_complete", "_doubt", "_inits", "_origin", "_suspect", "_tool")

    def __init__(
        self,
        tool: str,
        names: Sequence[str],
        origin: Origin,
        *,
        complete: bool,
        certain: bool,
        family: OsFamily | None,
    ) -> None:
        self._tool = tool
        self._origin = origin
        self._complete = complete
        self._certain = certain
        self._inits = {found[1]: found[0] for name in names if (found := brings_init(tool, name, family)) is not None}
        self._suspect = frozenset(
            init for init, dependants in known.DEPEND_ON_INIT.items() if not dependants.isdisjoint(names)
        ) | frozenset(init for name in names for init in INIT_NAMES if "/" in name and init in name)
        self._doubt = Doubt(f"{origin.note} may bring it", origin)

    def look(self, view: View, path: str) -> Answer:
        base = path.rpartition("/")[2]
        if path in self._inits:
            if self._certain:
                return Hit(
                    "file", 0o755, Origin("package", f"{self._tool} install {self._inits[path]}", self._origin.span)
                )
            return Doubt(f"{self._origin.note} may install it", self._origin)
        if base in INIT_NAMES:
            if not self._complete or base in self._suspect:
                return self._doubt
            if base in self._inits.values() and self._tool in ("pip", "conda"):
                return Doubt(f"{self._tool} may install it there", self._origin)
            return None
        if base in SHELL_NAMES and self._tool == "pip":
            return None
        if path.startswith(SYSTEM_FOLDERS) or path == "/init":
            return self._doubt
        return None

    def targets(self) -> Iterable[str]:
        return self._inits

    def names(self, folder: str) -> Iterable[str]:
        return (name for path in self._inits for name in name_below(path, folder))


class Fetch(Effect):
    """npm ci, bundle install, …: fetched code, and what hooks build; no start script of the project's own."""

    __slots__ = ("_folder", "_origin", "_why")

    def __init__(self, folder: str, why: str, origin: Origin) -> None:
        self._folder = folder
        self._why = why
        self._origin = origin

    def top(self) -> str:
        return top_of(self._folder)

    def look(self, view: View, path: str) -> Answer:
        if self._folder == "/" and not path.startswith("/usr"):
            return None
        if not within(path, self._folder) or path.rpartition("/")[2] in NEVER_BUILT:
            return None
        if self._folder == "/" or any(part in GENERATED_FOLDERS for part in path.split("/")):
            return Doubt(self._why, self._origin)
        return None


def install(name: str, words: Sequence[Word], at: Situation, family: OsFamily | None) -> Iterator[Effect]:
    if name == "uv":
        texts = [word.text for word in words]
        if texts[:2] == ["pip", "install"] or texts[:1] in (["add"], ["sync"], ["tool"]):
            name, words = "pip", [literal("install"), *words[2 if texts[0] in ("pip", "tool") else 1 :]]
        elif texts[:1] == ["venv"]:
            yield at.may_create(
                at.below(words[1]) if len(words) > 1 else at.below(literal(".venv")), "uv venv makes it"
            )
            return
        else:
            return
    name = known.TOOL_ALIASES.get(name, name)
    tool, verbs, taking = known.PACKAGE_TOOLS[name]
    names: list[str] = []
    complete = True
    verb = not verbs
    skip = False
    from_file = False
    for word in words:
        text = word.text
        if skip:
            skip = False
        elif text in taking:
            skip = True
            from_file = from_file or text in ("-f", "--file")
        elif text in ("-r", "--requirement"):
            from_file = skip = True
        elif text in verbs:
            verb = True
        elif text.startswith("-"):
            from_file = from_file or text.startswith(("-r", "--requirement"))
        elif not word.known or not word.plain:
            complete = False
        else:
            names.append(text)
    if verb:
        if tool == "gem":
            return
        if tool in ("pip", "conda") and from_file:
            complete = False
        yield Packages(tool, names, at.origin, complete=complete, certain=at.certain, family=family)


def interpreter(name: str, words: Sequence[Word], at: Situation, family: OsFamily | None) -> Iterator[Effect]:
    texts = [word.text for word in words]
    if texts[:2] == ["-m", "pip"] or texts[:2] == ["-m", "ensurepip"]:
        yield from install("pip", words[2:], at, family)
    elif texts[:2] in (["-m", "venv"], ["-m", "virtualenv"]):
        yield from COMMANDS["virtualenv"](words[2:], at)
    elif (
        texts[:2] == ["-m", "compileall"]
        or (texts and texts[0] in ("--version", "-V", "-v", "--help"))
        or (
            texts[:1] == ["-c"]
            and len(words) > 1
            and not any(
                word in words[1].text
                for word in ("open(", "write", "subprocess", "os.system", "urlretrieve", "shutil", "download")
            )
        )
    ):
        return
    elif texts and texts[0].endswith("manage.py"):
        yield at.may_create(at.cwd or "/", f"{at.origin.note} runs manage.py")
    else:
        yield at.may_create("/", f"{at.origin.note} runs a {name} program")


def build(name: str, words: Sequence[Word], at: Situation) -> Iterator[Effect]:
    verbs = [word.text for word in words if not word.text.startswith("-")]
    folder = at.cwd or "/"
    if any(word.text in ("-g", "--global", "global") for word in words) or name in ("rails", "rake", "flask"):
        folder = "/"
    if name == "cargo" and verbs[:1] == ["install"]:
        yield at.may_create("/usr/local", "cargo install")
        yield at.may_create("/root", "cargo install")
        return
    if (verbs and verbs[0] in known.FETCHERS) or (not verbs and name in ("npm", "yarn", "pnpm", "bun")):
        yield Fetch(folder, f"{at.origin.note} fetches what the project needs", at.origin)
        return
    outputs = [w for w in words if w.text.startswith("/")]
    yield MayCreate(folder, f"{at.origin.note} builds there", at.origin, spare=NEVER_BUILT)
    for word in outputs:
        yield at.may_create(at.below(word), f"{at.origin.note} builds there")


def install_archive(words: Sequence[Word], at: Situation) -> Iterator[Effect]:
    texts = [word.text for word in words]
    flags = [text for text in texts if text.startswith("-")]
    if any("i" in flag.lstrip("-")[:3] or "U" in flag for flag in flags):
        names = [text for text in texts if not text.startswith("-")]
        inits = [init for init in INIT_NAMES if any(init in name for name in names)]
        doubtful = inits or any(ANYTHING in name or "*" in name for name in names)
        if doubtful:
            yield at.may_create("/", f"{at.origin.note} installs a package file")
        else:
            for folder in SYSTEM_FOLDERS:
                yield MayCreate(folder, f"{at.origin.note} installs a package file", at.origin, spare=INIT_NAMES)
