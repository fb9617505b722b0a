"""How fast initlint reads a folder's Dockerfiles, and how long it takes to start.

    python -m benchmarks.check FOLDER

Every Dockerfile below FOLDER is read through to its traces in this one process, scripts
followed, on one core. The second round shows what scripts that are kept in memory save, which is
little in a folder with many more scripts than are kept.

The cold start is that of `initlint --version` and of `initlint check` on one Dockerfile without
scripts, in exec form and in shell form, told as a ratio to `python -c "import click,
dockerfile_parse"`: all are measured in turn in the same run, and the fastest of several is
taken, so that the ratio says something on any machine. An editable installation has a slower
interpreter start, which flatters the ratio.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from initlint.rootfs.files import HostFiles
from initlint.subject import examine
from initlint.text import InputError

ROUNDS = 2
STARTS = 9
DOCKERFILE = "FROM debian:12\nRUN apt-get update && apt-get install -y nginx\nCOPY site /var/www/\nCMD {}\n"
FORMS = {"exec form": '["nginx", "-g", "daemon off;"]', "shell form": "nginx -g 'daemon off;'"}
YARDSTICK = ("-c", "import click, dockerfile_parse")


def dockerfiles(folder: Path) -> list[str]:
    """By their usual names: Dockerfile, Dockerfile.NAME, NAME.Dockerfile, Containerfile."""
    return sorted(
        str(path)
        for path in folder.rglob("*")
        if path.name.startswith(("Dockerfile", "Containerfile")) or path.suffix == ".Dockerfile"
        if path.is_file()
    )


def read(paths: list[str]) -> tuple[float, int]:
    """CPU seconds for all of them, and how many couldn't be parsed."""
    files = HostFiles()
    refused = 0
    started = time.process_time()
    for path in paths:
        try:
            examine(files.source(path), files)
        except InputError:
            refused += 1
    return time.process_time() - started, refused


def start(*arguments: str) -> float:
    started = time.perf_counter()
    subprocess.run([sys.executable, *arguments], check=False, capture_output=True)
    return time.perf_counter() - started


def main(folder: str) -> None:
    paths = dockerfiles(Path(folder))
    if not paths:
        sys.exit(f"no Dockerfile below {folder}")
    for number in range(1, ROUNDS + 1):
        seconds, refused = read(paths)
        note = f", {refused} of them can't be parsed" if refused else ""
        print(f"round {number}: {len(paths)} Dockerfiles in {seconds:.2f} s CPU: {len(paths) / seconds:.0f}/s{note}")
    with tempfile.TemporaryDirectory() as folder:
        commands: dict[str, tuple[str, ...]] = {"--version": ("-m", "initlint", "--version")}
        for form, start_command in FORMS.items():
            path = Path(folder, f"Dockerfile.{form.split()[0]}")
            path.write_text(DOCKERFILE.format(start_command))
            commands[f"check, {form}"] = ("-m", "initlint", "check", str(path))
        times: dict[str, list[float]] = {"yardstick": [], **{name: [] for name in commands}}
        for _ in range(STARTS):
            times["yardstick"].append(start(*YARDSTICK))
            for name, command in commands.items():
                times[name].append(start(*command))
    yardstick = min(times.pop("yardstick"))
    print(f"yardstick: python {YARDSTICK[0]} {YARDSTICK[1]!r}: {yardstick * 1000:.0f} ms")
    for name, measured in times.items():
        print(f"initlint {name}: {min(measured) * 1000:.0f} ms, {min(measured) / yardstick:.2f} of the yardstick")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
