"""Which shell reads the line of an npm script or of a make recipe, where something names another than sh."""

from __future__ import annotations

from pathlib import Path

import pytest

from initlint.rootfs.files import HostFiles
from initlint.subject import examine

NODE = "FROM node:22-bookworm\nWORKDIR /app\nCOPY . .\n"
PACKAGE = {"package.json": '{"scripts": {"start": "node s.js"}}',
           "s.js": "process.on('SIGTERM', () => process.exit(0));\nrequire('http').createServer().listen(1)\n"}  # fmt: skip
MAKE = "FROM debian:bookworm\nRUN apt-get update && apt-get install -y make python3\nWORKDIR /app\nCOPY . .\n"
RULE = "run:\n\texec python3 -m http.server 2>&1\n"
# On Debian npm and make lose the signal to dash, which stays; bash execs a plain command.
CASES = {
    "npm": (NODE + 'CMD ["npm", "start"]\n', PACKAGE, "sh", "no"),
    "npm with bash in .npmrc": (NODE + 'CMD ["npm", "start"]\n', {**PACKAGE, ".npmrc": "script-shell=/bin/bash\n"}, "bash", "yes"),
    "npm with bash by a variable": (NODE + 'ENV NPM_CONFIG_SCRIPT_SHELL=bash\nCMD ["npm", "start"]\n', PACKAGE, "bash", "yes"),
    "npm told in a RUN": (NODE + 'RUN npm config set script-shell /bin/bash\nCMD ["npm", "start"]\n', PACKAGE, "bash", "yes"),
    "npm told with =": (NODE + 'RUN npm config set script-shell=bash\nCMD ["npm", "start"]\n', PACKAGE, "bash", "yes"),
    "make": (MAKE + 'CMD ["make", "run"]\n', {"Makefile": "run:\n\tpython3 -m http.server 2>&1\n"}, "sh", None),
    "make with a shell": (MAKE + 'CMD ["make", "SHELL=/bin/bash", "run"]\n', {"Makefile": "SHELL = /bin/sh\n" + RULE}, "bash", None),
    "make that includes": (MAKE + 'CMD ["make", "run"]\n', {"Makefile": "include c.mk\n", "c.mk": "SHELL=/bin/bash\n" + RULE}, "bash", None),
}  # fmt: skip


@pytest.mark.parametrize(("dockerfile", "files", "shell", "stops"), CASES.values(), ids=CASES)
def test_the_shell_of_a_line(
    tmp_path: Path, dockerfile: str, files: dict[str, str], shell: str, stops: str | None
) -> None:
    """The chain names the shell; whether the program gets the stop signal follows from it."""
    for name, text in {**files, "Dockerfile": dockerfile}.items():
        (tmp_path / name).write_text(text)
    host = HostFiles()
    (subject,) = examine(host.source(str(tmp_path / "Dockerfile")), host).subjects
    outcome = subject.likely
    assert shell in [link.program for link in outcome.chain], [link.program for link in outcome.chain]
    assert stops is None or outcome.stops == stops, outcome.why
