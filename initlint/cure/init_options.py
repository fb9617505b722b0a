"""Options of an init that is there already: whom it signals, and one init in place of two."""

from __future__ import annotations

import re

from initlint.boot.verdict import passes_to_group
from initlint.cure import places
from initlint.cure.init_words import init_name
from initlint.cure.model import NoCure, Part
from initlint.cure.style import style_of
from initlint.subject import Subject
from initlint.targets.container import ExecForm, StartField
from initlint.targets.dockerfile.syntax import Instruction
from initlint.text import Edit, encode

_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')


class Array:
    """A start command's JSON array, word by word."""

    def __init__(self, instruction: Instruction, argv: tuple[str, ...], *, is_cmd: bool) -> None:
        self.is_cmd = is_cmd
        self.instruction = instruction
        self.argv = argv
        self.strings = list(_STRING.finditer(instruction.value))

    @property
    def is_plain(self) -> bool:
        return len(self.strings) == len(self.argv)

    def without(self, start: int, end: int) -> Edit:
        """The words from `start` to before `end` taken out, with the commas behind them, or in front at the end."""
        if end < len(self.strings):
            first, last = self.strings[start].start(), self.strings[end].start()
        else:
            first, last = self.strings[start - 1].end() if start else self.strings[0].start(), self.strings[-1].end()
        return Edit(self.instruction.span_of(first, last), b"")


def arrays(subject: Subject) -> list[Array]:
    """ENTRYPOINT and CMD of this Dockerfile, where they are arrays."""
    found = []
    for field in (subject.container.entrypoint, subject.container.cmd):
        if isinstance(field, StartField) and isinstance(field.form, ExecForm) and field.form.argv:
            instruction = places.instruction_at(subject.dockerfile.parsed, field.span)
            if instruction is not None:
                found.append(Array(instruction, field.form.argv, is_cmd=field is subject.container.cmd))
    return found


def single_child(subject: Subject) -> Part | NoCure:
    """An init that signals its child alone, as far as its own options decide that."""
    init = subject.likely.pid1_process
    if init is None or not passes_to_group(init):
        return NoCure("no init signals the group")
    for array in arrays(subject):
        name = init_name(array.argv[0])
        if name is None or not array.is_plain or array.argv[0] != init.argv[0]:
            continue
        if name == "dumb-init":
            at = array.instruction.offset_of(array.strings[0].end() - 1) + 1
            comma = style_of(subject.dockerfile.parsed, array.instruction).comma
            edit = Edit(array.instruction.span.source.span(at, at), encode(f'{comma}"--single-child"'))
            return Part(("group",), (edit,), "let dumb-init signal its child alone")
        if init.told_group:
            return NoCure("a variable of the environment tells it to signal the group")
        if "-g" in array.argv[1:] and array.argv.index("-g") + 1 < len(array.argv):
            at = array.argv.index("-g")
            return Part(("group",), (array.without(at, at + 1),), f"let {name} signal its child alone")
        return NoCure(f"the option of {name} can't be taken out by itself")
    return NoCure("the init isn't the first word of an array in this Dockerfile")


def one_init(subject: Subject) -> Part | NoCure:
    """The inner one of two inits taken out of the start command."""
    outcome = subject.likely
    inits = [link for link in outcome.chain if link.kind == "init"]
    if len(inits) < 2 or inits[0] is not outcome.pid1_process:
        return NoCure("there aren't two inits")
    outer, inner = inits[0], inits[1]
    if passes_to_group(outer) or passes_to_group(inner):
        return NoCure(f"{outer.program} and {inner.program} don't signal the same processes: which one stays is open")
    rest = outcome.chain[outcome.chain.index(inner) + 1 :]
    if not rest or not rest[0].argv or len(rest[0].argv) >= len(inner.argv):
        return NoCure(f"what {inner.program} starts isn't seen")
    if outer.argv[-len(inner.argv) :] != inner.argv:
        return NoCure(f"{inner.program} isn't started by {outer.program} itself")
    words = len(inner.argv) - len(rest[0].argv)
    at = len(outer.argv) - len(inner.argv)
    for array in arrays(subject):
        start = at - (len(outer.argv) - len(array.argv) if array.is_cmd else 0)
        if array.is_plain and start >= 0 and array.argv[start : start + words] == inner.argv[:words]:
            edit = array.without(start, start + words)
            return Part(("one-init",), (edit,), f"leave out {inner.program}: {outer.program} is PID 1")
    return NoCure(f"{inner.program} isn't a word of an array in this Dockerfile")
