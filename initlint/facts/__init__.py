"""What is known and measured, as typed literals: programs, shells, base images, packages.

Every fact carries its source: a measurement (versions, date, kernel) or a file and line.
This module holds the types only; look-ups live in the modules that hold the literals,
so that a command loads just the facts that it asks for.

NamedTuple rather than dataclass throughout: a frozen dataclass costs half a millisecond
each at import, and `initlint check` has to start fast.
"""

from __future__ import annotations

from typing import Literal

from initlint.records import NamedTuple

Kind = Literal["init", "shell", "runtime", "server", "supervisor", "wrapper", "other", "unknown"]
Reaps = Literal["yes", "no", "while-waiting", "unknown"]
Stops = Literal["yes", "no", "unknown"]
Children = Literal["yes", "no", "unlikely", "unknown"]

# What a stop signal does to PID 1 and to the main program behind it.
#   exits      the program installed a handler and ends (or is the main program and ends)
#   forwards   the signal reaches the child, and PID 1 ends with it
#   ignored    nothing happens until SIGKILL
#   reloads    the program re-executes or reloads and stays
#   kills      PID 1 ends without passing the signal on: the main program is killed by the kernel
SignalEffect = Literal["exits", "forwards", "ignored", "reloads", "kills"]

OsFamily = Literal[
    "debian",
    "ubuntu",
    "alpine",
    "rhel",
    "fedora",
    "amazon",
    "suse",
    "arch",
    "wolfi",
    "busybox",
    "distroless",
    "scratch",
    "windows",
    "unknown",
]

PackageTool = Literal["apt", "apk", "dnf", "microdnf", "yum", "zypper", "pacman", "none", "unknown"]

# The shell behind /bin/sh. "dash-debian" is Debian's and Ubuntu's, whose -c never execs.
ShellName = Literal["dash-debian", "dash", "busybox-ash", "bash", "mksh", "zsh", "ksh93", "yash", "posh", "unknown"]


class ProgramFact(NamedTuple):
    """How one program, in one configuration, behaves as PID 1.

    `name` is the basename of argv[0]; `variant` says which configuration ("--master"),
    empty for the plain one. `effects` maps a signal name to what it does; a signal that is
    not in it was not measured. `reaps` is already in the vocabulary of the trace: facts that
    read "sometimes" or "dies" are "no", with the reason in `reaps_why`.
    `children`: whether the program, by its nature, brings about processes that can be
    orphaned to PID 1 ("unknown" for an interpreter: its program decides).
    `measured` is False where nobody ran it: such a fact lowers `sure`.
    """

    name: str
    kind: Kind
    reaps: Reaps
    reaps_why: str
    effects: dict[str, SignalEffect]
    children: Children
    children_why: str
    variant: str
    version: str
    source: str
    measured: bool = True
    own_stop_signal: str | None = None  # the signal that the program documents for a clean stop
    handles_term: bool | None = None  # SIGTERM has a handler of the program's own when it is not PID 1
    note: str = ""
    background: bool | None = False  # it forks and its first process ends; None: a file that we don't see decides
    refused: tuple[str, ...] = ()  # signals that its program ignores when it isn't PID 1 either
    # What it keeps in a child of its own, where the signal that ends it never reaches that child.
    keeps_child: str = ""
    # What a start script becomes where it is PID 1; elsewhere it keeps that in a child, which gets no signal.
    becomes: tuple[str, ...] = ()


class WrapperFact(NamedTuple):
    """A program whose purpose is to start another one that its arguments name.

    `execs`: True when the wrapped program takes the wrapper's place, False when the wrapper
    stays its parent. How the arguments are read is `boot.wrappers`' affair; a fact holds
    behaviour alone. `keeps` is the ProgramFact of a wrapper that stays (reaping, signals).
    `changes_user`: the wrapped program runs as a user that the arguments name.
    """

    name: str
    execs: bool
    keeps: ProgramFact | None
    source: str
    changes_user: bool = False
    measured: bool = True
    note: str = ""


class BaseFact(NamedTuple):
    """What one published image is configured to start, and what it is built on.

    `entrypoint` and `cmd`: None when the image has none. `user`: None means root.
    `inits`: an init that is installed in the image (whether or not it is PID 1): its
    absolute path, keyed by name. `files`: text of small start scripts is never stored;
    instead `scripts` maps the absolute path of a start script to what it ends in
    (`BaseScript`). `programs`: absolute paths known to be there (e.g. /usr/local/bin/python3).
    `env`: environment that the image sets and that boot needs (PATH among it).
    """

    image: str  # normalised repository, e.g. "python", "quay.io/jupyter/base-notebook"
    tags: tuple[str, ...]  # tags that this row was read for; bases/tags.py says how ranges are written
    flavour: str  # "default", "slim", "alpine", "fpm", "apache", …: which tags it extends to
    os_family: OsFamily
    os_release: str | None  # "bookworm", "3.24", "9", …
    package_tool: PackageTool
    sh: ShellName
    entrypoint: tuple[str, ...] | None
    cmd: tuple[str, ...] | None
    user: str | None
    workdir: str | None
    stop_signal: str | None
    shell: tuple[str, ...] | None  # a SHELL instruction of the image itself
    healthcheck: str | None
    env: dict[str, str]
    inits: dict[str, str]
    scripts: dict[str, BaseScript]
    programs: tuple[str, ...]
    source: dict[str, str]  # field → "repository@commit:path#Lline"


class BaseScript(NamedTuple):
    """What a start script that a base image ships does, read from its repository.

    `execs_arguments`: it ends in `exec "$@"` (perhaps behind a step-down to a user).
    `interpreter`: "sh", "bash", …. `prefix_when_option`, `prefix_when_not_command`: words put in
    front when the first argument looks like an option, or isn't a command (`node` for the node
    image's docker-entrypoint.sh). `fixed_program`: what it execs whatever the arguments are;
    a word such as `$NAME` is that variable's value, which the script may set by itself.
    """

    interpreter: str
    execs_arguments: bool
    source: str
    prefix_when_option: tuple[str, ...] = ()
    prefix_when_not_command: tuple[str, ...] = ()
    fixed_program: tuple[str, ...] = ()
    stays: bool = False  # the script keeps PID 1 in front of the program
    takes_none: bool = False  # `prefix_when_option` also where it is given nothing
    as_user: tuple[str, ...] = ()  # what it execs where it isn't root, in place of its own program
    # Signals that a script that stays passes on to its job; then it waits until the job has ended.
    forwards: tuple[str, ...] = ()
    note: str = ""
    # As root it runs itself again through these words ("gosu", "postgres"); `step_down_for`: only when the
    # first argument is one of these, empty for any.
    step_down: tuple[str, ...] = ()
    step_down_for: tuple[str, ...] = ()
    # A first argument, and the words that it is replaced by: ("haproxy", ("haproxy", "-W", "-db")).
    rewrites: tuple[tuple[str, tuple[str, ...]], ...] = ()


class BaseMatch(NamedTuple):
    """The answer of a base look-up: the fact, and how far it had to be stretched.

    `exact`: the tag asked for is one that the row was read for (or its moving alias at that
    commit). Otherwise `why` says what was extrapolated, and a trace that uses it isn't sure.
    """

    fact: BaseFact
    exact: bool
    why: str


class InitPackage(NamedTuple):
    """Where a distribution's own repositories have an init, and the path that it installs.

    `releases`: None for every supported release, else the ones that have it.
    """

    init: str  # "tini", "dumb-init", "catatonit"
    family: OsFamily
    package: str
    path: str
    releases: tuple[str, ...] | None
    source: str


class StaticPackage(NamedTuple):
    """A static build of an init that a small image's repositories have: what it links to doesn't matter elsewhere."""

    init: str
    image: str
    package: str
    path: str
    source: str


class InitRelease(NamedTuple):
    """A released static binary. `files`: by BuildKit's TARGETARCH what stands for `{}` in `url`, and the SHA-256."""

    init: str
    version: str
    url: str
    files: dict[str, tuple[str, str]]
    source: str
