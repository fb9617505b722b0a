"""The records of a cure: what is asked for, what a plan consists of, and why there is none."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from initlint.records import NamedTuple
from initlint.rule import CureStep, Fix
from initlint.text import Edit, Source

InitChoice = Literal["auto", "tini", "dumb-init", "catatonit", "pid1", "pyinit"]
InstallChoice = Literal["auto", "package", "copy", "download"]


class CureOptions(NamedTuple):
    """`init`: which init a cure puts in front; auto takes what the image has, else tini.

    `install`: how it gets there where the image hasn't got it; auto tries a package, a copy, a download.
    `together`: an ENTRYPOINT that several containers share is changed for all of them, whatever
    their CMDs are: where a script that they share changes, all of them need the rest as well.
    """

    init: InitChoice = "auto"
    install: InstallChoice = "auto"
    together: bool = False


class Cure(NamedTuple):
    """One whole plan for a container. `notes` say what changes for whoever runs it; `parts` made it."""

    fix: Fix
    steps: tuple[CureStep, ...]
    notes: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()


class NoCure(NamedTuple):
    """There is nothing that can be written, and why (one short sentence)."""

    why: str


class Part(NamedTuple):
    """A piece of a plan. `says` is its clause of the message, `unsafe` why it needs people's consent."""

    steps: tuple[CureStep, ...]
    edits: tuple[Edit, ...]
    says: str
    notes: tuple[str, ...] = ()
    unsafe: tuple[str, ...] = ()


def cure_of(parts: tuple[Part, ...]) -> Cure:
    """Parts put together: unsafe when one of them is; the message has every clause and note."""
    steps: dict[CureStep, None] = {}
    unsafe: dict[str, None] = {}
    notes: dict[str, None] = {}
    edits: dict[Edit, None] = {}
    for part in parts:
        steps.update(dict.fromkeys(part.steps))
        unsafe.update(dict.fromkeys(part.unsafe))
        notes.update(dict.fromkeys(part.notes))
        edits.update(dict.fromkeys(part.edits))
    message = ", and ".join(part.says for part in parts if part.says)
    told = [message[:1].upper() + message[1:], *notes, *(f"unsafe: {reason}" for reason in unsafe)]
    fix = Fix(
        applicability="unsafe" if unsafe else "safe",
        message="; ".join(told),
        edits=_joined(edits),
        steps=tuple(steps),
        notes=tuple(notes),
    )
    return Cure(fix, tuple(steps), tuple(notes), parts)


def _joined(edits: Iterable[Edit]) -> tuple[Edit, ...]:
    """Edits in the order of the file, insertions at one place made one, in the order that they came in."""
    found: dict[tuple[Source, int], Edit] = {}
    rest = []
    for edit in dict.fromkeys(edits):
        if edit.span.start != edit.span.end:
            rest.append(edit)
            continue
        place = (edit.span.source, edit.span.start)
        before = found.get(place)
        found[place] = edit if before is None else before._replace(content=before.content + edit.content)
    return tuple(sorted([*found.values(), *rest], key=lambda edit: (edit.span.source.name, edit.span[1:])))
