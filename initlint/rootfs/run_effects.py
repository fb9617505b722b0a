"""What a RUN instruction does, as effects: worked out when a look-up first comes to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from initlint.facts import OsFamily
from initlint.rootfs import Origin
from initlint.rootfs import known_commands as known
from initlint.rootfs.base import BaseFiles
from initlint.rootfs.effects import (
    ANY_DEPTH,
    ANYTHING,
    Answer,
    Append,
    Change,
    Create,
    Doubt,
    Effect,
    Hit,
    MayCreate,
    Modify,
)
from initlint.rootfs.run_commands import COMMANDS, Symlink
from initlint.rootfs.run_output import input_of, output_of
from initlint.rootfs.run_packages import Packages, build, install, install_archive, interpreter
from initlint.rootfs.run_situation import Situation, split_arguments
from initlint.rootfs.shell_run import Command, State, Unreadable, commands
from initlint.rootfs.shell_words import UNKNOWN_WORD, Word, literal
from initlint.targets.dockerfile.syntax import BuildStep, Instruction

if TYPE_CHECKING:
    from initlint.rootfs.symbolic import View


# Commands that make nothing by themselves: without a redirection there is nothing to look at.
_SILENT = known.HARMLESS.difference(
    COMMANDS,
    known.SHELLS,
    known.PREFIXES,
    known.TOOL_ALIASES,
    known.PACKAGE_TOOLS,
    known.INTERPRETERS,
    known.BUILDERS,
    ("tee", "find", "xargs", "uv", "dpkg", "rpm"),
    (name for name in known.HARMLESS if name.startswith("python")),
)

# Above this a line's note is cut: it goes into one-line messages.
NOTE_LENGTH = 48


class RunReader:
    """Reads RUN steps of one stage. `sh` is the shell behind /bin/sh, for echo's escapes."""

    def __init__(self, base: BaseFiles, sh: str) -> None:
        self._base = base
        self._family: OsFamily | None = base.family
        self._sh = sh

    def effects(self, step: BuildStep) -> list[Effect]:
        instruction = step.instruction
        origin = Origin("instruction", f"RUN {_shorten(instruction.value)}", instruction.span)
        if instruction.json is not None:
            words = [literal(word) for word in instruction.json]
            command = Command(tuple(words), (), True, step.workdir)
            return list(self._command(command, State(_environment(step), step.workdir), origin))
        text = shell_text(instruction)
        if text is None:
            return [MayCreate("/", f"{origin.note} runs a program over a heredoc", origin)]
        shell = step.shell[0].rpartition("/")[2] if step.shell else "sh"
        if shell not in known.SHELLS:
            return [MayCreate("/", f"{origin.note} is for a shell that isn't followed ({shell})", origin)]
        return _through_links(list(self._text(text, State(_environment(step), step.workdir), origin, shell)))

    def _text(self, text: str, state: State, origin: Origin, shell: str, depth: int = 0) -> Iterator[Effect]:
        if depth > 3:
            yield MayCreate("/", f"{origin.note} is nested too deeply", origin)
            return
        for command in commands(text, state, braces=shell in ("bash", "zsh")):
            if isinstance(command, Unreadable):
                yield MayCreate("/", f"{origin.note}: {command.why}", origin)
            elif command.redirects or not command.words or command.words[0].text not in _SILENT:
                yield from self._command(command, state, origin, depth)

    def _command(self, command: Command, state: State, origin: Origin, depth: int = 0) -> Iterator[Effect]:
        at = Situation(command.cwd, origin, command.certain, self._base.target)
        yield from self._redirects(command, at)
        words = _strip_prefixes(command.words)
        if not words:
            return
        if not words[0].known:
            yield at.may_create("/", f"{origin.note} runs a program that isn't known")
            return
        name = words[0].text.rpartition("/")[2]
        if name == "tee":
            yield from self._tee(words[1:], command, at)
        elif name in known.SHELLS:
            yield from self._shell(words, command, state, at, depth)
        elif name == "find":
            yield from self._find(words[1:], command, at)
        elif name == "xargs":
            yield from self._xargs(words[1:], command, state, at, depth)
        elif words[0].text in COMMANDS or (words[0].text.startswith(("/bin/", "/usr/bin/")) and name in COMMANDS):
            yield from COMMANDS[name](words[1:], at)
        elif name in known.TOOL_ALIASES or name in known.PACKAGE_TOOLS or name == "uv":
            yield from install(name, words[1:], at, self._family)
        elif name in known.INTERPRETERS or name.startswith("python"):
            yield from interpreter(name, words[1:], at, self._family)
        elif name in known.BUILDERS:
            yield from build(name, words[1:], at)
        elif name in ("dpkg", "rpm"):
            yield from install_archive(words[1:], at)
        elif name not in known.HARMLESS or words[0].text.startswith("./"):
            yield at.may_create("/", f"{origin.note} runs {name}, which may make anything")

    def _redirects(self, command: Command, at: Situation) -> Iterator[Effect]:
        for redirect in command.redirects:
            if redirect.operator in (">", ">>", "2>", "2>>"):
                if redirect.word.text.startswith(("/dev/", "&")):
                    continue
                data = output_of(command, self._sh) if not redirect.operator.startswith("2") else None
                yield from _written(redirect.word, data, at, append=redirect.operator.endswith(">>"))

    def _tee(self, words: Sequence[Word], command: Command, at: Situation) -> Iterator[Effect]:
        options = split_arguments(words)
        data = input_of(command, self._sh)
        for word in options.words:
            if not word.text.startswith("/dev/"):
                yield from _written(word, data, at, append="a" in options.flags)

    def _shell(
        self, words: Sequence[Word], command: Command, state: State, at: Situation, depth: int
    ) -> Iterator[Effect]:
        texts = [word.text for word in words]
        for index, text in enumerate(texts[1:], 1):
            if text.startswith("-") and not text.startswith("--") and text.endswith("c") and index + 1 < len(words):
                script = words[index + 1]
                if not script.known:
                    break
                twin = state.copy()
                twin.cwd = command.cwd
                found = list(self._text(script.text, twin, at.origin, texts[0].rpartition("/")[2], depth + 1))
                if at.certain:
                    yield from found
                else:
                    yield from (each for each in found if isinstance(each, MayCreate | Packages | Modify))
                return
        if len(words) == 1 and command.before is None:
            body = next((each.body for each in command.redirects if each.operator == "<<"), None)
            if body is not None:
                yield from self._text(body, state, at.origin, texts[0].rpartition("/")[2], depth + 1)
                return
        yield at.may_create("/", f"{at.origin.note} runs a script")

    def _find(self, words: Sequence[Word], command: Command, at: Situation) -> Iterator[Effect]:
        texts = [word.text for word in words]
        for index, text in enumerate(texts):
            if text in ("-exec", "-execdir", "-ok") and index + 1 < len(words):
                end = next((i for i in range(index, len(texts)) if texts[i] in (";", "+")), len(texts))
                inner = [_found_word(words) if word.text == "{}" else word for word in words[index + 1 : end]]
                inner = _strip_prefixes(inner)
                name = inner[0].text.rpartition("/")[2] if inner else ""
                if name in ("chmod", "sed", "dos2unix", "touch"):
                    yield from COMMANDS[name](inner[1:], at)
                elif name in ("mv", "cp", "ln", "install") or (
                    name not in known.HARMLESS and name not in ("rm", "unlink")
                ):
                    yield at.may_create("/", f"{at.origin.note} runs {name} on what it finds")

    def _xargs(
        self, words: Sequence[Word], command: Command, state: State, at: Situation, depth: int
    ) -> Iterator[Effect]:
        options = 0
        while options < len(words) and words[options].text.startswith("-"):
            options += 2 if words[options].text in ("-I", "-n", "-P", "-L", "-d", "-a") else 1
        inner = list(words[options:])
        if not inner:
            return
        found = UNKNOWN_WORD
        if command.before is not None and command.before.words and command.before.words[0].text == "find":
            found = _found_word(command.before.words[1:])
        inner = [found if word.text == "{}" else word for word in inner]
        if found not in inner:
            inner.append(found)
        yield from self._command(Command(tuple(inner), (), at.certain, at.cwd), state, at.origin, depth)


def _through_links(effects: list[Effect]) -> list[Effect]:
    """chmod of a link that the same RUN made changes what the link leads to."""
    links: dict[str, str] = {}
    out: list[Effect] = []
    for effect in effects:
        out.append(effect)
        if isinstance(effect, Symlink):
            links.update(effect.leads())
        elif links and isinstance(effect, Modify) and effect.path in links:
            out.append(effect.at(links[effect.path]))
    return out


def shell_text(instruction: Instruction) -> str | None:
    """The text that RUN's shell gets, heredocs put back; None where it isn't a shell's."""
    text = instruction.value
    if not instruction.heredocs:
        return text
    first = instruction.heredocs[0]
    if len(instruction.heredocs) == 1 and text.strip().lstrip("0123456789").startswith("<<") and len(text.split()) == 1:
        if first.content.startswith("#!"):
            interpreter = first.content.split("\n", 1)[0].split("/")[-1].split()
            if not interpreter or interpreter[-1] not in known.SHELLS:
                return None
        return first.content
    parts = [text]
    for heredoc in instruction.heredocs:
        parts.append(f"{heredoc.content.removesuffix(chr(10))}\n{heredoc.name}" if heredoc.content else heredoc.name)
    return "\n".join(parts) + "\n"


def _environment(step: BuildStep) -> Mapping[str, str | None]:
    if "HOME" in step.env or step.user not in ("", "root", "0"):
        return step.env
    env = step.env.copy()
    env["HOME"] = "/root"
    return env


def _written(word: Word, data: bytes | None, at: Situation, *, append: bool) -> Iterator[Effect]:
    place = at.place(word)
    if place.path is None:
        yield at.may_create(place.folder, f"{at.origin.note} writes a file there")
    elif append:
        yield Append(place.path, data, at.origin, certain=at.certain)
    else:
        hit = Hit("file", 0o644, at.origin, data=data, why=f"{at.origin.note} writes it")
        yield Overwrite(place.path, hit, certain=at.certain)


class Overwrite(Create):
    """`> file`: a file that is there already keeps its mode."""

    __slots__ = ()

    def look(self, view: View, path: str) -> Answer:
        answer = super().look(view, path)
        if path == self.path and isinstance(answer, Hit):
            before = view.found(path)
            if isinstance(before, Hit) and before.kind == "file":
                return answer._replace(mode=before.mode, mode_span=before.mode_span)
        elif path == self.path and isinstance(answer, Doubt):
            before = view.found(path)
            if isinstance(before, Hit):
                return Change(data="unknown", certain=False, why=f"{self.hit.origin.note} may write it anew")
        return answer


def _strip_prefixes(words: Sequence[Word]) -> list[Word]:
    """Without `sudo`, `env X=y`, `timeout 5` and the like in front."""
    left = list(words)
    while left and left[0].text.rpartition("/")[2] in known.PREFIXES:
        name = left.pop(0).text.rpartition("/")[2]
        taking = known.PREFIXES[name]
        while left and (left[0].text.startswith("-") or (name in ("env", "sudo") and "=" in left[0].text)):
            option = left.pop(0).text
            if option in taking and left:
                left.pop(0)
        for _ in range(known.PREFIX_WORDS.get(name, 0)):
            if left:
                left.pop(0)
    return left


def _found_word(words: Sequence[Word]) -> Word:
    """What `find FOLDER -name PATTERN` gives, as one word with wildcards."""
    texts = [word.text for word in words]
    folder = texts[0] if texts and not texts[0].startswith("-") else "."
    names = [texts[i + 1] for i in range(len(texts) - 1) if texts[i] in ("-name", "-iname")]
    if len(names) != 1 or ANYTHING in folder:
        return Word(f"{folder.rstrip('/')}/{ANYTHING}", f"{folder.rstrip('/')}/{ANYTHING}", False)
    pattern = f"{folder.rstrip('/')}/{ANY_DEPTH}{names[0]}"
    return Word(pattern, pattern, False)


def _shorten(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= NOTE_LENGTH else text[: NOTE_LENGTH - 1].rstrip() + "…"


__all__ = ["RunReader", "shell_text"]
