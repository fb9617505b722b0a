"""Static builds of inits, for images that have no package of one: packages of a small image, and pinned releases."""

from __future__ import annotations

from initlint.facts import InitRelease, StaticPackage

# musl builds that Alpine packages, for every architecture that Alpine is built for.
_IMAGE = "alpine:3.22"
_PACKAGES: dict[str, StaticPackage] = {
    "tini": StaticPackage(
        "tini",
        _IMAGE,
        "tini-static",
        "/sbin/tini-static",
        "pkgs.alpinelinux.org/package/v3.22/community/s390x/tini-static; "
        "alpinelinux/aports@05253d2ccfbc:community/tini/APKBUILD#L26",
    ),
    "dumb-init": StaticPackage(
        "dumb-init",
        _IMAGE,
        "dumb-init",
        "/usr/bin/dumb-init",
        "alpinelinux/aports@04040c14ec42:community/dumb-init/APKBUILD runs make, and Yelp/dumb-init@5ccca9cb0498:Makefile#L2 "
        "links with -static (Debian's package doesn't: looked at in bookworm)",
    ),
    "catatonit": StaticPackage(
        "catatonit",
        _IMAGE,
        "catatonit",
        "/usr/bin/catatonit",
        "alpinelinux/aports@0773560c91d5:community/catatonit/APKBUILD#L27; "
        "openSUSE/catatonit@00f6c0f29669:Makefile.am links with -all-static",
    ),
}

# The SHA-256 of what a release's page offers, by BuildKit's TARGETARCH. Nothing else is ever downloaded: catatonit's
# and pid1's releases are left out, since no source was found for the sums of more than one architecture.
_RELEASES: dict[str, InitRelease] = {
    "tini": InitRelease(
        "tini",
        "0.19.0",
        "https://github.com/krallin/tini/releases/download/v0.19.0/tini-static-{}",
        {
            "amd64": ("amd64", "c5b0666b4cb676901f90dfcb37106783c5fe2077b04590973b885950611b30ee"),
            "arm64": ("arm64", "eae1d3aa50c48fb23b8cbdf4e369d0910dfc538566bfd09df89a774aa84a48b9"),
        },
        "the release's tini-static-*.sha256sum, as public Dockerfiles and scripts quote them and verify their downloads",
    ),
    "dumb-init": InitRelease(
        "dumb-init",
        "1.2.5",
        "https://github.com/Yelp/dumb-init/releases/download/v1.2.5/dumb-init_1.2.5_{}",
        {
            "amd64": ("x86_64", "e874b55f3279ca41415d290c512a7ba9d08f98041b28ae7c2acb19a545f1c4df"),
            "arm64": ("aarch64", "b7d648f97154a99c539b63c55979cd29f005f88430fb383007fe3458340b795e"),
            "ppc64le": ("ppc64le", "3d15e80e29f0f4fa1fc686b00613a2220bc37e83a35283d4b4cca1fbd0a5609f"),
            "s390x": ("s390x", "47e4601b152fc6dcb1891e66c30ecc62a2939fd7ffd1515a7c30f281cfec53b7"),
        },
        "OpenLiberty/ci.docker@937dcaeed1af:releases/latest/kernel-slim/Dockerfile.ubi9-minimal.openjdk17; static: "
        "Yelp/dumb-init@5ccca9cb0498:README.md#L183",
    ),
}


# What whoever puts an init in front has to know of it.
# pid1: fpco/pid1-rs@2e8ec76e0e18: pid1/src/lib.rs#L140-L155 and pid1-exe/src/cli.rs#L68, read and not run.
WARNINGS: dict[str, tuple[str, ...]] = {
    "pid1": (
        "pid1 passes on SIGTERM and SIGINT alone, and kills the program 2 seconds later unless `-t` gives it longer",
    )
}


def static_package(init: str) -> StaticPackage | None:
    """The small image's package that has a static build of an init."""
    return _PACKAGES.get(init)


def release(init: str) -> InitRelease | None:
    """The pinned release of an init, where the sums of its files are known."""
    return _RELEASES.get(init)
