"""What can be told of a shell line without evaluating it: used for probes and for lines in program sources."""

from __future__ import annotations

from typing import TYPE_CHECKING

from initlint.boot.commands import bare
from initlint.boot.shell import syntax
from initlint.facts import ShellName
from initlint.facts import shells as shell_table

if TYPE_CHECKING:
    from initlint.boot.shell.tree import Node


def backgrounds(line: str) -> bool:
    """Whether a line leaves a process in the background: an `&` that no `wait` follows, at any depth.

    False where the line can't be parsed.
    """
    root = syntax.parse(line.encode("utf-8", "surrogateescape"))
    if root.has_error:
        return False
    nodes = syntax.descend(root)
    at = next((node.start_byte for node in nodes if node.type == "&" and not node.is_named), None)
    if at is None:
        return False
    return not any(
        node.type == "command_name" and syntax.text_of(node) == "wait" and node.start_byte > at for node in nodes
    )


def commands_of(line: str) -> list[list[str]]:
    """The words of all commands in a line, without wrappers in front; those with a word that isn't plain are left out.

    Empty where the line can't be parsed.
    """
    root = syntax.parse(line.encode("utf-8", "surrogateescape"))
    found: list[list[str]] = []
    for node in () if root.has_error else syntax.descend(root):
        if node.type != "command":
            continue
        words: list[str] = []
        for child in node.children:
            if child.type == "variable_assignment" or child.type.endswith("redirect"):
                continue
            literal = child.text if child.type == "command_name" and "$" not in child.text else child.literal
            if literal is None:
                break
            words.append(literal)
        else:
            found.append(bare(words)[0])
    return found


def keeps_a_child(line: str, shell: ShellName, version: tuple[int, ...] | None) -> bool:
    """Whether the shell that runs `line` stays in front of a program while that program runs."""
    root = syntax.parse(line.encode("utf-8", "surrogateescape"))
    if root.has_error:
        return False
    commands = [node for node in syntax.descend(root) if node.type == "command" and not _builtin(node)]
    if not commands:
        return False
    if len(root.named_children) == 1 and root.named_children[0].type == "command":
        return shell_table.execs_last(shell, version, "simple", script_file=False) is False
    # The last command of a list may be exec'd; one before it always has the shell as its parent.
    return len(commands) > 1 or root.named_children[-1].type in ("list", "pipeline")


def _builtin(node: Node) -> bool:
    name = node.child_by_field_name("name")
    return name is None or syntax.text_of(name) in (
        "exit", "true", "false", "test", "[", "echo", ":", "exec", "return", "cd", "set", "export", "printf",
    )  # fmt: skip
