"""Targets in, findings out: the loop over files, containers and rules."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from initlint.configuration import ConfigurationError, Configurations, Settings
from initlint.discovery import Found, Selector, dockerfiles, find, repository
from initlint.records import NamedTuple
from initlint.registry import find as find_rule
from initlint.registry import rules
from initlint.rootfs.files import HostFiles, real_path
from initlint.rule import CureStep, Finding, Fix, Rule, at_least
from initlint.subject import Examination, Subject, examine
from initlint.text import InputError, Source, Span, UnparsableInput, UnreadableInput, encode

if TYPE_CHECKING:
    from initlint.suppression import Suppressions


class StandardInput(NamedTuple):
    """What the target `-` stands for. `name` is that of --stdin-filename, "-" without."""

    name: str
    data: bytes


class Examined(NamedTuple):
    """One target file, read through, or why it can't be."""

    path: str
    within: str | None
    settings: Settings | None
    result: Examination | InputError


class Report(NamedTuple):
    """What a run found. `findings` are those to be reported, in the order of the targets.

    `undecided`: containers of which it isn't known what PID 1 is, or whether it reaps and stops.
    `unused`: named scripts for which no further Dockerfile was found.
    """

    findings: tuple[Finding, ...] = ()
    fixes: tuple[Fix, ...] = ()
    files: int = 0
    containers: int = 0
    undecided: int = 0
    input_errors: int = 0
    unused: tuple[str, ...] = ()

    @property
    def exit_code(self) -> int:
        """2 where something couldn't be checked, 1 where something was found, else 0."""
        return 2 if self.input_errors else int(bool(self.findings))


class _RecordingFiles(HostFiles):
    """Remembers what was read through it."""

    def __init__(self, overlay: Mapping[str, bytes] | None) -> None:
        super().__init__(overlay)
        self.reads: set[str] = set()

    def source(self, path: str, *, name: str | None = None) -> Source:
        self.reads.add(path)
        return super().source(path, name=name)


# Where a finding stands in the report: by target, its own file first, then name, offset and code.
_Place = tuple[int, bool, str, int, str]


def examine_targets(
    targets: tuple[str, ...],
    configurations: Configurations,
    standard_input: StandardInput | None = None,
    overlay: Mapping[str, bytes] | None = None,
) -> Iterator[Examined | Selector]:
    """Every Dockerfile that the targets stand for, each once; and the scripts that none of them reads.

    `overlay`: what files hold that aren't written yet.
    """
    files = HostFiles(overlay)
    seen: set[str] = set()
    selectors: list[Selector] = []
    paths = tuple(target for target in targets if target != "-")
    if standard_input is not None and len(paths) < len(targets):
        given = _standard_input(standard_input, files, configurations)
        seen.add(os.path.realpath(given.path))
        yield given
    for found in find(paths, configurations):
        if isinstance(found, UnreadableInput):
            yield Examined("", None, None, found)
        elif isinstance(found, Selector):
            selectors.append(found)
        elif standard_input is None or real_path(found.path) not in seen:
            seen.add(real_path(found.path))
            examined = _examine_file(found, files, configurations)
            if found.within is None or not _is_template(examined, files):
                yield examined
    if selectors:
        yield from _select(selectors, seen, configurations, overlay)


def check(
    targets: tuple[str, ...],
    configurations: Configurations,
    *,
    standard_input: StandardInput | None = None,
    fixes: bool = False,
    overlay: Mapping[str, bytes] | None = None,
) -> Report:
    """Check everything that the targets stand for; with `fixes` each finding gets its fix, or why there is none."""
    run = _Run(configurations, fixes=fixes)
    for index, examined in enumerate(examine_targets(targets, configurations, standard_input, overlay)):
        run.take(index, examined)
    return run.report()


class _Run:
    """Collects the findings of all targets, the same one twice only once."""

    def __init__(self, configurations: Configurations, *, fixes: bool) -> None:
        self._configurations = configurations
        self._wants_fixes = fixes
        self._placed: dict[tuple[str, str, int, int], tuple[_Place, Finding]] = {}
        self._suppressions: Suppressions | None = None  # until a file has one
        self._pragmas: dict[str, tuple[int, str]] = {}  # file → the target that it belongs to, and its name
        self._fixes: dict[Fix, None] = {}
        self._unused: list[str] = []
        self._files = self._containers = self._undecided = self._input_errors = 0

    def take(self, target: int, examined: Examined | Selector) -> None:
        if isinstance(examined, Selector):
            self._unused.append(os.path.relpath(examined.path))
        elif isinstance(examined.result, InputError):
            self._input_errors += 1
            self._place(_input_finding(examined.result), target, examined.result.filename)
        elif examined.settings is not None:
            try:
                self._take_examination(target, examined.result, examined.settings, examined.within)
            except Exception as error:
                self.take(target, examined._replace(result=_bug(error, examined.result.source.name)))

    def report(self) -> Report:
        for file, (target, name) in self._pragmas.items():
            try:
                settings = self._configurations.settings(file)
            except ConfigurationError:
                continue  # told for the Dockerfiles beside it
            for finding in self._suppressions.unused((file,)) if self._suppressions else ():
                if at_least(finding.severity, settings.min_severity):
                    self._place(finding, target, name)
                    if finding.fix is not None:
                        self._fixes[finding.fix] = None
        return Report(
            tuple(finding for _, finding in sorted(self._placed.values(), key=lambda item: item[0])),
            tuple(self._fixes),
            self._files,
            self._containers,
            self._undecided,
            self._input_errors,
            tuple(self._unused),
        )

    def _take_examination(self, target: int, examination: Examination, settings: Settings, within: str | None) -> None:
        self._files += 1
        self._containers += len(examination.subjects)
        undecided = sum(is_undecided(subject) for subject in examination.subjects)
        self._undecided += undecided
        name = examination.source.name
        for source in _sources(examination.source, examination.subjects):
            if b"initlint:" in source.data:
                if self._suppressions is None:
                    from initlint.suppression import Suppressions

                    self._suppressions = Suppressions()
                parsed = examination.dockerfile.parsed
                self._suppressions.read(source, settings.enabled, parsed, decided=not undecided)
                own = source is examination.source
                if "IL003" in settings.enabled and (own or _lies_in(source.path, within)):
                    self._pragmas.setdefault(source.path or source.name, (target, name))
        for subject in examination.subjects:
            found = _reported(subject, settings, self._suppressions)
            if self._wants_fixes:
                found = self._with_fix(subject, found, settings)
            for finding in found:
                self._place(finding, target, name)

    def _place(self, finding: Finding, target: int, name: str) -> None:
        span = finding.span
        key = (finding.code, span.source.path or span.source.name, span.start, span.end)
        where = (target, span.source.name != name, span.source.name, span.start, finding.code)
        self._placed.setdefault(key, (where, finding))

    def _with_fix(self, subject: Subject, findings: list[Finding], settings: Settings) -> list[Finding]:
        """The findings of one container with the cure that settles them."""
        wanted = _steps(findings)
        if not wanted:
            return findings
        from initlint.cure.model import CureOptions
        from initlint.fixing.propose import propose
        from initlint.suppression import Suppressions

        def judge(result: Subject) -> frozenset[CureStep]:
            suppressions = Suppressions()
            for source in _sources(result.dockerfile.parsed.source, (result,)):
                suppressions.read(source, settings.enabled, result.dockerfile.parsed)
            return _steps(_reported(result, settings, suppressions))

        answer = propose(subject, wanted, CureOptions(settings.init, settings.install), judge)
        if isinstance(answer, Fix):
            self._fixes[answer] = None
        return [_told(finding, answer) for finding in findings]


def _is_template(examined: Examined, files: HostFiles) -> bool:
    """Whether what a search came by is no Dockerfile yet: it doesn't parse, and holds a template's tags."""
    if not isinstance(examined.result, UnparsableInput):
        return False
    data = files.source(examined.path).data
    return any(tag in data for tag in (b"{{", b"{%", b"<%"))


def is_undecided(subject: Subject) -> bool:
    """Whether it is open what PID 1 is, or what it does."""
    likely = subject.likely
    if subject.container.windows or likely.pid1 == "none":
        return False
    return "unknown" in (likely.pid1, likely.reaps, likely.stops)


def _standard_input(given: StandardInput, files: HostFiles, configurations: Configurations) -> Examined:
    path = os.path.abspath("Dockerfile" if given.name == "-" else given.name)
    if b"\x00" in given.data:
        return Examined(path, None, None, UnreadableInput("is binary", filename=given.name))
    return _examine(Source(given.name, given.data), path, None, files, configurations)


def _examine_file(found: Found, files: HostFiles, configurations: Configurations) -> Examined:
    try:
        source = files.source(found.path)
    except InputError as error:
        return Examined(found.path, found.within, None, error)
    return _examine(source, found.path, found.within, files, configurations)


def _examine(
    source: Source, path: str, within: str | None, files: HostFiles, configurations: Configurations
) -> Examined:
    try:
        settings = configurations.settings(path)
    except ConfigurationError as error:
        return Examined(path, within, None, _unusable(error))
    try:
        return Examined(path, within, settings, examine(source, files, settings.reading))
    except InputError as error:
        return Examined(path, within, settings, error)
    except Exception as error:
        return Examined(path, within, settings, _bug(error, source.name))


def _unusable(error: ConfigurationError) -> InputError:
    """A configuration that can't be used: what it holds for can't be checked, the rest can."""
    span = None
    if error.row is not None:
        source = Source(error.name, error.data)
        start = source.line_starts[error.row - 1]
        span = Span(source, start, start + len(encode(source.line(error.row))))
    return UnparsableInput(error.problem, filename=error.name, span=span)


def _bug(error: Exception, name: str) -> InputError:
    """A bug of ours with one file: the others are still to be checked."""
    if "INITLINT_DEBUG" in os.environ:
        raise error
    problem = f"initlint failed on this file, please report it: {type(error).__name__}: {error}"
    return UnparsableInput(problem, filename=name)


def _select(
    selectors: Iterable[Selector],
    seen: set[str],
    configurations: Configurations,
    overlay: Mapping[str, bytes] | None,
) -> Iterator[Examined | Selector]:
    """The Dockerfiles not seen yet that read one of the scripts, then the scripts that none of them reads."""
    by_repository: dict[str, list[Selector]] = {}
    for selector in selectors:
        by_repository.setdefault(repository(selector.path), []).append(selector)
    for folder, scripts in by_repository.items():
        wanted = {os.path.realpath(script.path): script for script in scripts}
        read: set[str] = set()
        for path in dockerfiles(folder, configurations):
            if os.path.realpath(path) in seen:
                continue
            recorder = _RecordingFiles(overlay)
            examined = _examine_file(Found(path, None), recorder, configurations)
            if isinstance(examined.result, InputError):
                continue  # it wasn't asked for
            paths = {os.path.realpath(path) for path in recorder.reads | set(_boot_files(examined.result))}
            if paths & wanted.keys():
                read |= paths
                yield examined
        yield from (script for real, script in wanted.items() if real not in read)


def _boot_files(examination: Examination) -> Iterator[str]:
    """Files of the build context that the traces start, read or not."""
    for subject in examination.subjects:
        for outcome in subject.trace.outcomes:
            nodes = [link.node for link in outcome.chain]
            if outcome.problem is not None:
                nodes.append(outcome.problem.node)
            for node in nodes:
                if node is not None and node.origin is not None and node.origin.context_path is not None:
                    yield node.origin.context_path


def _sources(dockerfile: Source, subjects: Iterable[Subject]) -> list[Source]:
    """The Dockerfile and the scripts that its containers run."""
    found = {dockerfile: None}
    for subject in subjects:
        for outcome in subject.trace.outcomes:
            spans = [link.cause for link in outcome.chain] + [evidence.span for evidence in outcome.evidence]
            spans += [mistake.span for _, mistake in outcome.mistakes]
            for source in (*(link.script for link in outcome.chain), *(span.source for span in spans if span)):
                if source is not None and source.path is not None:
                    found[source] = None
    return list(found)


def _reported(subject: Subject, settings: Settings, suppressions: Suppressions | None) -> list[Finding]:
    """What the rules say of one container, without what isn't selected, too mild or suppressed."""
    found = []
    for rule in rules():
        if rule.check is not None and rule.code in settings.enabled:
            for each in rule.check(subject):
                finding = each._replace(span=each.span.in_file())
                # a pragma is used by what is too mild to be reported as well
                suppressed = suppressions is not None and suppressions.suppress(finding, subject.dockerfile.parsed)
                if not suppressed and at_least(finding.severity, settings.min_severity):
                    found.append(finding)
    return found


def _steps(findings: Iterable[Finding]) -> frozenset[CureStep]:
    return frozenset(step for finding in findings for step in _rule(finding).settled_by)


def _told(finding: Finding, answer: Fix | str) -> Finding:
    """A finding with the fix that settles it, or with why there is none."""
    steps = _rule(finding).settled_by
    if not steps:
        return finding
    if isinstance(answer, str):
        return finding._replace(no_fix=answer)
    return finding._replace(fix=answer) if set(steps) & set(answer.steps) else finding


def _rule(finding: Finding) -> Rule:
    rule = find_rule(finding.code)
    assert rule is not None, finding.code
    return rule


def _input_finding(error: InputError) -> Finding:
    rule = find_rule("IL002" if isinstance(error, UnparsableInput) else "IL001")
    assert rule is not None
    span = error.span or Span(Source(error.filename, b"", exists=False), 0, 0)
    return Finding(rule.code, rule.name, rule.severity, error.message, span, None)


def _lies_in(path: str | None, folder: str | None) -> bool:
    return path is not None and folder is not None and path.startswith(folder.rstrip("/") + "/")
