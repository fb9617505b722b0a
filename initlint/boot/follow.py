"""The boot trace: follows a container's start, exec by exec, until PID 1 is settled.

It does what the engine and the kernel do: find argv[0] on PATH, check that it can be executed,
read its `#!` line, evaluate scripts as far as the arguments are known, look through wrappers
that exec, and stop at those that stay. Where a branch can't be decided every way is kept.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Sequence

from initlint.boot import interpreters, wrappers
from initlint.boot.compiled import compiled_program
from initlint.boot.configured import as_configured
from initlint.boot.daemons import daemon_left, may_stay
from initlint.boot.model import (
    Argv,
    Environment,
    Evidence,
    Job,
    Link,
    Outcome,
    ShellEnd,
    ShellProgram,
    ShellStays,
    StartProblem,
    Trace,
    is_known,
)
from initlint.boot.programs import (
    READS_COMMANDS,
    app_source_facts,
    ends_by_itself,
    keeps_running,
    program_facts,
)
from initlint.boot.settle import settle, undecided
from initlint.boot.shebang import ELF, Shebang, looks_like_shell, read_shebang
from initlint.boot.state import State
from initlint.facts import programs as program_table
from initlint.facts import wrappers as wrapper_table
from initlint.rootfs import Absent, Node, Present, RootFilesystem, Unknown, paths
from initlint.targets.container import Container, ExecForm, ShellForm, StartField, Unresolved
from initlint.targets.dockerfile.syntax import Stage
from initlint.text import Source, Span

MAX_LINKS = 24
MAX_OUTCOMES = 64

SHELLS = frozenset(["sh", "bash", "ash", "dash", "zsh", "ksh", "mksh", "ksh93", "yash", "posh", "rbash", "lksh"])
_ROOT = frozenset(["", "root", "0", "0:0", "root:root"])


def trace(container: Container, rootfs: RootFilesystem, stages: Sequence[Stage] = ()) -> Trace:
    """What PID 1 of `container` is once it has settled. Reads through `rootfs`, runs nothing.

    `stages`: all stages of the Dockerfile, where programs may be compiled that the last one copies.
    """
    outcomes = _Follower(container, rootfs, stages).start()
    outcomes = outcomes[:MAX_OUTCOMES]
    if not any(outcome.likely for outcome in outcomes):
        outcomes[0] = outcomes[0]._replace(likely=True)
    seen = False
    for index, outcome in enumerate(outcomes):
        if outcome.likely and seen:
            outcomes[index] = outcome._replace(likely=False)
        seen = seen or outcome.likely
    return Trace(container, tuple(outcomes), _probe_evidence(container))


class _Follower:
    """Carries what is the same for a whole trace: the container and its filesystem."""

    def __init__(self, container: Container, rootfs: RootFilesystem, stages: Sequence[Stage]) -> None:
        self.container = container
        self.rootfs = rootfs
        self.stages = stages
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
        if match is not None and not match.exact and (inherited or container.base.reference is None):
            state = state.doubt(match.why)
        if container.runtime_init:
            init = Link("docker-init", ("/sbin/docker-init", "--", *argv), "start", container.runtime_init_span,
                        kind="init", stays=True, fact=program_table.lookup(["docker-init"]))  # fmt: skip
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
            if not (name in SHELLS or state.chain) or "/" in word or state.step == "start":
                return [self._cannot_start(state, "missing", node.path, node, f"{word} isn't there: {node.why}")]
        elif isinstance(node, Present):
            if node.kind == "directory":
                return [self._cannot_start(state, "directory", node.path, node, f"{node.path} is a folder")]
            if node.mode is not None and not node.mode & 0o111 and node.origin.kind != "base":
                return [self._cannot_start(state, "not-executable", node.path, node, f"{node.path} isn't executable")]
            if node.origin.kind == "base":
                script = self._base_script(state, node, word)
                if script is not None:
                    return script
            elif node.kind == "file":
                content = self.rootfs.read(node.path)
                if isinstance(content, Source) and not content.data.startswith(ELF):
                    return self._run_file(state, node, content)
        return self._run_named(state, name, node)

    def _run_file(self, state: State, node: Present, source: Source) -> list[Outcome]:
        """A readable file is executed: its `#!` line decides."""
        shebang = read_shebang(source.data)
        if shebang is None:
            if not source.data.strip():
                return [self._cannot_start(state, "empty", node.path, node, f"{source.name} is empty", source)]
            if not state.execvp:
                return [
                    self._cannot_start(
                        state, "without-shebang", node.path, node, f"{source.name} has no #! line", source
                    )
                ]
            if not looks_like_shell(source):
                starter = state.chain[-1].program if state.chain else "it"
                why = f"{source.name} has no #! line, so that {starter} hands it to /bin/sh, which it isn't written for"
                return [self._cannot_start(state, "without-shebang", node.path, node, why, source)]
            shebang = Shebang("/bin/sh", None, False)
        if shebang.carriage_return:
            return [
                self._cannot_start(
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
            return [self._cannot_start(state, "interpreter-missing", words[0], interpreter, why, source)]
        name = posixpath.basename(words[0])
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
        if name in SHELLS:
            arg0 = state.argv[0] if "/" in state.argv[0] else node.path
            return self._run_shell_script(state, link, source, name, arg0, state.argv[1:], _flags(words[1:]))
        if interpreters.language_of(name) is not None:
            return self._run_interpreter(state, name, link.interpreter_argv, link)
        fact = program_table.lookup(link.interpreter_argv)
        unwrapped = wrappers.unwrap(name, link.interpreter_argv) if name in wrappers.INITS else None
        if unwrapped is not None and unwrapped.argv:
            # `#!/usr/bin/dumb-init /bin/sh`: the init starts the shell that reads the script.
            init = link._replace(kind="init", fact=fact, stays=True)
            return self.run(state.then(init, unwrapped.argv, execvp=True, cause=state.cause))
        if fact is not None:
            return [self._settle(state, link._replace(kind=fact.kind, fact=fact))]
        if wrappers.unwrap(name, link.interpreter_argv) is not None:
            return self._run_wrapper(state, name, link.interpreter_argv, link)
        return [undecided(self.container, state, f"what {name} does with {source.name} isn't known", link)]

    def _run_named(self, state: State, name: str, node: Node) -> list[Outcome]:
        """A program that can't be read: its name and arguments decide."""
        argv = state.argv
        link = Link(name, argv, state.step, state.cause, path=getattr(node, "path", None), node=node)
        if name in SHELLS:
            return self._run_shell(state, link, name)
        if name == "busybox" and len(argv) > 1 and is_known(argv[1]):
            if argv[1] in SHELLS:
                return self._run_shell(state, link._replace(argv=argv), "ash", skip=2)
            if argv[1] in ("su", "timeout") or wrappers.unwrap(argv[1], argv[1:]) is not None:
                return self._run_wrapper(state, argv[1], argv[1:], link, busybox=True)
        if program_table.is_init(argv) or argv[0] == "/init":
            return self._run_init(state, link)
        if wrappers.unwrap(name, argv) is not None and name not in wrappers.INITS:
            busybox = self.container.base.sh == "busybox-ash" and name in ("su", "timeout")
            return self._run_wrapper(state, name, argv, link, busybox=busybox)
        known = [str(word) for word in as_configured(argv, state.environment, self.rootfs, self.container.base)]
        fact = program_table.lookup(known)
        language = interpreters.language_of(name)
        if language is not None and (fact is None or fact.kind == "runtime"):
            return self._run_interpreter(state, name, argv, link)
        if fact is not None:
            if fact.background:
                return [self._backgrounds(state, link._replace(kind=fact.kind, fact=fact))]
            link = link._replace(kind=fact.kind, fact=fact)
            read = app_source_facts(argv, state.environment, self.rootfs)
            if read is not None:
                fact, evidence, _ = program_facts(fact, read)
                link = link._replace(fact=fact)
                state = state._replace(evidence=(*state.evidence, *evidence))
            return [self._settle(state, link)]
        if ends_by_itself(argv):
            return [undecided(self.container, state, f"{name} ends at once", link, pid1="none")]
        compiled = compiled_program(node, self.stages, self.container.stage_index) if self.stages else None
        if compiled is not None:
            base = program_table.runtime(compiled.language)
            link = link._replace(kind="other", fact=base._replace(name=name, kind="other"), why=compiled.why)
            # Go's runtime installs handlers by itself; in other languages the source decides.
            unread = "" if compiled.language == "go" else "its source wasn't read"
            return [self._settle(state, link, program_unread=unread)]
        where = f": {node.why}" if isinstance(node, Unknown) and node.why else ""
        return [undecided(self.container, state, f"what {name} is isn't known{where}", link)]

    def _keeps_running(self, environment: Environment) -> Callable[[Argv], bool | None]:
        return lambda argv: keeps_running(as_configured(argv, environment, self.rootfs, self.container.base))

    # Shells.

    def _shell_program(self, name: str) -> ShellProgram:
        """Which shell a name stands for in this image; /bin/sh may have been linked to another."""
        from initlint.facts import shells

        base = self.container.base
        version = base.sh_version
        if name == "sh":
            node = self.rootfs.stat("/bin/sh")
            if isinstance(node, Present) and node.kind == "symlink" and node.target and node.origin.kind != "base":
                target = posixpath.basename(node.target)
                if target in SHELLS and target != "sh":
                    return self._shell_program(target)._replace(word="sh")
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

    def _run_shell(self, state: State, link: Link, name: str, skip: int = 1) -> list[Outcome]:
        """`sh -c LINE`, `sh FILE`, or a shell that reads commands from its input."""
        argv = link.argv
        shell = self._shell_program(name)
        link = link._replace(kind="shell", shell=shell)
        index = skip
        line_follows = False
        options: list[str] = []
        while index < len(argv):
            word = argv[index]
            if not is_known(word):
                return [undecided(self.container, state, f"what {name} runs isn't known: {word}", link)]
            if word in ("--", "-"):
                index += 1
                break
            if not word.startswith(("-", "+")) or word == "":
                break
            if word in ("-o", "+o", "-O", "+O", "--rcfile", "--init-file"):
                index += 2
                continue
            if word[1:2] != "-":
                line_follows = line_follows or "c" in word
                options.append(word.replace("c", ""))
            index += 1
        if line_follows:
            if index >= len(argv):
                return [undecided(self.container, state, f"{name} -c has no command", link, pid1="none")]
            text = argv[index]
            if not is_known(text):
                return [undecided(self.container, state, f"what {name} runs isn't known: {text}", link)]
            arg0 = argv[index + 1] if index + 1 < len(argv) else argv[0]
            return self._run_line(state, link, shell, text, arg0, argv[index + 2 :], _flags(options))
        if index >= len(argv):
            if state.chain and state.chain[-1].stays:
                return [undecided(self.container, state, f"{name} reads commands from its input", link)]
            return [undecided(self.container, state, READS_COMMANDS.format(name), link, pid1="none")]
        script = argv[index]
        if not is_known(script):
            return [undecided(self.container, state, f"which script {name} runs isn't known: {script}", link)]
        node = self._script_node(script, state.environment)
        if isinstance(node, Absent):
            why = f"{script} isn't there: {node.why}"
            return [self._cannot_start(state, "missing", node.path, node, why, link=link)]
        content = self.rootfs.read(node.path) if isinstance(node, Present) else None
        if not isinstance(content, Source):
            base_script = self._base_script(state, node, script, argv[index:]) if isinstance(node, Present) else None
            if base_script is not None:
                return base_script
            why = content.why if isinstance(content, (Unknown, Absent)) else getattr(node, "why", "")
            return [undecided(self.container, state, f"{script} can't be read: {why}", link)]
        link = link._replace(program=posixpath.basename(script), interpreter=name, interpreter_argv=argv,
                             script=content, path=getattr(node, "path", None), node=node)  # fmt: skip
        return self._run_shell_script(state, link, content, name, script, argv[index + 1 :], _flags(options))

    def _script_node(self, script: str, environment: Environment) -> Node:
        if not script.startswith("/"):
            if environment.cwd is None:
                return Unknown(script, "the working directory is unknown")
            script = paths.join(environment.cwd, script)
        return paths.resolve(self.rootfs, script)

    def _run_shell_script(
        self, state: State, link: Link, source: Source, name: str, arg0: str, arguments: Argv, options: Argv = ()
    ) -> list[Outcome]:
        from initlint.boot.shell import run_script

        visit = (source.name, arguments, state.environment.user)
        if state.visits.count(visit) >= (2 if state.likely else 1):
            return [undecided(self.container, state, f"{source.name} starts itself again", link)]
        state = state._replace(visits=(*state.visits, visit))
        shell = self._shell_program(name)
        link = link._replace(kind="shell", shell=shell)
        ends = run_script(
            source,
            shell=shell,
            arg0=arg0,
            arguments=arguments,
            environment=state.environment,
            rootfs=self.rootfs,
            keeps_running=self._keeps_running(state.environment),
            is_pid1=state.is_pid1,
            options=options,
        )
        return self._after_shell(state, link, ends)

    def _run_line(
        self, state: State, link: Link, shell: ShellProgram, text: str, arg0: str, arguments: Argv, options: Argv = ()
    ) -> list[Outcome]:
        from initlint.boot.shell import run_string

        at = self._line_position(text, state)
        ends = run_string(
            text,
            span_at=at,
            shell=shell,
            arg0=arg0,
            arguments=arguments,
            environment=state.environment,
            rootfs=self.rootfs,
            keeps_running=self._keeps_running(state.environment),
            is_pid1=state.is_pid1,
            options=options,
        )
        return self._after_shell(state, link, ends)

    def _line_position(self, text: str, state: State) -> Callable[[int, int], Span | None]:
        """Maps byte offsets of a line to the file where the line stands."""
        for field in (self.container.entrypoint, self.container.cmd):
            if not isinstance(field, StartField) or field.span is None or field.form is None:
                continue
            position = line_position(field, text)
            if position is not None:
                return position
        if state.cause is not None:
            return literal_position(state.cause, text)
        return lambda start, end: None

    def _after_shell(self, state: State, link: Link, ends: Sequence[ShellEnd]) -> list[Outcome]:
        from initlint.boot.shell import meant_to_run

        outcomes: list[Outcome] = []
        for end in meant_to_run(tuple(ends)):
            outcomes.extend(self._after_end(state, link._replace(shell_end=end), end))
            if len(outcomes) >= MAX_OUTCOMES:
                break
        return outcomes

    def _after_end(self, state: State, link: Link, end: ShellEnd) -> list[Outcome]:
        at = len(state.chain)
        name = link.process_name
        background = [
            Evidence("yes", f"{_where(job.span)}`{' '.join(job.argv) or 'a job'}` runs in the background", job.span)
            for job in end.jobs
        ]
        background += [left for argv, span in end.ran if (left := daemon_left(argv, span)) is not None]
        unsure = [argv[0] for argv, _ in end.ran if may_stay(argv)]
        if unsure:
            state = state.doubt(f"whether {posixpath.basename(unsure[0])} goes to the background isn't known")
        state = state._replace(
            when=(*state.when, *end.when),
            likely=state.likely and end.likely,
            environment=end.environment,
            jobs=(*state.jobs, *((at, job) for job in end.jobs)),
            evidence=(*state.evidence, *background),
        )  # fmt: skip
        if not end.sure:
            state = state.doubt(end.why or f"{name} can't be followed for sure")
        if link.shell is not None and link.shell.name == "unknown" and end.implicit:
            state = state.doubt(f"which shell {name} is isn't known")
        if end.kind == "exec":
            return self.run(state.then(link, end.argv, execvp=True, cause=end.span))
        if end.kind == "stays":
            link = link._replace(stays=True)
            if not end.argv:
                return [self._settle(state, link)]
            return self.run(state.then(link, end.argv, execvp=True, cause=end.span))
        if end.kind == "ends":
            last = _may_keep_running(end)
            if last is not None:
                argv, span = last
                state = state.doubt(f"whether `{argv[0]} {argv[1]}` ends by itself isn't known")
                stays = ShellStays("foreground", span, None, "not-last", f"{name} waits for it: commands follow")
                link = link._replace(
                    stays=True, shell_end=end._replace(kind="stays", argv=argv, span=span, stays=stays)
                )
                return self.run(state.then(link, argv, execvp=True, cause=span))
            why = f"{name} comes to its end" + (f" with status {end.status}" if end.status else "")
            return [undecided(self.container, state, why, link, pid1="none")]
        if end.kind == "fails":
            return [undecided(self.container, state, end.why or f"{name} fails", link, pid1="none")]
        return [undecided(self.container, state, end.why or f"{name} can't be followed", link)]

    # Scripts that a base image ships: known from facts, not read.

    def _base_script(self, state: State, node: Present, word: str, argv: Argv | None = None) -> list[Outcome] | None:
        match = self.container.base.match
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
                    shell=self._shell_program(script.interpreter) if script.interpreter in SHELLS else None,
                    stays=script.stays, why=f"{name} was read at {script.source}")  # fmt: skip
        arguments = argv[1:]
        if script.fixed_program:
            following: Argv = (*script.fixed_program, *arguments) if script.execs_arguments else script.fixed_program
        elif script.execs_arguments:
            following = arguments
            if arguments and script.prefix_when_option and arguments[0].startswith("-"):
                following = (*script.prefix_when_option, *arguments)
            elif arguments and script.prefix_when_not_command and is_known(arguments[0]) and "/" not in arguments[0]:
                found = paths.which(self.rootfs, arguments[0], state.environment.path, state.environment.cwd)
                known = program_table.lookup([str(item) for item in arguments]) is not None or arguments[0] in SHELLS
                if isinstance(found, Absent):
                    following = (*script.prefix_when_not_command, *arguments)
                elif isinstance(found, Unknown) and not known and not wrappers.unwrap(arguments[0], arguments):
                    state = state.doubt(f"whether {arguments[0]} is a command isn't known")
            elif not arguments and script.prefix_when_option:
                following = ()
        else:
            return [undecided(self.container, state, f"what {name} ends in isn't known", link)]
        if not following:
            what = "unknown" if script.prefix_when_option or script.note else "none"
            return [undecided(self.container, state, f"{name} is given nothing to start", link, pid1=what)]
        if script.step_down and state.environment.user in _ROOT and following[0] in (script.step_down_for or following):
            # As root it runs itself again as another user, and then comes to its end.
            following = (*script.step_down, word, *following)
        else:
            following = next((words + following[1:] for first, words in script.rewrites if first == following[0]),
                             following)  # fmt: skip
        return self.run(state.then(link, following, execvp=True))

    # Inits and wrappers.

    def _run_init(self, state: State, link: Link) -> list[Outcome]:
        argv = link.argv
        fact = program_table.lookup([str(word) for word in argv])
        name = link.program
        link = link._replace(kind="init", fact=fact, stays=True)
        if argv[0] == "/init" or name == "init":
            arguments = tuple(argv[1:])
            if argv[0] != "/init":
                return [self._settle(state, link._replace(stays=False))]
            if not arguments:
                return [self._settle(state, link)]
            return self.run(state.then(link, arguments, execvp=True))
        unwrapped = wrappers.unwrap(name, argv)
        if unwrapped is None:
            return [self._settle(state, link)]
        if unwrapped.problem:
            return [undecided(self.container, state, unwrapped.problem, link)]
        if not unwrapped.argv:
            if name == "my_init":  # It starts the services of its folders.
                return [self._settle(state, link)]
            return [undecided(self.container, state, f"{name} is given nothing to start", link, pid1="none")]
        cause = self._place_of(state, unwrapped.argv)
        return self.run(state.then(link, unwrapped.argv, execvp=True, cause=cause))

    def _place_of(self, state: State, argv: Argv) -> Span | None:
        """The instruction in which the words stand that a program at the very start was given to start."""
        container = self.container
        if state.chain or container.start is None or tuple(container.start[-len(argv) :]) != argv:
            return None
        entrypoint, cmd = container.entrypoint, container.cmd
        form = entrypoint.form if isinstance(entrypoint, StartField) else None
        length = len(form.argv) if form is not None else 0
        field = entrypoint if len(container.start) - len(argv) < length else cmd
        return field.span

    def _run_wrapper(self, state: State, name: str, argv: Argv, link: Link, *, busybox: bool = False) -> list[Outcome]:
        unwrapped = wrappers.unwrap(name, argv)
        assert unwrapped is not None
        key = wrapper_table.key_of([f"{word}" for word in argv]) or unwrapped.key
        if busybox and name in ("su", "timeout"):
            key = f"busybox {name}"
        fact = wrapper_table.lookup(key)
        link = link._replace(kind="wrapper", fact=fact.keeps if fact is not None else None)
        if fact is not None and not fact.measured:
            state = state.doubt(f"{key} wasn't measured") if not fact.execs else state
        if unwrapped.doubt:
            state = state.doubt(unwrapped.doubt)
        if unwrapped.problem == "it ends by itself":
            return [undecided(self.container, state, f"`{' '.join(argv)}` ends by itself", link, pid1="none")]
        if unwrapped.problem:
            return [undecided(self.container, state, unwrapped.problem, link)]
        if fact is not None and fact.keeps is not None and fact.keeps.background:
            if state.step == "start" and not state.chain:
                return [self._backgrounds(state, link)]
            fact = fact._replace(execs=True)
        state = state._replace(environment=_changed(state.environment, unwrapped))
        if unwrapped.script is not None:
            return self._run_package_script(state, link, unwrapped, key)
        if unwrapped.text is not None:
            return self._run_wrapped_line(state, link, unwrapped, key)
        if not unwrapped.argv:
            return [undecided(self.container, state, f"{name} is given nothing to start", link)]
        if fact is None:
            return [undecided(self.container, state, f"whether {key} gives its place up isn't known", link)]
        execs = fact.execs
        if name in ("su", "runuser") and not busybox:
            execs = False
        return self.run(state.then(link._replace(stays=not execs), unwrapped.argv, execvp=True, cause=link.cause))

    def _run_package_script(self, state: State, link: Link, unwrapped: wrappers.Unwrapped, key: str) -> list[Outcome]:
        """npm start and its like: the line is in package.json, and a shell runs it."""
        from initlint.boot.package_json import script_line

        link = link._replace(stays=True)
        found = script_line(self.rootfs, state.environment.cwd, unwrapped.script or "")
        if isinstance(found, str):
            if key in ("yarn", "pnpm") and found.startswith("no script") and unwrapped.script:
                return self.run(state.then(link, (unwrapped.script, *unwrapped.argv), execvp=True))
            return [self._settle(state.doubt(found), link, main_unknown=found)]
        line = found.line
        if unwrapped.argv:
            if not all(is_known(word) for word in unwrapped.argv):
                return [self._settle(state, link, main_unknown="its arguments aren't known")]
            import shlex

            line = f"{line} {shlex.join(unwrapped.argv)}"
        return self._below_wrapper(state, link, line, "/bin/sh", key, found.span)

    def _run_wrapped_line(self, state: State, link: Link, unwrapped: wrappers.Unwrapped, key: str) -> list[Outcome]:
        if key == "busybox su":
            shell = self._shell_program(posixpath.basename(unwrapped.shell))
            below = Link(posixpath.basename(unwrapped.shell), (unwrapped.shell, "-c", unwrapped.text or ""), "exec",
                         link.cause, kind="shell", shell=shell)  # fmt: skip
            inner = state.then(link._replace(stays=False), below.argv)
            return self._run_line(inner, below, shell, unwrapped.text or "", unwrapped.shell, ())
        return self._below_wrapper(state, link._replace(stays=True), unwrapped.text or "", unwrapped.shell, key, None)

    def _below_wrapper(
        self, state: State, link: Link, line: str, shell_path: str, key: str, cause: Span | None
    ) -> list[Outcome]:
        """A wrapper that stays runs a line through a shell: whether that shell execs decides what
        becomes of signals, so the wrapper's fact is taken once the line's end is known."""
        from initlint.boot.shell import meant_to_run, run_string

        name = posixpath.basename(shell_path)
        shell = self._shell_program(name)
        ends = run_string(
            line,
            span_at=literal_position(cause, line) if cause is not None else lambda start, end: None,
            shell=shell,
            arg0=name,
            arguments=(),
            environment=state.environment,
            rootfs=self.rootfs,
            keeps_running=self._keeps_running(state.environment),
            is_pid1=False,
        )
        outcomes: list[Outcome] = []
        for end in meant_to_run(ends):
            fact = wrapper_table.lookup(key, sh_execs=end.kind == "exec")
            parent = link._replace(fact=fact.keeps if fact is not None else None)
            below = Link(name, (shell_path, "-c", line), "child", cause or link.cause, kind="shell", shell=shell,
                         shell_end=end)  # fmt: skip
            inner = state._replace(chain=(*state.chain, parent), step="child")
            if fact is not None and not fact.measured:
                inner = inner.doubt(f"{key} wasn't measured with a shell that execs")
            outcomes.extend(self._after_end(inner, below, end))
        return outcomes

    # Interpreters and their programs.

    def _run_interpreter(self, state: State, name: str, argv: Argv, link: Link) -> list[Outcome]:
        fact = program_table.lookup([str(word) for word in argv])
        invocation = interpreters.invocation(name, argv)
        link = link._replace(kind="runtime" if fact is None else fact.kind, fact=fact)
        if invocation is None or fact is None or fact.kind != "runtime":
            if fact is None:
                return [undecided(self.container, state, f"what {name} does isn't known", link)]
            if fact.background:
                return [self._backgrounds(state, link)]
            return [self._settle(state, link)]
        if invocation.script is None and invocation.module is None and invocation.code is None:
            why = READS_COMMANDS.format(name)
            return [undecided(self.container, state, why, link, pid1="none")]
        if invocation.unknown:
            return [self._settle(state, link, program_unread=f"which program {name} runs isn't known")]
        if invocation.code is not None:
            return [self._settle(state, link, program_unread=f"the code given to {name} wasn't read")]
        from initlint.boot.programs import read_invocation

        found = read_invocation(invocation, state.environment, self.rootfs)
        if isinstance(found, Absent):
            why = f"{invocation.script} isn't there: {found.why}"
            return [self._cannot_start(state, "missing", found.path, found, why, link=link)]
        if isinstance(found, str):
            return [self._settle(state, link, program_unread=found)]
        if link.script is None:
            link = link._replace(script=found.source)
        if found.facts.execs is not None:
            return self.run(state.then(link, found.facts.execs, execvp=True))
        changed, evidence, unread = program_facts(fact, found.facts)
        state = state._replace(evidence=(*state.evidence, *evidence))
        return [self._settle(state, link._replace(fact=changed), program_unread=unread)]

    # Ends.

    def _settle(self, state: State, link: Link, *, program_unread: str = "", main_unknown: str = "") -> Outcome:
        return settle(self.container, state, link, program_unread=program_unread, main_unknown=main_unknown)

    def _backgrounds(self, state: State, link: Link) -> Outcome:
        why = f"{link.program} goes to the background: the process that was started ends at once"
        jobs = (*state.jobs, (len(state.chain), Job(link.argv, link.cause)))
        return undecided(self.container, state._replace(jobs=jobs), why, link, pid1="none")

    def _cannot_start(
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
            return self._run_init(state._replace(problems=(*state.problems, problem)), init)[0]
        if link is None:
            word = state.argv[0]
            link = Link(posixpath.basename(word), state.argv, state.step, state.cause, path=path, node=node,
                        script=source)  # fmt: skip
        return undecided(self.container, state, why, link, pid1="none", problem=problem)


def line_position(field: StartField, text: str) -> Callable[[int, int], Span | None] | None:
    """Maps byte offsets of a shell line to the instruction it stands in; None where it isn't there."""
    form = field.form
    if isinstance(form, ShellForm) and form.text == text and form.text_span is not None:
        raw = form.text_span
        if raw.text == text:
            return lambda start, end: Span(raw.source, raw.start + start, raw.start + end)
        return _folded_position(form, raw.source)
    if isinstance(form, ExecForm) and text in form.argv and field.span is not None:
        return literal_position(field.span, text)
    return None


def literal_position(span: Span, text: str) -> Callable[[int, int], Span | None]:
    """Where `text` stands inside `span`, as written or as a JSON string without escapes."""
    wanted = text.encode("utf-8", "surrogateescape")
    at = span.data.find(wanted)
    if at == -1 or not wanted:
        return lambda start, end: None
    base = span.start + at
    return lambda start, end: Span(span.source, base + start, base + end)


def _folded_position(form: ShellForm, source: Source) -> Callable[[int, int], Span | None]:
    """A line over several rows: `segments` say where each run of it stands in the file."""
    table: list[int] = []
    for index, offset, length in form.segments:
        run = form.text[index : index + length].encode("utf-8", "surrogateescape")
        before = len(form.text[:index].encode("utf-8", "surrogateescape"))
        table.extend([-1] * (before - len(table)))
        table.extend(range(offset, offset + len(run)))

    def position(start: int, end: int) -> Span | None:
        if not 0 <= start <= end <= len(table) or not table:
            return None
        first = table[start] if start < len(table) else table[-1] + 1
        last = table[end - 1] + 1 if end > start else first
        return Span(source, first, last) if first >= 0 and last >= first else None

    return position


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


def _flags(words: Sequence[str]) -> Argv:
    """A shell's own options ("-e", "-eux") among the words that it was started with."""
    return tuple(word for word in words if len(word) > 1 and word[0] in "-+" and word[1:].isalpha())


def _where(span: Span | None) -> str:
    return f"{span.source.name}:{span.row} " if span is not None else ""


def _changed(environment: Environment, unwrapped: wrappers.Unwrapped) -> Environment:
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
    user = environment.user if unwrapped.user is None else unwrapped.user
    return Environment(variables, complete, cwd, user)


def _why_unknown(container: Container) -> str:
    for field in (container.entrypoint, container.cmd):
        if isinstance(field, Unresolved):
            return field.why
    return "what is started isn't known"


def _probe_evidence(container: Container) -> tuple[Evidence, ...]:
    from initlint.boot.probes import probe_evidence

    return probe_evidence(container)
