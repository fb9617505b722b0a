"""Programs that start other programs: whole small projects, followed to the program that counts.

What the launchers do was measured in PID namespaces (`initlint.facts.wrappers`, `…programs.supervisors`);
a program that traps SIGTERM and needs a second for its cleanup told whether it got the signal.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest

from initlint.boot.model import Outcome
from initlint.rootfs.files import HostFiles
from initlint.subject import examine

DEBIAN = "FROM debian:bookworm-slim\n"
SUPERVISED = DEBIAN + 'COPY . /etc/\nCMD ["supervisord", "-c", "/etc/s.conf"]\n'
FRONT = "[supervisord]\nnodaemon=true\n"
S6 = (
    DEBIAN
    + 'ADD https://example.org/s6-overlay.tar.xz /tmp\nRUN tar -C / -Jxpf /tmp/s6-overlay.tar.xz\nENTRYPOINT ["/init"]\n'
)
NODE = "FROM node:22\nWORKDIR /app\nCOPY . .\n"
MAKE = DEBIAN + "WORKDIR /app\nCOPY . .\n"
PROCFILE = "FROM python:3.12\nRUN pip install gunicorn\nWORKDIR /app\nCOPY . .\n"
SERVER = "require('http').createServer().listen(1)\n"


class Case(NamedTuple):
    """`chain`: the programs, joined; `why`: a piece of one of the reasons."""

    title: str
    dockerfile: str
    files: dict[str, str]
    chain: str
    pid1: str
    reaps: str
    stops: str
    why: str = ""
    sure: bool | None = None


RUBY = "FROM ruby:3.3\nRUN apt-get update && apt-get install -y redis-server\nWORKDIR /app\nCOPY . .\n"
STUB = '#!/usr/bin/env ruby\nrequire "rubygems"\nrequire "bundler/setup"\nload Gem.bin_path("{}", "{}")\n'

CASES = [
    # Ruby's binstubs, and Ruby programs that become another one.
    Case("a gem's wrapper", RUBY + 'CMD ["./thrust", "redis-server"]\n', {"thrust*": STUB.format("thruster", "thrust")},
         "thrust thrust redis-server", "thrust", "no", "yes", "redis-server ends on SIGTERM", sure=True),
    Case("a gem's wrapper by its own name", RUBY + 'CMD ["bundle", "exec", "thrust", "sh", "-c", "redis-server; true"]\n', {},
         "bundle thrust sh redis-server", "thrust", "no", "no", "sh ends on SIGTERM without passing it on", sure=True),
    Case("a gem's program under another name", RUBY + 'CMD ["./web", "-C", "p.rb"]\n', {"web*": STUB.format("puma", "puma")},
         "web puma", "puma", "no", "yes", "puma ends on SIGTERM", sure=True),
    Case("an unknown gem's program", RUBY + 'CMD ["./tool"]\n', {"tool*": STUB.format("tool", "tool")},
         "tool", "ruby", "no", "yes", "it loads tool of a gem, which wasn't read and may give its place", sure=False),
    Case("Ruby that becomes its arguments", RUBY + 'ENTRYPOINT ["./e"]\nCMD ["redis-server"]\n',
         {"e*": "#!/usr/bin/env ruby\nsystem('true')\nexec(*ARGV)\n"}, "e redis-server", "redis-server", "no", "yes", sure=True),
    Case("Ruby that becomes a plain line", RUBY + 'CMD ["./e"]\n', {"e*": "#!/usr/bin/env ruby\nexec 'redis-server --port 1'\n"},
         "e redis-server", "redis-server", "no", "yes", sure=True),
    Case("Ruby that may become something else", RUBY + 'CMD ["./e"]\n',
         {"e*": "#!/usr/bin/env ruby\nexec(*ARGV) if ARGV.any?\nloop { sleep 1 }\n"},
         "e", "ruby", "no", "yes", "e:2 may put another program in its place", sure=False),
    Case("a child of Ruby's that becomes something else", RUBY + 'CMD ["./e"]\n',
         {"e*": "#!/usr/bin/env ruby\nfork { exec 'redis-server' }\ntrap('TERM') { exit }\nsleep\n"},
         "e", "ruby", "no", "yes", sure=True),
    Case("Perl that becomes another program", DEBIAN + 'WORKDIR /app\nCOPY . .\nCMD ["perl", "e.pl"]\n',
         {"e.pl": "use strict;\nexec('redis-server', '--port', '1');\n"}, "perl redis-server", "redis-server", "no", "yes", sure=True),
    Case("Perl that becomes a plain line", DEBIAN + 'WORKDIR /app\nCOPY . .\nCMD ["perl", "e.pl"]\n',
         {"e.pl": "exec 'redis-server --port 1';\n"}, "perl redis-server", "redis-server", "no", "yes", sure=True),
    Case("Perl that becomes its arguments", DEBIAN + 'WORKDIR /app\nCOPY . .\nCMD ["perl", "e.pl", "redis-server"]\n',
         {"e.pl": "exec { $ARGV[0] } @ARGV;\n"}, "perl redis-server", "redis-server", "no", "yes", sure=True),
    Case("PHP that becomes another program", DEBIAN + 'WORKDIR /app\nCOPY . .\nCMD ["php", "e.php"]\n',
         {"e.php": "<?php\npcntl_exec('/usr/bin/redis-server', ['--port', '1']);\n"}, "php redis-server", "redis-server", "no", "yes", sure=True),
    Case("PHP that becomes what isn't written out", DEBIAN + 'WORKDIR /app\nCOPY . .\nCMD ["php", "e.php"]\n',
         {"e.php": "<?php\npcntl_exec($x);\n"}, "php", "php", "no", "unknown", sure=False),
    Case("Perl that may become another program", DEBIAN + 'WORKDIR /app\nCOPY . .\nCMD ["perl", "e.pl"]\n',
         {"e.pl": "if ($x) { exec('redis-server') }\nsleep 1 while 1;\n"}, "perl", "perl", "no", "unknown", sure=False),
    # postfix start-fg looks for itself: as PID 1 its script becomes master, elsewhere it keeps it in a child.
    Case("postfix as PID 1", DEBIAN + 'CMD ["postfix", "start-fg"]\n', {}, "postfix master", "master", "yes", "yes",
         "master ends on SIGTERM", sure=True),
    Case("postfix below an init", DEBIAN + 'RUN apt-get install -y tini\nENTRYPOINT ["tini", "--"]\nCMD ["postfix", "start-fg"]\n',
         {}, "tini postfix master", "tini", "yes", "no", "postfix: it isn't PID 1, and its script keeps master in a child"),
    Case("postfix below supervisord, its group signalled", SUPERVISED,
         {"s.conf": FRONT + "[program:a]\ncommand=postfix start-fg\nstopasgroup=true\n"},
         "supervisord postfix master", "supervisord", "yes", "no", "keeps master in a child"),
    # supervisord.
    Case("supervisord's only program", SUPERVISED, {"s.conf": FRONT + "[program:a]\ncommand=redis-server\n"},
         "supervisord redis-server", "supervisord", "yes", "yes", "ends on SIGTERM", sure=True),
    Case("bash -c without exec loses the signal", SUPERVISED,
         {"s.conf": FRONT + "[program:a]\ncommand=bash -c 'redis-server; true'\n"},
         "supervisord bash redis-server", "supervisord", "yes", "no", "bash ends on SIGTERM without passing it on", sure=True),
    Case("stopasgroup reaches behind the shell", SUPERVISED,
         {"s.conf": FRONT + "[program:a]\ncommand=bash -c 'redis-server; true'\nstopasgroup=true\n"},
         "supervisord bash redis-server", "supervisord", "yes", "yes", "supervisord signals the whole group"),
    Case("bash -c with one command execs it", SUPERVISED,
         {"s.conf": FRONT + "[program:a]\ncommand=bash -c 'redis-server --port 1'\n"},
         "supervisord bash redis-server", "supervisord", "yes", "yes"),
    Case("Debian's sh -c doesn't", SUPERVISED,
         {"s.conf": FRONT + "[program:a]\ncommand=/bin/sh -c 'redis-server --port 1'\n"},
         "supervisord sh redis-server", "supervisord", "yes", "no", "sh ends on SIGTERM"),
    Case("a script without exec", SUPERVISED,
         {"s.conf": FRONT + "[program:a]\ncommand=/etc/a.sh\n", "a.sh*": "#!/bin/sh\nmkdir -p /x\nredis-server\n"},
         "supervisord a.sh redis-server", "supervisord", "yes", "no"),
    Case("a script with exec", SUPERVISED,
         {"s.conf": FRONT + "[program:a]\ncommand=/etc/a.sh\n", "a.sh*": "#!/bin/sh\nexec redis-server\n"},
         "supervisord a.sh redis-server", "supervisord", "yes", "yes", sure=True),
    Case("several programs that all end", SUPERVISED,
         {"s.conf": FRONT + "[program:a]\ncommand=redis-server\n[program:web]\ncommand=nginx -g 'daemon off;' ; in front\n"},
         "supervisord", "supervisord", "yes", "yes", "s.conf:6 web: nginx gets the stop signal", sure=True),
    Case("the one of several that loses the signal", SUPERVISED,
         {"s.conf": FRONT + "[program:a]\ncommand=redis-server\n[program:b]\ncommand=sh -c 'memcached -m 64'\n"},
         "supervisord sh memcached", "supervisord", "yes", "no", "s.conf:6 b: memcached behind sh never gets the stop signal"),
    Case("a job that ends doesn't count", SUPERVISED,
         {"s.conf": FRONT + "[program:a]\ncommand=redis-server\n[program:b]\ncommand=/bin/sh -c 'mkdir -p /x'\n"},
         "supervisord", "supervisord", "yes", "yes", "s.conf:6 b: ", sure=True),
    Case("a program behind a shell that nobody knows", SUPERVISED,
         {"s.conf": FRONT + "[program:a]\ncommand=redis-server\n[program:b]\ncommand=sh -c '/opt/thing'\n"},
         "supervisord", "supervisord", "yes", "unknown", "what thing is isn't known", sure=False),
    Case("a program of which it isn't sure what it does", SUPERVISED,
         {"s.conf": FRONT + "[program:a]\ncommand=redis-server\n[program:b]\ncommand=uwsgi /etc/x.ini\n"},
         "supervisord", "supervisord", "yes", "yes", "uwsgi gets the stop signal (not sure)", sure=False),
    Case("autostart=false isn't started, an event listener isn't a program", SUPERVISED,
         {"s.conf": FRONT + "[program:a]\ncommand=redis-server\n[program:b]\ncommand=sh -c 'memcached -m 64'\n"
                    "autostart=false\n[eventlistener:c]\ncommand=sh -c 'memcached -m 64'\n"},
         "supervisord", "supervisord", "yes", "yes", "may be started later", sure=False),
    Case("included files", DEBIAN + 'COPY s.conf /etc/\nCOPY b.ini /etc/more/\nCMD ["supervisord", "-c", "/etc/s.conf"]\n',
         {"s.conf": FRONT + "[include]\nfiles = more/b.ini\n", "b.ini": "[program:b]\ncommand=sh -c 'memcached -m 64'\n"},
         "supervisord sh memcached", "supervisord", "yes", "no", "sh ends on SIGTERM"),
    Case("files that can't be listed", SUPERVISED,
         {"s.conf": FRONT + "[program:a]\ncommand=redis-server\n[include]\nfiles = /opt/*/x.ini\n"},
         "supervisord", "supervisord", "yes", "yes", "which files /opt/*/x.ini includes isn't known", sure=False),
    Case("its variables", SUPERVISED,
         {"s.conf": FRONT + "[program:a]\ncommand=%(here)s/a.sh %(ENV_NOBODY)s\ndirectory=/srv\n",
          "a.sh*": "#!/bin/sh\nexec redis-server\n"},
         "supervisord a.sh redis-server", "supervisord", "yes", "yes"),
    Case("python -m supervisor.supervisord", "FROM python:3.12\nCOPY s.conf /etc/\n"
         'CMD ["python", "-m", "supervisor.supervisord", "-c", "/etc/s.conf"]\n',
         {"s.conf": FRONT + "[program:a]\ncommand=sh -c 'gunicorn a:a'\n"},
         "python sh gunicorn", "python", "yes", "no"),
    Case("supervisord behind tini", DEBIAN + 'RUN apt-get update && apt-get install -y tini\nCOPY s.conf /etc/\n'
         'ENTRYPOINT ["tini", "--", "supervisord", "-nc", "/etc/s.conf"]\n',
         {"s.conf": "[program:a]\ncommand=bash -c 'redis-server; true'\n"},
         "tini supervisord bash redis-server", "tini", "yes", "no"),
    Case("a stop signal that supervisord doesn't handle", DEBIAN + 'STOPSIGNAL SIGWINCH\nCOPY s.conf /etc/\n'
         'CMD ["supervisord", "-nc", "/etc/s.conf"]\n', {"s.conf": "[program:a]\ncommand=apache2ctl -DFOREGROUND\n"},
         "supervisord apache2ctl", "supervisord", "yes", "no", "SIGWINCH ends nothing"),
    # Launchers of Node.
    Case("nodemon passes the signal on to what it forks", NODE + 'CMD ["nodemon", "-w", "src", "a.js"]\n', {"a.js": SERVER},
         "docker-entrypoint.sh nodemon node", "nodemon", "no", "yes", "ends on SIGINT"),
    Case("nodemon's SIGINT cuts short what only SIGTERM's handler does", NODE + 'CMD ["nodemon", "a.js"]\n',
         {"a.js": SERVER + "process.on('SIGTERM', () => setTimeout(() => process.exit(0), 700))\n"},
         "docker-entrypoint.sh nodemon node", "nodemon", "no", "no", "has a handler for SIGTERM alone"),
    Case("nodemon --exec", NODE + 'CMD ["nodemon", "--exec", "node --inspect a.js"]\n', {"a.js": SERVER},
         "docker-entrypoint.sh nodemon sh node", "nodemon", "no", "no"),
    Case("nodemon --exec and a sh that execs", NODE.replace("node:22", "node:22-alpine")
         + 'CMD ["nodemon", "--exec", "node --inspect a.js"]\n', {"a.js": SERVER},
         "docker-entrypoint.sh nodemon sh node", "nodemon", "no", "yes"),
    Case("nodemon with an option for node doesn't fork", NODE + 'CMD ["nodemon", "--inspect", "a.js"]\n', {"a.js": SERVER},
         "docker-entrypoint.sh nodemon sh node", "nodemon", "no", "no"),
    Case("nodemon and the package's main file", NODE + 'CMD ["nodemon"]\n',
         {"package.json": '{"main": "a.js"}', "a.js": SERVER},
         "docker-entrypoint.sh nodemon node", "nodemon", "no", "yes"),
    Case("nodemon.json may name another", NODE + 'CMD ["nodemon"]\n', {"nodemon.json": "{}"},
         "docker-entrypoint.sh nodemon", "nodemon", "no", "yes", sure=False),
    Case("concurrently ends whole trees", NODE + 'CMD ["concurrently", "-n", "a,b", "node a.js", "npm:b"]\n',
         {"a.js": SERVER, "package.json": '{"scripts": {"b": "node a.js"}}'},
         "docker-entrypoint.sh concurrently", "concurrently", "no", "yes", "node behind sh gets the stop signal"),
    Case("pm2-runtime sends SIGINT to the whole tree", NODE + 'CMD ["pm2-runtime", "start", "a.js", "-i", "2"]\n',
         {"a.js": "process.on('SIGINT', () => process.exit(0));\n" + SERVER},
         "docker-entrypoint.sh pm2-runtime node", "pm2-runtime", "no", "yes"),
    Case("pm2-runtime and its ecosystem file", NODE + 'CMD ["pm2-runtime", "ecosystem.config.js"]\n', {"a.js": SERVER},
         "docker-entrypoint.sh pm2-runtime", "pm2-runtime", "no", "yes"),
    Case("concurrently that starts itself again and again", NODE + 'CMD ["npm", "run", "a"]\n',
         {"package.json": '{"scripts": {"a": "exec concurrently npm:a npm:a npm:a npm:a npm:a npm:a npm:a npm:a"}}'},
         "docker-entrypoint.sh npm sh concurrently", "npm", "no", "yes", sure=False),
    Case("run-p ignores SIGTERM", NODE + 'CMD ["run-p", "a", "b"]\n', {}, "docker-entrypoint.sh run-p", "run-p", "no", "no"),
    Case("npm-run-all ignores SIGTERM", NODE + 'CMD ["npm-run-all", "a", "b"]\n', {},
         "docker-entrypoint.sh npm-run-all", "npm-run-all", "no", "no"),
    Case("npm run a -- arguments", NODE + 'CMD ["npm", "run", "a", "--", "--port", "1"]\n',
         {"package.json": '{"scripts": {"a": "exec node a.js"}}', "a.js": SERVER},
         "docker-entrypoint.sh npm sh node", "npm", "no", "yes"),
    Case("scripts that run scripts", NODE + 'CMD ["npm", "run", "a"]\n',
         {"package.json": '{"scripts": {"a": "npm run b && npm run c", "b": "tsc", "c": "node a.js"}}', "a.js": SERVER},
         "docker-entrypoint.sh npm sh npm sh node", "npm", "no", "no"),
    Case("a script that runs before ends", NODE + 'CMD ["npm", "start"]\n',
         {"package.json": '{"scripts": {"prestart": "npm run build", "start": "node a.js", "build": "tsc"}}', "a.js": SERVER},
         "docker-entrypoint.sh npm sh node", "npm", "no", "no"),
    Case("a script that runs before keeps running", NODE + 'CMD ["npm", "start"]\n',
         {"package.json": '{"scripts": {"prestart": "redis-server", "start": "node a.js"}}', "a.js": SERVER},
         "docker-entrypoint.sh npm sh redis-server", "npm", "no", "no", "`prestart` of package.json keeps running"),
    Case("a workspace's script", NODE + 'CMD ["npm", "start", "--workspace", "web"]\n', {"package.json": "{}"},
         "docker-entrypoint.sh npm", "npm", "no", "unknown"),
    Case("a workspace's script behind another one", NODE + 'CMD ["npm", "run", "api"]\n',
         {"package.json": '{"scripts": {"api": "npm run start -w @x/api"}}', "server.js": SERVER},
         "docker-entrypoint.sh npm sh npm", "npm", "no", "no"),
    Case("no script, and perhaps a server.js", NODE + 'RUN tsc\nCMD ["npm", "start"]\n', {"package.json": "{}"},
         "docker-entrypoint.sh npm", "npm", "no", "unknown"),
    Case("yarn 2 and later have a shell of their own", NODE + 'CMD ["yarn", "start"]\n',
         {"package.json": '{"packageManager": "yarn@4.1.0", "scripts": {"start": "node a.js"}}', "a.js": SERVER},
         "docker-entrypoint.sh yarn node", "yarn", "no", "yes",),
    Case("which runs what only it knows", NODE + 'CMD ["yarn", "start"]\n',
         {".yarnrc.yml": "", "package.json": '{"scripts": {"start": "tsc && node a.js"}}'},
         "docker-entrypoint.sh yarn", "yarn", "no", "unknown", "yarn's own shell runs `tsc && node a.js`"),
    Case("cross-env in a script", NODE + 'CMD ["npm", "start"]\n',
         {"package.json": '{"scripts": {"start": "cross-env A=1 node a.js"}}', "a.js": SERVER},
         "docker-entrypoint.sh npm sh cross-env node", "npm", "no", "no"),
    Case("a program of node_modules/.bin", NODE + 'CMD ["node_modules/.bin/nodemon", "a.js"]\n', {"a.js": SERVER},
         "docker-entrypoint.sh nodemon node", "nodemon", "no", "yes"),
    # Tasks of a runtime.
    Case("node --run starts a script of package.json", NODE + 'CMD ["node", "--run", "start"]\n', {"package.json": "{}"},
         "docker-entrypoint.sh node", "node", "no", "unknown", "what `node --run start` runs isn't known"),
    Case("deno task starts a line of deno.json", DEBIAN + 'CMD ["deno", "task", "start"]\n', {},
         "deno", "deno", "no", "unknown", "what `deno task start` runs isn't known"),
    # make.
    Case("a plain line of a recipe gets the signal from make", MAKE + 'CMD ["make", "run"]\n',
         {"Makefile": "APP = redis-server\nPORT ?= 1\nrun: build\n\t@$(APP) --port $(PORT)\nbuild:\n\tgo build\n"},
         "make redis-server", "make", "yes", "yes", "redis-server ends on SIGTERM", sure=True),
    Case("one that needs a shell doesn't get it", MAKE + 'CMD ["make"]\n', {"Makefile": "run:\n\tA=1 redis-server\n"},
         "make sh redis-server", "make", "yes", "no", "make doesn't react to SIGTERM", sure=True),
    Case("nor does it under an init", MAKE + 'RUN apt-get update && apt-get install -y tini\nCMD ["tini", "--", "make"]\n',
         {"Makefile": "run:\n\tA=1 redis-server\n"}, "tini make sh redis-server", "tini", "yes", "no", "make ends on SIGTERM"),
    Case("with exec it does", MAKE + 'CMD ["make"]\n', {"Makefile": "run:\n\tA=1 exec redis-server > /dev/null\n"},
         "make sh redis-server", "make", "yes", "yes"),
    Case("SHELL is bash, which execs by itself", MAKE + 'CMD ["make"]\n',
         {"Makefile": "SHELL := /bin/bash\nrun:\n\tA=1 redis-server\n"}, "make bash redis-server", "make", "yes", "yes"),
    Case("make starts make", MAKE + 'CMD ["make", "-j", "2", "run"]\n',
         {"Makefile": "run:\n\t$(MAKE) -C /app go\ngo: ; redis-server\n"}, "make make redis-server", "make", "yes", "yes"),
    Case("a target without a rule", MAKE + 'CMD ["make", "run"]\n', {"Makefile": "include more.mk\n"},
         "make", "make", "yes", "unknown", "Makefile has no rule for run that can be read"),
    Case("go run stays in front of what it built", "FROM golang:1.23\nCOPY . .\nCMD [\"go\", \"run\", \"main.go\"]\n", {},
         "go", "go", "no", "unknown", "the program that go builds wasn't read"),
    Case("faketime stays", DEBIAN + 'CMD ["faketime", "yesterday", "redis-server"]\n', {},
         "faketime redis-server", "faketime", "no", "no"),
    Case("linux32 gives its place up", DEBIAN + 'CMD ["linux32", "redis-server"]\n', {},
         "linux32 redis-server", "redis-server", "no", "yes"),
    # Environments and secrets.
    Case("conda run ignores SIGTERM", DEBIAN + 'CMD ["conda", "run", "--no-capture-output", "-n", "a", "redis-server"]\n', {},
         "conda redis-server", "conda", "no", "no", "conda doesn't react to SIGTERM", sure=True),
    Case("micromamba run passes it on", DEBIAN + 'CMD ["micromamba", "run", "-e", "A=1", "-n", "a", "redis-server"]\n', {},
         "micromamba redis-server", "micromamba", "no", "yes", "micromamba wasn't measured", sure=False),
    Case("mamba run is one or the other", DEBIAN + 'CMD ["mamba", "run", "-n", "a", "redis-server"]\n', {},
         "mamba redis-server", "mamba", "no", "unknown"),
    Case("rye run gives its place up", DEBIAN + 'CMD ["rye", "run", "redis-server"]\n', {},
         "rye redis-server", "redis-server", "no", "yes"),
    Case("uvx starts what its package has", DEBIAN + 'CMD ["uvx", "--from", "a", "redis-server@1.2"]\n', {},
         "uvx redis-server", "uvx", "no", "yes", sure=False),
    Case("uv tool run is the same", DEBIAN + 'CMD ["uv", "tool", "run", "redis-server"]\n', {},
         "uv redis-server", "uv", "no", "yes", sure=False),
    Case("doppler passes signals on", DEBIAN + 'CMD ["doppler", "run", "-c", "prd", "--", "redis-server"]\n', {},
         "doppler redis-server", "doppler", "no", "yes", "doppler wasn't measured", sure=False),
    Case("to a shell as well", DEBIAN + 'CMD ["doppler", "run", "--command", "redis-server --port 1"]\n', {},
         "doppler sh redis-server", "doppler", "no", "no"),
    Case("aws-vault gives its place up", DEBIAN + 'CMD ["aws-vault", "exec", "a", "--", "redis-server"]\n', {},
         "aws-vault redis-server", "redis-server", "no", "yes"),
    Case("unless it serves credentials", DEBIAN + 'CMD ["aws-vault", "exec", "a", "--ecs-server", "--", "redis-server"]\n', {},
         "aws-vault redis-server", "aws-vault", "no", "yes", sure=False),
    Case("chamber gives its place up", DEBIAN + 'CMD ["chamber", "exec", "a", "b", "--", "redis-server"]\n', {},
         "chamber redis-server", "redis-server", "no", "yes"),
    Case("dockerize waits for others, then for its program", DEBIAN + 'CMD ["dockerize", "-wait", "tcp://a:1", "redis-server"]\n',
         {}, "dockerize redis-server", "dockerize", "no", "yes", sure=False),
    # honcho.
    Case("honcho signals the groups of its processes", "FROM python:3.12\nWORKDIR /app\nCOPY Procfile .\n"
         'CMD ["honcho", "start"]\n', {"Procfile": "web: gunicorn a:a; true\n"},
         "honcho sh gunicorn", "honcho", "no", "yes", "honcho signals the whole group"),
    Case("honcho and the process that was asked for", "FROM python:3.12\nWORKDIR /app\nCOPY Procfile .\n"
         'CMD ["honcho", "start", "worker"]\n', {"Procfile": "web: gunicorn a:a\nworker: celery -A a worker\n"},
         "honcho sh celery", "honcho", "no", "yes"),
    Case("honcho run leaves a shell in front, and ignores SIGTERM", DEBIAN + 'CMD ["honcho", "run", "redis-server"]\n', {},
         "honcho sh redis-server", "honcho", "no", "no", "honcho doesn't react to SIGTERM", sure=True),
    # foreman.
    Case("foreman starts a plain command itself", PROCFILE + 'CMD ["foreman", "start"]\n',
         {"Procfile": "web: gunicorn -b 0.0.0.0:$PORT a:a\n"}, "foreman gunicorn", "foreman", "no", "yes", sure=True),
    Case("and signals the shell of another alone", PROCFILE + 'CMD ["foreman", "start", "-f", "Procfile", "-p", "80"]\n',
         {"Procfile": "web: A=1 gunicorn a:a\n"}, "foreman sh gunicorn", "foreman", "no", "no", "sh ends on SIGTERM", sure=True),
    Case("foreman and its formation", PROCFILE + 'CMD ["foreman", "start", "-m", "all=1,worker=0"]\n',
         {"Procfile": "web: gunicorn a:a\nworker: sh -c 'true; celery -A a worker'\n"},
         "foreman gunicorn", "foreman", "no", "yes"),
    Case("foreman and the variables of .env", PROCFILE + 'CMD ["foreman", "start"]\n',
         {".env": "A=1\n", "Procfile": "web: gunicorn $A a:a\n"}, "foreman sh gunicorn", "foreman", "no", "no",
         "which variables .env sets for web isn't known", sure=False),
    Case("foreman run kills what it started", PROCFILE + 'CMD ["foreman", "run", "redis-server"]\n', {},
         "foreman redis-server", "foreman", "no", "no", "foreman ends on SIGTERM without passing it on", sure=True),
    Case("forego signals groups", PROCFILE + 'CMD ["forego", "start", "-r"]\n', {"Procfile": "web: redis-server\n"},
         "forego sh redis-server", "forego", "no", "yes", "forego wasn't measured", sure=False),
    Case("overmind sends SIGINT", PROCFILE + 'CMD ["overmind", "start"]\n', {"Procfile": "web: redis-server\n"},
         "overmind sh redis-server", "overmind", "no", "yes", "overmind wasn't measured", sure=False),
    # Inits with services.
    Case("s6-overlay's services", S6 + "COPY type run /etc/s6-overlay/s6-rc.d/svc/\n",
         {"type": "longrun\n", "run*": "#!/usr/bin/with-contenv bash\nmkdir -p /x\nredis-server\n"},
         "init s6-svscan", "s6-svscan", "yes", "yes", "svc: redis-server behind bash gets the stop signal", sure=False),
    Case("s6-overlay's services of before", S6 + "COPY run /etc/services.d/web/\n",
         {"run*": "#!/bin/sh\nexec s6-notifyoncheck -d -n 3 -c 'nc -z localhost 1' cd /app s6-setuidgid abc redis-server\n"},
         "init s6-svscan", "s6-svscan", "yes", "yes", "web: redis-server gets the stop signal"),
    Case("a service in execline", S6 + "COPY run /etc/services.d/web/\n",
         {"run*": "#!/usr/bin/execlineb -P\nwith-contenv\nforeground { echo hello }\nfdmove -c 2 1\nredis-server\n"},
         "init s6-svscan", "s6-svscan", "yes", "yes", "web: redis-server gets the stop signal"),
    Case("a oneshot of s6-rc isn't a service", S6 + "COPY type run /etc/s6-overlay/s6-rc.d/svc/\n",
         {"type": "oneshot\n", "run*": "#!/bin/sh\nexec redis-server\n"}, "init s6-svscan", "s6-svscan", "yes", "yes"),
    Case("s6-overlay with a main program", S6 + 'COPY a.sh /\nCMD ["/a.sh"]\n',
         {"a.sh*": "#!/bin/sh\nmkdir -p /x\nredis-server\n"}, "init s6-svscan a.sh redis-server", "s6-svscan", "yes", "yes",
         "s6-svscan signals every process before it ends", sure=False),
    Case("an /init of nobody knows whom", DEBIAN + 'COPY --from=a/b:1 /init /init\nENTRYPOINT ["/init"]\n', {},
         "init", "unknown", "unknown", "unknown", "what init is isn't known"),
    Case("a variable that only s6-overlay reads", DEBIAN + 'ENV S6_KEEP_ENV=1\nCOPY --from=a/b:1 /init /init\n'
         'ENTRYPOINT ["/init"]\n', {}, "init s6-svscan", "s6-svscan", "yes", "yes"),
    Case("a folder that only s6-overlay reads", DEBIAN + 'COPY --from=a/b:1 /init /init\nCOPY run /etc/services.d/web/\n'
         'ENTRYPOINT ["/init"]\n', {"run*": "#!/bin/sh\nexec redis-server\n"}, "init s6-svscan", "s6-svscan", "yes", "yes"),
    Case("s6-overlay's own script", DEBIAN + 'COPY init /init\nENTRYPOINT ["/init"]\n',
         {"init*": "#!/bin/sh -e\nexec s6-overlay-suexec ' /x/preinit' '' /x/stage0 \"$@\"\n"},
         "init s6-svscan", "s6-svscan", "yes", "yes"),
    Case("a script of one's own of that name", DEBIAN + 'COPY init /init\nENV S6_KEEP_ENV=1\nENTRYPOINT ["/init"]\n',
         {"init*": "#!/bin/sh\nexec redis-server\n"}, "init redis-server", "redis-server", "no", "yes"),
    Case("my_init's services", "FROM phusion/baseimage:noble-1.0.3\nCOPY run /etc/service/web/\nCMD [\"/sbin/my_init\"]\n",
         {"run*": "#!/bin/sh\nexec setuser app redis-server\n"}, "my_init", "my_init", "yes", "yes",
         "web: redis-server gets the stop signal"),
    Case("runsvdir ends before its services got anything", DEBIAN + 'COPY run /srv/web/\nCMD ["runsvdir", "/srv"]\n',
         {"run*": "#!/bin/sh\nexec redis-server\n"}, "runsvdir", "runsvdir", "no", "no",
         "web: redis-server never gets the stop signal"),
    Case("my_init signals everyone before it ends", "FROM phusion/baseimage:noble-1.0.3\nCOPY a.sh /\n"
         'CMD ["/sbin/my_init", "--", "/a.sh"]\n', {"a.sh*": "#!/bin/bash\nmkdir -p /x\nredis-server\n"},
         "my_init a.sh redis-server", "my_init", "yes", "yes", "my_init signals every process before it ends"),
    # Small ones.
    Case("flock stays", DEBIAN + 'CMD ["flock", "-n", "/lock", "redis-server"]\n', {}, "flock redis-server", "flock", "no", "no"),
    Case("flock -c has a shell in between", DEBIAN + 'CMD ["flock", "/lock", "-c", "redis-server"]\n', {},
         "flock sh redis-server", "flock", "no", "no"),
    Case("flock with a descriptor locks and ends", DEBIAN + 'COPY a.sh /\nCMD ["/a.sh"]\n',
         {"a.sh*": "#!/bin/sh\nexec 9>/lock\nflock -n 9\nexec redis-server\n"}, "a.sh redis-server", "redis-server",
         "no", "yes", sure=True),
    Case("watch itself is what stays", DEBIAN + 'CMD ["watch", "-n", "60", "ls"]\n', {}, "watch", "watch", "no", "yes"),
    Case("start-stop-daemon in the foreground", DEBIAN + 'CMD ["start-stop-daemon", "--start", "--exec", '
         '"/usr/bin/redis-server", "--", "--port", "1"]\n', {}, "start-stop-daemon redis-server", "redis-server", "no", "yes"),
    Case("start-stop-daemon in the background", DEBIAN + 'COPY a.sh /\nCMD ["/a.sh"]\n',
         {"a.sh*": "#!/bin/sh\nstart-stop-daemon --start -b --exec /usr/bin/redis-server\n"}, "a.sh", "none", "unknown",
         "unknown", "sh comes to its end"),
    Case("systemctl start as the last command", DEBIAN + 'COPY a.sh /\nCMD ["/a.sh"]\n',
         {"a.sh*": "#!/bin/sh\nsystemctl start redis\n"}, "a.sh", "none", "unknown", "unknown", "sh comes to its end"),
    Case("service start as the last command", DEBIAN + 'COPY a.sh /\nCMD ["/a.sh"]\n',
         {"a.sh*": "#!/bin/sh\nservice redis start\n"}, "a.sh", "none", "unknown", "unknown", "sh comes to its end"),
    # execline.
    Case("execlineb becomes its program", DEBIAN + 'CMD ["execlineb", "-Pc", "cd / redis-server --port 1"]\n', {},
         "execlineb redis-server", "redis-server", "no", "yes", sure=True),
    Case("foreground stays while its block runs", DEBIAN + 'CMD ["execlineb", "-Pc", "foreground { redis-server } echo"]\n', {},
         "execlineb foreground redis-server", "foreground", "no", "no", "foreground doesn't react to SIGTERM", sure=True),
    # An X server.
    Case("xvfb-run hangs as PID 1", DEBIAN + 'CMD ["xvfb-run", "-a", "redis-server"]\n', {}, "xvfb-run", "xvfb-run",
         "while-waiting", "no", "xvfb-run hangs as PID 1", sure=True),
    Case("and works under an init", DEBIAN + "RUN apt-get update && apt-get install -y tini\n"
         'CMD ["tini", "--", "xvfb-run", "-a", "redis-server"]\n', {}, "tini xvfb-run redis-server", "tini", "yes", "no"),
]  # fmt: skip


def settle(folder: Path, case: Case) -> Outcome:
    (folder / "Dockerfile").write_text(case.dockerfile)
    for name, text in case.files.items():
        path = folder / name.rstrip("*")
        path.write_text(text)
        path.chmod(0o755 if name.endswith("*") else 0o644)
    files = HostFiles()
    return examine(files.source(str(folder / "Dockerfile")), files).subjects[-1].likely


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_a_launcher_is_followed_to_its_program(case: Case, tmp_path: Path) -> None:
    """The chain, PID 1, reaping, stopping and the reason agree with what was measured."""
    outcome = settle(tmp_path, case)
    assert " ".join(link.program for link in outcome.chain) == case.chain, outcome.why
    assert (outcome.pid1, outcome.reaps, outcome.stops) == (case.pid1, case.reaps, case.stops), outcome.why
    assert case.why in " | ".join(outcome.why)
    if case.sure is not None:
        assert outcome.sure == case.sure, outcome.why


def test_a_supervised_program_stands_where_its_configuration_names_it(tmp_path: Path) -> None:
    """The step has the configuration's file and line."""
    conf = FRONT + "; the cache\n[program:a]\ncommand=redis-server ; not in a shell\n"
    cause = settle(tmp_path, Case("", SUPERVISED, {"s.conf": conf}, "", "", "", "")).chain[-1].cause
    assert cause is not None
    assert (cause.source.name.rsplit("/", 1)[-1], cause.row, cause.text) == ("s.conf", 5, "command=redis-server")


class LeftBehind(NamedTuple):
    title: str
    dockerfile: str
    files: dict[str, str]
    children: str
    why: str


LEFT_BEHIND = [
    LeftBehind("servers with workers of their own", SUPERVISED,
               {"s.conf": FRONT + "[program:a]\ncommand=redis-server\n[program:b]\ncommand=nginx -g 'daemon off;'\n"},
               "unlikely", "it starts the programs that it is told to"),
    LeftBehind("the only program", SUPERVISED, {"s.conf": FRONT + "[program:a]\ncommand=redis-server\n"}, "unlikely", ""),
    LeftBehind("one that leaves some behind", SUPERVISED,
               {"s.conf": FRONT + "[program:a]\ncommand=redis-server\n[program:b]\ncommand=cron -f\n"},
               "yes", "b: starting other programs is its purpose"),
    LeftBehind("one that nobody knows", SUPERVISED,
               {"s.conf": FRONT + "[program:a]\ncommand=redis-server\n[program:b]\ncommand=/opt/thing\n"}, "unknown", "thing"),
    LeftBehind("one whose code decides", SUPERVISED,
               {"s.conf": FRONT + "[program:a]\ncommand=redis-server\n[program:b]\ncommand=php-fpm -F\n"},
               "unknown", "b: the PHP code that it runs"),
    LeftBehind("one that leaves a background job", SUPERVISED,
               {"s.conf": FRONT + "[program:a]\ncommand=redis-server\n[program:b]\ncommand=python3 /etc/b.py\n",
                "b.py": "import os, time\nos.system('worker &')\nwhile True:\n    time.sleep(1)\n"},
               "yes", "b.py:2 runs a shell line that leaves a background job"),
    LeftBehind("one that ends", SUPERVISED,
               {"s.conf": FRONT + "[program:a]\ncommand=redis-server\n[program:b]\ncommand=mkdir -p /x\n"}, "unlikely", ""),
    LeftBehind("one whose configuration may send it there", SUPERVISED,
               {"s.conf": FRONT + "[program:a]\ncommand=redis-server\n[program:b]\ncommand=nginx\n"},
               "unknown", "b: whether nginx goes to the background"),
    LeftBehind("one that goes to the background", SUPERVISED,
               {"s.conf": FRONT + "[program:a]\ncommand=redis-server\n[program:b]\ncommand=redis-server --daemonize yes\n"},
               "yes", "b: `redis-server --daemonize yes` goes to the background"),
    LeftBehind("a configuration that can't be read", DEBIAN + 'CMD ["supervisord", "-n"]\n', {}, "yes",
               "starting other programs is its purpose"),
    LeftBehind("pm2's program", NODE + 'CMD ["pm2-runtime", "a.js"]\n', {"a.js": SERVER}, "unlikely", ""),
    LeftBehind("concurrently's programs", NODE + 'CMD ["concurrently", "node a.js", "redis-server"]\n', {"a.js": SERVER}, "unlikely", ""),
    LeftBehind("programs that lose the signal", PROCFILE + 'CMD ["foreman", "start"]\n',
               {"Procfile": "a: redis-server\nb: nginx -g 'daemon off;'\n"}, "unlikely", ""),
    LeftBehind("s6's services", S6, {}, "unknown", ""),
]  # fmt: skip


@pytest.mark.parametrize("case", LEFT_BEHIND, ids=lambda case: case.title)
def test_what_a_launcher_leaves_behind_is_the_worst_of_what_its_programs_do(case: LeftBehind, tmp_path: Path) -> None:
    """By itself it only starts them; where they aren't known, anything may be left behind."""
    outcome = settle(tmp_path, Case(case.title, case.dockerfile, case.files, "", "", "", ""))
    assert outcome.children == case.children, outcome.why
    assert case.why in " | ".join(outcome.why)
