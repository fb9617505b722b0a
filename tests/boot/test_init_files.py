"""Inits that are downloaded or copied in: whether the image can run them, and whether anyone verifies them."""

from __future__ import annotations

from pathlib import Path

import pytest

from initlint.boot.init_files import downloads, is_s6_overlay_3, is_verified
from initlint.rootfs.files import HostFiles
from initlint.subject import Subject, examine

TINI = "https://github.com/krallin/tini/releases/download/v0.19.0"
DUMB = "https://github.com/Yelp/dumb-init/releases/download/v1.2.5"
DEBIAN_INIT = "FROM debian:12 AS init\nRUN apt-get update && apt-get install -y tini dumb-init\n"


def read(folder: Path, dockerfile: str) -> Subject:
    (folder / "Dockerfile").write_text(dockerfile)
    host = HostFiles()
    return examine(host.source(str(folder / "Dockerfile")), host).subjects[-1]


@pytest.mark.parametrize(
    ("head", "init", "why"),
    [
        (f"FROM alpine:3.20\nADD {TINI}/tini /tini\n", "/tini", "built for glibc"),
        (f"FROM node:22-alpine\nENV V=v0.19.0\nADD {TINI.replace('v0.19.0', '${V}')}/tini /tini\n", "/tini", "glibc"),
        (f"FROM alpine:3.20\nRUN wget -O /tini {TINI}/tini-amd64\n", "/tini", "built for glibc"),
        (f"FROM alpine:3.20\nADD {TINI}/tini-static /tini\n", "/tini", ""),
        (f"FROM alpine:3.20\nADD {TINI}/tini-muslc-amd64 /tini\n", "/tini", ""),
        (f"FROM alpine:3.20\nRUN apk add gcompat\nADD {TINI}/tini /tini\n", "/tini", ""),
        (f"FROM alpine:3.20\nADD {DUMB}/dumb-init_1.2.5_x86_64 /dumb-init\n", "/dumb-init", ""),
        (f"FROM debian:12\nADD {TINI}/tini /tini\n", "/tini", ""),
        (f"FROM --platform=linux/arm64 debian:12\nADD {TINI}/tini /tini\n", "/tini", "exec format error"),
        (f"FROM --platform=linux/arm64 debian:12\nADD {TINI}/tini-arm64 /tini\n", "/tini", ""),
        (f"FROM --platform=linux/arm64 debian:12\nADD {TINI}/tini-$ARCH /tini\n", "/tini", ""),
        (f"FROM --platform=linux/amd64 debian:12\nADD {TINI}/tini-i386 /tini\n", "/tini", ""),
        (
            f"FROM --platform=linux/arm64 debian:12\nADD {DUMB}/dumb-init_1.2.5_x86_64 /dumb-init\n",
            "/dumb-init",
            "amd64",
        ),
        (
            f"{DEBIAN_INIT}FROM alpine:3.20\nCOPY --from=init /usr/bin/tini /tini\n",
            "/tini",
            "Debian's tini is built for",
        ),
        (
            f"{DEBIAN_INIT}FROM alpine:3.20\nCOPY --from=init /usr/bin/dumb-init /bin/\n",
            "/bin/dumb-init",
            "Debian's dumb",
        ),
        (f"{DEBIAN_INIT}FROM alpine:3.20\nCOPY --from=init /usr/bin/tini-static /tini\n", "/tini", ""),
        (f"{DEBIAN_INIT}FROM scratch\nCOPY --from=init /usr/bin/tini /tini\n", "/tini", "which the image doesn't have"),
        (f"{DEBIAN_INIT}FROM ubuntu:24.04\nCOPY --from=init /usr/bin/tini /tini\n", "/tini", ""),
        (
            "FROM alpine:3.20 AS init\nRUN apk add tini\nFROM debian:12\nCOPY --from=init /sbin/tini /tini\n",
            "/tini",
            "musl",
        ),
    ],
)
def test_an_init_that_the_image_cannot_run(tmp_path: Path, head: str, init: str, why: str) -> None:
    """Its file's name, or the distribution that it comes from, says so; what says nothing is left alone."""
    subject = read(tmp_path, f'{head}RUN chmod +x {init}\nENTRYPOINT ["{init}", "--"]\nCMD ["redis-server"]\n')
    problem = subject.likely.problem
    assert (problem is not None and problem.fault == "unfit") is bool(why), problem
    if problem is not None:
        assert why in problem.why and problem.is_init


@pytest.mark.parametrize(
    ("lines", "verified"),
    [
        (f"ADD {TINI}/tini /tini\nRUN chmod +x /tini\n", False),
        (f"ADD --checksum=sha256:0 {TINI}/tini /tini\nRUN chmod +x /tini\n", True),
        (f"RUN curl -Lo /tini {TINI}/tini && chmod +x /tini\n", False),
        (f"RUN curl -Lo /tini {TINI}/tini && echo '0  /tini' | sha256sum -c - && chmod +x /tini\n", True),
        (f"ADD {TINI}/tini /tini\nADD {TINI}/tini.asc /tini.asc\nRUN gpg --verify /tini.asc && chmod +x /tini\n", True),
        (f"ADD {TINI}/tini /tini\nRUN chmod +x /tini\nRUN curl -O https://x.org/y && sha256sum -c y.sum\n", False),
    ],
)
def test_what_verifies_a_download(tmp_path: Path, lines: str, verified: bool) -> None:
    """A checksum of the address, or a command of the stage that speaks of the init."""
    subject = read(tmp_path, f'FROM debian:12\n{lines}ENTRYPOINT ["/tini", "--"]\nCMD ["redis-server"]\n')
    stages = subject.dockerfile.stages
    (download,) = downloads(subject.likely.chain[0].node, "tini", stages)
    assert is_verified(download, stages) is verified


@pytest.mark.parametrize(
    ("line", "third"),
    [
        (
            "ADD https://github.com/just-containers/s6-overlay/releases/download/v3.1.6.2/s6-overlay-noarch.tar.xz /tmp",
            True,
        ),
        ("ARG S6_OVERLAY_VERSION=3.2.0.2", True),
        ("ENV S6_OVERLAY_VERSION v2.2.0.3", False),
        (
            "ADD https://github.com/just-containers/s6-overlay/releases/download/v2.2.0.3/s6-overlay-amd64.tar.gz /",
            False,
        ),
    ],
)
def test_the_version_of_s6_overlay(tmp_path: Path, line: str, third: bool) -> None:
    """Version 3 is told by its files, its address or its variable."""
    subject = read(tmp_path, f'FROM debian:12\n{line}\nENTRYPOINT ["/init"]\n')
    assert is_s6_overlay_3(subject.dockerfile.stages) is third


# Measured on celery's pool of processes: each of these ways of telling it, tini 0.19.0 and dumb-init 1.2.5.
@pytest.mark.parametrize(
    ("lines", "stops"),
    [
        ('ENTRYPOINT ["tini", "--"]\n', "no"),
        ('ENTRYPOINT ["tini", "-g", "--"]\n', "yes"),
        ('ENV TINI_KILL_PROCESS_GROUP=1\nENTRYPOINT ["tini", "--"]\n', "yes"),
        ('ENTRYPOINT ["dumb-init", "--"]\n', "yes"),
        ('ENTRYPOINT ["dumb-init", "-c", "--"]\n', "no"),
        ('ENTRYPOINT ["dumb-init", "-vc"]\n', "no"),
        ('ENV DUMB_INIT_SETSID=0\nENTRYPOINT ["dumb-init", "--"]\n', "no"),
        ('ENV DUMB_INIT_SETSID=1\nENTRYPOINT ["dumb-init", "--"]\n', "yes"),
    ],
)
def test_the_environment_tells_whom_an_init_signals(tmp_path: Path, lines: str, stops: str) -> None:
    """As its options do; an option of the program is none of the init's."""
    install = "FROM node:22\nRUN apt-get update && apt-get install -y tini dumb-init\nWORKDIR /app\n"
    (tmp_path / "package.json").write_text('{"scripts": {"start": "node server.js -c x"}}\n')
    (tmp_path / "server.js").write_text("require('http').createServer().listen(8080)\n")
    subject = read(tmp_path, f'{install}COPY package.json server.js ./\n{lines}CMD ["npm", "start", "-c"]\n')
    assert subject.likely.stops == stops, subject.likely.why


def test_the_engines_init_before_the_images_own(tmp_path: Path) -> None:
    """`init: true` for an image that starts with tini: IL208 says whose is too many."""
    from initlint.boot.follow import trace
    from initlint.registry import find

    image = "FROM debian:12\nRUN apt-get update && apt-get install -y tini\n"
    subject = read(tmp_path, f'{image}ENTRYPOINT ["tini", "--"]\nCMD ["redis-server"]\n')
    container = subject.container._replace(runtime_init=True)
    subject = subject._replace(container=container, trace=trace(container, subject.rootfs, subject.dockerfile.stages))
    rule = find("IL208")
    assert rule is not None and rule.check is not None
    (finding,) = rule.check(subject)
    assert "the engine's own docker-init" in finding.message and "init: true" in finding.cure
    assert finding.severity == "warning"
    quiet = container._replace(env={**container.env, "TINI_SUBREAPER": "0"})
    (finding,) = rule.check(subject._replace(container=quiet))
    assert finding.severity == "info", "a subreaper is made for this"
