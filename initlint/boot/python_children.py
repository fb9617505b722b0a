"""Calls of a Python program that start processes: what each of them can leave to PID 1.

Only what is really orphaned is shown as "yes": a shell's background job, a grandchild of a
double fork, a daemon. A child that the program starts and never waits for stays the program's
own zombie: no init can reap it, so that it is no reason for one.
"""

from __future__ import annotations

import ast
import posixpath
import re
import shlex

from initlint.boot.commands import is_leaf, orphaned_by, simple_commands
from initlint.boot.daemons import daemon_left
from initlint.boot.model import Evidence
from initlint.boot.python_module import Call, Module
from initlint.boot.python_tree import walk

_SHELLS = frozenset(["sh", "bash", "ash", "dash", "zsh", "ksh"])
_WAITED = frozenset("run call check_call check_output getoutput getstatusoutput".split())
_SHELL_LINES = frozenset(
    ["os.system", "os.popen", "subprocess.getoutput", "subprocess.getstatusoutput", "commands.getoutput"]
)
_WORKERS = frozenset(
    "multiprocessing.Process multiprocessing.Pool multiprocessing.pool.Pool multiprocessing.Manager "
    "multiprocessing.get_context concurrent.futures.ProcessPoolExecutor concurrent.futures.process.ProcessPoolExecutor "
    "multiprocessing.managers.SyncManager multiprocessing.context.Process".split()
)
_ASYNC = frozenset(["create_subprocess_exec", "create_subprocess_shell", "subprocess_exec", "subprocess_shell"])
_SPAWNS = frozenset(
    "os.spawnl os.spawnle os.spawnlp os.spawnlpe os.spawnv os.spawnve os.spawnvp os.spawnvpe os.posix_spawn "
    "os.posix_spawnp os.fork os.forkpty os.system os.popen pty.spawn pty.fork pexpect.spawn popen2.popen2 "
    "popen2.popen3 commands.getoutput commands.getstatusoutput webbrowser.open".split()
)
_SUBPROCESS = re.compile(
    r"(?:subprocess|subprocess32|gevent\.subprocess|eventlet\.green\.subprocess|psutil)"
    r"\.(run|call|check_call|check_output|Popen|getoutput|getstatusoutput)"
)
_WAITS = frozenset("wait communicate poll waitpid wait3 wait4 waitid returncode".split())


def is_start(called: str) -> bool:
    return (
        called in _SPAWNS
        or called in _WORKERS
        or _SUBPROCESS.fullmatch(called) is not None
        or (called.rpartition(".")[2] in _ASYNC and "." in called)
        or called in ("trio.run_process", "anyio.run_process", "anyio.open_process", "trio.lowlevel.open_process")
    )


def judge(module: Module, call: Call) -> Evidence:
    """What one start can leave to PID 1."""
    where = module.where(call.node)
    span = module.span(call.node)
    called = call.called
    if called in _WORKERS:
        return Evidence("unlikely", f"{where} starts workers of its own, which it waits for", span)
    if called in ("os.fork", "os.forkpty", "pty.fork"):
        return _fork(module, call)
    lines, words = commands_of(module, call)
    if any(_backgrounds(line) for line in lines):
        return Evidence("yes", f"{where} runs a shell line that leaves a background job", span)
    for command in words:
        reason = orphaned_by(command)
        if reason:
            return Evidence("yes", f"{where} runs {_shown(command)}: {reason}", span)
        daemon = daemon_left(tuple(command), span)
        if daemon is not None:
            return daemon
    name = called.rpartition(".")[2]
    if lines and any(keyword.arg == "timeout" for keyword in call.node.keywords):
        return Evidence("unknown", f"{where} runs a shell line whose program a timeout would orphan", span)
    waited = name in _WAITED or name in _ASYNC or called in ("os.system", "pty.spawn") or call.managed
    if not waited and not module.attributes & _WAITS and called.startswith(("subprocess", "gevent", "os.")):
        why = f"{where} starts a child that it isn't seen to wait for: its zombie would be the program's own"
        return Evidence("unknown", why, span)
    if words and all(is_leaf(command) for command in words):
        return Evidence("unlikely", f"{where} runs {_shown(words[0])}, which starts no other program", span)
    return Evidence("unknown", f"{where} starts a child process ({called})", span)


def _fork(module: Module, call: Call) -> Evidence:
    """A fork inside a fork's child orphans the grandchild, where the program itself goes on.

    A function that ends its own process after the first fork turns the program itself into a
    daemon; as PID 1 that would end the container.
    """
    where = module.where(call.node)
    span = module.span(call.node)
    scope = call.function if call.function is not None else module.tree
    if _forks_twice(module, scope):
        return Evidence("yes", f"{where} forks twice, and the grandchild is left to PID 1", span)
    if module.attributes & _WAITS or "SIGCHLD" in module.attributes or module.mentioned & {"waitpid", "wait"}:
        return Evidence("unknown", f"{where} forks", span)
    why = f"{where} forks and isn't seen to wait: the child's zombie would be the program's own"
    return Evidence("unknown", why, span)


def _forks_twice(module: Module, scope: ast.AST) -> bool:
    nodes = list(walk(scope))
    forks = [node for node in nodes if _calls(module, node, _FORKS)]
    if len(forks) < 2:
        return False
    results = {
        target.id
        for node in nodes
        if isinstance(node, ast.Assign) and any(_calls(module, sub, _FORKS) for sub in walk(node.value))
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in nodes:
        if not isinstance(node, ast.If):
            continue
        tested = list(walk(node.test))
        named = any(isinstance(sub, ast.Name) and sub.id in results for sub in tested)
        if not named and not any(_calls(module, sub, _FORKS) for sub in tested):
            continue
        parent, child = (node.orelse, node.body) if _is_child_test(node.test) else (node.body, node.orelse)
        if _contains(module, parent, _EXITS):
            continue
        if _contains(module, child, _FORKS) and not _contains(module, child, _WAIT_CALLS):
            return True
        returns = bool(parent) and isinstance(parent[-1], (ast.Return, ast.Raise))
        later = any(fork.lineno > (node.end_lineno or node.lineno) for fork in forks if isinstance(fork, ast.Call))
        if returns and later and _contains(module, parent, _WAIT_CALLS):
            return True
    return False


_FORKS = frozenset(["os.fork"])
_EXITS = frozenset(["os._exit", "sys.exit", "exit", "quit"])
_WAIT_CALLS = frozenset(["os.wait", "os.waitpid", "os.wait3", "os.wait4", "os.waitid"])


def _calls(module: Module, node: ast.AST, wanted: frozenset[str]) -> bool:
    return isinstance(node, ast.Call) and module.dotted(node.func) in wanted


def _contains(module: Module, body: list[ast.stmt], wanted: frozenset[str]) -> bool:
    return any(_calls(module, sub, wanted) for statement in body for sub in walk(statement))


def _is_child_test(test: ast.expr) -> bool:
    """`pid == 0` and `not pid` are true in the child; `pid`, `pid > 0` and `pid != 0` in the parent."""
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        return True
    return isinstance(test, ast.Compare) and isinstance(test.ops[0], (ast.Eq, ast.Is, ast.LtE))


def _shown(words: list[str]) -> str:
    return f"`{posixpath.basename(words[0])}`"


def _backgrounds(line: str) -> bool:
    if "&" not in line:
        return False
    from initlint.boot.lines import backgrounds

    return backgrounds(line)


def commands_of(module: Module, call: Call) -> tuple[list[str], list[list[str]]]:
    """The shell lines and the commands that a call names, as far as they are written out.

    Parts that aren't known are taken for a plain word, so that `f"{tool} &"` is a line.
    """
    name = call.called.rpartition(".")[2]
    node = call.node
    shell = call.called in _SHELL_LINES or name in ("create_subprocess_shell", "subprocess_shell") or any(
        keyword.arg == "shell" and isinstance(keyword.value, ast.Constant) and keyword.value.value is True
        for keyword in node.keywords
    )  # fmt: skip
    arguments = list(node.args)
    if call.called.startswith("os.spawn"):
        arguments = arguments[2 if "spawnl" in name else 1 :]
    elif call.called.startswith("os.posix_spawn"):
        arguments = arguments[1:2]
    if name in ("create_subprocess_exec", "subprocess_exec", "spawn") or "spawnl" in name:
        if name == "subprocess_exec":
            arguments = arguments[1:]
        found: list[str] | str | None = [text_of(module, item) for item in arguments]
    else:
        first = arguments[0] if arguments else next((k.value for k in node.keywords if k.arg == "args"), None)
        if call.called.startswith("os.spawnv") and len(arguments) > 1:
            first = arguments[1]
        found = literal(module, first) if first is not None else None
    if isinstance(found, str):
        if not shell:
            return [], [[found]]
        return [found], simple_commands(found)
    if found is None:
        return [], []
    program = posixpath.basename(found[0]) if found else ""
    if program in _SHELLS and len(found) > 2:
        at = next((i for i, word in enumerate(found) if re.fullmatch(r"-[a-z]*c[a-z]*", word)), None)
        if at is not None and at + 1 < len(found):
            line = found[at + 1]
            return [line], simple_commands(line)
    if shell and found:
        return [found[0]], simple_commands(found[0])
    return [], [found] if found else []


UNKNOWN = "…"  # what a part that isn't written out is taken for: a word that is no program's


def literal(module: Module, node: ast.expr, depth: int = 4) -> str | list[str] | None:
    """A command as a string or a list, through one name that is bound once."""
    if isinstance(node, ast.Name):
        bound = module.bindings.get(node.id, [])
        if len(bound) == 1 and depth:
            return literal(module, bound[0], depth - 1)
        return None
    if isinstance(node, (ast.List, ast.Tuple)):
        return [text_of(module, item) for item in node.elts]
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        left = literal(module, node.left, depth - 1) if depth else None
        if isinstance(left, list):
            right = literal(module, node.right, depth - 1)
            return left + (right if isinstance(right, list) else [UNKNOWN])
    if isinstance(node, ast.Call) and module.dotted(node.func) == "shlex.split" and node.args:
        line = text_of(module, node.args[0])
        try:
            return shlex.split(line)
        except ValueError:
            return None
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "split":
        text = literal(module, node.func.value, depth - 1) if depth and not node.args else None
        return text.split() if isinstance(text, str) else None
    text_found = text_of(module, node)
    return None if text_found == UNKNOWN else text_found


def text_of(module: Module, node: ast.expr, depth: int = 4) -> str:
    """A string as far as it is written out; what isn't becomes UNKNOWN."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(
            part.value if isinstance(part, ast.Constant) and isinstance(part.value, str) else UNKNOWN
            for part in node.values
        )
    if isinstance(node, ast.BinOp) and depth:
        if isinstance(node.op, ast.Add):
            return text_of(module, node.left, depth - 1) + text_of(module, node.right, depth - 1)
        if isinstance(node.op, ast.Mod):
            return re.sub(r"%\(?\w*\)?[sdr]", UNKNOWN, text_of(module, node.left, depth - 1))
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "format":
        return re.sub(r"\{[^{}]*\}", UNKNOWN, text_of(module, node.func.value, depth - 1)) if depth else UNKNOWN
    if isinstance(node, ast.Attribute) and module.dotted(node) == "sys.executable":
        return "python3"
    if isinstance(node, ast.Name) and depth:
        bound = module.bindings.get(node.id, [])
        if len(bound) == 1:
            return text_of(module, bound[0], depth - 1)
    return UNKNOWN
