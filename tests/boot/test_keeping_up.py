"""`tail -f` and `sleep` as the last command: what the container is for was started before them."""

from __future__ import annotations

from pathlib import Path

import pytest

from .test_launchers import DEBIAN, Case, settle

INSTALLED = DEBIAN + "RUN apt-get update && apt-get install -y tini dumb-init redis-server\nCOPY s.sh /\n"
TRAPPED = "#!/bin/bash\n{}trap 'kill ${{!}}; exit 143' TERM\ntail -f /dev/null & wait ${{!}}\n"
DAEMON = "redis-server --daemonize yes\n"
PLAIN = "#!/bin/sh\n{}exec tail -f /dev/null\n"

CASES = [
    Case("an init ends tail, and the daemon is killed", INSTALLED + 'ENTRYPOINT ["tini", "--", "sh", "/s.sh"]\n',
         {"s.sh": PLAIN.format(DAEMON)}, "tini sh tail", "tini", "yes", "no", "tail only keeps the container up"),
    Case("nothing but tail", INSTALLED + 'ENTRYPOINT ["tini", "--", "sh", "/s.sh"]\n',
         {"s.sh": PLAIN.format("")}, "tini sh tail", "tini", "yes", "yes"),
    Case("the group may be the daemon's as well", INSTALLED + 'ENTRYPOINT ["dumb-init", "sh", "/s.sh"]\n',
         {"s.sh": PLAIN.format(DAEMON)}, "dumb-init sh tail", "dumb-init", "yes", "unknown"),
    Case("a trap ends tail, and may do more", INSTALLED + 'CMD ["bash", "/s.sh"]\n',
         {"s.sh": TRAPPED.format(DAEMON)}, "bash tail", "bash", "while-waiting", "unknown"),
    Case("a trap ends tail, which is all there is", INSTALLED + 'CMD ["bash", "/s.sh"]\n',
         {"s.sh": TRAPPED.format("")}, "bash tail", "bash", "while-waiting", "yes"),
    Case("a probe isn't what the container is for",
         INSTALLED + 'HEALTHCHECK CMD redis-cli ping & true\nCMD ["bash", "/s.sh"]\n',
         {"s.sh": TRAPPED.format("")}, "bash tail", "bash", "while-waiting", "yes"),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_what_was_started_before_counts(case: Case, tmp_path: Path) -> None:
    outcome = settle(tmp_path, case)
    assert (outcome.pid1, outcome.reaps, outcome.stops) == (case.pid1, case.reaps, case.stops), outcome.why
    assert case.why in " ".join(outcome.why)


@pytest.mark.parametrize(("lines", "sure"), [("COPY app.py .\n", True), ("RUN git clone https://e.org/x .\n", False)])
def test_an_unread_python_program_may_do_otherwise_on_sigint(lines: str, sure: bool, tmp_path: Path) -> None:
    """KeyboardInterrupt can be caught, and the interpreter waits for threads: only the source tells."""
    dockerfile = f'FROM python:3.12\nWORKDIR /app\n{lines}STOPSIGNAL SIGINT\nCMD ["python", "app.py"]\n'
    files = {"app.py": "import time\nwhile True:\n    time.sleep(1)\n"}
    outcome = settle(tmp_path, Case("", dockerfile, files, "python", "python", "no", "yes"))
    assert (outcome.stops, outcome.sure) == ("yes", sure), outcome.why
