"""How the arguments of launchers are read that prepare an environment: virtual environments, secrets, `.env` files."""

from __future__ import annotations

from collections.abc import Callable

from initlint.boot.arguments import Unwrapped, option_value, read_options, words_of
from initlint.boot.model import Argv, is_known


def subcommand(
    name: str, verbs: dict[str, frozenset[str]], before: frozenset[str] = frozenset()
) -> Callable[[Argv], Unwrapped | None]:
    """`poetry run CMD` and its like: only these verbs start a program of the arguments."""

    def read(argv: Argv) -> Unwrapped | None:
        index, options, problem = read_options(argv, 1, before)
        if problem or index >= len(argv):
            return None
        verb = argv[index]
        if verb not in verbs:
            return None
        at, more, problem = read_options(argv, index + 1, verbs[verb])
        return Unwrapped(f"{name} {verb}", tuple(argv[at:]), at, (*options, *more), problem=problem)

    return read


_UV_VALUED = words_of(
    "--extra --no-extra --group --no-group --only-group --env-file --with --with-editable --with-requirements "
    "--package -p --python --index --index-url --extra-index-url --directory --project --cache-dir --config-file "
    "-i -f --find-links"
)
CONDA_VALUED = words_of("-n --name -p --prefix --cwd")
MAMBA_VALUED = CONDA_VALUED | words_of("-a --attach -e --env --label -r --root-prefix")
_DOPPLER_VALUED = words_of(
    "-t --token -p --project -c --config --command --name-transformer --dynamic-ttl --fallback --passphrase --mount "
    "--format --mount-format --mount-template --mount-max-reads --only-secrets --api-host --config-dir --scope "
    "--timeout --attempts"
)


def doppler(argv: Argv) -> Unwrapped | None:
    """`doppler run [options] [--] PROGRAM`, or a line for $SHELL or sh in `--command`."""
    found = subcommand("doppler", {"run": _DOPPLER_VALUED}, _DOPPLER_VALUED)(argv)
    line = option_value(found.options, "--command") if found is not None and not found.problem else None
    if found is None or line is None:
        return found
    return found._replace(argv=(), text=line, doubt="the SHELL variable may name another shell for it")


def aws_vault(argv: Argv) -> Unwrapped | None:
    """`aws-vault exec [options] PROFILE [--] PROGRAM`: options may stand behind the profile too."""
    found = subcommand("aws-vault", {"exec": words_of("-d --duration --region -t --mfa-token")})(argv)
    if found is None or found.problem:
        return found
    at, more, problem = read_options(argv, found.at + 1, words_of("-d --duration --region -t --mfa-token"))
    return found._replace(argv=tuple(argv[at:]), at=at, options=(*found.options, *more), problem=problem)


def chamber(argv: Argv) -> Unwrapped | None:
    """`chamber exec SERVICE… -- PROGRAM`."""
    if argv[1:2] != ("exec",) or "--" not in argv:
        return None
    at = argv.index("--") + 1
    return Unwrapped("chamber exec", tuple(argv[at:]), at, tuple(argv[2 : at - 1]))


def uvx(argv: Argv, start: int = 1) -> Unwrapped:
    """`uvx [--from PACKAGE] COMMAND[@VERSION]`, which is `uv tool run`."""
    at, options, problem = read_options(argv, start, _UV_VALUED | {"--from"})
    command = (argv[at].partition("@")[0], *argv[at + 1 :]) if at < len(argv) and is_known(argv[at]) else argv[at:]
    return Unwrapped("uvx", tuple(command), at, options, problem=problem)


def uv(argv: Argv) -> Unwrapped | None:
    if argv[1:3] == ("tool", "run"):
        return uvx(argv, 3)
    found = subcommand("uv", {"run": _UV_VALUED}, words_of("--directory --project --cache-dir --config-file"))(argv)
    if found is None or found.problem or not found.argv or not is_known(found.argv[0]):
        return found
    # `uv run -m MODULE` and `uv run FILE.py` are python's.
    if found.options[-1:] in (("-m",), ("--module",)):
        return found._replace(argv=("python", "-m", *found.argv))
    if found.argv[0].endswith(".py") or found.options[-1:] in (("-s",), ("--script",)):
        return found._replace(argv=("python", *found.argv))
    return found


def dotenv(argv: Argv) -> Unwrapped | None:
    """python-dotenv's `dotenv run -- CMD` and dotenv-cli's `dotenv -- CMD` share a name."""
    index, options, problem = read_options(argv, 1, words_of("-f --file -q --quote -e --export -c -p -v"))
    if index < len(argv) and argv[index] == "run":
        at, more, problem = read_options(argv, index + 1, frozenset())
        return Unwrapped("dotenv run", tuple(argv[at:]), at, (*options, *more), problem=problem)
    return Unwrapped("dotenv", tuple(argv[index:]), index, options, problem=problem)


def foreman_run(argv: Argv) -> Unwrapped | None:
    """`foreman run PROGRAM`, with the variables of .env."""
    return subcommand("foreman", {"run": words_of("-e --env")}, words_of("-f --procfile -d --root"))(argv)


def honcho_run(argv: Argv) -> Unwrapped | None:
    """`honcho run PROGRAM`, which a shell starts."""
    import shlex

    found = subcommand("honcho", {"run": frozenset()}, words_of("-e --env -d --app-root -f --procfile"))(argv)
    if found is None or found.problem:
        return found
    if not all(is_known(word) for word in found.argv):
        return found._replace(problem="its arguments aren't known")
    return found._replace(argv=(), text=shlex.join(found.argv))
