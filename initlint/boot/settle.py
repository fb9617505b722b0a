"""Turns a chain that has come to its end into an outcome with its verdict."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from initlint.boot.daemons import ends_alone
from initlint.boot.model import Evidence, Job, Link, Outcome, StartProblem
from initlint.boot.state import State
from initlint.boot.verdict import deliver, passes_to_group, reaps_of, signal_name, stops
from initlint.facts import Children, Stops
from initlint.facts.programs import with_sigchld_ignored
from initlint.targets.container import Container, Unresolved

_NONE: Mapping[str, str] = MappingProxyType({})
CHILDREN_RANK: dict[Children, int] = {"no": 0, "unlikely": 1, "unknown": 2, "yes": 3}


def undecided(
    container: Container,
    state: State,
    why: str,
    link: Link | None = None,
    *,
    pid1: str = "unknown",
    problem: StartProblem | None = None,
) -> Outcome:
    """An outcome without a verdict: PID 1 is unknown, or (`none`) nothing keeps running.

    Where an init or a shell already stands in front of what is unknown, that one is PID 1 and
    only what is behind it stays open.
    """
    chain = state.chain if link is None else (*state.chain, link)
    problems = state.problems if problem is None else (*state.problems, problem)
    if problems:
        pid1 = "none"
    first = next((at for at, item in enumerate(state.chain) if item.stays), None)
    if first is not None and pid1 == "unknown":
        return _verdict(container, state, chain, first, None, extra=(why,), sure=False)
    return Outcome(
        when=state.when,
        likely=state.likely,
        chain=chain,
        pid1=pid1,
        kind="unknown",
        reaps="unknown",
        stops="unknown",
        children="unknown",
        sure=(pid1 == "none" and not state.doubts),
        why=(*state.doubts, why),
        pid1_link=None,
        main_link=None,
        stop_effect=None,
        evidence=state.evidence,
        problems=problems,
        jobs=_jobs(state, chain),
        environment=state.environment,
    )


def settle(
    container: Container,
    state: State,
    link: Link,
    *,
    program_unread: str = "",
    main_unknown: str = "",
    programs_followed: bool = False,
    launches: str = "",
    open_stops: Mapping[str, str] = _NONE,
    unsure_stops: Mapping[str, str] = _NONE,
) -> Outcome:
    """The outcome in which `link` is the main program (or, with `main_unknown`, the last that is known).

    `program_unread`: an interpreter's program couldn't be read, so that a handler of its own
    can't be excluded. `programs_followed`: those that a supervisor starts are looked at one by one. `launches`:
    why a program's stop is up to others that it starts. `open_stops`, `unsure_stops`: by signals, why it isn't
    known, or not certain, that the program's own handler ends it.
    """
    if state.problems:
        return undecided(container, state, state.problems[0].why, link)
    if state.sigchld_ignored and link.fact is not None and not link.stays:
        link = link._replace(fact=with_sigchld_ignored(link.fact))
    chain = (*state.chain, link)
    last = len(chain) - 1
    first = next((at for at, item in enumerate(chain) if item.stays), last)
    main = None if main_unknown else last
    extra = tuple(reason for reason in (main_unknown, program_unread) if reason)
    return _verdict(
        container,
        state,
        chain,
        first,
        main,
        extra=extra,
        sure=True,
        program_unread=bool(program_unread),
        followed=programs_followed,
        launches=launches,
        open_stops=open_stops,
        unsure_stops=unsure_stops,
    )


def _verdict(
    container: Container,
    state: State,
    chain: tuple[Link, ...],
    first: int,
    main: int | None,
    *,
    extra: tuple[str, ...],
    sure: bool,
    program_unread: bool = False,
    followed: bool = False,
    launches: str = "",
    open_stops: Mapping[str, str] = _NONE,
    unsure_stops: Mapping[str, str] = _NONE,
) -> Outcome:
    pid1 = chain[first]
    why: list[str] = []
    doubts = list(state.doubts)
    if isinstance(container.stop_signal, Unresolved):
        doubts.append("the base image's STOPSIGNAL isn't known, SIGTERM was taken")
    for link in chain:
        if link.why:
            why.append(link.why)
        if link.fact is not None and not link.fact.measured and (link is pid1 or link is chain[-1]):
            doubts.append(f"{link.process_name} wasn't measured: {link.fact.source}")
    reaps, reaps_why = reaps_of(pid1)
    if reaps_why:
        why.append(reaps_why)
    effect, stopped, stop_why = _stop(container, chain, first, main, unread=program_unread)
    if launches and stopped == "yes":
        effect, stopped, stop_why = None, "unknown", launches
        doubts.append(f"the programs that {chain[-1].program} starts weren't followed")
    signal = "SIGTERM" if isinstance(container.stop_signal, Unresolved) else signal_name(container.stop_signal.value)
    if stopped == "yes" and signal is not None and signal in open_stops:
        effect, stopped, stop_why = None, "unknown", open_stops[signal]
        doubts.append(stop_why)
    elif stopped == "yes" and signal is not None and signal in unsure_stops:
        doubts.append(unsure_stops[signal])
    if stop_why:
        why.append(stop_why)
    read_by_python = main is not None and chain[main].process_name.startswith("python")
    if program_unread and read_by_python and stopped == "yes" and signal == "SIGINT":
        doubts.append("its program may catch what SIGINT raises, or wait for its threads")
    if pid1.kind == "supervisor" and main == first and stopped == "yes" and not followed:
        doubts.append(f"whether the programs of {pid1.process_name} get the signal depends on how they are started")
    children, children_why = _children(chain, first, state.evidence)
    unread = bool(state.unread) and CHILDREN_RANK[children] < CHILDREN_RANK["unknown"]
    if unread:
        children, children_why = "unknown", state.unread[0]
    left = _left_before(container, state, chain[main]) if main is not None and effect == "exits" else "no"
    if main is not None and CHILDREN_RANK[left] >= CHILDREN_RANK["unknown"] and _keeps_up(chain[main]):
        # What the container is for was started before, and is killed when PID 1 ends.
        told = any(
            (link.shell_end is not None and link.shell_end.traps) or (link.kind == "init" and passes_to_group(link))
            for link in chain[first:]
        )
        if left == "yes" and not told:
            effect, stopped = "kills", "no"
        else:
            effect, stopped = None, "unknown"
        why.append(f"{chain[main].process_name} only keeps the container up: what was started before it isn't told")
    if children_why:
        why.append(children_why)
    why.extend(extra)
    return Outcome(
        when=state.when,
        likely=state.likely,
        chain=chain,
        pid1=pid1.process_name,
        kind=pid1.kind,
        reaps=reaps,
        stops=stopped,
        children=children,
        sure=sure and not doubts,
        why=tuple(dict.fromkeys([*why, *doubts])),
        pid1_link=first,
        main_link=main,
        stop_effect=effect,  # type: ignore[arg-type]
        evidence=state.evidence,
        problems=(),
        jobs=_jobs(state, chain),
        environment=state.environment,
        unread=unread,
        children_why=children_why,
    )


def _keeps_up(link: Link) -> bool:
    """Whether a program does nothing but last."""
    return link.process_name in ("tail", "sleep") and link.fact is not None and link.fact.kind == "other"


def _left_before(container: Container, state: State, main: Link) -> Children:
    """Whether what ran before the main program left processes behind; probes and the program itself don't count."""
    own = {job.span for _, job in state.jobs if job.argv == main.argv}
    if container.healthcheck is not None:
        own.add(container.healthcheck.span)
    found = [item for item in state.evidence if item.span is None or item.span not in own]
    if any(item.left for item in found):
        return "yes"
    return (
        "unknown"
        if state.unread or any(CHILDREN_RANK[item.children] >= CHILDREN_RANK["unknown"] for item in found)
        else "no"
    )


def _stop(
    container: Container, chain: tuple[Link, ...], first: int, main: int | None, *, unread: bool
) -> tuple[str | None, Stops, str]:
    # An image that nobody knows has the default stop signal nearly always; the verdict says so.
    signal = "SIGTERM" if isinstance(container.stop_signal, Unresolved) else signal_name(container.stop_signal.value)
    if signal is None:
        return None, "unknown", "STOPSIGNAL names no signal"
    if signal == "SIGKILL":
        return "kills", "no", "the stop signal is SIGKILL: nothing can be cleaned up"
    if main is None:
        # Only where PID 1 itself decides is the answer known without the program behind it.
        delivery = deliver(chain, first, len(chain) - 1, signal)
        if delivery.effect in ("ignored", "kills") and delivery.at < len(chain) - 1:
            return delivery.effect, "no", delivery.why
        return None, "unknown", f"what becomes of {signal} isn't known"
    delivery = deliver(chain, first, main, signal)
    if unread and delivery.at == main and delivery.effect == "ignored":
        return None, "unknown", f"{delivery.why} unless its program handles it"
    return delivery.effect, stops(delivery.effect), delivery.why


def _children(chain: tuple[Link, ...], first: int, evidence: tuple[Evidence, ...]) -> tuple[Children, str]:
    """The strongest of what the programs from PID 1 down are known to do, and what was seen."""
    best: Children = "no"
    why = ""
    known = False
    for link in chain[first:]:
        if link.fact is None:
            continue
        if link.kind in ("init", "shell") or (link.kind == "wrapper" and link is not chain[-1]):
            continue
        known = True
        if CHILDREN_RANK[link.fact.children] >= CHILDREN_RANK[best]:
            best, why = link.fact.children, link.fact.children_why
    if not known:
        last = chain[-1]
        ran = last.shell_end.ran if last.kind == "shell" and last.shell_end is not None else ()
        if last.kind != "shell" or any(not ends_alone(argv) for argv, _ in ran):
            best, why = "unknown", "what the commands start that it runs isn't known" if ran else ""
    for item in evidence:
        if CHILDREN_RANK[item.children] >= CHILDREN_RANK[best]:
            best, why = item.children, item.why
            if best == "yes":
                break
    return best, why


def _jobs(state: State, chain: tuple[Link, ...]) -> tuple[tuple[Link, Job], ...]:
    return tuple((chain[at], job) for at, job in state.jobs if at < len(chain))
