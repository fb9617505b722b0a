"""What a program's configuration says in place of an option that its command line lacks."""

from __future__ import annotations

import posixpath
from collections.abc import Callable

from initlint.boot.model import Argv, Environment, is_known
from initlint.boot.python_packages import NOTHING_KNOWN, Installed
from initlint.facts import programs as program_table
from initlint.facts.configurations import CONFIGURATIONS, PHP_FPM, STARTERS
from initlint.facts.programs.options import FLASK_BY_VERSION
from initlint.rootfs import Absent, Present, RootFilesystem, paths
from initlint.targets.container import Base

# With this version of click `flask run` doesn't look at FLASK_DEBUG: measured 2026-11 with Flask 3.1.3, where
# 8.1.7, 8.2.1, 8.3.0, 8.3.1, 8.3.3, 8.4.1, 8.4.2 and 8.5.1 do.
_DEAF_CLICK = "==8.4.0"


def as_configured(
    argv: Argv,
    environment: Environment,
    rootfs: RootFilesystem,
    base: Base,
    packages: Callable[[], Installed] = lambda: NOTHING_KNOWN,
) -> Argv:
    """A command with the options that its configuration stands for.

    php-fpm in the official images (`daemonize = no`), supervisord with `nodaemon=true`, `flask run`
    with FLASK_DEBUG or FLASK_ENV, and what `server_config` reads. `packages` finds the Python packages.
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
        if official and not told:
            from initlint.boot.server_config import php_fpm_says

            # The folder's files are read in order, and this one is the last.
            answer = php_fpm_says(PHP_FPM.files[-1], environment, rootfs)
            if answer is not None:
                return (*argv, PHP_FPM.option if answer == "no" else "-D")
    module = "supervisor.supervisord" in argv  # python -m
    if name == "supervisord" or (module and program_table.canonical([str(word) for word in argv]) == "supervisord"):
        from initlint.boot.supervisord import stays_in_front

        return (*argv, "-n") if stays_in_front(argv, environment, rootfs) else argv
    if name in ("flask", "python", "python3") and program_table.canonical([str(word) for word in argv]) == "flask":
        return _flask(argv, environment, packages)
    server = program_table.canonical([str(word) for word in argv]) if name.startswith(STARTERS) else ""
    if server in CONFIGURATIONS:
        from initlint.boot.server_config import with_configuration

        return with_configuration(server, argv, environment, rootfs)
    return argv


def _flask(argv: Argv, environment: Environment, packages: Callable[[], Installed]) -> Argv:
    """Flask's get_debug_flag(): FLASK_DEBUG where it isn't empty, else FLASK_ENV, which 2.3 took out."""
    if "--no-debug" in argv or "--debug" in argv:
        return argv
    debug = environment.variables.get("FLASK_DEBUG")
    if debug:
        asked = is_known(debug) and debug.lower() not in ("0", "false", "no")
        if asked and _DEAF_CLICK in packages().named.get("click", ()):
            return argv
        return (*argv, "--debug") if asked else argv
    if environment.variables.get("FLASK_ENV") != "development":
        return argv
    old = packages().is_below("flask", (2, 3))
    return (*argv, "--debug") if old else (argv if old is False else (*argv, FLASK_BY_VERSION))


def _is_changed(rootfs: RootFilesystem, path: str) -> bool:
    """Whether a file of the base image is seen to be written anew, or removed."""
    node = paths.resolve(rootfs, path)
    return isinstance(node, Absent) or (isinstance(node, Present) and node.origin.kind != "base")
