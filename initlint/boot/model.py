"""The records of a boot trace: words, steps, what a shell does, outcomes."""

from __future__ import annotations

from typing import Literal

from initlint.facts import Children, Kind, ProgramFact, Reaps, ShellName, SignalEffect, Stops
from initlint.records import NamedTuple
from initlint.rootfs import Absent, Node
from initlint.targets.container import Container
from initlint.text import Source, Span


class Opaque(str):
    """A word that holds text which isn't known before the container runs.

    Its value is the word as it is written (`$(nproc)`, `$PORT`), so that it can be shown; it
    is never compared. `many` is True where it may stand for any number of words (an unquoted
    expansion, an unknown `"$@"`).
    """

    __slots__ = ("many",)
    many: bool

    def __new__(cls, text: str, *, many: bool = False) -> Opaque:  # noqa: PYI034
        word = super().__new__(cls, text)
        word.many = many
        return word


def is_known(word: str) -> bool:
    return not isinstance(word, Opaque)


Argv = tuple[str, ...]


class Environment(NamedTuple):
    """What a process finds around it.

    `variables` maps names to values (None: set, value unknown). A name that isn't in it is
    unset when `complete`, unknown otherwise; a plain `docker run` sets nothing more, so the
    likely outcome takes it as unset. `cwd` and `user` are None where unknown; user "" or
    "root" or "0" is root.
    """

    variables: dict[str, str | None]
    complete: bool
    cwd: str | None
    user: str | None

    @property
    def path(self) -> str | None:
        return self.variables.get("PATH")


class ShellProgram(NamedTuple):
    """Which shell evaluates something, as exactly as it is known."""

    name: ShellName
    version: tuple[int, ...] | None
    word: str  # "sh", "bash", "ash": the basename it was started by


class Job(NamedTuple):
    """A command that a shell put in the background, still there when PID 1 settles."""

    argv: Argv
    span: Span | None
    disowned: bool = False
    loops: bool = False  # a background loop or subshell: it starts children again and again


class Trap(NamedTuple):
    """A trap in force: `action` "" ignores the signals; `forwards` when the action passes the
    signal on to the main program (kill -TERM $pid / kill 0 …) and `waits_again` when the shell
    waits for the program after the action ran. `hits_itself`: the action signals the shell too.
    `idle`: the action certainly reaches no other process."""

    signals: tuple[str, ...]
    action: str
    span: Span | None
    forwards: bool = False
    waits_again: bool = False
    exits: bool = False
    hits_itself: bool = False
    idle: bool = False


# Why an `exec` can't simply be written before the command that the shell waits for.
ExecObstacle = Literal[
    "",
    "background-job",
    "trap",
    "pipeline",
    "loop",
    "not-last",
    "or-list",
    "builtin",
    "function",
    "keyword",
    "unknown-word",
    "alias",
    "subshell",
    "negated",
    "wait",
    "read",
    "eval",
    "heredoc",
    "unended",  # a program before it may be the one that the container is for
    "other",
]


class ShellStays(NamedTuple):
    """The shell stays in front of a command that keeps running.

    `command` covers the simple command in the file, assignments first; `exec_at` is where
    `exec ` would be inserted (before the command word, after assignments: never before),
    None where it must not be: `obstacle` says why. `how`: it waits for the foreground command,
    in `wait` for its jobs, in a loop, in a pipeline, in a builtin (read).
    `reaps_meanwhile`: whether this shell reaps orphans in that state (dash and ash do not in
    `read` or in a command substitution). `endless`: nothing leaves the loop around it, so that a trap
    which doesn't exit lets it go on.
    """

    how: Literal["foreground", "wait", "loop", "pipeline", "builtin", "substitution"]
    command: Span | None
    exec_at: Span | None
    obstacle: ExecObstacle
    why: str
    reaps_meanwhile: bool = True
    endless: bool = False


# How a shell's run ends, as far as PID 1 is concerned.
ShellEndKind = Literal["exec", "stays", "ends", "undecided", "fails"]


class ShellEnd(NamedTuple):
    """One way through a script or a -c string.

    `kind`: exec (the shell is replaced by `argv`), stays (`argv` is the main program below the
    shell, empty where the shell itself is what runs), ends (the script finishes: the container
    stops; `status` where known), fails (a syntax error, an exec of nothing), undecided (`why`).
    `implicit`: exec by the shell's own last-command rule, without the word. `span`: the command
    that decides it. `when`: conditions that were assumed on the way, in the file's own words;
    empty when it was decided. `likely`: the way that a plain `docker run IMAGE` takes.
    `environment` is what the program finds (exports, cd, user unchanged).
    `children`: what this run was seen to start that can be orphaned ("background job `worker &`").
    `ran`: external commands that ran to their end before, in order, for facts such as
    `service cron start` that leave daemons behind; `substituted`: those of `$(…)`, whose output isn't known.
    """

    kind: ShellEndKind
    argv: Argv
    span: Span | None
    environment: Environment
    when: tuple[str, ...] = ()
    likely: bool = True
    implicit: bool = False
    stays: ShellStays | None = None
    jobs: tuple[Job, ...] = ()
    traps: tuple[Trap, ...] = ()
    ran: tuple[tuple[Argv, Span | None], ...] = ()
    substituted: tuple[tuple[Argv, Span | None], ...] = ()
    status: int | None = None
    why: str = ""
    sure: bool = True
    redirects_to: str = ""  # exec > >(tee log): a helper process that stays
    unended: str = ""  # why a program before it may be the main one: what follows only keeps the container up


# Why a container can't start what it names.
StartFault = Literal[
    "missing",
    "not-executable",
    "without-shebang",
    "crlf-shebang",
    "interpreter-missing",
    "unfit",
    "directory",
    "empty",
]


class StartProblem(NamedTuple):
    """A link of the chain that the kernel (or the shell) can't start.

    `path` is the path that was tried; `node` what the root filesystem says of it; `span` the
    word in the Dockerfile or script that names it.
    """

    fault: StartFault
    path: str
    node: Node | None
    span: Span | None
    why: str
    source: Source | None = None  # the file that is at fault, where its content is known
    is_init: bool = False  # what can't be started is an init

    @property
    def elsewhere(self) -> tuple[str, ...]:
        """Paths in the image that hold a file of the same name."""
        return self.node.near if isinstance(self.node, Absent) else ()


class Evidence(NamedTuple):
    """Something seen that makes, or doesn't make, children which PID 1 would inherit.

    `left`: it is a process that goes on beside the main program."""

    children: Children
    why: str
    span: Span | None
    left: bool = False


# Classic mistakes of a program with its own children, read from its source.
MistakeKind = Literal["never-waited", "fork-without-wait", "waits-once", "daemonizes", "drops-signals"]


class Mistake(NamedTuple):
    """A mistake in a program's own source, which no init can mend.

    `why` has the program for its subject. `grows`: it happens again and again, so that
    zombies pile up; else there is one at most.
    """

    kind: MistakeKind
    why: str
    span: Span
    grows: bool


StepKind = Literal["start", "exec", "child"]


class Link(NamedTuple):
    """One process image in the chain: what runs, and why it came to run.

    `program`: basename. `argv` may hold Opaque words. `step`: start | exec (it replaced the
    process before) | child (its parent stays). `cause`: the place that causes the step.
    `interpreter`: set for a script (`sh`, `bash`, `python3`): the program that is really PID 1.
    `stays`: it keeps its process while what follows in the chain runs below it.
    `node`: what argv[0] resolved to. `script`: its source, where it was read.
    `fact`: how it behaves, None where nothing is known. `shell`/`shell_stays` for shells.
    `tells`: the signal that a supervisor sends at a stop, "" for the one that it got; `to_group`: to the
    whole process group of what it started. `told_group`: what an init's environment says of that
    (DUMB_INIT_SETSID, TINI_KILL_PROCESS_GROUP), None where it leaves it to the options.
    """

    program: str
    argv: Argv
    step: StepKind
    cause: Span | None
    interpreter: str | None = None
    interpreter_argv: Argv = ()
    path: str | None = None
    node: Node | None = None
    script: Source | None = None
    kind: Kind = "unknown"
    fact: ProgramFact | None = None
    stays: bool = False
    shell: ShellProgram | None = None
    shell_end: ShellEnd | None = None
    why: str = ""
    mistakes: tuple[Mistake, ...] = ()  # of its source, where that was read
    tells: str = ""
    to_group: bool = False
    told_group: bool | None = None

    @property
    def process_name(self) -> str:
        """The basename of the program whose process image this is: a script's interpreter.

        Measured, /proc/1/comm is the script's own name where `#!` names the interpreter by its path, and the
        interpreter's behind `#!/usr/bin/env` and `sh FILE`; /proc/1/exe is the interpreter always. A script
        that is known by its name alone (apache2ctl, gunicorn) keeps that name.
        """
        return self.interpreter or self.program

    @property
    def forwards(self) -> bool:
        """Whether it is known to pass SIGTERM on."""
        return self.fact is not None and self.fact.effects.get("SIGTERM") == "forwards"


class Outcome(NamedTuple):
    """One way in which the container can settle.

    `pid1` and the verdict fields follow design §5's vocabulary to the letter. `pid1_link` and
    `main_link` are indexes into `chain` (None where nothing settles). `stop_effect` is what the
    stop signal does in the end. `problems`: why the start can't work, the first one that stops
    it and those that would come after. `unread`: `children` is unknown only since it isn't known what
    commands that have ended left behind; the programs that run are not the reason.
    """

    when: tuple[str, ...]
    likely: bool
    chain: tuple[Link, ...]
    pid1: str
    kind: Kind
    reaps: Reaps
    stops: Stops
    children: Children
    sure: bool
    why: tuple[str, ...]
    pid1_link: int | None
    main_link: int | None
    stop_effect: SignalEffect | None
    evidence: tuple[Evidence, ...]
    problems: tuple[StartProblem, ...]
    jobs: tuple[tuple[Link, Job], ...]
    environment: Environment | None
    unread: bool = False
    children_why: str = ""

    @property
    def mistakes(self) -> tuple[tuple[Link, Mistake], ...]:
        """What the sources of the programs that run are seen to do wrong."""
        return tuple((link, mistake) for link in self.chain for mistake in link.mistakes)

    def unreaped(self, kind: MistakeKind) -> tuple[Mistake, ...]:
        """Mistakes that leave zombies: where the start works and no ignored SIGCHLD has the kernel reap."""
        found = self.mistakes if self.problem is None else ()
        return tuple(
            mistake for link, mistake in found
            if mistake.kind == kind and (link.fact is None or link.fact.reaps != "yes")
        )  # fmt: skip

    def has_mistake(self, kind: MistakeKind) -> bool:
        return any(mistake.kind == kind for _, mistake in self.mistakes)

    @property
    def problem(self) -> StartProblem | None:
        """What stops the start first, None where it works."""
        return self.problems[0] if self.problems else None

    @property
    def shell_in_front(self) -> Link | None:
        """The shell that is PID 1 and stays in front of another program."""
        link = self.pid1_process
        if link is None or link.shell is None or not link.stays or link.shell_end is None:
            return None
        return link if link.shell_end.argv else None

    @property
    def wrapper_in_front(self) -> Link | None:
        """The first wrapper that stays in front of the main program, behind an init or as PID 1; or a
        supervisor that doesn't pass the stop signal on."""
        if self.pid1_link is None:
            return None
        for link in self.chain[self.pid1_link : -1]:
            if link.stays and (link.kind == "wrapper" or (link.kind == "supervisor" and not link.forwards)):
                return link
        return None

    @property
    def shell_behind_init(self) -> Link | None:
        """The shell that stays between an init, or a supervisor that forwards, as PID 1 and the program."""
        link = self.pid1_process
        if link is None or self.pid1_link is None:
            return None
        if link.kind != "init" and not (link.kind == "supervisor" and link.forwards):
            return None
        for below in self.chain[self.pid1_link + 1 :]:
            if below.shell is not None and below.stays and below.shell_end is not None and below.shell_end.argv:
                return below
        return None

    @property
    def pid1_process(self) -> Link | None:
        return None if self.pid1_link is None else self.chain[self.pid1_link]

    @property
    def main(self) -> Link | None:
        return None if self.main_link is None else self.chain[self.main_link]


class Trace(NamedTuple):
    """What became of one container's start. Exactly one outcome is likely."""

    container: Container
    outcomes: tuple[Outcome, ...]
    probe_evidence: tuple[Evidence, ...]  # what HEALTHCHECK was seen to do

    @property
    def likely(self) -> Outcome:
        for outcome in self.outcomes:
            if outcome.likely:
                return outcome
        return self.outcomes[0]
