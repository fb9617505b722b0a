"""What images of other scripting languages start: Ruby, bash, Julia, R."""

from __future__ import annotations

from initlint.facts import BaseFact
from initlint.facts.bases import programs as have
from initlint.facts.bases.platforms import ALPINE, DEBIAN, SCRATCH, base

FACTS: tuple[BaseFact, ...] = (
    base(
        "ruby",
        "*-alpine",
        "2.2.4…4.0.6-alpine",
        "*-alpine-rc",
        on=ALPINE,
        release="3.23",
        flavour="alpine",
        cmd=("irb",),
        env={"PATH": "/usr/local/bundle/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"},
        programs=have.RUBY,
        read="docker-library/ruby@d55e25ae7098:4.0/alpine3.23/Dockerfile",
        lines={"cmd": 144},
    ),
    base(
        "ruby",
        "*",
        "2.2.0…4.0.6",
        "*-rc",
        "*-slim",
        "2.2.0…4.0.6-slim",
        "*-rc-slim",
        on=DEBIAN,
        release="trixie",
        cmd=("irb",),
        env={"PATH": "/usr/local/bundle/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"},
        programs=have.RUBY,
        read="docker-library/ruby@d55e25ae7098:4.0/trixie/Dockerfile",
        lines={"cmd": 111},
    ),
    base(
        "bash",
        "devel-20260817",
        on=ALPINE,
        release="3.24",
        flavour="alpine",
        entrypoint=("docker-entrypoint.sh",),
        cmd=("bash",),
        read="tianon/docker-bash@cd784eb57336:devel/Dockerfile",
        lines={"entrypoint": 106, "cmd": 107},
    ),
    base(
        "ghcr.io/astral-sh/uv",
        "*",
        on=SCRATCH,
        flavour="vendor",
        entrypoint=("/uv",),
        read="astral-sh/uv@26a9dd4b2125:Dockerfile",
        lines={"entrypoint": 73},
    ),
    base(
        "julia",
        "1.12.7-trixie",
        "latest",
        on=DEBIAN,
        release="trixie",
        entrypoint=("docker-entrypoint.sh",),
        cmd=("julia",),
        read="docker-library/julia@aa7507fed136:stable/trixie/Dockerfile",
        lines={"entrypoint": 82, "cmd": 83},
    ),
    base(
        "r-base",
        "4.6.1",
        "latest",
        on=DEBIAN,
        cmd=("R",),
        read="rocker-org/rocker@353d611b3ee5:r-base/4.6.0/Dockerfile",
        lines={"cmd": 74},
    ),
)

# Which release a tag stands on that names none: see releases.py.
RELEASES: dict[str, dict[str, str]] = {
    "ruby": {
        "": (
            "2.2.0:jessie 2.3.7:stretch 2.4.0:jessie 2.4.4:stretch 2.4.6:buster 2.5.0:stretch "
            "2.5.5:buster 2.6.0:stretch 2.6.3:buster 2.6.8:bullseye 2.7.0:buster 2.7.4:bullseye "
            "3.0.0:buster 3.0.2:bullseye 3.1.4:bookworm 3.2.0:bullseye 3.2.2:bookworm 3.2.9:trixie "
            "3.3.0:bookworm 3.3.9:trixie 3.4.0:bookworm 3.4.5:trixie"
        ),
        "slim": (
            "2.2.0:jessie 2.3.7:stretch 2.4.0:jessie 2.4.4:stretch 2.4.6:buster 2.5.0:stretch "
            "2.5.5:buster 2.6.0:stretch 2.6.3:buster 2.6.8:bullseye 2.7.0:buster 2.7.4:bullseye "
            "3.0.0:buster 3.0.2:bullseye 3.1.4:bookworm 3.2.0:bullseye 3.2.2:bookworm 3.2.9:trixie "
            "3.3.0:bookworm 3.3.9:trixie 3.4.0:bookworm 3.4.5:trixie"
        ),
        "alpine": (
            "2.2.4:3.3 2.2.5:3.4 2.3.0:3.3 2.3.1:3.4 2.3.7:3.8 2.4.0:3.4 2.4.4:3.7 2.4.5:3.9 2.4.6:3.10 "
            "2.4.9:3.11 2.5.0:3.7 2.5.3:3.9 2.5.5:3.10 2.5.7:3.11 2.5.8:3.13 2.6.0:3.8 2.6.1:3.9 "
            "2.6.3:3.10 2.6.5:3.11 2.6.6:3.13 2.6.8:3.14 2.6.9:3.15 2.7.0:3.11 2.7.1:3.12 2.7.2:3.13 "
            "2.7.4:3.14 2.7.5:3.15 2.7.6:3.16 3.0.0:3.13 3.0.2:3.14 3.0.3:3.15 3.0.4:3.16 3.1.0:3.15 "
            "3.1.2:3.16 3.1.3:3.17 3.1.4:3.19 3.1.5:3.20 3.1.6:3.21 3.2.0:3.17 3.2.2:3.19 3.2.4:3.20 "
            "3.2.6:3.21 3.2.8:3.22 3.2.9:3.23 3.3.0:3.19 3.3.1:3.20 3.3.6:3.21 3.3.8:3.22 3.3.10:3.23 "
            "3.4.0:3.21 3.4.4:3.22 3.4.7:3.23 3.5.0:3.22 4.0.0:3.23"
        ),
    },
}
