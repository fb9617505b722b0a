"""Programs that start several others: each of these is followed, and what becomes of its stop is put together."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from initlint.boot.model import Argv, Environment, Link, Outcome, is_known
from initlint.boot.settle import settle
from initlint.boot.state import State
from initlint.boot.supervisord import Service, Services
from initlint.boot.supervisord import services as supervisord_services
from initlint.boot.verdict import TO_EVERYONE
from initlint.facts import programs as program_table
from initlint.rootfs import Present, RootFilesystem, paths
from initlint.text import Source, Span

if TYPE_CHECKING:
    from initlint.boot.follow import Follower

MAX_SERVICES = 16


def run_supervisor(follower: Follower, state: State, link: Link) -> Outcome:
    """What a supervisor settles in: one program is followed to its end, of several the one that loses the
    stop signal; where none does, the supervisor itself is the main program and `why` names them."""
    found = None if link.fact is None or link.fact.background is not False else _services(follower, state, link)
    if found is None or not found.services or state.problems:
        return follower.settle(state, link)
    alone = settle(follower.container, state, link, programs_followed=True)
    single = len(found.services) == 1 and not found.problem
    everyone = link.fact is not None and link.fact.name in TO_EVERYONE
    if alone.stops == "no" and not single and link.kind != "init":
        return alone  # whatever they are, the signal doesn't come so far
    if not single and any(above.tells or above.to_group for above in state.chain):
        # One supervisor's programs are enough: those of those would be many, or without end.
        return follower.settle(state.doubt(f"what {link.program} starts wasn't followed"), link)
    chosen = alone
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
            continue  # s6-overlay gives its services their executable bit by itself
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
    return chosen._replace(
        when=state.when,
        likely=state.likely,
        sure=chosen.sure and ((sure and not doubts) or everyone),
        why=tuple(dict.fromkeys([*chosen.why, *reasons, *doubts])),
        evidence=tuple(evidence),
    )


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
    words = [str(word) for word in link.argv]
    name = program_table.canonical(words)
    if not all(is_known(word) for word in link.argv):
        return None
    if name == "supervisord":
        return supervisord_services(link.argv, state.environment, follower.rootfs)
    if name == "concurrently":
        return _concurrently(link.argv, link.cause)
    if name == "run-p":
        return _package_scripts(link.argv, link.cause)
    if name == "nodemon":
        return _nodemon(link.argv, state.environment, follower.rootfs, link.cause)
    if name == "pm2-runtime":
        return _pm2_runtime(link.argv, link.cause)
    if name == "honcho":
        return _procfile(link.argv, state.environment, follower.rootfs)
    if link.fact is not None and link.fact.name == "s6-overlay":
        return _s6_overlay(follower.rootfs)
    if name == "my_init":
        return _folder(follower.rootfs, "/etc/service")
    if name in ("runsvdir", "s6-svscan"):
        folder = next((word for word in link.argv[1:] if word.startswith("/")), "")
        return _folder(follower.rootfs, folder) if folder else None
    return None


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


def _s6_overlay(rootfs: RootFilesystem) -> Services | None:
    """s6-overlay's services, those of version 3 and of before."""
    both = [_folder(rootfs, "/etc/s6-overlay/s6-rc.d", longruns=True), _folder(rootfs, "/etc/services.d")]
    known = [item for item in both if item is not None]
    if not known:
        return None
    return Services(
        tuple(service for item in known for service in item.services),
        next((item.problem for item in known if item.problem), ""),
    )


_CONCURRENTLY_VALUED = frozenset(
    "-n --names -c --prefix-colors -p --prefix -m --max-processes -l --prefix-length -t --timestamp-format "
    "--restart-tries --restart-after --hide -s --success --default-input-target --name-separator --kill-signal "
    "--kill-timeout --teardown".split()
)


def _concurrently(argv: Argv, cause: Span | None) -> Services:
    """Each argument is a line for a shell; `npm:NAME` is short for `npm run NAME`. It ends whole process
    trees, so that a shell in between loses nothing (measured, concurrently 9.2.5)."""
    found: list[Service] = []
    index = 1
    while index < len(argv):
        word = argv[index]
        if word.startswith("-"):
            index += 2 if word in _CONCURRENTLY_VALUED else 1
            continue
        runner, colon, script = word.partition(":")
        line = word
        if colon and runner in ("npm", "yarn", "pnpm", "bun") and " " not in runner:
            if "*" in script:
                return Services(tuple(found), f"which scripts {word} stands for isn't known")
            line = f"{runner} run {script}"
        found.append(Service("", (), cause, line=line, group=True))
        index += 1
    return Services(tuple(found))


def _package_scripts(argv: Argv, cause: Span | None) -> Services:
    """npm-run-all, run-s and run-p: names of scripts, each started with `npm run`."""
    found: list[Service] = []
    for word in argv[1:]:
        if word == "--":
            break
        if word.startswith("-"):
            continue
        name, *rest = word.split()
        if "*" in name:
            return Services(tuple(found), f"which scripts {name} stands for isn't known")
        found.append(Service("", ("npm", "run", name, *(["--", *rest] if rest else [])), cause))
    return Services(tuple(found))


_NODEMON_VALUED = frozenset("-w --watch -i --ignore -e --ext -d --delay -s --signal --config --cwd -C".split())
# What nodemon puts in front of a file (lib/config/defaults.js, and ts-node for TypeScript).
_NODEMON_STARTS = {".py": "python", ".rb": "ruby", ".ts": "ts-node"}


def _nodemon(argv: Argv, environment: Environment, rootfs: RootFilesystem, cause: Span | None) -> Services | None:
    """`nodemon [options] [--exec LINE] [FILE] [arguments]`; without FILE the package's main file."""
    line: str | None = None
    before: list[str] = []
    index = 1
    while index < len(argv) and argv[index].startswith("-") and argv[index] != "--":
        word = argv[index]
        if word in ("-x", "--exec") and index + 1 < len(argv):
            line = argv[index + 1]
            index += 1
        elif word.startswith("--exec="):
            line = word[7:]
        elif word in _NODEMON_VALUED:
            index += 1
        elif word.startswith("--inspect"):
            before.append(word)
        index += 1
    rest = argv[index:]
    if line is not None:
        import shlex

        return Services((Service("", (), cause, line=f"{line} {shlex.join(rest)}".strip()),))
    if environment.cwd is None or isinstance(paths.resolve(rootfs, f"{environment.cwd}/nodemon.json"), Present):
        return None  # it may name another program
    if not rest:
        from initlint.boot.package_json import main_file

        rest = (main_file(rootfs, environment.cwd) or "index.js",)
    starter = _NODEMON_STARTS.get(posixpath.splitext(rest[0])[1], "node")
    return Services((Service("", (starter, *before, *rest), cause),))


_PM2_VALUED = frozenset(
    "-n --name -i --instances -o --output -e --error -l --log --env --node-args --interpreter-args --cwd "
    "--max-memory-restart --exp-backoff-restart-delay --max-restarts --restart-delay --secret --public --machine-name "
    "--only --delay --web --port --namespace --kill-timeout --listen-timeout -u --user --uid --gid".split()
)


def _pm2_runtime(argv: Argv, cause: Span | None) -> Services | None:
    """`pm2-runtime [start] FILE [-- arguments]`: the program's whole tree gets SIGINT (measured, pm2 7.0.4).
    None for an ecosystem file, which isn't read."""
    interpreter = "node"
    operands: list[str] = []
    index = 1
    while index < len(argv) and argv[index] != "--":
        word = argv[index]
        if word == "--interpreter" and index + 1 < len(argv):
            interpreter = argv[index + 1]
            index += 1
        elif word.startswith("--interpreter="):
            interpreter = word.partition("=")[2]
        elif word in _PM2_VALUED:
            index += 1
        elif not word.startswith("-"):
            operands.append(word)
        index += 1
    if operands[:1] == ["start"]:
        operands = operands[1:]
    if not operands or operands[0].endswith((".json", ".yml", ".yaml", ".config.js", ".config.cjs", ".config.mjs")):
        return None
    program = operands[0]
    if program.endswith((".js", ".mjs", ".cjs")) or interpreter != "node":
        words: Argv = (program,) if interpreter == "none" else (interpreter, program)
    elif "." in program or len(operands) > 1:
        return None  # pm2 chooses an interpreter by the ending, or takes a name for a program's
    else:
        words = (program,)
    return Services((Service("", (*words, *argv[index + 1 :]), cause, signal="SIGINT", group=True),))


def _procfile(argv: Argv, environment: Environment, rootfs: RootFilesystem) -> Services | None:
    """`honcho start [NAMES]`: lines of `name: command`, each for a shell whose whole group gets the signal
    (measured, honcho 2.0.0)."""
    if "start" not in argv or environment.cwd is None:
        return None
    file = next((argv[at + 1] for at, word in enumerate(argv[:-1]) if word in ("-f", "--procfile")), "Procfile")
    verb = argv.index("start")
    wanted = [word for word in argv[verb + 1 :] if not word.startswith("-") and word != file]
    node = paths.resolve(rootfs, paths.join(environment.cwd, file))
    source = rootfs.read(node.path) if isinstance(node, Present) and node.kind == "file" else None
    if not isinstance(source, Source):
        return None
    found: list[Service] = []
    offset = 0
    for raw in source.data.split(b"\n"):
        start, offset = offset, offset + len(raw) + 1
        name, colon, line = raw.decode("utf-8", "surrogateescape").strip().partition(":")
        if not colon or name.startswith("#") or not name.replace("-", "").replace("_", "").isalnum():
            continue
        if not wanted or name in wanted:
            found.append(Service(name, (), Span(source, start, start + len(raw)), line=line.strip(), group=True))
    return Services(tuple(found))
