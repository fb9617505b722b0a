"""npm, yarn, pnpm and bun: scripts of package.json, or a program of node_modules/.bin."""

from __future__ import annotations

from collections.abc import Callable

from initlint.boot.arguments import Unwrapped, option_value, read_options, words_of
from initlint.boot.model import Argv

OF_WORKSPACE = "it runs a script of a workspace"


def package_runner(name: str) -> Callable[[Argv], Unwrapped | None]:
    """npm, yarn, pnpm, bun: scripts of package.json, or a program of node_modules/.bin."""
    valued = words_of("--prefix -C --dir -w --workspace --filter -F --cwd --loglevel --userconfig --use-yarnrc")
    builtin = words_of(
        "install i ci add remove rm uninstall update upgrade audit cache config init link list ls pack prune publish "
        "rebuild version view outdated dedupe root bin help set import why info store"
    )

    def read(argv: Argv) -> Unwrapped | None:
        index, options, problem = read_options(argv, 1, valued)
        if problem or index >= len(argv):
            return Unwrapped(name, options=options, problem=problem or "it is told to run nothing")
        cwd = None
        for option in ("--prefix", "-C", "--dir", "--cwd"):
            cwd = cwd or option_value(options, option)
        verb = argv[index]
        rest = argv[index + 1 :]
        # npm takes options for its own wherever they stand, up to a `--`
        own = rest[: rest.index("--")] if "--" in rest else rest
        if any(_names_workspace(word) for word in (*options, *(own if name == "npm" else ()))):
            key = verb if verb in ("start", "test", "restart", "stop") else "run"
            return Unwrapped(f"{name} {key}", options=options, problem=OF_WORKSPACE)
        everywhere = name == "pnpm" and any(word in ("-r", "--recursive") for word in options)
        if everywhere or (name == "yarn" and verb in ("workspace", "workspaces")):
            return Unwrapped(f"{name} run", options=options, problem=OF_WORKSPACE)
        if verb in ("run", "run-script", "rum", "urn"):
            at, more, problem = read_options(rest, 0, valued)
            for option in ("--prefix", "-C", "--dir", "--cwd"):
                cwd = cwd or option_value(more, option)
            if at >= len(rest):
                return Unwrapped(f"{name} run", options=(*options, *more), problem=problem or "no script is named")
            return Unwrapped(
                f"{name} run",
                _script_arguments(name, rest[at + 1 :]),
                0,
                (*options, *more),
                script=rest[at],
                cwd=cwd,
                problem=problem,
            )
        if verb in ("start", "test", "restart", "stop", "t"):
            return Unwrapped(f"{name} {verb}", _script_arguments(name, rest), 0, options, script=verb, cwd=cwd)
        if verb in ("exec", "x", "dlx"):
            return exec_verb(f"{name} {verb}", rest, options, cwd)
        if verb in builtin:
            return Unwrapped(f"{name} {verb}", options=options, cwd=cwd, problem="it ends by itself")
        if name == "npm":
            return Unwrapped(f"npm {verb}", options=options, problem=f"npm {verb} isn't known")
        # yarn and pnpm take a script's or a program's name as the verb.
        return Unwrapped(f"{name} run", rest, 0, options, script=verb, cwd=cwd)

    return read


def _names_workspace(option: str) -> bool:
    return option in ("-w", "-ws", "--workspace", "--workspaces", "--filter", "-F") or option.startswith(
        ("-w=", "--workspace=", "--filter=")
    )


def _script_arguments(name: str, rest: Argv) -> Argv:
    """Arguments that are appended to the script's line: npm wants `--` before them."""
    if name == "npm":
        return tuple(rest[rest.index("--") + 1 :]) if "--" in rest else tuple(w for w in rest if w[:1] != "-")
    return tuple(rest[1:]) if rest and rest[0] == "--" else tuple(rest)


def exec_verb(key: str, rest: Argv, options: tuple[str, ...], cwd: str | None) -> Unwrapped:
    at, more, problem = read_options(rest, 0, words_of("-p --package -c --call"))
    text = option_value(more, "-c") or option_value(more, "--call")
    if text is not None:
        return Unwrapped(key, options=(*options, *more), text=text, cwd=cwd, problem=problem)
    return Unwrapped(key, tuple(rest[at:]), 0, (*options, *more), cwd=cwd, problem=problem)


def npx(argv: Argv) -> Unwrapped:
    return exec_verb("npx", argv[1:], (), None)


def bun(argv: Argv) -> Unwrapped | None:
    if len(argv) > 1 and argv[1] in ("run", "x", "start"):
        verb, rest = argv[1], argv[2:]
        if verb == "x":
            return exec_verb("bun x", rest, (), None)
        if verb == "start":
            return Unwrapped("bun run", (), 0, script="start")
        at, options, problem = read_options(rest, 0, words_of("--cwd"))
        if (
            at < len(rest)
            and not rest[at].endswith((".js", ".ts", ".mjs", ".tsx", ".jsx", ".cjs"))
            and "/" not in rest[at]
        ):
            return Unwrapped("bun run", tuple(rest[at + 1 :]), 0, options, script=rest[at], problem=problem)
    return None
