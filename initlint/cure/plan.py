"""One plan per container: what can't start is mended first, then `exec`, then an init and its installation."""

from __future__ import annotations

import re
import signal

from initlint.boot.model import Link, Outcome
from initlint.cure import dangers, faults, init_downloads, init_options, init_words, json_repair, places, start_commands
from initlint.cure.exec_insertion import Insertions, as_array, for_other_runs, insertions, program_of, staying
from initlint.cure.install import provide
from initlint.cure.model import Cure, CureOptions, NoCure, Part, cure_of
from initlint.facts import ProgramFact
from initlint.rule import CureStep
from initlint.subject import Subject
from initlint.targets.container import ShellForm, StartField, Value
from initlint.text import Edit

__all__ = ["Cure", "CureOptions", "NoCure", "plan"]

_TEMPLATE_LINE = re.compile(
    rb"(?m)^[ \t]*(?:\{\{|\{%|<%)|^[ \t]*(?:(?i:FROM|CMD|ENTRYPOINT|USER))\b[^\n]*(?:\{\{|\{%|<%|@@\w+@@)"
)
_TEMPLATE_NAME = (".j2", ".jinja", ".jinja2", ".tmpl", ".tpl", ".template", ".erb", ".in", ".mustache")


def plan(subject: Subject, options: CureOptions, wanted: frozenset[CureStep]) -> Cure | NoCure:
    """The next whole step towards a container without the faults that `wanted` settles.

    A start command that can't start is mended by itself: what is PID 1 then shows only when the
    result is traced, so `fixing.propose` plans again on it until nothing is left.
    """
    refusal = _untouchable(subject)
    if refusal is not None:
        return NoCure(refusal)
    if not wanted:
        return NoCure("nothing that a cure settles was found")
    if "json" in wanted and _looks_like_json(subject):
        part = json_repair.repair(subject)
        return part if isinstance(part, NoCure) else cure_of((part,))
    likely = subject.likely
    if likely.problem is not None:
        part = faults.mend(subject, likely.problem, options)
        return part if isinstance(part, NoCure) else cure_of((part,))
    parts: list[Part] = []
    if "separator" in wanted:
        part = init_words.add_separator(subject)
        if isinstance(part, NoCure):
            if not wanted & {"exec", "init"}:
                return part
        else:
            parts.append(part)
    if "one-init" in wanted:
        # What is left of two is looked at again, by itself.
        part = init_options.one_init(subject)
        if isinstance(part, Part):
            return cure_of((part,))
        if not wanted - {"one-init"}:
            return part
    if "checksum" in wanted:
        part = init_downloads.verified(subject)
        if isinstance(part, NoCure):
            if not wanted - {"checksum"}:
                return part
        else:
            parts.append(part)
    if "group" in wanted:
        part = init_options.single_child(subject)
        if isinstance(part, NoCure):
            if not parts and not wanted & {"exec", "init"}:
                return part
        else:
            parts.append(part)
    if wanted & {"exec", "init"}:
        duties = _duties(subject, options, wanted)
        if not isinstance(duties, NoCure):
            parts.extend(duties)
        elif not parts:
            return duties
    if not parts:
        return NoCure(_left_over(subject))
    return cure_of(tuple(parts))


def _untouchable(subject: Subject) -> str | None:
    container = subject.container
    source = subject.dockerfile.parsed.source
    if container.kind != "dockerfile":
        return "only Dockerfiles are edited"
    if container.windows:
        return "a Windows container has no PID 1"
    if source.name.lower().endswith(_TEMPLATE_NAME) or _TEMPLATE_LINE.search(source.data):
        return "the file is a template, which initlint leaves alone"
    refusal = places.dockerfile_not_writable(source.path) if source.path is not None else None
    if refusal is not None:
        return refusal
    if container.tool_image:
        return "the image is a tool's: nothing of its own is started"
    return None


def _looks_like_json(subject: Subject) -> bool:
    return any(
        isinstance(field, StartField) and isinstance(field.form, ShellForm) and field.form.looks_like_json
        for field in (subject.container.entrypoint, subject.container.cmd)
    )


def _left_over(subject: Subject) -> str:
    likely = subject.likely
    if likely.problem is not None:
        return likely.problem.why
    return "nothing is left to do that a cure could"


def _duties(subject: Subject, options: CureOptions, wanted: frozenset[CureStep]) -> list[Part] | NoCure:
    """`exec` where a shell stays, then an init where PID 1 would not reap or not stop."""
    likely = subject.likely
    if likely.pid1 in ("none", "unknown"):
        return NoCure("what PID 1 is can't be told" if likely.pid1 == "unknown" else "nothing stays running")
    for link in likely.chain:
        if link.shell_end is not None and link.shell_end.unended:
            return NoCure(link.shell_end.unended)
    found = insertions(subject)
    if isinstance(found, NoCure):
        return found
    if not found.edits and "init" not in wanted:
        return NoCure("no shell stays where `exec` could be written")
    script = _script_in_front(subject, found)
    if script is not None:
        return NoCure(script)
    references = dangers.pid1_references(subject)
    worse: tuple[str, ...] = ()
    if _init_is_due(subject, found, wanted):
        unseen = _unseen_script(subject) if found.likely else None
        front = NoCure(unseen) if unseen is not None else _init(subject, options, found, references)
        if not isinstance(front, NoCure):
            return front
        lost = _lost_reaping(subject, found)
        if not found.edits or lost is None or not _ends_on_stop(subject):
            return front
        worse = (f"{lost}, and there is no init for it: {front.why}",)
    if not found.edits:
        return NoCure("no shell stays, and PID 1 does its duties")
    array = as_array(subject, found)
    says = "make CMD a JSON array, so that no shell stays" if array is not None else found.says
    edits = found.edits if array is None else (array,)
    return [Part(("exec",), edits, says, unsafe=(*worse, *references))]


def _init_is_due(subject: Subject, found: Insertions, wanted: frozenset[CureStep]) -> bool:
    """After `exec` whatever the shell did has to be done by someone; else only where it was asked for."""
    main = program_of(subject.likely)
    if not found.likely:
        return "init" in wanted and not _does_its_duties(subject.likely)
    fact = main.fact if main is not None else None
    if dangers.must_be_pid1(subject.likely) is not None:
        return False
    return fact is None or fact.reaps != "yes" or _effect(subject, fact) in (None, "ignored", "kills")


def _does_its_duties(outcome: Outcome) -> bool:
    return outcome.reaps in ("yes", "while-waiting") and outcome.stops == "yes"


def _unseen_script(subject: Subject) -> str | None:
    """A script that wasn't read: under an init it would be worse off, should it not `exec`."""
    main = program_of(subject.likely)
    if main is None or main.fact is not None or main.script is not None:
        return None
    if main.program.endswith((".sh", ".bash", ".ash")) or "entrypoint" in main.program:
        return f"what {main.program} does can't be seen"
    return None


def _lost_reaping(subject: Subject, found: Insertions) -> str | None:
    """What gets worse when only `exec` is written: the shell reaped, the program doesn't."""
    main = program_of(subject.likely)
    shells = [link for link in staying(subject.likely) if link.shell_end is not None]
    if not found.likely or main is None or not shells:
        return None
    fact = main.fact
    if fact is not None and fact.reaps == "yes":
        return None
    verb = "isn't known to" if fact is None or fact.reaps == "unknown" else "doesn't"
    return f"the shell reaped orphans, and {main.program} {verb}"


def _ends_on_stop(subject: Subject) -> bool:
    main = program_of(subject.likely)
    fact = main.fact if main is not None else None
    return fact is None or _effect(subject, fact) in (None, "exits", "forwards")


def _effect(subject: Subject, fact: ProgramFact) -> str | None:
    return fact.effects.get(stop_signal(subject))


def stop_signal(subject: Subject) -> str:
    """The stop signal's name, SIGTERM where nobody set one."""
    field = subject.container.stop_signal
    text = field.value.strip().upper() if isinstance(field, Value) else ""
    if text.isdigit():
        try:
            return signal.Signals(int(text)).name
        except ValueError:
            return "SIGTERM"
    if not text:
        return "SIGTERM"
    return text if text.startswith("SIG") else f"SIG{text}"


def _init(
    subject: Subject, options: CureOptions, found: Insertions, references: tuple[str, ...]
) -> list[Part] | NoCure:
    likely = subject.likely
    refusal = dangers.no_init_because(subject) or _no_help(subject, found)
    if refusal is not None:
        return NoCure(refusal)
    home = places.home_of(subject, together=options.together)
    provided = provide(subject, options, home)
    if isinstance(provided, NoCure):
        return provided
    array = as_array(subject, found)
    others = for_other_runs(subject)
    edits = tuple(dict.fromkeys((*found.edits, *others.edits)))
    inserted: tuple[Edit, ...] = (array,) if array is not None else edits
    written = start_commands.put_init_in_front(subject, provided, home, inserted)
    if isinstance(written, NoCure):
        return written
    left = tuple(
        f"{reason}, and an init in front would end the shell before the program"
        for reason in dict.fromkeys((*found.left, *others.left))
    )
    unsafe = (*references, *provided.unsafe, *written.unsafe, *left)
    main = (program_of(likely) if found.likely else None) or likely.pid1_process or program_of(likely)
    program = main.program if main is not None else likely.pid1
    what = f"put {provided.name} in front of {program}, {provided.how}"
    parts = []
    if inserted:
        says = "make CMD a JSON array" if array is not None else found.says or others.says
        parts.append(Part(("exec",), (), says))
    # installation comes first in the file where both stand at one place
    edits = (*provided.edits, *written.edits)
    parts.append(Part(("init",), edits, what, (*_notes(subject, found, main), *provided.notes), unsafe))
    return parts


def _script_in_front(subject: Subject, found: Insertions) -> str | None:
    """A program that is a shell script itself and stays (apache2ctl): nothing in front of it helps."""
    main = program_of(subject.likely) or subject.likely.pid1_process
    if main is None or main.fact is None or main.shell_end is not None or main.fact.reaps != "while-waiting":
        return None
    return f"{main.program} is a shell script that stays in front of its program, and would lose the stop signal"


def _no_help(subject: Subject, found: Insertions) -> str | None:
    """Where an init changes nothing for the better."""
    likely = subject.likely
    if found.likely:
        return None
    link = likely.pid1_process
    if likely.kind == "shell" and link is not None and link.shell_end is not None and likely.main is link:
        return f"{likely.pid1} itself is what runs: an init would end it at once, in the middle of its work"
    if likely.reaps == "yes" and likely.stop_effect in ("reloads", "kills"):
        how = "reloads on" if likely.stop_effect == "reloads" else "loses"
        return f"{likely.pid1} {how} {stop_signal(subject)}, under an init as well"
    return None


def _notes(subject: Subject, found: Insertions, main: Link | None) -> tuple[str, ...]:
    """What changes for whoever stops the container."""
    notes = []
    fact = main.fact if main is not None else None
    name = stop_signal(subject)
    ignored = fact is not None and _effect(subject, fact) == "ignored" and fact.handles_term is not True
    if ignored and main is not None and subject.likely.stops != "yes":
        # a runtime's program that wasn't read may have a handler
        read = main.script is not None and subject.likely.stops != "unknown"
        unless = "" if read or (fact is not None and fact.kind != "runtime") else " unless its program handles it"
        number = getattr(signal, name, None)
        status = f", exit code {128 + int(number)} in place of 137" if isinstance(number, int) else ""
        notes.append(f"{main.program} now ends at once on {name}{unless}, without cleanup{status}")
    if subject.likely.jobs:
        job = subject.likely.jobs[0][1]
        word = " ".join(job.argv[:3])
        notes.append(f"the job `{word}` stays the program's own child, which an init can't reap")
    return tuple(notes)
