"""Which distribution packages which init, and where it lands."""

from __future__ import annotations

import pytest

from initlint.facts import OsFamily, packages

PACKAGED: list[tuple[str, OsFamily, str | None, str | None]] = [
    ("tini", "debian", "bookworm", "/usr/bin/tini"),
    ("tini", "debian", "12", "/usr/bin/tini"),
    ("tini", "debian", "12.5", "/usr/bin/tini"),
    ("tini", "debian", "buster", "/usr/bin/tini"),
    ("tini", "debian", "stretch", None),
    ("tini", "debian", None, "/usr/bin/tini"),
    ("tini", "ubuntu", "22.04", "/usr/bin/tini"),
    ("tini", "ubuntu", "focal", "/usr/bin/tini"),
    ("tini", "ubuntu", "16.04", None),
    ("tini", "alpine", "3.19", "/sbin/tini"),
    ("tini", "wolfi", None, "/usr/bin/tini"),
    ("tini", "rhel", "9", None),
    ("tini", "amazon", "2023", None),
    ("tini", "distroless", None, None),
    ("tini", "unknown", None, None),
    ("dumb-init", "debian", "trixie", "/usr/bin/dumb-init"),
    ("dumb-init", "ubuntu", "noble", "/usr/bin/dumb-init"),
    ("dumb-init", "alpine", None, "/usr/bin/dumb-init"),
    ("dumb-init", "rhel", "8", None),
    ("catatonit", "debian", "bullseye", "/usr/bin/catatonit"),
    ("catatonit", "debian", "buster", None),
    ("catatonit", "alpine", "3.20", "/usr/bin/catatonit"),
    ("catatonit", "ubuntu", "22.04", "/usr/bin/catatonit"),
    ("catatonit", "ubuntu", "focal", None),
    ("catatonit", "suse", "15.6", "/usr/bin/catatonit"),
    ("catatonit", "arch", None, "/usr/bin/catatonit"),
    ("catatonit", "fedora", "44", None),
    ("tini", "fedora", "44", "/usr/bin/tini"),
    ("tini", "fedora", "34", None),
    ("tini", "suse", "15.6", None),
    ("tini", "arch", None, None),
    ("dumb-init", "fedora", "42", "/usr/bin/dumb-init"),
    ("dumb-init", "fedora", "44", None),
    ("no-such-init", "debian", "bookworm", None),
]


@pytest.mark.parametrize(("init", "family", "release", "path"), PACKAGED)
def test_knows_where_a_package_puts_an_init(init: str, family: OsFamily, release: str | None, path: str | None) -> None:
    """A release that isn't known to have the package has none; the RHEL family needs EPEL, which is never enabled."""
    package = packages.init_package(init, family, release)
    assert (package.path if package else None) == path
    if package:
        assert package.source


@pytest.mark.parametrize(
    ("init", "family", "release", "why"),
    [
        ("tini", "debian", "bookworm", None),
        ("tini", "debian", "9", "no package of tini is known for Debian stretch"),
        ("tini", "debian", "buster", "the package sources of Debian buster have moved away"),
        ("tini", "rhel", "9", "the distribution's own repositories have no tini, only EPEL has"),
        ("catatonit", "rhel", "9", "no package of catatonit is known for RHEL 9"),
        ("catatonit", "fedora", "44", "Fedora packages catatonit for Podman, outside PATH"),
        ("tini", "scratch", None, "scratch has no packages"),
        ("tini", "unknown", None, "the base's distribution isn't known"),
    ],
)
def test_says_why_there_is_no_package(init: str, family: OsFamily, release: str | None, why: str | None) -> None:
    """The fix that takes another way quotes it."""
    assert packages.why_no_package(init, family, release) == why


GONE: list[tuple[OsFamily, str | None, str | None, bool]] = [
    ("debian", "buster", None, True),
    ("debian", "9", None, True),
    ("debian", "jessie", None, True),
    ("debian", "bullseye", None, False),
    ("debian", "bookworm", None, False),
    ("debian", None, None, False),
    ("ubuntu", "19.10", None, True),
    ("ubuntu", "xenial", None, False),
    ("ubuntu", "22.04", None, False),
    ("rhel", "7", "centos", True),
    ("rhel", "8", "centos", True),
    ("rhel", "6", None, True),
    ("rhel", "8", "rockylinux", False),
    ("rhel", "7", "oraclelinux", False),
    ("rhel", "8", None, False),
    ("alpine", "3.3", None, False),
    ("amazon", "1", None, False),
]


@pytest.mark.parametrize(("family", "release", "image", "gone"), GONE)
def test_knows_releases_whose_packages_moved_away(
    family: OsFamily, release: str | None, image: str | None, gone: bool
) -> None:
    """Nothing installs on a release whose mirrors are empty; Alpine keeps all of its releases."""
    assert packages.package_sources_gone(family, release, image) is gone
    if gone:
        assert packages.why_sources_gone(family, release)


BROUGHT: list[tuple[str, str, OsFamily | None, tuple[str, str] | None]] = [
    ("apt", "tini", None, ("tini", "/usr/bin/tini")),
    ("apt-get", "tini=0.19.0-1", None, ("tini", "/usr/bin/tini")),
    ("apt", "dumb-init", "ubuntu", ("dumb-init", "/usr/bin/dumb-init")),
    ("apk", "tini", "alpine", ("tini", "/sbin/tini")),
    ("apk", "tini~=0.19", None, ("tini", "/sbin/tini")),
    ("apk", "tini-static", None, ("tini", "/sbin/tini-static")),
    ("apk", "tini", "wolfi", ("tini", "/usr/bin/tini")),
    ("dnf", "tini", "fedora", ("tini", "/usr/bin/tini")),
    ("pip", "dumb-init==1.2.5", None, ("dumb-init", "/usr/local/bin/dumb-init")),
    ("pip3", "dumb-init", None, ("dumb-init", "/usr/local/bin/dumb-init")),
    ("conda", "tini", None, ("tini", "/opt/conda/bin/tini")),
    ("pip", "tini", None, None),
    ("npm", "dumb-init", None, None),
    ("apt", "curl", None, None),
    ("pacman", "tini", "arch", None),
]


@pytest.mark.parametrize(("tool", "package", "family", "init"), BROUGHT)
def test_sees_an_init_in_an_install_line(
    tool: str, package: str, family: OsFamily | None, init: tuple[str, str] | None
) -> None:
    """`apt install tini` brings an init; PyPI's tini is a reader of .ini files."""
    assert packages.brings_init(tool, package, family) == init


MERGED: list[tuple[OsFamily, str | None, bool | None]] = [
    ("debian", "bookworm", True),
    ("debian", "11", False),
    ("debian", "10.13", False),
    ("ubuntu", "20.04", True),
    ("ubuntu", "noble", True),
    ("ubuntu", "bionic", False),
    ("ubuntu", "18.10", None),
    ("alpine", "3.19", False),
    ("alpine", "3.24", None),
    ("wolfi", None, True),
    ("debian", None, None),
    ("suse", "15.6", None),
]


@pytest.mark.parametrize(("family", "release", "merged"), MERGED)
def test_knows_where_bin_is_a_link(family: OsFamily, release: str | None, merged: bool | None) -> None:
    """/bin/tini and /usr/bin/tini are one file only where /bin is a link."""
    assert packages.merged_usr(family, release) is merged
