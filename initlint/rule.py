"""What a rule is: Rule, Finding, Severity, Example, Fix; and the registry that finds them.

A rule is one module with a docstring (its documentation), a `check` generator and a `RULE`.
Nothing imports a rule by name: every module of `initlint.rules` is one, and packages add
theirs through the entry point group `initlint.rules` (each entry point names such a module).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Literal

from initlint.boot.model import Mistake, Outcome
from initlint.records import NamedTuple
from initlint.subject import Subject
from initlint.text import Edit, Span

Severity = Literal["error", "warning", "info"]
Applicability = Literal["safe", "unsafe"]

DOCUMENTATION = "https://github.com/initlint/initlint/blob/main/docs/rules"

SEVERITIES: tuple[Severity, ...] = ("info", "warning", "error")

# What a cure is made of; a rule names the parts that settle its findings.
CureStep = Literal[
    "exec",  # `exec` before the program that a shell waits for
    "init",  # an init in front, installed where needed
    "json",  # a start command that was meant to be JSON, made so
    "mode",  # the executable bit of a start file
    "shebang",  # CR taken from a `#!` line, or the interpreter named
    "separator",  # `--` after an init
    "checksum",  # a downloaded init compared with its checksum
    "group",  # an init that signals its child alone, not the whole group
    "one-init",  # one init in place of two
    "path",  # the right path of what is there
    "suppression",  # a pragma taken out
]


class Fix(NamedTuple):
    """A verified change. `safe`: same program, arguments and user; only signals and reaping change.

    `steps` are what the cure is made of: it settles the findings of every rule that names one of
    them. `notes` are the sentences of `message` that say what changes for whoever runs it.
    """

    applicability: Applicability
    message: str
    edits: tuple[Edit, ...]
    steps: tuple[CureStep, ...] = ()
    notes: tuple[str, ...] = ()


class Finding(NamedTuple):
    """One thing that is wrong, at one place.

    `message` is one sentence that names the program. `reasons` are what it is known from, one
    short sentence each; `cure` says what to do. `outcome` is the way of settling that it is
    about, for the picture of the process tree. `fix` is attached by the linter; where none can
    be had, `no_fix` says why.
    """

    code: str
    name: str
    severity: Severity
    message: str
    span: Span
    container: str | None
    reasons: tuple[str, ...] = ()
    cure: str = ""
    outcome: Outcome | None = None
    fix: Fix | None = None
    no_fix: str = ""


class Example(NamedTuple):
    """A project in miniature that a rule is documented and tested by.

    `files` maps paths to contents; the target is "Dockerfile". A path that ends in "*" is
    written with the executable bit (the star is not part of the name). `rows` are the rows of
    the target (or of the file, as (path, row)) at which the rule reports, () for none.
    `fixed` is what `fix` makes of the files that change, None where there is no fix; `unsafe`
    says that it takes --unsafe-fixes.
    """

    title: str
    files: Mapping[str, str]
    rows: tuple[int | tuple[str, int], ...] = ()
    fixed: Mapping[str, str] | None = None
    unsafe: bool = False


# The Dockerfile of examples that are about a Python program.
PYTHON_APP = 'FROM python:3.12\nCOPY app.py .\nCMD ["python", "app.py"]\n'


class Rule(NamedTuple):
    """`severity` is the usual one ("by evidence" rules decide per finding, see their docs).

    `settled_by`: the steps of a cure that settle this rule's findings, () where only people can.
    `check` yields the findings of one container; None for what the linter itself reports
    (unreadable and unparsable input, unused suppressions).
    """

    code: str
    name: str
    severity: Severity
    summary: str
    check: Callable[[Subject], Iterator[Finding]] | None
    examples: tuple[Example, ...]
    settled_by: tuple[CureStep, ...] = ()
    since: str = "0.1.0"
    documentation: str = ""

    @property
    def url(self) -> str:
        return f"{DOCUMENTATION}/{self.code}.md"

    def finding(
        self,
        subject: Subject,
        span: Span,
        message: str,
        *,
        severity: Severity | None = None,
        outcome: Outcome | None = None,
        reasons: Iterable[str] = (),
        cure: str = "",
    ) -> Finding:
        """A finding of this rule. One that rests on an outcome which isn't sure is a step lower."""
        level = severity or self.severity
        if outcome is not None and not outcome.sure:
            level = lowered(level)
        return Finding(
            self.code, self.name, level, message, span, subject.container.name, tuple(reasons), cure, outcome
        )

    def mistake(
        self,
        subject: Subject,
        mistake: Mistake,
        *,
        cure: str,
        outcome: Outcome | None = None,
        severity: Severity | None = None,
        reasons: Iterable[str] = (),
    ) -> Finding:
        """A finding about what a program's source does, where it does so."""
        message = f"{mistake.span.source.name.rsplit('/', 1)[-1]} {mistake.why}"
        return self.finding(
            subject, mistake.span, message, severity=severity, outcome=outcome, reasons=reasons, cure=cure
        )

    def child_left(self, subject: Subject, mistake: Mistake, cure: str) -> Finding:
        """A finding about a child that the program itself leaves as a zombie."""
        why = "the child is the program's own: an init as PID 1 doesn't reap it"
        severity: Severity = "warning" if mistake.grows else "info"
        return self.mistake(subject, mistake, cure=cure, severity=severity, reasons=(why,))


def lowered(severity: Severity) -> Severity:
    return SEVERITIES[max(SEVERITIES.index(severity) - 1, 0)]


def at_least(severity: Severity, threshold: Severity) -> bool:
    return SEVERITIES.index(severity) >= SEVERITIES.index(threshold)
