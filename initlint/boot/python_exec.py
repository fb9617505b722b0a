"""Python programs that replace themselves by another one: `os.execvp(...)` on the way that is always taken."""

from __future__ import annotations

import ast

from initlint.boot.model import Argv, Opaque
from initlint.boot.python_children import UNKNOWN, text_of
from initlint.boot.python_module import Function, Module
from initlint.boot.python_tree import walk
from initlint.records import NamedTuple

# Words that stand for the program's own arguments until they are put in their place.
ARGUMENTS = Opaque("sys.argv[1:]", many=True)


class Replacement(NamedTuple):
    """`argv`: what the program becomes, None where it isn't known to be taken; `at`: the call."""

    argv: Argv | None
    at: ast.Call


def replacement(module: Module) -> Replacement | None:
    """The first exec call of a main module; `argv` only where nothing decides whether it is reached."""
    calls = [call for call in module.calls if call.called.startswith("os.exec") and not _restarts(call.node)]
    if not calls:
        return None
    always = _always(module.tree.body, module, set())
    for call in calls:
        if id(call.node) in always:
            return Replacement(_argv(module, call.node, call.called), call.node)
    if any(call.called in ("os.fork", "pty.fork") for call in module.calls):
        return None  # the child's
    return Replacement(None, calls[0].node)


def _restarts(node: ast.Call) -> bool:
    """`os.execv(sys.executable, [sys.executable, *sys.argv])`: the same program again."""
    text = ast.unparse(node)
    return "sys.executable" in text and "sys.argv" in text.replace("sys.argv[", "")


def _always(body: list[ast.stmt], module: Module, entered: set[str]) -> set[int]:
    """Calls that are reached whenever the statements run, through functions that they call."""
    found: set[int] = set()
    functions: dict[str, Function] = {
        node.name: node for node in module.tree.body if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    }
    for statement in body:
        if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.For, ast.While)):
            continue
        if isinstance(statement, ast.If):
            if "__name__" in ast.unparse(statement.test):
                found |= _always(statement.body, module, entered)
            elif _leaves(statement):
                break
            continue
        if isinstance(statement, (ast.With, ast.AsyncWith, ast.Try)):
            found |= _always(statement.body, module, entered)
            continue
        for node in walk(statement):
            if isinstance(node, ast.Call):
                found.add(id(node))
                called = module.dotted(node.func)
                function = functions.get(called or "")
                if function is not None and called not in entered:
                    entered.add(function.name)
                    found |= _always(function.body, module, entered)
        if isinstance(statement, (ast.Return, ast.Raise)):
            break
    return found


def _leaves(statement: ast.If) -> bool:
    """Whether a branch runs something else to its end: what follows is then one of two ways."""
    for branch in (statement.body, statement.orelse):
        if branch and isinstance(branch[-1], (ast.Return, ast.Continue, ast.Break)):
            return True
    return False


def _argv(module: Module, node: ast.Call, called: str) -> Argv:
    """The words of an exec call; the program's own arguments stay ARGUMENTS."""
    name = called.rpartition(".")[2]
    if not node.args:
        return (Opaque(f"what {called} is given"),)
    program = _word(module, node.args[0])
    first = node.args[0]
    is_first = isinstance(first, ast.Subscript) and ast.unparse(first.slice) == "0"
    words: list[str] = []
    if name.startswith("execl"):
        values = node.args[1:-1] if name.endswith("e") else node.args[1:]
        for value in values:
            words.extend(words_of(module, value))
    elif len(node.args) > 1:
        words = words_of(module, node.args[1], whole=True)
    if (isinstance(program, Opaque) and program.startswith("sys.argv[1")) or is_first:
        return tuple(words)  # os.execvp(command[0], command)
    return (program, *words[1:])


def words_of(module: Module, node: ast.expr, *, whole: bool = False, depth: int = 4) -> list[str]:
    """The words of a list, or the one word of a string; `whole`: a name stands for a list."""
    if isinstance(node, ast.Starred):
        return words_of(module, node.value, whole=True, depth=depth - 1)
    if isinstance(node, (ast.List, ast.Tuple)):
        return [word for item in node.elts for word in words_of(module, item, depth=depth - 1)]
    if isinstance(node, ast.Subscript) and ast.unparse(node.value) == "sys.argv":
        text = ast.unparse(node.slice)
        return [ARGUMENTS] if text == "1:" else [Opaque(f"sys.argv[{text}]", many=":" in text)]
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add) and whole and depth:
        return [
            *words_of(module, node.left, whole=True, depth=depth - 1),
            *words_of(module, node.right, whole=True, depth=depth - 1),
        ]
    if isinstance(node, ast.Call) and module.dotted(node.func) in ("list", "tuple") and node.args and depth:
        return words_of(module, node.args[0], whole=True, depth=depth - 1)
    if isinstance(node, ast.Name) and whole:
        bound = module.bindings.get(node.id, [])
        changed = any(
            call.called in (f"{node.id}.append", f"{node.id}.extend", f"{node.id}.insert") for call in module.calls
        )
        if len(bound) == 1 and depth and not changed:
            return words_of(module, bound[0], whole=True, depth=depth - 1)
        if len(bound) == 1 and depth and changed:
            first = words_of(module, bound[0], whole=True, depth=depth - 1)
            return [*first, Opaque(node.id, many=True)]
        return [Opaque(node.id, many=True)]
    if whole:
        return [Opaque(ast.unparse(node), many=True)]
    return [_word(module, node)]


def _word(module: Module, node: ast.expr) -> str:
    if isinstance(node, ast.Call) and module.dotted(node.func) == "shutil.which" and len(node.args) == 1:
        node = node.args[0]
    text = text_of(module, node)
    return Opaque(ast.unparse(node)) if UNKNOWN in text else text


def put_arguments(argv: Argv, arguments: Argv) -> Argv:
    """`argv` with the program's own arguments in the place of ARGUMENTS."""
    words: list[str] = []
    for word in argv:
        if isinstance(word, Opaque) and word.startswith("sys.argv["):
            text = word[len("sys.argv[") : -1]
            if text == "1:":
                words.extend(arguments)
                continue
            if text.rstrip(":").isdigit():
                at = int(text.rstrip(":")) - 1
                words.extend(arguments[at:] if text.endswith(":") else arguments[at : at + 1])
                continue
        words.append(word)
    return tuple(words)
