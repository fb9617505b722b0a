"""Programs in front of other commands: their source tells whether the shell ever gets past them."""

from __future__ import annotations

from pathlib import Path

import pytest

from initlint.boot import python_lasts, script_lasts

from .test_launchers import Case, settle

PYTHON = "FROM python:3.12\nRUN apt-get update && apt-get install -y redis-server\nCOPY . /\n"
NODE = "FROM node:22\nCOPY . /\n"
LOOP = "import time\nwhile True:\n    time.sleep(1)\n"
UNTIL = "#!/usr/bin/env python3\nimport time\nwhile time.time() < 9:\n    time.sleep(1)\n"
SERVER = "require('http').createServer().listen(80)\n"
BINARY = "whether `./server` ends by itself isn't known"

CASES = [
    Case("an endless loop", PYTHON + "CMD python3 /l.py; sleep infinity\n", {"l.py": LOOP},
         "sh python3", "sh", "while-waiting", "no", sure=True),
    Case("the first of two", PYTHON + 'CMD ["bash", "-c", "python3 /l.py; python3 /l.py 2"]\n', {"l.py": LOOP},
         "bash python3", "bash", "while-waiting", "no", sure=True),
    Case("a server in Node", NODE + "CMD node /s.js; sleep infinity\n", {"s.js": SERVER},
         "docker-entrypoint.sh sh node", "sh", "while-waiting", "no", sure=True),
    Case("a script that goes on behind a server", PYTHON + 'CMD ["sh", "/s.sh"]\n',
         {"l.py": LOOP, "s.sh": "python3 /l.py\ntail -f /dev/null\n"},
         "s.sh python3", "sh", "while-waiting", "no", sure=True),
    Case("a program that ends", PYTHON + "CMD python3 /l.py; sleep infinity\n", {"l.py": "print(1)\n"},
         "sh sleep", "sh", "while-waiting", "no", sure=True),
    Case("a program of unknown duration", PYTHON + "CMD ./server && tail -f /dev/null\n", {},
         "sh tail", "sh", "while-waiting", "no", BINARY, sure=False),
    Case("and bash", PYTHON + 'CMD ["bash", "-c", "./server; exec tail -f /dev/null"]\n', {},
         "bash tail", "tail", "no", "no", BINARY, sure=False),
    Case("in front of a loop", PYTHON + "CMD ./server; while true; do sleep 1; done\n", {},
         "sh", "sh", "while-waiting", "no", BINARY, sure=False),
    Case("its exit handed on", PYTHON + "CMD ./server; exit $?\n", {"server*": UNTIL},
         "sh server", "sh", "while-waiting", "no", sure=True),
    Case("its exit in a variable", PYTHON + "CMD ./server || rc=$?; exit $rc\n", {"server*": UNTIL},
         "sh server", "sh", "while-waiting", "no", sure=True),
    Case("cleaned up behind", PYTHON + "CMD ./server; rm -f /pid; echo bye\n", {"server*": UNTIL},
         "sh server", "sh", "while-waiting", "no", sure=True),
    Case("arguments that aren't given", PYTHON + 'CMD ["sh", "/s.sh"]\n', {"s.sh": './server\nexec "$@"\n', "server*": UNTIL},
         "s.sh server", "sh", "while-waiting", "no", sure=False),
    Case("what a substitution waits for", PYTHON + "CMD x=$(python3 /l.py); echo $x\n", {"l.py": LOOP},
         "sh python3", "sh", "no", "no", sure=True),
    Case("a script that lasts", PYTHON + "CMD sh /run.sh; tail -f /dev/null\n",
         {"l.py": LOOP, "run.sh": "cd /\nexec python3 /l.py\n"},
         "sh run.sh python3", "sh", "while-waiting", "no", sure=True),
    Case("a script that lasts, by its first line", PYTHON + "CMD /run.sh; tail -f /dev/null\n",
         {"run.sh*": "#!/bin/bash\nredis-server\n"}, "sh run.sh redis-server", "sh", "while-waiting", "no", sure=True),
    Case("a program that lasts, found on PATH", PYTHON + "COPY server /usr/bin/\nCMD server; exec redis-server\n",
         {"server*": UNTIL.replace("time.time() < 9", "True")}, "sh server", "sh", "while-waiting", "no", sure=True),
    Case("a script that ends", PYTHON + "CMD /run.sh; tail -f /dev/null\n",
         {"run.sh*": "#!/bin/bash\nmkdir -p /x\necho done\n"}, "sh tail", "sh", "while-waiting", "no", sure=True),
    Case("a script that runs what nobody knows", PYTHON + "CMD /run.sh; tail -f /dev/null\n",
         {"run.sh*": "#!/bin/bash\nmkdir -p /x\nthing\n"}, "sh tail", "sh", "while-waiting", "no",
         "whether `/run.sh` ends", sure=False),
    Case("a script that waits for something", PYTHON + "CMD /run.sh; exec redis-server\n",
         {"run.sh*": "#!/bin/bash\nwhile true; do\n  curl x && break\n  sleep 1\ndone\n"},
         "sh redis-server", "redis-server", "no", "yes", sure=True),
    Case("a script that starts itself", PYTHON + "CMD /run.sh; tail -f /dev/null\n",
         {"run.sh*": "#!/bin/bash\n/run.sh\n"}, "sh tail", "sh", "while-waiting", "no", sure=False),
    Case("in front of a loop of long waits", PYTHON + "CMD server-x; while true; do sleep 1000; done\n", {},
         "sh sleep", "sh", "while-waiting", "no", "whether `server-x` ends by itself", sure=False),
    Case("in front of a server", PYTHON + "CMD ./server; exec redis-server\n", {},
         "sh redis-server", "redis-server", "no", "yes", sure=True),
    Case("in front of the arguments", PYTHON + 'ENTRYPOINT ["sh", "/s.sh"]\nCMD ["sleep", "infinity"]\n',
         {"s.sh": './server\nexec "$@"\n'}, "s.sh sleep", "sleep", "no", "no", sure=True),
    Case("in front of a daemon", PYTHON + "CMD ./server; service nginx start; tail -f /dev/null\n", {},
         "sh tail", "sh", "while-waiting", "no", sure=True),
    Case("in front of a job", PYTHON + "CMD ./server; redis-server & tail -f /dev/null\n", {},
         "sh tail", "sh", "while-waiting", "no", sure=True),
    Case("told to start", PYTHON + "CMD ./server start; tail -f /dev/null\n", {},
         "sh tail", "sh", "while-waiting", "no", sure=True),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_what_the_shell_gets_to(case: Case, tmp_path: Path) -> None:
    outcome = settle(tmp_path, case)
    assert " ".join(link.program for link in outcome.chain) == case.chain
    assert (outcome.pid1, outcome.reaps, outcome.stops) == (case.pid1, case.reaps, case.stops), outcome.why
    assert outcome.sure is case.sure, outcome.why
    assert case.why in " ".join(outcome.why)


@pytest.mark.parametrize(
    "text",
    [
        LOOP,
        "import time\nwhile 1:\n    try:\n        time.sleep(1)\n    except KeyboardInterrupt:\n        break\n",
        "import time, sys\ndef stop(*_):\n    sys.exit(0)\n\ndef main():\n    while True:\n        time.sleep(1)\nif __name__ == '__main__':\n    main()\n",
        "import sys, http.server\ndef main():\n    http.server.test()\nsys.exit(main())\n",
        "from http.server import HTTPServer\nwith HTTPServer(('', 80)) as server:\n    server.serve_forever()\n",
        "from flask import Flask\napp = Flask(__name__)\nif __name__ == '__main__':\n    app.run()\n",
        "import asyncio\nasync def main():\n    while True:\n        await asyncio.sleep(1)\nasyncio.run(main())\n",
        "import time\nfor each in range(3):\n    print(each)\ntime.sleep(100000)\n",
        "import time\nwhile True:\n    for x in (1, 2):\n        break\n    time.sleep(1)\n",
    ],
)
def test_python_that_lasts(text: str) -> None:
    assert python_lasts.lasts(text.encode())


@pytest.mark.parametrize(
    "text",
    [
        "print(1)\n",
        "while True:\n    print(1)\n",
        "import time\nn = 0\nwhile n < 3:\n    time.sleep(1)\n    n += 1\n",
        "import time\nwhile True:\n    try:\n        connect()\n        break\n    except OSError:\n        time.sleep(1)\n",
        "import time, sys\ndef done():\n    sys.exit(0)\nwhile True:\n    time.sleep(1)\n    done()\n",
        "import time\ndef wait():\n    while True:\n        time.sleep(1)\n        if ready():\n            return\nwait()\n",
        "import sys, time\nif len(sys.argv) < 2:\n    sys.exit(1)\nwhile True:\n    time.sleep(1)\n",
        "import time\ndef main():\n    while True:\n        time.sleep(1)\n",
        "import time\nif 'x' in y:\n    while True:\n        time.sleep(1)\n",
        "import time\nwhile True:\n    time.sleep(1)\n    input()\n",
        "import daemon, time\nwith daemon.DaemonContext():\n    while True:\n        time.sleep(1)\n",
        "import time\nwhile True:\n    time.sleep(1)\n    raise ValueError\n",
        "import http.server, threading\nt = threading.Thread(target=http.server.test, daemon=True)\nt.start()\n",
        "while True: print 1\n",
    ],
)
def test_python_that_may_end(text: str) -> None:
    assert not python_lasts.lasts(text.encode())


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("node", SERVER, True),
        ("node", "const app = require('express')()\napp.listen(80, () => { console.log('up') })\n", True),
        ("node", "setInterval(() => {}, 1000)\n", True),
        ("node", "const t = setInterval(() => { clearInterval(t) }, 1000)\n", False),
        ("node", "function run() {\n  require('http').createServer().listen(80)\n}\n", False),
        ("node", "const f = () => { require('http').createServer().listen(80) }\n", False),
        ("node", "const s = require('http').createServer().listen(80)\nsetTimeout(() => s.close(), 9)\n", False),
        ("node", "// require('http').createServer().listen(80)\n", False),
        ("node", "console.log('x.listen(80) http')\n", False),
        ("ruby", "loop{sleep 1}\n", True),
        ("ruby", "loop do\n  sleep 1\nend\n", True),
        ("ruby", "def go\n  loop do\n    sleep 1\n  end\nend\n", False),
        ("ruby", "loop do\n  sleep 1\n  break if done?\nend\n", False),
        ("php", "<?php\nwhile (true) {\n  sleep(1);\n}\n", True),
        ("php", "<?php\nfunction f() {\nwhile (true) { sleep(1); }\n}\n", False),
        ("php", "<?php\nwhile (true) { sleep(1); if (ready()) break; }\n", False),
        ("perl", "while (1) { sleep 1 }\n", True),
        ("perl", "while (1) { sleep 1; last if $done }\n", False),
        ("perl", "sleep;\n", True),
    ],
)
def test_other_languages(language: str, text: str, expected: bool) -> None:
    assert script_lasts.lasts(text.encode(), language) is expected


@pytest.mark.parametrize("command", ["./sync", "/sync-x\n  rm -f /x"])
def test_what_a_loop_runs_isnt_in_front_of_it(command: str, tmp_path: Path) -> None:
    files = {"s.sh": f'#!/bin/bash\nwhile :; do\n  {command}\n  [ -n "$X" ] && ./other\n  sleep 30m\ndone\n'}
    outcome = settle(tmp_path, Case("", PYTHON + 'CMD ["bash", "/s.sh"]\n', files, "", "bash", "", ""))
    assert "only keeps it all up" not in " ".join(outcome.why)


def test_a_loop_in_a_line_is_there_for_its_program(tmp_path: Path) -> None:
    """A line's places lie elsewhere than in the Dockerfile that holds it."""
    dockerfile = PYTHON + "RUN true\nCMD true; while true; do server-x; sleep 1; done\n"
    outcome = settle(tmp_path, Case("", dockerfile, {}, "", "sh", "", ""))
    assert [link.program for link in outcome.chain] == ["sh", "server-x"]


def test_exec_isnt_written_in_front_of_what_only_keeps_up(tmp_path: Path) -> None:
    """It would end the program before it, if that is the one that lasts."""
    from initlint.cure.model import CureOptions, NoCure
    from initlint.cure.plan import plan
    from initlint.rootfs.files import HostFiles
    from initlint.subject import examine

    (tmp_path / "Dockerfile").write_text(PYTHON + "CMD ./server; sleep infinity\n")
    files = HostFiles()
    (subject,) = examine(files.source(str(tmp_path / "Dockerfile")), files).subjects
    found = plan(subject, CureOptions(), frozenset({"exec", "init"}))
    assert isinstance(found, NoCure)
    assert "`./server` ends by itself isn't known" in found.why
    stays = subject.likely.chain[0].shell_end
    assert stays is not None
    assert stays.stays is not None
    assert (stays.stays.exec_at, stays.stays.obstacle) == (None, "unended")
