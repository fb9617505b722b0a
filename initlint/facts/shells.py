"""Whether a shell gives its place to the last command that it runs, and which shell sh is.

As PID 1, a shell that stays hides the program from signals. Measured 2026-11 on Debian 12
with 58 constructs in bash 4.2, 4.4, 5.0.18, 5.1.4, 5.1.16, 5.2.15, 5.2.37 and 5.3.9, dash of
Debian 11 to 13, upstream dash 0.5.6 to 0.5.12, busybox ash 1.30.1 to 1.38.0, mksh 59c, zsh
5.9, ksh93u+m 1.0.4, yash 2.52 and posh 0.14.1; busybox ash before 1.28 was read, not run. An explicit `exec` always hands over, and is
not asked about here.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal

from initlint.facts import OsFamily, ShellName

SOURCE = "measured 2026-11, Debian 12, kernel 6.18, x86-64: 58 constructs, each as `SHELL -c` and as a script file"

Version = tuple[int, ...]

# How the last command stands in what the shell is given. One command can have several of these:
# `cd /app && P > log` is "last-of-and-list" and "simple-with-redirection".
LastCommand = Literal[
    "simple",  # P, P args
    "simple-with-assignment",  # VAR=x P
    "simple-with-expansion",  # "$@", P $VAR, P $(…)
    "simple-with-redirection",  # P > file, P < file, P 2>&1
    "heredoc",  # P <<EOF
    "command-builtin",  # command P
    "last-of-and-list",  # a && P
    "last-of-or-list",  # a || P
    "last-of-sequence",  # a; P on one line
    "last-of-lines",  # a, newline, P; in mksh also where the line before is a comment
    "after-background",  # a & P on one line
    "in-group",  # { P; }
    "in-subshell",  # (P)
    "in-if-or-case",  # if …; then P; fi
    "for-loop",
    "loop",  # while, until
    "pipeline",  # P | a
    "last-of-pipeline",  # a | P
    "negated",  # ! P
    "timed",  # time P
    "eval",  # eval P
    "function-call",  # f() { P; }; f
    "not-last",  # P; a and P && a and P || a
]

_NEVER: frozenset[LastCommand] = frozenset(
    {"eval", "function-call", "for-loop", "last-of-pipeline", "loop", "negated", "not-last", "pipeline", "timed"}
)

# What each shell hands over in a -c string. Where a version matters, the first one that does.
_ASH: frozenset[LastCommand] = frozenset(
    {
        "simple",
        "simple-with-assignment",
        "simple-with-expansion",
        "simple-with-redirection",
        "command-builtin",
        "last-of-and-list",
        "last-of-or-list",
        "last-of-sequence",
        "last-of-lines",
        "after-background",
        "in-group",
        "in-subshell",
        "in-if-or-case",
    }
)
_HANDS_OVER: dict[ShellName, frozenset[LastCommand]] = {
    "dash-debian": frozenset(),
    "dash": _ASH,
    "busybox-ash": _ASH,
    "mksh": frozenset({"simple", "command-builtin"}),
    "zsh": _ASH | {"heredoc", "for-loop"},
    "ksh93": _ASH | {"heredoc"},
    "yash": _ASH - {"simple-with-redirection", "command-builtin"} | {"for-loop", "function-call", "last-of-pipeline"},
    "posh": frozenset(),
}
_BASH_SINCE: dict[LastCommand, Version] = {
    "simple": (4, 2),
    "simple-with-assignment": (4, 2),
    "simple-with-expansion": (4, 2),
    "last-of-lines": (4, 2),
    "last-of-and-list": (4, 4),
    "last-of-or-list": (4, 4),
    "last-of-sequence": (5, 1),
    "command-builtin": (5, 1),
}
# The last version that was seen to stay, before the first that was seen to hand over.
_BASH_UNTIL: dict[Version, Version] = {(4, 4): (4, 2), (5, 1): (5, 0)}

# The versions that were tried: from, up to and including. Debian's dash is the same in all of them.
_TRIED: dict[ShellName, tuple[Version, Version]] = {
    "bash": ((4, 2), (5, 3)),
    "dash": ((0, 5, 6), (0, 5, 12)),
    "busybox-ash": ((1, 30), (1, 38)),
    "mksh": ((59,), (59,)),
    "zsh": ((5, 9), (5, 9)),
    "ksh93": ((1, 0), (1, 0)),
    "yash": ((2, 52), (2, 52)),
    "posh": ((0, 14), (0, 14)),
}

# Before this one busybox ash ran a -c string without the flag that lets it hand over. Read in its source:
# mirror/busybox, tags 1_23_2 to 1_28_0, shell/ash.c, `evalstring(minusc, 0)`.
_ASH_HANDS_OVER_SINCE: Version = (1, 28)

# What may stand behind the command without making the shell stay. Same line: `P # …`; own line: a
# comment on a line of its own.
_TAIL_ALLOWED: dict[ShellName, frozenset[str]] = {
    "bash": frozenset({"newline", "same-line", "semicolon", "blanks"}),
    "dash": frozenset({"same-line", "semicolon", "blanks"}),
    "busybox-ash": frozenset({"same-line", "semicolon", "blanks"}),
    "mksh": frozenset({"blanks"}),
    "zsh": frozenset({"newline", "same-line", "semicolon", "own-line", "blank-line", "blanks"}),
    "ksh93": frozenset({"newline", "same-line", "semicolon", "blank-line", "blanks"}),
    "yash": frozenset({"semicolon"}),
}


def execs_last(
    shell: ShellName,
    version: Version | None,
    construct: LastCommand | Collection[LastCommand],
    *,
    script_file: bool,
    trailing_newline: bool = False,
    comment_after: bool = False,
    trap_with_action: bool = False,
    trap_ignored: bool = False,
    blank_line_after: bool = False,
    comment_same_line: bool = False,
    semicolon_after: bool = False,
    blanks_around: bool = False,
    interactive: bool = False,
    no_final_newline: bool = False,
) -> bool | None:
    """Whether the shell becomes the last command, without `exec` being written. None: not known.

    `construct`: how that command stands there; several hold at once for `a; b && P`.
    `script_file`: read from a file rather than given by -c. `trailing_newline`: the -c string ends in
    one newline; `blank_line_after`: in more. `comment_after`: a comment on a line of its own follows;
    `comment_same_line`: `P # …`; `semicolon_after`: `P;`; `blanks_around`: the string starts or ends in
    blanks. `interactive`: the shell got -i. `trap_with_action`: a trap with a command is
    set before (EXIT included); `trap_ignored`: a trap with an empty action is. `no_final_newline`: the
    last line of a script file has no newline at its end, which yash reads like a -c string.
    `version`: None asks for what holds in every version that was tried.
    """
    constructs: frozenset[LastCommand] = frozenset([construct] if isinstance(construct, str) else construct)
    if shell == "dash-debian" or shell == "posh":
        return False
    if shell not in _TRIED:
        return None
    if shell == "busybox-ash" and version is not None and version < _ASH_HANDS_OVER_SINCE:
        return False
    version = _tried(shell, version)
    if version == ():
        return None
    if script_file and shell != "ksh93" and not (shell == "yash" and no_final_newline):
        return False
    if trap_with_action:
        return _bash_loses_trap(version, constructs) if shell == "bash" else False
    tail = {
        name
        for name, there in (
            ("newline", trailing_newline),
            ("own-line", comment_after),
            ("blank-line", blank_line_after),
            ("same-line", comment_same_line),
            ("semicolon", semicolon_after),
            ("blanks", blanks_around),
        )
        if there
    }
    if script_file and shell == "ksh93":
        tail -= {"newline", "blanks"}
    if tail - _TAIL_ALLOWED[shell]:
        return False
    if shell == "bash":
        return _bash(version, constructs, trap_ignored)
    if not constructs <= _HANDS_OVER[shell]:
        return False
    if (trap_ignored and shell == "mksh") or (interactive and shell == "ksh93"):
        return False
    if shell == "dash" and (version is None or version < (0, 5, 7)):
        return None if version is None else False
    return True


def _tried(shell: ShellName, version: Version | None) -> Version | None:
    """The version as far as it counts; () where it lies outside of what was tried."""
    if version is None:
        return None
    first, last = _TRIED[shell]
    if version[: len(first)] < first or version[: len(last)] > last:
        return ()
    return version


def _bash(version: Version | None, constructs: frozenset[LastCommand], trap_ignored: bool) -> bool | None:
    if not constructs <= _BASH_SINCE.keys():
        return False
    lists = constructs & {"last-of-and-list", "last-of-or-list"}
    answers = {_since(version, _BASH_SINCE[construct]) for construct in constructs}
    if False in answers:
        return False
    if lists and "last-of-sequence" in constructs:
        # `a; b && P` on one line: 5.2 stays although it hands over in either list alone.
        return False if version is not None and version[:2] == (5, 2) else None
    if trap_ignored:
        if version is None:
            return None
        if version[:2] < (5, 2):
            # Seen for `trap '' TERM; P`, which stays before 5.1 in any case.
            return False if version[:2] == (5, 1) else None
    return None if None in answers else True


def _since(version: Version | None, first: Version) -> bool | None:
    if version is None:
        return True if first == (4, 2) else None
    if version[:2] >= first:
        return True
    return False if version[:2] <= _BASH_UNTIL[first] else None


def _bash_loses_trap(version: Version | None, constructs: frozenset[LastCommand]) -> bool | None:
    """bash 4.2 hands over on the line after a trap, and loses the trap with it; later ones stay."""
    if "last-of-lines" not in constructs:
        return False
    if version is None or version[:2] == (4, 3):
        return None
    return version[:2] < (4, 3) and constructs <= _BASH_SINCE.keys() and "last-of-sequence" not in constructs


# The bash of a release, where it is known for certain: (family, release or code name).
_BASH: dict[tuple[str, str], Version] = {
    **dict.fromkeys((("debian", "9"), ("debian", "stretch")), (4, 4)),
    **dict.fromkeys((("debian", "10"), ("debian", "buster")), (5, 0)),
    **dict.fromkeys((("debian", "11"), ("debian", "bullseye")), (5, 1)),
    **dict.fromkeys((("debian", "12"), ("debian", "bookworm"), ("debian", "13"), ("debian", "trixie")), (5, 2)),
    **dict.fromkeys((("ubuntu", "16.04"), ("ubuntu", "xenial")), (4, 3)),
    **dict.fromkeys((("ubuntu", "18.04"), ("ubuntu", "bionic")), (4, 4)),
    **dict.fromkeys((("ubuntu", "20.04"), ("ubuntu", "focal")), (5, 0)),
    **dict.fromkeys((("ubuntu", "22.04"), ("ubuntu", "jammy")), (5, 1)),
    **dict.fromkeys((("ubuntu", "24.04"), ("ubuntu", "noble")), (5, 2)),
    ("rhel", "7"): (4, 2),
    ("rhel", "8"): (4, 4),
    ("rhel", "9"): (5, 1),
    ("rhel", "10"): (5, 2),
    ("amazon", "2"): (4, 2),
    ("amazon", "2023"): (5, 2),
    **dict.fromkeys((("fedora", "39"), ("fedora", "40"), ("fedora", "41"), ("fedora", "42")), (5, 2)),
    ("suse", "15"): (4, 4),
}

# The busybox of an Alpine release; its sh is busybox ash in all of them.
_ALPINE_BUSYBOX: dict[str, Version] = {
    "3.2": (1, 23),
    "3.3": (1, 24),
    "3.4": (1, 24),
    "3.5": (1, 25),
    "3.6": (1, 26),
    "3.7": (1, 27),
    "3.8": (1, 28),
    "3.9": (1, 29),
    "3.10": (1, 30),
    "3.11": (1, 31),
    "3.12": (1, 31),
    "3.13": (1, 32),
    "3.14": (1, 33),
    "3.15": (1, 34),
    "3.16": (1, 35),
    "3.17": (1, 35),
    "3.18": (1, 36),
    "3.19": (1, 36),
    "3.20": (1, 36),
    "3.21": (1, 37),
    "3.22": (1, 37),
}


def sh_of(os_family: OsFamily, os_release: str | None) -> tuple[ShellName, Version | None]:
    """The shell behind /bin/sh of a distribution's release, and its version where it is known.

    `os_release`: a number ("12", "9.4", "3.20.1") or a code name ("bookworm"); busybox's is its own version.
    """
    if os_family in ("debian", "ubuntu"):
        return "dash-debian", None
    if os_family == "alpine":
        return "busybox-ash", _ALPINE_BUSYBOX.get(".".join((os_release or "").removeprefix("v").split(".")[:2]))
    if os_family == "busybox":
        return "busybox-ash", _numbers(os_release)
    if os_family == "wolfi":
        return "busybox-ash", None
    if os_family in ("rhel", "fedora", "amazon", "suse", "arch"):
        return "bash", bash_version(os_family, os_release)
    return "unknown", None


def bash_version(os_family: OsFamily, os_release: str | None) -> Version | None:
    """The version of bash that a distribution's release ships, where it is known for certain."""
    release = (os_release or "").lower()
    found = _BASH.get((os_family, release))
    if found is None and os_family in ("debian", "rhel", "suse"):
        found = _BASH.get((os_family, release.split(".")[0]))
    return found


def _numbers(release: str | None) -> Version | None:
    parts = (release or "").split("-")[0].split(".")
    return tuple(int(part) for part in parts) if len(parts) > 1 and all(part.isdigit() for part in parts) else None
