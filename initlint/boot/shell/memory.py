"""Runs remembered within the process: repositories hold many variants of one image with the same script.

A run depends on its text, its arguments, the variables that the text names, and on what the root
filesystem answered. Where all of these are the same, so is the result, but for the places in it:
they are moved to the files of the new run.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable

from initlint.boot.model import Argv, Environment, Opaque, ShellEnd, ShellProgram
from initlint.boot.shell.machine import KeepsRunning
from initlint.records import NamedTuple
from initlint.rootfs import RootFilesystem
from initlint.rootfs.recorder import Recorder
from initlint.text import Source, Span, encode

_MAX_KEYS = 256
_MAX_RUNS = 8
# Looked up without being named in the text.
_IMPLIED = frozenset({"PATH", "HOME", "PWD", "OLDPWD"})


class Programs:
    """Which programs keep running: asked once each, and kept."""

    __slots__ = ("_inner", "answers")

    def __init__(self, inner: KeepsRunning) -> None:
        self._inner = inner
        self.answers: dict[Hashable, tuple[Argv, bool | None]] = {}

    def __call__(self, argv: Argv) -> bool | None:
        key = words_key(argv)
        known = self.answers.get(key)
        if known is None:
            known = self.answers[key] = argv, self._inner(argv)
        return known[1]


def words_key(words: Argv) -> Hashable:
    """Words that are the same in all that is known of them: an unknown word equals its text."""
    return tuple((str(word), isinstance(word, Opaque) and word.many, isinstance(word, Opaque)) for word in words)


class Run(NamedTuple):
    """`texts`: all that was evaluated. `indirect`: variables that were looked up by a name put together.

    `version`: the shell's, where it decided something.
    """

    source: Source
    environment: Environment
    texts: tuple[bytes, ...]
    indirect: frozenset[str]
    rootfs: Recorder | None
    programs: Programs
    version: tuple[tuple[int, ...] | None, bool]
    ends: tuple[ShellEnd, ...]

    def names(self, name: str) -> bool:
        raw = encode(name)
        return name in _IMPLIED or name in self.indirect or any(raw in text for text in self.texts)

    def again(
        self,
        source: Source,
        shell: ShellProgram,
        environment: Environment,
        rootfs: RootFilesystem | None,
        keeps_running: KeepsRunning,
    ) -> Moves | None:
        """How to move the result to another run; None where that may come out otherwise."""
        version, decides = self.version
        if decides and version != shell.version:
            return None
        mine, other = self.environment.variables, environment.variables
        passed = {name for name in mine.keys() | other.keys() if mine.get(name, False) != other.get(name, False)}
        if any(self.names(name) for name in passed):
            return None
        if any(keeps_running(argv) is not answer for argv, answer in self.programs.answers.values()):
            return None
        sources = {id(self.source): source}
        if self.rootfs is not None and rootfs is not None:
            if not self.rootfs.is_alike(rootfs):
                return None
            for path, known in self.rootfs.reads.items():
                content = rootfs.read(path)
                if not isinstance(content, Source):
                    if known is not None:
                        return None
                elif known is None or content.data != known.data:
                    return None
                else:
                    sources[id(known)] = content
        return Moves(sources, mine, other, passed)


class Moves:
    """A result with its places in other files, and with what the script merely passes on of the environment."""

    def __init__(
        self, sources: dict[int, Source], mine: dict[str, str | None], other: dict[str, str | None], passed: set[str]
    ) -> None:
        self._sources = sources
        self._mine = mine
        self._other = other
        self._passed = passed

    def _span(self, span: Span | None) -> Span | None:
        source = None if span is None else self._sources.get(id(span.source))
        return span if span is None or source is None else source.span(span.start, span.end)

    def _environment(self, environment: Environment) -> Environment:
        variables = dict(environment.variables)
        for name in self._passed:
            if variables.get(name, False) == self._mine.get(name, False):
                variables.pop(name, None)
                if name in self._other:
                    variables[name] = self._other[name]
        return environment._replace(variables=variables)

    def end(self, end: ShellEnd) -> ShellEnd:
        stays = end.stays
        if stays is not None:
            stays = stays._replace(command=self._span(stays.command), exec_at=self._span(stays.exec_at))
        return end._replace(
            span=self._span(end.span),
            environment=self._environment(end.environment),
            stays=stays,
            jobs=tuple(job._replace(span=self._span(job.span)) for job in end.jobs),
            traps=tuple(trap._replace(span=self._span(trap.span)) for trap in end.traps),
            ran=tuple((argv, self._span(span)) for argv, span in end.ran),
            substituted=tuple((argv, self._span(span)) for argv, span in end.substituted),
        )


_runs: dict[Hashable, list[Run]] = {}


def recall(
    key: Hashable,
    source: Source,
    shell: ShellProgram,
    environment: Environment,
    rootfs: RootFilesystem | None,
    keeps_running: KeepsRunning,
    evaluate: Callable[[Recorder | None, Programs], Run],
) -> tuple[ShellEnd, ...]:
    """The result of an equal run before, else of this one. `key`: all else that is given."""
    known = _runs.pop(key, [])
    if len(_runs) >= _MAX_KEYS:
        del _runs[next(iter(_runs))]
    _runs[key] = known
    for run in known:
        moves = run.again(source, shell, environment, rootfs, keeps_running)
        if moves is not None:
            return tuple(moves.end(end) for end in run.ends)
    run = evaluate(None if rootfs is None else Recorder(rootfs), Programs(keeps_running))
    known.append(run)
    del known[:-_MAX_RUNS]
    return run.ends
