"""Python libraries: which of them install signal handlers or start processes.

`SIGNAL_HANDLERS` and `HARMLESS` were read from the projects' own sources or documentation;
measured ones (uvicorn, celery, waitress, flask, django) agree with the boot measurements of
2026-11 on Debian 12. A library in none of these tables counts as not read.
"""

from __future__ import annotations

import sys
from typing import NamedTuple

STANDARD_LIBRARY: frozenset[str] = sys.stdlib_module_names | frozenset(
    "asyncore asynchat distutils imp smtpd cgi cgitb telnetlib pipes crypt nntplib xdrlib uu audioop chunk "
    "ConfigParser urllib2 urlparse Queue StringIO cPickle __builtin__ commands httplib SocketServer "
    "BaseHTTPServer SimpleHTTPServer Tkinter thread cookielib HTMLParser".split()
)


class HandlerFact(NamedTuple):
    """`calls`: the functions that install the handlers, () where an import does."""

    calls: tuple[str, ...]
    signals: tuple[str, ...]
    source: str


_TERM_INT = ("SIGTERM", "SIGINT")

SIGNAL_HANDLERS: dict[str, HandlerFact] = {
    "uvicorn": HandlerFact(
        ("uvicorn.run", "Server.serve", "Server.run", "serve"),
        _TERM_INT,
        "encode/uvicorn: uvicorn/server.py HANDLED_SIGNALS; measured 2026-11",
    ),
    "hypercorn": HandlerFact(("serve", "hypercorn.run", "run"), _TERM_INT, "pgjones/hypercorn: hypercorn/run.py"),
    "gunicorn": HandlerFact(
        ("run",), ("SIGTERM", "SIGINT", "SIGQUIT"), "benoitc/gunicorn: gunicorn/arbiter.py; measured 2026-11"
    ),
    "celery": HandlerFact(
        ("worker_main", "start"),
        ("SIGTERM", "SIGINT", "SIGQUIT"),
        "celery/celery: celery/apps/worker.py; measured 2026-11",
    ),
    "aiohttp": HandlerFact(("run_app",), _TERM_INT, "aio-libs/aiohttp: aiohttp/web_runner.py BaseRunner.setup"),
    "sanic": HandlerFact(("run", "serve"), _TERM_INT, "sanic-org/sanic: sanic/server/runners.py"),
    "twisted": HandlerFact(
        ("reactor.run", "react", "task.react"), _TERM_INT, "twisted/twisted: twisted/internet/_signals.py"
    ),
    "aiogram": HandlerFact(
        ("start_polling", "run_polling"), _TERM_INT, "aiogram/aiogram: aiogram/dispatcher/dispatcher.py"
    ),
    "telegram": HandlerFact(
        ("run_polling", "run_webhook", "idle"),
        ("SIGTERM", "SIGINT", "SIGABRT"),
        "python-telegram-bot: telegram/ext/_application.py stop_signals",
    ),
    "rq": HandlerFact(("work",), _TERM_INT, "rq/rq: rq/worker.py install_signal_handlers"),
    "huey": HandlerFact(("run",), _TERM_INT, "coleifer/huey: huey/consumer.py"),
    "cherrypy": HandlerFact(
        ("quickstart", "signals.subscribe", "signal_handler.subscribe"),
        _TERM_INT,
        "cherrypy/cherrypy: cherrypy/process/plugins.py",
    ),
}

# Libraries that were seen neither to install a handler for a stop signal nor to start a process
# when a program uses them as a library.
HARMLESS: frozenset[str] = frozenset(
    (
        "flask flask_cors flask_sqlalchemy flask_restful flask_login flask_migrate flask_wtf werkzeug jinja2 "
        "markupsafe itsdangerous requests urllib3 idna certifi chardet charset_normalizer httpx httpcore h11 anyio "
        "sniffio numpy pandas scipy sklearn matplotlib seaborn six attr attrs pydantic pydantic_settings typing_extensions "
        "yaml toml tomli ujson orjson simplejson msgpack dateutil pytz tzdata click typer rich colorama tqdm "
        "dotenv decouple environs sqlalchemy alembic psycopg2 psycopg pymysql mysql mysqlclient "
        "pymongo bson motor redis hiredis aioredis peewee django rest_framework corsheaders whitenoise "
        "starlette fastapi bottle falcon marshmallow bs4 lxml html5lib boto3 botocore s3transfer "
        "google grpc prometheus_client opentelemetry sentry_sdk loguru structlog schedule waitress "
        "jwt jose passlib bcrypt cryptography nacl pil cv2 discord tweepy slack_sdk stripe twilio "
        "markdown jsonschema elasticsearch pika kafka confluent_kafka paho nats websockets websocket socketio engineio "
        "aiofiles aiosqlite asyncpg sqlmodel pyyaml cachetools tenacity retrying kubernetes openai anthropic tiktoken "
        "dash plotly docx openpyxl xlrd pypdf feedparser geopy shapely networkx nltk spacy psutil ldap3 dns netaddr "
        "pkg_resources setuptools importlib_metadata zmq"
    ).split()
)

CHILD_MAKERS: dict[str, str] = {
    "pexpect": "it exists to start programs",
    "sh": "it exists to start programs",
    "plumbum": "it exists to start programs",
    "invoke": "it exists to start programs",
    "fabric": "it exists to start programs",
    "docker": "compose helpers and ssh transports start programs",
    "torch": "its data loaders start worker processes",
    "ffmpeg": "it starts ffmpeg",
    "moviepy": "it starts ffmpeg",
    "pydub": "it starts ffmpeg",
    "youtube_dl": "it starts ffmpeg",
    "yt_dlp": "it starts ffmpeg",
    "pytesseract": "it starts tesseract",
    "pdf2image": "it starts pdftoppm",
    "pdfkit": "it starts wkhtmltopdf",
    "joblib": "it starts worker processes",
    "ansible_runner": "it starts ansible",
    "paramiko": "proxy commands are programs",
}

ORPHAN_MAKERS: dict[str, str] = {
    "selenium": "it drives a browser, which leaves helper processes to PID 1",
    "undetected_chromedriver": "it drives Chrome, which leaves helper processes to PID 1",
    "playwright": "it drives a browser, which leaves helper processes to PID 1",
    "pyppeteer": "it drives Chrome, which leaves helper processes to PID 1",
    "splinter": "it drives a browser, which leaves helper processes to PID 1",
    "git": "it runs git, which starts `gc --auto` in the background",
    "dulwich": "hooks are programs",
    "daemon": "it forks twice to become a daemon",
    "daemonize": "it forks twice to become a daemon",
}
