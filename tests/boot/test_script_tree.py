"""Node, Ruby and PHP programs by their syntax trees: what runs counts, what looks like it doesn't."""

from __future__ import annotations

import pytest

from initlint.boot import script_tree
from initlint.boot.script_source import read_program
from initlint.boot.source_facts import SourceFacts
from initlint.text import Source

from .fakes import FakeRoot
from .test_script_source import read

HANDLED = {
    "another quote and spaces": ("node", "process . on (\n  `SIGTERM`, stop)"),
    "a listener by another name": ("node", "process.prependOnceListener('SIGTERM', stop)"),
    "a subscript": ("node", "process['once']('SIGTERM', stop)"),
    "an imported process": ("node", "import proc from 'node:process'; proc.on('SIGTERM', stop)"),
    "a taken-out method": ("node", "const { on } = process; on('SIGTERM', stop)"),
    "a constant": ("node", "const NAME = 'SIGTERM'; process.on(NAME, stop)"),
    "a constant list": ("node", "const ALL = ['SIGINT', 'SIGTERM']; ALL.forEach((s, i) => process.on(s, stop))"),
    "the keys of an object": ("node", "const M = { SIGTERM: 15 }; Object.keys(M).forEach(s => { process.on(s, stop) })"),
    "entries": ("node", "for (const [s, n] of Object.entries({ SIGTERM: 15 })) process.once(s, () => process.exit(n))"),
    "a template": ("node", "['INT', 'TERM'].map(s => process.on(`SIG${s}`, stop))"),
    "a function that is called": ("node", "function init() { process.on('SIGTERM', stop) }\ninit()"),
    "functions in a row": ("node", "const a = () => b(); function b() { process.on('SIGTERM', stop) } setTimeout(a)"),
    "a method of a class": ("node", "class S { run() { process.on('SIGTERM', stop) } } new S().run()"),
    "an exported function that is imported": ("node", "process.on('SIGTERM', function () { server.close() })"),
    "the main module's part": ("node", "if (require.main === module) { process.on('SIGTERM', stop) }"),
    "TypeScript": ("bun", "const s: NodeJS.Signals[] = ['SIGTERM']; s.forEach((x: NodeJS.Signals) => process.on(x, stop as any));"),
    "Ruby's list": ("ruby", '%w[INT TERM].each { |s| Signal.trap("SIG#{s}") { exit } }'),
    "Ruby's for": ("ruby", "for s in ['TERM', 'INT'] do\n trap(s) { exit }\nend"),
    "Ruby's constant": ("ruby", "SIGNALS = %i[TERM INT].freeze\nSIGNALS.each do |sig|\n  trap sig do\n    exit\n  end\nend"),
    "Ruby's number": ("ruby", "trap(15) { exit }"),
    "Ruby's method that is called": ("ruby", "def setup\n  trap('TERM') { exit }\nend\nsetup"),
    "Ruby's method that is sent": ("ruby", "def setup_term\n  trap('TERM') { exit }\nend\nsend(\"setup_#{x}\")"),
    "eval": ("node", "function f() { process.on('SIGTERM', stop) }\neval(code)"),
    "PHP's variable function": ("php", "<?php function f() { pcntl_async_signals(true); pcntl_signal(SIGTERM, 'stop'); } $f = 'f' . $x; $g();"),
    "PHP's foreach": ("php", "<?php pcntl_async_signals(true); foreach ([SIGTERM, SIGINT] as $s) { \\pcntl_signal($s, 'stop'); }"),
    "PHP's ticks": ("php", "<?php declare(ticks=1); pcntl_signal(SIGTERM, function ($n) { exit; });"),
    "PHP's method": ("php", "<?php class W { function run() { pcntl_signal(15, [$this, 'stop']); pcntl_signal_dispatch(); } } (new W)->run();"),
}  # fmt: skip

NOT_HANDLED = {
    "a string": ("node", "console.log(\"process.on('SIGTERM', stop)\")"),
    "a template string": ("node", "const help = `\nprocess.on('SIGTERM', stop)\n`"),
    "a regular expression": ("node", "const r = /process.on('SIGTERM', x)/"),
    "a function that nobody calls": ("node", "function stop() { process.on('SIGTERM', x) }"),
    "two that call each other": ("node", "function a() { process.on('SIGTERM', x); b() }\nfunction b() { a() }"),
    "an arrow function that nobody calls": ("node", "const stop = () => { process.on('SIGTERM', x) }"),
    "after a return": ("node", "function f() { return 1; process.on('SIGTERM', x) }\nf()"),
    "after the exit": ("node", "process.exit(0); process.on('SIGTERM', x)"),
    "a branch that is never taken": ("node", "if (false) { process.on('SIGTERM', x) }"),
    "another object": ("node", "worker.on('SIGTERM', x); emitter.process.on('SIGTERM', x)"),
    "a type": ("bun", "type Handler = { on(name: 'SIGTERM'): void }; interface P { process: 'SIGTERM' }"),
    "Ruby's string": ("ruby", "puts \"trap('TERM') { exit }\""),
    "Ruby's heredoc": ("ruby", "puts <<~EOS\n  trap('TERM') { exit }\nEOS"),
    "Ruby's end": ("ruby", "puts 1\n__END__\ntrap('TERM') { exit }"),
    "Ruby's method that nobody calls": ("ruby", "def setup\n  trap('TERM') { exit }\nend"),
    "Ruby's own trap": ("ruby", "def trap(x)\n  puts x\nend\ntrap('TERM')"),
    "Ruby's dead branch": ("ruby", "trap('TERM') { exit } if false"),
    "PHP's string": ("php", "<?php echo 'pcntl_signal(SIGTERM, stop)';"),
    "PHP's text": ("php", "pcntl_signal(SIGTERM, 'stop');"),
    "PHP's function that nobody calls": ("php", "<?php function f() { pcntl_signal(SIGTERM, 'stop'); pcntl_async_signals(true); }"),
    "PHP's dead end": ("php", "<?php exit(0); pcntl_signal(SIGTERM, 'stop');"),
}  # fmt: skip


@pytest.mark.parametrize(("language", "text"), HANDLED.values(), ids=HANDLED)
def test_a_handler_counts_however_it_is_written(language: str, text: str) -> None:
    """Loops, constants, other names of the same function: SIGTERM is handled."""
    facts = read(language, text)
    assert "SIGTERM" in facts.handled, facts


@pytest.mark.parametrize(("language", "text"), NOT_HANDLED.values(), ids=NOT_HANDLED)
def test_what_never_runs_handles_nothing(language: str, text: str) -> None:
    """Strings, dead code and namesakes don't count, and the program counts as read."""
    facts = read(language, text)
    assert "SIGTERM" not in facts.handled and facts.handlers_known, facts


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("node", "process.on('SIGTERM', () => {})"),
        ("node", "process.on('SIGTERM', () => { /* later */ })"),
        ("node", "process.on('SIGTERM', () => console.log('got SIGTERM'))"),
        ("node", "function note() { console.info('stop?'); }\nprocess.on('SIGTERM', note)"),
        ("ruby", "trap('TERM', 'IGNORE')"),
        ("ruby", "trap('TERM') { puts 'no' }"),
        ("php", "<?php pcntl_async_signals(true); pcntl_signal(SIGTERM, SIG_IGN);"),
        ("php", "<?php pcntl_signal(SIGTERM, function () { exit; }); while (true) { sleep(1); }"),
    ],
)
def test_a_handler_that_does_nothing_keeps_the_program_alive(language: str, text: str) -> None:
    """It takes the signal and goes on; PHP's handlers are called only where signals are dispatched."""
    facts = read(language, text)
    assert facts.ignored == ("SIGTERM",) and "SIGTERM" not in facts.handled


@pytest.mark.parametrize(
    "text",
    [
        "process.on('SIGTERM', () => { console.log('bye'); process.exit(0) })",
        "process.on('SIGTERM', () => console.log('bye', process.exit(0)))",
        "process.on('SIGTERM', stop)",
        "process.on('SIGTERM', () => {}); process.once('SIGTERM', stop)",
    ],
)
def test_a_handler_that_may_do_something_counts(text: str) -> None:
    """One that ends the program, one that isn't seen, and the second of two."""
    facts = read("node", text)
    assert "SIGTERM" in facts.handled and not facts.ignored


STARTS = {
    "destructured": ("node", "const { spawn: run } = require('node:child_process'); run('x')"),
    "imported": ("node", "import { fork } from 'child_process'; fork('./w.js')"),
    "a namespace": ("node", "import * as cp from 'child_process'; cp.execFile('x')"),
    "promisified": ("node", "const run = require('util').promisify(require('child_process').exec); run('x')"),
    "handed on": ("node", "module.exports = { run: require('child_process').spawn }; const { spawn } = require('child_process'); go(spawn)"),
    "a cluster": ("node", "import cluster from 'node:cluster'; if (cluster.isPrimary) cluster.fork()"),
    "Deno": ("deno", "new Deno.Command('ls').spawn()"),
    "Bun": ("bun", "import { $ } from 'bun'; await $`ls`"),
    "TypeScript's require": ("bun", "import cp = require('child_process'); cp.spawn('x' as string)"),
    "Ruby's fork": ("ruby", "pid = fork\nProcess.wait pid"),
    "Ruby's popen": ("ruby", "IO.popen(['ls'])"),
    "Ruby's percent x": ("ruby", "x = %x(ls)"),
    "PHP's fork": ("php", "<?php $p = \\pcntl_fork();"),
    "PHP's proc_open": ("php", "<?php proc_open(['x'], [], $pipes);"),
}  # fmt: skip

STARTS_NOTHING = {
    "an unused import": ("node", "const { spawn } = require('child_process')"),
    "a namesake": ("node", "const q = new Queue(); q.exec('x &'); /a/.exec('b &'); db.spawn()"),
    "a name in a string": ("node", "console.log('child_process', `cluster.fork()`)"),
    "a function that nobody calls": ("node", "const cp = require('child_process'); function f() { cp.exec('worker &') }"),
    "Ruby's method of an object": ("ruby", "kernel.system('worker &'); obj.fork"),
    "Ruby's own fork": ("ruby", "def fork\n  1\nend\nfork"),
    "PHP's method": ("php", "<?php $pdo->exec('DELETE &'); Db::system('x &');"),
    "PHP's comment": ("php", "<?php # exec('x &')\n// system('x &')\n/* `x &` */"),
}  # fmt: skip


@pytest.mark.parametrize(("language", "text"), STARTS.values(), ids=STARTS)
def test_children_are_seen(language: str, text: str) -> None:
    """By whatever name a function that starts programs is called."""
    assert read(language, text).children == "unknown"


@pytest.mark.parametrize(("language", "text"), STARTS_NOTHING.values(), ids=STARTS_NOTHING)
def test_namesakes_start_nothing(language: str, text: str) -> None:
    """Methods of other objects, unused imports, text."""
    assert read(language, text).children == "no"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("node", "const cp = require('child_process'); const line = 'worker &'; cp.exec(line)"),
        ("node", "import { spawn } from 'child_process'; spawn('/bin/bash', ['-c', `nohup ${x} &`])"),
        ("node", "import { spawn } from 'child_process'; spawn('worker &', { shell: true })"),
        ("node", "import { spawn } from 'child_process'; spawn('git', ['pull'])"),
        ("ruby", "system 'worker &'"),
        ("php", "<?php $cmd = 'php worker.php &'; exec($cmd);"),
        ("php", "<?php exec(sprintf('worker %d > /dev/null &', $n));"),
    ],
)
def test_shell_lines_are_put_together(language: str, text: str) -> None:
    """Constants, formats and arguments that leave a process behind."""
    assert read(language, text).children == "yes"


def test_a_detached_child_is_called_so() -> None:
    """The reason says what was seen."""
    facts = read("node", "require('child_process').spawn('w', [], { detached: true }).unref()")
    assert any("detached" in item.why for item in facts.evidence)


def test_a_library_file_sees_itself_as_no_main_program() -> None:
    """What stands under `require.main === module` runs only in the file that was started."""
    part = "if (require.main === module) { process.on('SIGTERM', stop) }"
    assert "SIGTERM" not in read("node", "require('./a')", a_js=part).handled
    assert (
        "SIGTERM"
        not in read("ruby", "require_relative 'a'", a_rb="if __FILE__ == $0\n trap('TERM') { exit }\nend").handled
    )


def test_functions_of_other_files_count_where_they_are_used() -> None:
    """A function that a required file defines is dead unless something refers to it."""
    library = "function hook() { process.on('SIGTERM', stop) }\nmodule.exports.hook = hook; exports.other = 1"
    assert "SIGTERM" in read("node", "require('./a').hook()", a_js=library).handled
    exported = "export function hook() { process.on('SIGTERM', stop) }\nexport function other() {}"
    assert "SIGTERM" in read("node", "import { hook } from './a.js'; hook()", a_js=exported).handled
    assert "SIGTERM" not in read("node", "import { other } from './a.js'; other()", a_js=exported).handled


def test_paths_put_together_are_followed() -> None:
    """__dirname, path.join, __DIR__ and File.join name files beside the program."""
    handler = "process.on('SIGTERM', stop)"
    assert "SIGTERM" in read("node", "require(__dirname + '/a')", a_js=handler).handled
    assert "SIGTERM" in read("node", "require(path.join(__dirname, 'lib', 'a'))", lib__a_js=handler).handled
    php = "<?php pcntl_async_signals(true); pcntl_signal(SIGTERM, fn() => exit());"
    assert "SIGTERM" in read("php", "<?php require_once __DIR__ . '/a.php';", a_php=php).handled
    assert "SIGTERM" in read("ruby", "require File.join(__dir__, 'a')", a_rb="trap('TERM') { exit }").handled


def test_a_module_requires_too() -> None:
    """`module.require` is `require`."""
    assert "SIGTERM" in read("node", "module.require('./a')", a_js="process.on('SIGTERM', stop)").handled


def test_types_are_not_required() -> None:
    """`import type` leaves nothing behind when TypeScript is compiled."""
    facts = read("bun", "import type { X } from './gone'; const x: X = 1")
    assert facts.whole and facts.children == "no"


def test_ruby_reaps_in_a_sigchld_handler_that_loops() -> None:
    """A loop around waitpid, not a single wait."""
    loop = "trap('CLD') do\n  begin\n    loop { Process.waitpid(-1, Process::WNOHANG) or break }\n  rescue Errno::ECHILD\n  end\nend"
    assert read("ruby", loop).reaps == "yes"
    assert read("ruby", "trap('CLD') { Process.wait }").reaps == "no"


def test_a_program_that_replaces_itself_is_not_read_to_the_end() -> None:
    """What Ruby or PHP exec handles isn't known."""
    assert not read("ruby", "exec 'nginx', '-g', 'daemon off;'").handlers_known
    assert not read("php", "<?php pcntl_exec('/bin/x');").handlers_known


@pytest.mark.parametrize("language", ["node", "ruby", "php"])
def test_without_a_grammar_patterns_are_read(language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A grammar that isn't installed, or is of another tree-sitter, changes the precision, not the answer."""
    monkeypatch.setattr(script_tree, "_parsers", dict.fromkeys(script_tree._GRAMMARS))
    text = {
        "node": "process.on('SIGTERM', stop)",
        "ruby": "trap('TERM') { exit }",
        "php": "<?php pcntl_signal(SIGTERM, 'stop');",
    }[language]
    assert "SIGTERM" in read(language, text).handled


def test_a_missing_package_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """The import fails, and no parser is there."""
    monkeypatch.setattr(script_tree, "_parsers", {})
    monkeypatch.setitem(script_tree._GRAMMARS, "ruby", ("tree_sitter_that_is_not_installed", "language"))
    assert script_tree.parser("ruby") is None


def test_a_file_that_is_not_parsed_may_call_everything() -> None:
    """What comes after it counts too, as far as it defines functions."""
    library = "exports.x = 1; function hook() { process.on('SIGTERM', stop) }"
    assert "SIGTERM" in read("node", "require('./a'); %%%", a_js=library).handled
    assert "SIGTERM" not in read("node", "require('./a')", a_js=library).handled


@pytest.mark.parametrize(
    "text",
    ["process.on('SIGTERM', stop) }}} (", "%%% process.on('SIGTERM', stop)", "process.on('SIGTERM', stop)\n" * 20_000],
)
def test_what_cannot_be_parsed_or_is_too_large_is_read_by_words(text: str) -> None:
    """Broken text and bundles of several hundred kilobytes."""
    assert "SIGTERM" in read("node", text).handled


def test_deep_nesting_is_no_trouble() -> None:
    """Thousands of brackets and of strings put together."""
    facts: SourceFacts | None = None
    for text in ("(" * 3000 + "1" + ")" * 3000, "require('child_process').exec(" + "'a' + " * 3000 + "'b')"):
        facts = read_program(Source("main", text.encode()), "/app/main", FakeRoot({}), "node")
    assert facts is not None and facts.children == "unknown"
