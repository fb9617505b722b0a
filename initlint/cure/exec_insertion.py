"""`exec` before the program that a shell waits for, in shell form and in scripts."""

from __future__ import annotations

import re
from collections.abc import Iterator

from initlint.boot.model import Link, Opaque, Outcome
from initlint.cure import places
from initlint.cure.model import NoCure
from initlint.cure.style import style_of
from initlint.records import NamedTuple
from initlint.subject import Subject
from initlint.targets.container import Container, ExecForm, ShellForm, StartField
from initlint.targets.dockerfile.syntax import Instruction
from initlint.text import Edit, Span, encode

# Words that mean the same to a shell and to exec: no expansion, no quotes, no operators.
_PLAIN_WORD = re.compile(r"[A-Za-z0-9_@%+:,./=-]+")

_OBSTACLES = {
    "background-job": "jobs run in the background beside it, which `exec` would leave to it",
    "trap": "a trap would be lost",
    "pipeline": "it is part of a pipeline",
    "loop": "it runs in a loop",
    "not-last": "commands follow it",
    "or-list": "`||` follows it",
    "builtin": "it is a builtin of the shell",
    "function": "it is a function",
    "keyword": "it is a keyword of the shell",
    "unknown-word": "what the word expands to isn't known",
    "alias": "it may be an alias",
    "subshell": "it runs in a subshell",
    "negated": "its status is negated",
    "wait": "the shell waits for jobs in the background",
    "read": "the shell reads on",
    "eval": "it is run by eval",
    "heredoc": "the script is written by a heredoc",
}


# What nobody sets to something else at run time, and what scripts are found by.
_KEPT_VARIABLES = frozenset(("PATH", "HOME", "PWD"))


class Insertions(NamedTuple):
    """`edits` write `exec`; `says` tells where. `likely`: the usual way of starting is among them.
    `left` are other ways in which a shell stays that can't be mended."""

    edits: tuple[Edit, ...]
    says: str
    likely: bool
    left: tuple[str, ...] = ()


def staying(outcome: Outcome) -> tuple[Link, ...]:
    """What stays in front of the main program and keeps the stop signal from it; an init doesn't, nor
    does a supervisor that forwards."""
    if outcome.stops == "yes" or outcome.problem is not None or outcome.pid1_link is None:
        return ()
    end = outcome.main_link if outcome.main_link is not None else len(outcome.chain)
    links = outcome.chain[outcome.pid1_link : max(end, outcome.pid1_link + 1)]
    shells_only = outcome.stops == "unknown"
    return tuple(
        link
        for link in links
        if link.stays
        and link.kind != "init"
        and not (link.kind == "supervisor" and link.forwards)
        and (link.shell_end is not None or not shells_only)
    )


def program_of(outcome: Outcome) -> Link | None:
    """The main program, a supervisor for those that it starts; where nothing is known of it, what the
    chain ends in."""
    for link in outcome.chain[outcome.pid1_link or 0 :]:
        if link.kind == "supervisor" and link.stays and link.forwards:
            return link
    if outcome.main is not None:
        return outcome.main
    if outcome.pid1_link is not None and len(outcome.chain) > outcome.pid1_link + 1:
        return outcome.chain[-1]
    return None


def insertions(subject: Subject) -> Insertions | NoCure:
    """Where `exec` belongs in this container's start; NoCure where the usual way can't be mended."""
    edits: dict[Edit, None] = {}
    likely = subject.likely
    blocked = _collect(subject, likely, edits)
    if blocked is not None:
        return NoCure(blocked)
    mends_likely = bool(edits)
    says = _says(subject, tuple(edits)) if edits else ""
    left: dict[str, None] = {}
    for outcome in subject.trace.outcomes:
        if outcome.likely:
            continue
        more: dict[Edit, None] = {}
        reason = _collect(subject, outcome, more)
        if reason is not None:
            left[reason] = None
        else:
            edits.update(more)
    if edits and not says:
        says = _says(subject, tuple(edits))
    return Insertions(tuple(edits), says, mends_likely, tuple(left))


def for_other_runs(subject: Subject) -> Insertions:
    """Where `exec` belongs in what `docker run -e NAME=value IMAGE COMMAND` starts.

    An init in front is for every command and every setting: a script that goes several ways by
    its arguments or by the environment must keep its shell on none of them.
    """
    from initlint.boot.follow import trace

    edits: dict[Edit, None] = {}
    left: dict[str, None] = {}
    for container in _other_runs(subject):
        for outcome in trace(container, subject.rootfs, subject.dockerfile.stages).outcomes:
            reason = _collect(subject, outcome, edits)
            if reason is not None:
                left[reason] = None
    files = dict.fromkeys(edit.span.source.name for edit in edits)
    says = f"write `exec` before what else {' and '.join(files)} may start"
    return Insertions(tuple(edits), says, False, tuple(left))


def _other_runs(subject: Subject) -> Iterator[Container]:
    """The container with another command, and with another environment, where a script sees them."""
    container = subject.container
    if not any(link.shell is not None for outcome in subject.trace.outcomes for link in outcome.chain):
        return
    env = {name: value if name in _KEPT_VARIABLES else None for name, value in container.env.items()}
    yield container._replace(env=env, env_complete=False)
    entrypoint = container.entrypoint
    if isinstance(entrypoint, StartField) and isinstance(entrypoint.form, ExecForm):
        yield container._replace(start=(*entrypoint.form.argv, Opaque("COMMAND", many=True)))


def _collect(subject: Subject, outcome: Outcome, edits: dict[Edit, None]) -> str | None:
    """Add the edits that one way of settling needs; the reason where it can't be mended."""
    found: list[Edit] = []
    for link in staying(outcome):
        end = link.shell_end
        if end is None or end.stays is None:
            return _wrapper(link, outcome)
        stays = end.stays
        if stays.exec_at is None:
            main = program_of(outcome)
            what = main.program if main is not None and main is not link else "the program"
            reason = _OBSTACLES.get(stays.obstacle) or stays.why or "it isn't a plain command in the last place"
            where = _where(stays.command or end.span)
            return f"`exec` can't be written before {what}{where}: {reason}"
        place = stays.exec_at.in_file() if stays.exec_at.is_copied_out else stays.exec_at
        refusal = places.why_not_writable(subject, place.source)
        if place is stays.exec_at:
            refusal = refusal or _in_heredoc(subject, place)
        if refusal is not None:
            return f"`exec` can't be written before {end.argv[0] if end.argv else 'the program'}: {refusal}"
        found.append(Edit(place.source.span(place.start, place.start), b"exec "))
    edits.update(dict.fromkeys(found))
    return None


def _wrapper(link: Link, outcome: Outcome) -> str:
    main = program_of(outcome)
    name = link.program
    if main is None or main is link:
        return f"{name} is what runs, and it doesn't pass the stop signal on"
    return f"{name} stays in front of {main.program} and would lose the stop signal under an init as well"


def _where(span: Span | None) -> str:
    return f" ({span.source.name}:{span.row})" if span is not None else ""


def _in_heredoc(subject: Subject, span: Span) -> str | None:
    parsed = subject.dockerfile.parsed
    if span.source is not parsed.source:
        return None
    instruction = places.instruction_at(parsed, span)
    if instruction is None or instruction.keyword not in ("CMD", "ENTRYPOINT"):
        return "the script is written by another instruction of the Dockerfile"
    return None


def _says(subject: Subject, edits: tuple[Edit, ...]) -> str:
    own = subject.dockerfile.parsed.source
    files = list(dict.fromkeys(edit.span.source.name for edit in edits if edit.span.source is not own))
    shell = subject.likely.shell_in_front or subject.likely.shell_behind_init
    command = shell.shell_end.argv[:1] if shell is not None and shell.shell_end is not None else ()
    what = f"write `exec` before {command[0].rpartition('/')[2]}" if command else "write `exec` before the program"
    return f"{what} in {' and '.join(files)}" if files else what


def as_array(subject: Subject, found: Insertions) -> Edit | None:
    """CMD as a JSON array in place of `exec`, where the shell does nothing but start plain words."""
    container = subject.container
    command, entrypoint = container.cmd, container.entrypoint
    if len(found.edits) != 1 or not isinstance(command, StartField) or not isinstance(command.form, ShellForm):
        return None
    # behind an ENTRYPOINT a shell form is that program's argument, and it may look at it
    if not isinstance(entrypoint, StartField) or entrypoint.form is not None:
        return None
    instruction = places.instruction_at(subject.dockerfile.parsed, command.span)
    if instruction is None or not _replaceable(subject, instruction, command.form, found.edits[0]):
        return None
    words = command.form.text.split()
    style = style_of(subject.dockerfile.parsed, instruction)
    return Edit(instruction.value_span, encode(style.array(words)))


def _replaceable(subject: Subject, instruction: Instruction, form: ShellForm, edit: Edit) -> bool:
    words = form.text.split()
    span = edit.span
    if not instruction.span.start <= span.start <= instruction.span.end or span.source is not instruction.span.source:
        return False
    if form.shell != ("/bin/sh", "-c") or subject.container.env.get("ENV") or subject.container.env.get("BASH_ENV"):
        return False
    if not words or "=" in words[0] or not all(_PLAIN_WORD.fullmatch(word) for word in words):
        return False
    if instruction.comments or instruction.lines[0] != instruction.lines[1] or not instruction.value_span.data:
        return False
    chain = subject.likely.chain
    after = next((chain[index + 1] for index, link in enumerate(chain[:-1]) if link.shell_end is not None), None)
    if after is None:
        return False
    # a shell starts a file without #! by itself, the engine doesn't
    return after.interpreter is None or (after.script is not None and after.script.data.startswith(b"#!"))
