"""The boot trace: follows a container's start, exec by exec, until PID 1 is settled.

It does what the engine and the kernel do: find argv[0] on PATH, check that it can be executed,
read its `#!` line, evaluate scripts as far as the arguments are known, look through wrappers
that exec, and stop at those that stay. Where a branch can't be decided every way is kept.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from initlint.boot import binary_steps, interpreter_steps, interpreters, links, shell_steps, wrapper_steps, wrappers
from initlint.boot.compiled import compiled_program
from initlint.boot.configured import as_configured
from initlint.boot.daemons import service_started
from initlint.boot.model import (
    Argv,
    Environment,
    Evidence,
    Job,
    Link,
    Outcome,
    StartProblem,
    Trace,
    is_known,
)
from initlint.boot.own_init import own_init
from initlint.boot.programs import (
    READS_COMMANDS,
    app_source_facts,
    ends_by_itself,
    keeps_running,
    program_facts,
)
from initlint.boot.python_packages import NOTHING_KNOWN, Installed, installed_packages
from initlint.boot.settle import settle, undecided
from initlint.boot.shebang import ELF, Shebang, looks_like_shell, read_shebang
from initlint.boot.shell_steps import MAX_OUTCOMES, SHELLS
from initlint.boot.state import State
from initlint.boot.uninstalled import unbrought_program
from initlint.boot.verdict import told_by_environment
from initlint.facts import ProgramFact, SignalEffect, start_scripts
from initlint.facts import programs as program_table
from initlint.rootfs import Absent, BinaryFiles, Node, Present, RootFilesystem, Unknown, paths
from initlint.rootfs.known_commands import SHELL_NAMES
from initlint.targets.container import Container, Unresolved
from initlint.targets.dockerfile.syntax import Stage
from initlint.text import Source

if TYPE_CHECKING:
    pass

MAX_LINKS = 24
# Where no distribution's package puts a program.
_NOT_PACKAGED = ("/usr/local/", "/opt/", "/home/", "/srv/", "/app/")
# Languages that interpreters doesn't know, whose programs read commands when they get no argument.
_READ_COMMANDS = frozenset(["erl", "iex", "lua", "tclsh"])


def trace(container: Container, rootfs: RootFilesystem, stages: Sequence[Stage] = ()) -> Trace:
    """What PID 1 of `container` is once it has settled. Reads through `rootfs`, runs nothing.

    `stages`: all stages of the Dockerfile, where programs may be compiled that the last one copies.
    """
    outcomes = Follower(container, rootfs, stages).start()
    outcomes = outcomes[:MAX_OUTCOMES]
    if not any(outcome.likely for outcome in outcomes):
        outcomes[0] = outcomes[0]._replace(likely=True)
    seen = False
    for index, outcome in enumerate(outcomes):
        if outcome.likely and seen:
            outcomes[index] = outcome._replace(likely=False)
        seen = seen or outcome.likely
    return Trace(container, tuple(outcomes), _probe_evidence(container))


class Follower:
    """Carries what is the same for a whole trace, and takes its steps; shells and wrappers take theirs in
    `shell_steps` and `wrapper_steps`."""

    def __init__(self, container: Container, rootfs: RootFilesystem, stages: Sequence[Stage]) -> None:
        self.container = container
        self.rootfs = rootfs
        self.stages = stages
        self._packages: Installed | None = None
        self.nested = 0  # scripts that are looked at for what another one runs
        self.signal = container.stop_signal.value if not isinstance(container.stop_signal, Unresolved) else None

    def start(self) -> list[Outcome]:
        container = self.container
        environment = Environment(
            dict(container.env),
            container.env_complete,
            container.workdir.value if not isinstance(container.workdir, Unresolved) else None,
            container.user.value if not isinstance(container.user, Unresolved) else None,
        )
        state = State((), (), "start", container.start_span, environment)
        if container.windows:
            return [undecided(container, state, "a Windows container has no PID 1", pid1="none")]
        if container.tool_image:
            return [undecided(container, state, "a tool image: its start command is the base's shell", pid1="none")]
        if container.start is None:
            return [undecided(container, state, _why_unknown(container))]
        if not container.start:
            return [undecided(container, state, "nothing is started", pid1="none")]
        argv = container.start
        match = container.base.match
        inherited = container.start_from in ("base-image", "mixed")
        # Which build a digest pins only says something of what the image itself starts.
        rests = inherited or container.base.reference is None or "read for " in (match.why if match else "")
        if match is not None and not match.exact and rests:
            state = state.doubt(match.why)
        state = state.doubt(_foreign_tool(container, self.stages))
        if container.runtime_init:
            init = Link("docker-init", ("/sbin/docker-init", "--", *argv), "start", container.runtime_init_span,
                        kind="init", stays=True, fact=program_table.lookup(["docker-init"]),
                        told_group=told_by_environment("docker-init", environment.variables))  # fmt: skip
            return self.run(state.then(init, argv, execvp=True, cause=container.start_span))
        return self.run(state._replace(argv=argv))

    # One step.

    def run(self, state: State) -> list[Outcome]:
        if len(state.chain) >= MAX_LINKS:
            return [undecided(self.container, state, "the chain of programs doesn't end")]
        if not state.argv:
            return [undecided(self.container, state, "nothing is started", pid1="none")]
        word = state.argv[0]
        if not is_known(word):
            return [undecided(self.container, state, f"which program {word} is isn't known")]
        environment = state.environment
        node = paths.which(self.rootfs, word, environment.path, environment.cwd)
        name = posixpath.basename(word)
        if isinstance(node, Absent):
            known_to_lack = name in wrappers.INITS or name in SHELL_NAMES
            if known_to_lack or not (name in SHELLS or state.chain) or "/" in word or state.step == "start":
                return [self.cannot_start(state, "missing", node.path, node, f"{word} isn't there: {node.why}")]
        elif isinstance(node, Unknown):
            state = state.doubt(unbrought_program(name, node, self.container, self.stages))
        elif isinstance(node, Present):
            state = state.doubt(node.doubt)
            if node.kind == "directory":
                return [self.cannot_start(state, "directory", node.path, node, f"{node.path} is a folder")]
            if node.mode is not None and not node.mode & 0o111 and node.origin.kind != "base":
                return [self.cannot_start(state, "not-executable", node.path, node, f"{node.path} isn't executable")]
            if node.origin.kind == "base":
                script = shell_steps.base_script(self, state, node, word)
                if script is not None:
                    return script
            elif node.kind == "file":
                content = self.rootfs.read(node.path)
                if isinstance(content, Source) and not content.data.startswith(ELF):
                    return self._run_file(state, node, content)
                by_bytes = binary_steps.by_bytes(self, state, name, node)
                if by_bytes is not None:
                    return by_bytes
                unfit = binary_steps.by_origin(self, name, node)
                if unfit:
                    return [self.cannot_start(state, "unfit", node.path, node, unfit)]
                if isinstance(content, Unknown) and self._is_taken_by_name(state, node):
                    how = "downloaded" if "://" in node.origin.note else "copied from the build context"
                    if not binary_steps.is_released(self, name, node):
                        state = state.doubt(f"{name} is {how} and can't be read: its name was taken")
        if name not in SHELLS:
            target = links.target_of(word, environment, self.rootfs)
            if target is not None:
                return self._run_linked(state, name, target, node)
        return self.run_named(state, name, node)

    def _is_taken_by_name(self, state: State, node: Present) -> bool:
        """Whether a copied file that can't be read has the name of a program that is known."""
        if not _is_copied(node) or program_table.lookup([str(word) for word in state.argv]) is None:
            return False
        return not isinstance(self.rootfs, BinaryFiles) or self.rootfs.read_bytes(node.path, 4) is None

    def _run_linked(self, state: State, name: str, target: str, node: Node) -> list[Outcome]:
        """A link that an instruction makes to a file that can't be read: the name of that file decides."""
        why = f"{name} is a link to {target}"
        interpreter = links.interpreter_of(target)
        if interpreter is None:
            outcomes = self.run_named(state._replace(argv=(target, *state.argv[1:])), posixpath.basename(target), node)
            return [outcome._replace(why=(why, *outcome.why)) for outcome in outcomes]
        state = state.doubt(f"{why}, which can't be read: {interpreter} was taken by its name")
        link = Link(name, state.argv, state.step, state.cause, interpreter=interpreter, path=node.path, node=node,
                    interpreter_argv=(interpreter, target, *state.argv[1:]))  # fmt: skip
        # npm's links: node_modules/NAME/…/index.js
        fact = program_table.lookup([str(word) for word in state.argv]) if name in target.split("/") else None
        if fact is not None:
            return [self.settle(state, link._replace(kind=fact.kind, fact=fact))]
        fact = program_table.lookup([interpreter, target])
        kind = "other" if fact is None else fact.kind
        return [self.settle(state, link._replace(kind=kind, fact=fact), program_unread=f"{target} can't be read")]

    def _run_file(self, state: State, node: Present, source: Source) -> list[Outcome]:
        """A readable file is executed: its `#!` line decides."""
        shebang = read_shebang(source.data)
        if shebang is None:
            if not source.data.strip():
                return [self.cannot_start(state, "empty", node.path, node, f"{source.name} is empty", source)]
            if not state.execvp:
                return [
                    self.cannot_start(
                        state, "without-shebang", node.path, node, f"{source.name} has no #! line", source
                    )
                ]
            if not looks_like_shell(source):
                starter = state.chain[-1].program if state.chain else "it"
                why = f"{source.name} has no #! line, so that {starter} hands it to /bin/sh, which it isn't written for"
                return [self.cannot_start(state, "without-shebang", node.path, node, why, source)]
            shebang = Shebang("/bin/sh", None, False)
        if shebang.carriage_return:
            return [
                self.cannot_start(
                    state, "crlf-shebang", node.path, node, f"the #! line of {source.name} ends in CR", source
                )
            ]
        words: Argv = (shebang.interpreter,) if shebang.argument is None else (shebang.interpreter, shebang.argument)
        if shebang.name == "env":
            unwrapped = wrappers.unwrap("env", words)
            words = unwrapped.argv if unwrapped is not None else ()
            if not words:
                return [undecided(self.container, state, f"the #! line of {source.name} names no interpreter")]
        elif not shebang.interpreter:
            return [undecided(self.container, state, f"the #! line of {source.name} names no interpreter")]
        interpreter = paths.which(self.rootfs, words[0], state.environment.path, state.environment.cwd)
        if isinstance(interpreter, Absent):
            why = f"{source.name} wants {words[0]}, which isn't there: {interpreter.why}"
            return [self.cannot_start(state, "interpreter-missing", words[0], interpreter, why, source)]
        name = posixpath.basename(words[0])
        if isinstance(interpreter, Unknown):
            state = state.doubt(unbrought_program(name, interpreter, self.container, self.stages, interprets=True))
        link = Link(
            posixpath.basename(state.argv[0]),
            state.argv,
            state.step,
            state.cause,
            interpreter=name,
            interpreter_argv=(*words, node.path, *state.argv[1:]),
            path=node.path,
            node=node,
            script=source,
        )
        becomes = wrapper_steps.becomes_init(self, state.argv, source)
        if becomes is not None:
            return wrapper_steps.run_init_script(self, state, link, becomes)
        if name in SHELLS:
            arg0 = paths.found_as(self.rootfs, state.argv[0], state.environment.path, node)
            return shell_steps.run_shell_script(
                self, state, link, source, name, arg0, state.argv[1:], shell_steps.flags_of(words[1:])
            )
        if interpreters.language_of(name) is not None:
            own = own_init(name, link.interpreter_argv, state.environment, self.rootfs)
            if own is not None:
                return wrapper_steps.run_own_init(self, state, link, own)
            return interpreter_steps.run_interpreter(self, state, name, link.interpreter_argv, link)
        if name == "execlineb":
            return self._run_execline(state, link, link.interpreter_argv)
        fact = program_table.lookup(link.interpreter_argv)
        unwrapped = wrappers.unwrap(name, link.interpreter_argv) if name in wrappers.INITS else None
        if unwrapped is not None and unwrapped.argv:
            # `#!/usr/bin/dumb-init /bin/sh`: the init starts the shell that reads the script.
            init = link._replace(kind="init", fact=fact, stays=True)
            return self.run(state.then(init, unwrapped.argv, execvp=True, cause=state.cause))
        if fact is not None:
            return [self.settle(state, link._replace(kind=fact.kind, fact=fact))]
        if wrappers.unwrap(name, link.interpreter_argv) is not None:
            return wrapper_steps.run_wrapper(self, state, name, link.interpreter_argv, link)
        return [undecided(self.container, state, f"what {name} does with {source.name} isn't known", link)]

    def run_named(self, state: State, name: str, node: Node) -> list[Outcome]:
        """A program that can't be read: its name and arguments decide."""
        argv = state.argv
        link = Link(name, argv, state.step, state.cause, path=getattr(node, "path", None), node=node)
        if name in SHELLS:
            return shell_steps.run_shell(self, state, link, name)
        if name == "busybox" and len(argv) > 1 and is_known(argv[1]):
            if argv[1] in SHELLS:
                return shell_steps.run_shell(self, state, link._replace(argv=argv), "ash", skip=2)
            if argv[1] in ("su", "timeout", "watch") or wrappers.unwrap(argv[1], argv[1:]) is not None:
                return wrapper_steps.run_wrapper(self, state, argv[1], argv[1:], link, busybox=True)
        if name == "execlineb":
            return self._run_execline(state, link, argv)
        becomes = wrapper_steps.becomes_init(self, argv)
        if becomes is not None:
            return wrapper_steps.run_init_script(self, state, link, becomes)
        own = own_init(name, argv, state.environment, self.rootfs)
        if own is not None:
            return wrapper_steps.run_own_init(self, state, link, own)
        if program_table.is_init(argv):
            if interpreters.language_of(name) == "python" and program_table.canonical(argv) == "pyinit":
                return interpreter_steps.run_interpreter(self, state, name, argv, link)
            return wrapper_steps.run_init(self, state, link)
        wanted = start_scripts.missing(name, state.environment.variables)
        if wanted:
            why = f"{name} stays in front of its program where {wanted} isn't set"
            return [undecided(self.container, state, why, link)]
        if name == "tsx":
            return interpreter_steps.run_tsx(self, state, link)
        if wrappers.unwrap(name, argv) is not None and name not in wrappers.INITS:
            busybox = self.container.base.sh == "busybox-ash" and name in ("su", "timeout", "watch")
            return wrapper_steps.run_wrapper(self, state, name, argv, link, busybox=busybox)
        known = [str(word) for word in self.configured(argv, state.environment)]
        fact = program_table.lookup(known)
        language = interpreters.language_of(name)
        if language is not None and (fact is None or fact.kind == "runtime"):
            return interpreter_steps.run_interpreter(self, state, name, argv, link)
        if len(known) == 1 and program_table.canonical(known) in _READ_COMMANDS:
            if name in ("erl", "iex"):
                state = state.doubt(f"what {name} does when its input ends wasn't measured")
            return [undecided(self.container, state, READS_COMMANDS.format(name), link, pid1="none")]
        if argv[1:] in (("--help",), ("--version",)):
            return [undecided(self.container, state, f"{name} ends at once", link, pid1="none")]
        if fact is not None:
            if fact.background:
                return [self.backgrounds(state, link._replace(kind=fact.kind, fact=fact))]
            if fact.background is None or fact.name == "nginx":
                unsaid = self._unsaid(state, link._replace(kind=fact.kind, fact=fact), tuple(known), fact)
                if unsaid is not None:
                    return [unsaid]
            fact = self._as_packaged(fact, node)
            link = link._replace(kind=fact.kind, fact=fact)
            if fact.becomes:
                return [self._run_becoming(state, link, fact)]
            read = app_source_facts(argv, state.environment, self.rootfs, self.asks_for)
            if read is not None:
                fact, evidence, _ = program_facts(fact, read)
                link = link._replace(fact=fact, mistakes=read.mistakes)
                state = state._replace(evidence=(*state.evidence, *evidence))
            if fact.name == "java" and fact.kind == "runtime":
                state, link = self._look_at_java(state, link)
            if fact.kind == "supervisor":
                from initlint.boot.services import run_supervisor

                return [run_supervisor(self, state, link)]
            return [self.settle(state, link)]
        service = service_started(argv)
        if service is not None:
            return [self.backgrounds(state, link, (service,))]
        if ends_by_itself(argv):
            return [undecided(self.container, state, f"{name} ends at once", link, pid1="none")]
        if isinstance(node, Present) and node.kind == "file" and node.origin.kind != "base":
            from initlint.boot.binaries import read_binary

            binary = read_binary(name, node, self.rootfs)
            if binary is not None:
                return binary_steps.run_binary(self, state, link, binary)
        compiled = compiled_program(node, self.stages, self.container.stage_index) if self.stages else None
        if compiled is not None:
            base = program_table.runtime(compiled.language)
            link = link._replace(kind="other", fact=base._replace(name=name, kind="other"), why=compiled.why)
            state = state.doubt(f"the source of {name} wasn't read: it may end by itself")
            # Go's runtime installs handlers by itself; in other languages the source decides.
            unread = "" if compiled.language == "go" else "its source wasn't read"
            return [self.settle(state, link, program_unread=unread)]
        where = f": {node.why}" if isinstance(node, Unknown) and node.why else ""
        line = self._installing_line(name) if where and "/" not in argv[0] else ""
        if line:
            return [undecided(self.container, state, f"what {name} does isn't known: {line} installs it", link)]
        return [undecided(self.container, state, f"what {name or 'an empty name'} is isn't known{where}", link)]

    def _run_execline(self, state: State, link: Link, words: Argv) -> list[Outcome]:
        from initlint.boot import execline

        return execline.run(self, state, link, words)

    def _installing_line(self, name: str) -> str:
        """Where a package of a program's own name is installed, by the distribution's package tool."""
        wanted = rf"\b(?:apt-get|apt|apk|yum|dnf|microdnf)\s[^&|;]*(?<![\w./-]){re.escape(name)}(?![\w./-])"
        index: int | None = self.container.stage_index if self.stages else None
        while index is not None:
            for step in self.stages[index].steps:
                text = step.instruction.value if step.instruction.keyword == "RUN" else ""
                # few lines name it: only for them is the expression worth making
                if name in text and re.search(wanted, text):
                    span = step.instruction.span
                    return f"{span.source.name}:{span.row}"
            index = self.stages[index].parent
        return ""

    def names_folder(self, script: str, environment: Environment) -> bool:
        """Whether a RUN line names the folder that a script lies in: `git clone … FOLDER`."""
        folder = posixpath.dirname(paths.join(environment.cwd or "/", script))
        steps = [step.instruction for stage in self.stages for step in stage.steps]
        return len(folder) > 1 and any(item.keyword == "RUN" and folder in item.value for item in steps)

    def _look_at_java(self, state: State, link: Link) -> tuple[State, Link]:
        from initlint.boot.java_source import NOT_READ, short_main

        source = short_main(link.argv, state.environment, self.rootfs, self.stages)
        if source:
            return state.doubt(f"nothing in {source} is seen to keep it running: it may end by itself"), link
        return state, link._replace(why=f"{link.program}: {NOT_READ}")

    def _as_packaged(self, fact: ProgramFact, node: Node) -> ProgramFact:
        """A program's fact, changed where the distribution's own one is of an earlier version."""
        base = self.container.base
        if fact.kind != "server" or base.os_release is None or node.path.startswith(_NOT_PACKAGED):
            return fact
        from initlint.facts.programs.earlier import as_of

        return as_of(fact, base.os_family, base.os_release)

    def keeps_running(self, environment: Environment) -> Callable[[Argv], bool | None]:
        """Whether a program keeps running, by its words or by its source. That its source ends is told elsewhere:
        a program that a shell becomes is followed all the same."""
        return lambda argv: self.duration(argv, environment) or keeps_running(self.configured(argv, environment))

    def duration(self, argv: Argv, environment: Environment) -> bool | None:
        from initlint.boot.source_duration import lasts_by_source

        known = keeps_running(self.configured(argv, environment))
        if known is None:
            known = lasts_by_source(argv, environment, self.rootfs)
        return shell_steps.script_lasts(self, argv, environment) if known is None else known

    def _unsaid(self, state: State, link: Link, argv: Argv, fact: ProgramFact) -> Outcome | None:
        """What becomes of a server that its command line doesn't tell to stay, where files tell it."""
        from initlint.boot import unsaid

        refused = unsaid.refuses_to_start(self.rootfs, state, link.argv, fact.name)
        if refused:
            return undecided(self.container, state, refused, link, pid1="none")
        if fact.background is None and unsaid.leaves_by_default(
            self.container, self.rootfs, self.stages, state, argv, fact.name
        ):
            return self.backgrounds(state, link)
        return None

    def configured(self, argv: Argv, environment: Environment) -> Argv:
        return as_configured(argv, environment, self.rootfs, self.container.base, self.packages)

    def packages(self) -> Installed:
        """The Python packages that the image installs; found when a program asks for them."""
        if self._packages is None:
            self._packages = installed_packages(self.stages, self.rootfs) if self.stages else NOTHING_KNOWN
        return self._packages

    def asks_for(self, package: str) -> bool | None:
        return self.packages().asks_for(package)

    def _run_becoming(self, state: State, link: Link, fact: ProgramFact) -> Outcome:
        """A start script that looks whether it is PID 1: there it gives its place to the server."""
        if state.is_pid1:
            after = state.then(link, fact.becomes)
            server = Link(fact.becomes[0], fact.becomes, after.step, link.cause, kind=fact.kind, fact=fact)
            return self.settle(after, server)
        # It makes a session of its own there, so that a signal to the group doesn't reach it either.
        chain = tuple(above._replace(to_group=False) for above in state.chain)
        lost: dict[str, SignalEffect] = dict.fromkeys(fact.effects, "kills")
        why = f"{link.program}: it isn't PID 1, and its script keeps {fact.becomes[0]} in a child"
        script = link._replace(kind="wrapper", fact=fact._replace(kind="wrapper", effects=lost), stays=True, why=why)
        below = state._replace(chain=chain).then(script, fact.becomes)
        server = Link(fact.becomes[0], fact.becomes, below.step, link.cause, kind=fact.kind, fact=fact)
        return self.settle(below, server)

    # Ends.

    def settle(self, state: State, link: Link, *, program_unread: str = "", main_unknown: str = "") -> Outcome:
        return settle(self.container, state, link, program_unread=program_unread, main_unknown=main_unknown)

    def backgrounds(self, state: State, link: Link, argv: Argv = ()) -> Outcome:
        """`argv`: what goes to the background, where that isn't the link itself."""
        name = argv[0] if argv else link.program
        why = f"{name} goes to the background: the process that was started ends at once"
        jobs = (*state.jobs, (len(state.chain), Job(argv or link.argv, link.cause)))
        return undecided(self.container, state._replace(jobs=jobs), why, link, pid1="none")

    def cannot_start(
        self,
        state: State,
        fault: str,
        path: str,
        node: Node | None,
        why: str,
        source: Source | None = None,
        link: Link | None = None,
    ) -> Outcome:
        is_init = link is None and posixpath.basename(state.argv[0]) in wrappers.INITS
        problem = StartProblem(fault, path, node, state.cause, why, source, is_init)  # type: ignore[arg-type]
        if is_init:
            # What an init would start can be looked at all the same: people mend one fault a build.
            word = state.argv[0]
            init = Link(
                posixpath.basename(word), state.argv, state.step, state.cause, path=path, node=node, kind="init"
            )
            return wrapper_steps.run_init(self, state._replace(problems=(*state.problems, problem)), init)[0]
        if link is None:
            word = state.argv[0]
            link = Link(posixpath.basename(word), state.argv, state.step, state.cause, path=path, node=node,
                        script=source)  # fmt: skip
        return undecided(self.container, state, why, link, pid1="none", problem=problem)


def _is_copied(node: Present) -> bool:
    """Whether COPY or ADD brings a file from the build context."""
    note = node.origin.note
    return node.origin.kind == "context" or (note.startswith(("COPY ", "ADD ")) and "--from" not in note)


def _foreign_tool(container: Container, stages: Sequence[Stage]) -> str:
    """Why an image can't be built as it stands: a RUN line starts with apt on Alpine, or apk elsewhere."""
    foreign = {"alpine": ("apt", "apt-get", "yum", "dnf"), "debian": ("apk",), "ubuntu": ("apk",)}
    tools = foreign.get(container.base.os_family, ()) if container.base.match is not None and stages else ()
    for step in stages[container.stage_index].steps if tools else ():
        instruction = step.instruction
        if instruction.keyword == "RUN" and "||" not in instruction.value:
            words = instruction.value.split(None, 1)
            if words and words[0] in tools:
                return f"RUN calls {words[0]}, which {container.base.os_family} doesn't have: it may not build"
    return ""


def _why_unknown(container: Container) -> str:
    for field in (container.entrypoint, container.cmd):
        if isinstance(field, Unresolved):
            return field.why
    return "what is started isn't known"


def _probe_evidence(container: Container) -> tuple[Evidence, ...]:
    from initlint.boot.probes import probe_evidence

    return probe_evidence(container)
