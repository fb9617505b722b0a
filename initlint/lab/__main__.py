"""`python -m initlint.lab`: measure the facts again; exit 1 where one differs, 2 where it can't be done."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence

from initlint.lab import remeasure
from initlint.lab.experiment import Result, version
from initlint.lab.pidspace import why_not
from initlint.lab.remeasure import Task


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m initlint.lab",
        description="Starts every program that a measured fact tells of, and that is installed, as PID 1 of fresh "
        "namespaces, and shows where it does something else. Needs root on Linux.",
    )
    parser.add_argument(
        "--only", metavar="NAME", nargs="+", default=[], help="recipes, programs or shells; or 'shells'"
    )
    parser.add_argument("--list", action="store_true", help="list the experiments, and make none")
    parser.add_argument("--json", action="store_true", help="print everything that was measured as JSON")
    options = parser.parse_args(arguments)
    chosen = remeasure.tasks(options.only)
    unknown = sorted(name for name in options.only if not any(name in task.names for task in chosen))
    if unknown:
        return _refuse(f"no recipe is called {', '.join(unknown)} (--list shows them)")
    missing = [task for task in chosen if not task.installed]
    if options.list:
        try:
            _list(chosen)
            sys.stdout.flush()
        except BrokenPipeError:  # `| head`
            sys.stdout = None
        return 0
    reason = why_not()
    if reason:
        return _refuse(f"nothing was measured: {reason}")
    if len(missing) == len(chosen):
        return _refuse(f"nothing was measured: none is installed ({_packages(missing)})")
    results = sorted(remeasure.measure(chosen), key=lambda result: result.name)
    different = [result for result in results if result.differences]
    if options.json:
        print(json.dumps(_document(results, missing), indent=2))
    else:
        _show(results, different, missing)
    return 1 if different else 0


def _refuse(reason: str) -> int:
    print(f"initlint.lab: {reason}", file=sys.stderr)
    return 2


def _list(chosen: Sequence[Task]) -> None:
    for task in sorted(chosen, key=lambda task: task.name):
        print(task.name if task.installed else f"{task.name}  (not installed: {task.package})")


def _show(results: Sequence[Result], different: Sequence[Result], missing: Sequence[Task]) -> None:
    for result in different:
        print("\n".join(result.differences))
        print(f"    {' '.join(result.argv)!r} of {result.package} {version(result.package)}".rstrip())
    print(f"{len(results)} experiments: {len(results) - len(different)} as the facts say, {len(different)} otherwise")
    if missing:
        print(f"not installed: {_packages(missing)}")
    print(f"{len(remeasure.without_recipe())} measured facts have no recipe")


def _packages(missing: Sequence[Task]) -> str:
    return ", ".join(sorted({task.package for task in missing}))


def _document(results: Sequence[Result], missing: Sequence[Task]) -> dict[str, object]:
    return {
        "version": 1,
        "results": [
            {
                "name": result.name,
                "package": result.package,
                "package_version": version(result.package) or None,
                "argv": list(result.argv),
                "expected": result.expected,
                "measured": result.measured,
                "problem": result.problem,
                "differs": bool(result.differences),
            }
            for result in results
        ],
        "not_installed": sorted(task.name for task in missing),
        "without_recipe": remeasure.without_recipe(),
    }


if __name__ == "__main__":
    sys.exit(main())
