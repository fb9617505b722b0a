"""`initlint fix`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import click

from initlint.cli import options
from initlint.configuration import Configurations
from initlint.linter import Report, StandardInput, check
from initlint.report.style import printable
from initlint.report.summary import counted
from initlint.rule import Finding, Fix

# A fix that stands in another's way is written in the next round.
_ROUNDS = 10


@click.command("fix")
@options.TARGETS
@options.SELECTION
@options.INIT
@options.option("--unsafe-fixes", is_flag=True, help="Fixes too that may change more than signals and reaping.")
@options.option("--write", is_flag=True, help="Write the files in place of printing a diff.")
@options.option("--diff", is_flag=True, help="Print the diff, with --write as well (the default without it).")
@options.OUTPUT_FILE
def command(
    targets: tuple[str, ...],
    stdin_filename: str | None,
    exit_zero: bool,
    unsafe_fixes: bool,
    write: bool,
    diff: bool,
    output_file: str | None,
    **settings: Any,
) -> int:
    """Print the fixes for what `initlint check` reports as one unified diff, or write them.

    A fix is safe when the program, its arguments and its user stay the same, and only signals
    and reaping change. Each one is tried out before it is shown: its result is read and traced.
    `git apply` takes the diff in the same folder, for files below it.

    Exit codes: 0 no diff (with --write: nothing is left to report), 1 a diff (something is
    left), 2 something couldn't be read or written.
    """
    targets = targets or (".",)
    if write and "-" in targets:
        raise click.UsageError("standard input can't be written to: leave out --write")
    configurations = options.configurations(**settings)
    standard_input = options.standard_input(targets, stdin_filename)
    report = check(targets, configurations, standard_input=standard_input, fixes=True)
    if write:
        code = _write(targets, configurations, report, unsafe_fixes, diff, output_file)
    else:
        code = _show(targets, configurations, standard_input, report, unsafe_fixes, output_file)
    return 0 if code == 1 and exit_zero else code


def _show(
    targets: tuple[str, ...],
    configurations: Configurations,
    standard_input: StandardInput | None,
    first: Report,
    unsafe: bool,
    output_file: str | None,
) -> int:
    """One diff of all that `--write` would do, its further rounds included."""
    from initlint.fixing.apply import Changed, apply, merge
    from initlint.fixing.diff import unified

    original: dict[str, Changed] = {}
    done: dict[Fix, None] = {}
    report = first
    for _ in range(_ROUNDS):
        fixes = _usable(report.fixes, unsafe)
        edits, waiting = merge(fixes)
        changes = apply(edits)
        if not changes:
            break
        done.update(dict.fromkeys(fix for index, fix in enumerate(fixes) if index not in waiting))
        for key, change in changes.items():
            before = original[key].source if key in original else change.source
            original[key] = Changed(before, change.after, change.mode)
            if standard_input is not None and change.source.path is None and change.source.exists:
                standard_input = standard_input._replace(data=change.after)
        overlay = {key: change.after for key, change in original.items()}
        report = check(targets, configurations, standard_input=standard_input, fixes=True, overlay=overlay)
    options.emit(unified(original.values()), output_file)
    left = {(finding.code, finding.span.source.name, finding.message) for finding in report.findings}
    rest = [
        finding
        for finding in first.findings
        if finding.fix not in done and (finding.code, finding.span.source.name, finding.message) in left
    ]
    if original:
        fixed = len(first.findings) - len(rest)
        _tell(f"Fixes {fixed} of {counted(len(first.findings), 'finding')} in {counted(len(original), 'file')}.")
        _tell_done(done)
    above = sorted(change.source.name for change in original.values() if change.source.name.startswith("../"))
    if above:
        _tell(
            f"`git apply` takes no file above the current folder ({above[0]}): run both commands in a folder above it."
        )
    _tell_rest(first, rest, unsafe, fixed=bool(original))
    return 2 if first.input_errors else int(bool(original))


def _write(
    targets: tuple[str, ...],
    configurations: Configurations,
    report: Report,
    unsafe: bool,
    diff: bool,
    output_file: str | None,
) -> int:
    from initlint.fixing.apply import Changed, apply, merge
    from initlint.fixing.diff import unified
    from initlint.fixing.write import WriteError, write

    first = len(report.findings)
    original: dict[str, Changed] = {}
    failed: dict[str, None] = {}
    done: dict[Fix, None] = {}
    for _ in range(_ROUNDS):
        written = False
        fixes = _usable(report.fixes, unsafe)
        together = set(merge(fixes)[0])
        for group in _connected(fixes):
            changes = apply(edit for fix in group for edit in fix.edits if edit in together)
            try:
                written |= bool(write(changes.values()))
            except WriteError as error:
                failed[str(error)] = None
                continue
            done.update(dict.fromkeys(fix for fix in group if set(fix.edits) <= together))
            for key, change in changes.items():
                before = original[key].source if key in original else change.source
                original[key] = Changed(before, change.after, change.mode)
        if not written:
            break
        report = check(targets, configurations, fixes=True)
    if diff:
        options.emit(unified(original.values()), output_file)
    fixed = max(first - len(report.findings), 0)
    if original:
        _tell(f"Fixed {fixed} of {counted(first, 'finding')} in {counted(len(original), 'file')}.")
        _tell_done(done)
    for message in failed:
        _tell(f"error: {message}")
    _tell_rest(report, report.findings, unsafe, fixed=bool(original))
    return 2 if report.input_errors or failed else int(bool(report.findings))


def _usable(fixes: Iterable[Fix], unsafe: bool) -> list[Fix]:
    return [fix for fix in fixes if unsafe or fix.applicability == "safe"]


def _connected(fixes: list[Fix]) -> list[list[Fix]]:
    """Fixes that change a file in common belong together: a file that can't be written stops no other."""
    from initlint.fixing.apply import key_of

    groups: list[tuple[set[str], list[Fix]]] = []
    for fix in fixes:
        files = {key_of(edit.span.source) for edit in fix.edits}
        together = [fix]
        apart = []
        for other_files, others in groups:
            if files & other_files:
                files |= other_files
                together = [*others, *together]
            else:
                apart.append((other_files, others))
        groups = [*apart, (files, together)]
    return [group for _, group in groups]


def _tell_done(done: Iterable[Fix]) -> None:
    """What each fix does, why in this way, and what changes for whoever builds or runs the image."""
    told = {f"{min(edit.span.source.name for edit in fix.edits)}: {fix.message}": None for fix in done if fix.edits}
    for line in told:
        _tell(line)


def _tell_rest(report: Report, rest: Iterable[Finding], unsafe: bool, *, fixed: bool) -> None:
    """What isn't fixed, and why."""
    more = 0
    for finding in rest:
        if not unsafe and finding.fix is not None and finding.fix.applicability == "unsafe":
            more += 1
        row, column = finding.span.location
        if finding.fix is not None:
            why = f" ({finding.fix.applicability} fix: {finding.fix.message})"
        elif finding.no_fix:
            why = f" (not fixed: {finding.no_fix})"
        else:
            why = f" (by hand: {finding.cure})" if finding.cure else ""
        _tell(f"{finding.span.source.name}:{row}:{column}: {finding.code} {finding.message}{why}")
    if more:
        _tell(f"{more} more with --unsafe-fixes.")
    if not report.findings and not report.input_errors and not fixed:
        _tell("Nothing to fix." if report.files else "Nothing to check.")
    if report.undecided:
        _tell(f"{report.undecided} of {counted(report.containers, 'container')} undecided (`initlint trace` says why).")


def _tell(text: str) -> None:
    click.echo(printable(" ".join(text.split())), err=True)
