"""What images of compiled languages start: Go, Rust, Swift, Haskell, Erlang, and the tools to build with."""

from __future__ import annotations

from initlint.facts import BaseFact
from initlint.facts.bases import programs as have
from initlint.facts.bases.platforms import ALPINE, DEBIAN, UBUNTU, base

FACTS: tuple[BaseFact, ...] = (
    base(
        "golang",
        "*-alpine",
        "1.8.0…1.27.0-alpine",
        "*-alpine-rc",
        "*-alpine-tip",
        on=ALPINE,
        release="3.24",
        flavour="alpine",
        cmd=("/bin/sh",),
        workdir="/go",
        env={"PATH": "/go/bin:/usr/local/go/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"},
        programs=have.GO,
        read="docker-library/golang@7aa947b3fda4:1.27/alpine3.24/Dockerfile",
        lines={"workdir": 128},
        source={"cmd": "alpinelinux/docker-alpine@446ba06f99cf:x86_64/Dockerfile#L3"},
    ),
    base(
        "golang",
        "*",
        "1.8.0…1.27.0",
        "*-cross",
        "*-rc",
        "*-tip",
        "1…1-cross",
        on=DEBIAN,
        release="trixie",
        cmd=("bash",),
        workdir="/go",
        env={"PATH": "/go/bin:/usr/local/go/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"},
        programs=have.GO,
        read="docker-library/golang@7aa947b3fda4:1.27/trixie/Dockerfile",
        lines={"workdir": 136},
        source={"cmd": "debuerreotype/docker-debian-artifacts@f5527c9b0224:bookworm/Dockerfile#L5"},
    ),
    base(
        "rust",
        "*-alpine",
        "1.37.0…1.94.1-alpine",
        on=ALPINE,
        release="3.20",
        flavour="alpine",
        cmd=("/bin/sh",),
        env={"PATH": "/usr/local/cargo/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"},
        programs=have.RUST,
        read="rust-lang/docker-rust@20c358f05538:stable/alpine3.20/Dockerfile",
        source={"cmd": "alpinelinux/docker-alpine@446ba06f99cf:x86_64/Dockerfile#L3"},
    ),
    base(
        "rust",
        "*",
        "1.20.0…1.94.1",
        "*-slim",
        "1.25.0…1.94.1-slim",
        on=DEBIAN,
        release="bullseye",
        cmd=("bash",),
        env={"PATH": "/usr/local/cargo/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"},
        programs=have.RUST,
        read="rust-lang/docker-rust@20c358f05538:stable/bullseye/Dockerfile",
        source={"cmd": "debuerreotype/docker-debian-artifacts@f5527c9b0224:bookworm/Dockerfile#L5"},
    ),
    base(
        "swift",
        "6.3.3",
        "latest",
        on=UBUNTU,
        release="noble",
        cmd=("/bin/bash",),
        read="apple/swift-docker@e4c1a3fb6aef:5.10/ubuntu/24.04/Dockerfile",
        source={
            "cmd": "docker-library/repo-info (file id 55045246109, repos/ubuntu/tag-details.md excerpt 'CMD [\"/bin/bash\"]')"
        },
    ),
    base(
        "swift",
        "6.3.3-slim",
        "slim",
        on=UBUNTU,
        release="noble",
        flavour="slim",
        cmd=("/bin/bash",),
        read="apple/swift-docker@e4c1a3fb6aef:5.10/ubuntu/24.04/slim/Dockerfile",
        source={
            "cmd": "docker-library/repo-info (file id 55045246109, repos/ubuntu/tag-details.md excerpt 'CMD [\"/bin/bash\"]')"
        },
    ),
    base(
        "haskell",
        "9.14.1-bookworm",
        "latest",
        on=DEBIAN,
        release="bookworm",
        cmd=("ghci",),
        read="haskell/docker-haskell@9a7cd37b5d7a:9.14/bookworm/Dockerfile",
        lines={"cmd": 136},
    ),
    base(
        "haskell",
        "9.14.1-slim-bookworm",
        "slim",
        on=DEBIAN,
        release="bookworm",
        flavour="slim",
        cmd=("ghci",),
        read="haskell/docker-haskell@9a7cd37b5d7a:9.14/slim-bookworm/Dockerfile",
        lines={"cmd": 136},
    ),
    base(
        "erlang",
        "*-alpine",
        "20.0.1…29.0.5.0-alpine",
        "24.0…27.0-alpine-rc1.0",
        "24.0…27.0-alpine-rc1.0.0",
        "24.0…27.0-alpine-rc2.0",
        "24.0…27.0-alpine-rc2.0.0",
        "24.0…27.0-alpine-rc3.0",
        "24.0…27.0-alpine-rc3.0.0",
        on=ALPINE,
        release="3.24",
        flavour="alpine",
        cmd=("erl",),
        env={"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"},
        read="erlang/docker-erlang-otp@023b069bdcc1:29/alpine/Dockerfile",
        lines={"cmd": 68},
    ),
    base(
        "erlang",
        "*",
        "20.0.1…29.0.5.0",
        "*-slim",
        "20.0.1…29.0.5.0-slim",
        "24.0…27.0-rc1.0",
        "24.0…27.0-rc1.0.0",
        "24.0…27.0-rc2.0",
        "24.0…27.0-rc2.0.0",
        "24.0…27.0-rc3.0",
        "24.0…27.0-rc3.0.0",
        "24.0…27.0-rc1.0-slim",
        "24.0…27.0-rc1.0.0-slim",
        "24.0…27.0-rc2.0-slim",
        "24.0…27.0-rc2.0.0-slim",
        "24.0…27.0-rc3.0-slim",
        "24.0…27.0-rc3.0.0-slim",
        on=DEBIAN,
        release="trixie",
        cmd=("erl",),
        env={"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"},
        read="erlang/docker-erlang-otp@023b069bdcc1:29/Dockerfile",
        lines={"cmd": 39},
    ),
    base(
        "elixir",
        "1.6.0…1.19.5-alpine",
        "*-alpine-otp",
        "1.6.6…1.19.3-alpine-otp",
        on=ALPINE,
        release="3.24",
        flavour="alpine",
        cmd=("iex",),
        env={"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"},
        read="erlef/docker-elixir@6113c3ed97ed:1.19/alpine/Dockerfile",
        lines={"cmd": 27},
    ),
    base(
        "elixir",
        "1.6.0…1.19.5",
        "*-otp",
        "1.6.0…1.19.5-slim",
        "1.6.6…1.19.3-otp",
        "*-otp-slim",
        "1.12.3…1.19.3-otp-slim",
        on=DEBIAN,
        release="trixie",
        cmd=("iex",),
        env={"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"},
        read="erlef/docker-elixir@6113c3ed97ed:1.19/Dockerfile",
        lines={"cmd": 20},
    ),
    base(
        "dart",
        "3.13.1-sdk",
        "latest",
        on=DEBIAN,
        release="trixie",
        cmd=("bash",),
        read="dart-lang/dart-docker@8ae3f4aa7660:stable/trixie/Dockerfile",
        source={"cmd": "docker-library/repo-info@05f354f0a08a:repos/debian/remote/trixie-slim.md"},
    ),
    base(
        "buildpack-deps",
        "*-RELEASE",
        "14.4…26.4",
        "*-curl-RELEASE",
        "*-scm-RELEASE",
        "14.4…26.4-curl",
        "14.4…26.4-scm",
        on=UBUNTU,
        release="resolute",
        cmd=("/bin/bash",),
        env={"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"},
        read="docker-library/buildpack-deps@8330ca1d2319:ubuntu/resolute/curl/Dockerfile",
        source={"cmd": "tianon/docker-brew-ubuntu-core@570d5970a8b1:jammy/Dockerfile#L3"},
    ),
    base(
        "buildpack-deps",
        "*",
        "*-curl",
        "*-micro",
        "*-oldoldstable",
        "*-oldstable",
        "*-scm",
        "*-stable",
        "*-testing",
        "*-unstable",
        "*-curl-oldoldstable",
        "*-curl-oldstable",
        "*-curl-stable",
        "*-curl-testing",
        "*-curl-unstable",
        "*-oldoldstable-scm",
        "*-oldstable-scm",
        "*-scm-stable",
        "*-scm-testing",
        "*-scm-unstable",
        on=DEBIAN,
        release="trixie",
        cmd=("bash",),
        env={"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"},
        read="docker-library/buildpack-deps@1f4fe499c668:debian/trixie/Dockerfile",
        source={"cmd": "debuerreotype/docker-debian-artifacts@f5527c9b0224:bookworm/Dockerfile#L5"},
    ),
)

# Which release a tag stands on that names none: see releases.py.
RELEASES: dict[str, dict[str, str]] = {
    "golang": {
        "": (
            "1.8.0:jessie 1.9.0:stretch 1.11.12:buster 1.12.0:stretch 1.12.7:buster 1.16.7:bullseye "
            "1.19.10:bookworm 1.20.0:bullseye 1.20.5:bookworm 1.24.6:trixie"
        ),
        "cross": "1:jessie",
        "alpine": (
            "1.8.0:3.5 1.9.0:3.6 1.9.7:3.8 1.10.0:3.7 1.10.3:3.8 1.10.8:3.9 1.11.0:3.8 1.11.5:3.9 "
            "1.11.11:3.10 1.12.0:3.9 1.12.6:3.10 1.12.14:3.11 1.13.0:3.10 1.13.5:3.11 1.13.12:3.12 "
            "1.14.0:3.11 1.14.4:3.12 1.14.13:3.13 1.15.0:3.12 1.15.6:3.13 1.15.13:3.14 1.16.0:3.13 "
            "1.16.5:3.14 1.16.10:3.15 1.17.0:3.14 1.17.3:3.15 1.17.10:3.16 1.18.0:3.15 1.18.2:3.16 "
            "1.18.8:3.17 1.19.0:3.16 1.19.3:3.17 1.19.9:3.18 1.20.0:3.17 1.20.4:3.18 1.20.12:3.19 "
            "1.21.0:3.18 1.21.5:3.19 1.21.10:3.20 1.22.0:3.19 1.22.3:3.20 1.22.10:3.21 1.23.0:3.20 "
            "1.23.4:3.21 1.23.9:3.22 1.24.0:3.21 1.24.3:3.22 1.24.11:3.23 1.25.0:3.22 1.25.5:3.23 "
            "1.25.11:3.24 1.26.0:3.23 1.26.4:3.24"
        ),
        "tip": "*:trixie",
        "alpine tip": "*:3.22",
    },
    "rust": {
        "": "1.20.0:stretch 1.37.0:buster 1.55.0:bullseye 1.72.0:bookworm 1.89.0:trixie",
        "slim": "1.25.0:stretch 1.37.0:buster 1.55.0:bullseye 1.72.0:bookworm 1.89.0:trixie",
        "alpine": (
            "1.37.0:3.10 1.41.0:3.11 1.44.1:3.12 1.50.0:3.13 1.54.0:3.14 1.58.0:3.15 1.61.0:3.16 "
            "1.66.0:3.17 1.70.0:3.18 1.75.0:3.19 1.78.0:3.20 1.83.0:3.21 1.87.0:3.22 1.91.1:3.23"
        ),
    },
    "erlang": {
        "": (
            "20.0.1:jessie 20.2.4:stretch 20.3.8.26:buster 21.0.1:stretch 21.3.8.24:buster 22.0.1:stretch "
            "22.2.1:buster 24.2.0.0:bullseye 26.2.2.0:bookworm 28.3.0.0:trixie"
        ),
        "slim": (
            "20.0.1:jessie 20.3.3:stretch 20.3.8.26:buster 21.0.1:stretch 21.3.8.24:buster 22.0.1:stretch "
            "22.2.1:buster 24.2.0.0:bullseye 26.2.2.0:bookworm 28.3.0.0:trixie"
        ),
        "alpine": (
            "20.0.1:3.6 20.2.2:3.7 20.3.8.2:3.8 20.3.8.20:3.9 20.3.8.26:3.12 21.0.1:3.7 21.0.3:3.8 "
            "21.2.5:3.9 21.3.8.20:3.13 22.0.1:3.9 22.1.1:3.10 22.2.2:3.11 22.3.4.15:3.13 22.3.4.20:3.14 "
            "22.3.4.26:3.16 23.0.1:3.11 23.1.0.0:3.12 23.2.3.0:3.13 23.3.4.4:3.14 23.3.4.14:3.16 "
            "24.0.0.0:3.13 24.0.2.0:3.14 24.2.0.0:3.15 24.3.4.1:3.16 24.3.4.7:3.17 24.3.4.17:3.22 "
            "25.0.0.0:3.15 25.0.1.0:3.16 25.2.3.0:3.17 25.3.2.8:3.18 25.3.2.13:3.20 25.3.2.21:3.22 "
            "26.0.0.0:3.18 26.2.2.0:3.19 26.2.5.2:3.20 26.2.5.21:3.24 27.0.0.0:3.19 27.1.2.0:3.20 "
            "27.2.1.0:3.21 27.3.4.2:3.22 27.3.4.13:3.24 28.0.0.0:3.21 28.0.2.0:3.22 28.3.0.0:3.23 "
            "28.5.0.2:3.24 29.0.0.0:3.23 29.0.2.0:3.24"
        ),
    },
    "elixir": {
        "": "1.6.0:buster 1.12.0:bullseye 1.14.5:bookworm 1.18.4:trixie",
        "slim": "1.6.0:buster 1.12.0:bullseye 1.14.5:bookworm 1.18.4:trixie",
        "alpine": "1.6.0:3.12 1.7.1:3.13 1.9.0:3.16 1.12.0:3.22 1.14.5:3.24",
        "otp": (
            "*:buster 1.6.6:buster 1.12.3:bullseye 1.14.5:bookworm 1.15.0:bullseye 1.15.7:bookworm "
            "1.15.8:bullseye 1.16.1:bookworm 1.16.2:bullseye 1.17.0:bookworm 1.18.4:trixie "
            "1.19.0:bookworm"
        ),
        "alpine otp": (
            "*:3.22 1.6.6:3.13 1.8.2:3.16 1.12.3:3.22 1.14.5:3.24 1.15.0:3.22 1.15.7:3.24 1.15.8:3.22 "
            "1.16.1:3.24 1.16.2:3.22 1.17.0:3.24"
        ),
        "otp slim": (
            "*:bullseye 1.12.3:bullseye 1.14.5:bookworm 1.15.0:bullseye 1.15.7:bookworm 1.15.8:bullseye "
            "1.16.1:bookworm 1.16.2:bullseye 1.17.0:bookworm 1.18.4:trixie 1.19.0:bookworm"
        ),
    },
    "buildpack-deps": {
        "curl": (
            "*:trixie 14.4:trusty 16.4:xenial 17.10:artful 18.4:bionic 18.10:cosmic 19.4:disco 19.10:eoan "
            "20.4:focal 20.10:groovy 21.4:hirsute 21.10:impish 22.4:jammy 22.10:kinetic 23.4:lunar "
            "23.10:mantic 24.4:noble 24.10:oracular 25.4:plucky 25.10:questing 26.4:resolute"
        ),
        "scm": (
            "*:trixie 14.4:trusty 16.4:xenial 17.10:artful 18.4:bionic 18.10:cosmic 19.4:disco 19.10:eoan "
            "20.4:focal 20.10:groovy 21.4:hirsute 21.10:impish 22.4:jammy 22.10:kinetic 23.4:lunar "
            "23.10:mantic 24.4:noble 24.10:oracular 25.4:plucky 25.10:questing 26.4:resolute"
        ),
        "": (
            "*:trixie 14.4:trusty 16.4:xenial 17.10:artful 18.4:bionic 18.10:cosmic 19.4:disco 19.10:eoan "
            "20.4:focal 20.10:groovy 21.4:hirsute 21.10:impish 22.4:jammy 22.10:kinetic 23.4:lunar "
            "23.10:mantic 24.4:noble 24.10:oracular 25.4:plucky 25.10:questing 26.4:resolute"
        ),
        "micro": "*:jessie",
        "curl testing": "*:forky",
        "scm testing": "*:forky",
        "testing": "*:forky",
        "curl oldstable": "*:bookworm",
        "oldstable scm": "*:bookworm",
        "oldstable": "*:bookworm",
        "curl stable": "*:trixie",
        "scm stable": "*:trixie",
        "stable": "*:trixie",
        "curl oldoldstable": "*:bullseye",
        "oldoldstable scm": "*:bullseye",
        "oldoldstable": "*:bullseye",
    },
}
