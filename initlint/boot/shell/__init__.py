"""What a shell does with a script or a -c string: evaluated as far as it is known, never run."""

from __future__ import annotations

from initlint.boot.shell.evaluator import meant_to_run, run_script, run_string

__all__ = ["meant_to_run", "run_script", "run_string"]
