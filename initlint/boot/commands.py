"""Commands that a program runs as its children: which leave a process behind, which start nothing themselves."""

from __future__ import annotations

import posixpath
import re
import shlex

from initlint.boot import wrappers
from initlint.facts import programs as program_table

# Programs that do their work alone and end; those that start helpers wait for them.
_LEAVES = frozenset(
    "date hostname uname whoami id ls cat cp mv rm mkdir rmdir df du free ps pgrep kill pkill ip ifconfig iptables "
    "ping ping6 nslookup dig host which echo printf sleep true false test grep sed awk head tail sort uniq wc cut tr "
    "tar gzip gunzip zip unzip curl wget openssl chmod chown ln touch stat file md5sum sha256sum sync ffmpeg ffprobe "
    "convert identify pg_dump pg_restore psql mysqldump mysql redis-cli nvidia-smi lscpu sysctl mount umount uptime "
    "nproc getent tee find mktemp truncate dd lsblk blkid route arp traceroute netstat ss".split()
)
_GIT_LEAVES = frozenset(
    "rev-parse describe log show status diff config branch tag ls-files cat-file rev-list version ls-remote".split()
)
# These verbs end in `git maintenance run --auto`, which puts its `gc` in the background (seen in GIT_TRACE of 2.39.5;
# clone, push, checkout, reset, stash and cherry-pick don't).
_GIT_DETACHES = frozenset("fetch pull commit merge rebase am".split())
_BROWSERS = frozenset(
    "chrome google-chrome google-chrome-stable chromium chromium-browser chromedriver firefox geckodriver".split()
)


def bare(words: list[str]) -> tuple[list[str], bool]:
    """A command without the wrappers in front of it; and whether one of them lets it go to the background."""
    for _ in range(4):
        if not words:
            break
        name = posixpath.basename(words[0])
        unwrapped = wrappers.unwrap(name, tuple(words))
        if unwrapped is None or not unwrapped.argv or unwrapped.problem:
            break
        if name == "setsid" and any(word in ("-f", "--fork") for word in unwrapped.options):
            return list(unwrapped.argv), True
        words = list(unwrapped.argv)
    return words, False


def orphaned_by(words: list[str]) -> str:
    """Why a command leaves a process behind although it is waited for; empty where it isn't known to."""
    words, detached = bare(words)
    if detached:
        return "it goes to the background"
    if not words:
        return ""
    name = posixpath.basename(words[0])
    rest = words[1:]
    if name == "git":
        verb = _git_verb(rest)
        if verb in _GIT_DETACHES and not any("gc.auto" in word or "maintenance.auto" in word for word in rest):
            return f"git {verb} starts `gc --auto` in the background"
        return ""
    if name == "ssh":
        return "ssh leaves a process in the background" if _ssh_detaches(rest) else ""
    if name in _BROWSERS:
        return "a browser leaves helper processes behind"
    if name in ("gpg-agent", "ssh-agent") and (name == "ssh-agent" or "--daemon" in rest):
        return "" if [word for word in rest if not word.startswith("-")] else "it is a daemon"
    if name in ("screen", "tmux"):
        return "it goes to the background" if any(w in ("-d", "-dm", "-dmS", "-dms") for w in rest) else ""
    if name in ("daemonize", "dbus-launch"):
        return "it starts a daemon"
    fact = program_table.lookup(words)
    if fact is None:
        return ""
    if fact.background is False and fact.children == "yes" and fact.kind in ("server", "supervisor"):
        return fact.children_why
    return ""


def _ssh_detaches(rest: list[str]) -> bool:
    index = 0
    while index < len(rest) and rest[index].startswith("-"):
        word = rest[index]
        valued = re.match(r"-[1246AaCfGgKkMNnqsTtVvXxYy]*[BbcDEeFIiJLlmOoPpQRSWw]", word)
        if re.match(r"-[1246AaCGgKkNnqsTtVvXxYy]*[fM]", word):
            return True
        if valued is not None and valued.end() == len(word):
            index += 1
            word += rest[index] if index < len(rest) else ""
        if "ControlPersist" in word and not word.endswith("=no"):
            return True
        index += 1
    return False


def _git_verb(rest: list[str]) -> str:
    index = 0
    while index < len(rest) and rest[index].startswith("-"):
        index += 2 if rest[index] in ("-C", "-c", "--git-dir", "--work-tree", "--namespace") else 1
    return rest[index] if index < len(rest) else ""


def is_leaf(words: list[str]) -> bool:
    if not words:
        return False
    name = posixpath.basename(words[0])
    if name == "git":
        return _git_verb(words[1:]) in _GIT_LEAVES
    return name in _LEAVES


def simple_commands(line: str) -> list[list[str]]:
    commands: list[list[str]] = []
    for part in re.split(r"&&|\|\||[;|\n]", line):
        try:
            words = shlex.split(part, comments=True)
        except ValueError:
            continue
        while words and re.fullmatch(r"\w+=.*", words[0], re.S):
            words.pop(0)
        if words and words[0] not in ("cd", "export", "set", "exit"):
            commands.append(words)
    return commands
