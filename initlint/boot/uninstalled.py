"""Commands that a list of `&&` needs, and that nothing is seen to install."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence

from initlint.boot.model import Argv, Environment, is_known
from initlint.rootfs import RootFilesystem, Unknown, paths
from initlint.targets.container import Base
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
