"""Programs that nothing is seen to install: commands that a list of `&&` needs, interpreters, servers."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Sequence

from initlint.boot.model import Argv, Environment, is_known
from initlint.facts import programs as program_table
from initlint.rootfs import RootFilesystem, Unknown, paths
from initlint.rootfs.base import WITHOUT_BASH
from initlint.rootfs.known_commands import SHELL_NAMES
from initlint.rootfs.symbolic import chain_of
from initlint.targets.container import Base, Container
from initlint.targets.dockerfile.syntax import Stage

# Images that hold their distribution alone, and that lack all of these commands.
_BARE = frozenset(["alpine", "debian", "ubuntu"])
_BRINGING = frozenset(["RUN", "COPY", "ADD"])
# A command, and words of the packages that bring it, in whichever distribution.
_BROUGHT_BY = {
    "aws": "aws",
    "curl": "curl",
    "git": "git",
    "ip6tables": "iptables ufw firewalld fail2ban docker",
    "iptables": "iptables ufw firewalld fail2ban docker",
    "jq": "jq",
    "mysql": "mysql mariadb default-",
    "psql": "postgres psql postgis",
    "rsync": "rsync",
    "tc": "iproute tc",
}

# Images that hold their distribution alone, with what of the programs below it has all the same.
_DISTRIBUTIONS = {
    "alpine": "crond httpd inetd ntpd syslogd telnetd",
    "busybox": "crond httpd inetd ntpd syslogd telnetd",
    "debian": "perl",
    "ubuntu": "perl",
}
# Images of a language: what serves or supervises isn't in them, nor another language that no distribution brings.
_LANGUAGES = {"golang": "go", "node": "node", "php": "php", "python": "python", "ruby": "ruby", "rust": ""}
_OWN_SERVERS = frozenset(["php-fpm", "apache2", "apache2-foreground", "php", "node", "ruby", "irb"])
# Words of RUN lines that may bring a program.
_BRINGS = re.compile(
    r"install|add\b|sync|update|upgrade|bundle|gem\b|curl|wget|make|build|pip|npm|yarn|pnpm|conda|mamba|poetry|pdm|uv\b|apt|"
    r"apk|yum|dnf|rpm|dpkg|tar\b|unzip|ln\b|cp\b|mv\b|git\b|\.sh\b|\./|<<|\$\(|cargo|go\b|nix|brew|setup|config"
)


def unbrought_program(
    name: str, node: Unknown, container: Container, stages: Sequence[Stage], *, interprets: bool = False
) -> str:
    """Why a program may not be there: the base image is all that could hold it, and isn't known to; "" else.
    `interprets`: a `#!` line names it."""
    match = container.base.match
    if match is None or not stages or container.stage_index >= len(stages):
        return ""
    chain = chain_of(stages, container.stage_index)
    lines = [step.instruction.value for stage in chain for step in stage.steps if step.instruction.keyword == "RUN"]
    why = f"nothing is seen to bring {name}: whether the image holds it isn't known"
    if name in SHELL_NAMES and match.fact.os_family in ("alpine", "busybox"):
        if match.fact.image not in WITHOUT_BASH:
            return ""
        named = re.compile(rf"(?<![\w.-]){name}(?![\w.])")
        from_run = node.origin is not None and node.origin.note.startswith("RUN ") and node.why.endswith("bring it")
        from_base = node.origin is not None and node.origin.kind == "base"
        return why if (from_run or from_base) and not any(named.search(line) for line in lines) else ""
    seen = node.origin is not None and (node.origin.kind == "base" or node.why.endswith("is filled by a build"))
    if not seen or any(_BRINGS.search(line) for line in lines):
        return ""
    return why if _is_foreign(name, match.fact.image, interprets=interprets) else ""


def _is_foreign(name: str, image: str, *, interprets: bool) -> bool:
    if name in ("gosu", "su-exec"):  # their own tools, which a distribution hasn't by itself
        return image in _DISTRIBUTIONS or image in _LANGUAGES
    fact = program_table.lookup([name])
    if image in _DISTRIBUTIONS:
        own = _DISTRIBUTIONS[image].split()
        if name in SHELL_NAMES:
            return name != "bash"
        if image in ("debian", "ubuntu") and not interprets:
            return False  # a start command names it: people leave out what installs it, in examples too
        return fact is not None and fact.kind in ("runtime", "server", "supervisor") and name not in own
    if image not in _LANGUAGES or fact is None or name in _OWN_SERVERS:
        return name in SHELL_NAMES and name != "bash" and image in _LANGUAGES
    return fact.kind in ("server", "supervisor") or (
        name in ("java", "node", "ruby", "php") and name != _LANGUAGES[image]
    )


def lacking(
    text: str,
    ran: Sequence[tuple[Argv, object]],
    base: Base,
    environment: Environment,
    rootfs: RootFilesystem,
    stages: Sequence[Stage],
) -> str:
    """Why a line that is nothing but commands behind `&&` may fail before its last one; "" where nothing says so."""
    if "&&" not in text or any(part in text for part in ("||", ";", "|", "\n", "(", "{")) or base.match is None:
        return ""
    if base.match.fact.image not in _BARE:
        return ""
    for argv, _ in ran:
        word = argv[0]
        name = posixpath.basename(word)
        if not is_known(word) or name not in _BROUGHT_BY:
            continue
        node = paths.which(rootfs, word, environment.path, environment.cwd)
        if isinstance(node, Unknown) and _is_only_packages(node) and not _is_named(name, stages):
            return f"nothing is seen to install {name}, without which the line ends before its last command"
    return ""


def _is_only_packages(node: Unknown) -> bool:
    """Whether the base image and packages are all that may hold it."""
    return node.origin is not None and (
        node.origin.kind == "base" or (node.origin.note.startswith("RUN ") and node.why.endswith(" may bring it"))
    )


def _is_named(name: str, stages: Sequence[Stage]) -> bool:
    words = _BROUGHT_BY[name].split()
    texts = [
        step.instruction.value for stage in stages for step in stage.steps if step.instruction.keyword in _BRINGING
    ]
    return any(word in text for text in texts for word in words)
