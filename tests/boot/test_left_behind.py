"""What the commands of a start script leave to PID 1 when they have ended."""

from __future__ import annotations

from pathlib import Path

import pytest

from initlint.boot.model import Outcome
from initlint.rootfs.files import HostFiles
from initlint.subject import examine

ALPINE = "FROM alpine:3.22\n"
DEBIAN = "FROM debian:bookworm-slim\n"


def settle(folder: Path, dockerfile: str, **files: str) -> Outcome:
    """The likely outcome of a Dockerfile beside scripts, whose names are given with `_` for the dot."""
    (folder / "Dockerfile").write_text(dockerfile)
    for name, text in files.items():
        path = folder / name.replace("_", ".")
        path.write_text(text)
        path.chmod(0o755)
    host = HostFiles()
    return examine(host.source(str(folder / "Dockerfile")), host).subjects[-1].likely


@pytest.mark.parametrize(
    ("line", "command"),
    [
        ("set -xe && tmux new -d -x 80 -y 60 && sleep infinity", "tmux"),
        ("screen -dmS work top && exec sleep infinity", "screen"),
        ("ssh -fN -L 80:db:80 bastion && exec sleep infinity", "ssh"),
        ("dbus-launch && exec sleep infinity", "dbus-launch"),
        ("gpg-agent --daemon && exec sleep infinity", "gpg-agent"),
        ("su-exec app tmux new-session -d && exec sleep infinity", "tmux"),
    ],
)
def test_a_program_that_detaches_is_left_to_pid_1(tmp_path: Path, line: str, command: str) -> None:
    """What goes to the background by itself is a child of PID 1, though the shell has waited for it."""
    outcome = settle(tmp_path, f"{ALPINE}CMD {line}\n")
    assert (outcome.pid1, outcome.children) == ("sleep", "yes"), outcome.why
    assert any(command in why for why in outcome.why), outcome.why


def test_a_program_that_detaches_in_a_script_is_left_to_pid_1(tmp_path: Path) -> None:
    """The reason stands at the line of the script, and an init is asked for."""
    script = "#!/bin/bash\n\ntmux new -d\nexec sleep infinity\n"
    outcome = settle(tmp_path, f'{DEBIAN}COPY s.sh /\nCMD ["/s.sh"]\n', s_sh=script)
    (seen,) = outcome.evidence
    assert (outcome.children, seen.children) == ("yes", "yes")
    assert seen.span is not None
    assert (seen.span.source.name.rpartition("/")[2], seen.span.row) == ("s.sh", 3)


@pytest.mark.parametrize("line", ["tmux new", "gpg-agent --daemon sleep 1", "ssh bastion true", "screen -ls"])
def test_a_program_that_stays_in_front_leaves_nothing(tmp_path: Path, line: str) -> None:
    """The same programs without the option that sends them to the background."""
    outcome = settle(tmp_path, f"{ALPINE}CMD {line}; exec sleep infinity\n")
    assert outcome.children != "yes", outcome.why


def test_git_may_leave_its_garbage_collection(tmp_path: Path) -> None:
    """`git pull` once at the start: a `gc --auto` in the background is unlikely."""
    outcome = settle(tmp_path, f"{ALPINE}CMD git pull && exec sleep infinity\n")
    assert (outcome.pid1, outcome.children) == ("sleep", "unlikely"), outcome.why


UNKNOWN = [
    "thing-setup --now; exec sleep infinity",
    "./prepare.sh; exec sleep infinity",
    "python seed.py; exec sleep infinity",
    "thing-server start && exec sleep infinity",
    "sudo thing-server start && exec sleep infinity",
    "A=$(thing list); exec sleep infinity",
    'A="$(thing list | sort)"; exec sleep infinity',
    "while true; do echo $(thing list); sleep 60; done",
    "while true; do thing list; sleep 60; done",
]
KNOWN = [
    "mkdir -p /x && chown app /x && sed -i s/a/b/ /x/y; exec sleep infinity",
    "envsubst < /a > /b; exec sleep infinity",
    "python manage.py migrate --noinput && exec sleep infinity",
    "sudo chown -R app /x; exec sleep infinity",
    "perl -pi -e s/a/b/ /x; exec sleep infinity",
    '"$@" --version; exec sleep infinity',
    'for f in /hooks/*; do "$f"; done; exec sleep infinity',
    "A=$(date +%s); B=$(hostname -i | cut -f1); exec sleep infinity",
    "sleep 5; git config x y; exec sleep infinity",
    "while true; do echo $(date); sleep 60; done",
]


@pytest.mark.parametrize("line", UNKNOWN)
def test_what_an_unknown_command_leaves_behind_is_unknown(tmp_path: Path, line: str) -> None:
    """It may be a daemon: that nothing is left behind isn't said."""
    outcome = settle(tmp_path, f'{DEBIAN}COPY s.sh /\nCMD ["/s.sh"]\n', s_sh=f"#!/bin/bash\n{line}\n")
    assert outcome.children == "unknown", outcome.why
    assert any("thing" in why or "prepare" in why or "seed" in why for why in outcome.why), outcome.why


@pytest.mark.parametrize("line", KNOWN)
def test_common_commands_leave_nothing_behind(tmp_path: Path, line: str) -> None:
    """Tools, migrations and what is asked for its output end with all that they started."""
    outcome = settle(tmp_path, f'{DEBIAN}COPY s.sh /\nCMD ["/s.sh"]\n', s_sh=f"#!/bin/bash\n{line}\n")
    assert outcome.children in ("no", "unlikely"), outcome.why


def test_a_daemon_behind_a_wrapper_is_left(tmp_path: Path) -> None:
    """`sudo service cron start` leaves cron as much as without sudo."""
    outcome = settle(tmp_path, f"{DEBIAN}CMD sudo service cron start; exec sleep infinity\n")
    assert outcome.children == "yes", outcome.why


def test_an_agent_of_a_substitution_is_left(tmp_path: Path) -> None:
    """`eval $(ssh-agent)`: the agent stays behind."""
    outcome = settle(tmp_path, f'{DEBIAN}COPY s.sh /\nCMD ["/s.sh"]\n',
                     s_sh="#!/bin/bash\neval $(ssh-agent -s)\nexec sleep infinity\n")  # fmt: skip
    assert outcome.children == "yes", outcome.why


@pytest.mark.parametrize(
    ("command", "severity"), [("thing-setup", "info"), ("thing-server start", "warning"), ("tmux new -d", "error")]
)
def test_an_unknown_command_alone_is_no_warning(tmp_path: Path, command: str, severity: str) -> None:
    """IL101 warns of one that was told to start something, and is silent about the others."""
    from initlint.registry import find

    script = f"#!/bin/sh\n{command}\nexec redis-server\n"
    (tmp_path / "Dockerfile").write_text('FROM debian:bookworm-slim\nCOPY s.sh /\nCMD ["/s.sh"]\n')
    (tmp_path / "s.sh").write_text(script)
    (tmp_path / "s.sh").chmod(0o755)
    host = HostFiles()
    subject = examine(host.source(str(tmp_path / "Dockerfile")), host).subjects[-1]
    assert subject.likely.children == ("yes" if severity == "error" else "unknown")
    assert [finding.severity for finding in find("IL101").check(subject)] == [severity]


def test_a_service_is_cited_where_its_script_starts_it(tmp_path: Path) -> None:
    """The `#!` line decides nothing."""
    dockerfile = (
        "FROM debian:bookworm-slim\nRUN apt-get update && apt-get install -y runit\nCOPY a.sh /service/a/run\n"
        'COPY b.sh /service/b/run\nCMD ["runsvdir", "/service"]\n'
    )
    start = "#!/bin/sh\n\nexec {}\n"
    outcome = settle(tmp_path, dockerfile, a_sh=start.format("redis-server"), b_sh=start.format("memcached"))
    assert sum("a.sh:3 a:" in why or "b.sh:3 b:" in why for why in outcome.why) == 2, outcome.why


def test_an_installed_program_that_nothing_is_known_of(tmp_path: Path) -> None:
    """The line that installs it is told, not a later one that may make anything."""
    dockerfile = (
        f"{DEBIAN}RUN apt-get update && apt-get install -y curl \\\n thingvnc\nRUN python3 /x.py\n"
        'CMD ["thingvnc", "-forever"]\n'
    )
    outcome = settle(tmp_path, dockerfile)
    assert outcome.why[-1].startswith("what thingvnc does isn't known: ")
    assert outcome.why[-1].endswith("Dockerfile:2 installs it")
