"""Which distributions package an init, the path that it lands at, and whether its repositories still answer."""

from __future__ import annotations

from initlint.facts import InitPackage, OsFamily
from initlint.facts.bases.tags import DEBIAN_RELEASES, UBUNTU_RELEASES

# Debian and Ubuntu, by name of the release; a release that isn't listed wasn't found in a public list.
_PACKAGES: tuple[InitPackage, ...] = (
    InitPackage(
        "tini",
        "debian",
        "tini",
        "/usr/bin/tini",
        ("buster", "bullseye", "bookworm", "trixie", "forky", "sid"),
        "packages.debian.org/buster/i386/tini/filelist (the oldest with one); tini 0.19.0-1+b3 of bookworm unpacked",
    ),
    InitPackage(
        "tini",
        "ubuntu",
        "tini",
        "/usr/bin/tini",
        ("focal", "jammy", "noble", "questing", "resolute"),
        "packages.ubuntu.com/questing/armhf/tini/filelist; packages.ubuntu.com/jammy/utils/tini; focal: "
        "jupyter/docker-stacks@1c5c2d94:base-notebook/Dockerfile#L49 installs it there",
    ),
    InitPackage(
        "dumb-init",
        "debian",
        "dumb-init",
        "/usr/bin/dumb-init",
        ("buster", "bullseye", "bookworm", "trixie", "forky", "sid"),
        "packages.debian.org/en/buster/armhf/dumb-init/filelist; packages.debian.org/dumb-init",
    ),
    InitPackage(
        "dumb-init",
        "ubuntu",
        "dumb-init",
        "/usr/bin/dumb-init",
        ("jammy", "noble", "questing", "resolute"),
        "packages.ubuntu.com/de/stonking/dumb-init lists the releases; path as in Debian, whose package it is",
    ),
    InitPackage(
        "catatonit",
        "debian",
        "catatonit",
        "/usr/bin/catatonit",
        ("bullseye", "bookworm", "trixie", "forky", "sid"),
        "packages.debian.org/bullseye/ppc64el/catatonit/filelist; catatonit 0.1.7-1+b2 of bookworm unpacked",
    ),
    InitPackage(
        "catatonit",
        "ubuntu",
        "catatonit",
        "/usr/bin/catatonit",
        ("jammy", "noble", "questing", "resolute"),
        "packages.ubuntu.com/jammy/arm64/catatonit lists the releases; "
        "packages.ubuntu.com/de/questing/amd64/catatonit/filelist",
    ),
    InitPackage(
        "tini",
        "alpine",
        "tini",
        "/sbin/tini",
        None,
        "alpinelinux/aports@05253d2ccfbc:community/tini/APKBUILD#L26",
    ),
    InitPackage(
        "dumb-init",
        "alpine",
        "dumb-init",
        "/usr/bin/dumb-init",
        None,
        "alpinelinux/aports@04040c14ec42:community/dumb-init/APKBUILD#L20",
    ),
    InitPackage(
        "catatonit",
        "alpine",
        "catatonit",
        "/usr/bin/catatonit",
        None,
        "alpinelinux/aports@0773560c91d5:community/catatonit/APKBUILD#L27",
    ),
    InitPackage("tini", "wolfi", "tini", "/usr/bin/tini", None, "wolfi-dev/os@1afd39e84b59:tini.yaml#L45"),
    InitPackage(
        "dumb-init", "wolfi", "dumb-init", "/usr/bin/dumb-init", None, "wolfi-dev/os@04a33747ba95:dumb-init.yaml#L27"
    ),
    # One mass rebuild a release, by the numbers of the packages: what the first and the last have, those between have.
    InitPackage(
        "tini",
        "fedora",
        "tini",
        "/usr/bin/tini",
        ("35", "36", "37", "38", "39", "40", "41", "42", "43", "44", "45"),
        "packages.fedoraproject.org/pkgs/tini/tini-static (44 and what comes after it); the spec of Fedora 35, "
        "with its path, as CBL-Mariner imported it",
    ),
    InitPackage(
        "dumb-init",
        "fedora",
        "dumb-init",
        "/usr/bin/dumb-init",
        ("33", "34", "35", "36", "37", "38", "39", "40", "41", "42", "43"),
        "packages.fedoraproject.org/pkgs/dumb-init/dumb-init (42 and what comes after it); "
        "public Dockerfiles on fedora:33 and fedora:35 install it with dnf and start it at that path",
    ),
    InitPackage(
        "catatonit",
        "suse",
        "catatonit",
        "/usr/bin/catatonit",
        ("15.0", "15.1", "15.2", "15.3", "15.4", "15.5", "15.6"),
        "build.opensuse.org/package/show/openSUSE:Leap:15.0:Ports/catatonit, 15.1, 15.2; "
        "openSUSE:Leap:15.4:ARM/catatonit.16606 is of SUSE:SLE-15:Update, which 15.3 to 15.6 share; "
        "openSUSE/catatonit@00f6c0f29669:Makefile.am installs into bindir",
    ),
    InitPackage(
        "catatonit",
        "arch",
        "catatonit",
        "/usr/bin/catatonit",
        None,
        "archlinux.org/packages/extra/x86_64/catatonit; openSUSE/catatonit@00f6c0f29669:Makefile.am installs into bindir",
    ),
)

# PyPI has wheels for Linux on x86-64 alone (pypi.org/project/dumb-init 1.2.5.post1: manylinux2014_x86_64, linked to
# glibc); for other machines pip compiles the source. PyPI's `tini` is no init, and is never installed.
ON_PYPI = {"dumb-init": "dumb-init==1.2.5.post1"}

# Releases of Debian and Ubuntu whose python3 is older than 3.6: Debian 9 has 3.5 (packages.debian.org/stretch/python3),
# Ubuntu 16.04 3.5.
PYTHON_BEFORE_3_6 = frozenset(
    "squeeze wheezy jessie stretch precise trusty utopic vivid wily xenial yakkety zesty".split()
)

# How a distribution is called.
DISTRIBUTIONS: dict[OsFamily, str] = {
    "debian": "Debian",
    "ubuntu": "Ubuntu",
    "alpine": "Alpine",
    "rhel": "RHEL",
    "fedora": "Fedora",
    "amazon": "Amazon Linux",
    "suse": "openSUSE",
    "arch": "Arch Linux",
    "wolfi": "Wolfi",
}

# packages.fedoraproject.org/pkgs/tini/tini-static (EPEL 8 and 9) and /pkgs/dumb-init/dumb-init (EPEL 8, 9 and 10):
# EPEL is a repository of its own, and takes nothing that RHEL has.
_IN_EPEL = frozenset(("tini", "dumb-init"))

# A package that isn't one for containers. packages.fedoraproject.org/pkgs/catatonit/catatonit (it provides
# podman-catatonit); the spec, as CBL-Mariner imported it, puts it into libexecdir.
_ELSEWHERE: dict[tuple[str, OsFamily], str] = {
    ("catatonit", "fedora"): "Fedora packages catatonit for Podman, outside PATH",
}

# Releases whose packages left the mirrors that the image's own sources name, and where that is said.
_SOURCES_GONE: dict[OsFamily, dict[str, str]] = {
    "debian": dict.fromkeys(
        ("squeeze", "wheezy", "jessie", "stretch", "buster"),
        "packages.debian.org/dumb-init lists bullseye as the oldest release; debuerreotype@7de510f470a0:"
        "scripts/.debian-mirror.sh#L54 takes archive.debian.org for what is out of support",
    ),
    "rhel": dict.fromkeys(
        ("5", "6", "7", "8"),
        "CentOS: mirrorlist.centos.org was switched off, vault.centos.org keeps the packages",
    ),
    "ubuntu": dict.fromkeys(
        (
            "precise utopic vivid wily yakkety zesty artful cosmic disco eoan groovy hirsute impish kinetic lunar mantic "
            "oracular plucky"
        ).split(),
        "help.ubuntu.com/community/EOLUpgrades: releases out of support lie at old-releases.ubuntu.com",
    ),
}


def init_package(init: str, family: OsFamily, release: str | None) -> InitPackage | None:
    """The package that brings this init from the distribution's own repositories; None where there is none.

    With an unknown release the answer holds for the releases that the package lists.
    """
    name = release_name(family, release)
    for package in _PACKAGES:
        fits = name is None or package.releases is None or name in package.releases
        if package.init == init and package.family == family and fits:
            return package
    return None


def why_no_package(init: str, family: OsFamily, release: str | None) -> str | None:
    """Why the distribution's package of an init can't be installed (one clause); None where it can."""
    distribution = DISTRIBUTIONS.get(family)
    if distribution is None:
        return f"{family} has no packages" if family != "unknown" else "the base's distribution isn't known"
    name = release_name(family, release)
    which = f"{distribution} {name}" if name else distribution
    if init_package(init, family, release) is not None:
        return f"the package sources of {which} have moved away" if package_sources_gone(family, release) else None
    if family == "rhel" and init in _IN_EPEL:
        return f"the distribution's own repositories have no {init}, only EPEL has"
    return _ELSEWHERE.get((init, family)) or f"no package of {init} is known for {which}"


def package_sources_gone(family: OsFamily, release: str | None, image: str | None = None) -> bool:
    """Whether installing packages fails in an image of this release, since its sources have moved away.

    Of the family "rhel" only CentOS' have: pass the `image` of the base fact where there is one. Without it
    5 to 7 are taken for CentOS, and 8 isn't, since Rocky Linux, AlmaLinux and UBI have that number too.
    """
    if family == "rhel" and ("centos" not in image if image else release == "8"):
        return False
    return why_sources_gone(family, release) is not None


def why_sources_gone(family: OsFamily, release: str | None) -> str | None:
    """Where it is said that the sources of this release are gone; None when they aren't known to be."""
    name = release_name(family, release)
    return _SOURCES_GONE.get(family, {}).get(name) if name is not None else None


def release_name(family: OsFamily, release: str | None) -> str | None:
    """One spelling for a release: Debian's and Ubuntu's names ("12" and "12.5" are bookworm), others as they are."""
    if release is None:
        return None
    if family == "debian":
        return DEBIAN_RELEASES.get(release.partition(".")[0], release)
    if family == "ubuntu":
        return UBUNTU_RELEASES.get(".".join(release.split(".")[:2]), release)
    return release


def brings_init(tool: str, package: str, family: OsFamily | None = None) -> tuple[str, str] | None:
    """The init that installing a package brings, and where: `apk add tini` brings tini at /sbin/tini.

    A version behind the name is left out of account. Fedora's, EPEL's and openSUSE's paths are the usual place of
    a program in an rpm; their file lists were not read. PyPI's `tini` is no init, and npm has none. pip's path is
    that of a Python below /usr/local, conda's that of an environment at /opt/conda.
    """
    wanted = package.partition("=")[0].partition("~")[0].partition("<")[0].partition(">")[0].partition("[")[0]
    if tool == "apk" and family == "wolfi":
        return _BROUGHT_BY_WOLFI.get(wanted)
    return _BROUGHT.get(_TOOL_ALIASES.get(tool, tool), {}).get(wanted)


_USR_BIN = {
    "tini": ("tini", "/usr/bin/tini"),
    "tini-static": ("tini", "/usr/bin/tini-static"),
    "dumb-init": ("dumb-init", "/usr/bin/dumb-init"),
    "catatonit": ("catatonit", "/usr/bin/catatonit"),
}
_BROUGHT_BY_WOLFI = _USR_BIN
_TOOL_ALIASES = {"apt-get": "apt", "aptitude": "apt", "pip3": "pip", "mamba": "conda", "micromamba": "conda"}
_EPEL = {name: _USR_BIN[name] for name in ("tini", "tini-static", "dumb-init")}
_BROUGHT: dict[str, dict[str, tuple[str, str]]] = {
    "apt": _USR_BIN,
    "apk": {**_USR_BIN, "tini": ("tini", "/sbin/tini"), "tini-static": ("tini", "/sbin/tini-static")},
    "dnf": _EPEL,
    "microdnf": _EPEL,
    "yum": _EPEL,
    "zypper": _USR_BIN,
    "pacman": {"catatonit": _USR_BIN["catatonit"]},
    "pip": {"dumb-init": ("dumb-init", "/usr/local/bin/dumb-init")},
    "conda": {"tini": ("tini", "/opt/conda/bin/tini")},
}


# Where /bin, /sbin and /lib are links into /usr. Debian's own image is built without the merge up to bullseye
# and with it since: debuerreotype/debuerreotype@7de510f470a0:examples/debian.sh#L188. Ubuntu's new systems have
# it since 20.04 (askubuntu.com/questions/1239615). Wolfi moved in 2025 (chainguard.dev/unchained/
# wolfi-moves-to-usrmerge-standard), which also says that Alpine had not; Alpine packages merge-usr since 3.23.
_MERGED_DEBIAN = frozenset({"bookworm", "trixie", "forky", "sid"})
_UNMERGED_UBUNTU = frozenset({"precise", "trusty", "utopic", "vivid", "wily", "xenial", "bionic"})
_LAST_UNMERGED_ALPINE = (3, 22)


def merged_usr(family: OsFamily, release: str | None) -> bool | None:
    """Whether /bin and /sbin are links into /usr in the distribution's image; None where it isn't known."""
    name = release_name(family, release)
    if family == "wolfi":
        return True
    if name is None:
        return None
    if family == "debian":
        return name in _MERGED_DEBIAN if name in (*DEBIAN_RELEASES.values(), "sid") else None
    if family == "ubuntu":
        since = sorted(UBUNTU_RELEASES)[sorted(UBUNTU_RELEASES).index("20.04") :]
        if name in {UBUNTU_RELEASES[number] for number in since}:
            return True
        return False if name in _UNMERGED_UBUNTU else None
    if family == "alpine":
        numbers = name.removeprefix("v").split(".")[:2]
        if all(number.isdigit() for number in numbers):
            return False if tuple(int(number) for number in numbers) <= _LAST_UNMERGED_ALPINE else None
    return None
