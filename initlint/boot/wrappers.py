"""Finds the command that a wrapper, an init or a launcher starts: one argument grammar each.

Behaviour (does it exec, does it pass signals on) is a fact and lives in `facts.wrappers`;
here is only how arguments are read. All of these stop at the first argument that isn't an
option (getopt's "+"), except where their own grammar says otherwise.
"""

from __future__ import annotations

from collections.abc import Callable

from initlint.boot.arguments import Unwrapped, option_value, read_options, words_of
from initlint.boot.environment_runners import (
    CONDA_VALUED,
    MAMBA_VALUED,
    aws_vault,
    chamber,
    doppler,
    dotenv,
    foreman_run,
    honcho_run,
    subcommand,
    uv,
    uvx,
)
from initlint.boot.model import Argv, Opaque, is_known
from initlint.boot.package_runners import bun, exec_verb, npx, package_runner
from initlint.boot.user_switchers import runuser, su, sudo
from initlint.facts import start_scripts
from initlint.records import NamedTuple

ENDS = "it ends by itself"


class Grammar(NamedTuple):
    """`valued`: options that take the next word. `operands`: words before the command."""

    valued: frozenset[str] = frozenset()
    operands: int = 0
    assignments: bool = False  # VAR=value words may stand before the command


# Options with a separate value, per program's manual; `--name=value` and `-xVALUE` need no entry.
GRAMMARS: dict[str, Grammar] = {
    "tini": Grammar(words_of("-p -e")),
    "tini-static": Grammar(words_of("-p -e")),
    "docker-init": Grammar(words_of("-p -e")),
    "dumb-init": Grammar(words_of("-r --rewrite")),
    "catatonit": Grammar(),
    "pid1": Grammar(words_of("-u -g -w -t --user --group --workdir --timeout --env -e")),
    "pyinit": Grammar(),
    "pyinit.py": Grammar(),
    "gosu": Grammar(operands=1),
    "su-exec": Grammar(operands=1),
    "s6-setuidgid": Grammar(operands=1),
    "setuidgid": Grammar(operands=1),
    "s6-applyuidgid": Grammar(words_of("-u -g -G")),
    "s6-notifyoncheck": Grammar(words_of("-3 -s -T -t -w -n -c")),
    "with-contenv": Grammar(),
    "setuser": Grammar(operands=1),
    "chpst": Grammar(words_of("-u -U -b -e -/ -n -l -L -m -d -o -p -f -c -r -t")),
    "softlimit": Grammar(words_of("-a -c -d -f -l -m -o -p -r -s -t")),
    "setpriv": Grammar(
        words_of(
            "--ambient-caps --inh-caps --bounding-set --reuid --ruid --euid --regid --rgid --egid --groups "
            "--securebits --pdeathsig --selinux-label --apparmor-profile"
        )
    ),
    "nice": Grammar(words_of("-n --adjustment")),
    "ionice": Grammar(words_of("-c -n --class --classdata")),
    "chrt": Grammar(words_of("-T -P -D"), operands=1),
    "taskset": Grammar(operands=1),
    "prlimit": Grammar(words_of("-o --output")),
    "nohup": Grammar(),
    "stdbuf": Grammar(words_of("-i -o -e --input --output --error")),
    "setsid": Grammar(),
    "time": Grammar(words_of("-f -o --format --output")),
    "timeout": Grammar(words_of("-k -s --kill-after --signal"), operands=1),
    "chroot": Grammar(words_of("--groups --userspec"), operands=1),
    "catchsegv": Grammar(),
    "eatmydata": Grammar(),
    "fakeroot": Grammar(words_of("-l --lib -s -i -b")),
    "xvfb-run": Grammar(
        words_of("-e -f -n -p -s -w --error-file --auth-file --server-num --xauth-protocol --server-args --wait")
    ),
    "dbus-run-session": Grammar(words_of("--config-file --dbus-daemon")),
    "dbus-launch": Grammar(),
    "strace": Grammar(words_of("-a -b -e -E -I -o -O -p -P -s -S -u -X")),
    "watch": Grammar(words_of("-n -q")),
    "entr": Grammar(),
    "opentelemetry-instrument": Grammar(
        words_of(
            "--exporter_otlp_endpoint --traces_exporter --metrics_exporter --service_name --logs_exporter --propagators"
        )
    ),
    "ddtrace-run": Grammar(),
    "newrelic-admin": Grammar(operands=1),
    "cross-env": Grammar(assignments=True),
    "dockerize": Grammar(
        words_of(
            "-template -stdout -stderr -delims -wait-http-header -wait -timeout -wait-retry-interval "
            "--template --stdout --stderr --delims --wait-http-header --wait --timeout --wait-retry-interval"
        )
    ),
    "s6-env": Grammar(words_of("-u"), assignments=True),
    "s6-envdir": Grammar(operands=1),
    "s6-envuidgid": Grammar(words_of("-D"), operands=1),
    "s6-softlimit": Grammar(words_of("-a -c -d -f -l -m -o -p -r -s -t")),
    "envuidgid": Grammar(operands=1),
    "envdir": Grammar(operands=1),
    "unbuffer": Grammar(),
    "numactl": Grammar(words_of("-i -m -N -C -p")),
    "setarch": Grammar(operands=1),
    "linux32": Grammar(),
    "linux64": Grammar(),
    "faketime": Grammar(operands=1),
    "ssh-agent": Grammar(words_of("-a -E -P -t")),
    "authbind": Grammar(words_of("--depth")),
    "unshare": Grammar(),
    "thrust": Grammar(),
}

INITS = frozenset(["tini", "tini-static", "docker-init", "dumb-init", "catatonit", "pid1", "pyinit", "pyinit.py"])


def init_of(name: str) -> str:
    """The project that a file of an init's name comes from."""
    return "tini" if name == "tini-static" else name


_USER_FIRST = frozenset(["gosu", "su-exec", "s6-setuidgid", "setuidgid", "setuser"])


def unwrap(name: str, argv: Argv) -> Unwrapped | None:
    """What `argv` starts when its program `name` (a basename) is a wrapper; None when it isn't one."""
    special = _SPECIAL.get(name)
    if special is not None:
        return special(argv)
    started = start_scripts.started(name, argv[1:])
    if started is not None:
        return Unwrapped(name, started, doubt=f"{name} was read in its repository, not in this image")
    grammar = GRAMMARS.get(name)
    if grammar is None:
        return None
    return _plain(name, argv, grammar)


def _plain(name: str, argv: Argv, grammar: Grammar) -> Unwrapped:
    index, options, problem = read_options(argv, 1, grammar.valued)
    user: str | None = None
    assignments: list[tuple[str, str | None]] = []
    first = argv[1] if problem and not options else ""
    if name in _USER_FIRST and isinstance(first, Opaque) and not first.many:
        problem = ""  # these take no options: whoever it is, one word names the user
    if not problem:
        operands = argv[index : index + grammar.operands]
        if name == "timeout" and any(is_known(word) and word.startswith("-t") for word in options):
            operands = ()  # old busybox: timeout -t SECS PROG
        index += len(operands)
        if name in _USER_FIRST and operands:
            user = operands[0]
        if name == "newrelic-admin" and operands and operands[0] != "run-program":
            return Unwrapped(f"{name} {operands[0]}", problem="only run-program starts a program")
        if grammar.operands and index < len(argv) and argv[index] == "--":
            index += 1
        if grammar.assignments:
            while index < len(argv) and is_known(argv[index]) and "=" in argv[index]:
                key, _, value = argv[index].partition("=")
                assignments.append((key, value))
                index += 1
    if name == "setpriv":
        user = option_value(options, "--reuid") or user
    elif name == "chpst":
        user = option_value(options, "-u") or user
    elif name == "pid1":
        user = option_value(options, "-u") or option_value(options, "--user")
    if problem:
        return Unwrapped(name, options=options, at=index, problem=problem)
    return Unwrapped(name, tuple(argv[index:]), index, options, user=user, assignments=tuple(assignments))


def _env(argv: Argv) -> Unwrapped:
    """GNU and busybox env: options, assignments, then the command; -S splits its value."""
    index = 1
    options: list[str] = []
    assignments: list[tuple[str, str | None]] = []
    removed: list[str] = []
    clears = False
    cwd: str | None = None
    words = list(argv)
    while index < len(words):
        word = words[index]
        if not is_known(word):
            if "=" in word and word.split("=", 1)[0].isidentifier():
                assignments.append((word.split("=", 1)[0], None))
                index += 1
                continue
            return Unwrapped("env", options=tuple(options), at=index, problem=f"{word} isn't known")
        if word in ("-S", "--split-string") or word.startswith(("-S", "--split-string=")):
            import shlex

            if word in ("-S", "--split-string"):
                text, rest = (words[index + 1] if index + 1 < len(words) else ""), words[index + 2 :]
            else:
                text, rest = word[2:] if word.startswith("-S") else word.split("=", 1)[1], words[index + 1 :]
            try:
                words = [*words[:index], *shlex.split(text), *rest]
            except ValueError:
                return Unwrapped("env", problem=f"env can't split {text!r}")
            continue
        if word == "--":
            index += 1
            break
        if word in ("-i", "-", "--ignore-environment"):
            clears = True
        elif word in ("-u", "--unset") and index + 1 < len(words):
            removed.append(words[index + 1])
            index += 1
        elif word.startswith("--unset="):
            removed.append(word[8:])
        elif word in ("-C", "--chdir") and index + 1 < len(words):
            cwd = words[index + 1]
            index += 1
        elif word.startswith("--chdir="):
            cwd = word[8:]
        elif not word.startswith("-"):
            break
        options.append(word)
        index += 1
    while index < len(words) and "=" in words[index] and not words[index].startswith("="):
        key, _, value = words[index].partition("=")
        assignments.append((key, value if is_known(words[index]) else None))
        index += 1
    at = index if len(words) == len(argv) else 0
    return Unwrapped(
        "env",
        tuple(words[index:]),
        at,
        tuple(options),
        assignments=tuple(assignments),
        removed=tuple(removed),
        clears=clears,
        cwd=cwd,
    )


def _start_stop_daemon(argv: Argv) -> Unwrapped:
    index = 1
    program: str | None = None
    user: str | None = None
    options: list[str] = []
    valued = words_of(
        "--pidfile -p --name -n --user -u --chuid -c --chdir -d --group -g --nicelevel -N --signal -s "
        "--retry -R --chroot -r --umask -k --iosched -I --procsched -P --output -O --startas -a --exec -x"
    )
    while index < len(argv):
        word = argv[index]
        if word == "--":
            index += 1
            break
        options.append(word)
        name, _, value = word.partition("=")
        if name in valued and not value:
            index += 1
            value = argv[index] if index < len(argv) else ""
            options.append(value)
        if name in ("--exec", "-x", "--startas", "-a"):
            program = value
        elif name in ("--chuid", "-c"):
            user = value
        index += 1
    key = "start-stop-daemon"
    if {"--background", "-b", "--stop", "-K", "--status", "-T"} & set(options):
        return Unwrapped(f"{key} --background", options=tuple(options), problem=ENDS)
    if program is None:
        return Unwrapped(key, options=tuple(options), problem="it names no program")
    return Unwrapped(key, (program, *argv[index:]), 0, tuple(options), user=user)


def _busybox(argv: Argv) -> Unwrapped | None:
    if len(argv) < 2:
        return None
    return Unwrapped("busybox", tuple(argv[1:]), 1)


def _flock(argv: Argv) -> Unwrapped:
    """`flock FILE PROGRAM` or `flock FILE -c LINE`; with a descriptor's number alone it locks, and ends."""
    index, options, problem = read_options(argv, 1, words_of("-w -E --timeout --wait --conflict-exit-code"))
    rest = argv[index + 1 :]
    if not problem and index < len(argv) and not rest:
        problem = ENDS
    if rest[:1] in (("-c",), ("--command",)) and len(rest) > 1:
        return Unwrapped(
            "flock", options=options, text=rest[1], problem="" if is_known(rest[1]) else f"{rest[1]} isn't known"
        )
    return Unwrapped("flock", tuple(rest), index + 1, options, problem=problem)


def _script(argv: Argv) -> Unwrapped:
    index, options, problem = read_options(argv, 1, words_of("-c --command -E --echo -I -O -B -T -m -o"))
    text = option_value(options, "-c") or option_value(options, "--command")
    for at, option in enumerate(options):
        if option[:1] == "-" and option[1:2] != "-" and option.endswith("c") and len(option) > 2:
            text = options[at + 1] if at + 1 < len(options) else (argv[index] if index < len(argv) else None)
    if text is None:
        return Unwrapped("script", options=options, problem="it starts a shell for a person")
    return Unwrapped("script -c", options=options, text=text, problem=problem)


def _catalina(argv: Argv) -> Unwrapped | None:
    """Tomcat's script: `run` becomes the JVM; the other verbs end or leave it in the background."""
    if argv[1:2] != ("run",):
        return None
    words = ("java", "org.apache.catalina.startup.Bootstrap", "start")
    return Unwrapped("catalina.sh run", words, doubt="the catalina.sh of old Tomcats waits for the JVM")


def _start_notebook(argv: Argv) -> Unwrapped:
    return Unwrapped("start-notebook.py", ("jupyter", "lab", *argv[1:]))


def _cd(argv: Argv) -> Unwrapped | None:
    """execline's `cd DIR PROGRAM`; a shell's own cd starts nothing."""
    return Unwrapped("cd", argv[2:], 2, cwd=argv[1]) if len(argv) > 2 and is_known(argv[1]) else None


def _my_init(argv: Argv) -> Unwrapped:
    index, options, problem = read_options(argv, 1, words_of("--enable-insecure-key --log-level"))
    return Unwrapped("my_init", tuple(argv[index:]), index, options, problem=problem)


_SPECIAL: dict[str, Callable[[Argv], Unwrapped | None]] = {
    "env": _env,
    "su": su,
    "runuser": runuser,
    "sudo": sudo,
    "flock": _flock,
    "cd": _cd,
    "start-stop-daemon": _start_stop_daemon,
    "npm": package_runner("npm"),
    "yarn": package_runner("yarn"),
    "yarnpkg": package_runner("yarn"),
    "pnpm": package_runner("pnpm"),
    "npx": npx,
    "bunx": lambda argv: exec_verb("bun x", argv[1:], (), None),
    "bun": bun,
    "poetry": subcommand("poetry", {"run": frozenset()}, words_of("-C --directory -P --project")),
    "pipenv": subcommand("pipenv", {"run": frozenset()}),
    "pdm": subcommand("pdm", {"run": words_of("-p --project")}, words_of("-p --project")),
    "uv": uv,
    "uvx": uvx,
    "hatch": subcommand("hatch", {"run": frozenset()}, words_of("-e --env -p --project")),
    "rye": subcommand("rye", {"run": frozenset()}),
    "conda": subcommand("conda", {"run": CONDA_VALUED}),
    "mamba": subcommand("mamba", {"run": MAMBA_VALUED}, words_of("-r --root-prefix")),
    "micromamba": subcommand("micromamba", {"run": MAMBA_VALUED}, words_of("-r --root-prefix")),
    "bundle": subcommand("bundle", {"exec": frozenset()}),
    "dotenv": dotenv,
    "aws-vault": aws_vault,
    "chamber": chamber,
    "doppler": doppler,
    "foreman": foreman_run,
    "honcho": honcho_run,
    "busybox": _busybox,
    **dict.fromkeys(("make", "gmake"), lambda argv: Unwrapped("make")),
    "go": lambda argv: Unwrapped("go run") if argv[1:2] == ("run",) else None,
    "script": _script,
    "my_init": _my_init,
    "catalina.sh": _catalina,
    "start-notebook.py": _start_notebook,
}
