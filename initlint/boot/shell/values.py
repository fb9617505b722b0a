"""What the evaluator knows at one point of one way through a script."""

from __future__ import annotations

from typing import TYPE_CHECKING

from initlint.boot.model import Argv, Job, Opaque
from initlint.facts.shells import LastCommand
from initlint.records import NamedTuple
from initlint.text import Span

if TYPE_CHECKING:
    from typing_extensions import Self

    from initlint.boot.shell.syntax import Frame
    from initlint.boot.shell.tree import Node


class Text(Opaque):
    """Unknown text of which something is known all the same.

    `never`: texts that it certainly isn't ("" among them: it isn't empty; a blank: it is no more
    than one word). `job`: it is the
    process id of that background job. `hint`: what it is in all likelihood (`$?` is 0).
    """

    __slots__ = ("hint", "job", "never")
    never: frozenset[str]
    job: int | None
    hint: str | None

    def __new__(
        cls,
        text: str,
        *,
        many: bool = False,
        never: frozenset[str] = frozenset(),
        job: int | None = None,
        hint: str | None = None,
    ) -> Self:
        word = str.__new__(cls, text)
        word.many = many
        word.never = never
        word.job = job
        word.hint = hint
        return word


NOT_EMPTY = frozenset({""})
ONE_WORD = frozenset({"", " "})


class Missing(str):
    """The empty text of a variable that got it for want of a value from outside: `X=${X:-}`."""

    __slots__ = ()


MISSING = Missing("")

# Kept among the variables once something that isn't known may have set any: no name that a script could use.
OPEN = " open"

# A variable's value: text, an array, or None for one that is certainly unset.
Value = str | tuple[str, ...] | None


def excluded(value: str) -> frozenset[str]:
    """The texts that an unknown value certainly isn't."""
    return value.never if isinstance(value, Text) else frozenset()


class Function(NamedTuple):
    name: str
    body: Node
    frame: Frame


class Handler(NamedTuple):
    """A trap in force for one signal. `again`: the action itself waits for the program; `itself`: it
    signals the shell; `idle`: it certainly reaches no other process."""

    action: str
    span: Span | None
    forwards: bool
    again: bool
    exits: bool
    itself: bool
    idle: bool


class Chain(NamedTuple):
    """A list that grows at its end and is shared between the ways that a script can take."""

    before: Chain | None
    argv: Argv
    span: Span | None


class Context(NamedTuple):
    """Where a command stands. Everything in it forbids or allows something.

    `tail`: nothing follows it. `guarded`: its failure doesn't end a `set -e` script.
    `labels`: what it stands in, as the table of measured shells names it.
    """

    frame: Frame
    tail: bool
    guarded: bool = False
    loop: bool = False
    pipeline: bool = False
    negated: bool = False
    or_left: bool = False
    subshell: bool = False
    evaluated: bool = False
    function: Function | None = None
    labels: frozenset[LastCommand] = frozenset()

    def within(self, label: LastCommand) -> Context:
        return self if label in self.labels else Context(*self[:-1], self.labels | {label})

    # Made for every list and condition: `_replace` takes five times as long.

    @property
    def followed(self) -> Context:
        """Of a command that others follow."""
        return Context(self.frame, False, *self[2:]) if self.tail else self

    @property
    def asked(self) -> Context:
        """Of a condition."""
        return Context(self.frame, False, True, *self[3:])


class Call(NamedTuple):
    """A simple command after its expansion. `name`: the node of the command word, or None.

    `start`: where the command word starts. `extra`: the assignments in front of it.
    """

    words: list[str]
    node: Node
    name: Node | None
    start: int
    redirects: list[Node]
    extra: dict[str, Value]


class State:
    """One way through the script, up to now. `status` None: an external command's, unknown.

    `variables` holds what the script assigned and what the environment is known to set; a name
    that isn't in it comes from outside, if from anywhere. `daemons`: what ran and is known to
    leave something running. `substituted`: what ran in `$(…)`. `reason`: why the shell ends early.
    `assumed`: names whose value was only assumed on this way. `flow`: "" or what is under way:
    return, break, continue, exit.
    """

    __slots__ = (
        "arg0",
        "assumed",
        "created",
        "cwd",
        "daemons",
        "done",
        "exported",
        "failed",
        "flow",
        "flow_count",
        "functions",
        "hard",
        "jobs",
        "last_job",
        "lean",
        "likely",
        "options",
        "positional",
        "ran",
        "readonly",
        "reason",
        "redirects_to",
        "saved",
        "status",
        "substituted",
        "sure",
        "traps",
        "user",
        "variables",
        "waits_again",
        "when",
    )

    def __init__(self) -> None:
        self.variables: dict[str, Value] = {}
        self.exported: set[str] = set()
        self.assumed: frozenset[str] = frozenset()
        self.positional: Argv = ()
        self.arg0 = ""
        self.functions: dict[str, Function] = {}
        self.options: frozenset[str] = frozenset()
        self.traps: dict[str, Handler] = {}
        self.jobs: tuple[Job, ...] = ()
        self.last_job: int | None = None
        self.ran: Chain | None = None
        self.readonly: frozenset[str] = frozenset()
        self.substituted: Chain | None = None
        self.daemons: tuple[Argv, ...] = ()
        self.reason = ""
        self.created: frozenset[str] = frozenset()
        self.saved: tuple[dict[str, Value | bool], ...] = ()
        self.cwd: str | None = None
        self.user: str | None = None
        self.when: tuple[str, ...] = ()
        self.likely = True
        self.hard = False
        self.failed = False
        self.sure = True
        self.status: int | None = 0
        self.lean = True
        self.flow = ""
        self.flow_count = 0
        self.redirects_to = ""
        self.done: frozenset[int] = frozenset()
        self.waits_again = False

    def copy(self) -> State:
        # Written out: this is called wherever ways part.
        other = State.__new__(State)
        other.arg0 = self.arg0
        other.assumed = self.assumed
        other.created = self.created
        other.cwd = self.cwd
        other.daemons = self.daemons
        other.done = self.done
        other.exported = self.exported.copy()
        other.failed = self.failed
        other.flow = self.flow
        other.flow_count = self.flow_count
        other.functions = self.functions.copy()
        other.hard = self.hard
        other.jobs = self.jobs
        other.last_job = self.last_job
        other.lean = self.lean
        other.likely = self.likely
        other.options = self.options
        other.positional = self.positional
        other.ran = self.ran
        other.readonly = self.readonly
        other.reason = self.reason
        other.redirects_to = self.redirects_to
        other.saved = tuple(saved.copy() for saved in self.saved)
        other.status = self.status
        other.substituted = self.substituted
        other.sure = self.sure
        other.traps = self.traps.copy()
        other.user = self.user
        other.variables = self.variables.copy()
        other.waits_again = self.waits_again
        other.when = self.when
        return other

    def assign(self, name: str, value: Value) -> None:
        self.variables[name] = value
        if name in self.assumed:
            self.assumed -= {name}

    def assume(self, name: str, value: Value) -> None:
        self.variables[name] = value
        self.assumed |= {name}
