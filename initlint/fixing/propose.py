"""From what is wrong with a container to one verified fix, or the reason why there is none."""

from __future__ import annotations

from collections.abc import Callable

from initlint.cure.exec_insertion import staying
from initlint.cure.model import Cure, CureOptions, Part, cure_of
from initlint.cure.plan import plan
from initlint.fixing.apply import Changed, Conflict, apply, edits_between, key_of
from initlint.fixing.verify import Withheld, position, reexamined, verify
from initlint.rule import CureStep, Fix
from initlint.subject import Subject
from initlint.targets.container import ShellForm, StartField
from initlint.text import Source

# Says which steps would settle what is reported of a container: the linter hands in its rules' answer.
Judge = Callable[[Subject], frozenset[CureStep]]

DEFAULTS = CureOptions()
ROUNDS = 6  # one fault hides the next: no JSON, no executable bit, no #! line, no exec, no init


def propose(
    subject: Subject,
    wanted: frozenset[CureStep],
    options: CureOptions = DEFAULTS,
    judge: Judge | None = None,
) -> Fix | str:
    """The whole cure of a container, tried out; else one sentence why there is none.

    A start that fails is mended fault by fault, each on the traced result of the one before,
    until `judge` finds nothing more that a cure could settle.
    """
    answer = _proposed(subject, wanted, options, judge or needs)
    if isinstance(answer, Withheld) and answer.elsewhere:
        together = _proposed(subject, wanted, options._replace(together=True), judge or needs)
        answer = together if isinstance(together, Fix) else answer
    return f"withheld: {answer.why}" if isinstance(answer, Withheld) else answer


def _proposed(
    subject: Subject, wanted: frozenset[CureStep], options: CureOptions, judged: Judge
) -> Fix | Withheld | str:
    changes: dict[str, Changed] = {}
    parts: list[Part] = []
    current, asked, last = subject, wanted, None
    first: Cure | None = None
    for _ in range(ROUNDS):
        cure = plan(current, options, asked)
        if not isinstance(cure, Cure):
            last = cure.why
            break
        if first is None:
            first = cure
        parts.extend(cure.parts)
        try:
            changes = _further(subject, changes, cure)
        except Conflict as conflict:
            return f"the fix contradicts itself: {conflict}"
        after = reexamined(subject, changes)
        if isinstance(after, Withheld):
            return after
        current = after[position(subject)]
        asked = judged(current)
        if not asked:
            break
    if first is None:
        return last or "there is nothing to do"
    whole = _composed(subject, first, tuple(parts), changes)
    unsafe = whole.fix.applicability == "unsafe"
    result = verify(subject, changes, unsafe=unsafe, traced=set(whole.steps) != {"checksum"})
    if isinstance(result, Withheld):
        return result
    before, after_all = subject.likely, result.subject.likely
    if asked == wanted and (before.reaps, before.stops) == (after_all.reaps, after_all.stops):
        return "withheld: orphans and the stop signal would fare as before"
    again = plan(result.subject, options, wanted | asked)
    if isinstance(again, Cure):
        return Withheld("the fix would have to be fixed again")
    broken = subject.likely.problem is not None or "json" in wanted
    if asked - wanted and not broken:
        return Withheld(f"the result has another fault ({last or ', '.join(sorted(asked - wanted))})")
    return whole.fix


def needs(subject: Subject) -> frozenset[CureStep]:
    """What a container calls for by its trace alone: the answer where no rules are at hand."""
    likely = subject.likely
    steps: set[CureStep] = set()
    for field in (subject.container.entrypoint, subject.container.cmd):
        if isinstance(field, StartField) and isinstance(field.form, ShellForm) and field.form.looks_like_json:
            steps.add("json")
    if likely.problem is not None:
        steps |= {"mode", "shebang", "path", "init"}
    elif staying(likely):
        steps.add("exec")
    elif likely.pid1 not in ("none", "unknown") and (
        likely.stops == "no" or (likely.reaps == "no" and likely.children in ("yes", "unknown") and not likely.unread)
    ):
        steps.add("init")
    return frozenset(steps)


def _further(subject: Subject, changes: dict[str, Changed], cure: Cure) -> dict[str, Changed]:
    """What a round changes, on top of the rounds before, told from the files as they are on the disk."""
    result = dict(changes)
    for key, change in apply(cure.fix.edits).items():
        earlier = changes.get(key)
        original = earlier.source if earlier is not None else _original(subject, change.source)
        result[key] = Changed(original, change.after, change.mode)
    return result


def _original(subject: Subject, source: Source) -> Source:
    own = subject.dockerfile.parsed.source
    if key_of(source) == key_of(own):
        return own
    if source.path is None or not source.exists:
        return source
    return subject.files.source(source.path)


def _composed(subject: Subject, first: Cure, parts: tuple[Part, ...], changes: dict[str, Changed]) -> Cure:
    """All rounds as one cure; the edits of a single round are kept as they were planned."""
    if len(parts) == len(first.parts):
        return first
    edits = tuple(edit for change in changes.values() for edit in edits_between(change.source, change.after))
    bare = tuple(part._replace(edits=()) for part in parts)
    whole = cure_of(bare)
    return whole._replace(fix=whole.fix._replace(edits=edits))
