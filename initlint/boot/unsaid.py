"""Servers that nothing tells to stay in front: what the configuration that came with them says, or a copied one."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Sequence

from initlint.boot.model import Argv, Link, is_known
from initlint.boot.state import State
from initlint.boot.supervisord import goes_to_background
from initlint.facts.programs.options import has, value_of
from initlint.rootfs import Present, RootFilesystem, paths
from initlint.targets.container import Container
from initlint.targets.dockerfile.syntax import Stage
from initlint.text import Source

# What may change a configuration without being seen to: a RUN that names it or the option, or runs what isn't read.
_MAY_CHANGE = re.compile(
    r"daemon|nginx\.conf|/etc/nginx|php-fpm\.conf|/etc/php|\.sh\b|\.py\b|\bmake\b|ansible|chef|puppet|curl|wget|"
    r"git clone|patch|envsubst|docker-entrypoint\.d"
)
_DEBIAN_PHP = re.compile(r"php-fpm(\d\.\d)")


def leaves_by_default(
    container: Container, rootfs: RootFilesystem, stages: Sequence[Stage], state: State, argv: Argv, name: str
) -> bool:
    """Whether a server whose command line doesn't say it certainly goes to the background.

    nginx with the official image's own file, and php-fpm with the one of Debian's package, as long as nothing
    is seen that may change it; supervisord with a file that is copied and can be read.
    """
    if not all(is_known(word) for word in argv):
        return False
    if name == "supervisord":
        return goes_to_background(argv, state.environment, rootfs)
    match = container.base.match
    if match is None or not stages or _is_touched(container, stages) or not all(map(_is_from_base, state.chain)):
        return False
    if name == "nginx":
        node = paths.resolve(rootfs, "/etc/nginx/nginx.conf")
        own = node.origin is not None and node.origin.kind == "base"
        return match.fact.image == "nginx" and own and not has(argv[1:], "-c") and value_of(argv[1:], "-c") is None
    if name == "php-fpm" and match.fact.image in ("debian", "ubuntu"):
        version = _DEBIAN_PHP.fullmatch(posixpath.basename(argv[0]))
        options = {"-y", "--fpm-config", "-p", "--prefix", "-c"}
        plain = not any(word.split("=")[0] in options or word[:2] in ("-y", "-p") for word in argv[1:])
        file = f"/etc/php/{version.group(1)}/fpm/php-fpm.conf" if version is not None else ""
        return plain and bool(file) and not isinstance(paths.resolve(rootfs, file), Present)
    return False


def refuses_to_start(rootfs: RootFilesystem, state: State, argv: Argv, name: str) -> str:
    """Why nginx ends at once: `daemon` may be said once, in its file or behind -g. Empty where it doesn't."""
    if name != "nginx" or not re.search(r"\bdaemon\s+o(?:n|ff)\s*;", value_of(argv[1:], "-g") or ""):
        return ""
    path = value_of(argv[1:], "-c") or "/etc/nginx/nginx.conf"
    if not is_known(path) or not path.startswith("/"):
        return ""
    node = paths.resolve(rootfs, path)
    source = rootfs.read(node.path) if isinstance(node, Present) and node.kind == "file" else None
    if not isinstance(source, Source):
        return ""
    depth = 0
    for statement in re.finditer(r"[^;{}]+|[;{}]", re.sub(r"#[^\n]*", "", source.text)):
        text = statement.group().strip()
        depth += {"{": 1, "}": -1}.get(text, 0)
        if depth == 0 and re.fullmatch(r"daemon\s+(?:on|off)", text):
            return f'nginx refuses to start: "daemon" directive is duplicate, behind -g and in {source.name}'
    return ""


def _is_touched(container: Container, stages: Sequence[Stage]) -> bool:
    for step in stages[container.stage_index].steps:
        instruction = step.instruction
        if instruction.keyword in ("RUN", "COPY", "ADD", "VOLUME") and _MAY_CHANGE.search(instruction.value):
            return True
        if instruction.keyword in ("COPY", "ADD") and instruction.value.split()[-1:] in (["/"], ["/etc"], ["/etc/"]):
            return True
    return False


def _is_from_base(link: Link) -> bool:
    """Whether a program before the server is the image's own, so that it can't have written the file anew."""
    return link.script is None or (isinstance(link.node, Present) and link.node.origin.kind == "base")
