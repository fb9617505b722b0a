"""The steps of a trace that inits, wrappers and launchers take."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence
from typing import TYPE_CHECKING

from initlint.boot import shell_steps, user_switchers, wrappers
from initlint.boot.arguments import Unwrapped
from initlint.boot.model import (
    Argv,
    Environment,
    Link,
    Outcome,
    is_known,
)
from initlint.boot.package_runners import OF_WORKSPACE
from initlint.boot.positions import literal_position
from initlint.boot.settle import undecided
from initlint.boot.state import State
from initlint.boot.verdict import told_by_environment
from initlint.facts import Stops
from initlint.facts import programs as program_table
from initlint.facts import wrappers as wrapper_table
from initlint.facts.init_scripts import S6_OVERLAY, InitScript
from initlint.rootfs import Present, paths
from initlint.targets.container import StartField, Unresolved
from initlint.text import Source, Span

if TYPE_CHECKING:
    from initlint.boot.follow import Follower
    from initlint.boot.own_init import OwnInit


def run_init(follower: Follower, state: State, link: Link, *, known_as: str = "") -> list[Outcome]:
    """`known_as`: the init that a program of another name is."""
    from initlint.boot.services import run_supervisor

    argv = (known_as, *link.argv[1:]) if known_as else link.argv
    fact = program_table.lookup([str(word) for word in argv])
    name = known_as or link.program
    by_environment = told_by_environment(name, state.environment.variables)
    link = link._replace(kind="init", fact=fact, stays=True, told_group=by_environment)
    if name == "init":
        return [follower.settle(state, link._replace(stays=False))]
    unwrapped = wrappers.unwrap(name, argv)
    if unwrapped is None:
        return [run_supervisor(follower, state, link)]
    if unwrapped.problem:
        return [undecided(follower.container, state, unwrapped.problem, link)]
    if not unwrapped.argv:
        if name == "my_init":  # It starts the services of its folders.
            return [run_supervisor(follower, state, link)]
        return [undecided(follower.container, state, f"{name} is given nothing to start", link, pid1="none")]
    # An init that a script starts is given its program on the same line.
    cause = link.cause if state.chain else place_of(follower, state, unwrapped.argv)
    becomes = _rewritten(follower, argv, unwrapped.options)
    below = _with_stop_signal(follower, becomes)
    outcomes = below.run(state.then(link, unwrapped.argv, execvp=True, cause=cause))
    refused = _option_refused(follower, argv, unwrapped.argv)
    unknown = _unknown_option(argv, unwrapped.options)
    if refused is None and not unknown:
        if becomes is None:
            return outcomes
        why = f"{name} drops {follower.signal}" if becomes == "0" else f"{name} makes {becomes} of {follower.signal}"
        told = [outcome._replace(why=(why, *outcome.why)) for outcome in outcomes]
        if becomes.startswith("SIG"):
            return told
        stops: Stops = "no" if becomes == "0" else "unknown"
        return [outcome._replace(stops=stops) if outcome.pid1 == name else outcome for outcome in told]
    why = (
        f"{name} doesn't know {unknown} and fails"
        if unknown
        else (f"{name} takes {refused} for an option of its own and fails")
    )
    return [
        outcome._replace(pid1="none", reaps="unknown", stops="unknown", why=(why, *outcome.why)) for outcome in outcomes
    ]


def run_own_init(follower: Follower, state: State, link: Link, own: OwnInit) -> list[Outcome]:
    """pyinit: an interpreter is the process, and everything else is as with other inits."""
    argv = ("pyinit", *own.arguments)
    fact = program_table.lookup([str(word) for word in argv])
    link = link._replace(kind="init", fact=fact, stays=True, why=f"{link.process_name} runs pyinit")
    state = state.doubt(own.doubt)
    unwrapped = wrappers.unwrap("pyinit", argv)
    assert unwrapped is not None
    if unwrapped.problem:
        return [undecided(follower.container, state, unwrapped.problem, link)]
    foreign = next((word for word in unwrapped.options if word.strip("-") and word[1:].strip("gs")), "")
    if foreign:
        return [undecided(follower.container, state, f"pyinit {foreign} starts nothing", link, pid1="none")]
    if not unwrapped.argv:
        return [undecided(follower.container, state, "pyinit is given nothing to start", link, pid1="none")]
    cause = link.cause if state.chain else place_of(follower, state, unwrapped.argv)
    return follower.run(state.then(link, unwrapped.argv, execvp=True, cause=cause))


def becomes_init(follower: Follower, argv: Argv, script: Source | None = None) -> InitScript | None:
    """The package whose /init this is: the base image's facts, the build, its environment or files say so."""
    if argv[0] != S6_OVERLAY.path:
        return None
    container, rootfs = follower.container, follower.rootfs
    match = container.base.match
    if match is not None and match.fact.inits.get(S6_OVERLAY.package) == S6_OVERLAY.path:
        return S6_OVERLAY
    if script is not None:
        return S6_OVERLAY if any(text in script.data for text in S6_OVERLAY.texts) else None
    if any(name.startswith(S6_OVERLAY.variables) for name in container.env):
        return S6_OVERLAY
    steps = (step.instruction.value.lower() for stage in follower.stages for step in stage.steps)
    if any(word in value for value in steps for word in S6_OVERLAY.words):
        return S6_OVERLAY
    if any(isinstance(rootfs.stat(path), Present) for path in S6_OVERLAY.files):
        return S6_OVERLAY
    return None


def run_init_script(follower: Follower, state: State, link: Link, script: InitScript) -> list[Outcome]:
    """A package's script prepares the container and becomes an init, which starts what the arguments name."""
    from initlint.boot.services import run_supervisor

    fact = program_table.lookup([script.fact])
    link = link._replace(kind="init", fact=fact, interpreter=None, interpreter_argv=(), script=None)
    state = state.then(link, (script.program,))
    arguments = tuple(link.argv[1:])
    link = link._replace(program=script.program, argv=(script.program,), step="exec", stays=True, path=None, node=None)
    if not arguments:
        return [run_supervisor(follower, state, link)]
    return follower.run(state.then(link, arguments, execvp=True))


# The letters of the options of inits: tini 0.19.0, dumb-init 1.2.5 and catatonit 0.1.7, each tried with others.
_LETTERS = {"tini": "hvwgsple", "tini-static": "hvwgsple", "dumb-init": "crvhV", "catatonit": "ghLPV"}
_LONG = {
    "tini": ("--version",),
    "tini-static": ("--version",),
    "dumb-init": ("--single-child", "--rewrite", "--verbose", "--help", "--version"),
    "catatonit": ("--version",),
}
# Those that read options to the end of the line, as glibc's getopt does.
_READ_ON = ("tini", "tini-static", "catatonit")
_SIGNALS = {"1": "SIGHUP", "2": "SIGINT", "3": "SIGQUIT", "10": "SIGUSR1", "12": "SIGUSR2", "15": "SIGTERM",
            "28": "SIGWINCH"}  # fmt: skip


def _unknown_option(argv: Argv, options: Sequence[str]) -> str:
    """An option before the program that its init doesn't have; empty where it has them all."""
    name = posixpath.basename(argv[0])
    letters = _LETTERS.get(name)
    valued = False
    for word in options if letters is not None else ():
        if valued or not is_known(word):
            valued = False
        elif word.startswith("--"):
            option = word.split("=")[0]
            if not any(long.startswith(option) for long in _LONG[name]):
                return word
            valued = name == "dumb-init" and "--rewrite".startswith(option) and "=" not in word
        else:
            own = {"dumb-init": "r", "catatonit": ""}.get(name, "pe")
            for at, letter in enumerate(word[1:], start=1):
                if letter not in (letters or ""):
                    return word
                if letter in own:
                    valued = at + 1 == len(word)
                    break
    return ""


def _rewritten(follower: Follower, argv: Argv, options: Sequence[str]) -> str | None:
    """What `dumb-init --rewrite 15:2` makes of the stop signal: "0" drops it; None where it stays as it is."""
    if posixpath.basename(argv[0]) != "dumb-init":
        return None
    for at, word in enumerate(options):
        if word in ("-r", "--rewrite"):
            pair = options[at + 1] if at + 1 < len(options) else ""
        elif word.startswith(("-r", "--rewrite=")):
            pair = word.removeprefix("--rewrite=").removeprefix("-r")
        else:
            continue
        signal, _, other = pair.partition(":")
        if signal in _SIGNALS and _SIGNALS[signal] == follower.signal and _SIGNALS.get(other) != follower.signal:
            return _SIGNALS.get(other, other)
    return None


def _with_stop_signal(follower: Follower, signal: str | None) -> Follower:
    """The trace of what gets another signal at a stop than the container does."""
    field = follower.container.stop_signal
    if signal is None or not signal.startswith("SIG") or isinstance(field, Unresolved):
        return follower
    container = follower.container._replace(stop_signal=field._replace(value=signal))
    return type(follower)(container, follower.rootfs, follower.stages)


def _option_refused(follower: Follower, argv: Argv, behind: Argv) -> str | None:
    """An option of the program's that an init takes for its own, and doesn't know: glibc's getopt reads to the end."""
    given = argv[1 : len(argv) - len(behind)]
    base = follower.container.base
    name = posixpath.basename(argv[0])
    if name not in _READ_ON or "--" in given or base.os_family == "alpine":
        return None
    for word in behind[1:]:
        if not is_known(word) or word == "--":
            return None
        if word.startswith("-") and len(word) > 1:
            return word if word[1] not in _LETTERS[name] else None
    return None


def place_of(follower: Follower, state: State, argv: Argv) -> Span | None:
    """The instruction in which the words stand that a program at the very start was given to start."""
    container = follower.container
    if state.chain or container.start is None or tuple(container.start[-len(argv) :]) != argv:
        return None
    entrypoint, cmd = container.entrypoint, container.cmd
    form = entrypoint.form if isinstance(entrypoint, StartField) else None
    length = len(form.argv) if form is not None else 0
    field = entrypoint if len(container.start) - len(argv) < length else cmd
    return field.span


def run_wrapper(
    follower: Follower, state: State, name: str, argv: Argv, link: Link, *, busybox: bool = False
) -> list[Outcome]:
    unwrapped = wrappers.unwrap(name, argv)
    assert unwrapped is not None
    if name in ("su", "runuser"):
        unwrapped = user_switchers.in_users_shell(unwrapped, argv, follower.container.base.sh)
    key = wrapper_table.key_of([f"{word}" for word in argv]) or unwrapped.key
    if busybox and name in ("su", "timeout", "watch"):
        key = f"busybox {name}"
    fact = wrapper_table.lookup(key)
    link = link._replace(kind="wrapper", fact=fact.keeps if fact is not None else None)
    if fact is not None and not fact.measured:
        state = state.doubt(f"{key} wasn't measured") if not fact.execs else state
    if unwrapped.doubt:
        state = state.doubt(unwrapped.doubt)
    if unwrapped.problem == wrappers.ENDS:
        return [undecided(follower.container, state, f"`{' '.join(argv)}` ends by itself", link, pid1="none")]
    if unwrapped.problem == OF_WORKSPACE:
        return [follower.settle(state, link._replace(stays=True), main_unknown=unwrapped.problem)]
    if unwrapped.problem:
        return [undecided(follower.container, state, unwrapped.problem, link)]
    if fact is not None and fact.keeps is not None and fact.keeps.background:
        if state.step == "start" and not state.chain:
            return [follower.backgrounds(state, link)]
        fact = fact._replace(execs=True)
    if key in ("watch", "busybox watch"):
        # It starts its command again and again: nothing but itself stays. procps's draws with ncurses.
        if not busybox and "TERM" not in state.environment.variables:
            state = state.doubt("watch ends at once where there is no terminal: `Error opening terminal`")
        return [follower.settle(state, link)]
    if key == "xvfb-run" and state.is_pid1:
        # Measured: it waits for a signal of the X server, which PID 1 never gets to see.
        return [follower.settle(state, link._replace(why="xvfb-run hangs as PID 1, before it starts its program"))]
    state = state._replace(environment=_changed(state.environment, unwrapped))
    if key == "env" and any(word.startswith("--ignore-signal") and "CHLD" in word for word in unwrapped.options):
        state = state._replace(sigchld_ignored=True)
    if key == "go run":
        return [
            follower.settle(state, link._replace(stays=True), main_unknown="the program that go builds wasn't read")
        ]
    if key == "make":
        return _run_make(follower, state, link)
    if unwrapped.script is not None:
        return run_package_script(follower, state, link, unwrapped, key)
    if unwrapped.text is not None:
        return run_wrapped_line(follower, state, link, unwrapped, key)
    if not unwrapped.argv:
        return [undecided(follower.container, state, f"{name} is given nothing to start", link)]
    if fact is None:
        return [undecided(follower.container, state, f"whether {key} gives its place up isn't known", link)]
    execs = fact.execs
    if name in ("su", "runuser") and not busybox:
        execs = False
    return follower.run(state.then(link._replace(stays=not execs), unwrapped.argv, execvp=True, cause=link.cause))


def run_package_script(follower: Follower, state: State, link: Link, unwrapped: Unwrapped, key: str) -> list[Outcome]:
    """npm start and its like: the line is in package.json, and a shell runs it."""
    from initlint.boot.package_json import before_line, script_line, script_shell, wants_yarn_berry

    link = link._replace(stays=True)
    berry = key == "yarn" and wants_yarn_berry(follower.rootfs, state.environment.cwd)
    if berry:
        fact = wrapper_table.lookup("yarn berry")
        link = link._replace(fact=fact.keeps if fact is not None else None)
    found = script_line(follower.rootfs, state.environment.cwd, unwrapped.script or "")
    if isinstance(found, str):
        if key in ("yarn", "pnpm") and found.startswith("no script") and unwrapped.script:
            return follower.run(state.then(link, (unwrapped.script, *unwrapped.argv), execvp=True))
        return [follower.settle(state.doubt(found), link, main_unknown=found)]
    line = found.line
    if unwrapped.argv:
        if not all(is_known(word) for word in unwrapped.argv):
            return [follower.settle(state, link, main_unknown="its arguments aren't known")]
        import shlex

        line = f"{line} {shlex.join(unwrapped.argv)}"
    if berry:
        return _in_yarns_shell(follower, state, link, line, found.span)
    before = (
        before_line(follower.rootfs, state.environment.cwd, unwrapped.script or "") if key in ("npm", "yarn") else ""
    )
    if before and _stays_for_good(follower, state, before):
        why = f"`pre{unwrapped.script}` of package.json keeps running, so that `{unwrapped.script}` isn't reached"
        return below_wrapper(follower, state, link._replace(why=why), before, "/bin/sh", key, None)
    shell = "/bin/sh"
    if key in ("npm", "pnpm"):
        steps = follower.stages[follower.container.stage_index].steps if follower.stages else ()
        ran = [step.instruction.value for step in steps if step.instruction.keyword == "RUN"]
        shell = script_shell(follower.rootfs, state.environment.cwd, state.environment.variables, ran)
        if shell != "/bin/sh" and state.environment.user not in (None, "root", "0") and "config set" in " ".join(ran):
            state = state.doubt(f"whether {key} of this user runs scripts with {shell} isn't known")
    if posixpath.basename(shell) not in shell_steps.SHELLS:
        return [follower.settle(state, link, main_unknown=f"what {shell} does with a script's line isn't known")]
    return below_wrapper(follower, state, link, line, shell, key, found.span)


def _run_make(follower: Follower, state: State, link: Link) -> list[Outcome]:
    """A target's recipe: a plain line is make's own child, of others a shell is."""
    import shlex

    from initlint.boot.makefile import made, needs_shell

    link = link._replace(stays=True)
    run = made(link.argv, state.environment, follower.rootfs)
    if isinstance(run, str):
        return [follower.settle(state, link, main_unknown=run)]
    if not run.lines:
        return [undecided(follower.container, state, "make has nothing to run", link, pid1="none")]
    state = state._replace(environment=state.environment._replace(cwd=run.cwd))
    known = [line for line in run.lines if not line.why]
    line = next((line for line in known if _stays_for_good(follower, state, line.text)), run.lines[-1])
    if line.why:
        return [follower.settle(state, link, main_unknown=line.why)]
    if line is not run.lines[-1]:
        link = link._replace(why="this line of the recipe keeps running, so that what follows isn't reached")
    if run.shell not in ("/bin/sh", "sh") or needs_shell(line.text):
        return below_wrapper(follower, state, link, line.text, run.shell, "make", line.span)
    fact = wrapper_table.lookup("make", sh_execs=True)
    link = link._replace(fact=fact.keeps if fact is not None else None)
    try:
        words = tuple(shlex.split(line.text))
    except ValueError:
        return [follower.settle(state, link, main_unknown=f"`{line.text}` can't be split into words")]
    return follower.run(state.then(link, words, execvp=True, cause=line.span))


def _in_yarns_shell(follower: Follower, state: State, link: Link, line: str, cause: Span | None) -> list[Outcome]:
    """yarn 2 and later run a script by themselves, without sh: a plain command is yarn's own child."""
    import shlex

    if any(character in line for character in "&|;<>()$`*?{}~\n"):
        return [follower.settle(state, link, main_unknown=f"yarn's own shell runs `{line}`")]
    try:
        words = shlex.split(line)
    except ValueError:
        words = []
    if not words or "=" in words[0] or words[0] in ("run", "cd", "exit"):
        return [follower.settle(state, link, main_unknown=f"yarn's own shell runs `{line}`")]
    return follower.run(state.then(link, tuple(words), execvp=True, cause=cause or link.cause))


def _stays_for_good(follower: Follower, state: State, line: str) -> bool:
    """Whether a line is known to end in a program that keeps running."""
    from initlint.boot.shell import meant_to_run

    ends = shell_steps.line_ends(follower, state, shell_steps.shell_program(follower, "sh"), line)
    likely = next((end for end in meant_to_run(ends) if end.likely), None)
    if likely is None or likely.kind not in ("exec", "stays") or not likely.argv:
        return False
    return follower.keeps_running(state.environment)(likely.argv) is True


def run_wrapped_line(follower: Follower, state: State, link: Link, unwrapped: Unwrapped, key: str) -> list[Outcome]:
    if key == "busybox su":
        shell = shell_steps.shell_program(follower, posixpath.basename(unwrapped.shell))
        words = (unwrapped.shell, "-c", unwrapped.text or "", *unwrapped.given)
        below = Link(posixpath.basename(unwrapped.shell), words, "exec",
                     link.cause, kind="shell", shell=shell)  # fmt: skip
        inner = state.then(link._replace(stays=False), below.argv)
        arg0 = str(unwrapped.given[0]) if unwrapped.given else unwrapped.shell
        return shell_steps.run_line(follower, inner, below, shell, unwrapped.text or "", arg0, unwrapped.given[1:])
    parent = link._replace(stays=True)
    text = unwrapped.text or ""
    return below_wrapper(follower, state, parent, text, unwrapped.shell, key, None, unwrapped.given)


def below_wrapper(
    follower: Follower,
    state: State,
    link: Link,
    line: str,
    shell_path: str,
    key: str,
    cause: Span | None,
    given: Argv = (),
) -> list[Outcome]:
    """A wrapper that stays runs a line through a shell: whether that shell execs decides what
    becomes of signals, so the wrapper's fact is taken once the line's end is known."""
    from initlint.boot.shell import meant_to_run

    name = posixpath.basename(shell_path)
    shell = shell_steps.shell_program(follower, name)
    at = literal_position(cause, line) if cause is not None else lambda start, end: None
    arg0 = str(given[0]) if given else name
    ends = shell_steps.line_ends(follower, state, shell, line, at, arg0, given[1:])
    outcomes: list[Outcome] = []
    for end in meant_to_run(ends):
        fact = wrapper_table.lookup(key, sh_execs=end.kind == "exec")
        parent = link._replace(fact=fact.keeps if fact is not None else None)
        below = Link(name, (shell_path, "-c", line, *given), "child", cause or link.cause, kind="shell", shell=shell,
                     shell_end=end)  # fmt: skip
        inner = state._replace(chain=(*state.chain, parent), step="child")
        if fact is not None and not fact.measured:
            inner = inner.doubt(f"{key} wasn't measured with a shell that execs")
        outcomes.extend(shell_steps.after_end(follower, inner, below, end))
    return outcomes


def _changed(environment: Environment, unwrapped: Unwrapped) -> Environment:
    """What a wrapper changes for the program behind it: variables, user, folder."""
    variables = environment.variables
    complete = environment.complete
    if unwrapped.clears:
        variables, complete = {}, True
    if unwrapped.assignments or unwrapped.removed:
        variables = {key: value for key, value in variables.items() if key not in unwrapped.removed}
        variables.update(unwrapped.assignments)
    cwd = environment.cwd
    if unwrapped.cwd is not None:
        cwd = paths.join(cwd or "/", unwrapped.cwd) if cwd is not None or unwrapped.cwd.startswith("/") else None
    user = environment.user if unwrapped.user is None else unwrapped.user if is_known(unwrapped.user) else None
    return Environment(variables, complete, cwd, user)
