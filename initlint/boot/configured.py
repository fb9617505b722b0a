"""What a program's configuration says in place of an option that its command line lacks."""

from __future__ import annotations

import posixpath

from initlint.boot.model import Argv, Environment, is_known
from initlint.facts import programs as program_table
from initlint.facts.configurations import CONFIGURATIONS, PHP_FPM, STARTERS
from initlint.rootfs import Absent, Present, RootFilesystem, paths
from initlint.targets.container import Base


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
        official = match is not None and match.fact.image == PHP_FPM.image and PHP_FPM.flavour in match.fact.flavour
        told = PHP_FPM.told & set(argv)
        if official and not told and not any(_is_changed(rootfs, path) for path in PHP_FPM.files):
            return (*argv, PHP_FPM.option)
    module = "supervisor.supervisord" in argv  # python -m
    if name == "supervisord" or (module and program_table.canonical([str(word) for word in argv]) == "supervisord"):
        from initlint.boot.supervisord import stays_in_front

        return (*argv, "-n") if stays_in_front(argv, environment, rootfs) else argv
    if name in ("flask", "python", "python3") and program_table.canonical([str(word) for word in argv]) == "flask":
        debug = environment.variables.get("FLASK_DEBUG")
        asked = debug and is_known(debug) and debug.lower() not in ("0", "false", "no")
        return (*argv, "--debug") if asked and "--no-debug" not in argv else argv
    server = program_table.canonical([str(word) for word in argv]) if name.startswith(STARTERS) else ""
    if server in CONFIGURATIONS:
        from initlint.boot.server_config import with_configuration

        return with_configuration(server, argv, environment, rootfs)
    return argv


def _is_changed(rootfs: RootFilesystem, path: str) -> bool:
    """Whether a file of the base image is seen to be written anew, or removed."""
    node = paths.resolve(rootfs, path)
    return isinstance(node, Absent) or (isinstance(node, Present) and node.origin.kind != "base")
