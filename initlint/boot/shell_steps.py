"""The steps of a trace that a shell takes: `sh -c`, script files, and the start scripts of base images."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from initlint.boot import interpreters, wrappers
from initlint.boot.daemons import (
    all_left_behind,
    ends_alone,
    may_stay,
    service_started,
    shown,
    starts_daemon,
    unread,
)
from initlint.boot.model import (
    Argv,
    Environment,
    Evidence,
    Job,
    Link,
    Opaque,
    Outcome,
    ShellEnd,
    ShellProgram,
    ShellStays,
    Trap,
    is_known,
)
from initlint.boot.positions import line_position, literal_position
from initlint.boot.programs import READS_COMMANDS, keeps_running
from initlint.boot.settle import undecided
from initlint.boot.shebang import ELF, read_shebang
from initlint.boot.state import State
from initlint.boot.verdict import trap_for
from initlint.facts import BaseMatch, BaseScript
from initlint.facts import programs as program_table
from initlint.rootfs import Absent, Node, Present, Unknown, paths
from initlint.targets.container import StartField
from initlint.text import Source, Span

if TYPE_CHECKING:
    from initlint.boot.follow import Follower

SHELLS = frozenset(["sh", "bash", "ash", "dash", "zsh", "ksh", "mksh", "ksh93", "yash", "posh", "rbash", "lksh"])
MAX_OUTCOMES = 64
_MAX_NESTED = 2
# A loop that does nothing but go round.
_IDLE_LOOP = re.compile(
    r"(?:while|until)\s+(?:true|false|:|\[\[?\s*1\s*\]\]?)\s*;?\s*do\s+(?:(?:sleep\s+[\w.$]+|true|:|wait)[\s;]+)+done"
)
_ROOT = frozenset(["", "root", "0", "0:0", "root:root"])


def shell_program(follower: Follower, name: str) -> ShellProgram:
    """Which shell a name stands for in this image; /bin/sh may have been linked to another."""
    from initlint.facts import shells

    base = follower.container.base
    version = base.sh_version
    if name == "sh":
        node = follower.rootfs.stat("/bin/sh")
        if isinstance(node, Present) and node.kind == "symlink" and node.target and node.origin.kind != "base":
            target = posixpath.basename(node.target)
            if target in SHELLS and target != "sh":
                return shell_program(follower, target)._replace(word="sh")
            if target == "busybox":
                return ShellProgram("busybox-ash", None, "sh")
        return ShellProgram(base.sh, version, "sh")
    if name in ("bash", "rbash"):
        return ShellProgram("bash", shells.bash_version(base.os_family, base.os_release), name)
    if name == "dash":
        return ShellProgram("dash-debian" if base.os_family in ("debian", "ubuntu") else "dash", version, name)
    if name == "ash":
        return ShellProgram("busybox-ash", version if base.sh == "busybox-ash" else None, name)
    if name in ("zsh", "mksh", "yash", "posh", "ksh93"):
        return ShellProgram(name, None, name)  # type: ignore[arg-type]
    return ShellProgram("unknown", None, name)


def run_shell(follower: Follower, state: State, link: Link, name: str, skip: int = 1) -> list[Outcome]:
    """`sh -c LINE`, `sh FILE`, or a shell that reads commands from its input."""
    argv = link.argv
    shell = shell_program(follower, name)
    link = link._replace(kind="shell", shell=shell)
    index = skip
    line_follows = False
    options: list[str] = []
    while index < len(argv):
        word = argv[index]
        if not is_known(word):
            return [undecided(follower.container, state, f"what {name} runs isn't known: {word}", link)]
        if word in ("--", "-"):
            index += 1
            break
        if not word.startswith(("-", "+")) or word == "":
            break
        if word in ("--rcfile", "--init-file"):
            index += 2
            continue
        if word[1:2] != "-":
            # Each o takes a word, behind other letters too: `-euo pipefail`.
            index += word.count("o") + word.count("O")
            line_follows = line_follows or "c" in word
            options.append(word.replace("c", ""))
        index += 1
    if line_follows:
        if index >= len(argv):
            return [undecided(follower.container, state, f"{name} -c has no command", link, pid1="none")]
        text = argv[index]
        if not is_known(text):
            return [undecided(follower.container, state, f"what {name} runs isn't known: {text}", link)]
        arg0 = argv[index + 1] if index + 1 < len(argv) else argv[0]
        return run_line(follower, state, link, shell, text, arg0, argv[index + 2 :], flags_of(options))
    if index >= len(argv):
        if state.chain and state.chain[-1].stays:
            return [undecided(follower.container, state, f"{name} reads commands from its input", link)]
        return [undecided(follower.container, state, READS_COMMANDS.format(name), link, pid1="none")]
    script = argv[index]
    if not is_known(script):
        return [undecided(follower.container, state, f"which script {name} runs isn't known: {script}", link)]
    node = script_node(follower, script, state.environment)
    if isinstance(node, Absent):
        why = f"{script} isn't there: {node.why}"
        return [follower.cannot_start(state, "missing", node.path, node, why, link=link)]
    content = follower.rootfs.read(node.path) if isinstance(node, Present) else None
    if not isinstance(content, Source):
        known = base_script(follower, state, node, script, argv[index:]) if isinstance(node, Present) else None
        if known is not None:
            return known
        why = content.why if isinstance(content, (Unknown, Absent)) else getattr(node, "why", "")
        return [undecided(follower.container, state, f"{script} can't be read: {why}", link)]
    link = link._replace(program=posixpath.basename(script), interpreter=name, interpreter_argv=argv,
                         script=content, path=getattr(node, "path", None), node=node)  # fmt: skip
    return run_shell_script(follower, state, link, content, name, script, argv[index + 1 :], flags_of(options))


def script_node(follower: Follower, script: str, environment: Environment) -> Node:
    if not script.startswith("/"):
        if environment.cwd is None:
            return Unknown(script, "the working directory is unknown")
        script = paths.join(environment.cwd, script)
    return paths.resolve(follower.rootfs, script)


def run_shell_script(
    follower: Follower,
    state: State,
    link: Link,
    source: Source,
    name: str,
    arg0: str,
    arguments: Argv,
    options: Argv = (),
) -> list[Outcome]:
    from initlint.boot.shell import run_script

    visit = (source.name, arguments, state.environment.user)
    if state.visits.count(visit) >= (2 if state.likely else 1):
        return [undecided(follower.container, state, f"{source.name} starts itself again", link)]
    state = state._replace(visits=(*state.visits, visit))
    shell = shell_program(follower, name)
    link = link._replace(kind="shell", shell=shell)
    ends = run_script(
        source,
        shell=shell,
        arg0=arg0,
        arguments=arguments,
        environment=state.environment,
        rootfs=follower.rootfs,
        keeps_running=follower.keeps_running(state.environment),
        is_pid1=state.is_pid1,
        options=options,
    )
    return after_shell(follower, state, link, ends)


def run_line(
    follower: Follower,
    state: State,
    link: Link,
    shell: ShellProgram,
    text: str,
    arg0: str,
    arguments: Argv,
    options: Argv = (),
) -> list[Outcome]:
    at = _span_of_line(follower, text, state)
    ends = line_ends(follower, state, shell, text, at, arg0, arguments, options, is_pid1=state.is_pid1)
    if "&&" in text:
        from initlint.boot.uninstalled import lacking

        base = follower.container.base
        state = state.doubt(lacking(text, ends[0].ran, base, state.environment, follower.rootfs, follower.stages))
    return after_shell(follower, state, link, ends)


def line_ends(
    follower: Follower,
    state: State,
    shell: ShellProgram,
    text: str,
    span_at: Callable[[int, int], Span | None] = lambda start, end: None,
    arg0: str = "sh",
    arguments: Argv = (),
    options: Argv = (),
    *,
    is_pid1: bool = False,
) -> tuple[ShellEnd, ...]:
    """How a line comes to its end in `shell`, with what surrounds it where the trace stands."""
    from initlint.boot.shell import run_string

    return run_string(
        text,
        span_at=span_at,
        shell=shell,
        arg0=arg0,
        arguments=arguments,
        environment=state.environment,
        rootfs=follower.rootfs,
        keeps_running=follower.keeps_running(state.environment),
        is_pid1=is_pid1,
        options=options,
    )


def _span_of_line(follower: Follower, text: str, state: State) -> Callable[[int, int], Span | None]:
    """Maps byte offsets of a line to the file where the line stands."""
    for field in (follower.container.entrypoint, follower.container.cmd):
        if not isinstance(field, StartField) or field.span is None or field.form is None:
            continue
        position = line_position(field, text)
        if position is not None:
            return position
    if state.cause is not None:
        return literal_position(state.cause, text)
    return lambda start, end: None


def after_shell(follower: Follower, state: State, link: Link, ends: Sequence[ShellEnd]) -> list[Outcome]:
    from initlint.boot.shell import meant_to_run

    outcomes: list[Outcome] = []
    for end in meant_to_run(tuple(ends)):
        outcomes.extend(after_end(follower, state, link._replace(shell_end=end), end))
        if len(outcomes) >= MAX_OUTCOMES:
            break
    return outcomes


def after_end(follower: Follower, state: State, link: Link, end: ShellEnd) -> list[Outcome]:
    at = len(state.chain)
    name = link.process_name
    background = [
        Evidence(
            "yes", f"{_where(job.span)}`{' '.join(job.argv) or 'a job'}` runs in the background", job.span, left=True
        )
        for job in end.jobs
    ]
    ran = (*end.ran, *end.substituted)
    background += all_left_behind(ran)
    told = {item.span for item in background}
    unknown = [why for argv, span in ran if span not in told and (why := unread(argv, span))]
    unsure = [argv[0] for argv, _ in end.ran if may_stay(argv)]
    if unsure:
        state = state.doubt(f"whether {posixpath.basename(unsure[0])} goes to the background isn't known")
    state = state._replace(
        when=(*state.when, *end.when),
        likely=state.likely and end.likely,
        environment=end.environment,
        jobs=(*state.jobs, *((at, job) for job in end.jobs)),
        evidence=(*state.evidence, *background),
        unread=(*state.unread, *unknown),
    )  # fmt: skip
    unended = _unended(follower, end) if end.kind in ("exec", "stays") else ""
    if unended:
        state = state.doubt(unended)
        stays = end.stays
        if stays is not None:  # `exec` before it would be of no use to that program
            stays = stays._replace(exec_at=None, obstacle="unended", why=unended)
        end = end._replace(unended=unended, stays=stays)
        link = link._replace(shell_end=end)
    if not end.sure:
        state = state.doubt(end.why or f"{name} can't be followed for sure")
    if link.shell is not None and link.shell.name == "unknown" and end.implicit:
        state = state.doubt(f"which shell {name} is isn't known")
    if end.kind == "exec":
        # bash and mksh hand an ignored SIGCHLD on; dash, ash, zsh and ksh93 don't (measured)
        if shell_ignores_sigchld(link, end):
            state = state._replace(sigchld_ignored=True)
        return follower.run(state.then(link, end.argv, execvp=True, cause=end.span))
    if end.kind == "stays":
        link = link._replace(stays=True)
        if not end.argv:
            return [follower.settle(state, link)]
        return follower.run(state.then(link, end.argv, execvp=True, cause=end.span))
    if end.kind == "ends":
        last = _may_keep_running(end)
        if last is not None:
            argv, span = last
            state = state.doubt(f"whether `{argv[0]} {argv[1]}` ends by itself isn't known")
            stays = ShellStays("foreground", span, None, "not-last", f"{name} waits for it: commands follow")
            link = link._replace(stays=True, shell_end=end._replace(kind="stays", argv=argv, span=span, stays=stays))
            return follower.run(state.then(link, argv, execvp=True, cause=span))
        service = service_started(end.ran[-1][0]) if end.ran and not end.jobs else None
        if service is not None:
            state = state._replace(jobs=(*state.jobs, (len(state.chain), Job((service,), end.ran[-1][1]))))
        why = f"{name} comes to its end" + (f" with status {end.status}" if end.status else "")
        return [undecided(follower.container, state, why, link, pid1="none")]
    if end.kind == "fails":
        return [undecided(follower.container, state, end.why or f"{name} fails", link, pid1="none")]
    return [undecided(follower.container, state, end.why or f"{name} can't be followed", link)]


def base_script(
    follower: Follower, state: State, node: Present, word: str, argv: Argv | None = None
) -> list[Outcome] | None:
    match = follower.container.base.match
    if match is None:
        return None
    script = match.fact.scripts.get(node.path)
    if script is None:
        return None
    if not match.exact:
        state = state.doubt(match.why)
    argv = argv if argv is not None else state.argv
    name = posixpath.basename(word)
    link = Link(name, argv, state.step, state.cause, interpreter=script.interpreter, path=node.path, node=node,
                interpreter_argv=(script.interpreter, node.path, *argv[1:]), kind="shell",
                shell=shell_program(follower, script.interpreter) if script.interpreter in SHELLS else None,
                stays=script.stays, why=_read_at(name, script, match))  # fmt: skip
    if script.forwards:
        link = link._replace(shell_end=_forwarding(script, state.environment))
    arguments = argv[1:]
    if script.fixed_program:
        fixed = tuple(_as_set(item, state.environment) for item in script.fixed_program)
        following: Argv = (*fixed, *arguments) if script.execs_arguments else fixed
    elif script.execs_arguments:
        following = arguments
        if arguments and script.prefix_when_option and arguments[0].startswith("-"):
            following = (*script.prefix_when_option, *arguments)
        elif arguments and script.prefix_when_not_command and is_known(arguments[0]) and "/" not in arguments[0]:
            found = paths.which(follower.rootfs, arguments[0], state.environment.path, state.environment.cwd)
            known = program_table.lookup([str(item) for item in arguments]) is not None or arguments[0] in SHELLS
            if isinstance(found, Absent):
                following = (*script.prefix_when_not_command, *arguments)
            elif isinstance(found, Unknown) and not known and not wrappers.unwrap(arguments[0], arguments):
                state = state.doubt(f"whether {arguments[0]} is a command isn't known")
        elif not arguments and script.prefix_when_option:
            following = script.prefix_when_option if script.takes_none else ()
    else:
        return [undecided(follower.container, state, f"what {name} ends in isn't known", link)]
    if not following:
        what = "unknown" if script.prefix_when_option or script.note else "none"
        return [undecided(follower.container, state, f"{name} is given nothing to start", link, pid1=what)]
    if script.as_user and following[0] in script.prefix_when_option and state.environment.user not in _ROOT:
        if state.environment.user is None:
            return [undecided(follower.container, state, f"which user runs {name} isn't known", link)]
        following = script.as_user
    if script.step_down and state.environment.user in _ROOT and following[0] in (script.step_down_for or following):
        # As root it runs itself again as another user, and then comes to its end.
        # `$0` and `$BASH_SOURCE` of a script that the kernel hands to its interpreter are where it was found.
        found_as = paths.found_as(follower.rootfs, word, state.environment.path, node)
        following = (*script.step_down, found_as, *following)
    else:
        following = next((words + following[1:] for first, words in script.rewrites if first == following[0]),
                         following)  # fmt: skip
    return follower.run(state.then(link, following, execvp=True))


def _as_set(word: str, environment: Environment) -> str:
    """A word of a base's script: a variable's value where the image sets it, else as it is written."""
    if not word.startswith("$"):
        return word
    value = environment.variables.get(word[1:])
    return value if value is not None else Opaque(word)


def _forwarding(script: BaseScript, environment: Environment) -> ShellEnd:
    """How a script ends that starts its program in the background, passes signals on and waits."""
    stays = ShellStays("wait", None, None, "wait", f"{script.interpreter} waits for its background job")
    trap = Trap(script.forwards, f"read at {script.source}", None, forwards=True, waits_again=True)
    return ShellEnd(
        "stays",
        script.fixed_program,
        None,
        environment,
        stays=stays,
        traps=(trap,),
        sure=False,
    )


def _read_at(name: str, script: BaseScript, match: BaseMatch) -> str:
    """Where a base image's script was read; said so where the image was read at another commit."""
    where = f"{name} was read at {script.source}"
    commit = script.source.partition(":")[0]
    own = any(place.partition(":")[0] == commit for place in match.fact.source.values())
    return where if own else f"{where}, the image at another commit"


def _may_keep_running(end: ShellEnd) -> tuple[Argv, Span | None] | None:
    """The last program that a script waits for before its end, where that may be the one it is for.

    A container that ends at once is of no use: `python server.py` and then `exec "$@"` without
    arguments says that the server was meant to stay.
    """
    if end.status or not end.ran:
        return None
    argv, span = end.ran[-1]
    language = interpreters.language_of(posixpath.basename(argv[0])) if is_known(argv[0]) else None
    return (argv, span) if language is not None and len(argv) > 1 and keeps_running(argv) is None else None


def script_lasts(follower: Follower, argv: Argv, environment: Environment) -> bool | None:
    """Whether a shell script that another one runs keeps running, on every way; None where that isn't seen."""
    from initlint.boot.shell import run_script

    if follower.nested >= _MAX_NESTED or not is_known(argv[0]):
        return None
    name = posixpath.basename(argv[0])
    words = argv[1:] if name in SHELLS else argv
    if not words or not is_known(words[0]) or "/" not in words[0] or words[0].startswith("-"):
        return None
    node = script_node(follower, words[0], environment)
    content = follower.rootfs.read(node.path) if isinstance(node, Present) and node.kind == "file" else None
    if not isinstance(content, Source) or content.data.startswith(ELF):
        return None
    if name not in SHELLS:
        shebang = read_shebang(content.data)
        name = "" if shebang is None else posixpath.basename(shebang.interpreter)
        if shebang is not None and name == "env":
            name = shebang.argument or ""
    if name not in SHELLS:
        return None
    follower.nested += 1
    try:
        ends = run_script(
            content,
            shell=shell_program(follower, name),
            arg0=words[0],
            arguments=words[1:],
            environment=environment,
            rootfs=follower.rootfs,
            keeps_running=follower.keeps_running(environment),
            is_pid1=False,
        )
        found = {_end_lasts(follower, end) for end in ends}
    finally:
        follower.nested -= 1
    return found.pop() if len(found) == 1 else None


def _end_lasts(follower: Follower, end: ShellEnd) -> bool | None:
    if end.kind == "ends" and not end.jobs:
        alone = all(ends_alone(argv) or follower.duration(argv, end.environment) is False for argv, _ in end.ran)
        return False if alone else None
    if end.kind not in ("exec", "stays") or not end.sure:
        return None
    if end.stays is not None and end.stays.how in ("loop", "wait", "read"):
        return True if end.stays.how == "loop" and end.stays.endless else None
    return follower.duration(end.argv, end.environment) if end.argv else None


def _unended(follower: Follower, end: ShellEnd) -> str:
    """Why a program that the script seems to go on behind may be what the container is for; empty where it isn't.

    Nobody knows how long it runs, and all that follows it (`sleep infinity`, `tail -f`) does nothing but last.
    """
    if not _only_keeps_up(end):
        return ""
    last: tuple[Argv, Span | None] | None = None
    for argv, span in end.ran:
        if starts_daemon(argv):
            last = None  # what comes before it prepares it
        elif not ends_alone(argv) and follower.duration(argv, end.environment) is None:
            last = argv, span
    if last is None or any(not _precedes(job.span, last[1]) for job in end.jobs):
        return ""
    if end.stays is not None and end.stays.how == "loop" and _shares_loop(last[1], end.span):
        return ""
    return f"{_where(last[1])}whether `{shown(last[0])}` ends by itself isn't known: what follows only keeps it all up"


def _only_keeps_up(end: ShellEnd) -> bool:
    """Whether the program that a script ends in does nothing but last, and the script itself names it."""
    if not end.argv:
        idle = end.stays is not None and end.stays.how == "loop" and end.span is not None
        return idle and end.span is not None and _IDLE_LOOP.fullmatch(end.span.text) is not None
    if end.span is not None and any(sign in end.span.text for sign in ("$@", "${@", "$*")):
        return False
    return is_known(end.argv[0]) and posixpath.basename(end.argv[0]) in ("sleep", "tail", "cat")


def _shares_loop(one: Span | None, other: Span | None) -> bool:
    """Whether no loop begins between two commands: what a loop does by turns isn't in front of it."""
    if one is None or other is None or one.source is not other.source or one.start >= other.start:
        return False
    between = one.source.data[one.end : other.start] + other.data[:6]
    return re.search(rb"\b(?:while|until|for)\b", between) is None


def _precedes(one: Span | None, other: Span | None) -> bool:
    return one is not None and other is not None and one.source is other.source and one.start < other.start


def shell_ignores_sigchld(link: Link, end: ShellEnd) -> bool:
    """Whether a shell becomes its program with SIGCHLD ignored: `trap '' CHLD; exec program`."""
    trap = trap_for(end, "SIGCHLD")
    return trap is not None and trap.action == "" and link.shell is not None and link.shell.name in ("bash", "mksh")


def flags_of(words: Sequence[str]) -> Argv:
    """A shell's own options ("-e", "-eux") among the words that it was started with."""
    return tuple(word for word in words if len(word) > 1 and word[0] in "-+" and word[1:].isalpha())


def _where(span: Span | None) -> str:
    return f"{span.source.name}:{span.row} " if span is not None else ""
