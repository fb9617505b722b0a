"""Programs whose purpose is to start another one: which of them give PID 1 up, which keep it.

Keys are the wrapper's name, with the word or option that makes it one behind it: "poetry run",
"flock -F". `key_of` finds the key in an argv; how the rest of the arguments is read is not told here.
"""

from __future__ import annotations

from collections.abc import Sequence

from initlint.facts import ProgramFact, Reaps, SignalEffect, WrapperFact, start_scripts
from initlint.facts.programs._make import CHILD, OWN_ONLY, REAPS, WHEN, carried, measured

_UTIL = "2.38.1-5+deb12u3"
_COREUTILS = "9.1-1"
_NPM = "11.19.1"
_NODE = "node waits only for children that it started itself"
_PY = "python waits only for children that the program waits for by itself"
_GO = "Go's runtime waits only for children that the program started itself"
_KILLS = "it ends, and the program behind it is killed without ever getting the signal"
_LOSES = "the shell in between takes the signal and doesn't pass it on: " + _KILLS


def _source(name: str, version: str, package: str) -> str:
    return f"{WHEN}: {name} {version} ({package})"


def _execs(name: str, version: str, package: str, user: bool = False, note: str = "") -> WrapperFact:
    return WrapperFact(name, True, None, _source(name, version, package), user, True, note)


def _read(name: str, source: str, user: bool = False, note: str = "") -> WrapperFact:
    """A wrapper that execs, known from its source or its documentation."""
    return WrapperFact(name, True, None, f"not run: {source}", user, False, note)


def _stays(
    name: str,
    version: str,
    package: str,
    reaps: Reaps,
    why: str,
    effects: dict[str, SignalEffect],
    handles_term: bool | None,
    user: bool = False,
    note: str = "",
    background: bool = False,
) -> WrapperFact:
    program, _, variant = name.partition(" ")
    keeps = measured(
        program,
        "wrapper",
        reaps,
        why,
        effects,
        CHILD,
        version,
        package,
        variant,
        handles_term=handles_term,
        note=note,
        background=background,
    )
    return WrapperFact(name, False, keeps, _source(name, version, package), user, True, note)


def _stays_unmeasured(
    name: str,
    reaps: Reaps,
    why: str,
    effects: dict[str, SignalEffect],
    source: str,
    user: bool = False,
    note: str = "",
) -> WrapperFact:
    program, _, variant = name.partition(" ")
    keeps = carried(program, "wrapper", reaps, why, effects, CHILD, source, variant, note=note)
    return WrapperFact(name, False, keeps, source, user, False, note)


_EXECS = (
    _execs("env", _COREUTILS, "Debian 12 apt: coreutils"),
    _execs("nice", _COREUTILS, "Debian 12 apt: coreutils"),
    _execs("nohup", _COREUTILS, "Debian 12 apt: coreutils"),
    _execs("stdbuf", _COREUTILS, "Debian 12 apt: coreutils"),
    _execs("chroot", _COREUTILS, "Debian 12 apt: coreutils", note="--userspec changes the user"),
    _execs("busybox timeout", "1.35.0-4+deb12u1", "Debian 12 apt: busybox-static"),
    _execs("ionice", _UTIL, "Debian 12 apt: util-linux"),
    _execs("setpriv", _UTIL, "Debian 12 apt: util-linux", True),
    _execs("chrt", _UTIL, "Debian 12 apt: util-linux"),
    _execs("taskset", _UTIL, "Debian 12 apt: util-linux"),
    _execs("prlimit", _UTIL, "Debian 12 apt: util-linux"),
    _execs("setarch", _UTIL, "Debian 12 apt: util-linux"),
    _execs("unshare", _UTIL, "Debian 12 apt: util-linux", note="with -f it stays"),
    _execs("flock -F", _UTIL, "Debian 12 apt: util-linux"),
    _execs("gosu", "1.14-1+b10", "Debian 12 apt: gosu", True),
    _execs("su-exec", "git", "github.com/ncopa/su-exec, gcc", True),
    _execs("chpst", "2.1.2-54", "Debian 12 apt: runit", note="-u changes the user"),
    _execs("setuidgid", "1:0.76-8.1", "Debian 12 apt: daemontools", True),
    _execs("softlimit", "1:0.76-8.1", "Debian 12 apt: daemontools"),
    _execs("setlock", "1:0.76-8.1", "Debian 12 apt: daemontools"),
    _execs("s6-setuidgid", "2.11.3.2-1", "Debian 12 apt: s6", True),
    _execs("execlineb", "2.9.3.0-1", "Debian 12 apt: execline"),
    _execs(
        "capsh", "1:2.66-4+deb12u3+b1", "Debian 12 apt: libcap2-bin", note="it becomes bash, run with what follows --"
    ),
    _execs("eatmydata", "130-2", "Debian 12 apt: eatmydata"),
    _execs(
        "ssh-agent", "1:9.2p1-2+deb12u10", "Debian 12 apt: openssh-client", note="leaves an agent behind as a child"
    ),
    _execs(
        "dbus-launch", "1.14.10-1~deb12u1", "Debian 12 apt: dbus-x11", note="with --exit-with-session and a program"
    ),
    _execs("start-stop-daemon", "1.21.22", "Debian 12 apt: dpkg", note="with -b it goes to the background"),
    _execs("strace -D", "6.1-0.1", "Debian 12 apt: strace"),
    _execs("poetry run", "2.5.1", "PyPI: poetry"),
    _execs("pipenv run", "2026.10.3", "PyPI: pipenv"),
    _execs("dotenv run", "1.2.4", "PyPI: python-dotenv"),
    _execs("bundle exec", "2.3.15-2+deb12u1", "Debian 12 apt: bundler"),
    _execs("cargo run", "1.95.0", "cargo"),
    *(_read(name, "documented to chain-load (cr.yp.to/daemontools)") for name in ("envdir", "envuidgid")),
    *(
        _read(name, "documented to chain-load (skarnet.org/software/s6, s6-overlay)", user)
        for name, user in (
            ("s6-applyuidgid", True),
            ("s6-env", False),
            ("s6-envdir", False),
            ("s6-envuidgid", False),
            ("s6-notifyoncheck", False),
            ("s6-softlimit", False),
            ("with-contenv", False),
        )
    ),
    _read("cd", "execline's, documented to chain-load (skarnet.org/software/execline/cd.html)"),
    _read(
        "setuser",
        "phusion/baseimage-docker@2403c5825475dbc95d4a44ab91406e20f391c7c5:image/bin/setuser (os.execvp)",
        True,
    ),
    _read("numactl", "numactl/numactl@00d452113fb5242f963b9c5ee72b719fd477d7f1:numactl.c (execvp)"),
    *(_read(name, script.source) for name, script in start_scripts.SCRIPTS.items()),
    _read("catalina.sh run", "apache/tomcat@5d4303584fc68bf71d1aee09d718b90270b8b640:bin/catalina.sh (eval exec)"),
    _read(
        "start-notebook.py",
        "jupyter/docker-stacks@009821cdb34f49f171e159ec0e82a39e87e6e0fd:images/base-notebook/start-notebook.py "
        "(os.execvp)",
    ),
    _read("rye run", "astral-sh/rye@e213938342cd08553a7672a417c4fa821c4d7172:rye/src/utils/mod.rs#L355 (exec_spawn)"),
    _read("aws-vault exec", "99designs/aws-vault@e22aea12b03e8ce036e9af87dda9303806fa2a9e:cli/exec.go (doExecSyscall)"),
    _read("chamber exec", "segmentio/chamber@8936b389622833bab03b2a2afe9f594a80489e93:cmd/exec_unix.go (unix.Exec)"),
    _read(
        "ddtrace-run",
        "DataDog/dd-trace-py@01688a44df6c4df03d9616d0e811c45c0b6f2d6a:ddtrace/commands/ddtrace_run.py (os.execl)",
    ),
    _read(
        "newrelic-admin run-program",
        "newrelic/newrelic-python-agent@042a70613c9a0f6af07df1f4007afaa90307bea4:newrelic/admin/run_program.py (os.execlp)",
    ),
    _read(
        "opentelemetry-instrument",
        "open-telemetry/opentelemetry-python-contrib@0047a9627eee2b7201531c8767f6663e43b85f84:"
        "opentelemetry-instrumentation/src/opentelemetry/instrumentation/auto_instrumentation/__init__.py (execl)",
    ),
)

_STAY = (
    # Other users.
    _stays(
        "su",
        _UTIL,
        "Debian 12 apt: util-linux",
        "no",
        OWN_ONLY,
        {"SIGTERM": "kills"},
        True,
        True,
        "with -c under a shell that doesn't exec: " + _LOSES,
    ),
    _stays(
        "su, sh execs",
        _UTIL,
        "Debian 12 apt: util-linux, -c 'exec …'",
        "no",
        OWN_ONLY,
        {"SIGTERM": "forwards"},
        True,
        True,
        "it ends two seconds after the signal",
    ),
    _stays("su --pty", _UTIL, "Debian 12 apt: util-linux", "no", OWN_ONLY, {"SIGTERM": "ignored"}, False, True),
    _stays(
        "busybox su",
        "1.36.1",
        "github.com/mirror/busybox, built; with Debian's sh",
        "while-waiting",
        "it execs the shell that -c needs, and Debian's sh stays and waits",
        {"SIGTERM": "ignored"},
        False,
        True,
        "the shell decides: where it execs the program, nothing stays",
    ),
    _stays(
        "runuser",
        _UTIL,
        "Debian 12 apt: util-linux, -u USER -- PROGRAM",
        "no",
        OWN_ONLY,
        {"SIGTERM": "forwards"},
        True,
        True,
        "it ends two seconds after the signal",
    ),
    _stays(
        "runuser -c",
        _UTIL,
        "Debian 12 apt: util-linux",
        "no",
        OWN_ONLY,
        {"SIGTERM": "kills"},
        True,
        True,
        "under a shell that doesn't exec: " + _LOSES,
    ),
    _stays_unmeasured(
        "runuser -c, sh execs",
        "no",
        OWN_ONLY,
        {"SIGTERM": "forwards"},
        "su -c 'exec …' of util-linux 2.38.1 measured 2026-11 on Debian 12, which is the same program",
        True,
    ),
    _stays("sudo", "1.9.13p3-1+deb12u4", "Debian 12 apt: sudo", "yes", REAPS, {"SIGTERM": "forwards"}, True, True),
    # Time, sessions, terminals.
    _stays("timeout", _COREUTILS, "Debian 12 apt: coreutils", "no", OWN_ONLY, {"SIGTERM": "forwards"}, True),
    _stays(
        "setsid",
        _UTIL,
        "Debian 12 apt: util-linux",
        "no",
        "as a session leader it forks and ends at once",
        {},
        None,
        note="the container stops at once; under an init it execs",
        background=True,
    ),
    _stays(
        "setsid --wait",
        _UTIL,
        "Debian 12 apt: util-linux",
        "no",
        "ends as soon as any orphan does",
        {"SIGTERM": "ignored"},
        False,
        note="an orphan that ends stops the container",
    ),
    _stays("time", "1.9-0.2", "Debian 12 apt: time", "yes", REAPS, {"SIGTERM": "ignored"}, False),
    _stays("script", f"1:{_UTIL}", "Debian 12 apt: bsdutils", "yes", REAPS, {"SIGTERM": "ignored"}, None),
    _stays(
        "tmux",
        "3.3a-3",
        "Debian 12 apt: tmux",
        "yes",
        REAPS,
        {"SIGTERM": "kills"},
        True,
        note=_KILLS,
    ),
    _stays("tmux -D", "3.3a-3", "Debian 12 apt: tmux", "yes", REAPS, {"SIGTERM": "exits"}, True),
    _stays(
        "screen",
        "4.9.0-4",
        "Debian 12 apt: screen, -D -m",
        "yes",
        REAPS,
        {"SIGTERM": "kills"},
        True,
        note="the program gets SIGHUP instead",
    ),
    _stays("watch", "2:4.0.2-3", "Debian 12 apt: procps", "no", OWN_ONLY, {"SIGTERM": "exits"}, True),
    _stays(
        "busybox watch",
        "1:1.35.0-4+deb12u1",
        "Debian 12 apt: busybox-static, on a container engine",
        "no",
        OWN_ONLY,
        {"SIGTERM": "ignored"},
        False,
    ),
    _stays("unbuffer", "5.45.4-2+b1", "Debian 12 apt: expect", "no", OWN_ONLY, {"SIGTERM": "ignored"}, False),
    _stays("flock", _UTIL, "Debian 12 apt: util-linux", "no", OWN_ONLY, {"SIGTERM": "ignored"}, False),
    _stays(
        "unshare -f",
        _UTIL,
        "Debian 12 apt: util-linux, -fp",
        "no",
        OWN_ONLY,
        {"SIGTERM": "ignored"},
        False,
    ),
    _stays(
        "strace", "6.1-0.1", "Debian 12 apt: strace, with and without -f", "yes", REAPS, {"SIGTERM": "ignored"}, False
    ),
    _stays(
        "fakeroot",
        "1.31-1.2",
        "Debian 12 apt: fakeroot",
        "while-waiting",
        "it is a shell script that waits",
        {"SIGTERM": "ignored"},
        False,
    ),
    _stays(
        "foreground",
        "2.9.3.0-1",
        "Debian 12 apt: execline",
        "no",
        OWN_ONLY,
        {"SIGTERM": "ignored", "SIGINT": "ignored", "SIGHUP": "ignored", "SIGQUIT": "ignored"},
        False,
        note="while its block runs; then it becomes what follows",
    ),
    _stays("faketime", "0.9.10-2.1", "Debian 12 apt: faketime", "no", OWN_ONLY, {"SIGTERM": "ignored"}, False),
    _stays("xargs", "4.9.0-4", "Debian 12 apt: findutils", "yes", REAPS, {"SIGTERM": "ignored"}, False),
    _stays(
        "make",
        "4.3-4.1",
        "Debian 12 apt: make, a recipe's line that dash reads",
        "yes",
        REAPS,
        {"SIGTERM": "ignored", "SIGINT": "ignored", "SIGHUP": "ignored", "SIGQUIT": "ignored"},
        False,
        note="the shell ends, and make waits for the program, which never gets the signal",
    ),
    _stays(
        "make, sh execs",
        "4.3-4.1",
        "Debian 12 apt: make, with and without -j2; a plain line, and one with exec",
        "yes",
        REAPS,
        {"SIGTERM": "forwards", "SIGINT": "ignored", "SIGHUP": "ignored", "SIGQUIT": "ignored"},
        True,
    ),
    _stays(
        "xvfb-run",
        "2:21.1.7-3+deb12u13",
        "Debian 12 apt: xvfb",
        "while-waiting",
        "it is a shell script that waits",
        {"SIGTERM": "ignored"},
        False,
        note="as PID 1 it hangs before it starts the program; under an init it works",
    ),
    _stays(
        "dbus-run-session",
        "1.14.10-1~deb12u1",
        "Debian 12 apt: dbus-daemon",
        "yes",
        REAPS,
        {"SIGTERM": "ignored"},
        False,
    ),
    # Node.
    _stays(
        "npm",
        _NPM,
        "NodeSource deb: nodejs; start, run and scripts with &&",
        "no",
        _NODE,
        {"SIGTERM": "kills", "SIGINT": "ignored"},
        True,
        note=_LOSES,
    ),
    _stays(
        "npm, sh execs",
        _NPM,
        "NodeSource deb: nodejs; script with exec, or busybox sh or bash as its shell",
        "no",
        _NODE,
        {"SIGTERM": "forwards"},
        True,
    ),
    _stays("npm exec", _NPM, "NodeSource deb: nodejs; -c", "no", _NODE, {"SIGTERM": "kills"}, True, note=_LOSES),
    _stays("npx", _NPM, "NodeSource deb: nodejs; -c", "no", _NODE, {"SIGTERM": "kills"}, True, note=_LOSES),
    *(
        _stays_unmeasured(
            f"{name}, sh execs",
            "no",
            _NODE,
            {},
            f"{name} of npm {_NPM} was measured 2026-11 on Debian 12 with dash only",
        )
        for name in ("npm exec", "npx")
    ),
    _stays(
        "yarn",
        "1.22.22",
        "npm: yarn, start and run",
        "no",
        _NODE,
        {"SIGTERM": "kills"},
        True,
        note="yarn 1; berry 4.18.1 passes the signal on",
    ),
    _stays("yarn berry", "4.18.1", "npm: @yarnpkg/cli-dist", "no", _NODE, {"SIGTERM": "forwards"}, True),
    _stays("pnpm", "12.21.0", "npm: pnpm, run and exec", "no", _NODE, {"SIGTERM": "forwards"}, True),
    _stays("bun run", "1.4.5", "npm: bun", "no", OWN_ONLY, {"SIGTERM": "forwards"}, True),
    _stays("cross-env", "10.1.0", "npm: cross-env", "no", _NODE, {"SIGTERM": "forwards"}, True),
    _stays("dotenv", "11.0.0", "npm: dotenv-cli", "no", _NODE, {"SIGTERM": "forwards"}, True, note="Node's dotenv-cli"),
    # Python, Go.
    _stays(
        "uv run",
        "0.13.9",
        "PyPI: uv, with and without a project",
        "no",
        OWN_ONLY,
        {"SIGTERM": "forwards", "SIGINT": "forwards"},
        True,
        note="after SIGINT it doesn't wait for the program",
    ),
    _stays_unmeasured(
        "uvx",
        "no",
        OWN_ONLY,
        {"SIGTERM": "forwards"},
        "it is `uv tool run`; `uv run` 0.13.9 was measured 2026-11 on Debian 12",
    ),
    *(
        _stays_unmeasured(name, "unknown", "it wasn't run as PID 1", {}, f"not measured: {name} starts a child")
        for name in ("dotnet run", "dotnet watch")
    ),
    _stays(
        "conda run",
        "26.7.1-56-g0f64223fb",
        "github.com/conda/conda, Python 3.11.2, with and without --no-capture-output",
        "no",
        _PY,
        {"SIGTERM": "ignored", "SIGINT": "ignored", "SIGHUP": "ignored"},
        False,
        note="a bash of its own stands between it and the program",
    ),
    _stays_unmeasured(
        "micromamba run",
        "no",
        OWN_ONLY,
        {"SIGTERM": "forwards"},
        "not run: mamba-org/mamba@03564bf4875fd7a5491f11ccf059d50512adf8b3:libmamba/src/core/run.cpp#L473 (SIGTERM)",
        note="it kills the program three seconds after the signal",
    ),
    _stays_unmeasured(
        "mamba run",
        "no",
        OWN_ONLY,
        {},
        "not run: mamba 1 runs conda's code, which ignores SIGTERM, mamba 2 that of micromamba, which passes it on",
    ),
    _stays("pdm run", "2.29.4", "PyPI: pdm", "no", _PY, {"SIGTERM": "forwards"}, True),
    _stays("hatch run", "1.18.2", "PyPI: hatch", "no", _PY, {"SIGTERM": "ignored", "SIGINT": "ignored"}, False),
    # One program of a Procfile's environment.
    _stays(
        "foreman run",
        "0.87.2-2",
        "Debian 12 apt: ruby-foreman",
        "no",
        OWN_ONLY,
        {"SIGTERM": "kills"},
        True,
        note=_KILLS,
    ),
    _stays(
        "honcho run",
        "2.0.0",
        "PyPI: honcho",
        "no",
        _PY,
        {"SIGTERM": "ignored"},
        False,
        note="a shell stands between it and the program",
    ),
    # Proxies, secrets and waiting, in Go.
    _stays(
        "thrust",
        "0.1.22",
        "basecamp/thruster@3acd601a28a6e3fe96f39c6668d4b6b0fbc6c6e6:internal/upstream_process.go#L46 (handleSignals), "
        "built with Go 1.27.3 without the proxy in front",
        "no",
        _GO,
        {"SIGTERM": "forwards", "SIGINT": "forwards", "SIGHUP": "kills", "SIGQUIT": "kills"},
        True,
        note="it passes the first signal on alone; the gem's Ruby script of that name execs it",
    ),
    _stays_unmeasured(
        "doppler run",
        "no",
        _GO,
        {"SIGTERM": "forwards", "SIGINT": "forwards", "SIGQUIT": "forwards", "SIGHUP": "forwards"},
        "not run: DopplerHQ/cli@d441d94d999daf4a1b5727e462ba36691962007e:pkg/utils/util.go#L151 (execCommand)",
        note="on a terminal, and with --forward-signals=false, it takes the signals for itself",
    ),
    _stays_unmeasured(
        "aws-vault exec --server",
        "no",
        _GO,
        {"SIGTERM": "forwards", "SIGINT": "forwards", "SIGQUIT": "forwards", "SIGHUP": "forwards"},
        "not run: 99designs/aws-vault@e22aea12b03e8ce036e9af87dda9303806fa2a9e:cli/exec.go (runSubProcess)",
    ),
    _stays_unmeasured(
        "dockerize",
        "no",
        _GO,
        {"SIGTERM": "forwards", "SIGINT": "forwards", "SIGHUP": "forwards"},
        "not run: jwilder/dockerize@2b3e41aa277bb74d33981a2ec3cd239ab12cad72:exec.go (runCmd)",
        note="it kills the program ten seconds after the signal",
    ),
    _stays(
        "go run",
        "1.19.8-2",
        "Debian 12 apt: golang-1.19-go",
        "no",
        _GO,
        {"SIGTERM": "exits"},
        True,
        note="whether the program that it built got the signal wasn't seen",
    ),
)

# Supervisors and reloaders that are started in front of a program: their facts are kept with the programs.
_SUPERVISORS = frozenset(
    {
        "circusd",
        "concurrently",
        "entr",
        "forego",
        "foreman",
        "forever",
        "honcho",
        "nodemon",
        "overmind",
        "pm2",
        "pm2-runtime",
        "run-p",
        "tsx",
        "watchfiles",
        "watchmedo",
    }
)

WRAPPERS: dict[str, WrapperFact] = {fact.name: fact for fact in (*_EXECS, *_STAY)}

_SAME = {
    "gmake": "make",
    "linux32": "setarch",
    "linux64": "setarch",
    "npm-run-all": "run-p",
    "pm2-docker": "pm2-runtime",
    "run-s": "run-p",
    "yarnpkg": "yarn",
}

# Programs that are wrappers only with the right first word; the word may stand behind options.
_WORDS = {
    "aws-vault": ("exec",),
    "bundle": ("exec",),
    "bun": ("run",),
    "cargo": ("run",),
    "chamber": ("exec",),
    "conda": ("run",),
    "doppler": ("run",),
    "dotnet": ("run", "watch"),
    "go": ("run",),
    "hatch": ("run",),
    "mamba": ("run",),
    "micromamba": ("run",),
    "newrelic-admin": ("run-program",),
    "pdm": ("run",),
    "pipenv": ("run",),
    "poetry": ("run",),
    "rye": ("run",),
    "uv": ("run",),
}
# Options of these that take the next word.
_TAKES_VALUE = frozenset(
    {
        "-C",
        "-e",
        "-f",
        "-p",
        "--config-file",
        "--cwd",
        "--directory",
        "--env",
        "--env-file",
        "--file",
        "--filter",
        "--prefix",
        "--project",
        "--workspace",
        "-F",
        "-w",
    }
)


def lookup(name: str, *, sh_execs: bool = False) -> WrapperFact | None:
    """The fact for a wrapper, by its name or by a key that `key_of` gave.

    `sh_execs`: the shell that npm, npx, su -c and runuser -c put in between gives its place to
    the program (`initlint.facts.shells.execs_last`), which decides whether signals arrive.
    None: not known as a wrapper.
    """
    name = _SAME.get(name, name)
    if sh_execs:
        fact = WRAPPERS.get(f"{name}, sh execs")
        if fact:
            return fact
    if name in _SUPERVISORS:
        return _supervisor(name)
    return WRAPPERS.get(name)


def key_of(argv: Sequence[str]) -> str | None:
    """The key for `lookup` that an argv shows, or None where it isn't a wrapper's.

    Only the words that make a program a wrapper, or change what kind it is, are read: `npm run`,
    `poetry run`, `flock -F`, `setsid --wait`, `busybox timeout`.
    """
    if not argv:
        return None
    name = argv[0].rsplit("/", 1)[-1]
    name = _SAME.get(name, name)
    args = list(argv[1:])
    if name == "busybox":
        applet = args[0] if args else ""
        if f"busybox {applet}" in WRAPPERS:
            return f"busybox {applet}"
        return applet if applet in _BUSYBOX_SAME else None
    if name == "uv" and _first_word(args) == "tool":
        return "uvx" if args[args.index("tool") + 1 :][:1] == ["run"] else None
    if name in _WORDS:
        word = _first_word(args)
        if name == "aws-vault" and word == "exec" and _SERVES & {arg.partition("=")[0] for arg in args}:
            return "aws-vault exec --server"
        return f"{name} {word}" if word in _WORDS[name] else None
    if name == "npm":
        word = _first_word(args)
        if word in ("exec", "x"):
            return "npm exec"
        return "npm" if word in ("start", "run", "run-script", "test", "t", "restart", "stop") else None
    if name in ("yarn", "pnpm"):
        return name if _first_word(args) not in _NOT_SCRIPTS else None
    if name == "dotenv":
        return "dotenv run" if "run" in _leading(args, "run") else "dotenv"
    if name in ("foreman", "honcho") and _first_word(args) == "run":
        return f"{name} run"
    if name in _SUPERVISORS or name in WRAPPERS:
        return _variant(name, args)
    return None


_SERVES = frozenset({"-s", "--server", "--ec2-server", "--ecs-server"})
_BUSYBOX_SAME = frozenset({"chroot", "chrt", "env", "ionice", "nice", "nohup", "setpriv", "taskset"})
_NOT_SCRIPTS = frozenset(
    {
        None,
        "add",
        "ci",
        "config",
        "fetch",
        "i",
        "import",
        "init",
        "install",
        "link",
        "prune",
        "remove",
        "store",
        "up",
        "update",
    }
)


def _first_word(args: Sequence[str]) -> str | None:
    index = 0
    while index < len(args) and args[index].startswith("-"):
        index += 2 if args[index] in _TAKES_VALUE else 1
    return args[index] if index < len(args) else None


def _leading(args: Sequence[str], word: str) -> Sequence[str]:
    """The arguments up to and with the first one that is neither an option nor its value."""
    first = _first_word(args)
    return args[: args.index(first) + 1] if first is not None else args


def _variant(name: str, args: Sequence[str]) -> str:
    options = args if name in ("su", "runuser") else _own_options(args, _OPTION_VALUES.get(name, frozenset()))
    if name == "flock" and any(arg in ("-F", "--no-fork") for arg in options):
        return "flock -F"
    if name == "setsid" and any(arg == "--wait" or _letter(arg, "w") for arg in options):
        return "setsid --wait"
    if name == "strace" and any(arg in ("-D", "-DD", "-DDD") or arg.startswith("--daemonize") for arg in options):
        return "strace -D"
    if name == "tmux" and "-D" in options:
        return "tmux -D"
    if name == "su" and any(arg in ("-P", "--pty") for arg in options):
        return "su --pty"
    if name == "runuser" and "-u" not in options and any(arg == "-c" or arg.startswith("--command") for arg in options):
        return "runuser -c"
    if name == "unshare" and any(arg == "--fork" or _letter(arg, "f") for arg in options):
        return "unshare -f"
    return name


_OPTION_VALUES = {
    "flock": frozenset({"-w", "--timeout", "-E", "--conflict-exit-code"}),
    "strace": frozenset({"-o", "-e", "-p", "-s", "-E", "-u", "-a", "-P", "-O", "-S", "-b", "-I", "-X"}),
    "tmux": frozenset({"-S", "-L", "-f", "-c"}),
    "unshare": frozenset({"-R", "-w", "-S", "-G"}),
}


def _own_options(args: Sequence[str], takes_value: frozenset[str]) -> list[str]:
    """The wrapper's options: up to `--` or the first word that is neither an option nor its value."""
    options: list[str] = []
    index = 0
    while index < len(args) and args[index].startswith("-") and args[index] != "--":
        options.append(args[index])
        index += 2 if args[index] in takes_value else 1
    return options


def _letter(arg: str, letter: str) -> bool:
    return arg[:1] == "-" and arg[1:].isalpha() and letter in arg


def _supervisor(name: str) -> WrapperFact:
    module = "runtimes" if name == "tsx" else "supervisors"
    keeps = _program(module, name)
    return WrapperFact(name, False, keeps, keeps.source, False, keeps.measured, keeps.note)


def _program(module: str, name: str) -> ProgramFact:
    if module == "runtimes":
        from initlint.facts.programs import runtimes

        return runtimes.FACTS[name]
    from initlint.facts.programs import supervisors

    return supervisors.FACTS[name]
