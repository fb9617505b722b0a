"""Scripts put together at random of harmless pieces, for comparison with real shells."""

from __future__ import annotations

import random

WORDS = ["a", "b", "-x", "a.b", "10", "", "x y", "/a/b.c", "foo=bar"]
NAMES = ["A", "B", "C"]


class Generator:
    """One random script: every run of it with the same seed is the same."""

    def __init__(self, seed: int, *, bash: bool) -> None:
        self.random = random.Random(seed)
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
            self.word(),
            f'"${name}"',
            f"${name}",
            f'"${{{name}:-{self.pick("d", "e f", "")}}}"',
            f"${{{name}:-{self.pick('d', 'e')}}}",
            f'"${{{name}:+{self.pick("p", "q")}}}"',
            f'"${{{name}-u}}"',
            f'"${{{name}{self.pick("#", "##", "%", "%%")}{self.pick("*.", "*/", ".*", "a", "-", "?", "[a-m]*", "/*")}}}"',
            f'"${{#{name}}}"',
            '"$#"',
            '"$1"',
            '"${2:-none}"',
            '"$*"',
            f'"{name}=${name}"',
            f"$(({self.random.randrange(9)} {self.pick('+', '-', '*', '%', '<', '==')} {self.random.randrange(1, 9)}))",
            f'"$(echo "${name}")"',
            '"$(basename "$1")"',
            '"$?"',
        ]
        if self.bash:
            choices += [f'"${{{name}/a/z}}"', f'"${{{name}^^}}"', f'"${{{name}:1}}"', f'"${{{name}:0:1}}"']
        return self.random.choice(choices)

    def test(self) -> str:
        value, name = self.value(), self.name()
        quoted = value if value.startswith(("'", '"')) else f'"{value}"'
        choices = [
            f"[ {quoted} = {self.word()} ]",
            f"[ {quoted} != {self.word()} ]",
            f'[ -n "${name}" ]',
            f'[ -z "${name}" ]',
            f'[ ! -z "${name}" ]',
            f'[ "${{#{name}}}" -{self.pick("eq", "gt", "lt", "ge", "ne")} {self.random.randrange(4)} ]',
            f"[ $# -{self.pick('eq', 'gt', 'lt')} {self.random.randrange(3)} ]",
            f'[ -n "${name}" -a {quoted} = {self.word()} ]',
            f'[ "${name}" = {self.word()} -o -z "${self.name()}" ]',
            "[ -e /no/such ]",
            "[ -d / ]",
            "true",
            "false",
            f'! [ -n "${name}" ]',
            *self.functions,
        ]
        if self.bash:
            choices += [
                f"[[ ${name} == {self.pick('a*', '*b', '?', '[a-c]', 'a')} ]]",
                f"[[ -n ${name} && ! ${self.name()} = a ]]",
                f"[[ -z ${name} || ${self.name()} != *.* ]]",
                f"(( {self.random.randrange(3)} {self.pick('<', '==', '>')} {self.random.randrange(3)} ))",
            ]
        return self.random.choice(choices)

    def condition(self) -> str:
        joined = self.test()
        while self.random.random() < 0.25:
            joined += self.pick(" && ", " || ") + self.test()
        return joined

    def simple(self) -> str:
        name = self.name()
        choices = [
            f"{name}={self.value()}",
            f"{name}={self.value()}",
            f"export {name}={self.word()}",
            f"unset {name}",
            f"set -- {self.value()} {self.value()}",
            f'set -- {self.word()} "$@"',
            "shift",
            f": ${{{name}:={self.pick('d', 'e')}}}",
            "Q",
            f"echo {self.value()} >/dev/null",
            f"P {self.value()} {self.value()}",
            f'exec P {self.value()} "$@"',
            f"{name}=x P {self.value()}",
            "return 0 2>/dev/null" if self.random.random() < 0.1 else ":",
            f"{self.condition()}",
            f"exit {self.random.randrange(3)}" if self.random.random() < 0.3 else "true",
            *self.functions,
        ]
        return self.random.choice(choices)

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


def script(seed: int, *, bash: bool) -> str:
    return Generator(seed, bash=bash).script()
