"""Where in a Dockerfile something may be written, and which files may be written at all."""

from __future__ import annotations

import os
import re
import stat
from typing import TYPE_CHECKING

from initlint.rootfs.patterns import gitignore
from initlint.targets.container import StartField, Unresolved
from initlint.targets.dockerfile.syntax import Instruction, ParsedDockerfile, Stage
from initlint.text import BOM, Edit, Source, Span, decode, encode

if TYPE_CHECKING:
    from initlint.subject import Subject

# Comments that speak to a tool about the instruction below them.
_PRAGMA = re.compile(
    r"#\s*(hadolint|initlint|check|checkov|trivy|kics-scan|nosemgrep|semgrep|skipcq|renovate|nosec|dockle)\b\s*[:=\s]"
)


def instruction_at(parsed: ParsedDockerfile, span: Span | None) -> Instruction | None:
    """The instruction that a field's span is of."""
    if span is None or span.source is not parsed.source:
        return None
    for instruction in parsed.instructions:
        if instruction.span.start <= span.start < max(instruction.span.end, instruction.span.start + 1):
            return instruction
    return None


def stage_of(subject: Subject, span: Span | None) -> Stage | None:
    """The stage that an instruction stands in."""
    if span is None or span.source is not subject.dockerfile.parsed.source:
        return None
    found = None
    for stage in subject.dockerfile.stages:
        if stage.from_instruction.span.start <= span.start:
            found = stage
    return found


def own_stage(subject: Subject) -> Stage:
    return subject.dockerfile.stages[subject.container.stage_index]


def chain_of(subject: Subject, index: int) -> tuple[int, ...]:
    """A stage and the stages of the file that it builds on, itself first."""
    found = [index]
    parent = subject.dockerfile.stages[index].parent
    while parent is not None and parent not in found:
        found.append(parent)
        parent = subject.dockerfile.stages[parent].parent
    return tuple(found)


def home_of(subject: Subject, *, together: bool = False) -> Stage:
    """The stage that a new or changed ENTRYPOINT belongs to.

    It is the stage that sets the start command, where every container that builds on it starts
    by that same command; else the container's own, so that no other container changes.
    With `together` it is enough that they share the ENTRYPOINT.
    """
    container = subject.container
    own = own_stage(subject)
    anchor = None
    for field in (container.entrypoint, container.cmd)[: 1 if together else 2]:
        if isinstance(field, StartField) and field.origin == "dockerfile":
            anchor = stage_of(subject, field.span)
            break
    if anchor is None or anchor.index == own.index:
        return own
    for other in subject.dockerfile.containers:
        if anchor.index in chain_of(subject, other.stage_index) and (
            _place(other.entrypoint) != _place(container.entrypoint)
            or (_place(other.cmd) != _place(container.cmd) and not together)
        ):
            return own
    return anchor


def _place(field: StartField | Unresolved) -> int | None:
    return field.span.start if isinstance(field, StartField) and field.span is not None else None


def above(parsed: ParsedDockerfile, instruction: Instruction, *, whole_block: bool = False) -> int:
    """The offset at which lines may be put above an instruction.

    A block of comments that holds a pragma stays attached to its instruction; any block does
    with `whole_block`, unless it is the file's header.
    """
    source = parsed.source
    row = instruction.lines[0]
    comments = {comment.row for comment in parsed.comments} - {directive.span.row for directive in parsed.directives}

    def block_above(number: int) -> int:
        while number - 1 in comments:
            number -= 1
        return number

    top = row
    at = row
    while at > 1 and (at - 1 in comments or not source.line(at - 1).strip()):
        at -= 1
        if at in comments and _PRAGMA.match(source.line(at).strip()):
            top = block_above(at)  # blank lines don't part a pragma from its instruction
    block = block_above(row)
    is_header = block == 1 or block - 1 in {directive.span.row for directive in parsed.directives}
    if top == row and whole_block and not is_header:
        top = block
    start = source.line_starts[top - 1]
    if top == 1 and source.data.startswith(BOM):
        start = len(BOM)
    return start


def comments_above(parsed: ParsedDockerfile, instruction: Instruction, *words: str) -> bool:
    """Whether a comment directly above an instruction holds all the words."""
    rows = {comment.row for comment in parsed.comments}
    row = instruction.lines[0] - 1
    while row in rows:
        if all(word in parsed.source.line(row) for word in words):
            return True
        row -= 1
    return False


def put_above(
    parsed: ParsedDockerfile, instruction: Instruction, lines: str, newline: str, *, whole_block: bool = False
) -> Edit:
    """Lines (without the last newline) directly above an instruction."""
    at = above(parsed, instruction, whole_block=whole_block)
    return Edit(parsed.source.span(at, at), encode(lines + newline))


def put_below(parsed: ParsedDockerfile, instruction: Instruction, lines: str, newline: str) -> Edit:
    """Lines directly below an instruction; a file without a last newline stays without one."""
    data = parsed.source.data
    end = data.find(b"\n", max(instruction.span.end - 1, instruction.span.start))
    if end == -1:
        return Edit(parsed.source.span(len(data), len(data)), encode(newline + lines))
    return Edit(parsed.source.span(end + 1, end + 1), encode(lines + newline))


def indent_of(instruction: Instruction) -> str:
    """The blanks in front of an instruction."""
    source = instruction.span.source
    text = source.line(instruction.lines[0])
    return text[: len(text) - len(text.lstrip(" \t"))]


def last_instruction(stage: Stage) -> Instruction:
    return stage.steps[-1].instruction if stage.steps else stage.from_instruction


def step_of(stage: Stage, instruction: Instruction | None) -> int | None:
    """The index of an instruction among a stage's steps."""
    if instruction is None:
        return None
    for index, step in enumerate(stage.steps):
        if step.instruction.span.start == instruction.span.start:
            return index
    return None


def is_root(user: str | None) -> bool:
    """Whether a USER is root; the default ("") is."""
    return user is not None and user.partition(":")[0] in ("", "root", "0")


def why_not_writable(subject: Subject, source: Source) -> str | None:
    """Why a file must not be edited, None where it may be.

    Only regular files of the build context, in the Dockerfile's own repository, that git
    doesn't ignore, and that no symlink leads to.
    """
    if source is subject.dockerfile.parsed.source:
        return None
    path = source.path
    if path is None:
        return f"{source.name} is written by the build, not copied from a file"
    root = getattr(subject.context, "root", None)
    if root is None:
        return f"{source.name} lies in no known build context"
    folder = os.path.dirname(path)
    if not path.startswith(root.rstrip("/") + "/") or os.path.realpath(folder) != folder:
        return f"{source.name} lies outside the build context"
    if _copied_through_a_link(subject, root, path):
        return f"{source.name} is copied through a symlink"
    try:
        status = os.lstat(path)
    except OSError:
        return None  # it exists in the overlay alone
    if stat.S_ISLNK(status.st_mode):
        return f"{source.name} is a symlink"
    if not stat.S_ISREG(status.st_mode):
        return f"{source.name} is not a regular file"
    return _git_says_no(source, path, _repository(root))


def why_not_creatable(path: str) -> str | None:
    """Why no file may be made there: a symlink is on the way, or git would ignore it. None where it may be."""
    name = os.path.basename(path)
    link = symlink_on_the_way(path)
    if link is not None:
        return f"{link} is a symlink, and nothing is written through one"
    repository = _repository(os.path.dirname(path))
    if repository is not None and _may_be_ignored(path, repository) and _is_ignored(path, repository) is not False:
        return f"{name} would be ignored by git"
    return None


def dockerfile_not_writable(path: str) -> str | None:
    """Why a Dockerfile must not be edited: a symlink leads to it, git ignores it, or it is a submodule's, seen
    from outside."""
    name = os.path.basename(path)
    link = symlink_on_the_way(path)
    if link is not None:
        return f"{os.path.basename(link)} is a symlink, and nothing is written through one"
    repository = _repository(os.path.dirname(path))
    if repository is not None and _may_be_ignored(path, repository) and _is_ignored(path, repository) is not False:
        return f"{name} is ignored by git"
    if repository is None or not os.path.isfile(f"{repository}/.git"):
        return None
    inside = (os.getcwd() + "/").startswith(repository.rstrip("/") + "/")
    # a worktree has a file there as well, but doesn't lie in another repository
    if inside or _repository(os.path.dirname(repository)) is None:
        return None
    return f"{name} belongs to a submodule"


def symlink_on_the_way(path: str) -> str | None:
    """The file itself, or a folder below the current one, that is a symlink."""
    here = os.getcwd().rstrip("/") + "/"
    if not path.startswith(here):
        return path if os.path.islink(path) else None
    at = here.rstrip("/")
    for part in path[len(here) :].split("/"):
        at = f"{at}/{part}"
        if os.path.islink(at):
            return at[len(here) :]
    return None


def _copied_through_a_link(subject: Subject, root: str, path: str) -> bool:
    """Whether a COPY names the file, or a folder above it, by way of a symlink."""
    from initlint.rootfs.transfer import parse_copy

    for stage in subject.dockerfile.stages:
        for step in stage.steps:
            copy = parse_copy(step) if step.instruction.keyword in ("COPY", "ADD") else None
            if copy is None or not copy.from_context:
                continue
            for item in copy.sources:
                if item.path is None or item.is_url or item.is_glob or item.is_whole:
                    continue
                named = os.path.normpath(f"{root}/{item.path.lstrip('/')}")
                real = os.path.realpath(named)
                if real != named and (path == real or path.startswith(real + "/")):
                    return True
    return False


def _repository(folder: str) -> str | None:
    while True:
        if os.path.lexists(os.path.join(folder, ".git")):
            return folder
        above_it = os.path.dirname(folder)
        if above_it == folder:
            return None
        folder = above_it


def _may_be_ignored(path: str, repository: str) -> bool:
    """Whether a .gitignore says so; git isn't asked, which knows whether the file is tracked all the same."""
    parts = path[len(repository.rstrip("/")) + 1 :].split("/")
    for count in range(1, len(parts) + 1):
        for level in range(count - 1, -1, -1):
            try:
                with open("/".join([repository, *parts[:level], ".gitignore"]), "rb") as stream:
                    rules = gitignore(decode(stream.read()))
            except OSError:
                continue
            decided = rules.decides("/".join(parts[level:count]), folder=count < len(parts))
            if decided:
                return True
            if decided is not None:
                break
    return False


def _git_says_no(source: Source, path: str, repository: str | None) -> str | None:
    own = _repository(os.path.dirname(path))
    if own != repository:
        return f"{source.name} belongs to a submodule or another repository"
    if own is None:
        return None
    return f"{source.name} is ignored by git" if _is_ignored(path, own) else None


def _is_ignored(path: str, repository: str) -> bool | None:
    """Whether git ignores a file, which it doesn't where the file is tracked; None where git doesn't tell."""
    import shutil
    import subprocess  # costs more to import than most files to check

    git = shutil.which("git")
    if git is None:
        return None
    # a repository of another user (in CI) is read as well; its configuration starts no program here
    command = [
        git,
        "-c",
        "safe.directory=*",
        "-c",
        "core.fsmonitor=false",
        "-C",
        repository,
        "check-ignore",
        "-q",
        "--",
        path,
    ]
    try:
        answer = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return {0: True, 1: False}.get(answer.returncode)
