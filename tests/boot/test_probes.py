"""What a HEALTHCHECK leaves behind, through shells in shells and Python's own line."""

from __future__ import annotations

from pathlib import Path

import pytest

from initlint.boot.model import Trace
from initlint.rootfs.files import HostFiles
from initlint.subject import examine


def traced(tmp_path: Path, probe: str) -> Trace:
    (tmp_path / "Dockerfile").write_text(f'FROM python:3.12\nHEALTHCHECK {probe}\nCMD ["python", "/app.py"]\n')
    files = HostFiles()
    (subject,) = examine(files.source(str(tmp_path / "Dockerfile")), files).subjects
    return subject.trace


@pytest.mark.parametrize(
    ("probe", "found"),
    [
        ("CMD sleep 1000 & true", ["yes"]),
        ('CMD ["sh", "-c", "sleep 1000 & exit 0"]', ["yes"]),
        ("CMD sh -c 'sleep 1000 & exit 0'", ["yes"]),
        ("CMD bash -c 'sleep 1 & disown'", ["yes"]),
        ("CMD bash -lc 'sleep 1 & disown'", ["yes"]),
        ("CMD timeout 5 sh -c 'sleep 1000 &'", ["yes"]),
        ("CMD test -e /x && sh -c 'bash -c \"sleep 9 &\"'", ["yes"]),
        ('CMD ["timeout", "5", "sh", "-ec", "sleep 1000 &"]', ["yes"]),
        ("CMD sh -c 'sleep 1 & wait'", []),
        ("CMD sh -c 'curl -f localhost'", []),
        ("CMD echo 'sh -c \"sleep 1 &\"'", []),
        ('CMD ["curl", "localhost"]', []),
        ("NONE", []),
        ('CMD ["python", "-c", "import subprocess; subprocess.Popen([\'sleep\', \'1000\'])"]', ["yes"]),
        ("CMD python -c \"import subprocess; subprocess.Popen(['sleep', '1000'])\"", ["yes"]),
        ('CMD ["python", "-c", "import subprocess; subprocess.Popen([\'true\']).wait()"]', []),
        ('CMD ["python", "-c", "import subprocess; subprocess.run([\'true\'])"]', []),
    ],
)
def test_what_a_probe_leaves(probe: str, found: list[str], tmp_path: Path) -> None:
    evidence = traced(tmp_path, probe).probe_evidence
    assert [item.children for item in evidence if item.children == "yes"] == found, evidence
