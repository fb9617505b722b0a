"""An init is downloaded, and nothing compares it with a checksum or a signature.

## What it does

Reports tini, dumb-init or catatonit from their projects' releases (`ADD https://…`, curl, wget) where
neither `ADD --checksum` nor a command in the stage (sha256sum, gpg, cosign and the like) verifies
what came. It speaks of the init that the container starts, and of no other download.

## Why it matters

The init is the program that every start of the container runs first, mostly as root. A release file
can be replaced under the same address, and an error page with status 200 becomes /tini as well:
"exec format error" at the start. The projects publish checksums beside their files.

## Example

```dockerfile
FROM debian:bookworm
ADD https://github.com/krallin/tini/releases/download/v0.19.0/tini /tini
RUN chmod +x /tini
ENTRYPOINT ["/tini", "--"]
CMD ["redis-server"]
```

## Use instead

```dockerfile
# syntax=docker/dockerfile:1
FROM debian:bookworm
ADD --checksum=sha256:93dcc18adc78c65a028a84799ecf8ad40c936fdfc5f2a57b1acda5a8117fa82c \
    https://github.com/krallin/tini/releases/download/v0.19.0/tini /tini
RUN chmod +x /tini
ENTRYPOINT ["/tini", "--"]
CMD ["redis-server"]
```

or the distribution's package, which its own signatures protect:
`apt-get install -y --no-install-recommends tini`.

## Fix safety

Safe: the same file, or no build. None where the Dockerfile names no frontend that knows
`ADD --checksum` (`# syntax=docker/dockerfile:1`, or 1.6 and later: older engines refuse the flag), for
releases whose checksums initlint doesn't know, for addresses with an architecture left open, and for
curl and wget.

## References

- https://docs.docker.com/reference/dockerfile/#add---checksum
- https://github.com/krallin/tini#verifying-binaries-via-checksum
"""

from __future__ import annotations

from collections.abc import Iterator

from initlint.boot.init_files import downloads, is_verified
from initlint.boot.wrappers import init_of
from initlint.rule import Example, Finding, Rule
from initlint.subject import Subject


def check(subject: Subject) -> Iterator[Finding]:
    stages = subject.dockerfile.stages
    for link in subject.likely.chain:
        if link.kind != "init":
            continue
        init = init_of(link.program)
        for download in downloads(link.node, init, stages):
            if is_verified(download, stages):
                continue
            yield RULE.finding(
                subject,
                download.step.instruction.span,
                f"{download.file.shown} is downloaded and run as PID 1 unverified",
                cure=f"ADD --checksum=sha256:…, or the distribution's package of {init}",
            )
            return


_ADD = "ADD {}https://github.com/krallin/tini/releases/download/v0.19.0/tini /tini\nRUN chmod +x /tini\n"
_START = 'ENTRYPOINT ["/tini", "--"]\nCMD ["redis-server"]\n'
_SUM = "--checksum=sha256:93dcc18adc78c65a028a84799ecf8ad40c936fdfc5f2a57b1acda5a8117fa82c "
_SYNTAX = "# syntax=docker/dockerfile:1\n"

RULE = Rule(
    code="IL205",
    name="init-unverified-download",
    severity="warning",
    summary="An init is downloaded, and nothing verifies it",
    check=check,
    settled_by=("checksum",),
    examples=(
        Example(
            "ADD without a checksum",
            {"Dockerfile": _SYNTAX + "FROM debian:bookworm\n" + _ADD.format("") + _START},
            rows=(3,),
            fixed={"Dockerfile": _SYNTAX + "FROM debian:bookworm\n" + _ADD.format(_SUM) + _START},
        ),
        Example(
            "Without the syntax line the engine may be too old for the flag",
            {"Dockerfile": "FROM debian:bookworm\n" + _ADD.format("") + _START},
            rows=(2,),
        ),
        Example(
            "curl",
            {
                "Dockerfile": "FROM debian:bookworm\nRUN curl -fsSL -o /usr/bin/dumb-init "
                "https://github.com/Yelp/dumb-init/releases/download/v1.2.5/dumb-init_1.2.5_x86_64 "
                '&& chmod +x /usr/bin/dumb-init\nENTRYPOINT ["dumb-init", "--"]\nCMD ["redis-server"]\n'
            },
            rows=(2,),
        ),
        Example("With a checksum", {"Dockerfile": _SYNTAX + "FROM debian:bookworm\n" + _ADD.format(_SUM) + _START}),
        Example(
            "Verified by a command",
            {
                "Dockerfile": "FROM debian:bookworm\n"
                + _ADD.format("").replace("RUN ", "COPY tini.sha256sum /\nRUN sha256sum -c tini.sha256sum && ")
                + _START,
                "tini.sha256sum": "93dcc18adc78c65a028a84799ecf8ad40c936fdfc5f2a57b1acda5a8117fa82c  /tini\n",
            },
        ),
        Example(
            "The package",
            {
                "Dockerfile": "FROM debian:bookworm\nRUN apt-get update && apt-get install -y tini\n"
                'ENTRYPOINT ["tini", "--"]\nCMD ["redis-server"]\n'
            },
        ),
    ),
)
