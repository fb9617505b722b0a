"""What pyinit costs beside tini and dumb-init: time to start, time to reap, memory.

    python -m benchmarks.inits                  # as root on Linux, for PID namespaces
    python -m benchmarks.inits /usr/bin/python3.12 …

All are measured in turn in the same run, and the fastest of several is taken, so that the ratios
say something on any machine; the machine's own noise is in the absolute numbers. Start-up is the
time from the start of an init to the end of `true` behind it, less that of `true` alone. Memory
is that of PID 1 once its program runs: RSS counts pages that it shares with others in full, PSS
in proportion; a Python program behind pyinit shares the interpreter's pages with it.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

PYINIT = Path(__file__).parents[1] / "initlint/pyinit.py"
STARTS = 40
WAVES, ORPHANS = 10, 1000
PATIENCE = 120.0
# WAVES times ORPHANS end at one moment. Says how long it took until all were gone, and what of that PID 1 ran itself.
STORM = """
import os, sys, time
def used():
    with open("/proc/1/schedstat") as stream:
        return int(stream.read().split()[0]) / 1e9
wall = cpu = 0
for _ in range(int(sys.argv[1])):
    read, write = os.pipe()
    if not os.fork():
        os.close(write)
        for _ in range(int(sys.argv[2])):
            if not os.fork():
                os.read(read, 1)
                os._exit(0)
        os._exit(0)
    os.wait()
    os.close(read)
    before, started = used(), time.perf_counter()
    os.close(write)
    while sum(name.isdigit() for name in os.listdir("/proc")) > 2:
        if time.perf_counter() - started > 60:
            sys.exit("they aren't reaped")
    wall += time.perf_counter() - started
    cpu += used() - before
print(wall, cpu)
"""


def commands(pythons: Sequence[str]) -> dict[str, list[str]]:
    """Each init by a name for it, as far as it is installed."""
    found = {}
    for name in ("tini", "dumb-init"):
        path = shutil.which(name)
        if path:
            found[name] = [path, "--"]
    for python in pythons:
        label = subprocess.run([python, "-V"], capture_output=True, text=True, check=True).stdout.split()[1]
        found[f"pyinit, Python {label}, -I -S"] = [python, "-I", "-S", str(PYINIT), "--"]
        found[f"pyinit, Python {label}"] = [python, str(PYINIT), "--"]
    return found


def in_namespace(command: Sequence[str], **options: object) -> subprocess.Popen[str]:
    words = ["unshare", "--fork", "--pid", "--mount-proc", "--kill-child", *command]
    return subprocess.Popen(words, stdout=subprocess.PIPE, text=True, **options)  # type: ignore[call-overload, no-any-return]


def start(command: Sequence[str]) -> float:
    """Seconds until `true` behind an init, as PID 1, has ended."""
    started = time.perf_counter()
    with in_namespace([*command, "/bin/true"]) as process:
        process.wait()  # with a timeout it would ask again and again, at growing distances
    return time.perf_counter() - started


def reap(command: Sequence[str]) -> tuple[float, float]:
    """Seconds until all orphans are gone, and CPU seconds of PID 1."""
    with in_namespace([*command, sys.executable, "-ISc", STORM, str(WAVES), str(ORPHANS)]) as process:
        wall, cpu = process.communicate(timeout=PATIENCE)[0].split()
        return float(wall), float(cpu)


def memory(command: Sequence[str]) -> tuple[int, int]:
    """RSS and PSS of PID 1 in KiB."""
    script = "cat /proc/1/smaps_rollup; :"
    with in_namespace([*command, "sh", "-c", script]) as process:
        shown = process.communicate(timeout=PATIENCE)[0]
    numbers = dict(re.findall(r"^(Rss|Pss): +(\d+) kB", shown, re.MULTILINE))
    return int(numbers["Rss"]), int(numbers["Pss"])


def main(pythons: Sequence[str]) -> None:
    inits = commands(pythons)
    if "tini" not in inits:
        sys.exit("tini isn't installed: it is what the others are compared with")
    starts: dict[str, list[float]] = {"none": [], **{name: [] for name in inits}}
    storms: dict[str, list[tuple[float, float]]] = {name: [] for name in inits}
    for _ in range(STARTS):
        for name, times in starts.items():
            times.append(start(inits.get(name, [])))
    for _ in range(3):
        for name, times in storms.items():
            times.append(reap(inits[name]))
    alone = min(starts.pop("none"))
    first = min(cpu for _, cpu in storms["tini"])
    print(f"{'':30}{'start-up':>11}{f'{WAVES * ORPHANS} orphans':>16}{'CPU':>11}{'of tini':>9}{'RSS':>11}{'PSS':>11}")
    for name in inits:
        rss, pss = memory(inits[name])
        begun = (min(starts[name]) - alone) * 1000
        wall, cpu = (min(values) for values in zip(*storms[name], strict=True))
        print(
            f"{name:30}{begun:8.1f} ms{wall * 1000:13.0f} ms{cpu * 1000:8.0f} ms{cpu / first:9.2f}"
            f"{rss:7} KiB{pss:7} KiB",
        )


if __name__ == "__main__":
    main(sys.argv[1:] or ["/usr/bin/python3"])
