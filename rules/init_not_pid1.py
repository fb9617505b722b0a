"""An init is started behind a process that stays PID 1.

## What it does

Reports an init such as tini that isn't PID 1, because a shell or a launcher stays in front of it.
Also an init that refuses to be anything but PID 1 (s6-overlay's /init, systemd, `busybox init`)
behind another init: an error where it is known that it doesn't start then, as s6-overlay 3 doesn't.

## Why it matters

Orphans go to PID 1. An init that isn't PID 1 doesn't see them, and the stop signal goes to the
process in front. tini says so at every start: "Tini is not running as PID 1 and isn't registered as
a child subreaper. Zombie processes will not be re-parented to Tini". With `-s`, or TINI_SUBREAPER in
the environment, it reaps its own descendants and is silent, but it never gets what `docker exec` or
a probe leaves behind, nor the stop signal.

s6-overlay 3 ends at once: "s6-overlay-suexec: fatal: can only run as pid 1".

## Example

```dockerfile
FROM debian:bookworm
RUN apt-get update && apt-get install -y tini
ENTRYPOINT tini -- redis-server
```

## Use instead

```dockerfile
FROM debian:bookworm
RUN apt-get update && apt-get install -y tini
ENTRYPOINT ["tini", "--", "redis-server"]
```

or `ENTRYPOINT exec tini -- redis-server $OPTIONS` where a variable must expand.

Where the image's init isn't PID 1 since the container is run with `--init` or `init: true`, leave
that away; with `--pid host` there is nothing to reap, and TINI_SUBREAPER silences the warning.

## Fix safety

Safe: `exec` before the init, which a shell that stays would have waited for.

## References

- https://github.com/krallin/tini#subreaping
- https://github.com/just-containers/s6-overlay: /init has to be PID 1
- measured: busybox 1.35, "init: must be run as PID 1"
"""

from __future__ import annotations

from collections.abc import Iterator

from initlint.boot.init_files import is_s6_overlay_3
from initlint.boot.model import Link
from initlint.boot.verdict import is_subreaper
from initlint.rule import Example, Finding, Rule, Severity, lowered
from initlint.subject import Subject

# Inits that don't start, or are something else (sysvinit: telinit), where they aren't PID 1.
_REFUSE = {
    "s6-overlay": "s6-overlay-suexec: fatal: can only run as pid 1",
    "systemd": "System has not been booted with systemd as init system",
    "busybox-init": "init: must be run as PID 1",
    "sysvinit": "",
}


def check(subject: Subject) -> Iterator[Finding]:
    outcome = subject.likely
    front = outcome.pid1_process
    if front is None or outcome.pid1_link is None:
        return
    for link in outcome.chain[outcome.pid1_link + 1 :]:
        if link.kind != "init":
            continue
        refuses = link.fact.name if link.fact is not None and link.fact.name in _REFUSE else ""
        if front.kind == "init" and not refuses:
            return  # two-inits explains it
        end = front.shell_end
        stays = end.stays if end is not None else None
        place = stays.command if front.script is not None and stays is not None and stays.command else subject.place
        name = "s6-overlay's /init" if refuses == "s6-overlay" else link.program
        reasons = outcome.why
        if refuses and _REFUSE[refuses]:
            reasons = (f"it says: {_REFUSE[refuses]}", *reasons)
        elif is_subreaper(link, subject.container.env):
            reasons = (f"as a subreaper {name} reaps its own descendants, and no other orphans", *reasons)
        finding = RULE.finding(
            subject,
            place,
            f"{name} isn't PID 1: {front.process_name} stays in front of it{_ends(subject, refuses)}",
            severity=_severity(subject, refuses),
            reasons=reasons,
            cure=_cure(front, name),
        )
        unsure = not outcome.sure and not refuses
        yield finding._replace(outcome=outcome, severity=lowered(finding.severity) if unsure else finding.severity)
        return


def _cure(front: Link, name: str) -> str:
    stays = front.shell_end.stays if front.shell_end is not None else None
    if front.kind == "init":
        return f"leave {front.process_name} out: {name} is an init itself"
    if front.shell is None:
        return f"start {name} first"
    if stays is not None and stays.exec_at is None:
        return f"make {name} the first program of the start command"
    return f"write `exec` before {name}"


def _severity(subject: Subject, refuses: str) -> Severity:
    if refuses != "s6-overlay":
        return "warning"
    usual: Severity = "error" if is_s6_overlay_3(subject.dockerfile.stages) else "warning"
    return lowered(usual) if subject.likely.when else usual


def _ends(subject: Subject, refuses: str) -> str:
    if refuses != "s6-overlay":
        return ""
    if is_s6_overlay_3(subject.dockerfile.stages):
        return ", and it refuses to start (can only run as pid 1)"
    return ", and version 3 refuses to start then (can only run as pid 1)"


_S6 = (
    "FROM debian:bookworm\nRUN apt-get update && apt-get install -y tini xz-utils\n"
    "ADD https://github.com/just-containers/s6-overlay/releases/download/v3.2.0.2/s6-overlay-noarch.tar.xz /tmp\n"
    "RUN tar -C / -Jxpf /tmp/s6-overlay-noarch.tar.xz\n"
)

RULE = Rule(
    code="IL207",
    name="init-not-pid1",
    severity="warning",
    summary="An init is started behind a process that stays PID 1",
    check=check,
    settled_by=("exec",),
    examples=(
        Example(
            "Shell form under Debian's sh",
            {
                "Dockerfile": "FROM debian:bookworm\nRUN apt-get update && apt-get install -y tini\n"
                "ENTRYPOINT tini -- redis-server\n"
            },
            rows=(3,),
            fixed={
                "Dockerfile": "FROM debian:bookworm\nRUN apt-get update && apt-get install -y tini\n"
                "ENTRYPOINT exec tini -- redis-server\n"
            },
        ),
        Example(
            "Inside a script without exec",
            {
                "Dockerfile": "FROM debian:bookworm\nRUN apt-get update && apt-get install -y tini\n"
                'COPY start.sh /\nENTRYPOINT ["/start.sh"]\n',
                "start.sh*": "#!/bin/sh\ntini -- redis-server\n",
            },
            rows=(("start.sh", 2),),
            fixed={"start.sh": "#!/bin/sh\nexec tini -- redis-server\n"},
        ),
        Example(
            "s6-overlay's /init behind tini", {"Dockerfile": _S6 + 'ENTRYPOINT ["tini", "--", "/init"]\n'}, rows=(5,)
        ),
        Example("s6-overlay's /init as PID 1", {"Dockerfile": _S6 + 'ENTRYPOINT ["/init"]\n'}),
        Example(
            "exec makes it PID 1",
            {
                "Dockerfile": "FROM debian:bookworm\nRUN apt-get update && apt-get install -y tini\n"
                "ENTRYPOINT exec tini -- redis-server\n"
            },
        ),
    ),
)
