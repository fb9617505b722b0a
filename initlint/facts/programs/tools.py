"""Small programs that keep a container alive, and programs known for the children they leave."""

from __future__ import annotations

from initlint.facts import ProgramFact, SignalEffect
from initlint.facts.programs._make import CHILD, NONE, Why, measured, undecided

_DEFAULT: dict[str, SignalEffect] = {"SIGTERM": "ignored", "SIGINT": "ignored"}
_TERM: dict[str, SignalEffect] = {"SIGTERM": "ignored"}
_NOTHING = "waits for no child"
_BROWSER: Why = ("yes", "a browser's helper processes are orphaned when the process that started them ends")


def _browser(name: str) -> ProgramFact:
    return undecided(name, "other", _BROWSER, f"{name} wasn't run as PID 1")


FACTS: dict[str, ProgramFact] = {
    "tail": measured(
        "tail",
        "other",
        "no",
        _NOTHING,
        _DEFAULT,
        NONE,
        "9.1-1",
        "Debian 12 apt: coreutils; busybox 1.35.0 alike for SIGTERM",
        "-f",
        handles_term=False,
    ),
    "sleep": measured(
        "sleep",
        "other",
        "no",
        _NOTHING,
        _DEFAULT,
        NONE,
        "9.1-1",
        "Debian 12 apt: coreutils; busybox 1.35.0 alike for SIGTERM",
        handles_term=False,
    ),
    "cat": measured(
        "cat", "other", "no", _NOTHING, _TERM, NONE, "9.1-1", "Debian 12 apt: coreutils", handles_term=False
    ),
    # It ignores SIGCHLD, so that the kernel reaps.
    "busybox httpd": measured(
        "httpd",
        "server",
        "yes",
        "ignores SIGCHLD, so that the kernel reaps",
        _TERM,
        CHILD,
        "1.35.0",
        "Debian 12 apt: busybox-static",
        "busybox -f",
        handles_term=False,
    ),
    "inotifywait": measured(
        "inotifywait",
        "other",
        "no",
        _NOTHING,
        _TERM,
        NONE,
        "3.22.6.0-4",
        "Debian 12 apt: inotify-tools",
        "-m",
        handles_term=False,
    ),
    **{
        name: _browser(name)
        for name in (
            "chrome",
            "chrome-headless-shell",
            "chromedriver",
            "chromium",
            "chromium-browser",
            "firefox",
            "geckodriver",
            "google-chrome",
            "google-chrome-stable",
            "headless-shell",
        )
    },
}
