"""su, runuser and sudo: programs that become another user and stay in front."""

from __future__ import annotations

import re

from initlint.boot.arguments import Unwrapped, option_value, read_options, words_of
from initlint.boot.model import Argv, is_known

_SHELL_OPTION = re.compile(r"-[a-z]*s")


def su(argv: Argv) -> Unwrapped:
    """su [-] [user] [-c line] [-s shell]; options may stand after the user."""
    return _switch_user("su", argv)


def runuser(argv: Argv) -> Unwrapped:
    """`runuser -u USER -- PROGRAM`, else as su."""
    if any(word in ("-u", "--user") or (is_known(word) and word.startswith(("-u", "--user="))) for word in argv[1:4]):
        index, options, problem = read_options(argv, 1, words_of("-u --user -g --group -G --supp-group"))
        user = option_value(options, "-u") or option_value(options, "--user")
        return Unwrapped("runuser -u", tuple(argv[index:]), index, options, user=user, problem=problem)
    return _switch_user("runuser", argv)


def in_users_shell(unwrapped: Unwrapped, argv: Argv, base_sh: str) -> Unwrapped:
    """The shell of a line is the one that /etc/passwd names for the user, unless -s tells another.

    On Debian and Ubuntu it matters which: root has bash, which execs a single command where sh
    doesn't. Of other users nothing is read: useradd gives them sh, adduser and packages often bash.
    """
    if base_sh != "dash-debian" or unwrapped.text is None:
        return unwrapped
    if any(is_known(word) and (word.startswith("--shell") or _SHELL_OPTION.match(word)) for word in argv[1:]):
        return unwrapped
    if unwrapped.user in (None, "root"):
        return unwrapped._replace(shell="/bin/bash")
    if unwrapped.text.lstrip().startswith("exec "):
        return unwrapped
    return unwrapped._replace(doubt=unwrapped.doubt or f"which shell {unwrapped.user} has isn't read")


def _switch_user(name: str, argv: Argv) -> Unwrapped:
    user: str | None = None
    shell = "/bin/sh"
    text: str | None = None
    options: list[str] = []
    behind = False  # `--` was there: what looks like an option is none
    index = 1
    while index < len(argv):
        word = argv[index]
        following = argv[index + 1] if index + 1 < len(argv) else None
        if behind and user is not None:
            # What follows the user goes to the shell: `su user script.sh`, or $0, $1… of a line.
            if text is not None:
                return _line(name, shell, text, argv[index:], tuple(options), user, behind)
            return Unwrapped(name, (shell, *argv[index:]), 0, tuple(options), user=user)
        if word in ("-c", "--command", "--session-command"):
            text = following or ""
            options.append("-c")
            index += 1
        elif is_known(word) and word.startswith(("--command=", "--session-command=")):
            text = word.split("=", 1)[1]
            options.append("-c")
        elif word in ("-s", "--shell"):
            shell = following or shell
            index += 1
        elif is_known(word) and word.startswith("--shell="):
            shell = word.split("=", 1)[1]
        elif word in ("-g", "--group", "-G", "--supp-group", "-w", "--whitelist-environment"):
            index += 1
        elif is_known(word) and word.startswith("-") and word != "--":
            options.append(word)
            if len(word) > 2 and word[1] != "-" and word.endswith("c") and following is not None:
                text = following
                options.append("-c")
                index += 1
        elif word == "--":
            behind = True
        elif user is None:
            user = word
        else:
            if text is not None:
                return _line(name, shell, text, argv[index:], tuple(options), user, behind)
            return Unwrapped(name, (shell, *argv[index:]), 0, tuple(options), user=user)
        index += 1
    if text is None:
        return Unwrapped(name, (shell,), 0, tuple(options), user=user)
    return _line(name, shell, text, (), tuple(options), user, behind)


def _line(
    name: str, shell: str, text: str, given: Argv, options: tuple[str, ...], user: str | None, behind: bool
) -> Unwrapped:
    """`su user -c LINE -- app`: the shell gets the words behind the user as $0, $1 and so on."""
    key = f"{name} -c"
    if not is_known(text):
        return Unwrapped(key, options=options, user=user, problem=f"{text} isn't known")
    if not behind and any(not is_known(word) or word.startswith("-") for word in given):
        return Unwrapped(key, options=options, user=user, problem=f"which options {name} takes isn't known")
    return Unwrapped(key, options=options, text=text, shell=shell, user=user, given=given)


def sudo(argv: Argv) -> Unwrapped:
    """`sudo [options] [VAR=value …] PROGRAM`."""
    valued = words_of(
        "-C -D -g -h -p -R -r -T -t -U -u --user --group --chdir --close-from --host --prompt --role "
        "--type --command-timeout --other-user --chroot"
    )
    index, options, problem = read_options(argv, 1, valued)
    assignments: list[tuple[str, str | None]] = []
    while index < len(argv) and "=" in argv[index]:
        key, _, value = argv[index].partition("=")
        assignments.append((key, value if is_known(argv[index]) else None))
        index += 1
    user = option_value(options, "-u") or option_value(options, "--user") or "root"
    return Unwrapped(
        "sudo", tuple(argv[index:]), index, options, user=user, assignments=tuple(assignments), problem=problem
    )
