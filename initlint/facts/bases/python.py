"""What the Python images start."""

from __future__ import annotations

from initlint.facts import BaseFact
from initlint.facts.bases import programs as have
from initlint.facts.bases.platforms import ALPINE, DEBIAN, base

FACTS: tuple[BaseFact, ...] = (
    base(
        "python",
        "*-alpine",
        "3.3.6…3.15.0-alpine",
        "*-alpine-rc",
        on=ALPINE,
        release="3.24",
        flavour="alpine",
        cmd=("python3",),
        env={"PATH": "/usr/local/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"},
        programs=have.PYTHON,
        read="docker-library/python@bb96c631cdae:3.14/alpine3.24/Dockerfile",
        lines={"cmd": 138},
    ),
    base(
        "python",
        "*",
        "3.4.2…3.15.0",
        "3.3.6…3.3.7",
        "3.2.6…3.2.6",
        "*-rc",
        "*-slim",
        "3.2.6…3.15.0-slim",
        "*-rc-slim",
        on=DEBIAN,
        release="trixie",
        cmd=("python3",),
        env={"PATH": "/usr/local/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"},
        programs=have.PYTHON,
        read="docker-library/python@7914d06b7ddb:3.14/trixie/Dockerfile",
        lines={"cmd": 130},
    ),
    base(
        "python",
        "3.4.1…3.4.1",
        "3.3.5…3.3.5",
        on=DEBIAN,
        release="trixie",
        cmd=("python3",),
        workdir="/usr/src/python",
        env={"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"},
        programs=have.PYTHON,
        read="docker-library/python@9cdb6eeb8579:3.4/Dockerfile",
        lines={"workdir": 9, "cmd": 35},
    ),
    base(
        "python",
        "2.7.11…2.7.18-alpine",
        on=ALPINE,
        release="3.11",
        flavour="alpine",
        cmd=("python2",),
        env={"PATH": "/usr/local/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"},
        programs=have.PYTHON2,
        read="docker-library/python@f1e613f48eb4:2.7/alpine3.11/Dockerfile",
        lines={"cmd": 163},
    ),
    base(
        "python",
        "2.7.8…2.7.18",
        "2.7.8…2.7.18-slim",
        on=DEBIAN,
        release="buster",
        cmd=("python2",),
        env={"PATH": "/usr/local/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"},
        programs=have.PYTHON2,
        read="docker-library/python@f1e613f48eb4:2.7/buster/Dockerfile",
        lines={"cmd": 126},
    ),
    base(
        "python",
        "2.7.7…2.7.7",
        on=DEBIAN,
        release="trixie",
        cmd=("python2",),
        workdir="/usr/src/python",
        env={"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"},
        programs=have.PYTHON2,
        read="docker-library/python@771cb8f39dee:2/Dockerfile",
        lines={"workdir": 9, "cmd": 23},
    ),
    base(
        "pypy",
        "*",
        "3.5…3.11",
        "*-slim",
        "3.5…3.11-slim",
        on=DEBIAN,
        release="bookworm",
        cmd=("pypy3",),
        env={"PATH": "/opt/pypy/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"},
        read="docker-library/pypy@a1c6fd6d9e1c:3.11/bookworm/Dockerfile",
        lines={"cmd": 140},
    ),
    base(
        "pypy",
        "2.7…2.7",
        "2.7…2.7-slim",
        on=DEBIAN,
        release="jessie",
        cmd=("pypy",),
        env={"PATH": "/usr/local/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"},
        read="docker-library/pypy@a25dfed4a6f6:2.7/Dockerfile",
        lines={"cmd": 56},
    ),
)

# Which release a tag stands on that names none: see releases.py.
RELEASES: dict[str, dict[str, str]] = {
    "python": {
        "": (
            "2.7.7:trixie 2.7.8:jessie 2.7.15:stretch 2.7.16:buster 3.2.6:jessie 3.3.5:trixie "
            "3.3.6:jessie 3.4.1:trixie 3.4.2:jessie 3.4.8:stretch 3.5.0:jessie 3.5.5:stretch 3.5.7:buster "
            "3.6.0:jessie 3.6.5:stretch 3.6.9:buster 3.6.14:bullseye 3.7.0:stretch 3.7.4:buster "
            "3.7.11:bullseye 3.7.17:bookworm 3.8.0:buster 3.8.11:bullseye 3.8.17:bookworm 3.9.0:buster "
            "3.9.6:bullseye 3.9.17:bookworm 3.9.23:trixie 3.10.0:bullseye 3.10.12:bookworm 3.10.18:trixie "
            "3.11.0:bullseye 3.11.4:bookworm 3.11.13:trixie 3.12.0:bookworm 3.12.11:trixie "
            "3.13.0:bookworm 3.13.6:trixie"
        ),
        "slim": (
            "2.7.8:jessie 2.7.15:stretch 2.7.16:buster 3.2.6:jessie 3.4.8:stretch 3.5.0:jessie "
            "3.5.5:stretch 3.5.7:buster 3.6.0:jessie 3.6.5:stretch 3.6.9:buster 3.6.14:bullseye "
            "3.7.0:stretch 3.7.4:buster 3.7.11:bullseye 3.7.17:bookworm 3.8.0:buster 3.8.11:bullseye "
            "3.8.17:bookworm 3.9.0:buster 3.9.6:bullseye 3.9.17:bookworm 3.9.23:trixie 3.10.0:bullseye "
            "3.10.12:bookworm 3.10.18:trixie 3.11.0:bullseye 3.11.4:bookworm 3.11.13:trixie "
            "3.12.0:bookworm 3.12.11:trixie 3.13.0:bookworm 3.13.6:trixie"
        ),
        "alpine": (
            "2.7.11:3.4 2.7.15:3.9 2.7.16:3.10 2.7.17:3.11 3.3.6:3.4 3.4.8:3.8 3.4.9:3.9 3.5.1:3.4 "
            "3.5.5:3.8 3.5.6:3.9 3.5.7:3.10 3.5.9:3.12 3.6.0:3.4 3.6.5:3.7 3.6.6:3.8 3.6.8:3.10 "
            "3.6.10:3.12 3.6.12:3.13 3.6.13:3.14 3.6.15:3.15 3.7.0:3.8 3.7.2:3.9 3.7.3:3.10 3.7.6:3.11 "
            "3.7.7:3.12 3.7.9:3.13 3.7.10:3.14 3.7.12:3.15 3.7.13:3.16 3.7.15:3.17 3.7.16:3.18 3.8.0:3.10 "
            "3.8.1:3.11 3.8.3:3.12 3.8.7:3.13 3.8.10:3.14 3.8.12:3.15 3.8.13:3.16 3.8.15:3.17 3.8.16:3.18 "
            "3.8.18:3.19 3.8.19:3.20 3.9.0:3.12 3.9.1:3.13 3.9.5:3.14 3.9.9:3.15 3.9.13:3.16 3.9.15:3.17 "
            "3.9.16:3.18 3.9.18:3.19 3.9.19:3.20 3.9.21:3.21 3.9.22:3.22 3.10.0:3.15 3.10.4:3.16 "
            "3.10.8:3.17 3.10.11:3.18 3.10.13:3.19 3.10.14:3.20 3.10.16:3.21 3.10.17:3.22 3.10.19:3.23 "
            "3.10.20:3.24 3.11.0:3.17 3.11.3:3.18 3.11.7:3.19 3.11.9:3.20 3.11.11:3.21 3.11.12:3.22 "
            "3.11.14:3.23 3.11.15:3.24 3.12.0:3.18 3.12.1:3.19 3.12.3:3.20 3.12.8:3.21 3.12.10:3.22 "
            "3.12.12:3.23 3.12.13:3.24 3.13.0:3.20 3.13.1:3.21 3.13.3:3.22 3.13.10:3.23 3.13.14:3.24 "
            "3.14.0:3.22 3.14.1:3.23 3.14.6:3.24"
        ),
    },
    "pypy": {
        "": "2.7:trixie 3.5:stretch 3.6:buster 3.7:bullseye 3.10:bookworm 3.11:trixie",
        "slim": "2.7:trixie 3.5:stretch 3.6:buster 3.7:bullseye 3.10:bookworm 3.11:trixie",
    },
}
