"""ENTRYPOINT and CMD written anew: an init in front of what is there, what it would clear written again."""

from __future__ import annotations

import re

from initlint.boot.model import Link
from initlint.cure import places
from initlint.cure.model import NoCure
from initlint.cure.provided import Provided
from initlint.cure.style import Style, quoted, style_of
from initlint.records import NamedTuple
from initlint.subject import Subject
from initlint.targets.container import ExecForm, ShellForm, StartField, Unresolved
from initlint.targets.dockerfile.syntax import Instruction, Stage
from initlint.text import Edit, Span, encode

_ASSIGNMENTS = r"(?:[A-Za-z_]\w*=(?:[^\s\"'$`\\;&|<>()]*|\"[^\"`\\]*\"|'[^']*')[ \t]+)*"
_EXPLICIT = re.compile(rf"\s*{_ASSIGNMENTS}exec[ \t]+(?=[^-\s])")
_COMMAND = re.compile(rf"\s*{_ASSIGNMENTS}(?=[\w./\"'$-])")


class Written(NamedTuple):
    """The edits that put an init in front, and why that needs people's consent."""

    edits: tuple[Edit, ...]
    unsafe: tuple[str, ...] = ()


def put_init_in_front(subject: Subject, init: Provided, home: Stage, inserted: tuple[Edit, ...]) -> Written | NoCure:
    """ENTRYPOINT with the init. `inserted` are the edits (`exec `) that the same plan makes.

    The result holds those of `inserted` that still have a place, changed where the init joins them.
    """
    container = subject.container
    entrypoint, command = container.entrypoint, container.cmd
    if isinstance(entrypoint, Unresolved):
        return NoCure(f"the base image's ENTRYPOINT isn't known, and a new one would replace it ({entrypoint.why})")
    parsed = subject.dockerfile.parsed
    instruction = places.instruction_at(parsed, entrypoint.span) if entrypoint.origin == "dockerfile" else None
    if instruction is not None and places.step_of(home, instruction) is not None:
        return _in_place(subject, init, instruction, entrypoint, inserted)
    if isinstance(command, Unresolved):
        return NoCure(f"the base image's CMD isn't known, and a new ENTRYPOINT would clear it ({command.why})")
    return _newly(subject, init, home, instruction, inserted)


def _in_place(
    subject: Subject, init: Provided, instruction: Instruction, field: StartField, inserted: tuple[Edit, ...]
) -> Written | NoCure:
    style = style_of(subject.dockerfile.parsed, instruction)
    edits = list(_copy_line(subject, init, instruction, style))
    if isinstance(field.form, ShellForm):
        changed = _in_shell_form(subject, init, instruction, inserted)
        if isinstance(changed, NoCure):
            return changed
        return Written((*edits, *changed))
    return Written((*edits, *inserted, _in_array(instruction, init, style)))


def _copy_line(subject: Subject, init: Provided, instruction: Instruction, style: Style) -> tuple[Edit, ...]:
    if not init.before_start:
        return ()
    lines = places.indent_of(instruction) + init.before_start
    return (places.put_above(subject.dockerfile.parsed, instruction, lines, style.newline),)


def _in_array(instruction: Instruction, init: Provided, style: Style) -> Edit:
    """`["app"]` becomes `["/usr/bin/tini", "--", "app"]`: the rest of the array stays as it is."""
    text = instruction.value
    words = style.comma.join(quoted(word) for word in init.words)
    if instruction.json:
        at = instruction.offset_of(text.index('"'))
        content = words + style.comma
    else:
        at = instruction.offset_of(text.index("[") + 1)
        content = words
    return Edit(Span(instruction.span.source, at, at), encode(content))


def _in_shell_form(
    subject: Subject, init: Provided, instruction: Instruction, inserted: tuple[Edit, ...]
) -> tuple[Edit, ...] | NoCure:
    """`ENTRYPOINT java -jar a.jar` becomes `ENTRYPOINT exec /usr/bin/tini -- java -jar a.jar`."""
    within = [edit for edit in inserted if _inside(edit, instruction)]
    others = tuple(edit for edit in inserted if not _inside(edit, instruction))
    front = f"{' '.join(init.words)} "
    if len(within) == 1:
        return (*others, Edit(within[0].span, within[0].content + encode(front)))
    if within:
        return NoCure("ENTRYPOINT starts programs in several places")
    link = _shell_of(subject, instruction)
    end = link.shell_end if link is not None else None
    if link is None or end is None or end.kind != "exec" or end.span is None:
        return NoCure("which command ENTRYPOINT's shell ends in can't be told")
    text = end.span.text
    explicit = _EXPLICIT.match(text)
    match = explicit or (_COMMAND.match(text) if end.implicit else None)
    if match is None:
        return NoCure("an init can't be written into ENTRYPOINT's shell form as it stands")
    at = end.span.start + len(encode(match[0]))
    content = front if explicit else f"exec {front}"
    return (*others, Edit(Span(end.span.source, at, at), encode(content)))


def _inside(edit: Edit, instruction: Instruction) -> bool:
    return _holds(instruction, edit.span)


def _holds(instruction: Instruction, span: Span) -> bool:
    whole = instruction.span
    return span.source is whole.source and whole.start <= span.start <= whole.end


def _shell_of(subject: Subject, instruction: Instruction) -> Link | None:
    """The shell that runs a shell form: the link whose script ends inside that instruction."""
    for link in subject.likely.chain:
        end = link.shell_end
        span = end.span if end is not None else None
        if span is not None and _holds(instruction, span):
            return link
    return None


def _newly(
    subject: Subject, init: Provided, home: Stage, moved: Instruction | None, inserted: tuple[Edit, ...]
) -> Written | NoCure:
    """A new ENTRYPOINT in `home`; what it hides or clears is written again."""
    container = subject.container
    parsed = subject.dockerfile.parsed
    entrypoint, command = container.entrypoint, container.cmd
    assert isinstance(entrypoint, StartField) and isinstance(command, StartField)
    own_cmd = places.instruction_at(parsed, command.span) if command.origin == "dockerfile" else None
    style = style_of(parsed, own_cmd or moved)
    rest = list(inserted)
    unsafe = _extrapolated(subject)
    words = init.words
    if isinstance(entrypoint.form, ShellForm):
        return NoCure("the inherited ENTRYPOINT is in shell form, which an init can't be put in front of here")
    if isinstance(entrypoint.form, ExecForm):
        words = (*words, *entrypoint.form.argv)
    if moved is not None and any(_inside(edit, moved) for edit in rest):
        return NoCure("another stage shares this ENTRYPOINT, whose command line would have to change")
    lines = [f"{style.keyword('ENTRYPOINT')} {style.array(words)}"]
    if init.before_start:
        lines.insert(0, init.before_start)
    in_home = own_cmd is not None and places.step_of(home, own_cmd) is not None
    if in_home and own_cmd is not None:
        indent = places.indent_of(own_cmd)
        text = style.newline.join(indent + line for line in lines)
        return Written((*rest, places.put_above(parsed, own_cmd, text, style.newline)), unsafe)
    last = places.last_instruction(home)
    indent = places.indent_of(last)
    if command.form is not None:
        again = _cmd_again(home, command, own_cmd, rest, style)
        if isinstance(again, NoCure):
            return again
        text_again, rest = again
        lines.append(text_again)
    text = style.newline.join(indent + line for line in lines)
    return Written((*rest, places.put_below(parsed, last, text, style.newline)), unsafe)


def _cmd_again(
    home: Stage, command: StartField, own: Instruction | None, inserted: list[Edit], style: Style
) -> tuple[str, list[Edit]] | NoCure:
    """The inherited CMD, for the stage that gets the ENTRYPOINT; edits inside it move along."""
    form = command.form
    if own is None:
        if isinstance(form, ExecForm):
            return f"{style.keyword('CMD')} {style.array(form.argv)}", inserted
        assert isinstance(form, ShellForm)
        return f"{style.keyword('CMD')} {style.array(form.argv)}", inserted
    if isinstance(form, ShellForm) and form.shell != home.shell_after:
        return NoCure("CMD is in shell form, and SHELL is another one where it would be written again")
    within = [edit for edit in inserted if _inside(edit, own)]
    outside = [edit for edit in inserted if not _inside(edit, own)]
    data = own.span.data
    for edit in sorted(within, key=lambda item: item.span.start, reverse=True):
        start, end = edit.span.start - own.span.start, edit.span.end - own.span.start
        data = data[:start] + edit.content + data[end:]
    return data.decode("utf-8", "surrogateescape"), outside


def _extrapolated(subject: Subject) -> tuple[str, ...]:
    """The reason for consent where a new ENTRYPOINT rests on facts of another version of the base."""
    container = subject.container
    match = container.base.match
    if match is None or match.exact:
        return ()
    entrypoint = container.entrypoint
    if isinstance(entrypoint, StartField) and entrypoint.origin == "dockerfile":
        return ()
    return (f"what the base image starts was {match.why}" if match.why else "the base's facts are of another version",)
