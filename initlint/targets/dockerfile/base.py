"""What a stage chain ends in: a known image, or what the file itself gives away about an unknown one."""

from __future__ import annotations

import functools
import re
from collections.abc import Collection, Iterable

from initlint.facts import BaseFact, BaseMatch, OsFamily, PackageTool, ShellName
from initlint.records import NamedTuple
from initlint.targets.container import Base
from initlint.targets.dockerfile.expansion import ExpansionError, expand, variables
from initlint.targets.dockerfile.syntax import Env, Instruction, Stage
from initlint.text import Span

DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
DEFAULT_SHELL: tuple[str, ...] = ("/bin/sh", "-c")
WINDOWS_SHELL: tuple[str, ...] = ("cmd", "/S", "/C")

# images whose whole environment is PATH
_PLAIN = frozenset(
    (
        "almalinux",
        "alpine",
        "amazonlinux",
        "archlinux",
        "busybox",
        "centos",
        "clearlinux",
        "debian",
        "fedora",
        "oraclelinux",
        "rockylinux",
        "ubuntu",
    )
)
_WINDOWS_TAGS = ("windowsservercore", "nanoserver", "windows-")
_WINDOWS_IMAGES = (
    "mcr.microsoft.com/windows",
    "mcr.microsoft.com/dotnet/framework",
    "microsoft/windowsservercore",
    "microsoft/nanoserver",
)
_WINDOWS_SHELLS = frozenset(("cmd", "cmd.exe", "powershell", "powershell.exe"))

# a variable in front (a registry), the image's name, a tag
_UNRESOLVED = re.compile(r"(?:\$\{\w+\}/?|\$\w+/)?(?P<name>[^:@]*)(?::(?P<tag>[^/@]*))?")


class _Evidence(NamedTuple):
    family: OsFamily
    release: str | None
    tool: PackageTool
    sh: ShellName
    why: str


_BY_TOOL: dict[str, tuple[OsFamily, PackageTool, ShellName]] = {
    "apk": ("alpine", "apk", "busybox-ash"),
    "apt-get": ("debian", "apt", "dash-debian"),
    "apt": ("debian", "apt", "dash-debian"),
    "microdnf": ("rhel", "microdnf", "bash"),
    "dnf": ("rhel", "dnf", "bash"),
    "yum": ("rhel", "yum", "bash"),
    "zypper": ("suse", "zypper", "bash"),
    "pacman": ("arch", "pacman", "bash"),
}


def look_up(reference: str | None) -> BaseMatch | None:
    """What the facts know of an image; None for an unknown or unresolved one."""
    if reference is None:
        return None
    from initlint.facts.bases import lookup

    match = lookup(reference)
    if match is not None and match.fact.os_family != "windows" and is_windows_reference(reference):
        # `golang:1.22-nanoserver` has nothing in common with the golang that the facts know
        return None
    return match


def look_up_without(text: str, env: Env, missing: Collection[str], escape: str) -> BaseMatch | None:
    """What the facts know of `FROM text` when the variables in `missing` have no value.

    One in front is taken for a registry, one in the tag for any version; None where one is
    part of the image's name.
    """
    parted = _UNRESOLVED.fullmatch(text)
    if parted is None or not parted["name"]:
        return None
    known = Env({key: value for key, value in env.items() if key not in missing})
    try:
        name = expand(parted["name"], known, escape)
        if not name or any(part in missing for part in variables(parted["name"], escape)):
            return None
        tag = (expand(parted["tag"] or "", env, escape) or "").strip("-_.")
    except ExpansionError:
        return None  # the colon stands inside a variable's braces
    match = look_up(f"{name}:{tag}" if tag else name)
    if match is None:
        return None
    why = f"{' and '.join(missing)} without a value: taken for {name}{':' + tag if tag else ''}"
    return BaseMatch(match.fact, exact=False, why="; ".join(filter(None, (why, match.why))))


def knows_environment(fact: BaseFact) -> bool:
    """Are the fact's variables all that the image sets?"""
    return fact.image.rpartition("/")[2] in _PLAIN or fact.os_family == "scratch"


def describe_base(stage: Stage, on_top: Iterable[Instruction], span: Span) -> Base:
    """The base image behind the base-most `stage`; `on_top` are all instructions of its chain."""
    reference, match = stage.reference, stage.base_match
    if reference == "scratch":
        return Base(reference, span, match, "scratch", None, "none", "unknown", None, "an empty image")
    if match is not None and match.fact.os_family != "unknown":
        fact = match.fact
        sh, version = _shell_of(fact.os_family, fact.os_release, fact.sh)
        why = match.why or f"known image {fact.image}"
        return Base(reference, span, match, fact.os_family, fact.os_release, fact.package_tool, sh, version, why)
    if is_windows_reference(reference or stage.reference_text):
        return Base(reference, span, match, "windows", None, "none", "unknown", None, "a Windows image")
    evidence = _from_tag(reference or stage.reference_text) or _from_commands(on_top)
    if evidence is None:
        return Base(reference, span, match, "unknown", None, "unknown", "unknown", None, why_unknown(stage))
    sh, version = _shell_of(evidence.family, evidence.release, evidence.sh)
    return Base(reference, span, match, evidence.family, evidence.release, evidence.tool, sh, version, evidence.why)


def why_unknown(stage: Stage) -> str:
    """Why nothing is known of the image that a stage is built on."""
    return stage.why if stage.reference is None else f"nothing is known of the image {stage.reference}"


def is_windows_reference(reference: str) -> bool:
    """Does the reference name a Windows image, by its repository or its tag?"""
    if reference.startswith(_WINDOWS_IMAGES):
        return True
    tag = reference.partition("@")[0].rpartition("/")[2].partition(":")[2]
    return any(word in tag for word in _WINDOWS_TAGS)


def is_windows_shell(shell: tuple[str, ...]) -> bool:
    """`powershell` and `cmd`; `pwsh` alone runs on Linux as well."""
    if not shell:
        return False
    name = shell[0].replace("\\", "/").rpartition("/")[2].lower()
    return name in _WINDOWS_SHELLS


def _shell_of(family: OsFamily, release: str | None, default: ShellName) -> tuple[ShellName, tuple[int, ...] | None]:
    from initlint.facts.shells import sh_of

    name, version = sh_of(family, release)
    return (default, None) if name == "unknown" else (name, version)


def _from_tag(reference: str) -> _Evidence | None:
    """What the tag of an unknown image says: `-alpine3.19`, `-bookworm`, `-jammy`."""
    tag = reference.partition("@")[0].rpartition("/")[2].partition(":")[2]
    if not tag:
        return None
    from initlint.facts.bases.tags import DEBIAN_RELEASES, UBUNTU_RELEASES, parse_tag

    parsed = parse_tag(tag)
    why = f"its tag says {tag}"
    if parsed.release is not None:
        word, release = parsed.release
        if word == "alpine":
            return _Evidence("alpine", release, "apk", "busybox-ash", why)
        if word == "ubuntu" or release in UBUNTU_RELEASES.values():
            return _Evidence("ubuntu", UBUNTU_RELEASES.get(release, release), "apt", "dash-debian", why)
        if word == "debian" or release in DEBIAN_RELEASES.values() or release == "sid":
            return _Evidence("debian", DEBIAN_RELEASES.get(release, release), "apt", "dash-debian", why)
    elif "alpine" in parsed.words:
        return _Evidence("alpine", None, "apk", "busybox-ash", why)
    return None


def _from_commands(instructions: Iterable[Instruction]) -> _Evidence | None:
    """The package manager that the RUN lines call, where all of them agree on one system."""
    found: dict[OsFamily, tuple[str, int]] = {}
    for instruction in instructions:
        if instruction.keyword != "RUN":
            continue
        text = " ".join(instruction.json) if instruction.json else instruction.value
        for heredoc in instruction.heredocs:
            text += "\n" + heredoc.content
        for match in _package_command().finditer(text):
            family = _BY_TOOL[match[1]][0]
            found.setdefault(family, (match[1], instruction.lines[0]))
    if len(found) != 1:
        return None
    ((tool, line),) = found.values()
    family, package_tool, sh = _BY_TOOL[tool]
    return _Evidence(family, None, package_tool, sh, f"RUN calls {tool} on line {line}")


@functools.cache
def _package_command() -> re.Pattern[str]:
    return re.compile(
        r"(?:^|[;&|(]|\bthen\b|\bdo\b|\belse\b|\bsudo\b|\bset -\w+\s)\s*"
        r"(?:[A-Z_]+=\S*\s+)*(?:/usr)?(?:/s?bin/)?"
        r"(apk|apt-get|apt|microdnf|dnf|yum|zypper|pacman)\s+(?:-\S+\s+)*"
        r"(?:add|update|upgrade|install|clean|makecache|refresh|-S\w*)\b",
        re.MULTILINE,
    )
