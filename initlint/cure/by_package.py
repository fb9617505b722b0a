"""An init from the distribution's own repositories, or from PyPI; no other repository is ever enabled."""

from __future__ import annotations

import re

from initlint.cure import places
from initlint.cure.package_lists import added
from initlint.cure.provided import NoWay, Provided, since
from initlint.cure.root_runs import has_shell, is_single_run, run_as_root, user_text, user_varies
from initlint.cure.style import style_of
from initlint.facts import InitPackage, PackageTool
from initlint.facts.packages import DISTRIBUTIONS, ON_PYPI, init_package, package_sources_gone, why_no_package
from initlint.subject import Subject
from initlint.targets.dockerfile.syntax import Instruction, Stage

_SETTLES_NOTHING = frozenset(("ARG", "ENV", "LABEL", "MAINTAINER", "SHELL", "EXPOSE", "STOPSIGNAL", "VOLUME"))
_USES_PACKAGES: dict[str, re.Pattern[str]] = {
    "apt": re.compile(r"\b(?:apt|apt-get|aptitude)\s+(?:-\S+\s+)*install\b"),
    "apk": re.compile(r"\bapk\s+(?:-\S+\s+)*add\b"),
    "dnf": re.compile(r"\bdnf\s+(?:-\S+\s+)*install\b"),
    "microdnf": re.compile(r"\bmicrodnf\s+(?:-\S+\s+)*install\b"),
    "zypper": re.compile(r"\bzypper\s+(?:-\S+\s+)*in(?:stall)?\b"),
    "pacman": re.compile(r"\bpacman\s+(?:-\S+\s+)*-S\w*\b"),
    "pip": re.compile(r"\bpip3?\s+(?:-\S+\s+)*install\b"),
}
_UNKNOWN_USER = "the base image's USER isn't known, so that packages can't be installed and it be restored"


def install_commands(tool: PackageTool, package: InitPackage) -> tuple[str, ...] | None:
    """The commands that install a package and leave no lists behind."""
    if tool == "apt":
        return (
            "apt-get update",
            f"apt-get install -y --no-install-recommends {package.package}",
            "rm -rf /var/lib/apt/lists/*",
        )
    if tool == "apk":
        return (f"apk add --no-cache {package.package}",)
    if tool in ("dnf", "microdnf") and package.family == "fedora":
        return (f"{tool} install -y {package.package}", f"{tool} clean all")
    if tool == "zypper":
        return (f"zypper --non-interactive install --no-recommends {package.package}", "zypper clean --all")
    if tool == "pacman":
        # Arch supports no upgrade of parts: a package from fresh lists goes with all of them
        return (f"pacman -Syu --noconfirm {package.package}", "rm -rf /var/cache/pacman/pkg/* /var/lib/pacman/sync/*")
    return None


def from_distribution(subject: Subject, home: Stage, name: str, barred: tuple[NoWay, ...]) -> Provided | NoWay:
    """The distribution's package at its real path."""
    base = subject.container.base
    package = init_package(name, base.os_family, base.os_release)
    if package is not None and package.releases is not None and base.os_release is None:
        return NoWay("which release the base is isn't known")
    why = why_no_package(name, base.os_family, base.os_release)
    if package is None or why is not None or package_sources_gone(base.os_family, base.os_release):
        plain = base.os_family in ("scratch", "distroless", "busybox", "windows")
        told = "" if plain else "message" if base.os_family == "unknown" else "diff"
        return NoWay(why or f"the base has no package of {name}", told)  # type: ignore[arg-type]
    commands = install_commands(base.package_tool, package)
    if commands is None:
        return NoWay("the image has no package manager" if base.package_tool == "none" else "how isn't known")
    if not has_shell(home):
        return NoWay("RUN's shell is none that is known")
    how = f"from {DISTRIBUTIONS[package.family]}'s package"
    return _installed(subject, home, base.package_tool, package.package, commands, Provided(name, package.path, how))


def _installed(
    subject: Subject, home: Stage, tool: str, package: str, commands: tuple[str, ...], init: Provided
) -> Provided | NoWay:
    parsed = subject.dockerfile.parsed
    style = style_of(parsed)
    after = _last_install(home, tool)
    if after is not None:
        addition = added(after, tool, package)
        if addition is not None:
            return init._replace(edits=(addition,))
        gap_above = _quiet_gap(home, after) if len(commands) == 1 else None
        if gap_above is not None:
            lines = style.run(commands, places.indent_of(gap_above))
            gap = style.newline if _blank_above(gap_above, comments=True) else ""
            edit = places.put_above(parsed, gap_above, lines + gap, style.newline, whole_block=True)
            return init._replace(edits=(edit,))
        indent = places.indent_of(after)
        gap = style.newline if _blank_below(after) and _blank_above(after) else ""
        lines = style.run(commands, indent)
        edit = places.put_below(parsed, after, gap + lines, style.newline)
        return init._replace(edits=(edit,))
    before = next((step for step in home.steps if step.instruction.keyword not in _SETTLES_NOTHING), None)
    if before is not None and len(commands) == 1 and is_single_run(before.instruction):
        quiet = _quiet_gap(home, before.instruction)
        before = next((step for step in home.steps if step.instruction is quiet), before)
    user = home.user_after if before is None else before.user
    text = None if before is None else user_text(home, before)
    if user_varies(subject, home, user, text):
        return NoWay("the user in force comes from a variable of another stage")
    place = places.last_instruction(home) if before is None else before.instruction
    written = run_as_root(style, commands, user, text, places.indent_of(place))
    if written is None:
        return NoWay(_UNKNOWN_USER)
    if before is None:
        return init._replace(edits=(places.put_below(parsed, place, written, style.newline),))
    gap = style.newline if _blank_above(place, comments=True) else ""
    edit = places.put_above(parsed, place, written + gap, style.newline, whole_block=True)
    return init._replace(edits=(edit,))


def _last_install(home: Stage, tool: str) -> Instruction | None:
    """The stage's last RUN that installs packages as root: whatever the sources need is set up there."""
    pattern = _USES_PACKAGES.get(tool)
    found = None
    for step in home.steps:
        instruction = step.instruction
        if instruction.keyword != "RUN" or instruction.heredocs or pattern is None:
            continue
        text = instruction.value
        as_root = step.user is None or places.is_root(step.user)
        if as_root and pattern.search(text) and not re.search(r"\bsudo\b", text):
            found = instruction
    return found


def _quiet_gap(home: Stage, after: Instruction) -> Instruction | None:
    """Above what a RUN of one command stands alone, still as root; None where it does below `after`."""
    index = places.step_of(home, after)
    if index is None:
        return None
    steps = home.steps
    if not is_single_run(after) and not (index + 1 < len(steps) and is_single_run(steps[index + 1].instruction)):
        return None
    for at in range(index + 1, len(steps)):
        step = steps[at]
        if not (step.user is None or places.is_root(step.user)):
            return None
        if not is_single_run(steps[at - 1].instruction) and not is_single_run(step.instruction):
            return step.instruction
    return None


def _blank_above(instruction: Instruction, *, comments: bool = False) -> bool:
    source = instruction.span.source
    row = instruction.lines[0] - 1
    while comments and row >= 1 and source.line(row).lstrip().startswith("#"):
        row -= 1
    return row >= 1 and not source.line(row).strip()


def _blank_below(instruction: Instruction) -> bool:
    source = instruction.span.source
    row = instruction.lines[1] + 1
    return row < len(source.line_starts) and not source.line(row).strip()


_PIP_PATH = "/usr/local/bin"


def from_pypi(subject: Subject, home: Stage, name: str, barred: tuple[NoWay, ...]) -> Provided | NoWay:
    """dumb-init by pip, in the python images."""
    base = subject.container.base
    package = ON_PYPI.get(name)
    if package is None or base.match is None or base.match.fact.image != "python":
        return NoWay(f"pip has no {name}", "")
    if base.os_family == "alpine":
        return NoWay("PyPI's wheel of dumb-init is for glibc", "")
    wanted = home.platform or subject.options.platform
    if wanted is not None and wanted.partition("/")[2] not in ("amd64", "x86_64"):
        return NoWay(f"PyPI has no wheel of dumb-init for {wanted}")
    stages = [subject.dockerfile.stages[index] for index in places.chain_of(subject, home.index)]
    for step in (step for stage in stages for step in stage.steps):
        if step.instruction.keyword == "ENV" and re.search(r"\bPATH\b", step.instruction.value):
            return NoWay("PATH is changed, so that pip may install elsewhere")
    if not has_shell(home):
        return NoWay("RUN's shell is none that is known")
    init = Provided(
        name,
        f"{_PIP_PATH}/{name}",
        f"from PyPI{since(barred)}",
        notes=(f"PyPI's wheel of {name} is for Linux on x86-64 alone: elsewhere pip compiles it, with a C compiler",),
    )
    return _installed(subject, home, "pip", package, (f"pip install --no-cache-dir {package}",), init)
