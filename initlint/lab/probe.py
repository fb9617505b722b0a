"""The program that stands behind wrappers, inits and shells in an experiment.

It is copied beside a file named `log`, whose lines it writes: `pid N` once it stands, and
`signal NAME` for the signal that ends it. It imports nothing of ours and needs no site folder.
"""

from __future__ import annotations

import os
import signal
import sys
from types import FrameType


def main() -> None:
    log = os.open(os.path.join(os.path.dirname(os.path.abspath(sys.argv[0])), "log"), os.O_WRONLY | os.O_APPEND)

    def told(number: int, frame: FrameType | None) -> None:
        os.write(log, f"signal {signal.Signals(number).name}\n".encode())
        os._exit(0)

    for name in ("SIGTERM", "SIGINT", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2", "SIGWINCH"):
        signal.signal(getattr(signal, name), told)
    os.write(log, f"pid {os.getpid()}\n".encode())
    while True:
        signal.pause()


if __name__ == "__main__":
    main()
