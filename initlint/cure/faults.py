"""Start commands that can't start: a missing executable bit, a `#!` line that isn't one."""

from __future__ import annotations

import ast
import re
import shlex
import warnings

from initlint.boot.model import StartProblem
from initlint.cure import init_downloads, places
from initlint.cure.init_words import init_name, put_right
from initlint.cure.model import CureOptions, NoCure, Part
from initlint.cure.root_runs import as_root, is_single_run
from initlint.cure.style import style_of
from initlint.rootfs import Present
from initlint.rootfs.paths import resolve
from initlint.rootfs.transfer import parse_copy
from initlint.subject import Subject
from initlint.targets.dockerfile.syntax import Instruction, ParsedDockerfile, Stage
from initlint.text import BOM, Edit, Source, encode

_BASHISMS = re.compile(
    r"\[\[|<\(|>\(|<<<|&>|\$'|=\(|\{\d+\.\.\d+\}|\bpipefail\b|\$\{!|\$\{\w+(?:\^|,|//|:\d)|\bBASH_"
    r"|(?m:^\s*(?:source|function|declare|typeset|shopt|mapfile|readarray|select)\s)"
)
_SHELL_LIKE = re.compile(
    r"(?m)^\s*(?:set\s+-|export\s|exec\s|echo\s|if\s+\[|cd\s|mkdir\s|\w+=\S*\s*$|for\s+\w+\s+in\s|while\s|case\s)"
)


def mend(subject: Subject, problem: StartProblem, options: CureOptions) -> Part | NoCure:
    """What makes this start command start."""
    if problem.fault == "missing" and init_name(problem.path) is not None:
        return put_right(subject, problem, options)
    if problem.fault == "unfit" and problem.is_init:
        return init_downloads.replaced(subject, problem)
    if problem.fault == "not-executable":
        return _executable(subject, problem)
    if problem.fault == "crlf-shebang":
        return _without_cr(subject, problem)
    if problem.fault == "without-shebang":
        return _with_shebang(subject, problem)
    return NoCure(problem.why or f"{problem.path} can't be started")


def _executable(subject: Subject, problem: StartProblem) -> Part | NoCure:
    node = problem.node
    path = node.path if isinstance(node, Present) else problem.path
    parsed = subject.dockerfile.parsed
    span = (node.mode_span or node.origin.span) if isinstance(node, Present) else None
    instruction = places.instruction_at(parsed, span)
    stage = places.stage_of(subject, span)
    if instruction is None or stage is None:
        return NoCure(f"{path} comes from the base image")
    says = f"make {path} executable"
    flag = _chmod_flag(parsed, stage, instruction)
    if flag is not None:
        return Part(("mode",), (flag,), says)
    home, after = stage, instruction
    if stage.index not in places.chain_of(subject, subject.container.stage_index):
        home = places.own_stage(subject)
        found = _copy_of(home, path)
        if found is None:
            return NoCure(f"which instruction brings {path} into the final stage can't be told")
        after = found
    if subject.container.base.os_family in ("scratch", "distroless"):
        return NoCure(f"the image has no shell to run chmod with; {path} needs its executable bit before the build")
    command = f"chmod +x {shlex.quote(path)}"
    joined = _into_next_run(home, after, command)
    if joined is not None:
        return Part(("mode",), (joined,), says)
    after = _away_from_runs(home, after)
    lines = as_root(subject, home, after, (command,))
    if lines is None:
        return NoCure("the USER in force isn't known, so that chmod can't be run as root and it be restored")
    newline = style_of(parsed).newline
    return Part(("mode",), (places.put_below(parsed, after, lines, newline),), says)


def _into_next_run(home: Stage, after: Instruction, command: str) -> Edit | None:
    """The command in front of a RUN of one command that comes next: a RUN of its own would be one more layer."""
    index = places.step_of(home, after)
    following = home.steps[index + 1] if index is not None and index + 1 < len(home.steps) else None
    if following is None or not is_single_run(following.instruction) or not places.is_root(following.user):
        return None
    run = following.instruction
    if run.json is not None or run.flags or not re.match(r"[\w./-]+[ \t]", run.value):
        return None
    at = run.value_span.start
    return Edit(run.span.source.span(at, at), encode(f"{command} && "))


def _away_from_runs(home: Stage, after: Instruction) -> Instruction:
    """Where a RUN would stand next to another one of a single command, the next place where it doesn't."""
    index = places.step_of(home, after)
    if index is None:
        return after
    steps = home.steps
    for at in range(index, len(steps)):
        following = steps[at + 1] if at + 1 < len(steps) else None
        if following is not None and following.user != steps[index].user:
            return after
        if not is_single_run(steps[at].instruction) and not is_single_run(following and following.instruction):
            return steps[at].instruction
    return after


def _copy_of(home: Stage, path: str) -> Instruction | None:
    """The last COPY of a stage whose destination is, or holds, a path."""
    found = None
    for step in home.steps:
        if step.instruction.keyword in ("COPY", "ADD"):
            copy = parse_copy(step)
            if copy is not None and copy.destination is not None:
                folder = copy.destination.rstrip("/")
                if path == copy.destination or path.startswith(folder + "/"):
                    found = step.instruction
    return found


def _chmod_flag(parsed: ParsedDockerfile, stage: Stage, instruction: Instruction) -> Edit | None:
    """`--chmod` in the COPY itself, where the file uses BuildKit's syntax and one file is copied."""
    index = places.step_of(stage, instruction)
    if index is None or instruction.keyword not in ("COPY", "ADD"):
        return None
    copy = parse_copy(stage.steps[index])
    if copy is None or len(copy.sources) != 1 or copy.sources[0].is_glob or copy.sources[0].is_whole:
        return None
    source = parsed.source
    for flag in instruction.flags:
        if flag.name == "chmod":
            return Edit(source.span(flag.span.start, flag.span.end), b"--chmod=755")
    if not _uses_buildkit(parsed) or (copy.into and instruction.json is not None):
        return None
    at = instruction.value_span.start
    return Edit(source.span(at, at), b"--chmod=755 ")


def _uses_buildkit(parsed: ParsedDockerfile) -> bool:
    if parsed.syntax is not None:
        return True
    for instruction in parsed.instructions:
        names = {flag.name for flag in instruction.flags}
        if instruction.heredocs or names & {"chmod", "link", "mount", "network", "security", "parents", "exclude"}:
            return True
    return False


def _script(subject: Subject, problem: StartProblem) -> Source | NoCure:
    """The script that has to be written anew, where it is a file of its own that may be."""
    source = problem.source
    if source is None:
        return NoCure(f"the content of {problem.path} isn't known")
    refusal = places.why_not_writable(subject, source)
    if refusal is None and source is subject.dockerfile.parsed.source:
        refusal = "the script is written by an instruction of the Dockerfile"
    return source if refusal is None else NoCure(refusal)


def _without_cr(subject: Subject, problem: StartProblem) -> Part | NoCure:
    source = _script(subject, problem)
    if isinstance(source, NoCure):
        return source
    content = source.data.replace(b"\r\n", b"\n")
    note = f"`{source.name.rsplit('/', 1)[-1]} text eol=lf` in .gitattributes keeps git from bringing the CRs back"
    edit = Edit(source.span(0, len(source.data)), content)
    return Part(("shebang",), (edit,), f"give {source.name} LF newlines", (note,))


def _with_shebang(subject: Subject, problem: StartProblem) -> Part | NoCure:
    source = _script(subject, problem)
    if isinstance(source, NoCure):
        return source
    if source.data.startswith(BOM + b"#!"):
        without = Edit(source.span(0, len(BOM)), b"")
        return Part(("shebang",), (without,), f"take the BOM from in front of {source.name}'s #!")
    start = len(BOM) if source.data.startswith(BOM) else 0
    text = source.data[start:].decode("utf-8", "surrogateescape")
    chosen = interpreter(subject, source.name, text)
    if isinstance(chosen, NoCure):
        return chosen
    line, sure = chosen
    newline = "\n"
    if source.newline == b"\r\n":
        return NoCure(f"{source.name} has CRLF newlines, and a #! line must not end in one")
    unsafe = () if sure else (f"that {source.name} is meant for {line.split('/')[-1].split()[-1]} is a guess",)
    edit = Edit(source.span(0, start), encode(f"#!{line}{newline}"))
    return Part(("shebang",), (edit,), f"write `#!{line}` into {source.name}", unsafe=unsafe)


def interpreter(subject: Subject, name: str, text: str) -> tuple[str, bool] | NoCure:
    """The interpreter that a script without #! is for, and whether there's no other reading."""
    base = name.rsplit("/", 1)[-1]
    if base.endswith(".py") or _is_python(text):
        return "/usr/bin/env python3", False
    if base.endswith(".sh") or ("." not in base and _SHELL_LIKE.search(text)):
        if not _BASHISMS.search(text):
            return "/bin/sh", base.endswith(".sh")
        for path in ("/bin/bash", "/usr/bin/bash"):
            if isinstance(resolve(subject.rootfs, path), Present):
                return path, False
        return NoCure(f"{name} needs bash, which the image isn't known to have")
    return NoCure(f"which program {name} is written for can't be told")


def _is_python(text: str) -> bool:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return any(isinstance(node, ast.Import | ast.ImportFrom | ast.FunctionDef | ast.ClassDef) for node in tree.body)
