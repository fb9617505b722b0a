"""What a program's configuration says in place of an option that its command line lacks."""

from __future__ import annotations

import posixpath

from initlint.boot.model import Argv, Environment, is_known
from initlint.facts import programs as program_table
from initlint.rootfs import Absent, Present, RootFilesystem, paths
from initlint.targets.container import Base
from initlint.text import Source

_FPM_FILES = ("/usr/local/etc/php-fpm.conf", "/usr/local/etc/php-fpm.d/zz-docker.conf")
# Servers that `server_config` reads the configuration of, and how the names begin that they are started by.
_CONFIGURED = frozenset(["nginx", "redis-server", "haproxy", "php-fpm", "gunicorn", "uvicorn", "uwsgi", "java"])
_PREFIXES = ("nginx", "redis-server", "haproxy", "php", "gunicorn", "uvicorn", "uwsgi", "java", "python")
_SUPERVISOR_FILES = ("/etc/supervisord.conf", "/etc/supervisor/supervisord.conf")


def as_configured(argv: Argv, environment: Environment, rootfs: RootFilesystem, base: Base) -> Argv:
    """A command with the options that its configuration stands for.

    php-fpm in the official images (`daemonize = no`), supervisord with `nodaemon=true`, `flask run`
    with FLASK_DEBUG, and what `server_config` reads.
    """
    if not argv or not is_known(argv[0]):
        return argv
    name = posixpath.basename(argv[0])
    if name == "php-fpm":
        match = base.match
        official = match is not None and match.fact.image == "php" and "fpm" in match.fact.flavour
        told = {"-D", "--daemonize", "-F", "--nodaemonize", "-y", "--fpm-config"} & set(argv)
        if official and not told and not any(_is_changed(rootfs, path) for path in _FPM_FILES):
            return (*argv, "-F")
    if name == "supervisord":
        return (*argv, "-n") if _stays_in_front(argv, environment, rootfs) else argv
    if name in ("flask", "python", "python3") and program_table.canonical([str(word) for word in argv]) == "flask":
        debug = environment.variables.get("FLASK_DEBUG")
        asked = debug and is_known(debug) and debug.lower() not in ("0", "false", "no")
        return (*argv, "--debug") if asked and "--no-debug" not in argv else argv
    server = program_table.canonical([str(word) for word in argv]) if name.startswith(_PREFIXES) else ""
    if server in _CONFIGURED:
        from initlint.boot.server_config import with_configuration

        return with_configuration(server, argv, environment, rootfs)
    return argv


def _is_changed(rootfs: RootFilesystem, path: str) -> bool:
    """Whether a file of the base image is seen to be written anew, or removed."""
    node = paths.resolve(rootfs, path)
    return isinstance(node, Absent) or (isinstance(node, Present) and node.origin.kind != "base")


def _stays_in_front(argv: Argv, environment: Environment, rootfs: RootFilesystem) -> bool:
    """Whether supervisord's configuration file can be read and says `nodaemon=true`."""
    if any(word in ("-n", "--nodaemon") for word in argv):
        return False
    named = [argv[at + 1] for at, word in enumerate(argv[:-1]) if word in ("-c", "--configuration")]
    named += [word.partition("=")[2] for word in argv if is_known(word) and word.startswith("--configuration=")]
    named += [word[2:] for word in argv if is_known(word) and word.startswith("-c") and len(word) > 2]
    for path in named[:1] or _SUPERVISOR_FILES:
        if not is_known(path) or not (path.startswith("/") or environment.cwd):
            return False
        node = paths.resolve(rootfs, paths.join(environment.cwd or "/", path))
        source = rootfs.read(node.path) if isinstance(node, Present) and node.kind == "file" else None
        if isinstance(source, Source):
            return _says_nodaemon(source.data.decode("utf-8", "replace"))
    return False


def _says_nodaemon(text: str) -> bool:
    section = ""
    answer = False
    for line in text.splitlines():
        line = line.split(";")[0].strip()
        if line.startswith("["):
            section = line
        elif section == "[supervisord]" and not line.startswith("#"):
            key, _, value = line.partition("=")
            if key.strip() == "nodaemon":
                answer = value.split("#")[0].strip().lower() in ("true", "1", "yes", "on")
    return answer
