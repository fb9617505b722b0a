"""The process tree of an outcome as a small picture: `tini ─ sh start.sh ─ python app.py`."""

from __future__ import annotations

from collections.abc import Iterable

from initlint.boot.model import Link, Outcome, is_known
from initlint.records import NamedTuple

_WIDEST = 60


class _Process(NamedTuple):
    text: str
    first: int  # the entries of the chain that this process ran, one after the other
    last: int


def picture(outcome: Outcome) -> list[str]:
    """The processes once the container has settled, PID 1 first; none where nothing settles."""
    if outcome.pid1_link is None:
        return []
    processes = _processes(outcome)
    jobs = _jobs(outcome, processes)
    if not jobs:
        return [" ─ ".join(process.text for process in processes)]
    parent, names = jobs
    if parent + 1 < len(processes):
        names = [" ─ ".join(process.text for process in processes[parent + 1 :]), *names]
    head = " ─ ".join(process.text for process in processes[: parent + 1])
    if len(names) == 1:
        return [f"{head} ─ {names[0]}"]
    indent = " " * (len(head) + 2)
    return [f"{head} ─┬─ {names[0]}", *(f"{indent}├─ {name}" for name in names[1:-1]), f"{indent}└─ {names[-1]}"]


def signal_note(outcome: Outcome, signal: str) -> str:
    """What becomes of the stop signal, where it isn't what one wants."""
    pid1 = outcome.pid1_process
    if pid1 is None or outcome.stops != "no":
        return ""
    main = outcome.main
    below = "" if main is None or main is pid1 else main.process_name
    match outcome.stop_effect:
        case "ignored":
            return f"{signal} ends at {outcome.pid1}, {below} never gets it" if below else f"{signal} is ignored"
        case "reloads":
            return f"{signal} makes {outcome.pid1} reload"
        case "kills":
            return f"{signal} ends {outcome.pid1}, and {below or 'the program'} is killed without getting it"
        case _:
            return f"{signal} doesn't stop it"


def command(link: Link) -> str:
    """A process as `ps` would show it: a script behind its interpreter."""
    words = list(link.argv)
    if link.interpreter is not None and link.interpreter != link.program:
        words = [link.interpreter, *(words or [link.program])]
    return _cut(typed(words) or link.program)


def typed(words: Iterable[str]) -> str:
    """Words as one would type them: in quotes where they hold blanks."""
    return " ".join(_word(word) for word in words)


def _word(word: str) -> str:
    if word and (not is_known(word) or not any(char in " \t\n" for char in word)):
        return word
    text = " ".join(word.split())
    return f"'{text}'" if "'" not in text else f'"{text}"'


def _cut(text: str) -> str:
    return text if len(text) <= _WIDEST else text[: _WIDEST - 1] + "…"


def _processes(outcome: Outcome) -> list[_Process]:
    assert outcome.pid1_link is not None
    found: list[_Process] = []
    for index in range(outcome.pid1_link, len(outcome.chain)):
        link = outcome.chain[index]
        if link.step == "child" or not found:
            found.append(_Process(command(link), index, index))
        else:
            found[-1] = _Process(command(link), found[-1].first, index)
    return found


def _jobs(outcome: Outcome, processes: list[_Process]) -> tuple[int, list[str]] | None:
    """Background jobs, below the process whose image, now or before, started them."""
    if not outcome.jobs:
        return None
    starter = outcome.jobs[0][0]
    index = next((index for index, link in enumerate(outcome.chain) if link is starter), outcome.pid1_link or 0)
    parent = 0
    for number, process in enumerate(processes):
        if process.first <= index:
            parent = number
    names = [_cut(typed(job.argv) or "a background job") + " &" for _, job in outcome.jobs]
    return parent, names
