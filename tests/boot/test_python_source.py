"""What is read from Python programs: handlers, children, what they become."""

from __future__ import annotations

import textwrap

import pytest

from initlint.boot.model import Opaque
from initlint.boot.python_source import MAX_BYTES, read_program
from initlint.boot.source_facts import SourceFacts
from initlint.facts import python_libraries
from initlint.text import Source

from .fakes import FakeRoot


def read(text: str, *, imported: bool = False, search: tuple[str, ...] = (), **files: str) -> SourceFacts:
    """Facts of /app/main.py; other files are named `pkg__mod` for /app/pkg/mod.py, `pkg__INIT` for its __init__."""
    others = {
        f"/app/{name.replace('__', '/').replace('INIT', '__init__')}.py": textwrap.dedent(body)
        for name, body in files.items()
    }
    source = Source("main.py", textwrap.dedent(text).encode())
    root = FakeRoot({"/app/main.py": source.data, **others})
    facts = read_program(source, "/app/main.py", root, cwd="/app", imported=imported, search=search)
    assert facts is not None
    return facts


HANDLED = {
    "a plain handler": "import signal\nsignal.signal(signal.SIGTERM, stop)",
    "an alias of the module": "import signal as s\ns.signal(s.SIGTERM, stop)",
    "names from the module": "from signal import signal, SIGTERM\nsignal(SIGTERM, stop)",
    "everything from the module": "from signal import *\nsignal(SIGTERM, stop)",
    "a number": "import signal\nsignal.signal(15, stop)",
    "a loop over signals": "import signal\nfor s in (signal.SIGINT, signal.SIGTERM):\n    signal.signal(s, stop)",
    "a loop over a constant": "import signal\nALL = [signal.SIGINT, signal.SIGTERM]\nfor s in ALL:\n    signal.signal(s, stop)",
    "a loop over names": "import signal\nfor n in ('SIGINT', 'SIGTERM'):\n    signal.signal(getattr(signal, n), stop)",
    "pairs": "import signal\nfor s, h in ((signal.SIGTERM, a), (signal.SIGINT, b)):\n    signal.signal(s, h)",
    "a dictionary": "import signal\nH = {signal.SIGTERM: stop}\nfor s, h in H.items():\n    signal.signal(s, h)",
    "a helper's parameter": "import signal\ndef on(s, h):\n    signal.signal(s, h)\non(signal.SIGTERM, stop)",
    "a helper's many parameters": "import signal\ndef on(*all):\n    for s in all:\n        signal.signal(s, h)\non(signal.SIGTERM)",
    "a method's parameter": "import signal\nclass A:\n    def on(self, s):\n        signal.signal(s, h)\nA().on(signal.SIGTERM)",
    "an event loop": "import asyncio, signal\nasyncio.get_event_loop().add_signal_handler(signal.SIGTERM, stop)",
    "a loop in a comprehension": "import signal\n[signal.signal(s, stop) for s in (signal.SIGTERM,)]",
    "sigwait": "import signal\nsignal.sigwait({signal.SIGTERM})",
    "a keyword": "import signal\nsignal.signal(signalnum=signal.SIGTERM, handler=stop)",
    "uvicorn.run": "import uvicorn\nuvicorn.run('app:app')",
    "uvicorn's server": "import uvicorn\nserver = uvicorn.Server(uvicorn.Config(app))\nserver.run()",
    "uvicorn's coroutine": "import asyncio, uvicorn\nasyncio.run(uvicorn.Server(c).serve())",
    "run under another name": "from uvicorn import run as start\nstart(app)",
    "aiohttp": "from aiohttp import web\nweb.run_app(app)",
    "an AppRunner with handlers": "from aiohttp import web\nweb.AppRunner(app, handle_signals=True)",
    "sanic": "from sanic import Sanic\napp = Sanic('x')\napp.run()",
    "a bot built in a chain": "from telegram.ext import Application\nbot = Application.builder().token(t).build()\nbot.run_polling()",
    "a class of one's own": "from disnake.ext import commands\nclass B(commands.Bot):\n    pass\nb = B()\nb.run(t)",
    "a factory": "from sanic import Sanic\ndef create():\n    app = Sanic('x')\n    return app\napp = create()\napp.run()",
    "twisted": "from twisted.internet import reactor\nreactor.run()",
    "Flask's reloader": "from flask import Flask\napp = Flask('x')\napp.run(debug=True)",
    "a function that is called": "import signal\ndef setup():\n    signal.signal(signal.SIGTERM, stop)\nsetup()",
    "a method": "import signal\nclass A:\n    def __init__(self):\n        signal.signal(signal.SIGTERM, self.stop)\nA()",
    "the main block": "import signal\nif __name__ == '__main__':\n    signal.signal(signal.SIGTERM, stop)",
}

IGNORED = {
    "asyncio.run alone": "import asyncio\nasyncio.run(main())",
    "Flask's own server": "from flask import Flask\napp = Flask('x')\napp.run(host='0.0.0.0')",
    "Flask without debug": "from flask import Flask\napp = Flask('x')\napp.run(debug=False)",
    "waitress": "from waitress import serve\nserve(app)",
    "a handler for SIGINT": "import signal\nsignal.signal(signal.SIGINT, stop)",
    "SIG_IGN": "import signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)",
    "SIG_DFL": "import signal\nsignal.signal(signal.SIGTERM, signal.SIG_DFL)",
    "a signal that is only sent": "import os, signal\nsignal.signal(signal.SIGINT, stop)\nos.kill(1234, signal.SIGTERM)",
    "a function that nothing calls": "import signal\ndef setup():\n    signal.signal(signal.SIGTERM, stop)",
    "a branch for Windows": "import signal, sys\nif sys.platform == 'win32':\n    signal.signal(signal.SIGTERM, stop)",
    "a thread's server": "import threading, uvicorn\ns = uvicorn.Server(c)\nthreading.Thread(target=s.run).start()",
    "a server in a thread's function": "import threading, uvicorn\ndef go():\n    uvicorn.run(app)\nthreading.Thread(target=go).start()",
    "a child's handler": "import multiprocessing, signal\ndef work():\n    signal.signal(signal.SIGTERM, stop)\nmultiprocessing.Process(target=work).start()",
    "aiohttp told not to": "from aiohttp import web\nweb.run_app(app, handle_signals=False)",
    "an AppRunner": "from aiohttp import web\nweb.AppRunner(app)",
    "a run() of something else": "import asyncio, uvicorn\nclass Job:\n    pass\nj = Job()\nj.run()",
    "an old executor": "from aiogram import executor\nexecutor.start_polling(dp)",
    "nothing": "import time\ntime.sleep(9)",
}


@pytest.mark.parametrize("text", HANDLED.values(), ids=HANDLED)
def test_sees_a_handler(text: str) -> None:
    """SIGTERM counts as handled, however the handler is installed."""
    assert "SIGTERM" in read(text).handled


@pytest.mark.parametrize("text", IGNORED.values(), ids=IGNORED)
def test_sees_no_handler_where_none_is(text: str) -> None:
    """SIGTERM isn't handled, and that is known."""
    facts = read(text)
    assert "SIGTERM" not in facts.handled
    assert facts.handlers_known, facts.why


OPEN = {
    "a library that wasn't read": "import some_library\nsome_library.run()",
    "a library with and without": "import discord\nc = discord.Client()\nc.run(t)",
    "a run() of unknown make": "import uvicorn\nfrom other import thing\nthing.run()",
    "debug by a variable": "from flask import Flask\napp = Flask('x')\napp.run(debug=DEBUG)",
    "a signal by a variable": "import signal\nsignal.signal(number, stop)",
    "a module that isn't written out": "import importlib\nimportlib.import_module(name)",
    "Django's applications": "from django.core.management import execute_from_command_line\nexecute_from_command_line(a)",
}


@pytest.mark.parametrize("text", OPEN.values(), ids=OPEN)
def test_leaves_open_what_cannot_be_read(text: str) -> None:
    """Where a handler may be that isn't seen, the reader says so and why."""
    facts = read(text)
    assert not facts.handlers_known
    assert any(reason.startswith("not read") for reason in facts.why)


def test_ignored_signals_are_told() -> None:
    """SIG_IGN and SIG_DFL turn off what the runtime does on SIGINT: as PID 1 it is then ignored."""
    facts = read("import signal\nsignal.signal(signal.SIGINT, signal.SIG_DFL)")
    assert facts.ignored == ("SIGINT",)
    assert read(
        "import signal\nsignal.signal(signal.SIGINT, h)\nsignal.signal(signal.SIGINT, signal.SIG_DFL)"
    ).ignored == ("SIGINT",)
    before = "import signal\nsignal.signal(signal.SIGINT, signal.SIG_DFL)\nsignal.signal(signal.SIGINT, sys.exit)"
    assert read(before).ignored == ()


def test_a_pools_initializer_ignores_nothing_in_the_program() -> None:
    """A function that only worker processes run doesn't speak for PID 1."""
    text = "import signal, multiprocessing\ndef init():\n    signal.signal(signal.SIGINT, signal.SIG_IGN)\nmultiprocessing.Pool(4, initializer=init)"
    assert read(text).ignored == ()


YES = {
    "a background job": "import os\nos.system('worker &')",
    "a line of a shell": "import subprocess\nsubprocess.run('worker &', shell=True)",
    "sh -c": "import subprocess\nsubprocess.run(['sh', '-c', 'gzip \"$0\" &', p])",
    "bash -lc": "import subprocess\nsubprocess.Popen(['/bin/bash', '-lc', 'worker & sleep 1'])",
    "a line with parts": "import os\nos.system('nohup ' + tool + ' > /dev/null &')",
    "an f-string": "import os\nos.system(f'{tool} --port {port} &')",
    "a format": "import os\nos.system('{} &'.format(tool))",
    "a percent sign": "import os\nos.system('%s &' % tool)",
    "a line in a variable": "import os\nLINE = 'worker &'\nos.system(LINE)",
    "asyncio": "import asyncio\nasyncio.create_subprocess_shell('worker &')",
    "git fetch": "import subprocess\nsubprocess.run(['git', '-C', path, 'fetch'])",
    "cd and git pull": "import os\nos.system('cd /repo && git pull')",
    "ssh -f": "import subprocess\nsubprocess.run(['ssh', '-fN', '-L', '1:b:2', 'host'])",
    "ssh with a master": "import subprocess\nsubprocess.run(['ssh', '-o', 'ControlPersist=60', 'host', 'ls'])",
    "Chrome": "import subprocess\nsubprocess.run(['chromium', '--headless'])",
    "setsid --fork": "import subprocess\nsubprocess.run(['setsid', '-f', 'worker'])",
    "cron": "import subprocess\nsubprocess.run(['cron'])",
    "selenium": "from selenium import webdriver\nd = webdriver.Chrome()",
    "playwright": "from playwright.sync_api import sync_playwright\nwith sync_playwright() as p:\n    p.chromium.launch()",
    "GitPython": "import git\nrepo = git.Repo('.')\nrepo.remotes.origin.pull()",
    "two forks": "import os\nchild = os.fork()\nif child == 0:\n    if os.fork() == 0:\n        work()\n    os._exit(0)\nos.waitpid(child, 0)",
    "two forks with an early return": """
        import os
        def spawn():
            pid = os.fork()
            if pid:
                os.waitpid(pid, 0)
                return
            if os.fork():
                os._exit(0)
            work()
        spawn()
        """,
}

NOT_YES = {
    "a child that is waited for": "import subprocess\nsubprocess.run(['ffmpeg', '-i', x])",
    "a line that waits": "import os\nos.system('a & b & wait')",
    "an ampersand in quotes": "import os\nos.system('curl \"http://x/?a=1&b=2\"')",
    "a redirection": "import os\nos.system('app > log 2>&1')",
    "two commands": "import os\nos.system('a && b')",
    "an ampersand without a shell": "import subprocess\nsubprocess.run(['app', 'a & b'])",
    "a child that is never waited for": "import subprocess\nsubprocess.Popen(['worker'])",
    "a session of its own": "import subprocess\nsubprocess.Popen(['worker'], start_new_session=True)",
    "nohup without a shell": "import subprocess\nsubprocess.Popen(['nohup', 'worker'])",
    "setsid without a fork": "import subprocess\nsubprocess.Popen(['setsid', 'worker'])",
    "one fork": "import os\nif os.fork() == 0:\n    work()\n    os._exit(0)",
    "two workers": "import os\na = os.fork()\nif a == 0:\n    work()\nb = os.fork()\nif b == 0:\n    work()\nos.waitpid(a, 0)\nos.waitpid(b, 0)",
    "a program that makes itself a daemon": "import os, sys\npid = os.fork()\nif pid > 0:\n    sys.exit(0)\nos.setsid()\nif os.fork() > 0:\n    sys.exit(0)\nos.waitpid(-1, 0)",
    "git rev-parse": "import subprocess\nsubprocess.check_output(['git', 'rev-parse', 'HEAD'])",
    "git without gc": "import subprocess\nsubprocess.run(['git', '-c', 'gc.auto=0', 'fetch'])",
    "ssh with a remote -f": "import subprocess\nsubprocess.run(['ssh', '-i', 'key', 'host', 'tail', '-f', 'log'])",
    "a remote browser": "from selenium import webdriver\nd = webdriver.Remote('http://hub')",
    "a browser elsewhere": "from playwright.sync_api import sync_playwright\nwith sync_playwright() as p:\n    p.chromium.connect_over_cdp(u)",
    "another fetch": "import git, asyncpg\nconn = asyncpg.connect()\nconn.fetch('select 1')",
    "worker processes": "import multiprocessing\nmultiprocessing.Process(target=work, daemon=True).start()",
    "a function that nothing calls": "import os\ndef unused():\n    os.system('worker &')",
    "the main block of an imported module": "import other",
}


@pytest.mark.parametrize("text", YES.values(), ids=YES)
def test_sees_what_is_orphaned(text: str) -> None:
    """Children are a yes where a process is left to PID 1."""
    assert read(text).children == "yes"


@pytest.mark.parametrize("text", NOT_YES.values(), ids=NOT_YES)
def test_claims_no_orphans_where_none_are_seen(text: str) -> None:
    """A false yes would be a false error: own children are no orphans, waited for or not."""
    other = "import os\nif __name__ == '__main__':\n    os.system('worker &')"
    assert read(text, other=other).children != "yes"


@pytest.mark.parametrize(
    ("text", "children"),
    [
        ("import time\ntime.sleep(9)", "no"),
        ("import requests\nrequests.get('x')", "unlikely"),
        ("import subprocess\nsubprocess.check_output(['hostname'])", "unlikely"),
        ("from concurrent.futures import ProcessPoolExecutor as P\nP(4)", "unlikely"),
        ("import subprocess\nsubprocess.run(['worker'])", "unknown"),
        ("import subprocess\nsubprocess.run('df', shell=True, timeout=5)", "unknown"),
        ("import pydub", "unknown"),
        ("import paramiko\nparamiko.SSHClient()", "unlikely"),
    ],
)
def test_tells_how_likely_children_are(text: str, children: str) -> None:
    """No where all was read, unlikely where only libraries or its own workers are, unknown where it starts programs."""
    assert read(text).children == children


@pytest.mark.parametrize(
    "text",
    [
        "import subprocess\nsubprocess.Popen(['worker'])",
        "import os\nif os.fork() == 0:\n    work()",
    ],
)
def test_a_child_that_is_never_waited_for_is_the_programs_own(text: str) -> None:
    """Its zombie stays a child of the program, which no init can reap; the reason says so."""
    (evidence,) = read(text).evidence
    assert evidence.children == "unknown"
    assert "the program's own" in evidence.why


@pytest.mark.parametrize(
    "text",
    [
        "import subprocess\nwith subprocess.Popen(['worker']) as p:\n    pass",
        "import subprocess\nclass A:\n    def go(self):\n        self.p = subprocess.Popen(['worker'])\n    def end(self):\n        self.p.wait()",
        "import subprocess\np = subprocess.Popen(['worker'])\np.communicate()",
        "import asyncio\nasyncio.create_subprocess_exec('worker')",
    ],
)
def test_a_child_that_is_waited_for_is_told_apart(text: str) -> None:
    """`with`, another method and an event loop wait as well."""
    assert "wait" not in read(text).evidence[0].why


REAPS = {
    "SIGCHLD ignored": "import signal\nsignal.signal(signal.SIGCHLD, signal.SIG_IGN)",
    "a loop": "import os\nwhile True:\n    os.waitpid(-1, 0)",
    "a handler with a loop": "import os, signal\ndef reap(s, f):\n    while True:\n        if os.waitpid(-1, os.WNOHANG)[0] == 0:\n            break\nsignal.signal(signal.SIGCHLD, reap)",
}


@pytest.mark.parametrize("text", REAPS.values(), ids=REAPS)
def test_sees_a_program_that_reaps(text: str) -> None:
    """It waits for any child again and again, or has the kernel do it."""
    facts = read(text)
    assert facts.reaps == "yes"
    assert facts.reaps_why.startswith("main.py:")


@pytest.mark.parametrize(
    "text", ["import os\nos.waitpid(pid, 0)", "import os\nos.wait()", "import os\nos.waitpid(-1, 0)"]
)
def test_one_wait_is_no_reaper(text: str) -> None:
    """A wait for one child, or one wait for any, leaves the next orphan a zombie."""
    assert read(text).reaps == "no"


def test_follows_imports() -> None:
    """Packages, their __init__, relative imports, namespace packages and names of modules in strings are read."""
    handler = "import signal\nsignal.signal(signal.SIGTERM, stop)"
    assert "SIGTERM" in read("import pkg.mod", pkg__INIT="", pkg__mod=handler).handled
    assert "SIGTERM" in read("import pkg.mod", pkg__INIT=handler, pkg__mod="").handled
    assert "SIGTERM" in read("from pkg import mod", pkg__mod=handler).handled
    assert "SIGTERM" in read("from pkg import a", pkg__INIT="from . import b", pkg__a="", pkg__b=handler).handled
    assert "SIGTERM" in read("from pkg.a import x", pkg__a="from .b import y", pkg__b=handler).handled
    assert "SIGTERM" in read("import importlib\nimportlib.import_module('other')", other=handler).handled
    assert "SIGTERM" in read("import uvicorn\nuvicorn.Config('other:app')", other=handler).handled
    assert "SIGTERM" in read("import sys\nsys.path.append('lib')\nimport other", lib__other=handler).handled


def test_names_of_a_local_package_are_no_libraries() -> None:
    """`from app.models import User` says nothing of a library called app."""
    facts = read(
        "from models import User\nfrom pkg.sub import Thing", models="class User: ...", pkg__INIT="", pkg__sub=""
    )
    assert facts.handlers_known


def test_the_main_block_runs_in_the_main_module_alone() -> None:
    """A server that another module would start when run by itself isn't started by an import."""
    block = "import signal\nif __name__ == '__main__':\n    signal.signal(signal.SIGTERM, stop)"
    assert "SIGTERM" in read(block).handled
    assert "SIGTERM" not in read("import other", other=block).handled
    assert "SIGTERM" not in read(block, imported=True).handled


def test_a_missing_module_leaves_everything_open() -> None:
    """What a module that isn't there holds can't be excluded."""
    facts = read("from .gone import x")
    assert not facts.whole and facts.children == "unknown"


@pytest.mark.parametrize("text", ["print 'hello'", "exec 'x' in y", "def (", "\0"])
def test_what_cannot_be_parsed_is_not_read(text: str) -> None:
    """Python 2 and broken files give no facts at all."""
    source = Source("main.py", text.encode())
    assert read_program(source, "/app/main.py", FakeRoot({}), cwd="/app") is None


def test_a_module_that_cannot_be_parsed_leaves_everything_open() -> None:
    """One file in Python 2 that may start processes is enough."""
    assert not read("import old", old="import subprocess\nprint 'x'").whole


def test_a_huge_file_is_not_parsed() -> None:
    """Size and depth have limits; beyond them nothing is claimed."""
    facts = read_program(Source("main.py", b"#" * (MAX_BYTES + 1)), "/app/main.py", FakeRoot({}), cwd="/app")
    assert facts is not None and facts.children == "unknown" and not facts.handlers_known
    deep = read("x = a" + ".b()" * 200)
    assert deep.children == "no"


def test_a_module_cycle_ends() -> None:
    """Modules that import each other are read once."""
    assert read("import a", a="import b", b="import a").children == "no"


EXECS = {
    "os.execvp": ("import os\nos.execvp('gunicorn', ['gunicorn', 'app'])", ("gunicorn", "app")),
    "os.execlp": ("import os\nos.execlp('nginx', 'nginx', '-g', 'daemon off;')", ("nginx", "-g", "daemon off;")),
    "a main function": (
        "import os\ndef main():\n    os.execvp('a', ['a'])\nif __name__ == '__main__':\n    main()",
        ("a",),
    ),
    "behind a check": (
        "import os, sys\nif not sys.argv:\n    sys.exit(1)\nos.execv('/bin/a', ['a', 'b'])",
        ("/bin/a", "b"),
    ),
    "a list in a variable": ("import os\nCMD = ['a', 'b']\nos.execvp(CMD[0], CMD)", ("a", "b")),
}


@pytest.mark.parametrize(("text", "argv"), EXECS.values(), ids=EXECS)
def test_sees_what_a_program_becomes(text: str, argv: tuple[str, ...]) -> None:
    """An exec that is always reached names the next program."""
    assert read(text).execs == argv


def test_arguments_stay_open_in_what_a_program_becomes() -> None:
    """`os.execvp(sys.argv[1], sys.argv[1:])`: the caller puts the arguments in."""
    from initlint.boot.python_exec import put_arguments

    execs = read("import os, sys\nos.execvp(sys.argv[1], sys.argv[1:])").execs
    assert execs is not None and all(isinstance(word, Opaque) for word in execs)
    assert put_arguments(execs, ("app", "--x")) == ("app", "--x")


@pytest.mark.parametrize(
    "text",
    [
        "import os\nif debug:\n    os.execvp('a', ['a'])\nserve()",
        "import os\nif debug:\n    serve()\nelse:\n    os.execvp('a', ['a'])",
    ],
)
def test_an_exec_in_a_branch_is_left_open(text: str) -> None:
    """Which way is taken isn't known, nor what the other one handles."""
    facts = read(text)
    assert facts.execs is None and not facts.handlers_known


@pytest.mark.parametrize(
    "text",
    [
        "import os, sys\ndef restart():\n    os.execv(sys.executable, [sys.executable] + sys.argv)\nrestart()",
        "import os\npid = os.fork()\nif pid == 0:\n    os.execvp('a', ['a'])\nos.waitpid(pid, 0)",
    ],
)
def test_a_restart_and_a_childs_exec_change_nothing(text: str) -> None:
    """The program stays what it is."""
    facts = read(text)
    assert facts.execs is None and facts.handlers_known


def test_evidence_points_at_the_call() -> None:
    """Its span holds the call's own bytes, behind a byte order mark and other scripts too."""
    text = "import os\nname = 'é'; os.system('worker &')\n"
    (evidence,) = read(text).evidence
    assert evidence.span is not None and evidence.span.text == "os.system('worker &')"
    assert evidence.why.startswith("main.py:2 ")


def test_the_tables_do_not_contradict_each_other() -> None:
    """A library that starts programs isn't harmless; every row says where it was read."""
    tables = python_libraries
    assert not set(tables.HARMLESS) & (
        set(tables.CHILD_MAKERS) | set(tables.ORPHAN_MAKERS) | set(tables.UNSURE_HANDLERS)
    )
    assert all(name == name.lower() for name in tables.HARMLESS)
    assert all(version[-1].isdigit() or version[-2].isdigit() for version in tables.HARMLESS.values())
    assert all(":" in fact.source for facts in tables.SIGNAL_HANDLERS.values() for fact in facts)


TASK_MODULES = {
    "include": "from celery import Celery\napp = Celery('app', include=['jobs.tasks'])",
    "a tuple": "import celery\napp = celery.Celery('app', include=('jobs.tasks',))",
    "one name": "from celery import Celery\napp = Celery('app', include='jobs.tasks')",
    "the configuration": "from celery import Celery\napp = Celery('app')\napp.conf.update(imports=['jobs.tasks'])",
}


@pytest.mark.parametrize("text", TASK_MODULES.values(), ids=TASK_MODULES.keys())
def test_follows_the_task_modules_of_celery(text: str) -> None:
    """A worker imports the modules that its application names, and so what they start counts."""
    task = "from playwright.sync_api import sync_playwright\nwith sync_playwright() as p:\n    p.chromium.launch()\n"
    facts = read(text, imported=True, jobs__INIT="", jobs__tasks=task)
    assert facts.children == "yes"


def test_task_modules_that_are_not_written_out_leave_it_open() -> None:
    """Where the names come from elsewhere, there may be more code."""
    facts = read("from celery import Celery\nfrom os import environ\napp = Celery('app', include=[environ['TASKS']])")
    assert facts.children == "unknown"
    assert not facts.whole


GUARDED = """
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        sync_playwright = None
    def shot():
        with sync_playwright() as p:
            p.chromium.launch()
    shot()
"""


@pytest.mark.parametrize(
    ("text", "installed", "children"),
    [
        (GUARDED, True, "yes"),
        (GUARDED, None, "unknown"),
        (GUARDED, False, "unlikely"),
        (GUARDED.replace("ImportError", "(ModuleNotFoundError, OSError)"), False, "unlikely"),
        (GUARDED.replace(" ImportError", ""), False, "unlikely"),
        (GUARDED.replace("ImportError", "KeyError"), False, "yes"),
        (GUARDED.replace("sync_playwright = None", "raise SystemExit('needs a browser')"), False, "yes"),
        (GUARDED.replace("sync_playwright = None", "sys.exit(1)"), False, "yes"),
        (GUARDED + "    import playwright\n", False, "yes"),
        ("from playwright.sync_api import sync_playwright\nsync_playwright().chromium.launch()\n", False, "yes"),
    ],
)
def test_a_library_that_the_program_does_without(text: str, installed: bool | None, children: str) -> None:
    """A guarded import is no sign of the library: what the image installs decides, where that is told."""
    source = Source("main.py", textwrap.dedent(text).encode())
    asked: list[str] = []

    def asks_for(package: str) -> bool | None:
        asked.append(package)
        return installed

    root = FakeRoot({"/app/main.py": source.data})
    facts = read_program(source, "/app/main.py", root, cwd="/app", asks_for=asks_for)
    assert facts is not None
    assert facts.children == children, facts.why
    assert set(asked) <= {"playwright"}
