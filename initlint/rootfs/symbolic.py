"""The filesystem of a stage chain, worked out from its instructions without building it.

The steps are a list of effects in build order. A look-up walks it from the end to the start and
stops at the first step that settles the path; nothing is computed that nobody asks for.

What the answers mean:

- **Present**: a COPY, RUN, package or fact brings it. A COPY source counts as existing (the build
  fails otherwise), also where its content can't be seen.
- **Absent**: removed for certain; or nothing brings it, no step that could make it stays unread,
  and the base image is one whose facts tell that it lacks it (scratch; an init; a folder such as
  /app on a plain distribution or language image).
- **Unknown**: all else, with the first reason met.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from initlint.facts import BaseMatch
from initlint.rootfs import Absent, Listing, Node, Origin, Present, RootFilesystem, Unknown
from initlint.rootfs.base import BaseFiles
from initlint.rootfs.build_context import BuildContext, UnknownContext
from initlint.rootfs.copy_effects import CopyEffect
from initlint.rootfs.effects import Answer, Change, Create, Doubt, Effect, Gone, Hit, Lacking, MayCreate, Moved, top_of
from initlint.rootfs.files import HostFiles
from initlint.rootfs.known_commands import NEVER_BUILT, SHELL_NAMES
from initlint.rootfs.modes import UMASK, apply_mode
from initlint.rootfs.paths import normalise, resolve
from initlint.rootfs.run_filter import RunWords, run_runs_scripts
from initlint.rootfs.transfer import parse_copy
from initlint.targets.container import Container
from initlint.targets.dockerfile.syntax import BuildStep, Stage
from initlint.text import Source, UnreadableInput

if TYPE_CHECKING:
    from initlint.targets.dockerfile import Dockerfile

MAX_DEPTH = 24

# The instructions that change files; of all others nothing is asked.
_CHANGING = frozenset(("COPY", "ADD", "RUN", "WORKDIR"))

Found = Hit | Gone | Doubt | Lacking
Changes = list[Change]
Layers = list[int]


class Layer:
    """The effects of one step, in build order."""

    __slots__ = ("_speaking", "effects")

    def __init__(self, effects: list[Effect]) -> None:
        self.effects = effects
        self._speaking: dict[str, list[tuple[int, Effect]]] = {}

    def speaking(self, top: str) -> list[tuple[int, Effect]]:
        """Those that may say something of the paths in a folder of the root, with their places, the last first."""
        found = self._speaking.get(top)
        if found is None:
            found = [(at, each) for at, each in enumerate(self.effects) if not top or each.top() in (top, "")]
            found.reverse()
            self._speaking[top] = found
        return found


class View:
    """The filesystem as it was before one effect: what an effect may ask while it is looked at."""

    __slots__ = ("_depth", "_fs", "at", "layer")

    def __init__(self, fs: SymbolicRootFilesystem, layer: int, at: int, depth: int) -> None:
        self._fs = fs
        self.layer = layer
        self.at = at
        self._depth = depth

    def found(self, path: str) -> Found:
        return self._fs.look(path, self.layer, self.at, self._depth + 1)

    def content(self, hit: Hit) -> bytes | None:
        return self._fs.content(hit)


class SymbolicRootFilesystem:
    """Answers for the end of a stage chain."""

    def __init__(self, steps: Sequence[BuildStep], base: BaseFiles, builder: _Builder, *, sh: str = "unknown") -> None:
        self._steps = steps
        self._layers: list[Layer | None] = [None] * len(steps)
        self._words: list[RunWords | None] = [None] * len(steps)
        self._earlier = _earlier(steps)
        self._base = base
        base.run_shells = frozenset(
            step.shell[0]
            for step in steps
            if step.instruction.keyword == "RUN" and step.shell and step.instruction.json is None
        )
        self._builder = builder
        self._sh = sh
        self._found: dict[str, Found] = {}
        self._nodes: dict[str, Node] = {}
        self._sources: dict[str, Source] = {}

    def at_the_end_of(self, stage: int) -> SymbolicRootFilesystem:
        """What another stage of the same Dockerfile holds."""
        return self._builder.filesystem(stage)

    def stat(self, path: str) -> Node:
        node = self._nodes.get(path)
        if node is None:
            node = self._nodes[path] = self._stat(normalise(path))
        return node

    def _stat(self, path: str) -> Node:
        answer = self.found(path)
        if isinstance(answer, Hit):
            return Present(path, answer.kind, answer.mode, answer.origin, answer.target, answer.mode_span, answer.doubt)
        if isinstance(answer, Doubt):
            return Unknown(path, answer.why, answer.origin)
        near = answer.near if isinstance(answer, Lacking) else ()
        return Absent(path, answer.why, answer.origin, near)

    def read(self, path: str) -> Source | Unknown | Absent:
        path = normalise(path)
        answer = self.found(path)
        if isinstance(answer, Doubt):
            return Unknown(path, answer.why, answer.origin)
        if not isinstance(answer, Hit):
            return Absent(path, answer.why, answer.origin)
        if answer.kind != "file":
            return Unknown(path, f"a {answer.kind}, not a regular file", answer.origin)
        if answer.host is not None:
            try:
                return self._builder.files.source(answer.host)
            except UnreadableInput as error:
                return Unknown(path, error.message, answer.origin)
        if answer.data is None:
            return Unknown(path, answer.why, answer.origin)
        source = self._sources.get(path)
        if source is None:
            source = self._sources[path] = Source(path, answer.data, written=answer.origin.span)
        return source

    def read_bytes(self, path: str, limit: int, offset: int = 0) -> bytes | None:
        answer = self.found(normalise(path))
        if not isinstance(answer, Hit) or answer.kind != "file":
            return None
        if answer.host is not None:
            return self._builder.files.part(answer.host, limit, offset)
        return None if answer.data is None else answer.data[offset : offset + limit]

    def list(self, path: str) -> Listing:
        """The names that are known of a folder; never complete but for what is copied onto scratch."""
        path = normalise(path)
        names: dict[str, None] = dict.fromkeys(self._base.names_below(path))
        for layer in range(len(self._steps)):
            for effect in self._effects(layer):
                for name in effect.names(path):
                    names[name] = None
        prefix = path.rstrip("/") + "/"
        kept = [name for name in names if isinstance(self.found(prefix + name), Hit)]
        return Listing(tuple(sorted(kept)), False)

    def found(self, path: str) -> Found:
        """The answer for a normalised path at the end of the chain."""
        answer = self._found.get(path)
        if answer is None:
            answer = self.look(path, len(self._steps), 0, 0)
            if isinstance(answer, Lacking):
                answer = self._settled(path, answer)
            self._found[path] = answer
        return answer

    def followed(self, path: str) -> tuple[str, Found]:
        """The path that symlinks lead to, its last component's too, and the answer for it."""
        node = resolve(self, path)
        return node.path, self.found(node.path)

    def content(self, hit: Hit) -> bytes | None:
        if hit.host is not None:
            try:
                return self._builder.files.source(hit.host).data
            except UnreadableInput:
                return None
        return hit.data

    def look(self, path: str, layer: int, index: int, depth: int) -> Found:
        """Walk back from just before effect `index` of step `layer` (`layer` = the number of steps: the end)."""
        path = self._base.canonical(path)
        if depth > MAX_DEPTH:
            return Doubt("it is moved about too often to be followed")
        found = self._walk(path, layer, index, depth, everything=False)
        if found is None:
            # only now do steps that don't mention it decide between absent and unknown
            found = self._walk(path, layer, index, depth, everything=True)
        return found or Doubt("it can't be told")

    def _walk(self, path: str, layer: int, index: int, depth: int, *, everything: bool) -> Found | None:
        """One walk. Without `everything` it skips RUN lines that don't touch the path as it seems, and
        gives None where they might tell more than what was found."""
        skipped: Layers = []
        changes: Changes = []
        doubt: Doubt | None = None
        lacking: Lacking | None = None
        top = top_of(path)
        view = View(self, layer, index, depth)
        if layer == len(self._steps):
            layer, index = self._earlier[layer], -1
        while layer >= 0:
            known = self._layers[layer]
            if known is None:
                if not everything and not self._concerns(layer, path):
                    skipped.append(layer)
                    layer, index = self._earlier[layer], -1
                    continue
                known = self._made(layer)
            for at, effect in known.speaking(top):
                if 0 <= index <= at:
                    continue
                view.layer, view.at = layer, at
                answer: Answer = effect.look(view, path)
                if answer is None:
                    continue
                if isinstance(answer, Moved):
                    answer = self._moved(answer, layer, at, depth)
                    if answer is None:
                        continue
                if isinstance(answer, Hit):
                    hit = self._changed(answer, changes)
                    if hit.kind == "file" and hit.mode is not None and not hit.mode & 0o111:
                        if any(run_runs_scripts(self._steps[each].instruction) for each in skipped):
                            return None
                        if doubt is not None and doubt.changes:
                            return hit._replace(mode=None)
                    return _covered(hit, doubt)
                if isinstance(answer, Change):
                    changes.append(answer)
                elif isinstance(answer, Doubt):
                    doubt = answer if doubt is None else _both(doubt, answer)
                elif isinstance(answer, Gone):
                    return doubt or (None if skipped else answer)
                elif isinstance(answer, Lacking):
                    lacking = lacking or answer
            layer, index = self._earlier[layer], -1
        last = self._base.look(path)
        if isinstance(last, Hit):
            return _covered(self._changed(last, changes), doubt)
        if isinstance(last, Doubt):
            return doubt or last
        if doubt is not None:
            return doubt
        if changes and any(change.certain for change in changes):
            # chmod and sed fail on a file that isn't there, so something unseen brought it
            return Doubt("an instruction changes it, and none is seen to bring it")
        if skipped:
            return None
        if lacking is not None and not lacking.near and path.rpartition("/")[2] in NEVER_BUILT:
            return last  # that a folder which is copied lacks it says little
        return lacking or last

    def _settled(self, path: str, lacking: Lacking) -> Found:
        """Whether what nothing brings is really absent; with files of the same name elsewhere."""
        name = path.rpartition("/")[2]
        if name in SHELL_NAMES and self._is_run(name):
            return Doubt(f"a RUN line names {name}, and would fail without it", lacking.origin)
        near: dict[str, None] = {}
        for layer in range(len(self._steps)):
            for effect in self._effects(layer):
                for target in effect.targets():
                    target = self._base.canonical(target)
                    if target != path and target.rpartition("/")[2] == name and target not in near:
                        node = self.look(target, len(self._steps), 0, 1)
                        if isinstance(node, Hit) and node.kind != "directory":
                            near[target] = None
        if near or lacking.certain:
            return lacking._replace(near=tuple(near) or lacking.near)
        return Doubt(f"nothing is seen to bring it; it may be mounted ({lacking.why})", lacking.origin)

    def _is_run(self, name: str) -> bool:
        """Whether a RUN line has a word: it may install that program, or need it."""
        word = re.compile(rf"(?<![\w.-]){name}(?![\w.])")
        texts = (step.instruction.value for step in self._steps if step.instruction.keyword == "RUN")
        return any(word.search(text) for text in texts)

    def _moved(self, moved: Moved, layer: int, at: int, depth: int) -> Answer:
        before = self.look(moved.path, layer, at, depth + 1)
        if isinstance(before, Hit):
            mode = before.mode
            if moved.mode is not None:
                mode = apply_mode(moved.mode, 0, folder=False)
            elif not moved.keep_mode and mode is not None and before.kind == "file":
                mode &= ~UMASK
            span = moved.origin.span if moved.mode is not None else before.mode_span
            return before._replace(mode=mode, mode_span=span)
        if moved.sure:
            # it succeeds only if there is something to copy
            mode = apply_mode(moved.mode, 0, folder=False) if moved.mode is not None else None
            return Hit("file", mode, moved.origin, why=before.why)
        if isinstance(before, Doubt):
            return Doubt(before.why, before.origin)
        return None

    def _changed(self, hit: Hit, changes: Changes) -> Hit:
        """What chmod and the like make of it, the earliest first."""
        for change in reversed(changes):
            if change.mode is not None and hit.kind != "symlink":
                mode = apply_mode(change.mode, hit.mode or 0, folder=hit.kind == "directory")
                if hit.mode is None and not change.mode.isdigit():
                    # +x on an unknown mode: the bits that it sets are known to be there
                    mode = _at_least(change.mode)
                if not change.certain and mode != hit.mode:
                    mode = None
                hit = hit._replace(mode=mode, mode_span=change.span)
            if change.data == "unknown" or (change.data and not change.certain):
                hit = hit._replace(host=None, data=None, why=change.why)
            elif change.data == "strip-cr":
                data = self.content(hit)
                if data is not None and b"\r" in data:
                    hit = hit._replace(host=None, data=data.replace(b"\r\n", b"\n"))
        return hit

    def _concerns(self, layer: int, path: str) -> bool:
        """Whether a step may touch a path by name: cheap, and right for what RUN lines really say."""
        words = self._words[layer]
        if words is None:
            instruction = self._steps[layer].instruction
            if instruction.keyword != "RUN":
                return True
            words = self._words[layer] = RunWords(instruction)
        return words.concern(path)

    def _made(self, layer: int) -> Layer:
        made = self._layers[layer] = Layer(self._builder.effects(self._steps[layer], self._base, self._sh))
        return made

    def _effects(self, layer: int) -> Sequence[Effect]:
        return (self._layers[layer] or self._made(layer)).effects


def _earlier(steps: Sequence[BuildStep]) -> list[int]:
    """For each step, and the end: the nearest one before it that changes files, -1 where there is none."""
    found = [-1]
    for index, step in enumerate(steps):
        found.append(index if step.instruction.keyword in _CHANGING else found[-1])
    return found


def _both(first: Doubt, second: Doubt) -> Doubt:
    """Two steps that may bring a file: a folder that is copied to its place is the better reason than a program
    that may do anything anywhere."""
    kept = second if second.changes and not first.changes else first
    copied = second.covers and second.origin is not None and second.origin.note.startswith(("COPY ", "ADD "))
    telling = second if first.changes and copied else first
    # Long chains of RUN lines meet here at every look-up: the first reason stands in nearly all of them.
    return kept if kept is telling else kept._replace(why=telling.why, origin=telling.origin)


def _covered(hit: Hit, doubt: Doubt | None) -> Hit:
    """A file over which something that isn't seen may have been copied."""
    return hit._replace(doubt=doubt.why) if doubt is not None and doubt.covers and hit.kind != "directory" else hit


def _at_least(text: str) -> int | None:
    return apply_mode(text, 0o644, folder=False) if "+" in text or "=" in text else None


class _Builder:
    """Makes effects out of steps; knows the other stages for COPY --from."""

    def __init__(self, stages: Sequence[Stage], context: BuildContext | UnknownContext, files: HostFiles) -> None:
        self.stages = stages
        self.files = files
        self.context = context if isinstance(context, BuildContext) else None
        self.why = context.why if isinstance(context, UnknownContext) else ""
        self._filesystems: dict[int, SymbolicRootFilesystem] = {}

    def effects(self, step: BuildStep, base: BaseFiles, sh: str) -> list[Effect]:
        instruction = step.instruction
        keyword = instruction.keyword
        if keyword in ("COPY", "ADD"):
            return self._copy(step, base)
        if keyword == "RUN":
            from initlint.rootfs.run_effects import RunReader

            return RunReader(base, sh).effects(step)
        if keyword == "WORKDIR":
            return [_workdir(step)]
        return []

    def _copy(self, step: BuildStep, base: BaseFiles) -> list[Effect]:
        copy = parse_copy(step)
        if copy is None:
            return []
        if copy.destination is not None:
            copy = copy._replace(destination=base.target(copy.destination))
        other: SymbolicRootFilesystem | None = None
        if copy.origin_stage is not None:
            other = self._other(copy.origin_stage, step)
        return [CopyEffect(copy, step, self.context, self.why, other)]

    def _other(self, name: str, step: BuildStep) -> SymbolicRootFilesystem | None:
        """The filesystem that --from names: a stage by name or number, else an image."""
        own = (stage.index for stage in self.stages if any(each is step for each in stage.steps))
        here = next(own, len(self.stages))
        for stage in self.stages[:here]:
            if stage.name == name.lower() or (name.isdigit() and stage.index == int(name)):
                return self.filesystem(stage.index)
        if name.isdigit():
            return None
        match = look_up(name)
        return None if match is None else SymbolicRootFilesystem((), _base_files(name, match), self)

    def filesystem(self, index: int) -> SymbolicRootFilesystem:
        if index not in self._filesystems:
            chain = chain_of(self.stages, index)
            reference = chain[0].reference
            match = look_up(reference)
            sh = match.fact.sh if match is not None else "unknown"
            steps = [step for stage in chain for step in stage.steps]
            self._filesystems[index] = SymbolicRootFilesystem(steps, _base_files(reference, match), self, sh=sh)
        return self._filesystems[index]


def _workdir(step: BuildStep) -> Effect:
    from initlint.rootfs.transfer import expand_or_none

    instruction = step.instruction
    text = expand_or_none(instruction.value, step.env)
    origin = Origin("instruction", f"WORKDIR {instruction.value}", instruction.span)
    if text is None or (not text.startswith("/") and step.workdir is None):
        return MayCreate("/", "WORKDIR makes a folder whose name isn't known", origin)
    path = normalise(text if text.startswith("/") else f"{step.workdir}/{text}")
    return Create(path, Hit("directory", 0o755, origin))


def look_up(reference: str | None) -> BaseMatch | None:
    if reference is None:
        return None
    from initlint.facts.bases import lookup

    return lookup(reference)


def _base_files(reference: str | None, match: BaseMatch | None) -> BaseFiles:
    if match is None:
        return BaseFiles(reference, None)
    return BaseFiles(reference, match, match.fact.os_family, match.fact.os_release)


def chain_of(stages: Sequence[Stage], index: int) -> list[Stage]:
    """A stage and those that it is built on, the base-most first."""
    chain = [stages[index]]
    while (parent := chain[0].parent) is not None:
        chain.insert(0, stages[parent])
    return chain


def build(
    dockerfile: Dockerfile, container: Container, context: BuildContext | UnknownContext, files: HostFiles
) -> SymbolicRootFilesystem:
    """The filesystem of one container of a Dockerfile."""
    stages = dockerfile.stages
    chain = chain_of(stages, container.stage_index)
    base = container.base
    base_files = BaseFiles(base.reference, base.match, base.os_family, base.os_release)
    steps = [step for stage in chain for step in stage.steps]
    return SymbolicRootFilesystem(steps, base_files, _Builder(stages, context, files), sh=base.sh)


def shell_behind_sh(fs: RootFilesystem) -> str | None:
    """The program that an instruction put behind /bin/sh (`ln -sf /bin/bash /bin/sh`): its path;
    None where the base image's own is left."""
    node = fs.stat("/bin/sh")
    if isinstance(node, Present) and node.kind == "symlink" and node.origin.kind != "base":
        return node.target
    return None


__all__ = ["SymbolicRootFilesystem", "build", "chain_of", "shell_behind_sh"]
