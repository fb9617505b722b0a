"""An init's file can't run in the image: it is for another architecture, or linked to another libc.

## What it does

Reports an init that is downloaded or copied in and that the image can't run: tini's release file
(linked to glibc) on Alpine, Debian's tini copied into an Alpine or scratch image, Alpine's in a
Debian one, a file for amd64 in an image whose platform is arm64. And, as a warning, a file for one
architecture in a Dockerfile that is written for several (it uses TARGETARCH or TARGETPLATFORM).

## Why it matters

The container can't start. "exec /tini: no such file or directory", with the file there for all to
see: what isn't there is the loader that it names. "exec /tini: exec format error": another
architecture.

## Example

```dockerfile
FROM alpine:3.22
ADD https://github.com/krallin/tini/releases/download/v0.19.0/tini /tini
RUN chmod +x /tini
ENTRYPOINT ["/tini", "--"]
CMD ["redis-server"]
```

## Use instead

```dockerfile
FROM alpine:3.22
RUN apk add --no-cache tini
ENTRYPOINT ["/sbin/tini", "--"]
CMD ["redis-server"]
```

The distribution's package is always of the right kind. Where a download has to be, take the static
file (`tini-static`, dumb-init's are all static), and with BuildKit `tini-static-${TARGETARCH}`.

## Fix safety

Safe: the container can't start as it is; the address names the file that can run, and COPY the
static one that Debian's and Ubuntu's package of tini brings beside the other. None where a checksum
stands beside the address.

## References

- https://github.com/krallin/tini#statically-linked-version
- https://github.com/krallin/tini/issues/37, https://github.com/krallin/tini/issues/234
- https://github.com/Yelp/dumb-init: "Most distro-provided versions of dumb-init are not statically-linked"
"""

from __future__ import annotations

from collections.abc import Iterator

from initlint.boot.init_files import Download, downloads
from initlint.boot.model import Link
from initlint.boot.wrappers import init_of
from initlint.cure.intended import intended_trace
from initlint.rule import Example, Finding, Rule
from initlint.subject import Subject


def check(subject: Subject) -> Iterator[Finding]:
    outcome = intended_trace(subject).likely
    for problem in outcome.problems:
        if problem.is_init and problem.fault == "unfit":
            yield RULE.finding(
                subject,
                problem.span or subject.place,
                f"the container can't start: {problem.why}",
                outcome=outcome,
                cure="install the distribution's package, or take the file that is made for this image",
            )
            return
    for link in outcome.chain:
        if link.kind != "init" or subject.container.platform is not None:
            continue
        file = _for_one_architecture(subject, link)
        if file is not None:
            yield RULE.finding(
                subject,
                file.step.instruction.span,
                f"{file.file.name} is built for {file.file.architecture} alone, and the file is written for several "
                "architectures: on the others the container can't start (exec format error)",
                severity="warning",
                cure="choose the file by TARGETARCH, or install the distribution's package",
            )


def _for_one_architecture(subject: Subject, link: Link) -> Download | None:
    """The download of an init for a fixed architecture, in a Dockerfile that asks which one it builds for."""
    found = downloads(link.node, init_of(link.program), subject.dockerfile.stages)
    if len(found) != 1 or found[0].file.architecture is None or found[0].file.package:
        return None
    steps = [step.instruction for stage in subject.dockerfile.stages for step in stage.steps]
    texts = [step.value for step in steps if step.keyword != "ARG"]
    asks = any(name in text for text in texts for name in ("TARGETARCH", "TARGETPLATFORM"))
    return found[0] if asks and "TARGET" not in found[0].step.instruction.value else None


_ADD = "ADD https://github.com/krallin/tini/releases/download/v0.19.0/{} /tini\nRUN chmod +x /tini\n"
_START = 'ENTRYPOINT ["/tini", "--"]\nCMD ["redis-server"]\n'

RULE = Rule(
    code="IL203",
    name="init-wrong-libc-or-arch",
    severity="error",
    summary="An init's file can't run in the image: another architecture, or another libc",
    check=check,
    settled_by=("path",),
    examples=(
        Example(
            "A file for glibc on Alpine",
            {"Dockerfile": "FROM alpine:3.22\n" + _ADD.format("tini") + _START},
            rows=(4,),
            fixed={"Dockerfile": "FROM alpine:3.22\n" + _ADD.format("tini-static") + _START},
        ),
        Example(
            "A file for amd64 in an image for arm64",
            {"Dockerfile": "FROM --platform=linux/arm64 debian:bookworm\n" + _ADD.format("tini-amd64") + _START},
            rows=(4,),
            fixed={"Dockerfile": "FROM --platform=linux/arm64 debian:bookworm\n" + _ADD.format("tini-arm64") + _START},
        ),
        Example(
            "Debian's tini copied into Alpine",
            {
                "Dockerfile": "FROM debian:bookworm AS init\nRUN apt-get update && apt-get install -y tini\n"
                "FROM alpine:3.22\nCOPY --from=init /usr/bin/tini /tini\n" + _START
            },
            rows=(5,),
            fixed={
                "Dockerfile": "FROM debian:bookworm AS init\nRUN apt-get update && apt-get install -y tini\n"
                "FROM alpine:3.22\nCOPY --from=init /usr/bin/tini-static /tini\n" + _START
            },
        ),
        Example(
            "The Dockerfile is written for several architectures, the init for one",
            {
                "Dockerfile": "FROM debian:bookworm\nARG TARGETARCH\nADD https://example.org/app-${TARGETARCH} /app\n"
                "RUN chmod +x /app\n" + _ADD.format("tini-amd64") + _START
            },
            rows=(5,),
        ),
        Example("The static file", {"Dockerfile": "FROM alpine:3.22\n" + _ADD.format("tini-static") + _START}),
        Example(
            "The package",
            {
                "Dockerfile": 'FROM alpine:3.22\nRUN apk add --no-cache tini\nENTRYPOINT ["tini", "--"]\n'
                'CMD ["redis-server"]\n'
            },
        ),
        Example(
            "glibc's loader may be brought",
            {"Dockerfile": "FROM alpine:3.22\nRUN apk add --no-cache gcompat\n" + _ADD.format("tini") + _START},
        ),
        Example(
            "Chosen by architecture",
            {"Dockerfile": "FROM debian:bookworm\nARG TARGETARCH\n" + _ADD.format("tini-${TARGETARCH}") + _START},
        ),
    ),
)
