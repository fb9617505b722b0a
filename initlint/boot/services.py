"""Programs that start several others: each of these is followed, and what becomes of its stop is put together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from initlint.boot.model import Argv, Link, Outcome, is_known
from initlint.boot.settle import CHILDREN_RANK, settle
from initlint.boot.state import State
from initlint.boot.supervisord import Service, Services
from initlint.boot.supervisord import services as supervisord_services
from initlint.boot.verdict import TO_EVERYONE
from initlint.facts import Children
from initlint.facts import programs as program_table
from initlint.rootfs import Present, RootFilesystem, paths
from initlint.text import Source, Span

if TYPE_CHECKING:
    from initlint.boot.follow import Follower

MAX_SERVICES = 16
_CALM = "it starts the programs that it is told to, and waits for them"


def run_supervisor(follower: Follower, state: State, link: Link) -> Outcome:
    """What a supervisor settles in: one program is followed to its end, of several the one that loses the
    stop signal; where none does, the supervisor itself is the main program and `why` names them."""
    found = None if link.fact is None or link.fact.background is not False else _services(follower, state, link)
    if found is None or not found.services or state.problems:
        return follower.settle(state, link)
    single = len(found.services) == 1 and not found.problem
    everyone = link.fact is not None and link.fact.name in TO_EVERYONE
    if not single and any(above.tells or above.to_group for above in state.chain):
        # One supervisor's programs are enough: those of those would be many, or without end.
        return follower.settle(state.doubt(f"what {link.program} starts wasn't followed"), link)
    # Its programs are looked at one by one: by itself it leaves no process behind.
    calm = link.fact._replace(children="unlikely", children_why=_CALM) if link.fact is not None else None
    link = link._replace(fact=calm)
    chosen = alone = settle(follower.container, state, link, programs_followed=True)
    lost = alone.stops == "no" and not single and link.kind != "init"  # the signal doesn't come so far
    left = _Left(alone)
    sure = True
    reasons: list[str] = []
    doubts = [found.problem] if found.problem else []
    if len(found.services) > MAX_SERVICES:
        doubts.append(f"only {MAX_SERVICES} of its {len(found.services)} programs were followed")
    evidence = dict.fromkeys(alone.evidence)
    for service in found.services[:MAX_SERVICES]:
        outcome = _follow(follower, state, link, service)
        where = f"{_place(_deciding(outcome, service))}{service.name}: " if service.name else ""
        if outcome.problems and link.kind == "init":
            left.unknown("what its services leave behind isn't known")
            continue  # s6-overlay gives its services their executable bit by itself
        left.add(outcome, service.name)
        if lost:
            evidence.update(dict.fromkeys(item for item in outcome.evidence if item.children == "yes"))
            continue
        if outcome.pid1_link is None:  # it ends, can't be started or goes to the background: the supervisor stays
            reasons.append(f"{where}{_reason(outcome, alone)}")
            continue
        evidence.update(dict.fromkeys(item for item in outcome.evidence if item.children == "yes"))
        if outcome.main_link is None:
            doubts.append(f"{where}{_reason(outcome, alone)}")
            if single and outcome.stops == "no":
                chosen = outcome
            elif outcome.stops == "no" and chosen is alone and alone.stops == "yes" and not everyone:
                # A shell stays in front of a program that may end by itself: then nothing is lost.
                chosen = alone._replace(stops="unknown", stop_effect=None)
            continue
        sure = sure and outcome.sure
        if not single:
            reasons.append(f"{where}{_summary(outcome, len(state.chain))}")
        if (outcome.stops == "no" and chosen.stops != "no") or single:
            chosen = outcome
    if doubts:
        left.unknown(doubts[0])
    if not lost:
        chosen = chosen._replace(sure=chosen.sure and ((sure and not doubts) or everyone))
    why = [each for each in chosen.why if each not in left.told]
    return chosen._replace(
        when=state.when,
        likely=state.likely,
        children=left.children,
        why=tuple(dict.fromkeys([*why, left.why, *reasons, *doubts])),
        evidence=tuple(evidence),
        unread=left.unread,
    )


class _Left:
    """What the programs together leave behind: the worst of their answers, whose reason is told."""

    def __init__(self, alone: Outcome) -> None:
        self.children: Children = "unlikely"
        self.unread = alone.unread
        self.why = _CALM
        ranks = [CHILDREN_RANK[item.children] for item in alone.evidence]
        if alone.unread or max(ranks, default=0) > CHILDREN_RANK["unlikely"]:
            self.children, self.why = alone.children, alone.children_why
        self.told = {_CALM}

    def add(self, outcome: Outcome, name: str) -> None:
        """A program that was followed; one that ends leaves its jobs, or itself where it goes to the background."""
        if outcome.pid1_link is None:
            if outcome.jobs:
                self.children, self.unread = "yes", False
                self.why = f"{name}: `{' '.join(outcome.jobs[-1][1].argv)}` goes to the background".removeprefix(": ")
            return
        self.told.add(outcome.children_why)
        last = outcome.chain[-1]
        if last.fact is not None and last.fact.background is None:
            self.unknown(f"{name}: whether {last.program} goes to the background is up to its configuration")
        if CHILDREN_RANK[outcome.children] > CHILDREN_RANK[self.children]:
            self.children, self.unread = outcome.children, outcome.unread
            self.why = f"{name}: {outcome.children_why}" if name and outcome.children_why else outcome.children_why

    def unknown(self, why: str) -> None:
        if CHILDREN_RANK[self.children] < CHILDREN_RANK["unknown"]:
            self.children, self.unread, self.why = "unknown", False, why


def _deciding(outcome: Outcome, service: Service) -> Span | None:
    """The line that starts what a service comes to: of a script that is read, not its `#!` line."""
    cause = service.cause
    own = [link.cause for link in outcome.chain if cause is not None and link.cause is not None
           and link.cause.source.name == cause.source.name]  # fmt: skip
    return own[-1] if own else cause


def _reason(outcome: Outcome, alone: Outcome) -> str:
    """Why nothing is known of a program, or why it doesn't stay."""
    own = [why for why in outcome.why if why not in alone.why]
    told = [why for why in own if "can't be followed" not in why]
    return (told or own or ["nothing is known of it"])[-1]


def _follow(follower: Follower, state: State, link: Link, service: Service) -> Outcome:
    parent = link._replace(stays=True, tells=service.signal, to_group=service.group)
    argv: Argv = ("/bin/sh", "-c", service.line) if service.line else service.argv
    environment = state.environment
    if service.variables:
        environment = environment._replace(variables={**environment.variables, **dict(service.variables)})
    if service.cwd is not None:
        environment = environment._replace(cwd=paths.join(environment.cwd or "/", service.cwd))
    if service.user is not None:
        environment = environment._replace(user=service.user)
    inner = state.then(parent, argv, execvp=True, cause=service.cause or link.cause)
    inner = inner._replace(environment=environment, likely=True, when=())
    outcomes = follower.run(inner)
    return next((outcome for outcome in outcomes if outcome.likely), outcomes[0])


def _summary(outcome: Outcome, at: int) -> str:
    """What stands between the supervisor and a program, and what a stop does to it."""
    main = outcome.main
    name = main.process_name if main is not None else outcome.chain[-1].process_name
    between = [link.process_name for link in outcome.chain[at + 1 : -1] if link.stays]
    behind = f" behind {' and '.join(between)}" if between else ""
    ends = {"yes": "gets the stop signal", "no": "never gets the stop signal"}.get(outcome.stops)
    if outcome.stops == "no" and outcome.stop_effect in ("ignored", "reloads"):
        ends = "doesn't end on the stop signal"
    doubt = "" if outcome.sure else " (not sure)"
    return f"{name}{behind} {ends or 'may or may not end on the stop signal'}{doubt}"


def _place(span: Span | None) -> str:
    return f"{span.source.name}:{span.row} " if span is not None else ""


# Who starts what.


def _services(follower: Follower, state: State, link: Link) -> Services | None:
    from initlint.facts.launchers import LAUNCHERS

    if not all(is_known(word) for word in link.argv):
        return None
    s6 = link.fact is not None and link.fact.name == "s6-overlay"
    launcher = LAUNCHERS.get("s6-overlay" if s6 else program_table.canonical([str(word) for word in link.argv]))
    if launcher is None:
        return None
    environment, rootfs = state.environment, follower.rootfs
    if launcher.reads == "supervisord":
        return supervisord_services(link.argv, environment, rootfs)
    if launcher.reads == "procfile":
        from initlint.boot.procfile import procfile

        return procfile(launcher, link.argv, environment, rootfs)
    if launcher.reads in ("folder", "s6"):
        named = next((word for word in link.argv[1:] if word.startswith("/")), "")
        return _folders(rootfs, launcher.folders or ((named,) if named else ()))
    from initlint.boot.node_launchers import node_services

    return node_services(launcher, link.argv, environment, rootfs, link.cause)


def _folders(rootfs: RootFilesystem, folders: tuple[str, ...]) -> Services | None:
    """The services of several folders, where any has one; s6-rc's say which of them stay."""
    found = [_folder(rootfs, folder, longruns=folder.endswith("/s6-rc.d")) for folder in folders]
    known = [item for item in found if item is not None]
    if not known:
        return None
    return Services(
        tuple(service for item in known for service in item.services),
        next((item.problem for item in known if item.problem), ""),
    )


def _folder(rootfs: RootFilesystem, folder: str, *, longruns: bool = False) -> Services | None:
    """Folders with a `run` file each, as runit and s6 have them; s6-rc's say in `type` whether they stay."""
    listing = rootfs.list(folder)
    found: list[Service] = []
    for name in sorted(listing.names):
        where = f"{folder}/{name}"
        run = paths.resolve(rootfs, f"{where}/run")
        if not isinstance(run, Present) or isinstance(rootfs.stat(f"{where}/down"), Present):
            continue
        if longruns:
            kind = rootfs.read(f"{where}/type")
            if not isinstance(kind, Source) or kind.text.strip() != "longrun":
                continue
        source = rootfs.read(run.path)
        start = source.span(0, len(source.data.split(b"\n")[0])) if isinstance(source, Source) else None
        found.append(Service(name, (f"{where}/run",), start))
    if not found:
        return None
    return Services(tuple(found), "" if listing.complete else f"which services {folder} holds isn't known")
