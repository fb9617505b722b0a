"""What distributions have in common, and the short form in which rows of base facts are written."""

from __future__ import annotations

from initlint.facts import BaseFact, BaseScript, OsFamily, PackageTool, ShellName
from initlint.records import NamedTuple


class Platform(NamedTuple):
    """A distribution: its family, package manager, the shell behind /bin/sh, programs that are always there."""

    family: OsFamily
    tool: PackageTool
    sh: ShellName
    programs: tuple[str, ...] = ()


_COMMON = ("/bin/cat", "/bin/sh", "/bin/sleep", "/usr/bin/env", "/usr/bin/id", "/usr/bin/tail")
_GNU = (*_COMMON, "/bin/bash", "/usr/bin/timeout", "/usr/bin/nice")

# coreutils and dash are Essential in Debian, bash too; busybox is all of Alpine's userland.
DEBIAN = Platform("debian", "apt", "dash-debian", (*_GNU, "/bin/su", "/usr/bin/setsid"))
UBUNTU = Platform("ubuntu", "apt", "dash-debian", (*_GNU, "/bin/su", "/usr/bin/setsid"))
ALPINE = Platform(
    "alpine",
    "apk",
    "busybox-ash",
    (*_COMMON, "/bin/busybox", "/bin/su", "/bin/ash", "/usr/bin/setsid", "/usr/bin/timeout", "/bin/nice"),
)
RHEL = Platform("rhel", "dnf", "bash", _GNU)
RHEL_YUM = Platform("rhel", "yum", "bash", _GNU)
UBI_MINIMAL = Platform("rhel", "microdnf", "bash", _GNU)
UBI_MICRO = Platform("rhel", "none", "bash", ("/bin/bash", "/bin/cat", "/bin/sh", "/usr/bin/env"))
FEDORA = Platform("fedora", "dnf", "bash", _GNU)
AMAZON = Platform("amazon", "dnf", "bash", _GNU)
AMAZON_YUM = Platform("amazon", "yum", "bash", _GNU)
SUSE = Platform("suse", "zypper", "bash", _GNU)
ARCH = Platform("arch", "pacman", "bash", _GNU)
WOLFI = Platform("wolfi", "apk", "busybox-ash", ("/bin/busybox", "/bin/sh"))
# Chainguard's images without apk, with a busybox and without any shell.
WOLFI_BUSYBOX = Platform("wolfi", "none", "busybox-ash", ("/bin/busybox", "/bin/sh"))
WOLFI_BARE = Platform("wolfi", "none", "unknown")
BUSYBOX = Platform("busybox", "none", "busybox-ash", ("/bin/busybox", "/bin/sh", "/bin/sleep", "/bin/tail", "/bin/cat"))
DISTROLESS = Platform("distroless", "none", "unknown")
# The :debug tags carry a busybox of their own; there is no /bin/sh.
DISTROLESS_DEBUG = Platform("distroless", "none", "busybox-ash", ("/busybox/sh", "/busybox/busybox"))
UBUNTU_CHISELED = Platform("distroless", "none", "unknown")
SCRATCH = Platform("scratch", "none", "unknown")
WINDOWS = Platform("windows", "none", "unknown")
UNKNOWN = Platform("unknown", "unknown", "unknown")


def base(
    image: str,
    *tags: str,
    on: Platform,
    release: str | None = None,
    flavour: str = "default",
    entrypoint: tuple[str, ...] | None = None,
    cmd: tuple[str, ...] | None = None,
    user: str | None = None,
    workdir: str | None = None,
    stop: str | None = None,
    shell: tuple[str, ...] | None = None,
    healthcheck: str | None = None,
    env: dict[str, str] | None = None,
    inits: dict[str, str] | None = None,
    scripts: dict[str, BaseScript] | None = None,
    programs: tuple[str, ...] = (),
    read: str = "",
    lines: dict[str, int] | None = None,
    source: dict[str, str] | None = None,
) -> BaseFact:
    """One row; what a row doesn't say is absent from the image.

    `read` is the Dockerfile that the row was read from, `lines` where in it a field is set,
    `source` names fields that were read elsewhere: mostly in the image's own base.
    """
    if cmd == ("apache2-foreground",):
        # Every image with this CMD is built on php's apache flavour, which brings the script.
        from initlint.facts.bases.scripts import PHP_APACHE

        scripts = {**PHP_APACHE, **(scripts or {})}
    sources = {"dockerfile": read} if read else {}
    sources.update({field: f"{read}#L{line}" for field, line in (lines or {}).items()})
    sources.update(source or {})
    return BaseFact(
        image=image,
        tags=tags,
        flavour=flavour,
        os_family=on.family,
        os_release=release,
        package_tool=on.tool,
        sh=on.sh,
        entrypoint=entrypoint,
        cmd=cmd,
        user=user,
        workdir=workdir,
        stop_signal=stop,
        shell=shell,
        healthcheck=healthcheck,
        env=env or {},
        inits=inits or {},
        scripts=scripts or {},
        programs=programs + on.programs,
        source=sources,
    )
