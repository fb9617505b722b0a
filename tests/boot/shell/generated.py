"""Scripts put together at random of harmless pieces, for comparison with real shells."""

from __future__ import annotations

import random

from hypothesis import strategies as st

WORDS = ["a", "b", "-x", "a.b", "10", "", "x y", "/a/b.c", "foo=bar"]
NAMES = ["A", "B", "C"]


class Generator:
    """One script, of the choices that `choices` makes."""

    def __init__(self, choices: random.Random, *, bash: bool) -> None:
        self.random = choices
        self.bash = bash
        self.functions: list[str] = []

    def pick(self, *choices: str) -> str:
        return self.random.choice(choices)

    def word(self) -> str:
        return "'" + self.random.choice(WORDS) + "'"

    def name(self) -> str:
        return self.random.choice(NAMES)

    def value(self) -> str:
        name = self.name()
        choices = [
            lambda: self.word(),
            lambda: f'"${name}"',
            lambda: f"${name}",
            lambda: f'"${{{name}:-{self.pick("d", "e f", "")}}}"',
            lambda: f"${{{name}:-{self.pick('d', 'e')}}}",
            lambda: f'"${{{name}:+{self.pick("p", "q")}}}"',
            lambda: f'"${{{name}-u}}"',
            lambda: (
                f'"${{{name}{self.pick("#", "##", "%", "%%")}{self.pick("*.", "*/", ".*", "a", "-", "?", "[a-m]*", "/*")}}}"'
            ),
            lambda: f'"${{#{name}}}"',
            lambda: '"$#"',
            lambda: '"$1"',
            lambda: '"${2:-none}"',
            lambda: '"$*"',
            lambda: f'"{name}=${name}"',
            lambda: (
                f"$(({self.random.randrange(9)} {self.pick('+', '-', '*', '%', '<', '==')} {self.random.randrange(1, 9)}))"
            ),
            lambda: f'"$(echo "${name}")"',
            lambda: '"$(basename "$1")"',
            lambda: '"$?"',
        ]
        if self.bash:
            choices += [
                lambda: f'"${{{name}/a/z}}"',
                lambda: f'"${{{name}^^}}"',
                lambda: f'"${{{name}:1}}"',
                lambda: f'"${{{name}:0:1}}"',
            ]
        return self.random.choice(choices)()

    def test(self) -> str:
        value, name = self.value(), self.name()
        quoted = value if value.startswith(("'", '"')) else f'"{value}"'
        choices = [
            lambda: f"[ {quoted} = {self.word()} ]",
            lambda: f"[ {quoted} != {self.word()} ]",
            lambda: f'[ -n "${name}" ]',
            lambda: f'[ -z "${name}" ]',
            lambda: f'[ ! -z "${name}" ]',
            lambda: f'[ "${{#{name}}}" -{self.pick("eq", "gt", "lt", "ge", "ne")} {self.random.randrange(4)} ]',
            lambda: f"[ $# -{self.pick('eq', 'gt', 'lt')} {self.random.randrange(3)} ]",
            lambda: f'[ -n "${name}" -a {quoted} = {self.word()} ]',
            lambda: f'[ "${name}" = {self.word()} -o -z "${self.name()}" ]',
            lambda: "[ -e /no/such ]",
            lambda: "[ -d / ]",
            lambda: "true",
            lambda: "false",
            lambda: f'! [ -n "${name}" ]',
            *(lambda text=text: text for text in self.functions),
        ]
        if self.bash:
            choices += [
                lambda: f"[[ ${name} == {self.pick('a*', '*b', '?', '[a-c]', 'a')} ]]",
                lambda: f"[[ -n ${name} && ! ${self.name()} = a ]]",
                lambda: f"[[ -z ${name} || ${self.name()} != *.* ]]",
                lambda: f"(( {self.random.randrange(3)} {self.pick('<', '==', '>')} {self.random.randrange(3)} ))",
            ]
        return self.random.choice(choices)()

    def condition(self) -> str:
        joined = self.test()
        while self.random.random() < 0.25:
            joined += self.pick(" && ", " || ") + self.test()
        return joined

    def simple(self) -> str:
        name = self.name()
        choices = [
            lambda: f"{name}={self.value()}",
            lambda: f"{name}={self.value()}",
            lambda: f"export {name}={self.word()}",
            lambda: f"unset {name}",
            lambda: f"set -- {self.value()} {self.value()}",
            lambda: f'set -- {self.word()} "$@"',
            lambda: "shift",
            lambda: f": ${{{name}:={self.pick('d', 'e')}}}",
            lambda: "Q",
            lambda: f"echo {self.value()} >/dev/null",
            lambda: f"P {self.value()} {self.value()}",
            lambda: f'exec P {self.value()} "$@"',
            lambda: f"{name}=x P {self.value()}",
            lambda: "return 0 2>/dev/null" if self.random.random() < 0.1 else ":",
            lambda: f"{self.condition()}",
            lambda: f"exit {self.random.randrange(3)}" if self.random.random() < 0.3 else "true",
            *(lambda text=text: text for text in self.functions),
        ]
        return self.random.choice(choices)()

    def block(self, depth: int) -> str:
        return "\n".join(self.statement(depth + 1) for _ in range(self.random.randrange(1, 4)))

    def statement(self, depth: int = 0) -> str:
        kind = self.random.random()
        if depth > 2 or kind < 0.5:
            return self.simple()
        if kind < 0.62:
            other = f"\nelse\n{self.block(depth)}" if self.random.random() < 0.5 else ""
            return f"if {self.condition()}; then\n{self.block(depth)}{other}\nfi"
        if kind < 0.7:
            arms = "\n".join(
                f"{self.pick('a', 'a*', '*.*', '-*', 'x|a', '[0-9]*', '*')})\n{self.block(depth)}\n;;" for _ in range(2)
            )
            return f"case {self.value()} in\n{arms}\nesac"
        if kind < 0.77:
            return f"for {self.name()} in {self.value()} {self.value()}; do\n{self.block(depth)}\ndone"
        if kind < 0.82:
            return f"{self.condition()} {self.pick('&&', '||')} {self.simple()}"
        if kind < 0.86:
            return f"(\n{self.block(depth)}\n)"
        if kind < 0.9:
            return f"{{\n{self.block(depth)}\n}}"
        if kind < 0.93:
            return 'i=0; while [ "$i" -lt 2 ]; do i=$((i + 1))\n' + self.block(depth) + "\ndone"
        if kind < 0.97 and depth == 0 and len(self.functions) < 2:
            name = f"f{len(self.functions)}"
            text = f"{name}() {{\n{self.block(depth + 1)}\n}}"
            # Known from here on: a call before the definition would be a program that isn't there.
            self.functions.append(f"{name} {self.word()}")
            return text
        return self.pick("set -e", "set +e", "set -u" if self.random.random() < 0.3 else ":", 'eval "A=1"')

    def script(self) -> str:
        return "\n".join(self.statement() for _ in range(self.random.randrange(2, 9))) + "\n"


def scripts(*, bash: bool) -> st.SearchStrategy[str]:
    """Scripts of which hypothesis makes every choice, and finds a small one where something is wrong."""
    return st.randoms(use_true_random=False).map(lambda choices: Generator(choices, bash=bash).script())
