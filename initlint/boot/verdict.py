"""What becomes of a settled container: does PID 1 reap, and does the stop signal stop it?

The stop signal is followed from PID 1 down the chain: an init or a forwarding wrapper hands
it to its child, a shell that stays doesn't, and a process that isn't PID 1 and has no handler
dies of it (the kernel drops signals for PID 1 alone).
"""

from __future__ import annotations

from collections.abc import Mapping

from initlint.boot.model import Link, ShellEnd, Trap
from initlint.facts import ProgramFact, Reaps, SignalEffect, Stops
from initlint.records import NamedTuple

# Inits that send SIGTERM to every process before they end, a few seconds before SIGKILL: my_init was
# measured (a shell without exec dies, its program still gets the signal and finishes), s6-overlay does so
# by its documentation.
TO_EVERYONE = frozenset(["my_init", "s6-overlay"])

# Inits that hand the signal to the whole process group of their child.
_GROUP_OPTIONS = {"tini": "g", "tini-static": "g", "docker-init": "g", "catatonit": "g"}

HARMLESS_SIGNALS = frozenset(["SIGWINCH", "SIGCHLD", "SIGCONT", "SIGURG"])

_NUMBERS = {
    1: "SIGHUP",
    2: "SIGINT",
    3: "SIGQUIT",
    6: "SIGABRT",
    9: "SIGKILL",
    10: "SIGUSR1",
    12: "SIGUSR2",
    13: "SIGPIPE",
    14: "SIGALRM",
    15: "SIGTERM",
    17: "SIGCHLD",
    18: "SIGCONT",
    28: "SIGWINCH",
    37: "SIGRTMIN+3",
}


def signal_name(text: str) -> str | None:
    """STOPSIGNAL's value in the form SIGNAME; None for what isn't a signal."""
    text = text.strip().upper()
    if not text:
        return "SIGTERM"
    if text.isdigit():
        number = int(text)
        if number in _NUMBERS:
            return _NUMBERS[number]
        return f"SIGRTMIN+{number - 34}" if 34 <= number <= 64 else None
    name = text if text.startswith("SIG") else f"SIG{text}"
    known = set(_NUMBERS.values()) | {"SIGILL", "SIGTRAP", "SIGBUS", "SIGFPE", "SIGSEGV", "SIGSTKFLT", "SIGSTOP",
                                      "SIGTSTP", "SIGTTIN", "SIGTTOU", "SIGURG", "SIGXCPU", "SIGXFSZ", "SIGVTALRM",
                                      "SIGPROF", "SIGIO", "SIGPOLL", "SIGPWR", "SIGSYS"}  # fmt: skip
    if name in known or name.startswith(("SIGRTMIN", "SIGRTMAX")):
        return name
    return None


_INIT_GROUP = "the init signals the whole group"


class Delivery(NamedTuple):
    """What a signal does in the end, and where on its way it was decided."""

    effect: SignalEffect | None  # None: not known
    at: int  # the link in the chain that decided
    why: str


def deliver(chain: tuple[Link, ...], first: int, main: int, signal: str) -> Delivery:
    """Follow `signal` from the chain's link `first` (PID 1) to the main program at `main`."""
    index = first
    group = ""
    sent = signal
    while True:
        link = chain[index]
        is_pid1 = index == first
        following = _next_process(chain, index, main)
        if link.shell is not None and link.stays:
            step = _through_shell(link, signal, is_pid1=is_pid1, is_main=index == main)
        elif index == main or following is None:
            if group:
                link = link._replace(mistakes=())  # its child gets the signal from the init
            if signal != sent and _cleans_up(link, sent) and not _cleans_up(link, signal):
                why = f"{link.process_name} gets {signal}, and has a handler for {sent} alone"
                return Delivery("kills", index, why)
            return _to_program(link, index, signal, is_pid1=is_pid1)
        else:
            step = _through_parent(link, signal, is_pid1=is_pid1)
        reaches = step.effect in ("kills", "ignored") or (index != main and _outlasts(link, signal))
        if group and not is_pid1 and reaches:
            # An init ends with its child; a supervisor that signals the group waits for what is in it.
            cut_short = step.effect == "kills" and group == _INIT_GROUP
            return _through_group(chain[main], main, signal, link if cut_short else None, group)
        if step.effect == "kills" and following == main and _passed_on(link, signal):
            program = chain[main]
            if _ends_at_once(program, signal):
                why = f"{link.process_name} passes {signal} on, and {program.process_name} ends on it at once"
                return Delivery("exits", main, why)
        if step.effect != "forwards" or following is None:
            return Delivery(step.effect, index, step.why)
        if link.kind == "init" and passes_to_group(link):
            group = group or _INIT_GROUP
        elif link.to_group:
            group = group or f"{link.process_name} signals the whole group"
        elif is_pid1 and link.fact is not None and link.fact.name in TO_EVERYONE:
            group = group or f"{link.program} signals every process before it ends"
        signal = link.tells or signal
        index = following


def _through_group(program: Link, main: int, signal: str, first: Link | None, group: str) -> Delivery:
    """The whole group got the signal, the program too; `first` is a process above it that ends at once,
    `group` says who signals the group."""
    reached = _to_program(program, main, signal, is_pid1=False)
    handles = program.fact is not None and program.fact.effects.get(signal) == "exits"
    if first is not None and handles and reached.effect == "exits":
        # The init ends as soon as its child has, and the kernel kills what is left: measured.
        why = f"{program.program} gets {signal} too, but {first.process_name} ends before it has finished"
        return Delivery("kills", main, why)
    return reached._replace(why=f"{group}, so that {program.program} gets it too")


def _cleans_up(link: Link, signal: str) -> bool:
    """Whether a program has a handler of its own for a signal."""
    return link.fact is not None and link.fact.kind == "runtime" and link.fact.effects.get(signal) == "exits"


def _outlasts(link: Link, signal: str) -> bool:
    """Whether a shell has a trap for the signal that does no more than let it wait on."""
    trap = trap_for(link.shell_end, signal)
    return trap is not None and not trap.exits and trap.waits_again


def _passed_on(link: Link, signal: str) -> bool:
    trap = trap_for(link.shell_end, signal)
    return trap is not None and trap.forwards


def _ends_at_once(program: Link, signal: str) -> bool:
    """Whether a program that isn't PID 1 leaves the signal to the kernel: it has no cleanup to be cut short."""
    fact = program.fact
    return (
        fact is not None
        and fact.kind == "other"
        and not fact.handles_term
        and fact.effects.get(signal) == "ignored"
        and not _ignores_by_itself(fact, signal)
    )


class _Step(NamedTuple):
    effect: SignalEffect | None
    why: str


def _next_process(chain: tuple[Link, ...], index: int, main: int) -> int | None:
    """The process below `index`: links that were replaced by exec are no processes any more."""
    for at in range(index + 1, main + 1):
        if chain[at].stays or at == main:
            return at
    return None


def passes_to_group(link: Link) -> bool:
    """Whether an init is told to signal its child's whole process group."""
    if link.told_group is not None:
        return link.told_group
    if link.fact is not None and link.fact.name == "pyinit":
        return link.fact.variant == "-g"
    name = link.process_name
    argv = link.interpreter_argv if link.interpreter else link.argv
    if name == "dumb-init":
        for at, word in enumerate(argv[1:], start=1):
            letters = "" if word.startswith("--") or not word.startswith("-") else word[1:].partition("r")[0]
            if word == "--single-child" or "c" in letters:
                return False
            if word == "--" or not (word.startswith("-") or argv[at - 1] in ("-r", "--rewrite")):
                break
        return True
    letter = _GROUP_OPTIONS.get(name)
    if letter is None:
        return False
    for word in argv[1:]:
        if word == "--" or not word.startswith("-"):
            return False
        if letter in word[1:] and not word.startswith("--"):
            return True
    return False


def told_by_environment(name: str, variables: Mapping[str, str | None]) -> bool | None:
    """Whether the environment tells an init to signal the group: tini's variable counts whatever its value is,
    of dumb-init's only 0 does (each tried: tini 0.19.0, dumb-init 1.2.5)."""
    if name == "dumb-init":
        return False if variables.get("DUMB_INIT_SETSID") == "0" else None
    if name in ("tini", "tini-static", "docker-init"):
        return True if "TINI_KILL_PROCESS_GROUP" in variables else None
    return None


GROUP_OPTIONS = {"tini": "-g", "tini-static": "-g", "catatonit": "-g", "dumb-init": "without --single-child"}


def reaches_as_group(chain: tuple[Link, ...], first: int, main: int, signal: str) -> bool:
    """Whether the stop signal would end the main program if the init in front signalled the whole group."""
    init = chain[first]
    if init.kind != "init" or init.program not in GROUP_OPTIONS or passes_to_group(init):
        return False
    changed = (*chain[:first], init._replace(told_group=True), *chain[first + 1 :])
    return stops(deliver(changed, first, main, signal).effect) == "yes"


def is_subreaper(link: Link, variables: Mapping[str, str | None]) -> bool:
    """Whether a tini is told to be a subreaper: `-s`, or its variable, which counts whatever its value is
    (krallin/tini@369448a167e8:src/tini.c#L404)."""
    if link.kind != "init" or not link.program.startswith("tini"):
        return False
    own = link.argv[1 : link.argv.index("--")] if "--" in link.argv else link.argv[1:2]
    asked = any(word.startswith("-") and not word.startswith("--") and "s" in word for word in own)
    return asked or "TINI_SUBREAPER" in variables


def _through_shell(link: Link, signal: str, *, is_pid1: bool, is_main: bool) -> _Step:
    end = link.shell_end
    name = link.process_name
    trap = trap_for(end, signal)
    if trap is not None and trap.action == "":
        return _Step("ignored", f"{name} was told to ignore {signal}")
    if trap is not None and end is not None:
        waiting = end.stays is not None and end.stays.how == "wait"
        if not waiting and end.argv:
            return _Step("ignored", f"{name} runs its trap only when {end.argv[0]} has ended")
        if end.stays is not None and end.stays.endless and not trap.exits and not trap.hits_itself:
            return _Step("ignored", f"{name} runs its trap for {signal}, and then goes on with its loop")
        if trap.forwards and trap.waits_again:
            return _Step("forwards", f"{name} passes {signal} on and waits for the program")
        if trap.forwards:
            return _Step("kills", f"{name} passes {signal} on, but ends before the program has finished")
        if is_main:
            return _Step("exits" if trap.exits else None, f"{name} has a trap for {signal}")
        effect: SignalEffect | None = "kills" if trap.exits or (trap.idle and not trap.waits_again) else None
        if trap.idle and trap.waits_again and not trap.exits:
            effect = "ignored"
        return _Step(effect, f"{name} has a trap for {signal} that doesn't pass it on")
    if is_pid1:
        return _Step("ignored", f"{name} has no handler for {signal}, and the kernel drops it for PID 1")
    if is_main:
        return _Step("exits", f"{name} isn't PID 1 and ends on {signal}")
    return _Step("kills", f"{name} ends on {signal} without passing it on")


def trap_for(end: ShellEnd | None, signal: str) -> Trap | None:
    """The trap that is in force for a signal, the last one set; None when there is none."""
    found: Trap | None = None
    for trap in end.traps if end is not None else ():
        if any(signal_name(name) == signal for name in trap.signals if name not in ("EXIT", "0", "ERR", "DEBUG")):
            found = trap
    return found


def _through_parent(link: Link, signal: str, *, is_pid1: bool) -> _Step:
    """An init or wrapper that stays in front of its child."""
    fact = link.fact
    if fact is None:
        return _Step(None, f"whether {link.program} passes {signal} on isn't known")
    effect = fact.effects.get(signal)
    if effect is None and fact.kind == "init" and fact.effects.get("SIGTERM") == "forwards":
        effect = "forwards"
    if effect == "exits":
        effect = "kills"
    if effect == "ignored" and not is_pid1 and not fact.handles_term:
        return _Step("kills", f"{link.program} ends on {signal} without passing it on")
    if effect is None and signal in HARMLESS_SIGNALS and link.kind != "init":
        return _Step("ignored", f"{signal} ends nothing by default")
    if effect is None:
        return _Step(None, f"what {link.program} does on {signal} wasn't measured")
    words = {
        "forwards": f"{link.program} passes {signal} on",
        "ignored": f"{link.program} doesn't react to {signal}",
        "kills": f"{link.program} ends on {signal} without passing it on",
        "reloads": f"{link.program} reloads on {signal}",
    }
    return _Step(effect, words[effect])


def _to_program(link: Link, index: int, signal: str, *, is_pid1: bool) -> Delivery:
    fact = link.fact
    name = link.process_name
    if link.shell is not None and not link.stays:
        fact = None
    if fact is not None:
        effect = fact.effects.get(signal)
        if effect is not None:
            if effect == "ignored" and not is_pid1 and not _ignores_by_itself(fact, signal):
                if signal in HARMLESS_SIGNALS:
                    return Delivery("ignored", index, f"{signal} ends nothing by default")
                if any(mistake.kind == "drops-signals" for mistake in link.mistakes):
                    return Delivery("kills", index, f"{name} ends on {signal} without passing it on to its child")
                return Delivery("exits", index, f"{name} isn't PID 1 and ends on {signal}")
            if effect == "ignored":
                when = "" if signal in fact.refused else " as PID 1"
                return Delivery("ignored", index, f"{name} doesn't react to {signal}{when}")
            if effect == "reloads":
                return Delivery("reloads", index, f"{name} reloads on {signal}")
            if effect == "kills":
                child = " to its child" if fact.keeps_child else ""
                return Delivery("kills", index, f"{name} ends on {signal} without passing it on{child}")
            return Delivery(effect, index, f"{name} ends on {signal}")
        if is_pid1:
            if signal in HARMLESS_SIGNALS:
                return Delivery("ignored", index, f"{signal} ends nothing by default")
            return Delivery(None, index, f"what {name} does on {signal} as PID 1 wasn't measured")
    if is_pid1:
        return Delivery(None, index, f"what {name} does on {signal} isn't known")
    if fact is None:
        return Delivery(None, index, f"whether {name} handles {signal} isn't known")
    if signal in HARMLESS_SIGNALS:
        return Delivery("ignored", index, f"{signal} ends nothing by default")
    return Delivery("exits", index, f"{name} isn't PID 1 and ends on {signal}")


def _ignores_by_itself(fact: ProgramFact, signal: str) -> bool:
    """Whether the program has a handler of its own that keeps it alive on the signal."""
    if signal in fact.refused:
        return True
    return signal == "SIGTERM" and bool(fact.handles_term) and fact.kind not in ("runtime", "shell")


def stops(effect: SignalEffect | None) -> Stops:
    """design §5: yes where the stop signal reaches the main program and ends it."""
    if effect is None:
        return "unknown"
    return "yes" if effect in ("exits", "forwards") else "no"


def reaps_of(link: Link) -> tuple[Reaps, str]:
    """Whether a process reaps as PID 1, and what that is known from."""
    if link.shell is not None and link.stays:
        end = link.shell_end
        if end is not None and end.stays is not None and not end.stays.reaps_meanwhile:
            return "no", f"{link.process_name} doesn't reap in that state"
        return "while-waiting", f"{link.process_name} reaps while it waits for a command"
    if link.fact is None:
        return "unknown", f"whether {link.process_name} reaps isn't known"
    return link.fact.reaps, sentence(link.process_name, link.fact.reaps_why)


def sentence(name: str, why: str) -> str:
    """A reason with the program's name as its subject, where it hasn't one of its own."""
    first, _, rest = why.partition(" ")
    if first == "it":
        return f"{name} {rest}"
    if first in ("waits", "reaps", "takes", "ends", "crashes"):
        return f"{name} {why}"
    return why if not why or why.startswith(name.rstrip("0123456789.")) else f"{name}: {why}"
