"""Places that speak of PID 1 by its number."""

from __future__ import annotations

import pytest

from initlint.cure.dangers import refers_to_pid1


@pytest.mark.parametrize(
    "text",
    [
        "kill -HUP 1",
        "kill 1",
        "kill -s TERM 1",
        "kill -SIGUSR1 1 && echo ok",
        'kill -15 "1"',
        "docker-ish; kill -n 9 1",
        "jcmd 1 VM.flags",
        "jstack -l 1 > /tmp/x",
        "jmap -dump:live,file=/x 1",
        "ps -p 1 -o comm=",
        "nsenter -t 1 -m",
        "strace -f -p 1",
        "if [ $$ -eq 1 ]; then",
        'if [ "$$" = "1" ]; then',
        '[[ "$$" == 1 ]]',
        "[ 1 -eq $$ ]",
        "if os.getpid() == 1:",
        "if (getpid() != 1) return;",
        "1 == os.getpid()",
        "if (process.pid === 1)",
        "os.kill(1, signal.SIGTERM)",
        "process.kill(1, 'SIGTERM')",
        'Process.kill("HUP", 1)',
        "cat /proc/1/environ",
        "pgrep -P 1 worker",
        "pkill -HUP --parent 1",
        "if os.Getpid() == 1 {",
        "if os.getppid() == 1:",
        "while (getppid() != 1) work();",
        "if (process.ppid === 1)",
        'if [ "$PPID" -eq 1 ]; then',
        "tr '\\0' ' ' < /proc/1/cmdline",
    ],
)
def test_references(text: str) -> None:
    """An init in front would be meant in the place of the program."""
    assert refers_to_pid1(text)


@pytest.mark.parametrize(
    "text",
    [
        "ln -sf /proc/1/fd/1 /var/log/app.log",
        "echo done > /proc/1/fd/2",
        "grep docker /proc/1/cgroup",
        "kill -1 $pid",
        "kill -9 12",
        "kill -TERM 1234",
        "kill 1.5",
        "pkill -HUP nginx",
        "pgrep -P 12 worker",
        "os.getppid() == 10",
        "sleep 1",
        "ps aux | head -1",
        "kill $(cat /run/1.pid)",
        "if [ $# -eq 1 ]; then",
        "if [ $? -ne 1 ]; then",
        "skill 1",
        "python app.py --kill-after 1",
        "java -Dpid=1",
        "ps -ef",
        "lsof -i:8080",
    ],
)
def test_no_references(text: str) -> None:
    """Output that is sent to PID 1's files goes on working: an init inherits the same ones."""
    assert not refers_to_pid1(text)
