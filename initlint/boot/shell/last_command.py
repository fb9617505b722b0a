"""The shell's own rule: whether it becomes the last command without being told to."""

from __future__ import annotations

from initlint.boot.shell.machine import Machine
from initlint.boot.shell.traps import has_action
from initlint.boot.shell.tree import Node
from initlint.boot.shell.values import Call, Context, State
from initlint.facts.shells import LastCommand, execs_last


def execs_by_itself(machine: Machine, state: State, context: Context, call: Call) -> bool | None:
    """True: the shell execs; False: it stays; None: nobody measured this shell."""
    if not context.tail or context.loop:
        return False
    main = machine.frames[0]
    open_end = main.kind != "string" and not main.data.endswith(b"\n")
    reads_on = main.kind == "string" or open_end
    after = behind(main.data, _end_of_last(main.root.named_children)) if reads_on else frozenset()
    labels = set(context.labels)
    labels.add(_own_label(call))
    if call.redirects:
        heredoc = any(redirect.type.startswith("here") for redirect in call.redirects)
        labels.add("heredoc" if heredoc else "simple-with-redirection")
    if context.or_left:
        labels.add("not-last")
    machine.version_decides = True
    return execs_last(
        machine.shell.name,
        machine.shell.version,
        labels,
        script_file=main.kind != "string",
        trailing_newline="newline" in after,
        comment_after="comment" in after,
        trap_with_action=has_action(state),
        trap_ignored=any(handler.action == "" for handler in state.traps.values()),
        blank_line_after="blank-line" in after,
        comment_same_line="same-line" in after,
        semicolon_after="semicolon" in after,
        blanks_around=main.data[:1] in (b" ", b"\t") or main.data[-1:] in (b" ", b"\t"),
        no_final_newline=open_end,
    )


def _own_label(call: Call) -> LastCommand:
    if call.extra:
        return "simple-with-assignment"
    text = call.node.text
    return "simple-with-expansion" if "$" in text or "`" in text else "simple"


def _end_of_last(nodes: list[Node]) -> int:
    return max((node.end_byte for node in nodes if node.type != "comment"), default=0)


def behind(data: bytes, end: int) -> frozenset[str]:
    """What follows the last command of a -c string: it makes some shells stay."""
    found: set[str] = set()
    rest = data[end:].replace(b"\\\n", b"")
    for index, line in enumerate(rest.split(b"\n")):
        bare = line.strip()
        if index == 0 and bare.startswith(b";"):
            found.add("semicolon")
            bare = bare[1:].strip()
        if bare.startswith(b"#"):
            found.add("same-line" if index == 0 else "comment")
    newlines = rest.count(b"\n")
    if newlines and "comment" not in found:
        found.add("newline" if newlines == 1 else "blank-line")
    return frozenset(found)
