"""Code that stands in the command itself is read as a file's is."""

from __future__ import annotations

from pathlib import Path

import pytest

from .test_launchers import Case, settle

PYTHON = "FROM python:3.12\nCOPY . /\n"
NODE = "FROM node:22\n"
RUBY = "FROM ruby:3.3\n"
PHP = "FROM php:8.3-cli\n"
PERL = "FROM debian:bookworm\n"
HANDLED = "import signal, sys, time; signal.signal(signal.SIGTERM, lambda *_: sys.exit(0)); time.sleep(9000)"


CASES: list[tuple[str, str, str, str, str, bool]] = [
    # title, Dockerfile, pid1, stops, children, sure
    ("python waits", PYTHON + 'CMD ["python3", "-c", "import time; time.sleep(9000)"]\n', "python3", "no", "no", True),
    ("python handles", PYTHON + f'CMD ["python3", "-c", "{HANDLED}"]\n', "python3", "yes", "no", True),
    ("python behind exec", PYTHON + "CMD exec python3 -c 'import time; time.sleep(9000)'\n", "python3", "no", "no", True),
    ("python starts a child",
     PYTHON + 'CMD ["python3", "-c", "import subprocess, time; subprocess.Popen(\'a & b\', shell=True); time.sleep(9000)"]\n',
     "python3", "no", "yes", True),
    ("python ends", PYTHON + 'CMD ["python3", "-c", "print(1)"]\n', "none", "unknown", "unknown", True),
    ("python becomes another",
     PYTHON + """RUN apt-get install -y redis-server\nCMD ["python3", "-c", "import os; os.execvp('redis-server', ['redis-server'])"]\n""",
     "redis-server", "yes", "unlikely", True),
    ("python of its own modules", PYTHON + 'CMD ["python3", "-c", "import app; app.go()"]\n',
     "python3", "yes", "no", True),
    ("in front of a wait", PYTHON + "CMD python3 -c 'import time; time.sleep(9000)'; sleep infinity\n",
     "sh", "no", "no", True),
    ("node serves", NODE + """CMD ["node", "-e", "require('http').createServer().listen(80)"]\n""",
     "node", "no", "no", True),
    ("node handles",
     NODE + """CMD ["node", "-e", "process.on('SIGTERM', () => process.exit(0)); setInterval(() => {}, 9)"]\n""",
     "node", "yes", "no", True),
    ("ruby waits", RUBY + 'CMD ["ruby", "-e", "loop { sleep 1 }"]\n', "ruby", "yes", "no", True),
    ("ruby handles", RUBY + """CMD ["ruby", "-e", "trap('TERM') { exit }; sleep"]\n""", "ruby", "yes", "no", True),
    ("php waits", PHP + 'CMD ["php", "-r", "while (true) sleep(1);"]\n', "php", "no", "no", True),
    ("perl waits", PERL + 'CMD ["perl", "-e", "sleep 1 while 1"]\n', "perl", "no", "no", True),
    ("perl handles", PERL + 'CMD ["perl", "-e", "$SIG{TERM} = sub { exit 0 }; sleep 1 while 1"]\n',
     "perl", "yes", "no", True),
    ("perl with a library", PERL + 'CMD ["perl", "-MSome::Server", "-e", "run()"]\n', "perl", "unknown", "unknown", True),
    ("two pieces", RUBY + 'CMD ["ruby", "-e", "trap(\'TERM\') { exit }", "-e", "sleep"]\n', "ruby", "yes", "unknown", True),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case[0])
def test_code_in_the_command(case: tuple[str, str, str, str, str, bool], tmp_path: Path) -> None:
    _, dockerfile, pid1, stops, children, sure = case
    files = {"app.py": "import signal, sys, time\ndef go():\n    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))\n"
                       "    time.sleep(9000)\n"}  # fmt: skip
    outcome = settle(tmp_path, Case("", dockerfile, files, "", pid1, "", ""))
    found = (outcome.pid1, outcome.stops, outcome.children, outcome.sure)
    assert found == (pid1, stops, children, sure), outcome.why
    assert all(item.span is None or item.span.source.name.endswith("Dockerfile") for item in outcome.evidence)
