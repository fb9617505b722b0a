"""A target read through to its traces: what rules and cures look at.

`examine` is the one way through the lower rooms: parse, build context, root filesystem,
boot trace. A fix is verified by examining its result the same way, with the edited bytes in
the overlay of `HostFiles`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from initlint.boot.model import Outcome, Trace
from initlint.records import NamedTuple
from initlint.rootfs import Present, RootFilesystem
from initlint.rootfs.files import HostFiles
from initlint.targets.container import Container
from initlint.text import Source, Span

if TYPE_CHECKING:
    from initlint.rootfs.context import BuildContext, UnknownContext
    from initlint.targets.dockerfile import Dockerfile


class ExamineOptions(NamedTuple):
    """How a Dockerfile is to be read: the command line's and the configuration's say."""

    context: str | None = None  # absolute path; None: discover it
    target: str | None = None
    build_args: Mapping[str, str] = {}
    platform: str | None = None


class Subject(NamedTuple):
    """One container with everything that decides about it. What a rule's `check` is given."""

    container: Container
    trace: Trace
    rootfs: RootFilesystem
    dockerfile: Dockerfile
    context: BuildContext | UnknownContext
    files: HostFiles
    options: ExamineOptions

    @property
    def likely(self) -> Outcome:
        return self.trace.likely

    @property
    def place(self) -> Span:
        """Where a finding about the start as a whole belongs: the instruction that decides it, else FROM."""
        container = self.container
        span = container.start_span or container.base.span
        return span if span is not None else container.source.line_span(container.line)


class Examination(NamedTuple):
    """One file and its containers, in file order, the last stage's last."""

    source: Source
    dockerfile: Dockerfile
    context: BuildContext | UnknownContext
    subjects: tuple[Subject, ...]


def examine(source: Source, files: HostFiles, options: ExamineOptions = ExamineOptions()) -> Examination:
    """Read a Dockerfile through to the traces of its containers.

    Raises UnparsableInput where BuildKit would refuse the file or --target names no stage.
    """
    from initlint.boot.follow import trace
    from initlint.rootfs import symbolic
    from initlint.rootfs.context import discover
    from initlint.targets.dockerfile import load

    dockerfile = load(source, target=options.target, build_args=options.build_args, platform=options.platform)
    context = discover(source, dockerfile.stages, files, explicit=options.context)
    subjects = []
    for container in dockerfile.containers:
        rootfs = symbolic.build(dockerfile, container, context, files)
        traced = resting_on(context, trace(container, rootfs, dockerfile.stages))
        subjects.append(Subject(container, traced, rootfs, dockerfile, context, files, options))
    return Examination(source, dockerfile, context, tuple(subjects))


def resting_on(context: BuildContext | UnknownContext, trace: Trace) -> Trace:
    """The trace, less sure where it follows files of a context that another folder may be instead."""
    if not getattr(context, "rivalled", False):
        return trace
    why = f"the build context may be another folder: {context.why}"
    outcomes = tuple(
        outcome._replace(sure=False, why=(*outcome.why, why)) if _reads_context(outcome) else outcome
        for outcome in trace.outcomes
    )
    return trace._replace(outcomes=outcomes)


def _reads_context(outcome: Outcome) -> bool:
    return any(
        (isinstance(link.node, Present) and link.node.origin.kind == "context")
        or (link.script is not None and link.script.path is not None)
        for link in outcome.chain
    )
