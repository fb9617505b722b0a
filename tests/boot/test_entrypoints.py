"""Whole start commands as public images have them, from the Dockerfile to PID 1."""

from __future__ import annotations

from pathlib import Path

import pytest

from initlint.facts import start_scripts

from .test_trace import ALPINE, DEBIAN, ROCKY, Case, settle

JAVA = "FROM eclipse-temurin:21-jre\n"
E = 'COPY e.sh /\nENTRYPOINT ["/e.sh"]\n'

# fmt: off
CASES = [
    Case("a shell whose options take a word", ALPINE + 'SHELL ["/bin/ash", "-eo", "pipefail", "-c"]\n'
         "CMD exec redis-server\n", "redis-server", "no", "yes"),
    Case("a program that prints its version first", DEBIAN + E + 'CMD ["vault", "server"]\n', "vault", "no", "yes",
         {"e.sh*": '#!/bin/sh\nif ! vault -version > /dev/null; then\n  echo no\nfi\nexec "$@"\n'}, sure=False),
    Case("a server's own start script becomes the JVM", JAVA + "RUN curl -L example.org/x | tar xz -C /opt\n"
         'CMD ["/opt/x/bin/zkServer.sh", "start-foreground"]\n', "java", "no", "yes", sure=False),
    Case("a start script in the foreground only", JAVA + "RUN curl -L example.org/x | tar xz -C /opt\n"
         'CMD ["/opt/x/bin/cassandra"]\n', "unknown", "unknown", "unknown"),
    Case("a broker told that something looks after it", DEBIAN + "ENV RUNNING_UNDER_SYSTEMD=true\nRUN curl example.org/x | tar xz -C /opt\n"
         'CMD ["/opt/x/sbin/rabbitmq-server"]\n', "beam.smp", "yes", "yes", sure=False),
    Case("a broker that keeps its shell", DEBIAN + "RUN curl example.org/x | tar xz -C /opt\n"
         'CMD ["/opt/x/sbin/rabbitmq-server"]\n', "unknown", "unknown", "unknown"),
    Case("a broker's image of today", "FROM rabbitmq:4.2\n", "beam.smp", "yes", "yes", sure=False),
    Case("a broker's image that keeps its shell", "FROM rabbitmq:3.13\n", "unknown", "unknown", "unknown"),
    Case("a base's script that passes the signal on", "FROM selenium/node-chrome:4.20.0\n", "bash", "while-waiting", "yes", sure=False),
    Case("a .NET program of an earlier stage", "FROM mcr.microsoft.com/dotnet/sdk:8.0 AS build\nWORKDIR /src/Shop\nCOPY . .\n"
         "RUN dotnet publish -c Release --self-contained -o out\nFROM mcr.microsoft.com/dotnet/runtime-deps:8.0\n"
         'COPY --from=build /src/Shop/out /app\nENTRYPOINT ["/app/Shop"]\n', "Shop", "unknown", "unknown", sure=False),
    Case("a .NET project that is named", "FROM mcr.microsoft.com/dotnet/sdk:8.0 AS build\nWORKDIR /src\nCOPY . .\n"
         "RUN dotnet restore && dotnet publish api/Web.Api.csproj -o /out -c Release\nFROM mcr.microsoft.com/dotnet/runtime-deps:8.0\n"
         'COPY --from=build /out /app\nENTRYPOINT ["/app/Web.Api"]\n', "Web.Api", "unknown", "unknown", sure=False),
    Case("a file beside a .NET program", "FROM mcr.microsoft.com/dotnet/sdk:8.0 AS build\nWORKDIR /src/Shop\nCOPY . .\n"
         "RUN dotnet publish -c Release -o out\nFROM mcr.microsoft.com/dotnet/runtime-deps:8.0\n"
         'COPY --from=build /src/Shop/out /app\nENTRYPOINT ["/app/run"]\n', "unknown", "unknown", "unknown"),
    Case("a server that prints its options", DEBIAN + 'ENTRYPOINT ["odoo"]\nCMD ["--help"]\n', "none", "unknown", "unknown"),
    Case("a scheduler of tasks", 'FROM python:3.12\nRUN pip install apache-airflow\nCMD ["airflow", "webserver"]\n', "airflow",
         "unknown", "unknown", sure=False),
    Case("a scheduler of tasks that prepares its database", 'FROM python:3.12\nCMD ["airflow", "upgradedb"]\n',
         "unknown", "unknown", "unknown"),
    Case("runit's own start script", ROCKY + "RUN dnf install -y runit\n"
         'CMD ["/sbin/runsvdir-start"]\n', "runsvdir", "no", "no", sure=False),
    Case("a step down to a user that is looked up", ALPINE + "RUN apk add su-exec redis\n" + E + 'CMD ["redis-server"]\n',
         "redis-server", "no", "yes", {"e.sh*": '#!/bin/sh\nu="$(id -u redis)"\ng=$(id -g redis)\n'
         'set -- su-exec ${u}:${g} "$@"\nexec "$@"\n'}),
    Case("a stage for the operating system", "ARG DEBUG\nFROM debian:bookworm-slim AS app-linux\n"
         'CMD ["redis-server"]\nFROM scratch AS app-windows\nCMD ["x.exe"]\n'
         "FROM app-$TARGETOS${DEBUG:+-debug}\n", "redis-server", "no", "yes"),
    Case("a daemon's image without arguments", "FROM docker:27-dind\nRUN apk add git\n", "docker-init", "yes", "yes", sure=False),
    Case("a daemon's image for another user", "FROM docker:27-dind\nUSER rootless\n", "rootlesskit", "unknown", "unknown", sure=False),
    Case("an Erlang release in the foreground", DEBIAN + "RUN curl example.org/x | tar xz -C /opt\n"
         'CMD ["/opt/x/bin/emqx", "foreground"]\n', "beam.smp", "yes", "yes", sure=False),
    Case("a database whose launcher execs the JVM", JAVA + E + "RUN curl example.org/x | tar xz -C /crate\nENV PATH=/crate/bin:$PATH\n"
         'CMD ["crate"]\n', "java", "no", "yes", {"e.sh*": '#!/bin/sh\nset -- "$@" -Cnetwork.host=_site_\nexec "$@"\n'}, sure=False),
    Case("a wrapper that passes on what it is given", DEBIAN + "RUN curl -o /usr/local/bin/dind example.org/dind && chmod +x /usr/local/bin/dind\n"
         'CMD ["dind", "redis-server"]\n', "redis-server", "no", "yes", sure=False),
    Case("a packaged server that nobody ran", DEBIAN + "RUN apt-get install -y rspamd\n"
         'CMD ["rspamd", "-f"]\n', "rspamd", "unknown", "unknown", sure=False),
]
# fmt: on


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_start_command_comes_to_its_pid1(case: Case, tmp_path: Path) -> None:
    """The likely outcome is the program that a plain run ends up with."""
    outcome = settle(tmp_path, case)
    assert (outcome.pid1, outcome.reaps, outcome.stops) == (case.pid1, case.reaps, case.stops), outcome.why
    assert case.sure is None or outcome.sure == case.sure


def test_start_scripts_say_where_they_were_read() -> None:
    """Each row names a repository, a commit and a file."""
    for script in start_scripts.SCRIPTS.values():
        repository, _, place = script.source.partition("@")
        commit, _, path = place.partition(":")
        assert "/" in repository and len(commit) >= 12 and path
