"""`initlint check` starts fast: what it doesn't need isn't imported."""

from __future__ import annotations

import subprocess
import sys

from cli.conftest import Project
from cli.projects import NGINX

SLOW = (
    "asyncio",
    "difflib",
    "docker",
    "email",
    "hashlib",
    "importlib.metadata",
    "initlint.cli.fix",
    "initlint.cli.trace",
    "initlint.fixing",
    "initlint.report.sarif",
    "initlint.suppression",
    "pathspec",
    "requests",
    "shutil",
    "subprocess",
    "tomli",
    "tomllib",
    "tree_sitter",
    "tree_sitter_bash",
)


def test_a_clean_dockerfile_takes_little(project: Project) -> None:
    project(NGINX)
    code = "import sys; from initlint.cli import run; code = run(['check']); print(*sys.modules); sys.exit(code)"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert [name for name in SLOW if name in ended.stdout.split()] == []
