"""No input takes more than a second or gives more than 64 outcomes."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Mapping

import pytest

from .evaluation import run, told

NESTED = "".join(f'if [ -n "$V{n}" ]; then\n' for n in range(60)) + "exec deep\n" + "fi\n" * 60 + "exec server\n"
INDEPENDENT = "".join(f'if [ -n "$V{n}" ]; then A="$A {n}"; fi\n' for n in range(60)) + "exec server $A\n"
COMMANDS = "".join(f"if cmd{n}; then set -- $@ {n}; fi\n" for n in range(60)) + 'exec server "$@"\n'
CASES = "".join(f'case "$V{n}" in a) B{n}=1;; b) B{n}=2;; *) B{n}=3;; esac\n' for n in range(40))
CASES += "exec server " + " ".join(f"$B{n}" for n in range(40)) + "\n"

LARGE: dict[str, str] = {
    "10,000 commands": 'echo "$HOME" ${A:-b}\n' * 10_000 + "exec server\n",
    "10,000 conditions": '[ "$A" = b ] && echo c\n' * 10_000 + "exec server\n",
    "10,000 outside variables": "".join(f'[ -n "$V{n}" ] && A=$n\n' for n in range(10_000)) + "exec server $A\n",
    "10,000 unknown commands": "".join(f"if cmd{n}; then a=$n; fi\n" for n in range(10_000)) + "exec server $a\n",
    "a quote that isn't closed, and a heredoc": "cat <<EOF\nx\nEOF\n" + 'echo "' + "a\\b " * 10_000 + "\nexec server\n",
    "60 nested ifs": NESTED,
    "60 independent conditions": INDEPENDENT,
    "60 commands as conditions": COMMANDS,
    "40 cases": CASES,
    "an endless loop": "i=0\nwhile true; do i=$((i + 1)); done\n",
    "a loop that grows a word": "a=x\nwhile true; do a=$a$a; done\n",
    "a loop that grows arguments": 'while true; do set -- "$@" "$@" x; done\n',
    "an array that doubles": "a=(x)\n" + 'a=("${a[@]}" "${a[@]}")\n' * 40 + 'exec server "${a[@]}"\n',
    "arguments that double": "set -- x\n" + 'set -- "$@" "$@"\n' * 40 + 'exec server "$@"\n',
    "10,000 long lists": "a=(" + "x " * 1_900 + ")\n" + 'echo "${a[@]}"\n' * 10_000 + "exec server\n",
    "10,000 pipelines": "".join(f"[ -f /f{n} ] | grep x\n" for n in range(10_000)) + "exec server\n",
    "loops in loops": "for a in 1 2 3 4 5 6 7 8 9; do " * 12 + "echo $a; " + "done; " * 12 + "\nexec server\n",
    "a function that calls itself": "f() { f; }\nf\n",
    "a function that calls itself twice": "f() { f; f; }\nf & f\n",
    "eval that calls itself": 'a=\'eval "$a"\'\neval "$a"\n',
    "substitutions in substitutions": "a=" + "$(echo " * 200 + "x" + ")" * 200 + "\nexec server\n",
    "parentheses": "(" * 3000 + "server" + ")" * 3000 + "\n",
    "a long and": "true && " * 5000 + "exec server\n",
    "arithmetic": "a=$((" + "1+" * 5000 + "1))\nexec server\n",
    "a pattern with many stars": "a="
    + "x" * 3000
    + '\ncase "$a" in '
    + "*x" * 50
    + ") exec server;; esac\nexec other\n",
    "nested braces": "{ " * 1000 + "server; " + "} " * 1000 + "\n",
    "jobs": "worker & \n" * 3000 + "exec server\n",
    "jobs that loop": "(while true; do a=$((a+1)); done) &\n" * 300 + "exec server\n",
    "traps": "trap 'f() { f; }; f; kill 0' TERM\n" * 2000 + "server\n",
    "an unfinished quote": 'exec "server\n' * 1000,
    "3,000 refusals": "".join(f"if cmd{n} | grep -q x; then exit 1; fi\n" for n in range(3000)) + "exec server\n",
    "20 wants behind 3,000 conditions": "".join(f'if [ -n "$V{n}" ]; then cmd{n}; fi\n' for n in range(3000))
    + "".join(f'if [ -z "$W{n}" ]; then exit 1; fi\n' for n in range(20))
    + "exec server\n",
    "no commands": "\n# nothing\n" * 10_000,
}


def timed(script: str, files: Mapping[str, str] | None = None) -> str:
    start = time.process_time()
    ends = run(script, files=files)
    # A bound for runaways, in processor time; the bound that counts is in steps.
    assert time.process_time() - start < 10.0
    assert len(ends) <= 64
    return told(ends[0])


@pytest.mark.parametrize("name", list(LARGE))
def test_bounded(name: str) -> None:
    """However large or endless, an answer comes in time: a way, or undecided."""
    timed(LARGE[name])


def test_likely_way_survives_a_flood_of_others() -> None:
    """Sixty conditions that nobody can decide leave the plain run's outcome what it is."""
    assert timed(INDEPENDENT) == "exec server"
    assert timed(NESTED) == "exec server"
    assert timed(CASES) == "exec server " + " ".join("3" * 40)


def test_recursive_source_is_bounded() -> None:
    """A file that sources itself, and two that source each other."""
    assert timed(". /a\nexec server\n", {"/a": ". /a\n"}) == "undecided"
    assert timed(". /a\nexec server\n", {"/a": ". /b\n. /b\n", "/b": ". /a\n. /a\n"}) == "undecided"


def test_sourcing_once_is_no_recursion() -> None:
    """A file may be sourced several times."""
    assert timed(". /a\n. /a\n. /a\nexec server\n", {"/a": "x=1\n"}) == "exec server"


def test_nothing_in_a_script_is_run(tmp_path: object) -> None:
    """Evaluation has no effect on the machine."""
    marker = f"{tmp_path}/marker"
    run(f"touch {marker}; echo x > {marker}; $(touch {marker}); eval 'touch {marker}'; exec touch {marker}\n")
    from pathlib import Path

    assert not Path(marker).exists()


def test_parser_is_loaded_on_first_use() -> None:
    """Importing the package costs nothing for what needs no script."""
    code = "import sys, initlint.boot.shell; sys.exit('tree_sitter' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
