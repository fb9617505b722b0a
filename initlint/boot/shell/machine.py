"""The evaluation of one script: its limits, where ways part and meet again, and how they end."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from typing import TYPE_CHECKING, TypeVar

from initlint.boot.model import Argv, Environment, Opaque, ShellEnd, ShellEndKind, ShellProgram, ShellStays
from initlint.boot.shell.ends import End, key_of, merge
from initlint.boot.shell.syntax import Frame, Item
from initlint.boot.shell.tree import Node
from initlint.boot.shell.values import Chain, Context, State, Text, Value
from initlint.rootfs import RootFilesystem
from initlint.text import Span, encode

if TYPE_CHECKING:
    from initlint.boot.shell.builtins import Builtin

MAX_STEPS = 20_000
MAX_DEPTH = 120
MAX_STATES = 6
# How much work unlikely ways may make before they're told more coarsely, and before they're left.
SIDE_COARSE = 300
SIDE_LIMIT = 1_500
MAX_ENDS = 128
MAX_ROUNDS = 24
MAX_TEXT = 64 * 1024
MAX_WORDS = 2_000

T = TypeVar("T")
KeepsRunning = Callable[[Argv], bool | None]
# A condition as it is written, and what it was taken to be.
Guess = tuple[str, bool]


class Exhausted(Exception):
    """A limit was reached: the script isn't followed any further."""


class Machine:
    """What is common to all ways through one script.

    `outside`: names that were looked up since the list was last cleared and that only the
    world outside could have set. `fatal`: an expansion that ends the shell (`${X:?}`, or an
    unset name under `set -u`). `blocked`: a program in a command substitution that keeps running.
    `wanted`: the names that the likely way's last question found unset, and that decided it.
    `missing`: names looked up that are empty for want of a value from outside. `guessed`: the last
    condition on the likely way that nothing decides, `guessed_last`: since `wanted` was found.
    `contrary`: such conditions that are taken to be otherwise.
    """

    __slots__ = (
        "_last",
        "_relevant",
        "blocked",
        "builtins",
        "complete",
        "contrary",
        "cut",
        "depth",
        "endings",
        "execute",
        "fatal",
        "following",
        "frames",
        "guessed",
        "guessed_last",
        "indirect",
        "is_pid1",
        "job_found",
        "keeps_running",
        "missing",
        "outside",
        "rootfs",
        "shell",
        "side",
        "side_limit",
        "sourcing",
        "steps",
        "substitution_status",
        "version_decides",
        "wanted",
    )

    def __init__(
        self,
        *,
        shell: ShellProgram,
        rootfs: RootFilesystem | None,
        keeps_running: KeepsRunning,
        complete: bool,
        is_pid1: bool | None,
        execute: Callable[[Machine, Node, State, Context], list[State]],
        builtins: Mapping[str, Builtin],
    ) -> None:
        self.shell = shell
        self.rootfs = rootfs
        self.keeps_running = keeps_running
        self.complete = complete
        self.is_pid1 = is_pid1
        self.execute = execute
        self.builtins = builtins
        self.steps = 0
        self.side = 0
        self.side_limit = SIDE_LIMIT
        self.cut = False
        self.sourcing = 0
        self.depth = 0
        self.endings: dict[Hashable, End] = {}
        self.frames: list[Frame] = []
        self.job_found: dict[Hashable, tuple[Argv, bool]] = {}
        self.indirect: set[str] = set()
        self.outside: set[str] = set()
        self.version_decides = False
        self.wanted: frozenset[str] = frozenset()
        self.missing: set[str] = set()
        self.guessed: Guess | None = None
        self.guessed_last = False
        self.contrary: frozenset[Guess] = frozenset()
        self.blocked: Argv | None = None
        self.fatal: tuple[str, bool, str] | None = None
        self.following: list[tuple[list[Item], int]] = []
        self.substitution_status: tuple[int | None, bool] | None = None
        self._last: dict[str, int] = {}
        self._relevant: dict[str, bool] = {}

    @property
    def is_bash(self) -> bool:
        return self.shell.name == "bash"

    @property
    def is_plain(self) -> bool:
        """Whether this is certainly a shell without bash's extensions."""
        return self.shell.name in ("dash-debian", "dash", "posh", "yash")

    @property
    def lacks_arrays(self) -> bool:
        """busybox ash has some of bash's extensions: [[, ${a/b/c}, ${a:0:1}, source; these it hasn't."""
        return self.is_plain or self.shell.name == "busybox-ash"

    def step(self, cost: int = 1) -> None:
        self.steps += cost
        if self.steps > MAX_STEPS:
            raise Exhausted("the script takes more steps than are followed")

    def enter(self) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise Exhausted("the script nests deeper than is followed")

    def leave(self) -> None:
        self.depth -= 1

    # -- ways part

    def fork(self, state: State, condition: str, *, lean: bool, hard: bool, failed: bool = False) -> State:
        """The other way: `state` goes on where the condition is `lean`, the copy where it isn't.

        A `hard` condition is one that nothing decides; else a plain `docker run` decides it,
        and the way that it takes is told without a condition.
        """
        self.step(3 + len(state.variables) // 50)
        other = state.copy()
        other.likely = False
        other.hard = other.hard or hard
        other.failed = other.failed or failed
        yes, no = f"if {condition}", f"if not {condition}"
        other.when = add(other.when, no if lean else yes)
        if hard or not state.likely:
            state.when = add(state.when, yes if lean else no)
        return other

    def decide(self, state: State, condition: str, *, silent: bool = False) -> list[tuple[State, bool]]:
        """The ways behind a command: where it succeeded, where it failed.

        `silent`: that it succeeds is no condition worth telling (`helper && program`).
        """
        if state.status is not None:
            return [(state, state.status == 0)]
        lean = state.lean
        if state.likely:
            lean = self.guess(condition, lean)
        before = state.when
        other = self.fork(state, condition, lean=lean, hard=True, failed=True)
        if silent:
            state.when = before
        state.status = 0 if lean else 1
        other.status = 1 if lean else 0
        return [(state, lean), (other, not lean)]

    def guess(self, condition: str, lean: bool) -> bool:
        """Which way the likely one takes at a condition that nothing decides."""
        self.guessed, self.guessed_last = (condition, lean), True
        return not lean if self.guessed in self.contrary else lean

    # -- ways meet

    def join(self, states: list[State], context: Context, position: int, *, last: bool) -> list[State]:
        """Ways that can't be told apart any more go on as one."""
        if len(states) < 2:
            return states
        merged: list[State] = []
        for state in _likely_first(states):
            for kept in merged:
                if self._same(kept, state, last) and self._absorb(kept, state, context, position):
                    break
            else:
                merged.append(state)
        if self.side > self.side_limit and merged[0].likely:
            self.cut = True
            return merged[:1]
        if len(merged) > (MAX_STATES if self.side < SIDE_COARSE else 2):
            merged = self._squeeze(merged)
        return merged

    @staticmethod
    def _same(one: State, other: State, last: bool) -> bool:
        return (
            one.flow == other.flow
            and one.flow_count == other.flow_count
            and one.positional == other.positional
            and (not last or one.status == other.status)
            and one.options == other.options
            and one.jobs == other.jobs
            and one.done == other.done
            and one.cwd == other.cwd
            and one.traps == other.traps
            and one.functions == other.functions
            and one.redirects_to == other.redirects_to
            and one.saved == other.saved
            and one.daemons == other.daemons
            and one.readonly == other.readonly
        )

    def _absorb(self, kept: State, other: State, context: Context, position: int) -> bool:
        if kept.variables != other.variables:
            differing = []
            for name in _differing(kept.variables, other.variables):
                if not (_assumed(kept, name) and _assumed(other, name)) and self.is_relevant(name, context, position):
                    return False
                differing.append(name)
            for name in {*differing} & (kept.assumed | other.assumed):
                if _assumed(kept, name) and _assumed(other, name):
                    # What was only assumed on the way is forgotten where the ways meet.
                    kept.variables.pop(name, None)
                    kept.assumed -= {name}
        if kept.flow != "exit":
            kept.when = tuple(condition for condition in kept.when if condition in other.when)
        if other.hard or not kept.likely:
            kept.sure = kept.sure and other.sure
        kept.hard = kept.hard and other.hard
        kept.failed = kept.failed and other.failed
        if kept.status != other.status:
            kept.status, kept.lean = kept.status if kept.likely else None, True
        kept.created |= other.created
        return True

    def is_relevant(self, name: str, context: Context, position: int) -> bool:
        """Whether the text that may still be evaluated names the variable."""
        if name == "IFS" or name[0] == " " or "[" in name:
            return True  # what is split or read says nothing of it
        if len(self.frames) == 1 and not context.loop and context.function is None:
            last = self._last.get(name)
            if last is None:
                last = self._last[name] = self.frames[0].data.rfind(encode(name))
            return last >= position
        known = self._relevant.get(name)
        if known is None:
            raw = encode(name)
            known = self._relevant[name] = any(frame.data.count(raw) > 1 for frame in self.frames)
        return known

    def _squeeze(self, states: list[State]) -> list[State]:
        """Too many ways: unlikely ones that differ in variables alone go on with unknown values."""
        kept: list[State] = []
        for state in states:
            for other in kept:
                if not other.likely and not state.likely and self._same(other, state, True):
                    for name in list(_differing(other.variables, state.variables)):
                        other.variables[name] = Text(f"${name}", many=True)
                    other.when = tuple(condition for condition in other.when if condition in state.when)
                    other.hard = other.hard and state.hard
                    other.failed = other.failed and state.failed
                    break
            else:
                kept.append(state)
        if len(kept) > MAX_STATES * 2:
            for state in kept[MAX_STATES * 2 :]:
                self.finish(state, "undecided", why="more ways through the script than are followed")
            kept = kept[: MAX_STATES * 2]
        return kept

    # -- ways end

    def environment(self, state: State, extra: dict[str, Value] | None = None) -> Environment:
        variables: dict[str, str | None] = {}
        found: dict[str, Value] = {name: state.variables.get(name) for name in state.exported}
        if extra:
            found.update(extra)
        for name, value in found.items():
            if isinstance(value, str):
                variables[name] = None if isinstance(value, Opaque) else value
        return Environment(variables, self.complete, state.cwd, state.user)

    def finish(
        self,
        state: State,
        kind: ShellEndKind,
        *,
        argv: Argv = (),
        span: Span | None = None,
        stays: ShellStays | None = None,
        implicit: bool = False,
        why: str = "",
        status: int | None = None,
        extra: dict[str, Value] | None = None,
        sure: bool = True,
        when: tuple[str, ...] = (),
        likely: bool = True,
    ) -> list[State]:
        """Record how this way ends; nothing goes on from here."""
        from initlint.boot.shell.traps import traps_of

        if (
            argv
            and isinstance(argv[0], Text)
            and argv[0].hint
            and argv[0].lstrip("$(`").startswith(("command -v", "which"))
        ):
            argv, sure = (argv[0].hint, *argv[1:]), False
        end = ShellEnd(
            kind,
            argv,
            span,
            self.environment(state, extra),
            when=state.when + when,
            likely=state.likely and likely,
            implicit=implicit,
            stays=stays,
            jobs=tuple(job for index, job in enumerate(state.jobs) if index not in state.done),
            traps=traps_of(self, state, stays),
            ran=_listed(state.ran),
            substituted=_listed(state.substituted),
            status=status,
            why=why,
            sure=state.sure and sure,
            redirects_to=state.redirects_to,
        )
        self.collect(End(end, hard=state.hard or bool(when), failed=state.failed))
        return []

    def collect(self, ending: End) -> None:
        """Equal ends are told as one from the start: a script can come to the same end in many ways."""
        key = (ending.end.likely, key_of(ending.end))
        known = self.endings.get(key)
        if known is not None:
            merge(known, ending)
        elif len(self.endings) < MAX_ENDS or ending.end.likely:
            self.endings[key] = ending
        else:
            self.cut = True


def _listed(chain: Chain | None) -> tuple[tuple[Argv, Span | None], ...]:
    found = []
    while chain is not None:
        found.append((chain.argv, chain.span))
        chain = chain.before
    return tuple(reversed(found))


def _likely_first(states: list[State]) -> list[State]:
    return [state for state in states if state.likely] + [state for state in states if not state.likely]


def add(when: tuple[str, ...], condition: str) -> tuple[str, ...]:
    return when if condition in when else (*when, condition)


def _differing(one: dict[str, Value], other: dict[str, Value]) -> Iterator[str]:
    # What changed last is most often what tells two ways apart.
    for name in reversed(other):
        value = one.get(name, False)
        if value is not other[name] and value != other[name]:
            yield name
    yield from [name for name in one if name not in other]


def _assumed(state: State, name: str) -> bool:
    return name in state.assumed or name not in state.variables
