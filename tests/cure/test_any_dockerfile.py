"""Whatever a Dockerfile is made of: a fix applies, keeps what it needn't change, and is the last one."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import get_args

from hypothesis import given, settings
from hypothesis import strategies as st

from initlint.cure.model import CureOptions, InitChoice, InstallChoice
from initlint.fixing.apply import apply
from initlint.fixing.propose import needs, propose
from initlint.rule import Fix

from .making import examination, write_project

BASES = (
    "debian:bookworm-slim",
    "debian:stretch",
    "ubuntu:24.04",
    "alpine:3.20",
    "node:22-alpine",
    "python:3.12",
    "scratch",
    "registry.example.com/base",
    "gcr.io/distroless/base",
    "busybox",
)
LINES = (
    "",
    "# a comment",
    "# hadolint ignore=DL3008",
    "RUN apt-get update && apt-get install -y python3 && rm -rf /var/lib/apt/lists/*",
    "RUN apt-get update \\\n && apt-get install -y \\\n    curl \\\n    # why\n    zip",
    "RUN apk add --no-cache python3",
    "RUN ls",
    "RUN <<EOF\nUSER nobody\nEOF",
    "USER app",
    "USER root",
    "USER $WHO",
    "ENV A=1",
    "WORKDIR /srv",
    "COPY app.py run.sh /",
    "COPY --chmod=644 run.sh /",
    "ONBUILD USER x",
    'ONBUILD CMD ["x"]',
    'SHELL ["/bin/bash", "-o", "pipefail", "-c"]',
    "HEALTHCHECK CMD kill -0 1",
    "STOPSIGNAL SIGINT",
)
STARTS = (
    'CMD ["python3", "/app.py"]',
    "CMD python3 /app.py",
    "CMD python3 /app.py $X",
    "CMD cd / && python3 /app.py # end",
    "CMD python3 /app.py | cat",
    'ENTRYPOINT ["/run.sh"]',
    'ENTRYPOINT [ "/run.sh" ]\nCMD ["python3", "/app.py"]',
    "ENTRYPOINT python3 $X /app.py",
    'ENTRYPOINT ["tini", "--", "/run.sh"]',
    "ENTRYPOINT ['python3', '/app.py']",
    'CMD ["sh", "-c", "python3 /app.py"]',
    "ENTRYPOINT []\nCMD sleep infinity",
    "",
)
SCRIPTS = (
    '#!/bin/sh\nexec "$@"\n',
    '#!/bin/sh\n"$@"\n',
    "#!/bin/sh\r\npython3 /app.py\r\n",
    "python3 /app.py\n",
    "#!/bin/bash\npython3 /w.py &\nexec python3 /app.py",
    "#!/bin/sh\ntrap 'echo x' EXIT\npython3 /app.py\n",
)
STAGE = st.tuples(st.sampled_from(BASES), st.lists(st.sampled_from(LINES), max_size=6), st.sampled_from(STARTS))


def dockerfile_of(stages: list[tuple[str, list[str], str]], inherits: bool) -> str:
    parts = []
    for index, (base, lines, start) in enumerate(stages):
        name = "s0" if inherits and index else base
        parts += [f"FROM {name} AS s{index}", *lines, *([start] if start else [])]
    return "\n".join(parts)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(STAGE, min_size=1, max_size=3),
    st.booleans(),
    st.sampled_from(SCRIPTS),
    st.booleans(),
    st.booleans(),
    st.booleans(),
    st.builds(
        CureOptions, init=st.sampled_from(get_args(InitChoice)), install=st.sampled_from(get_args(InstallChoice))
    ),
)
def test_any_dockerfile(
    stages: list[tuple[str, list[str], str]],
    inherits: bool,
    script: str,
    executable: bool,
    crlf: bool,
    last_newline: bool,
    options: CureOptions,
) -> None:
    """The bytes that a fix leaves are those that were there; a second run has nothing to add."""
    text = dockerfile_of(stages, inherits) + ("\n" if last_newline else "")
    if crlf and "<<EOF" not in text:
        text = text.replace("\n", "\r\n")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve()
        files = {"Dockerfile": text, "app.py": "import os\nos.fork()\n", "run.sh*" if executable else "run.sh": script}
        write_project(folder, files)
        for index, subject in enumerate(examination(folder).subjects):
            fix = propose(subject, needs(subject), options)
            if isinstance(fix, str):
                assert fix and "\n" not in fix
                continue
            changes = apply(fix.edits)
            before = subject.dockerfile.parsed.source.data
            change = changes.get(str(folder / "Dockerfile"))
            if change is not None:
                assert change.after.endswith(b"\n") == before.endswith(b"\n")
                assert (b"\r\n" in change.after) == (b"\r\n" in before)
                kept = [line for line in comments(change.after) if not line.startswith(SAID)]
                assert kept == comments(before)
                assert pragmas(change.after) == pragmas(before)
            for key, item in changes.items():
                Path(key).write_bytes(item.after)
            again = examination(folder).subjects[index]
            second = propose(again, needs(again), options)
            assert not isinstance(second, Fix) or second.applicability == "unsafe", second
            write_project(folder, files)


# Why a package isn't taken, where one would be looked for.
SAID = (b"# No package of ", b"# The package sources of ", b"# The distribution's own repositories ")


def comments(data: bytes) -> list[bytes]:
    return [line for line in data.splitlines() if line.lstrip().startswith(b"#")]


def pragmas(data: bytes) -> list[bytes]:
    """The line below each pragma, as far as its first word: a pragma stays with its instruction."""
    lines = data.splitlines()
    return [
        next((line.split()[0] for line in lines[at + 1 :] if line.strip() and not line.startswith(b"#")), b"")
        for at, line in enumerate(lines)
        if line.startswith(b"# hadolint")
    ]
