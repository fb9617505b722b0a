"""Programs that start several others: where it stands which, and what those are sent at a stop.

How the launcher itself behaves as PID 1 is kept with the programs; how a file or an argument is read
is `boot.services`' affair.
"""

from __future__ import annotations

from typing import Literal

from initlint.facts.programs._make import WHEN
from initlint.records import NamedTuple

# Where it stands what is started:
#   supervisord  its configuration            lines     each argument is a line for a shell
#   scripts      names of npm scripts         watched   a file or a line that is started again at each change
#   pm2          a program, or a file of them procfile  lines of `name: command`
#   folder       folders with a `run` file    s6        the folders of s6-rc and of s6-overlay 2
Reads = Literal["supervisord", "lines", "scripts", "watched", "pm2", "procfile", "folder", "s6"]


class Launcher(NamedTuple):
    """`signal`: what its programs are sent at a stop, whatever it got ("" for the same).

    `group`: their whole process groups get it. `folders`: where services lie, empty where an argument
    says so. `plain`: a command without a character for the shell is started without one. `prefix`: words
    that it puts before a line. `valued`: its options that take the next word.
    """

    reads: Reads
    source: str
    signal: str = ""
    group: bool = False
    folders: tuple[str, ...] = ()
    plain: bool = False
    prefix: str = ""
    valued: frozenset[str] = frozenset()


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


LAUNCHERS: dict[str, Launcher] = {
    "supervisord": Launcher(
        "supervisord",
        f"{WHEN}: supervisord 4.2.5-1 (Debian 12 apt: supervisor); stopsignal and stopasgroup of each program decide",
    ),
    "concurrently": Launcher(
        "lines",
        f"{WHEN}: concurrently 9.2.5 (npm), which ends whole process trees",
        group=True,
        valued=_words(
            "-n --names -c --prefix-colors -p --prefix -m --max-processes -l --prefix-length -t --timestamp-format "
            "--restart-tries --restart-after --hide -s --success --default-input-target --name-separator "
            "--kill-signal --kill-timeout --teardown"
        ),
    ),
    "run-p": Launcher("scripts", f"{WHEN}: npm-run-all 4.1.5 (npm), as run-p, run-s and npm-run-all"),
    "nodemon": Launcher(
        "watched",
        f"{WHEN}: nodemon 3.1.14 (npm), which sends SIGINT as well; what it puts before a file: remy/nodemon "
        "lib/config/defaults.js",
        "SIGINT",
        valued=_words("-w --watch -i --ignore -e --ext -d --delay -s --signal --config --cwd -C"),
    ),
    "pm2-runtime": Launcher(
        "pm2",
        f"{WHEN}: pm2 7.0.4 (npm), whose programs' trees get SIGINT",
        "SIGINT",
        True,
        valued=_words(
            "-n --name -i --instances -o --output -e --error -l --log --env --node-args --interpreter-args --cwd "
            "--max-memory-restart --exp-backoff-restart-delay --max-restarts --restart-delay --secret --public "
            "--machine-name --only --delay --web --port --namespace --kill-timeout --listen-timeout -u --user --uid "
            "--gid"
        ),
    ),
    "honcho": Launcher(
        "procfile",
        f"{WHEN}: honcho 2.0.0 (PyPI), which signals process groups",
        group=True,
        valued=_words("-f --procfile -d --app-root -e --env -c --concurrency -q --quiet -p --port"),
    ),
    "foreman": Launcher(
        "procfile",
        f"{WHEN}: foreman 0.87.2-2 (Debian 12 apt: ruby-foreman), which signals its children alone, and starts a "
        "plain command without a shell",
        "SIGTERM",
        plain=True,
        valued=_words("-f --procfile -d --root -e --env -m --formation -p --port -t --timeout"),
    ),
    "forego": Launcher(
        "procfile",
        "not run: ddollar/forego@89fb456a167f59ace41e0e9294f4b7c01f76943e:unix.go (ShellInvocationCommand, SendSigTerm)",
        "SIGTERM",
        True,
        prefix="exec ",
        valued=_words("-f -e -p -c -t"),
    ),
    "overmind": Launcher(
        "procfile",
        "not run: DarthSim/overmind@f57a6d00fc8b2eafd1d12014283eea25c7132d6e:start/process.go (groupSignal), "
        "start/procfile.go (SIGINT)",
        "SIGINT",
        True,
        valued=_words(
            "-f --procfile -d --root -p --port -P --port-step -l --processes -x --ignored-processes -t --timeout "
            "-w --tmux-config -s --socket -T --title -c --can-die -r --auto-restart -b --colors -m --formation "
            "-i --stop-signals -H --shell -N --network"
        ),
    ),
    "s6-overlay": Launcher(
        "s6",
        "just-containers/s6-overlay@9658b23e53f51ec9423f5e1cd18f9dce36087440:README.md (s6-rc.d, services.d)",
        folders=("/etc/s6-overlay/s6-rc.d", "/etc/services.d"),
    ),
    "my_init": Launcher(
        "folder",
        f"{WHEN}: my_init, git HEAD (github.com/phusion/baseimage-docker image/bin/my_init: runsvdir)",
        folders=("/etc/service",),
    ),
    "runsvdir": Launcher("folder", f"{WHEN}: runsvdir 2.1.2-54 (Debian 12 apt: runit)"),
    "s6-svscan": Launcher("folder", f"{WHEN}: s6-svscan 2.11.3.2-1 (Debian 12 apt: s6)"),
}
