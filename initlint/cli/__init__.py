"""The command line: a module per command, each thin, imported when it is the one that runs."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence

# Imports make many objects that all stay: looking for garbage among them costs a tenth of the start.
gc.set_threshold(1_000_000, 50, 50)

import click  # noqa: E402

from initlint import __version__  # noqa: E402

# Command → its line in `initlint --help`, so that the others needn't be imported to show it.
COMMANDS = {
    "check": "Report what is wrong with PID 1.",
    "fix": "Print the fixes as a diff, or write them.",
    "trace": "Show what PID 1 is, and how it came to be.",
    "prove": "Build and run it, and compare with the trace.",
    "rule": "Explain a rule, or list them all.",
}


class _Commands(click.Group):
    """Imports `initlint.cli.NAME` for the command that is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        from importlib import import_module

        command: click.Command = import_module(f"initlint.cli.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=_Commands, no_args_is_help=False, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="initlint %(version)s")
def group() -> None:
    """Find out what PID 1 of a container really is: whether it reaps zombies and obeys the stop
    signal; and write the fix.

    Exit codes: 0 nothing found, 1 findings (fix: there is a diff), 2 something couldn't be read
    or was asked for wrongly.
    """


def main() -> int:
    """What the console script calls."""
    code = run(sys.argv[1:])
    gc.freeze()  # the interpreter would look through everything once more before it ends
    return code


def run(arguments: Sequence[str]) -> int:
    """Run a command and return its exit code. Nothing that goes wrong shows a traceback."""
    try:
        code = group.main(args=list(arguments), prog_name="initlint", standalone_mode=False)
        return code if isinstance(code, int) else 0
    except click.ClickException as error:
        context = getattr(error, "ctx", None)
        hint = f" (see {context.command_path} --help)" if context is not None else ""
        return _fail(f"{error.format_message()}{hint}")
    except (click.Abort, KeyboardInterrupt):
        return 130
    except BrokenPipeError:
        silence()
        return 2
    except Exception as error:
        from initlint.configuration import ConfigurationError
        from initlint.registry import RegistryError

        if isinstance(error, (ConfigurationError, RegistryError)):
            return _fail(str(error))
        if "INITLINT_DEBUG" in os.environ:
            raise
        if isinstance(error, OSError) and error.strerror:
            return _fail(f"{error.filename}: {error.strerror}" if error.filename else error.strerror)
        return _fail(
            f"internal error, please report it: {type(error).__name__}: {error} (INITLINT_DEBUG=1 shows where)"
        )


def silence() -> None:
    """Let the interpreter end in peace when nobody reads standard output any more."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


def _fail(message: str) -> int:
    text = "initlint: error: " + " ".join(message.split()) + "\n"
    sys.stderr.buffer.write(text.encode("utf-8", "backslashreplace"))
    return 2
