"""Servers whose configuration decides: files in the image and variables, read as their options are."""

from __future__ import annotations

from pathlib import Path

import pytest

from initlint.boot.model import Outcome
from initlint.rootfs.files import HostFiles
from initlint.subject import examine

DEBIAN = "FROM debian:bookworm-slim\n"
PYTHON = "FROM python:3.12\nWORKDIR /app\n"


def outcome(folder: Path, dockerfile: str, files: dict[str, str]) -> Outcome:
    """The likely outcome of a Dockerfile with files beside it."""
    for name, text in {**files, "Dockerfile": dockerfile}.items():
        (folder / name).write_text(text)
    host = HostFiles()
    (subject,) = examine(host.source(str(folder / "Dockerfile")), host).subjects
    return subject.likely


UWSGI = PYTHON + 'COPY u.conf /app/u.{0}\nCMD ["uwsgi", "{1}", "/app/u.{0}"]\n'
CASES = {
    # uWSGI: no master ends on SIGTERM and doesn't reap; a master reaps, and reloads unless told to die.
    "uwsgi ini": (UWSGI.format("ini", "--ini"), "[uwsgi]\nmaster = true\n", "uwsgi", "yes", "no"),
    "uwsgi ini that dies": (UWSGI.format("ini", "--ini"), "[uwsgi]\nmaster=1\ndie-on-term = true ", "uwsgi", "yes", "yes"),
    "uwsgi ini without a master": (UWSGI.format("ini", "--ini"), "[uwsgi]\n; master = true\nhttp = :80\n", "uwsgi", "no", "yes"),
    "uwsgi master in another section": (UWSGI.format("ini", "--ini"), "[uwsgi]\nhttp = :80\n[x]\nmaster = true\n", "uwsgi", "no", "yes"),
    "uwsgi master = false": (UWSGI.format("ini", "--ini"), "[uwsgi]\nmaster = false\n", "uwsgi", "no", "yes"),
    "uwsgi xml": (UWSGI.format("xml", "--xml"), "<uwsgi><master/><!-- <die-on-term/> --><http>:80</http></uwsgi>", "uwsgi", "yes", "no"),
    "uwsgi yaml": (UWSGI.format("yaml", "--yaml"), "uwsgi:\n  master: true\n  die-on-term: true # stop\n", "uwsgi", "yes", "yes"),
    "uwsgi takes in another file": (UWSGI.format("ini", "--ini"), "[uwsgi]\nini = /x.ini\n", "uwsgi", "unknown", "unknown"),
    "uwsgi goes to the background": (UWSGI.format("ini", "--ini"), "[uwsgi]\nmaster=1\ndaemonize=/log\n", "none", "unknown", "unknown"),
    "uwsgi by variables": (PYTHON + 'ENV UWSGI_MASTER=1 UWSGI_DIE_ON_TERM=1\nCMD ["uwsgi", "--http", ":80"]\n', "", "uwsgi", "yes", "yes"),
    "uwsgi -d": (PYTHON + 'CMD ["uwsgi", "--http", ":80", "-d", "/log"]\n', "", "none", "unknown", "unknown"),
    # nginx
    "nginx off": (DEBIAN + 'COPY u.conf /etc/nginx/nginx.conf\nCMD ["nginx"]\n', "daemon off;\nhttp {\n}\n", "nginx", "yes", "yes"),
    "nginx on": (DEBIAN + 'COPY u.conf /etc/nginx/nginx.conf\nCMD ["nginx"]\n', "# daemon off;\nhttp { server { } }\n", "none", "unknown", "unknown"),
    "nginx another file": (DEBIAN + 'COPY u.conf /n.conf\nCMD ["nginx", "-c", "/n.conf"]\n', "events { } daemon  off ;", "nginx", "yes", "yes"),
    # redis
    "redis yes": (DEBIAN + 'COPY u.conf /r.conf\nCMD ["redis-server", "/r.conf"]\n', "port 1\ndaemonize yes\n", "none", "unknown", "unknown"),
    "redis no": (DEBIAN + 'COPY u.conf /r.conf\nCMD ["redis-server", "/r.conf"]\n', "daemonize yes\ndaemonize no\n", "redis-server", "no", "yes"),
    "redis argument wins": (DEBIAN + 'COPY u.conf /r.conf\nCMD ["redis-server", "/r.conf", "--daemonize", "no"]\n', "daemonize yes\n", "redis-server", "no", "yes"),
    # haproxy
    "haproxy daemon": (DEBIAN + 'COPY u.conf /h.cfg\nCMD ["haproxy", "-f", "/h.cfg"]\n', "global\n  daemon\ndefaults\n  mode http\n", "none", "unknown", "unknown"),
    "haproxy master": (DEBIAN + 'COPY u.conf /h.cfg\nCMD ["haproxy", "-f", "/h.cfg"]\n', "global\n  master-worker\n", "haproxy", "yes", "yes"),
    "haproxy plain": (DEBIAN + 'COPY u.conf /h.cfg\nCMD ["haproxy", "-f", "/h.cfg"]\n', "global\n  # daemon\nlisten x\n  daemon\n", "haproxy", "no", "no"),
    "haproxy -W wins": (DEBIAN + 'COPY u.conf /h.cfg\nCMD ["haproxy", "-W", "-f", "/h.cfg"]\n', "global\n", "haproxy", "yes", "yes"),
    # php-fpm
    "php-fpm no": (DEBIAN + 'COPY u.conf /f.conf\nCMD ["php-fpm8.2", "-y", "/f.conf"]\n', "[global]\ndaemonize = no\n[www]\nuser = x\n", "php-fpm8.2", "yes", "yes"),
    "php-fpm of the image told to leave": ('FROM php:8.2-fpm\nCOPY u.conf /usr/local/etc/php-fpm.d/zz-docker.conf\nCMD ["php-fpm"]\n', "[global]\ndaemonize = yes\n", "none", "unknown", "unknown"),
    "php-fpm of the image told to stay": ('FROM php:8.2-fpm\nCOPY u.conf /usr/local/etc/php-fpm.d/zz-docker.conf\nCMD ["php-fpm"]\n', "[global]\ndaemonize = no\n", "php-fpm", "yes", "yes"),
    "php-fpm -D": ('FROM php:8.2-fpm\nCMD ["php-fpm", "-D"]\n', "", "none", "unknown", "unknown"),
    "php-fpm of Debian": (DEBIAN + 'RUN apt-get update && apt-get install -y php8.2-fpm\nCMD ["php-fpm8.2"]\n', "", "none", "unknown", "unknown"),
    "php-fpm of Debian with its file changed": (DEBIAN + 'RUN apt-get update && apt-get install -y php8.2-fpm && sed -i "s/;daemonize.*/daemonize = no/" /etc/php/8.2/fpm/*.conf\nCMD ["php-fpm8.2"]\n', "", "php-fpm8.2", "yes", "yes"),
    "nginx of the image": ('FROM nginx:1.25\nCMD ["nginx"]\n', "", "none", "unknown", "unknown"),
    "nginx of the image behind COPY": ('FROM nginx:1.25\nCOPY u.conf /etc/nginx/conf.d/default.conf\nRUN ./x\nCMD ["nginx"]\n', "", "nginx", "yes", "yes"),
    "nginx of the image as it comes": ("FROM nginx:1.25\n", "", "nginx", "yes", "yes"),
    "nginx of the image changed": ('FROM nginx:1.25\nRUN sed -i "1i daemon off;" /etc/nginx/*.conf\nCMD ["nginx"]\n', "", "nginx", "yes", "yes"),
    "nginx is told twice": ('FROM nginx:1.25\nCOPY u.conf /etc/nginx/nginx.conf\nCMD ["nginx", "-g", "daemon off;"]\n', "daemon off;\nevents {}\n", "none", "unknown", "unknown"),
    "nginx is told once": ('FROM nginx:1.25\nCOPY u.conf /etc/nginx/nginx.conf\nCMD ["nginx", "-g", "daemon off;"]\n', "# daemon off;\nevents {}\n", "nginx", "yes", "yes"),
    "redis argument of one word": (DEBIAN + 'COPY u.conf /r.conf\nCMD ["redis-server", "/r.conf", "--daemonize no"]\n', "daemonize yes\n", "redis-server", "no", "yes"),
    "redis daemon in one word": (DEBIAN + 'COPY u.conf /r.conf\nCMD ["redis-server", "/r.conf", "--daemonize yes"]\n', "port 1\n", "none", "unknown", "unknown"),
    "redis in another case": (DEBIAN + 'COPY u.conf /r.conf\nCMD ["redis-server", "/r.conf"]\n', "port 1\nDaemonize YES\n", "none", "unknown", "unknown"),
    "redis includes": (DEBIAN + 'COPY u.conf /r.conf\nRUN echo "include /r.conf" > /b.conf\nCMD ["redis-server", "/b.conf"]\n', "daemonize yes\n", "none", "unknown", "unknown"),
    "supervisord leaves": (DEBIAN + 'COPY u.conf /s.conf\nCMD ["supervisord", "-c", "/s.conf"]\n', "[supervisord]\nlogfile=/l\n[program:x]\ncommand=sleep 9\n", "none", "unknown", "unknown"),
    "supervisord stays": (DEBIAN + 'COPY u.conf /s.conf\nCMD ["supervisord", "-n", "-c", "/s.conf"]\n', "[supervisord]\nlogfile=/l\n[program:x]\ncommand=sleep 9\n", "supervisord", "yes", "yes"),
    "rails": ('FROM ruby:3.2\nRUN gem install rails\nCMD ["rails", "server", "-b", "0.0.0.0", "-d"]\n', "", "none", "unknown", "unknown"),
    # gunicorn and uvicorn
    "gunicorn daemon": (PYTHON + 'COPY u.conf gunicorn.conf.py\nCMD ["gunicorn", "a:b"]\n', "workers = 2\ndaemon = True\n", "none", "unknown", "unknown"),
    "gunicorn variable": (PYTHON + 'ENV GUNICORN_CMD_ARGS="--daemon"\nCMD ["python", "-m", "gunicorn", "a:b"]\n', "", "none", "unknown", "unknown"),
    "gunicorn": (PYTHON + 'COPY u.conf /c.py\nCMD ["gunicorn", "-c", "/c.py", "a:b"]\n', "# daemon = True\nworkers = 2\n", "gunicorn", "yes", "yes"),
    # celery and java
    "celery in the background": (PYTHON + 'CMD ["celery", "-A", "x", "worker", "--detach"]\n', "", "none", "unknown", "unknown"),
    "java without signals": (DEBIAN + 'CMD ["java", "-Xrs", "-jar", "a.jar"]\n', "", "java", "no", "no"),
    "java by a variable": (DEBIAN + 'ENV JAVA_TOOL_OPTIONS="-Xmx1g -Xrs"\nCMD ["java", "-jar", "a.jar"]\n', "", "java", "no", "no"),
    "java by a file": (DEBIAN + 'COPY u.conf /args\nCMD ["java", "@/args", "-jar", "a.jar"]\n', "-Xmx1g\n-Xrs\n", "java", "no", "no"),
    "java": (DEBIAN + 'ENV JAVA_TOOL_OPTIONS="-Xrsx"\nCMD ["java", "-jar", "a.jar"]\n', "", "java", "no", "yes"),
}  # fmt: skip


@pytest.mark.parametrize(("dockerfile", "text", "pid1", "reaps", "stops"), CASES.values(), ids=CASES)
def test_a_configuration_counts_as_options_do(
    tmp_path: Path, dockerfile: str, text: str, pid1: str, reaps: str, stops: str
) -> None:
    """Files are read where they are copied; comments and other sections don't count."""
    found = outcome(tmp_path, dockerfile, {"u.conf": text})
    assert (found.pid1, found.reaps, found.stops) == (pid1, reaps, stops), found.why


def test_a_run_line_that_says_it_counts(tmp_path: Path) -> None:
    """What a RUN appends to nginx's file can't be read whole, but what it appends is there."""
    line = "RUN apt-get update && apt-get install -y nginx && echo 'daemon off;' >> /etc/nginx/nginx.conf\n"
    found = outcome(tmp_path, DEBIAN + line + 'CMD ["nginx"]\n', {})
    assert found.pid1 == "nginx" and found.sure


def test_an_unread_configuration_leaves_it_open(tmp_path: Path) -> None:
    """Debian's own file says nothing of it here: nginx is taken to stay, and not for sure."""
    found = outcome(tmp_path, DEBIAN + 'RUN apt-get install -y nginx\nCMD ["nginx"]\n', {})
    assert found.pid1 == "nginx" and not found.sure


def test_uvicorns_workers_come_from_variables(tmp_path: Path) -> None:
    """WEB_CONCURRENCY and UVICORN_WORKERS start processes; one worker starts none."""
    many = outcome(tmp_path, PYTHON + 'ENV WEB_CONCURRENCY=4\nCMD ["uvicorn", "a:b"]\n', {})
    one = outcome(tmp_path, PYTHON + 'ENV WEB_CONCURRENCY=1\nCMD ["uvicorn", "a:b"]\n', {})
    told = outcome(tmp_path, PYTHON + 'ENV WEB_CONCURRENCY=4\nCMD ["uvicorn", "--workers", "1", "a:b"]\n', {})
    variants = [found.main.fact.variant for found in (many, one, told) if found.main and found.main.fact]
    assert variants == ["--workers", "", ""]
