"""An init that is there already, written rightly: its path, and the `--` behind it."""

from __future__ import annotations

import re
from typing import Literal

from initlint.boot.model import StartProblem
from initlint.cure import places
from initlint.cure.install import provide
from initlint.cure.model import CureOptions, NoCure, Part
from initlint.cure.style import quoted, style_of
from initlint.facts.programs import INITS
from initlint.subject import Subject
from initlint.targets.container import ExecForm, StartField
from initlint.targets.dockerfile.syntax import Instruction
from initlint.text import Edit, encode

_OPTION_VALUES = {"tini": ("-p", "-e"), "dumb-init": ("-r", "--rewrite")}
_OPTIONS = {
    "tini": frozenset(("-s", "-g", "-w", "-l", "-v", "-vv", "-vvv")),
    "dumb-init": frozenset(("-c", "--single-child", "-v", "--verbose")),
    "catatonit": frozenset(("-g",)),
}
InitName = Literal["tini", "dumb-init", "catatonit"]
_NAMES: tuple[InitName, ...] = ("tini", "dumb-init", "catatonit")
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')


def init_name(word: str) -> InitName | None:
    """The init that a start command's first word means."""
    name = word.rsplit("/", 1)[-1]
    name = re.sub(r"-(?:static|amd64|arm64|static-amd64|static-arm64|muslc-amd64)$", "", name)
    return next((init for init in _NAMES if init == name and init in INITS), None)


def put_right(subject: Subject, problem: StartProblem, options: CureOptions) -> Part | NoCure:
    """A missing init: its path where the image has it elsewhere, else installed."""
    name = init_name(problem.path)
    if name is None:
        return NoCure(problem.why)
    home = places.home_of(subject, together=options.together)
    chosen = options._replace(init=name) if options.init == "auto" else options
    provided = provide(subject, chosen, home)
    if isinstance(provided, NoCure):
        return provided
    if provided.name != name:
        return NoCure(f"{name} is what the start command names, not {provided.name}")
    found = word_of(subject, problem.path)
    if found is None and provided.edits and not provided.before_start and "/" not in problem.path:
        # PATH leads there from wherever it is named
        return Part(("init", "path"), provided.edits, f"install {name}, {provided.how}", unsafe=provided.unsafe)
    if found is None:
        return NoCure(f"the word that names {name} can't be found in the Dockerfile")
    instruction, start, end, word = found
    edits = list(provided.edits)
    if provided.before_start:
        style = style_of(subject.dockerfile.parsed)
        lines = places.indent_of(instruction) + provided.before_start
        edits.append(places.put_above(subject.dockerfile.parsed, instruction, lines, style.newline))
    reached = "/" not in word and provided.path.rsplit("/", 1)[-1] == word
    if not reached and word != provided.path:
        edits.append(Edit(instruction.span.source.span(start, end), encode(quoted(provided.path))))
    if provided.edits:
        return Part(("init", "path"), tuple(edits), f"install {name}, {provided.how}", unsafe=provided.unsafe)
    if not edits:
        return NoCure(problem.why)
    return Part(("path", "init"), tuple(edits), f"start {name} at {provided.path}, where it is", unsafe=provided.unsafe)


def word_of(subject: Subject, path: str) -> tuple[Instruction, int, int, str] | None:
    """The first word of ENTRYPOINT or CMD, as a JSON string, whose basename is that of `path`."""
    wanted = path.rsplit("/", 1)[-1]
    for field in (subject.container.entrypoint, subject.container.cmd):
        if not isinstance(field, StartField) or not isinstance(field.form, ExecForm) or not field.form.argv:
            continue
        instruction = places.instruction_at(subject.dockerfile.parsed, field.span)
        if instruction is None:
            return None
        word = field.form.argv[0]
        match = _STRING.search(instruction.value)
        if match is None or word.rsplit("/", 1)[-1] != wanted:
            return None
        start = instruction.offset_of(match.start())
        return instruction, start, start + len(encode(match[0])), word
    return None


def add_separator(subject: Subject) -> Part | NoCure:
    """`--` behind the init and its own options, so that it can't take the program's for its own."""
    container = subject.container
    for field in (container.entrypoint, container.cmd):
        if not isinstance(field, StartField) or field.form is None:
            continue
        name = init_name(field.form.argv[0]) if field.form.argv else None
        instruction = places.instruction_at(subject.dockerfile.parsed, field.span)
        if name is None or instruction is None or not isinstance(field.form, ExecForm):
            return NoCure("the init isn't the first word of an array in this Dockerfile")
        argv = field.form.argv
        index = 1
        while index < len(argv):
            word = argv[index]
            if word in _OPTION_VALUES.get(name, ()):
                index += 2
            elif word in _OPTIONS.get(name, ()):
                index += 1
            else:
                break
        if index < len(argv) and argv[index] == "--":
            return NoCure("`--` stands there already")
        style = style_of(subject.dockerfile.parsed, instruction)
        strings = list(_STRING.finditer(instruction.value))
        if len(strings) != len(argv):
            return NoCure("the array can't be read word by word")
        if index < len(argv):
            at = instruction.offset_of(strings[index].start())
            content = '"--"' + style.comma
        else:
            at = instruction.offset_of(strings[-1].end() - 1) + 1
            content = style.comma + '"--"'
        return Part(
            ("separator",), (Edit(instruction.span.source.span(at, at), encode(content)),), f"write `--` behind {name}"
        )
    return NoCure("no init starts this container")
