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
