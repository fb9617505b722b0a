"""Build stages: what each is built on, and the state in force at every one of its steps."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping

from initlint.facts import BaseMatch
from initlint.records import NamedTuple
from initlint.targets.dockerfile.base import (
    DEFAULT_PATH,
    DEFAULT_SHELL,
    WINDOWS_SHELL,
    is_windows_reference,
    knows_environment,
    look_up,
    look_up_without,
)
from initlint.targets.dockerfile.expansion import ExpansionError, expand, variables
from initlint.targets.dockerfile.platforms import predefined
from initlint.targets.dockerfile.syntax import BuildStep, Env, Instruction, ParsedDockerfile, Stage
from initlint.targets.dockerfile.words import arguments, assignments
from initlint.text import UnparsableInput


class _State(NamedTuple):
    """What the steps of a stage change. `env` is for expansion, `config` goes into the image."""

    env: Env
    config: Env
    workdir: str | None
    user: str | None
    shell: tuple[str, ...]


def stages(
    parsed: ParsedDockerfile,
    *,
    build_args: Mapping[str, str] | None = None,
    platform: str | None = None,
    target: str | None = None,
) -> tuple[Stage, ...]:
    """The file's stages in order.

    `build_args` are --build-arg's, `platform` is --platform's (TARGETARCH and the like are
    unknown without it). Raises UnparsableInput for an expansion that BuildKit refuses.
    """
    walk = _Walk(parsed, build_args or {}, platform, target)
    for instruction in parsed.instructions:
        walk.take(instruction)
    walk.close()
    return tuple(walk.stages)


def join_workdir(workdir: str | None, path: str) -> str | None:
    """WORKDIR's absolute path, None where a relative one meets an unknown one."""
    if _is_windows_path(path):
        return path
    if not path.startswith("/"):
        if workdir is None:
            return None
        path = posixpath.join(workdir, path)
    return posixpath.normpath("/" + path.lstrip("/"))


def _is_windows_path(path: str) -> bool:
    return path[1:2] == ":" or path.startswith("\\")


class _Walk:
    """One pass over the instructions; `take` each, then `close`."""

    def __init__(
        self, parsed: ParsedDockerfile, build_args: Mapping[str, str], platform: str | None, target: str | None
    ) -> None:
        self.parsed = parsed
        self.build_args = build_args
        self.globals = predefined(build_args, platform, target)
        self.stages: list[Stage] = []
        self.by_name: dict[str, int] = {}
        self.opened: Stage | None = None
        self.state = _State(Env(), Env(), None, None, DEFAULT_SHELL)
        self.steps: list[BuildStep] = []

    def take(self, instruction: Instruction) -> None:
        if instruction.keyword == "FROM":
            self.close()
            self._open(instruction)
        elif self.opened is None:
            if instruction.keyword == "ARG":
                self.globals = self._after_arg(instruction, self.globals, in_stage=False)
        else:
            self._step(instruction, triggered=False)

    def close(self) -> None:
        opened = self.opened
        if opened is None:
            return
        state = self.state
        self.stages.append(
            opened._replace(
                steps=tuple(self.steps),
                env_after=state.env,
                config_env=state.config,
                workdir_after=state.workdir,
                user_after=state.user,
                shell_after=state.shell,
            )
        )
        self.opened = None

    def _open(self, instruction: Instruction) -> None:
        words = arguments(instruction)
        text = words[0].text
        index = len(self.stages)
        reference = self._expand(instruction, text, self.globals)
        if reference == "":
            raise UnparsableInput(
                f"FROM {text} names no image", filename=self.parsed.source.name, span=instruction.span
            )
        platform = instruction.flag("platform")
        if platform is not None:
            platform = self._expand(instruction, platform, self.globals)
        parent = None if reference is None else self.by_name.get(reference.lower())
        match = None
        if parent is None:
            match = look_up(reference) if reference is not None else self._look_up_unresolved(text)
        self.state = self._inherited(reference, parent, match)
        self.steps = []
        name = words[2].text.lower() if len(words) == 3 else None
        self.opened = Stage(
            index=index,
            name=name,
            reference=reference,
            reference_text=text,
            parent=parent,
            platform=platform,
            from_instruction=instruction,
            steps=(),
            env_after=self.state.env,
            config_env=self.state.config,
            workdir_after=None,
            user_after=None,
            shell_after=DEFAULT_SHELL,
            why=self._why_unknown(text) if reference is None else "",
            base_match=match,
        )
        if name is not None:
            self.by_name[name] = index
        if parent is not None:
            for step in self.stages[parent].steps:
                sub = step.instruction.sub
                if step.instruction.keyword == "ONBUILD" and not step.triggered and sub is not None:
                    self._step(sub, triggered=True)

    def _why_unknown(self, text: str) -> str:
        names = [name for name in variables(text, self.parsed.escape) if self.globals.get(name, "") is None]
        open_names = [name for name in variables(text, self.parsed.escape) if name in self.globals.open]
        if open_names:
            return f"ARG {open_names[0]} has no value"
        return f"{names[0]} depends on the platform" if names else "it can't be expanded"

    def _look_up_unresolved(self, text: str) -> BaseMatch | None:
        missing = {name: "" for name in variables(text, self.parsed.escape) if self.globals.get(name) is None}
        return look_up_without(text, Env({**self.globals, **missing}), missing, self.parsed.escape)

    def _inherited(self, reference: str | None, parent: int | None, match: BaseMatch | None) -> _State:
        if parent is not None:
            base = self.stages[parent]
            return _State(base.env_after, base.config_env, base.workdir_after, base.user_after, base.shell_after)
        if reference == "scratch":
            config = Env({"PATH": DEFAULT_PATH})
            return _State(config, config, "/", "", DEFAULT_SHELL)
        if match is None:
            config = Env(complete=False)
            windows = is_windows_reference(reference or "")
            return _State(config, config, None, None, WINDOWS_SHELL if windows else DEFAULT_SHELL)
        fact = match.fact
        config = Env({"PATH": DEFAULT_PATH, **fact.env}, complete=knows_environment(fact))
        shell = fact.shell or (WINDOWS_SHELL if fact.os_family == "windows" else DEFAULT_SHELL)
        return _State(config, config, fact.workdir or "/", fact.user or "", shell)

    def _step(self, instruction: Instruction, *, triggered: bool) -> None:
        state = self.state
        self.steps.append(BuildStep(instruction, state.env, state.workdir, state.user, state.shell, triggered))
        keyword = instruction.keyword
        if keyword == "ENV":
            self.state = self._after_env(instruction, state)
        elif keyword == "ARG":
            self.state = state._replace(env=self._after_arg(instruction, state.env, in_stage=True))
        elif keyword == "WORKDIR":
            path = self._expand(instruction, instruction.value, state.env)
            self.state = state._replace(workdir=None if path is None else join_workdir(state.workdir, path))
        elif keyword == "USER":
            self.state = state._replace(user=self._expand(instruction, instruction.value, state.env))
        elif keyword == "SHELL" and instruction.json:
            self.state = state._replace(shell=instruction.json)

    def _after_env(self, instruction: Instruction, state: _State) -> _State:
        env, config = state.env.copy(), state.config.copy()
        # every value sees the variables as they were before the line
        for item in assignments("ENV", instruction.value, self.parsed.escape):
            name = self._expand(instruction, item.name, state.env)
            value = self._expand(instruction, item.value or "", state.env)
            if name is None:
                env.complete = config.complete = False
                continue
            env[name] = config[name] = value
        return state._replace(env=env, config=config)

    def _after_arg(self, instruction: Instruction, before: Env, *, in_stage: bool) -> Env:
        env = before.copy()
        for item in assignments("ARG", instruction.value, self.parsed.escape):
            name = item.name
            if name in self.build_args:
                env[name] = self.build_args[name]
            elif item.value is not None:
                # unlike ENV's, a later one on the line sees the earlier ones
                env[name] = self._expand(instruction, item.value, env)
            elif in_stage and name in self.globals:
                env[name] = self.globals[name]
            else:
                env.open = env.open | {name}
        return env

    def _expand(self, instruction: Instruction, text: str, env: Env) -> str | None:
        try:
            return expand(text, env, self.parsed.escape)
        except ExpansionError as error:
            raise UnparsableInput(
                f"{instruction.keyword}: {error}", filename=self.parsed.source.name, span=instruction.span
            ) from None
