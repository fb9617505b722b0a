"""Inits that people download: what the names of release files say, and what the packages are linked to."""

from __future__ import annotations

import re
from typing import Literal

from initlint.facts.static_inits import release
from initlint.records import NamedTuple

Linking = Literal["glibc", "musl", "static"]

# Where inits are published: the repository on GitHub, and the init.
PROJECTS = {"krallin/tini": "tini", "yelp/dumb-init": "dumb-init", "opensuse/catatonit": "catatonit"}

# An address of a release file; of its name as much as no shell would end the word at.
ADDRESS = re.compile(
    r"https?://(?:www\.)?github\.com/(?P<project>krallin/tini|Yelp/dumb-init|openSUSE/catatonit)"
    r"/releases/(?:download/[^/\s\"']+|latest/download)/(?P<name>[^\s\"'`;|&<>()\\]+)",
    re.IGNORECASE,
)

# What the names of files and `uname -m` call an architecture, in the words of OCI platforms.
ARCHITECTURES = {
    "aarch64": "arm64",
    "amd64": "amd64",
    "arm64": "arm64",
    "armel": "arm",
    "armhf": "arm",
    "i386": "386",
    "ppc64el": "ppc64le",
    "ppc64le": "ppc64le",
    "riscv64": "riscv64",
    "s390x": "s390x",
    "x86_64": "amd64",
}

_TINI = re.compile(r"tini(?P<static>-static)?(?:-(?P<architecture>[a-z0-9_]+))?")
_DUMB_INIT = re.compile(r"dumb-init_[^_/]+_(?P<architecture>[a-z0-9_]+?)")
_CATATONIT = re.compile(r"catatonit(?:\.(?P<architecture>[a-z0-9_]+))?")


class ReleaseFile(NamedTuple):
    """What a release file's name says of it. `linking` and `architecture` are None where it says nothing;
    `package`: a .deb or .rpm, which a package tool installs."""

    init: str
    name: str
    architecture: str | None
    linking: Linking | None
    package: bool = False

    @property
    def shown(self) -> str:
        """Its name where that is written out, else the init's."""
        return self.init if "$" in self.name or "{" in self.name else self.name


def release_file(project: str, name: str) -> ReleaseFile | None:
    """What a name says; None for signatures, checksums and sources.

    tini's files are for amd64 where no architecture is named, and linked to glibc where they aren't called
    static (krallin/tini@369448a167e8:README.md#L243, issue #37); dumb-init's and catatonit's are static
    (Yelp/dumb-init@5ccca9cb0498:Makefile#L2, README.md#L150).
    """
    init = PROJECTS[project.lower()]
    variable = "$" in name or "{" in name
    if name.endswith((".deb", ".rpm")):
        return ReleaseFile(init, name, None, None, package=True)
    if variable:
        return ReleaseFile(init, name, None, "static" if init != "tini" or "-static" in name else None)
    if init == "tini":
        match = _TINI.fullmatch(name)
        named = match["architecture"] if match is not None else None
        if match is None or (named is not None and named not in (*ARCHITECTURES, "muslc")):
            known = name == "tini-muslc-amd64"
            return ReleaseFile(init, name, "amd64", None) if known else None
        linking: Linking = "static" if match["static"] else "glibc"
        return ReleaseFile(init, name, ARCHITECTURES.get(named or "amd64"), linking)
    match = (_DUMB_INIT if init == "dumb-init" else _CATATONIT).fullmatch(name)
    if match is None or (match["architecture"] is not None and match["architecture"] not in ARCHITECTURES):
        return None
    return ReleaseFile(init, name, ARCHITECTURES.get(match["architecture"] or ""), "static")


def named_for(file: ReleaseFile, *, architecture: str | None = None, static: bool = False) -> str | None:
    """The same init's release file for another architecture, or the static one; None where there is none."""
    if file.init == "tini":
        wanted = architecture or (file.architecture if file.name not in ("tini", "tini-static") else None)
        names = {"386": "i386", "arm": "armhf"}
        if wanted is not None and wanted not in ("amd64", "arm64", "386", "arm", "s390x", "ppc64le"):
            return None
        stem = "tini-static" if static or file.linking == "static" else "tini"
        return stem if wanted is None else f"{stem}-{names.get(wanted, wanted)}"
    words = {"amd64": "x86_64", "arm64": "aarch64", "ppc64le": "ppc64le", "s390x": "s390x"}
    if file.init != "dumb-init" or architecture not in words:
        return None
    # Releases before 1.2.3 have amd64 alone.
    version = re.search(r"_(\d+)\.(\d+)\.(\d+)", file.name)
    if version is None or tuple(map(int, version.groups())) < (1, 2, 3):
        return None
    return re.sub(r"_[a-z0-9]+(?:_64)?$", f"_{words[architecture]}", file.name)


# SHA-256 sums of tini's files that are linked to glibc, as the project publishes them beside the files; those of
# the static ones stand with their releases.
_LINKED_SUMS = {
    "tini": "93dcc18adc78c65a028a84799ecf8ad40c936fdfc5f2a57b1acda5a8117fa82c",
    "tini-amd64": "93dcc18adc78c65a028a84799ecf8ad40c936fdfc5f2a57b1acda5a8117fa82c",
    "tini-arm64": "07952557df20bfd2a95f9bef198b445e006171969499a1d361bd9e6f8e5e0e81",
}


def checksum(project: str, version: str, name: str) -> str | None:
    """The SHA-256 of a release's file (`krallin/tini`, `v0.19.0`, `tini-arm64`), where it is known from a source."""
    init = PROJECTS.get(project.lower(), "")
    found = release(init)
    if found is None or version != f"v{found.version}":
        return None
    for part, known in found.files.values():
        if found.url.format(part).rpartition("/")[2] == name:
            return known
    return _LINKED_SUMS.get(name) if init == "tini" else None


# Inits of distributions' packages that are linked to the distribution's libc: (family, file name).
# tini and dumb-init of Debian 12: `file` on them; Alpine's by the packages' dependency on musl, and
# Yelp/dumb-init@5ccca9cb0498:README.md#L150 of distributions' builds in general.
LINKED_PACKAGES: dict[tuple[str, str], Linking] = {
    ("debian", "tini"): "glibc",
    ("debian", "dumb-init"): "glibc",
    ("ubuntu", "tini"): "glibc",
    ("ubuntu", "dumb-init"): "glibc",
    ("alpine", "tini"): "musl",
}

# Where the packages of these families that are linked to glibc hold a static one as well
# (krallin/tini@369448a167e8:README.md#L131, and the package of Debian 12).
STATIC_BESIDE = {("debian", "tini"): "/usr/bin/tini-static", ("ubuntu", "tini"): "/usr/bin/tini-static"}

# The loaders that programs linked to a libc name, amd64's and arm64's.
LOADERS: dict[Linking, tuple[str, ...]] = {
    "glibc": ("/lib64/ld-linux-x86-64.so.2", "/lib/ld-linux-aarch64.so.1"),
    "musl": ("/lib/ld-musl-x86_64.so.1", "/lib/ld-musl-aarch64.so.1"),
    "static": (),
}
