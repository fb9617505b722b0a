"""What a program's configuration says in place of an option that its command line lacks."""

from __future__ import annotations

import posixpath

from initlint.boot.model import Argv, Environment, is_known
from initlint.facts import programs as program_table
from initlint.rootfs import Absent, Present, RootFilesystem, paths
from initlint.targets.container import Base

_FPM_FILES = ("/usr/local/etc/php-fpm.conf", "/usr/local/etc/php-fpm.d/zz-docker.conf")


def as_configured(argv: Argv, environment: Environment, rootfs: RootFilesystem, base: Base) -> Argv:
    """A command with the options that its configuration stands for.

    php-fpm in the official images (`daemonize = no`), supervisord with `nodaemon=true`, and
    `flask run` with FLASK_DEBUG.
    """
    if not argv or not is_known(argv[0]):
        return argv
    name = posixpath.basename(argv[0])
    if name == "php-fpm":
        match = base.match
        official = match is not None and match.fact.image == "php" and "fpm" in match.fact.flavour
        if not official or {"-D", "--daemonize", "-F", "--nodaemonize", "-y", "--fpm-config"} & set(argv):
            return argv
        changed = any(_is_changed(rootfs, path) for path in _FPM_FILES)
        return argv if changed else (*argv, "-F")
    module = "supervisor.supervisord" in argv  # python -m
    if name == "supervisord" or (module and program_table.canonical([str(word) for word in argv]) == "supervisord"):
        from initlint.boot.supervisord import stays_in_front

        return (*argv, "-n") if stays_in_front(argv, environment, rootfs) else argv
    if name in ("flask", "python", "python3") and program_table.canonical([str(word) for word in argv]) == "flask":
        debug = environment.variables.get("FLASK_DEBUG")
        asked = debug and is_known(debug) and debug.lower() not in ("0", "false", "no")
        return (*argv, "--debug") if asked and "--no-debug" not in argv else argv
    return argv


def _is_changed(rootfs: RootFilesystem, path: str) -> bool:
    """Whether a file of the base image is seen to be written anew, or removed."""
    node = paths.resolve(rootfs, path)
    return isinstance(node, Absent) or (isinstance(node, Present) and node.origin.kind != "base")
