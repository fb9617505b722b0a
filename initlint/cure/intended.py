"""What a container would start if its start commands were the JSON arrays that they look like."""

from __future__ import annotations

from initlint.boot.model import Trace
from initlint.subject import Subject
from initlint.targets.container import Container, ExecForm, ShellForm, StartField


def intended_trace(subject: Subject) -> Trace:
    """The trace of the start that was meant: the container's own where nothing looks like JSON and isn't.

    People mend one fault a build; what would fail next can be told at once.
    """
    container = subject.container
    entrypoint, cmd = _meant(container.entrypoint), _meant(container.cmd)
    if entrypoint is container.entrypoint and cmd is container.cmd:
        return subject.trace
    from initlint.boot.follow import trace

    changed = container._replace(entrypoint=entrypoint, cmd=cmd)
    start = start_of(changed)
    if start is None:
        return subject.trace
    return trace(changed._replace(start=start), subject.rootfs, subject.dockerfile.stages)


def start_of(container: Container) -> tuple[str, ...] | None:
    """ENTRYPOINT and CMD put together as the engine does; None where one of them is unknown."""
    if not isinstance(container.entrypoint, StartField) or not isinstance(container.cmd, StartField):
        return None
    forms = (container.entrypoint.form, container.cmd.form)
    return tuple(word for form in forms if form is not None for word in form.argv)


def _meant(field: object) -> StartField:
    if not isinstance(field, StartField) or not isinstance(field.form, ShellForm) or not field.form.looks_like_json:
        return field  # type: ignore[return-value]
    from initlint.cure import json_repair

    try:
        words, _ = json_repair.read(field.form.text)
    except json_repair.Ambiguous:
        return field
    return field._replace(form=ExecForm(words))
