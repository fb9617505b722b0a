"""What is read from Node, Ruby, PHP and Perl programs."""

from __future__ import annotations

import pytest

from initlint.boot.script_source import read_program
from initlint.boot.source_facts import SourceFacts
from initlint.facts import node_libraries
from initlint.text import Source

from .fakes import FakeRoot


def read(language: str, text: str, **files: str) -> SourceFacts:
    """Facts of /app/main; other files are named `lib__a_js` for /app/lib/a.js."""
    others = {f"/app/{name.replace('__', '/').replace('_', '.')}": body for name, body in files.items()}
    facts = read_program(Source("main", text.encode()), "/app/main", FakeRoot(others), language)
    assert facts is not None
    return facts


HANDLED = {
    "process.on": ("node", "process.on('SIGTERM', () => process.exit(0));"),
    "process.once": ("node", 'process.once("SIGTERM", stop)'),
    "a list of signals": ("node", "['SIGINT', 'SIGTERM'].forEach(s => process.on(s, stop));"),
    "a for loop": ("node", "for (const s of ['SIGTERM']) { process.on(s, stop) }"),
    "a glob before it": ("node", "glob('routes/*.js'); process.on('SIGTERM', stop); /* the end */"),
    "an address before it": ("node", "get('http://x'); process.on('SIGTERM', stop)"),
    "terminus": ("node", "const { createTerminus } = require('@godaddy/terminus'); createTerminus(server)"),
    "Nest": ("node", "import { NestFactory } from '@nestjs/core'; app.enableShutdownHooks();"),
    "Deno": ("deno", "Deno.addSignalListener('SIGTERM', stop)"),
    "Ruby": ("ruby", "Signal.trap('TERM') { exit }"),
    "Ruby's symbol": ("ruby", "trap :TERM do\n  exit\nend"),
    "PHP": ("php", "<?php pcntl_async_signals(true); pcntl_signal(SIGTERM, 'stop');"),
    "Perl": ("perl", "$SIG{TERM} = sub { exit 0 };"),
}

IGNORED = {
    "a comment": ("node", "// process.on('SIGTERM', stop)\n/* process.on('SIGTERM', stop) */"),
    "another signal": ("node", "process.on('SIGHUP', reload)"),
    "another event": ("node", "process.on('uncaughtException', e => console.error(e))"),
    "express alone": ("node", "const express = require('express'); express().listen(80)"),
    "nest without hooks": ("node", "import { NestFactory } from '@nestjs/core'; app.listen(80)"),
    "Ruby's default": ("ruby", "trap('TERM', 'DEFAULT')"),
    "PHP's ignore": ("php", "<?php pcntl_signal(SIGTERM, SIG_IGN);"),
    "Perl's ignore": ("perl", "$SIG{TERM} = 'IGNORE';"),
    "a Perl comment": ("perl", "# $SIG{TERM} = sub { exit }\n"),
}


@pytest.mark.parametrize(("language", "text"), HANDLED.values(), ids=HANDLED)
def test_sees_a_handler(language: str, text: str) -> None:
    """SIGTERM is handled where a handler is installed, by itself or by a package."""
    assert "SIGTERM" in read(language, text).handled


@pytest.mark.parametrize(("language", "text"), IGNORED.values(), ids=IGNORED)
def test_sees_no_handler_where_none_is(language: str, text: str) -> None:
    """Comments, other signals and packages without handlers don't count."""
    facts = read(language, text)
    assert "SIGTERM" not in facts.handled
    assert facts.handlers_known, facts.why


YES = {
    "exec": ("node", "const { exec } = require('child_process'); exec('worker &')"),
    "a template": ("node", "require('child_process').execSync(`nohup ${tool} > log &`)"),
    "parts": ("node", "require('child_process').exec('run ' + name + ' &', cb)"),
    "sh -c": ("node", "require('child_process').spawn('sh', ['-c', 'worker & exit'])"),
    "git pull": ("node", "require('child_process').execSync('cd /r && git pull')"),
    "puppeteer": ("node", "const puppeteer = require('puppeteer'); await puppeteer.launch()"),
    "simple-git": ("node", "import simpleGit from 'simple-git'; await simpleGit().pull()"),
    "PHP": ("php", '<?php exec("php worker.php " . $id . " > /dev/null 2>&1 &");'),
    "PHP's shell_exec": ("php", "<?php shell_exec('worker &');"),
    "Ruby": ("ruby", 'system("worker #{x} &")'),
    "Ruby's backticks": ("ruby", "`worker &`"),
    "Perl": ("perl", "system('worker &');"),
}

NOT_YES = {
    "a child": ("node", "require('child_process').spawn('ffmpeg', ['-i', x])"),
    "a detached child": ("node", "require('child_process').spawn('worker', [], { detached: true }).unref()"),
    "two commands": ("node", "require('child_process').exec('a && b 2>&1')"),
    "an ampersand in an argument": ("node", "require('child_process').execFile('curl', ['http://x?a=1&b=2'])"),
    "a browser elsewhere": ("node", "const puppeteer = require('puppeteer-core'); puppeteer.connect({ browserURL })"),
    "a regular expression": ("node", "const m = /a & b/.exec('a & b')"),
    "Ruby's detach": ("ruby", "pid = spawn('worker')\nProcess.detach(pid)"),
    "PHP's fork": ("php", "<?php $pid = pcntl_fork(); pcntl_wait($status);"),
}


@pytest.mark.parametrize(("language", "text"), YES.values(), ids=YES)
def test_sees_what_is_orphaned(language: str, text: str) -> None:
    """Background jobs of shells, browsers and git leave processes to PID 1."""
    assert read(language, text).children == "yes"


@pytest.mark.parametrize(("language", "text"), NOT_YES.values(), ids=NOT_YES)
def test_claims_no_orphans_where_none_are_seen(language: str, text: str) -> None:
    """Children of the program itself are no orphans: node and Ruby wait for detached ones too."""
    assert read(language, text).children != "yes"


@pytest.mark.parametrize(
    ("text", "children"),
    [
        ("console.log(1)", "no"),
        ("require('node:http').createServer()", "no"),
        ("require('express')()", "unlikely"),
        ("require('some-package')", "unlikely"),
        ("require('child_process').spawn('x')", "unknown"),
        ("import { execa } from 'execa'", "unknown"),
        ("new Queue('q'); require('bull'); q.process(async job => 1)", "unlikely"),
        ("require('bull'); q.process(__dirname + '/worker.js')", "unknown"),
        ("require('./gone')", "unknown"),
    ],
)
def test_tells_how_likely_children_are(text: str, children: str) -> None:
    """No where all was read, unlikely where packages are, unknown where programs may be started."""
    assert read("node", text).children == children


def test_follows_what_is_required() -> None:
    """Files beside it, folders' index files and TypeScript behind a .js name are read."""
    handler = "process.on('SIGTERM', stop)"
    assert "SIGTERM" in read("node", "require('./lib/a')", lib__a_js=handler).handled
    assert "SIGTERM" in read("node", "require('./lib')", lib__index_js=handler).handled
    assert "SIGTERM" in read("bun", "import { x } from './lib/a.js'", lib__a_ts=handler).handled
    assert "SIGTERM" in read("ruby", "require_relative 'lib/a'", lib__a_rb="trap('TERM') { exit }").handled


@pytest.mark.parametrize("text", ["require(name)", "require('./routes/' + name)", "import(`./${name}`)"])
def test_a_name_that_is_not_written_out_leaves_everything_open(text: str) -> None:
    """Such a file may start children or handle signals."""
    facts = read("node", text)
    assert facts.children == "unknown" and not facts.handlers_known


def test_unread_packages_leave_handlers_open() -> None:
    """A scoped package is known by its whole name, a path into a package by the package's."""
    facts = read("node", "require('lodash/fp'); require('@scope/name/sub')")
    assert not facts.handlers_known and "not read: @scope/name" in facts.why


def test_sigchld_ignored_makes_the_kernel_reap() -> None:
    """Perl's, Ruby's and PHP's ways of ignoring SIGCHLD."""
    assert read("perl", "$SIG{CHLD} = 'IGNORE';").reaps == "yes"
    assert read("ruby", "trap('CLD', 'IGNORE')").reaps == "yes"
    assert read("php", "<?php pcntl_signal(SIGCHLD, SIG_IGN);").reaps == "yes"


def test_another_language_is_not_read() -> None:
    """Nothing is said of a language without rules."""
    assert read_program(Source("a.lua", b""), "/a.lua", FakeRoot({}), "lua") is None


def test_the_tables_do_not_contradict_each_other() -> None:
    """A package that starts programs isn't harmless; every row has a version."""
    tables = node_libraries
    assert not set(tables.HARMLESS) & {*tables.CHILD_MAKERS, *tables.ORPHAN_MAKERS, *tables.UNSURE_HANDLERS}
    assert all(any(char.isdigit() for char in version) for version in tables.HARMLESS.values())
