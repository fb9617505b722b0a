"""What an init, or an `exec`, must not be put in front of, and what asks people first."""

from __future__ import annotations

import re
from collections.abc import Iterator

from initlint.boot.model import Outcome
from initlint.boot.own_init import is_own_text
from initlint.facts.programs import INITS
from initlint.rootfs import Absent, Listing, Node, RootFilesystem, Unknown
from initlint.subject import Subject
from initlint.targets.container import ExecForm, ShellForm, StartField, Value
from initlint.text import Source

# Programs that must be PID 1 themselves, by the basename that starts them; beside the facts' inits.
_MUST_BE_PID1 = frozenset(
    "init systemd s6-svscan s6-overlay-suexec my_init runit runit-init runsvdir runsvdir-start runsvinit dinit"
    " openrc-init start_runit shepherd nosh supervise-init".split()
)

_KILL_OPTIONS = r"(?:\s+-(?:[A-Za-z]\w*(?:[+-]\d+)?|\d+)|\s+-[sn]\s*\w+|\s+--?signal[= ]\w+|\s+--)*"
_TAKES_PID = "strace|gdb|lsof|ps|nsenter|reptyr|pidstat|perf|prlimit|taskset|renice"

_PID1_REFERENCES: tuple[re.Pattern[str], ...] = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\bkill{_KILL_OPTIONS}\s+[\"']?1[\"']?(?![\w.%/-])",
        r"\b(?:jcmd|jstack|jmap|jinfo|jps|jattach|py-spy|gcore)\b[^\n;|&#]*?\s1(?![\w.:/%-])",
        rf"\b(?:{_TAKES_PID})\b[^\n;|&]*?\s-(?:p|-pid|t|-target)[ =]?1(?![\w.:/%-])",
        r"\bp(?:grep|kill)\b[^\n;|&]*?\s(?:-P|--parent[ =])\s*[\"']?1(?![\w.:/%-])",
        r"\$(?:PPID|\{PPID\})[\"']?\s*(?:-eq|-ne|-le|-gt|==?|!=)\s*[\"']?1\b",
        r"\$(?:\$|\{\$\}|BASHPID|\{BASHPID\})[\"']?\s*(?:-eq|-ne|-gt|==?|!=)\s*[\"']?1\b",
        r"(?<![\w.])1[\"']?\s*(?:-eq|-ne|==?|!=)\s*[\"']?\$(?:\$|\{\$\}|BASHPID)",
        # a program that ends once its parent is PID 1 would end at once below an init
        r"(?:\b[Gg]et_?ppid\(\)|\b[Pp]rocess\.ppid)\s*(?:===?|!==?|is|is not|<=|>)\s*1\b",
        r"\b[Gg]et_?pid\(\)\s*(?:===?|!==?|is|is not|<=|>)\s*1\b",
        r"\b1\s*(?:===?|!==?)\s*(?:\w+\.)*[Gg]et_?p?pid\(\)",
        r"\b[Pp]rocess\.(?:pid|Pid)\s*(?:===?|!==?)\s*1\b",
        r"\b(?:os|process|Process|signal|syscall|posix)\.(?:kill|Kill|killpg)\(\s*1\s*,",
        r"\bProcess\.kill[( ]\s*[:\"']\w+[\"']?\s*,\s*1\b",
        r"(?<![\w/])/proc/1/(?:cmdline|environ|comm|stat|status|exe|cwd|task|sched|limits|oom_\w+)\b",
    )
)


def must_be_pid1(outcome: Outcome) -> str | None:
    """The init or supervisor that this way of settling starts, which no other init belongs before."""
    for link in outcome.chain:
        name = link.program
        if link.kind == "init" or name in INITS or name in _MUST_BE_PID1 or link.path in ("/init", "/sbin/init"):
            return name
        if link.argv and link.argv[0] in ("/init", "/sbin/init", "/sbin/my_init"):
            return link.argv[0]
        if link.fact is not None and link.fact.kind == "init":
            return link.fact.name
    return None


def no_init_because(subject: Subject) -> str | None:
    """Why an init doesn't belong in front of this start command at all."""
    if subject.container.runtime_init:
        return "the engine puts an init in front already"
    for outcome in subject.trace.outcomes:
        name = must_be_pid1(outcome)
        if name is not None:
            return f"{name} is started, which is an init itself"
    return None


def refers_to_pid1(text: str) -> re.Match[str] | None:
    """Where a text speaks of PID 1 by its number; output to /proc/1/fd is no such place."""
    for pattern in _PID1_REFERENCES:
        match = pattern.search(text)
        if match is not None:
            return match
    return None


def pid1_references(subject: Subject) -> tuple[str, ...]:
    """Places in what was read that speak of PID 1 by its number, each as `file:row`."""
    found: dict[str, None] = {}
    for place, text in _texts(subject):
        if isinstance(place, str):
            match = refers_to_pid1(text)
            if match is not None:
                found[f"{place} refers to PID 1 (`{' '.join(match[0].split())}`)"] = None
            continue
        for row, line in enumerate(text.splitlines(), 1):
            match = refers_to_pid1(line)
            if match is not None and not line.lstrip().startswith(("#", "//")):
                found[f"{place.name}:{row} refers to PID 1 (`{' '.join(match[0].split())}`)"] = None
                break
    return tuple(found)


def _texts(subject: Subject) -> Iterator[tuple[Source | str, str]]:
    container = subject.container
    probe = container.healthcheck
    if probe is not None and probe.form is not None:
        row = probe.span.row if probe.span is not None else 0
        text = probe.form.text if isinstance(probe.form, ShellForm) else " ".join(probe.form.argv)
        yield f"HEALTHCHECK in line {row}" if row else "the base image's HEALTHCHECK", text
        yield from _probe_script(subject, text.split()[:3])
    for label, field in (("ENTRYPOINT", container.entrypoint), ("CMD", container.cmd)):
        if isinstance(field, StartField) and isinstance(field.form, ShellForm | ExecForm):
            yield label, field.form.text if isinstance(field.form, ShellForm) else " ".join(field.form.argv)
    sources: dict[Source, None] = {}
    for outcome in subject.trace.outcomes:
        for link in outcome.chain:
            if link.script is not None:
                sources[link.script] = None
            end = link.shell_end
            for span in (link.cause, end.span if end is not None else None):
                if span is not None:
                    sources[span.source] = None
        for evidence in outcome.evidence:
            if evidence.span is not None:
                sources[evidence.span.source] = None
    for evidence in subject.trace.probe_evidence:
        if evidence.span is not None:
            sources[evidence.span.source] = None
    sources.update(dict.fromkeys(_read_on_the_way(subject)))
    sources.pop(subject.dockerfile.parsed.source, None)
    for source in sources:
        if not is_own_text(source):  # pyinit speaks of PID 1, and means itself
            yield source, source.text
    for stage in subject.dockerfile.stages:
        for step in stage.steps:
            if step.instruction.keyword == "RUN":
                yield f"RUN in line {step.instruction.lines[0]}", step.instruction.span.text


class _Recording:
    """Remembers what a trace reads: the modules that a program imports, the files that a script sources."""

    def __init__(self, below: RootFilesystem) -> None:
        self._below = below
        self.sources: list[Source] = []

    def stat(self, path: str) -> Node:
        return self._below.stat(path)

    def read(self, path: str) -> Source | Unknown | Absent:
        content = self._below.read(path)
        if isinstance(content, Source):
            self.sources.append(content)
        return content

    def list(self, path: str) -> Listing:
        return self._below.list(path)


def _read_on_the_way(subject: Subject) -> list[Source]:
    from initlint.boot.follow import trace

    recording = _Recording(subject.rootfs)
    trace(subject.container, recording, subject.dockerfile.stages)
    return recording.sources


def _probe_script(subject: Subject, words: list[str]) -> Iterator[tuple[Source | str, str]]:
    """The script that a HEALTHCHECK runs, where it can be read."""
    from initlint.rootfs.paths import join

    workdir = subject.container.workdir
    for word in words:
        path = word.strip("\"'")
        if "/" not in path:
            continue
        if not path.startswith("/"):
            path = join(workdir.value if isinstance(workdir, Value) else "/", path)
        content = subject.rootfs.read(path)
        if isinstance(content, Source):
            yield content, content.text
