"""How an init gets into the image: the one that is there, the distribution's package, or a copied static one."""

from __future__ import annotations

import re

from initlint.cure import places
from initlint.cure.model import CureOptions, NoCure
from initlint.cure.package_lists import added
from initlint.cure.style import Style, style_of
from initlint.facts import InitPackage, PackageTool
from initlint.facts.packages import init_package, package_sources_gone
from initlint.records import NamedTuple
from initlint.rootfs import Present
from initlint.rootfs.paths import resolve
from initlint.subject import Subject
from initlint.targets.dockerfile.syntax import BuildStep, Instruction, Stage
from initlint.text import Edit

STATIC_IMAGE = "alpine:3.22"
STATIC_PACKAGE = "tini-static"
STATIC_PATH = "/sbin/tini-static"
COPIED_PATH = "/usr/bin/tini"

# Where images keep an init, the usual paths first.
_FOLDERS = ("/usr/bin", "/sbin", "/usr/local/bin", "/bin", "/usr/sbin", "/usr/local/sbin", "/opt/conda/bin", "")
_USABLE = ("tini", "dumb-init", "catatonit")

_SHELLS = frozenset(("sh", "bash", "ash", "dash"))
_SETTLES_NOTHING = frozenset(("ARG", "ENV", "LABEL", "MAINTAINER", "SHELL", "EXPOSE", "STOPSIGNAL", "VOLUME"))
_USES_PACKAGES: dict[str, re.Pattern[str]] = {
    "apt": re.compile(r"\b(?:apt|apt-get|aptitude)\s+(?:-\S+\s+)*install\b"),
    "apk": re.compile(r"\bapk\s+(?:-\S+\s+)*add\b"),
    "dnf": re.compile(r"\bdnf\s+(?:-\S+\s+)*install\b"),
    "microdnf": re.compile(r"\bmicrodnf\s+(?:-\S+\s+)*install\b"),
}
_NUMBER = re.compile(r"(?:^|,)from=(\d+)(?:,|$)")


class Provided(NamedTuple):
    """An init at `path`. `edits` bring it there; `before_start` are lines that belong directly
    above ENTRYPOINT; `how` ends the sentence "tini …"."""

    name: str
    path: str
    how: str
    edits: tuple[Edit, ...] = ()
    before_start: str = ""
    unsafe: tuple[str, ...] = ()


def provide(subject: Subject, options: CureOptions, home: Stage) -> Provided | NoCure:
    """An init for the stage `home`: the image's own, else the package, else a static copy."""
    found = _present(subject, options, home)
    if found is not None:
        return found
    name = "tini" if options.init == "auto" else options.init
    base = subject.container.base
    package = init_package(name, base.os_family, base.os_release)
    if package is not None and package.releases is not None and base.os_release is None:
        package = None  # which release it is decides whether there is a package
    if package is not None and not package_sources_gone(base.os_family, base.os_release):
        commands = install_commands(base.package_tool, package)
        if commands is not None and _has_shell(home):
            return _by_package(subject, home, package, commands)
    if name != "tini":
        return NoCure(f"the image's distribution has no package of {name} that is known to work; tini can be copied in")
    return _by_copy(subject, home)


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
    return None


def _present(subject: Subject, options: CureOptions, home: Stage) -> Provided | None:
    wanted = _USABLE if options.init == "auto" else (options.init,)
    match = subject.container.base.match
    if match is not None:
        for name in wanted:
            path = match.fact.inits.get(name)
            if path is not None and (path.startswith("/")):
                unsafe = () if match.exact else (f"that the base has {name} was {match.why or 'read for another tag'}",)
                return Provided(name, path, f"which {match.fact.image} brings", unsafe=unsafe)
    if home.index != subject.container.stage_index:
        return None
    for name in wanted:
        for folder in _FOLDERS:
            path = f"{folder}/{name}"
            node = resolve(subject.rootfs, path)
            if isinstance(node, Present) and node.kind == "file" and (node.mode is None or node.mode & 0o111 == 0o111):
                return Provided(name, path, "which the image has")
    return None


def _has_shell(home: Stage) -> bool:
    """Whether RUN's shell at the stage's end can take `&&`."""
    shells = {step.shell for step in home.steps} | {home.shell_after}
    return all(not shell or shell[0].rsplit("/", 1)[-1] in _SHELLS for shell in shells)


def _by_package(subject: Subject, home: Stage, package: InitPackage, commands: tuple[str, ...]) -> Provided | NoCure:
    parsed = subject.dockerfile.parsed
    style = style_of(parsed)
    how = f"from {package.family.capitalize()}'s package"
    if package.family == "wolfi":
        how = "from Wolfi's package"
    after = _last_install(home, subject.container.base.package_tool)
    if after is not None:
        addition = added(after, subject.container.base.package_tool, package.package)
        if addition is not None:
            return Provided(package.init, package.path, how, (addition,))
        gap_above = _quiet_gap(home, after) if len(commands) == 1 else None
        if gap_above is not None:
            lines = style.run(commands, places.indent_of(gap_above))
            gap = style.newline if _blank_above(gap_above, comments=True) else ""
            edit = places.put_above(parsed, gap_above, lines + gap, style.newline, whole_block=True)
            return Provided(package.init, package.path, how, (edit,))
        indent = places.indent_of(after)
        gap = style.newline if _blank_below(after) and _blank_above(after) else ""
        lines = style.run(commands, indent)
        edit = places.put_below(parsed, after, gap + lines, style.newline)
        return Provided(package.init, package.path, how, (edit,))
    before = next((step for step in home.steps if step.instruction.keyword not in _SETTLES_NOTHING), None)
    if before is not None and len(commands) == 1 and is_single_run(before.instruction):
        quiet = _quiet_gap(home, before.instruction)
        before = next((step for step in home.steps if step.instruction is quiet), before)
    if before is None:
        user = home.user_after
        if _varies(subject, home, user, None) and package.init == "tini":
            return _by_copy(subject, home)
        last = places.last_instruction(home)
        written = _as_root(style, commands, user, None, places.indent_of(last))
        if written is None:
            return NoCure("the base image's USER isn't known, so that packages can't be installed and it be restored")
        edit = places.put_below(parsed, last, written, style.newline)
        return Provided(package.init, package.path, how, (edit,))
    text = _user_text(home, before)
    if _varies(subject, home, before.user, text) and package.init == "tini":
        return _by_copy(subject, home)
    written = _as_root(style, commands, before.user, text, places.indent_of(before.instruction))
    if written is None:
        return NoCure("the base image's USER isn't known, so that packages can't be installed and it be restored")
    gap = style.newline if _blank_above(before.instruction, comments=True) else ""
    edit = places.put_above(parsed, before.instruction, written + gap, style.newline, whole_block=True)
    return Provided(package.init, package.path, how, (edit,))


def _as_root(style: Style, commands: tuple[str, ...], user: str | None, text: str | None, indent: str) -> str | None:
    """The RUN, and where another user is in force USER root before it and that user after it."""
    if user is None:
        return None
    run = style.run(commands, indent)
    if places.is_root(user):
        return run
    keyword = f"{indent}{style.keyword('USER')}"
    return style.newline.join((f"{keyword} root", run, f"{keyword} {text or user}"))


def _varies(subject: Subject, home: Stage, user: str | None, text: str | None) -> bool:
    """Whether the USER in force comes from a variable of another stage, which can't be written again here."""
    if text is not None or user is None or places.is_root(user):
        return False
    for index in places.chain_of(subject, home.index)[1:]:
        stage = subject.dockerfile.stages[index]
        inherited = _user_text(stage, None)
        if inherited is not None:
            return "$" in inherited
    return False


def _user_text(home: Stage, before: BuildStep | None) -> str | None:
    """The USER in force at a step (None: at the end), as its instruction in this stage writes it."""
    text = None
    for step in home.steps:
        if before is not None and step.instruction.span.start == before.instruction.span.start:
            break
        if step.instruction.keyword == "USER":
            text = step.instruction.value.strip()
    return text


def as_root(subject: Subject, home: Stage, after: Instruction, commands: tuple[str, ...]) -> str | None:
    """A RUN as root for the place below `after`, back to the user in force there; None where unknown."""
    style = style_of(subject.dockerfile.parsed)
    index = places.step_of(home, after)
    if index is None:
        user, text = (home.steps[0].user if home.steps else home.user_after), None
    elif index + 1 < len(home.steps):
        user, text = home.steps[index + 1].user, _user_text(home, home.steps[index + 1])
    else:
        user, text = home.user_after, _user_text(home, None)
    if _varies(subject, home, user, text):
        return None
    return _as_root(style, commands, user, text, places.indent_of(after))


def _last_install(home: Stage, tool: PackageTool) -> Instruction | None:
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


def is_single_run(instruction: Instruction | None) -> bool:
    """A RUN of one command: two of them in a row are what hadolint (DL3059) would have as one."""
    return (
        instruction is not None
        and instruction.keyword == "RUN"
        and not instruction.heredocs
        and not re.search(r"&&|\|\||;", instruction.value)
    )


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


def _by_copy(subject: Subject, home: Stage) -> Provided | NoCure:
    parsed = subject.dockerfile.parsed
    number = numbered_reference(parsed.instructions, home.index)
    if number is not None:
        return NoCure(f"--from={number} counts stages, and tini would need one more in front of it")
    platform = home.from_instruction.flag("platform") or ""
    if "BUILDPLATFORM" in platform:
        return NoCure("the final stage is of the build machine's platform, and an init of the target's is needed")
    style = style_of(parsed)
    stage = _free_name(subject, home)
    # what is built for is the default: hadolint (DL3065) wouldn't have it said
    flag = f"--platform={platform} " if platform and "TARGETPLATFORM" not in platform else ""
    word_as = "as" if style.lower else "AS"
    newline = style.newline
    pragma = ""
    if flag and places.comments_above(parsed, home.from_instruction, "hadolint", "DL3029"):
        pragma = f"# hadolint ignore=DL3029{newline}"  # the platform is written out on purpose
    lines = (
        f"{pragma}{style.keyword('FROM')} {flag}{STATIC_IMAGE} {word_as} {stage}{newline}"
        f"{style.keyword('RUN')} apk add --no-cache {STATIC_PACKAGE}{newline}"
    )
    edit = places.put_above(parsed, home.from_instruction, lines, newline, whole_block=True)
    copy = f"{style.keyword('COPY')} --from={stage} {STATIC_PATH} {COPIED_PATH}"
    return Provided("tini", COPIED_PATH, f"copied from a stage of its own ({STATIC_IMAGE})", (edit,), copy)


def numbered_reference(instructions: tuple[Instruction, ...], index: int) -> int | None:
    """A stage number at or above `index` that some `--from` names."""
    for outer in instructions:
        for instruction in (outer, outer.sub):
            if instruction is None:
                continue
            for flag in instruction.flags:
                value = f"from={flag.value}" if flag.name == "from" else flag.value
                for match in _NUMBER.finditer(value):
                    if int(match[1]) >= index:
                        return int(match[1])
    return None


def _free_name(subject: Subject, home: Stage) -> str:
    """A name for the init's stage that nothing in the file means; another one for every stage that gets one."""
    text = subject.dockerfile.parsed.source.text.lower()
    taken = {stage.name for stage in subject.dockerfile.stages}
    taken |= {stage.reference_text.lower() for stage in subject.dockerfile.stages}
    last = home.index == len(subject.dockerfile.stages) - 1
    own = "init" if last else f"init-{home.name or home.index}"
    for name in (own, "tini", "init-stage", *(f"{own}-{number}" for number in range(2, 1000))):
        if name not in taken and not re.search(rf"from={re.escape(name)}\b", text):
            return name
    raise AssertionError("a thousand stages named init")
