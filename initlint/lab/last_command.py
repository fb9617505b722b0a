"""Which shells give their place to the last command: `initlint.facts.shells.execs_last`, measured again."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from initlint.facts import ShellName
from initlint.facts.shells import LastCommand, Version, execs_last
from initlint.lab.experiment import Result, scratch
from initlint.lab.pidspace import PidSpace, sleep_until
from initlint.records import NamedTuple

# P tells its process id and stays.
_P = '#!/bin/sh\necho "$$" >>"${0%/*}/log"\nexec sleep 60\n'
_DEADLINE = 10.0


class Cell(NamedTuple):
    """A piece of shell code whose last command is P, and how P stands in it, in the facts' terms."""

    code: str
    constructs: frozenset[LastCommand]
    flags: frozenset[str] = frozenset()
    not_in: tuple[str, ...] = ()


def _cell(code: str, *constructs: LastCommand, flags: str = "", not_in: tuple[str, ...] = ()) -> Cell:
    return Cell(code, frozenset(constructs), frozenset(flags.split()), not_in)


CELLS: tuple[Cell, ...] = (
    _cell("P", "simple"),
    _cell(" P ", "simple", flags="blanks_around"),
    _cell("P\n", "simple", flags="trailing_newline"),
    _cell("P;", "simple", flags="semicolon_after"),
    _cell("P # why", "simple", flags="comment_same_line"),
    _cell("P\n# why", "simple", flags="comment_after"),
    _cell("P\n\n", "simple", flags="blank_line_after"),
    _cell("A=x P", "simple-with-assignment"),
    _cell("P $HOME", "simple-with-expansion"),
    _cell("P $(echo a)", "simple-with-expansion"),
    _cell("P >f", "simple-with-redirection"),
    _cell("P >f 2>&1", "simple-with-redirection"),
    _cell("P </dev/null", "simple-with-redirection"),
    _cell("A=x P >f", "simple-with-redirection", "simple-with-assignment"),
    _cell("P <<E\nx\nE\n", "heredoc"),
    _cell("command P", "command-builtin"),
    _cell("nohup P", "simple"),
    _cell("cd . && P", "last-of-and-list"),
    _cell("true && P", "last-of-and-list"),
    _cell("/bin/true && /bin/true && P", "last-of-and-list"),
    _cell("export A=1 && P", "last-of-and-list"),
    _cell("false || P", "last-of-or-list"),
    _cell("cd .; P", "last-of-sequence"),
    _cell("true; P", "last-of-sequence"),
    _cell("/bin/true; P", "last-of-sequence"),
    _cell("set -e; P", "last-of-sequence"),
    _cell("A=$(echo x); P", "last-of-sequence"),
    _cell("cd .\nP", "last-of-lines"),
    _cell("set -e\nP", "last-of-lines"),
    _cell("sleep 50 & P", "after-background"),
    _cell("{ P; }", "in-group"),
    _cell("(P)", "in-subshell"),
    _cell("(cd .; P)", "in-subshell"),
    _cell("if true; then P; fi", "in-if-or-case"),
    _cell("case x in x) P ;; esac", "in-if-or-case"),
    _cell("for i in 1; do P; done", "for-loop"),
    _cell("while true; do P; done", "loop"),
    _cell("P | cat", "pipeline"),
    _cell("true | P", "last-of-pipeline"),
    _cell("! P", "negated"),
    _cell("time P", "timed", not_in=("dash",)),  # dash has no such word: a program of that name runs P
    _cell("eval P", "eval"),
    _cell("f() { P; }; f", "function-call"),
    _cell("P; true", "not-last"),
    _cell("P && true", "not-last"),
    _cell("P || true", "not-last"),
    _cell("trap : TERM; P", "last-of-sequence", flags="trap_with_action"),
    _cell("trap : TERM\nP", "last-of-lines", flags="trap_with_action"),
    _cell("trap : EXIT; P", "last-of-sequence", flags="trap_with_action"),
    _cell("trap '' TERM; P", "last-of-sequence", flags="trap_ignored"),
    _cell("true; true && P", "last-of-sequence", "last-of-and-list"),
)


# How the code reaches the shell. The end of the file counts: yash takes an open one for the end of everything.
FORMS = ("behind -c", "as a file", "as a file without a last newline")


class Shell(NamedTuple):
    """A shell that may be installed: the words that start it, and how its version is asked for."""

    name: str
    package: str
    words: tuple[str, ...]
    fact: ShellName
    asks: tuple[str, ...]


SHELLS: tuple[Shell, ...] = (
    Shell("bash", "bash", ("bash",), "bash", ("-c", "echo $BASH_VERSION")),
    Shell("dash", "dash", ("dash",), "dash", ()),
    Shell("busybox ash", "busybox-static", ("busybox", "ash"), "busybox-ash", ()),
    Shell("mksh", "mksh", ("mksh",), "mksh", ("-c", "echo ${KSH_VERSION##* R}")),
    Shell("zsh", "zsh", ("zsh",), "zsh", ("-c", "echo $ZSH_VERSION")),
    Shell("ksh93", "ksh93u+m", ("ksh93",), "ksh93", ("-c", "echo ${.sh.version}")),
    Shell("yash", "yash", ("yash",), "yash", ("-c", "echo $YASH_VERSION")),
)


@cache
def known_as(shell: Shell) -> tuple[ShellName, Version | None]:
    """The name and the version under which the facts know the shell that is installed."""
    if shell.fact == "dash":
        release = Path("/etc/os-release").read_text() if Path("/etc/os-release").exists() else ""
        return ("dash-debian" if "debian" in release else "dash"), None
    command = [*shell.words, *shell.asks] if shell.asks else [shell.words[0]]
    shown = subprocess.run(command, capture_output=True, text=True, check=False).stdout.split("\n")[0]
    for word in shown.replace("/", " ").split():
        number = word.lstrip("vR").split("-")[0].split("(")[0]
        parts = number.split(".")
        if parts[0].isdigit():
            return shell.fact, tuple(int(part) for part in parts if part.isdigit())
        if parts[0][:-1].isdigit():  # mksh counts 59c
            return shell.fact, (int(parts[0][:-1]),)
    return shell.fact, None


def installed(shell: Shell) -> bool:
    """Whether the shell is there."""
    return shutil.which(shell.words[0]) is not None


def cells(shell: Shell) -> Iterator[tuple[Cell, str, bool]]:
    """Every cell of a shell that the facts say something about: (cell, its form, whether P takes the place)."""
    fact, version = known_as(shell)
    for cell in CELLS:
        for form in FORMS:
            if shell.name in cell.not_in or (form == FORMS[2] and cell.code.endswith("\n")):
                continue
            flags = dict.fromkeys(cell.flags, True)
            if form == FORMS[2]:
                flags["no_final_newline"] = True
            said = execs_last(fact, version, cell.constructs, script_file=form != FORMS[0], **flags)
            if said is not None:
                yield cell, form, said


def run(shell: Shell, cell: Cell, form: str, said: bool) -> Result:
    """Start the shell as PID 1 on a cell's code; P tells which process it became."""
    with scratch() as folder:
        program = folder / "P"
        program.write_text(_P)
        program.chmod(0o755)
        argv = (*shell.words, "-c", cell.code)
        if form != FORMS[0]:
            closed = form == FORMS[1] and not cell.code.endswith("\n")
            (folder / "script").write_text(cell.code + "\n" * closed)
            argv = (*shell.words, "script")
        name = f"{shell.name}: {cell.code!r} {form}"
        told = {"the last command": _word(said)}
        log = folder / "log"
        with PidSpace(argv, folder, isolated=False) as space:

            def shown() -> bool:
                return space.ended() or (log.exists() and log.read_text().endswith("\n"))

            sleep_until(shown, _DEADLINE)
            if not log.exists():
                problem = f"P was never started ({space.output()})"
                return Result(name, shell.package, argv, told, {}, problem)
            first = log.read_text().split()[0]
        return Result(name, shell.package, argv, told, {"the last command": _word(first == "1")})


def _word(execs: bool) -> str:
    return "takes the shell's place" if execs else "is a child of the shell"
