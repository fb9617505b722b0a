"""What probes were seen to leave behind: HEALTHCHECK, for now."""

from __future__ import annotations

from initlint.boot.model import Evidence
from initlint.targets.container import Container, ExecForm, ShellForm

_SHELLS = frozenset(["sh", "bash", "ash", "dash", "zsh"])


def probe_evidence(container: Container) -> tuple[Evidence, ...]:
    """A probe that backgrounds a process orphans it to PID 1 (yes); one whose shell keeps a
    child would orphan that child when the engine kills the probe at its timeout (unknown).

    Measured on Docker 20.10: a shell-form HEALTHCHECK that ends by itself left no zombie in ten
    runs; a killed one left one in three of three.
    """
    health = container.healthcheck
    if health is None or health.form is None:
        return ()
    text: str | None = None
    if isinstance(health.form, ShellForm):
        text = health.form.text
    elif isinstance(health.form, ExecForm):
        argv = health.form.argv
        if len(argv) > 2 and argv[0].rsplit("/", 1)[-1] in _SHELLS and argv[1] == "-c":
            text = argv[2]
    if text is None:
        return ()
    from initlint.boot.lines import backgrounds, keeps_a_child

    if "&" in text and backgrounds(text):
        return (Evidence("yes", "the HEALTHCHECK leaves a process in the background", health.span),)
    if keeps_a_child(text, container.base.sh, container.base.sh_version):
        return (
            Evidence("unknown", "the HEALTHCHECK's shell keeps a child, which a timeout would orphan", health.span),
        )
    return ()
