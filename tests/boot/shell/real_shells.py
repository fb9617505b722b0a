"""Small scripts, and the harness that runs them as PID 1 of a fresh PID namespace."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

# P logs its process id and stays; Q ends at once, R fails. The scripts get P as their argument.
PROBE = '#!/bin/sh\nprintf "%s\\n" "$$" >"$PROBE_LOG.part" && mv "$PROBE_LOG.part" "$PROBE_LOG"\nexec sleep 60\n'
DEADLINE = 10.0

SCRIPTS: dict[str, str] = {
    "a single command": "P",
    "exec": "exec P",
    "unset before a substitution": 'set -u\nset -- "${A#x}" "$(echo a)"\nexec P\n',
    "basename of an option": '[ -z "$(basename -x 2>/dev/null)" ] && exec P\n',
    "arguments without exec": '"$@"',
    "exec of the arguments": 'exec "$@"',
    "set -e before": 'set -e\nexec "$@"\n',
    "split at IFS": "IFS=,\nA=Q,P\nset -- $A\nexec $2\n",
    "IFS of a function": "f() { local IFS=:; set -- $1; exec $2; }\nf Q:P\n",
    "failing substitution": "set -e\nX=$(exit 2)\nexec P\n",
    "failing substitution asked": "set -e\nX=$(exit 2) || exec P\n",
    "a pipeline under pipefail": "set -o pipefail\nfalse | true || exec P\n",
    "trap that execs": 'trap "exec P" EXIT\ntrue\n',
    "read-only": "readonly A=1\nA=2\nexec P\n",
    "bad name": "export '#'\nexec P\n",
    "empty name": 'exec ""\nexec P\n',
    "empty name without exec": '""\nexec P\n',
    "read of a line": "read a b <<EOF\nQ P\nEOF\nexec $b\n",
    "reading loop": "while read -r a b; do [ $a = R ] && exec $b; done <<EOF\nQ Q\nR P\nEOF\n",
    "numbers with zeros": "[ 08 -eq 8 ] && exec P\n",
    "assignment before": "A=1 P",
    "assignment before exec": "A=1 exec P",
    "redirection": "P >/dev/null",
    "two redirections": "P >/dev/null 2>&1",
    "exec with redirection": "exec P >/dev/null",
    "redirections of the shell itself": "exec >/dev/null\nexec P\n",
    "and": "Q && P",
    "builtin and": "true && P",
    "and exec": "Q && exec P",
    "or": "false || P",
    "external or": "R || P",
    "and or": "R && Q || exec P",
    "or exit": "Q || exit 1\nP\n",
    "sequence": "cd /; P",
    "lines": "cd /\nP\n",
    "external sequence": "Q; P",
    "not last": "P; true",
    "exit follows": "P; exit $?",
    "exec is not last": "exec P; Q",
    "pipeline": "P | cat",
    "exec in a pipeline": "exec P | cat",
    "last of a pipeline": "Q | P",
    "subshell": "(P)",
    "exec in a subshell": "(exec P)",
    "subshell with more after": "(exec P); Q",
    "group": "{ P; }",
    "exec in a group": "{ exec P; }",
    "if": "if true; then P; fi",
    "exec in if": "if true; then exec P; fi",
    "not taken": "if false; then exec Q; fi\nexec P\n",
    "else": "if R; then Q; else exec P; fi",
    "elif": "if false; then Q; elif [ 1 = 1 ]; then exec P; fi",
    "case": "case x in x) P ;; esac",
    "case with patterns": 'case "$1" in -*) set -- Q ;; [A-Z]*) set -- exec "$@" ;; esac\n"$@"\n',
    "case of an option": 'set -- -x\ncase "$1" in -*) set -- P "$@" ;; esac\nexec "$@"\n',
    "prefix taken off": 'set -- -x\nif [ "${1#-}" != "$1" ]; then set -- P "$@"; fi\nexec "$@"\n',
    "prefix not taken off": 'if [ "${1#-}" != "$1" ]; then set -- Q "$@"; fi\nexec "$@"\n',
    "no digits": 'if [ -z "${1##*[!0-9]*}" ]; then exec P; fi\n',
    "while": "while true; do P; done",
    "while with break": "while true; do break; done\nexec P\n",
    "counting": "i=0\nwhile [ $i -lt 3 ]; do i=$((i + 1)); done\n[ $i -eq 3 ] && exec P\n",
    "for": "for i in 1; do P; done",
    "for over arguments": 'for i in "$@"; do exec "$i"; done',
    "for without in": "for i; do exec $i; done",
    "until": "until Q; do :; done\nexec P\n",
    "function": "f() { P; }; f",
    "function that execs": 'main() { exec "$@"; }\nmain "$@"\n',
    "function with arguments": 'f() { shift; exec "$@"; }\nf Q P\n',
    "return": "f() { return 3; P; }\nf || exec P\n",
    "local": 'X=Q\nf() { local X=Q; X=R; }\nX=P\nf\nexec "$X"\n',
    "negated": "! P",
    "eval": "eval P",
    "eval exec": 'eval "exec P"',
    "eval of a variable": 'A="exec P"\neval "$A"\n',
    "command": "command P",
    "command exec": "command exec P",
    "env": "exec env A=1 P",
    "wait": "P & wait",
    "wait for one": "P & pid=$!\nwait $pid\n",
    "background and exec": "Q & exec P",
    "background before": "sleep 50 & P",
    "trap with action": "trap : TERM; P",
    "trap with action, lines": "trap : TERM\nP\n",
    "trap on exit": "trap : EXIT\nP\n",
    "trap on exit and exec": "trap : EXIT\nexec P\n",
    "ignored signal": "trap '' TERM; P",
    "nothing to exec": 'set --\nexec "$@"\nexec P\n',
    "nothing to exec, with redirection": "exec 3>&1\nP\n",
    "default": "exec ${NOT_SET:-P}",
    "default when empty": 'EMPTY=\nexec "${EMPTY:-P}"\n',
    "default not taken": "EMPTY=\nexec ${EMPTY-Q} P\n",
    "assigned default": ": ${NOT_SET:=P}\nexec $NOT_SET\n",
    "alternative": "A=1\nexec ${A:+P}\n",
    "splitting": 'A="P a b"\nexec $A\n',
    "no splitting": 'A="Q a"\nB=P\nexec "$B" "$A"\n',
    "unset": "A=Q\nunset A\nexec ${A:-P}\n",
    "quotes": "exec 'P' \"x y\" z\\ z\n",
    "basename": 'exec "$(basename /x/P)"\n',
    "echo": "A=$(echo P)\nexec $A\n",
    "user id": 'if [ "$(id -u)" = 0 ]; then exec P; fi\nQ\n',
    "process id": "if [ $$ -eq 1 ]; then exec P; fi\nQ\n",
    "number of arguments": "if [ $# -eq 1 ]; then exec P; fi\n",
    "shift": 'set -- Q P\nshift\nexec "$@"\n',
    "tests combined": '[ -n "$1" -a "$1" = P ] && exec P\n',
    "negated test": "if [ ! -f /no/such/file ]; then exec P; fi\n",
    "test of a folder": "[ -d /tmp ] && [ -e / ] && exec P\n",
    "command -v": "if command -v no-such-program >/dev/null 2>&1; then exec Q; fi\nexec P\n",
    "errexit ends it": "set -e\nfalse\nexec P\n",
    "errexit is guarded": "set -e\nfalse || true\nif false; then Q; fi\nexec P\n",
    "errexit and a failed test": "set -e\n[ a = b ] && Q\nexec P\n",
    "errexit in a function": "set -e\nf() { [ a = b ] && Q; }\nf\nexec P\n",
    "errexit in a group": "set -e\n{ [ a = b ] && Q; }\nexec P\n",
    "errexit in a subshell": "set -e\n( [ a = b ] && Q )\nexec P\n",
    "nounset ends it": "set -u\nexec $NOT_SET P\n",
    "exit": "exit 0\nexec P\n",
    "exit in a subshell": "(exit 3)\nexec P\n",
    "exit status": "(exit 3)\n[ $? -eq 3 ] && exec P\n",
    "shell ends": "Q\n",
    "shell ends behind a job": "P &\n",
    "here-document": "cat <<EOF >/dev/null\n$1\nEOF\nexec P\n",
    "here-document for the program": "P <<EOF\nx\nEOF\n",
    "comment after": "P # why\n",
    "semicolon after": "P;",
    "newline after": "P\n",
    "arithmetic": "if [ $((2 * 3)) -eq 6 ]; then exec P; fi\n",
    "nohup": "nohup P",
    "read of nothing": "read line\nexec P\n",
    "umask, ulimit": "umask 022\nulimit -n 256\nexec P\n",
    "pattern off the end": 'A=P.sh\nexec "${A%.sh}"\n',
    "longest pattern": 'A=/a/b/P\nexec "${A##*/}"\n',
    "length": "A=abc\n[ ${#A} -eq 3 ] && exec P\n",
    "stars": "set -- P x y\nexec $*\n",
    "unknown command or": "no-such-program || exec P\n",
    "colon": ": ignored && exec P",
    "kill -0": "sleep 50 & pid=$!\nkill -0 $pid && exec P\n",
    "job ended by kill": "sleep 50 & pid=$!\nkill $pid\nwait $pid\nexec P\n",
    "continue": "for i in a b; do [ $i = a ] && continue; exec P; done\n",
    "alias": "alias P=Q\nexec P\n",
    "time": "time P",
    "double bracket": "if [[ a == a* ]]; then exec P; fi\nQ\n",
    "double bracket with or": '[[ -z "$NOT_SET" ]] || exit 1\nexec P\n',
    "double equals": "[ a == a ] && exec P\nQ\n",
    "function keyword": "function f { exec P; }\nf\n",
    "array": 'A=(P x)\nexec "${A[@]}"\n',
    "appending": 'A=(P)\nA+=(x)\nexec "${A[@]}"\n',
    "source": "source /dev/null\nexec P\n",
    "process substitution": "exec > >(cat >/dev/null)\nexec P\n",
    "here-string": "cat <<<x >/dev/null\nexec P\n",
    "both outputs": "P &>/dev/null\n",
    "replacement": 'A=xP\nexec "${A/x/}"\n',
    "lower case": 'A=p; [ "${A^^}" = P ] && exec P\nQ\n',
    "arithmetic command": "(( 1 + 1 == 2 )) && exec P\nQ\n",
    "counting for": "for ((i = 0; i < 2; i++)); do :; done\nexec P\n",
    "let": "let x=1\nexec P\n",
    "declare": "declare -x A=1\nexec P\n",
    "pipefail": "set -o pipefail\nexec P\n",
}

SHELLS: dict[str, list[str]] = {"dash": ["dash"], "bash": ["bash"], "ash": ["busybox", "sh"]}


def why_not() -> str | None:
    """Why PID namespaces can't be had here, or None."""
    if shutil.which("unshare") is None:
        return "there is no unshare"
    tried = subprocess.run(
        ["unshare", "--fork", "--pid", "--mount-proc", "true"], capture_output=True, text=True, check=False
    )
    return None if tried.returncode == 0 else f"unshare: {tried.stderr.strip() or tried.returncode}"


def sleep_until(condition: Callable[[], bool], deadline: float) -> bool:
    end = time.monotonic() + deadline
    pause = 0.002
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(pause)
        pause = min(pause * 1.5, 0.05)
    return True


def programs(folder: Path) -> None:
    for name, text in (("P", PROBE), ("Q", "#!/bin/sh\nexit 0\n"), ("R", "#!/bin/sh\nexit 1\n")):
        path = folder / name
        path.write_text(text)
        path.chmod(0o755)


def measure(shell: str, script: str, folder: Path, *, as_string: bool) -> str:
    """exec, stays or ends: what a real shell does with the script."""
    log = folder / "log"
    log.unlink(missing_ok=True)
    environment = {"PATH": f"{folder}:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin", "PROBE_LOG": str(log)}
    if as_string:
        argv = [*SHELLS[shell], "-c", script, "name", "P"]
    else:
        path = folder / "script"
        path.write_text(script)
        argv = [*SHELLS[shell], str(path), "P"]
    process = subprocess.Popen(
        ["unshare", "--fork", "--pid", "--mount-proc", "--kill-child", *argv],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=environment,
        cwd="/",
        start_new_session=True,
    )
    try:
        if not sleep_until(lambda: log.exists() or process.poll() is not None, DEADLINE):
            return "silent"
        if log.exists():
            # A probe that was left in the background dies with its shell in a moment.
            if "P &" in script and "wait" not in script and sleep_until(lambda: process.poll() is not None, 2.0):
                return "ends"
            return "exec" if log.read_text() == "1\n" else "stays"
        return "ends"
    finally:
        process.kill()
        process.wait()


def is_root() -> bool:
    return os.geteuid() == 0
