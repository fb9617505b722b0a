"""What an interpreter's arguments name."""

from __future__ import annotations

import pytest

from initlint.boot.interpreters import invocation, language_of
from initlint.boot.model import Opaque

SCRIPTS = {
    "python -u app.py x": "app.py",
    "python3.12 -W ignore -X dev app.py": "app.py",
    "python -Wignore -Xdev app.py": "app.py",
    "python -bb -E -s app.py": "app.py",
    "node --inspect=0.0.0.0:9229 -r dotenv/config index.js": "index.js",
    "node --max-old-space-size=4096 dist/main": "dist/main",
    "node --input-type module index.js": "index.js",
    "node -- index.js": "index.js",
    "ruby -I lib -rjson app.rb": "app.rb",
    "ruby -W app.rb": "app.rb",
    "perl -w -I lib -Mstrict app.pl": "app.pl",
    "php -d memory_limit=1G -f app.php": "app.php",
    "php artisan queue:work": "artisan",
    "deno run -A --allow-read=. main.ts": "main.ts",
    "bun --watch run index.ts": "index.ts",
    "bun index.ts": "index.ts",
    "pypy3 app.py": "app.py",
}


@pytest.mark.parametrize(("line", "script"), SCRIPTS.items())
def test_finds_the_script(line: str, script: str) -> None:
    """Options and the values that they take are passed over; what follows are the script's arguments."""
    words = tuple(line.split())
    found = invocation(words[0], words)
    assert found is not None and found.script == script
    assert found.arguments == words[words.index(script) + 1 :]


@pytest.mark.parametrize(
    ("line", "module"),
    [("python -m flask run", "flask"), ("python -um http.server", "http.server"), ("python -Bmuvicorn a:a", "uvicorn")],
)
def test_finds_the_module(line: str, module: str) -> None:
    """-m, alone, behind other letters, and with its value glued on."""
    words = tuple(line.split())
    found = invocation(words[0], words)
    assert found is not None and found.module == module


@pytest.mark.parametrize(
    "words",
    [
        ("python", "-c", "CODE"), ("python", "-uc", "CODE"), ("node", "-e", "CODE"), ("node", "-pe", "CODE"),
        ("ruby", "-ne", "CODE"), ("perl", "-lane", "CODE"), ("php", "-r", "CODE"), ("deno", "eval", "CODE"),
    ],
)  # fmt: skip
def test_finds_code(words: tuple[str, ...]) -> None:
    """Code on the command line is no file's name."""
    found = invocation(words[0], words)
    assert found is not None and found.code == "CODE" and found.script is None


@pytest.mark.parametrize("line", ["python", "python -", "node -i", "python -i", "ruby -w"])
def test_reads_from_its_input(line: str) -> None:
    """Without a script, and for `-`, the program comes from standard input."""
    words = tuple(line.split())
    found = invocation(words[0], words)
    assert found is not None and (found.script, found.module, found.code, found.unknown) == (None, None, None, False)
    assert found.arguments == ()


@pytest.mark.parametrize("line", ["deno task start", "bun dev", "node --run start", "ruby -S rails s", "node --test"])
def test_leaves_tasks_open(line: str) -> None:
    """A task's name is no file that could be missing."""
    words = tuple(line.split())
    found = invocation(words[0], words)
    assert found is not None and found.unknown and found.script is None


def test_unknown_words_stay_unknown() -> None:
    """A word that isn't known may be an option or the script."""
    for words in (("python", Opaque("$X"), "a.py"), ("python", "-m", Opaque("$X")), ("node", "-e", Opaque("$X")),
                  ("python", "-um", Opaque("$X"))):  # fmt: skip
        found = invocation(words[0], words)
        assert found is not None and found.unknown


def test_other_programs_are_no_interpreters() -> None:
    """php's own server, php-fpm and programs with similar names."""
    assert invocation("php", ("php", "-S", "0.0.0.0:80")) is None
    assert [language_of(name) for name in ("php-fpm", "pythonista", "gunicorn", "nodemon")] == [None] * 4
    assert [language_of(n) for n in ("python3.13t", "pypy3", "node20", "php8.2", "ruby3.2", "nodejs")] == [
        "python", "python", "node", "php", "ruby", "nodejs",
    ]  # fmt: skip
