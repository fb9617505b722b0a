"""The table of wrappers: who gives PID 1 up, who keeps it."""

from __future__ import annotations

import shlex

import pytest

from initlint.facts.wrappers import WRAPPERS, key_of, lookup


@pytest.mark.parametrize(
    "command",
    [
        "env A=1 app",
        "/usr/bin/nice -n5 app",
        "nohup app",
        "stdbuf -oL app",
        "setpriv --reuid=app app",
        "gosu app app",
        "su-exec app app",
        "chpst -u app app",
        "s6-setuidgid app app",
        "chroot / app",
        "poetry run app",
        "pipenv run app",
        "dotenv -f .env run -- app",
        "bundle exec app",
        "cargo run --release",
        "busybox timeout 10 app",
        "busybox env app",
        "flock -w 10 -F /lock app",
        "strace -D -o /log app",
        "ddtrace-run gunicorn",
        "opentelemetry-instrument python app.py",
        "newrelic-admin run-program gunicorn",
        "rye run app",
        "s6-env A=1 app",
        "aws-vault exec profile -- app",
        "chamber exec service -- app",
    ],
)
def test_these_give_their_place_to_the_program(command: str) -> None:
    """They exec: behind them the program is PID 1."""
    key = key_of(shlex.split(command))
    assert key is not None
    fact = lookup(key)
    assert fact is not None
    assert fact.execs
    assert fact.keeps is None


@pytest.mark.parametrize(
    ("command", "reaps", "sigterm"),
    [
        ("su app -c app", "no", "kills"),
        ("su --pty app -c app", "no", "ignored"),
        ("runuser -u app -- app -c x", "no", "forwards"),
        ("runuser app -c app", "no", "kills"),
        ("sudo -u app app", "yes", "forwards"),
        ("timeout 10 app", "no", "forwards"),
        ("setsid --wait app", "no", "ignored"),
        ("setsid -w app", "no", "ignored"),
        ("flock /lock app -F", "no", "ignored"),
        ("time app", "yes", "ignored"),
        ("strace -f -o /log app", "yes", "ignored"),
        ("xvfb-run -a app", "while-waiting", "ignored"),
        ("dbus-run-session -- app", "yes", "ignored"),
        ("script -qec app /dev/null", "yes", "ignored"),
        ("watch -n 1 app", "no", "exits"),
        ("make serve", "yes", "ignored"),
        ("npm start", "no", "kills"),
        ("npm --prefix app run start", "no", "kills"),
        ("npx serve", "no", "kills"),
        ("npm exec -c app", "no", "kills"),
        ("yarn start", "no", "kills"),
        ("pnpm run start", "no", "forwards"),
        ("bun run start", "no", "forwards"),
        ("uv --directory /app run app", "no", "forwards"),
        ("pdm run app", "no", "forwards"),
        ("hatch run app", "no", "ignored"),
        ("go run .", "no", "exits"),
        ("conda run -n a app", "no", "ignored"),
        ("micromamba run -n a app", "no", "forwards"),
        ("doppler run -- app", "no", "forwards"),
        ("aws-vault exec --server profile -- app", "no", "forwards"),
        ("dockerize -wait tcp://db:5432 app", "no", "forwards"),
        ("uv tool run app", "no", "forwards"),
        ("cross-env A=1 app", "no", "forwards"),
        ("dotenv -- app", "no", "forwards"),
        ("honcho start", "no", "forwards"),
        ("foreman start", "no", "forwards"),
        ("foreground app", "no", "ignored"),
        ("foreman run app", "no", "kills"),
        ("honcho run app", "no", "ignored"),
        ("forego start -r", "no", "forwards"),
        ("nodemon app.js", "no", "forwards"),
        ("concurrently a b", "no", "forwards"),
        ("pm2-runtime app.js", "no", "forwards"),
        ("run-p start", "no", "ignored"),
    ],
)
def test_these_stay_in_front_of_the_program(command: str, reaps: str, sigterm: str) -> None:
    """They stay its parent, each with its own reaping and signals."""
    key = key_of(shlex.split(command))
    assert key is not None
    fact = lookup(key)
    assert fact is not None
    assert fact.keeps is not None
    assert (fact.execs, fact.keeps.reaps, fact.keeps.effects["SIGTERM"]) == (False, reaps, sigterm)


@pytest.mark.parametrize(
    "command",
    [
        "",
        "poetry install",
        "npm ci",
        "yarn",
        "yarn install",
        "uv sync",
        "uv tool install",
        "go build",
        "app",
        "busybox sh",
    ],
)
def test_what_starts_no_program_is_no_wrapper(command: str) -> None:
    """A package manager is one only with the word that runs something."""
    assert key_of(shlex.split(command)) is None


def test_make_hands_the_signal_to_what_it_starts_itself() -> None:
    """A plain line of a recipe needs no shell, and then the program gets it."""
    fact = lookup("make", sh_execs=True)
    assert fact is not None
    assert fact.keeps is not None
    assert fact.keeps.effects["SIGTERM"] == "forwards"


@pytest.mark.parametrize("name", ["npm", "su", "runuser -c"])
def test_a_shell_that_execs_lets_the_signal_through(name: str) -> None:
    """Debian's sh in between loses SIGTERM; bash, busybox ash or a script with exec pass it."""
    stays, hands_over = lookup(name), lookup(name, sh_execs=True)
    assert stays is not None
    assert stays.keeps is not None
    assert stays.keeps.effects["SIGTERM"] == "kills"
    assert hands_over is not None
    assert hands_over.keeps is not None
    assert hands_over.keeps.effects["SIGTERM"] == "forwards"


def test_what_a_shell_that_execs_does_under_npx_was_not_measured() -> None:
    """Then no effect is claimed."""
    fact = lookup("npx", sh_execs=True)
    assert fact is not None
    assert fact.keeps is not None
    assert (fact.keeps.effects, fact.measured) == ({}, False)


def test_a_plain_setsid_ends_at_once() -> None:
    """As the session leader that PID 1 is, it forks."""
    fact = lookup("setsid")
    assert fact is not None
    assert fact.keeps is not None
    assert fact.keeps.background


@pytest.mark.parametrize(
    ("name", "changes"),
    [("gosu", True), ("su", True), ("sudo", True), ("setpriv", True), ("env", False), ("npm", False)],
)
def test_it_says_who_changes_the_user(name: str, changes: bool) -> None:
    """Tools whose purpose is to step down."""
    fact = lookup(name)
    assert fact is not None
    assert fact.changes_user is changes


def test_an_unknown_name_is_no_wrapper() -> None:
    """Neither by name nor with a shell that execs."""
    assert lookup("app") is None
    assert lookup("app", sh_execs=True) is None


def test_every_wrapper_has_a_source_and_stays_or_execs() -> None:
    """One that execs keeps nothing; one that stays has a fact."""
    for key, fact in WRAPPERS.items():
        assert fact.source, key
        assert fact.execs is (fact.keeps is None), key
        assert fact.measured is fact.source.startswith("measured "), key
