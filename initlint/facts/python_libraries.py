"""Python libraries: which of them install signal handlers or start processes.

Every row was read from the wheel that is named beside it: its Python files with `ast`, for
`signal.signal`, `add_signal_handler`, `subprocess`, `os.fork`, `multiprocessing` and their
like, and the symbols that its extension modules import. Command-line tools and tests inside a
wheel don't count: what matters is what happens when a program uses it as a library. A library
in none of these tables counts as not read. Keys are import names in lower case.
"""

from __future__ import annotations

import sys

from initlint.records import NamedTuple

STANDARD_LIBRARY: frozenset[str] = sys.stdlib_module_names | frozenset(
    "asyncore asynchat distutils imp smtpd cgi cgitb telnetlib pipes crypt nntplib xdrlib uu audioop chunk "
    "ConfigParser urllib2 urlparse Queue StringIO cPickle __builtin__ commands httplib SocketServer "
    "BaseHTTPServer SimpleHTTPServer Tkinter thread cookielib HTMLParser".split()
)


class HandlerFact(NamedTuple):
    """`calls`: last names of the calls that install the handlers, () where an import does.

    `only_with`: keywords of which one has to be given and true. `not_through`: parts of a
    dotted name that belong to an older version without handlers.
    """

    calls: tuple[str, ...]
    signals: tuple[str, ...]
    source: str
    only_with: tuple[str, ...] = ()
    not_through: tuple[str, ...] = ()
    keeps_child: str = ""  # what it keeps in a child, which never gets the signal
    reaps: bool = False  # it waits for any child, orphans too


class ProcessFact(NamedTuple):
    """A library that starts processes: by one of `calls` (last names), or by any use where that is empty."""

    calls: tuple[str, ...]
    why: str
    source: str


_TERM_INT = ("SIGTERM", "SIGINT")
_RELOADER = HandlerFact(
    ("run", "run_simple"),
    ("SIGTERM",),
    "werkzeug 3.1.9: werkzeug/_reloader.py:446; measured 2026-11 with 2.3.8",
    ("debug", "use_reloader"),
    keeps_child="its reloader runs the server in a child, which it waits for and kills when it ends",
)

SIGNAL_HANDLERS: dict[str, tuple[HandlerFact, ...]] = {
    "aiogram": (
        HandlerFact(
            ("start_polling", "run_polling"),
            _TERM_INT,
            "aiogram 3.31.0: aiogram/dispatcher/dispatcher.py:576; 2.25.1's executor has none",
            not_through=("executor",),
        ),
    ),
    "aiohttp": (
        HandlerFact(("run_app",), _TERM_INT, "aiohttp 3.14.5: aiohttp/web_runner.py:304"),
        HandlerFact(
            ("AppRunner", "ServerRunner"), _TERM_INT, "aiohttp 3.14.5: aiohttp/web_runner.py:304", ("handle_signals",)
        ),
    ),
    "arq": (HandlerFact(("run_worker", "run", "async_run"), _TERM_INT, "arq 0.28.0: arq/worker.py:796"),),
    "bokeh": (HandlerFact(("run_until_shutdown",), ("SIGTERM",), "bokeh 3.9.2: bokeh/server/server.py:201"),),
    "celery": (
        HandlerFact(
            ("worker_main", "start"),
            ("SIGTERM", "SIGINT", "SIGQUIT"),
            "celery 5.7.0: celery/platforms.py:748; measured 2026-11",
        ),
    ),
    "cherrypy": (
        HandlerFact(
            ("quickstart", "subscribe"), ("SIGTERM", "SIGHUP"), "cherrypy 18.10.0: cherrypy/process/plugins.py:67,187"
        ),
    ),
    "daemon": (HandlerFact(("DaemonContext",), ("SIGTERM",), "python-daemon 3.1.2: daemon/daemon.py:1005,1017"),),
    "daphne": (HandlerFact(("run",), _TERM_INT, "daphne 4.2.3: daphne/server.py:155"),),
    "disnake": (HandlerFact(("run",), _TERM_INT, "disnake 2.12.2: disnake/client.py:1284"),),
    "flask": (_RELOADER,),
    "flask_socketio": (_RELOADER,),
    "flet": (HandlerFact(("app", "run"), _TERM_INT, "flet 1.0.5: flet/app.py:260"),),
    "functions_framework": (
        HandlerFact(("create_server",), _TERM_INT, "functions-framework 3.10.2: functions_framework/_http/asgi.py:43"),
    ),
    "gunicorn": (
        HandlerFact(
            ("run",),
            ("SIGTERM", "SIGINT", "SIGQUIT"),
            "gunicorn 27.0.1: gunicorn/arbiter.py:234; measured 2026-11",
            reaps=True,
        ),
    ),
    "hikari": (HandlerFact(("run",), _TERM_INT, "hikari 2.7.0: hikari/internal/signals.py:114"),),
    "huey": (HandlerFact(("run",), _TERM_INT, "huey 3.5.4: huey/consumer.py:691"),),
    "hypercorn": (
        HandlerFact(("run", "serve"), _TERM_INT, "hypercorn 0.18.0: hypercorn/asyncio/run.py:74, hypercorn/run.py:80"),
    ),
    "nicegui": (HandlerFact(("run",), _TERM_INT, "nicegui 3.18.0: nicegui/server.py:24 runs uvicorn's server"),),
    "procrastinate": (
        HandlerFact(("run_worker", "run_worker_async"), _TERM_INT, "procrastinate 3.10.0: procrastinate/signals.py:80"),
    ),
    "pyppeteer": (HandlerFact(("launch",), _TERM_INT, "pyppeteer 2.0.0: pyppeteer/launcher.py:161"),),
    "pyrogram": (HandlerFact(("idle", "run"), _TERM_INT, "pyrogram 2.0.106: pyrogram/methods/utilities/idle.py:79"),),
    "quart": (HandlerFact(("run",), _TERM_INT, "quart 0.22.0: quart/app.py:833"),),
    "rq": (HandlerFact(("work",), _TERM_INT, "rq 3.0.0: rq/worker/base.py:603"),),
    "sanic": (
        HandlerFact(
            ("run", "serve", "serve_single"),
            _TERM_INT,
            "sanic 25.12.1: sanic/worker/manager.py:94, server/runners.py:166",
        ),
    ),
    "scrapy": (HandlerFact(("start",), _TERM_INT, "scrapy 2.19.0: scrapy/utils/ossignal.py:24"),),
    "slack": (HandlerFact(("start",), _TERM_INT, "slackclient 2.9.4: slack/rtm/client.py:201"),),
    "slack_sdk": (HandlerFact(("start",), _TERM_INT, "slack-sdk 3.48.0: slack_sdk/rtm/__init__.py:202"),),
    "telegram": (
        HandlerFact(
            ("run_polling", "run_webhook", "idle"),
            ("SIGTERM", "SIGINT", "SIGABRT"),
            "python-telegram-bot 22.8: telegram/ext/_application.py:1044; 13.15: telegram/ext/updater.py:880",
        ),
    ),
    "twisted": (HandlerFact(("run", "react"), _TERM_INT, "twisted 26.10.0: twisted/internet/_signals.py:151"),),
    "uvicorn": (HandlerFact(("run", "serve"), _TERM_INT, "uvicorn 0.54.0: uvicorn/server.py:339; measured 2026-11"),),
    "watchfiles": (
        HandlerFact(("run_process", "arun_process"), ("SIGTERM",), "watchfiles 1.3.0: watchfiles/run.py:439"),
    ),
    "werkzeug": (_RELOADER,),
}

# Libraries of which a name, a version or an option decides that can't be seen.
UNSURE_HANDLERS: dict[str, str] = {
    "connexion": "connexion 3.3.0 runs uvicorn (middleware/main.py:495), 2.14.2 runs Flask's server",
    "ddtrace": "ddtrace 4.16.0 handles SIGTERM where another handler or an option asks it to (internal/atexit.py:66)",
    "discord": "discord.py 2.7.1 has no handler, 1.7.3 (client.py:696) and py-cord 2.8.1 (client.py:856) have one",
    "gradio": "gradio 6.31.0 handles SIGTERM only with its node server (node_server.py:323)",
    "mcp": "mcp 2.3.0 runs uvicorn for some transports (server/mcpserver/server.py:1110)",
    "nextcord": "nextcord 2.0.0a0 handles SIGTERM in run() (client.py:636); other versions weren't read",
    "web3": "web3 8.0.0 handles SIGTERM with a persistent connection alone (main.py:550)",
}

# Version read of each library that was seen neither to install a handler for SIGTERM nor to leave a process
# behind: it starts none, or only short ones that it waits for (`ldd`, `git rev-parse`, `gcloud config`).
# A version alone: the distribution has the name of the import.
HARMLESS: dict[str, str] = {
    "aio_pika": "10.2.1", "aiobotocore": "3.10.0", "aiodns": "4.0.4", "aiofiles": "25.1.0", "aiohttp_cors": "0.8.1",
    "aiohttp_session": "2.12.1", "aiokafka": "0.14.0", "aiomysql": "0.3.2", "aioredis": "2.0.1",
    "aiosqlite": "0.22.1", "alembic": "1.20.1", "allauth": "django-allauth 65.21.1", "altair": "6.3.0",
    "amqp": "5.4.2", "annotated_types": "0.8.0", "anthropic": "2.13.0", "anyio": "4.16.0",
    "argon2": "argon2-cffi 25.1.0", "ariadne": "1.1.1", "arrow": "1.4.0", "asgiref": "3.13.0", "asyncpg": "0.32.0",
    "asyncua": "2.1.0", "atlassian": "atlassian-python-api 5.0.5", "attr": "attrs 26.1.0", "attrs": "26.1.0",
    "authlib": "1.9.10",
    "azure": "azure-core 1.41.0, azure-functions 1.26.0, azure-identity 1.27.0, azure-servicebus 7.15.0, azure-storage-blob 12.31.1",
    "babel": "2.18.0", "backoff": "2.2.1", "bcrypt": "5.0.0", "beanie": "2.2.0", "binance": "python-binance 1.0.37",
    "bleach": "6.4.0", "bleak": "3.1.0", "blinker": "1.9.0", "boto3": "1.44.8", "botocore": "1.44.8",
    "bottle": "0.13.4", "bs4": "beautifulsoup4 4.15.0", "bson": "pymongo 4.20.1", "bugsnag": "4.9.2",
    "cachetools": "8.0.2", "cairosvg": "2.9.1", "cassandra": "cassandra-driver 3.30.1", "ccxt": "4.5.90",
    "certifi": "2026.10.19.post1", "cffi": "2.1.1", "channels": "4.3.2", "channels_redis": "4.3.0",
    "chardet": "7.7.0", "charset_normalizer": "3.5.2", "cheroot": "11.1.2", "click": "8.5.1",
    "clickhouse_driver": "0.2.11", "cohere": "7.3.1", "colorama": "0.4.6", "coloredlogs": "15.0.1",
    "colorlog": "6.12.0", "confluent_kafka": "2.16.1", "consul": "python-consul 1.1.0",
    "corsheaders": "django-cors-headers 4.9.0", "crispy_forms": "django-crispy-forms 2.7", "croniter": "7.0.0",
    "crontab": "python-crontab 3.4.0", "crypto": "pycryptodome 4.4.0", "cryptography": "50.0.2",
    "cssselect": "1.6.0", "cv2": "opencv-python-headless 5.0.0.93", "dacite": "1.9.2", "dash": "4.4.1",
    "dash_bootstrap_components": "2.0.4", "dataclasses_json": "0.6.7", "datadog": "0.56.0", "dateparser": "1.5.0",
    "dateutil": "python-dateutil 4.0.0", "debug_toolbar": "django-debug-toolbar 8.0.0",
    "decouple": "python-decouple 3.8", "defusedxml": "0.7.1", "diskcache": "5.6.3", "dj_database_url": "3.1.2",
    "django": "5.2.19", "django_celery_beat": "2.9.0", "django_celery_results": "2.6.0", "django_extensions": "4.1",
    "django_filters": "django-filter 26.2", "django_redis": "7.0.0", "dns": "dnspython 2.9.2", "docker": "7.2.0",
    "docx": "python-docx 1.2.0", "dotenv": "python-dotenv 1.2.4", "drf_spectacular": "0.30.0",
    "drf_yasg": "1.21.18", "duckdb": "2.0.1", "ecdsa": "0.19.2", "elastic_transport": "9.4.2",
    "elasticapm": "elastic-apm 6.26.2", "elasticsearch": "9.5.1", "email_validator": "2.4.0", "emoji": "2.16.0",
    "engineio": "python-engineio 4.15.1", "environ": "django-environ 0.14.0", "environs": "15.2.0",
    "etcd3": "0.8.1", "eth_account": "0.14.0", "eve": "2.3.1", "eventlet": "0.41.3", "faiss": "faiss-cpu 1.15.1",
    "fake_useragent": "2.2.0", "faker": "40.63.0", "falcon": "4.4.0", "fastapi": "0.165.0",
    "fastapi_users": "15.0.5", "feedparser": "6.0.14", "filelock": "4.2.12", "firebase_admin": "7.7.0",
    "flask": "3.1.3", "flask_admin": "2.2.1", "flask_babel": "4.0.0", "flask_bcrypt": "1.0.1",
    "flask_caching": "2.5.1", "flask_cors": "6.0.5", "flask_httpauth": "4.8.1", "flask_jwt_extended": "4.7.4",
    "flask_limiter": "4.1.1", "flask_login": "0.6.3", "flask_mail": "0.10.0", "flask_marshmallow": "1.5.0",
    "flask_migrate": "4.1.0", "flask_pymongo": "3.0.1", "flask_restful": "0.3.10", "flask_restx": "1.3.2",
    "flask_session": "0.8.0", "flask_socketio": "5.7.0", "flask_sqlalchemy": "3.1.1", "flask_wtf": "1.3.0",
    "folium": "0.20.0", "fuzzywuzzy": "0.18.0", "gevent": "26.9.0", "geopy": "2.5.0", "github": "pygithub 2.10.0",
    "gitlab": "python-gitlab 8.6.0",
    "google": "google-api-core 2.44.0, google-auth 2.63.0, google-cloud-bigquery 3.47.0, google-cloud-core 2.8.0, google-cloud-firestore 2.34.1, google-cloud-logging 3.17.0, google-cloud-pubsub 2.44.0, google-cloud-secret-manager 2.32.0, googleapis-common-protos 1.76.0, protobuf 7.36.2",
    "google_auth_oauthlib": "1.5.0", "googleapiclient": "google-api-python-client 2.202.0", "gql": "4.4.0",
    "gradio_client": "2.7.2", "graphene": "3.4.3", "graypy": "2.1.0", "greenlet": "3.5.6",
    "gridfs": "pymongo 4.20.1", "groq": "1.7.0", "grpc": "grpcio 1.85.3", "gspread": "6.2.1", "gtts": "2.5.4",
    "h11": "0.16.0", "h2": "4.4.1", "hiredis": "3.5.0", "hpack": "4.2.0", "html2text": "2025.4.15",
    "html5lib": "1.1", "httpcore": "1.0.9", "httplib2": "0.32.1", "httptools": "0.9.0", "httpx": "0.28.1",
    "huggingface_hub": "2.4.0", "humanize": "4.17.0", "hvac": "2.4.0", "icmplib": "3.0.4", "idna": "3.20",
    "imageio": "2.38.1", "importlib_metadata": "10.2.0", "influxdb": "5.3.2", "influxdb_client": "1.50.0",
    "inotify": "0.2.12", "itsdangerous": "2.2.0", "janus": "2.0.0", "jinja2": "3.1.6", "jira": "3.10.5",
    "jose": "python-jose 3.5.0", "joserfc": "1.8.0", "jsonschema": "4.26.0", "jwt": "pyjwt 2.15.1",
    "kafka": "kafka-python 3.0.12", "kombu": "5.7.0", "kubernetes": "37.0.2", "langchain": "1.5.2",
    "langchain_community": "0.4.2", "langchain_core": "1.8.4", "langchain_openai": "1.7.4", "ldap3": "2.9.1",
    "lightgbm": "4.7.0", "linebot": "line-bot-sdk 3.27.0", "loguru": "0.7.3", "lxml": "6.1.3",
    "magic": "python-magic 0.4.27", "mangum": "0.22.0", "markdown": "3.11.3", "markupsafe": "3.0.4",
    "marshmallow": "4.4.0", "matplotlib": "3.11.2", "minio": "7.2.20", "mistune": "3.4.0", "molten": "1.0.2",
    "mongoengine": "0.29.3", "motor": "3.7.1", "mpl_toolkits": "matplotlib 3.11.2", "msgpack": "1.2.4",
    "multipart": "python-multipart 0.0.34", "mutagen": "1.48.1", "mysql": "mysql-connector-python 26.10.0",
    "nacl": "pynacl 1.6.2", "nanoid": "2.0.0", "napalm": "5.2.0", "nats": "nats-py 2.16.0", "neo4j": "6.4.1",
    "nest_asyncio": "1.6.0", "netaddr": "1.3.0", "netmiko": "4.8.0", "networkx": "3.6.1", "newrelic": "14.1.0",
    "newspaper": "newspaper3k 0.2.8", "nltk": "3.10.4", "notion_client": "3.1.0", "numba": "0.68.1",
    "numpy": "2.4.6", "oauthlib": "4.0.1", "ollama": "0.6.3", "onnxruntime": "1.32.0", "openai": "3.57.0",
    "openpyxl": "3.1.5", "openssl": "pyopenssl 26.4.0",
    "opentelemetry": "opentelemetry-api 1.45.2, opentelemetry-exporter-otlp 1.45.2, opentelemetry-instrumentation-flask 0.66b1, opentelemetry-sdk 1.45.2",
    "oracledb": "26.1.0", "orjson": "3.13.0", "packaging": "26.3", "paho": "paho-mqtt 2.2.0", "pandas": "3.1.1",
    "parsel": "1.12.1", "passlib": "1.7.4", "pdfminer": "pdfminer-six 20260107", "pdfplumber": "0.11.10",
    "peewee": "4.5.3", "pendulum": "3.3.0", "phonenumbers": "9.0.43", "pika": "1.4.4", "pil": "pillow 13.0.0",
    "pinecone": "10.2.0", "ping3": "5.1.6", "pkg_resources": "setuptools 84.2.1", "playhouse": "peewee 4.5.3",
    "plotly": "7.1.0", "polars": "2.1.0", "praw": "8.0.3", "prometheus_client": "0.26.0",
    "prometheus_fastapi_instrumentator": "8.1.0", "prometheus_flask_exporter": "0.23.2", "psutil": "7.2.2",
    "psycopg": "3.3.9", "psycopg2": "psycopg2-binary 2.9.13", "psycopg_pool": "3.3.3",
    "pulsar": "pulsar-client 3.13.0", "pyarrow": "26.0.1", "pyasn1": "0.6.5", "pycurl": "7.49.0",
    "pydantic": "2.14.4", "pydantic_core": "2.50.5", "pydantic_settings": "2.16.3", "pygal": "3.1.3",
    "pygments": "2.21.0", "pylab": "matplotlib 3.11.2", "pymilvus": "3.0.2", "pymodbus": "3.16.1",
    "pymongo": "4.20.1", "pymysql": "1.2.4", "pyodbc": "5.5.0", "pyotp": "2.12.1", "pypdf": "7.1.1",
    "pyquery": "2.1.0", "pyramid": "2.1", "pysnmp": "7.1.30", "python_multipart": "0.0.34",
    "pythonjsonlogger": "python-json-logger 4.2.0", "pytube": "15.0.0", "pytz": "2026.6", "pyvmomi": "9.1.1.0",
    "qdrant_client": "1.20.0", "qrcode": "8.2", "rapidfuzz": "3.14.6", "raven": "6.10.0", "redis": "8.1.0",
    "regex": "2026.11.19", "reportlab": "5.1.0", "requests": "2.34.2", "requests_oauthlib": "2.0.0",
    "rest_framework": "djangorestframework 3.18.3",
    "rest_framework_simplejwt": "djangorestframework-simplejwt 5.5.1", "retrying": "1.4.2", "rich": "15.0.0",
    "rollbar": "1.5.0", "rsa": "4.9.1", "ruamel": "ruamel-yaml 0.19.1", "s3transfer": "0.19.3",
    "safetensors": "0.8.0", "scapy": "2.8.0", "schedule": "1.2.2", "scipy": "1.17.1", "seaborn": "0.13.2",
    "sendgrid": "6.12.5", "sentry_sdk": "2.75.0", "serial": "pyserial 3.5", "setproctitle": "1.3.8",
    "setuptools": "84.2.1", "shapely": "2.2.0", "shortuuid": "1.0.13", "simple_websocket": "1.1.0",
    "simplejson": "4.3.0", "six": "1.17.0", "sklearn": "scikit-learn 1.9.1", "slack_bolt": "1.30.0",
    "slugify": "python-slugify 9.2.0", "sniffio": "1.3.1", "socketio": "python-socketio 5.18.1",
    "soupsieve": "4.1.3", "spacy": "3.8.18", "speedtest": "speedtest-cli 2.1.3", "spotipy": "2.26.0",
    "sqlalchemy": "2.1.9", "sqlalchemy_utils": "0.43.0", "sqlmodel": "0.0.50", "starlette": "1.10.0",
    "statsd": "4.0.1", "statsmodels": "0.15.0", "stomp": "stomp-py 9.0.0", "storages": "django-storages 1.14.6",
    "stripe": "16.1.0", "structlog": "26.1.0", "sympy": "1.14.0", "tabulate": "0.10.0",
    "telebot": "pytelegrambotapi 4.37.1", "telethon": "1.45.0", "tenacity": "9.2.1", "termcolor": "3.3.0",
    "textblob": "0.20.1", "tiktoken": "0.14.0", "tokenizers": "0.23.3", "toml": "0.10.2", "tomli": "2.5.0",
    "tortoise": "tortoise-orm 1.1.9", "tqdm": "4.70.1", "trafilatura": "2.3.1", "trio": "0.35.0",
    "tweepy": "4.17.0", "twilio": "9.13.0", "typer": "0.29.2", "typing_extensions": "4.16.0", "tzdata": "2026.6",
    "tzlocal": "5.4.5", "ujson": "6.1.0", "unidecode": "1.4.0", "urllib3": "2.8.0", "uvloop": "0.23.0",
    "validators": "0.36.0", "vine": "5.1.0", "vk_api": "11.10.1", "waitress": "3.0.2", "wand": "0.7.2",
    "watchdog": "7.1.0", "weasyprint": "70.0", "web": "web-py 0.76", "webob": "1.8.11",
    "websocket": "websocket-client 1.9.2", "websockets": "17.4", "werkzeug": "3.1.9", "whitenoise": "6.12.0",
    "wsproto": "1.3.2", "wtforms": "3.3.2", "xgboost": "3.2.0", "xlrd": "2.0.2", "xlsxwriter": "3.3.1",
    "xmltodict": "1.0.4", "yaml": "pyyaml 6.0.4", "yfinance": "1.7.0", "zeep": "4.3.3", "zeroconf": "0.154.0",
    "zmq": "pyzmq 27.3.0", "zope": "zope-interface 8.7",
}  # fmt: skip

CHILD_MAKERS: dict[str, ProcessFact] = {
    "ansible_runner": ProcessFact((), "it starts ansible", "ansible-runner 2.4.3: ansible_runner/runner.py:286"),
    "apscheduler": ProcessFact(
        ("ProcessPoolExecutor",), "it starts worker processes", "apscheduler 3.11.3: apscheduler/executors/pool.py:67"
    ),
    "billiard": ProcessFact((), "it starts worker processes", "billiard 4.3.2: billiard/popen_fork.py"),
    "camelot": ProcessFact((), "it starts poppler's tools", "camelot-py 2.0.0: camelot/backends/poppler_backend.py:65"),
    "cloudscraper": ProcessFact((), "it starts node", "cloudscraper 1.2.71: cloudscraper/interpreters/nodejs.py:30"),
    "daemonize": ProcessFact((), "it forks to become a daemon", "daemonize 2.5.0: daemonize.py:104"),
    "discord": ProcessFact(
        ("FFmpegPCMAudio", "FFmpegOpusAudio", "from_probe"),
        "it starts ffmpeg",
        "discord.py 2.7.1: discord/player.py:208",
    ),
    "dulwich": ProcessFact((), "hooks, filters and ssh are programs", "dulwich 1.2.21: dulwich/client.py:2795"),
    "fabric": ProcessFact((), "it exists to start programs", "fabric 3.2.3: fabric/runners.py, on invoke"),
    "ffmpeg": ProcessFact((), "it starts ffmpeg", "ffmpeg-python 0.2.0: ffmpeg/_run.py:284"),
    "gensim": ProcessFact((), "it starts worker processes", "gensim 4.4.0: gensim/corpora/wikicorpus.py:687"),
    "imageio_ffmpeg": ProcessFact((), "it starts ffmpeg", "imageio-ffmpeg 0.8.1: imageio_ffmpeg/_io.py:590"),
    "invoke": ProcessFact((), "it exists to start programs", "invoke 3.0.3: invoke/runners.py:1363"),
    "joblib": ProcessFact(
        ("Parallel",), "it starts worker processes", "joblib 1.6.0: joblib/externals/loky/process_executor.py"
    ),
    "moviepy": ProcessFact((), "it starts ffmpeg", "moviepy 2.2.1: moviepy/config.py:30"),
    "paramiko": ProcessFact(("ProxyCommand",), "proxy commands are programs", "paramiko 5.1.0: paramiko/proxy.py:62"),
    "pdf2image": ProcessFact((), "it starts pdftoppm", "pdf2image 1.17.0: pdf2image/pdf2image.py:241"),
    "pdfkit": ProcessFact((), "it starts wkhtmltopdf", "pdfkit 1.0.0: pdfkit/pdfkit.py:169"),
    "pexpect": ProcessFact((), "it exists to start programs", "pexpect 4.9.0: pexpect/pty_spawn.py"),
    "plumbum": ProcessFact((), "it exists to start programs", "plumbum 2.0.2: plumbum/machines/local.py:54"),
    "pydub": ProcessFact((), "it starts ffmpeg", "pydub 0.25.1: pydub/audio_segment.py:616"),
    "pymupdf": ProcessFact(
        ("get_textpage_ocr", "pdfocr_save"), "it starts tesseract", "pymupdf 2.0: pymupdf/__init__.py:23286"
    ),
    "pyngrok": ProcessFact(
        ("connect", "get_ngrok_process"), "it starts ngrok", "pyngrok 9.1.0: pyngrok/process.py:428"
    ),
    "pytesseract": ProcessFact((), "it starts tesseract", "pytesseract 0.3.13: pytesseract/pytesseract.py:275"),
    "sentence_transformers": ProcessFact(
        ("start_multi_process_pool",),
        "it starts worker processes",
        "sentence-transformers 6.2.0: sentence_transformers/base/model.py:1854",
    ),
    "sh": ProcessFact((), "it exists to start programs", "sh 2.4.0: sh/__init__.py:2054"),
    "speech_recognition": ProcessFact(
        (), "it starts flac", "speechrecognition 3.17.0: speech_recognition/audio.py:467"
    ),
    "tabula": ProcessFact((), "it starts java", "tabula-py 2.10.0: tabula/backend.py:122"),
    "textract": ProcessFact((), "it starts programs of many formats", "textract 2.1.0: textract/parsers/utils.py:225"),
    "tornado": ProcessFact(
        ("fork_processes", "Subprocess"), "it starts processes", "tornado 6.6.1: tornado/process.py:120,231"
    ),
    "watchfiles": ProcessFact(
        ("run_process", "arun_process"), "it starts a program", "watchfiles 1.3.0: watchfiles/run.py:282"
    ),
    "youtube_dl": ProcessFact(
        ("download", "extract_info"), "it starts ffmpeg", "youtube-dl 2021.12.17: youtube_dl/postprocessor/ffmpeg.py"
    ),
    "yt_dlp": ProcessFact(
        ("download", "extract_info"), "it starts ffmpeg", "yt-dlp 2026.10.26: yt_dlp/postprocessor/ffmpeg.py"
    ),
}

_BROWSER = "it drives a browser, which leaves helper processes to PID 1"

ORPHAN_MAKERS: dict[str, ProcessFact] = {
    "git": ProcessFact(
        ("fetch", "pull"), "fetch and pull start `gc --auto` in the background", "gitpython 3.2.1: git/cmd.py:323"
    ),
    "playwright": ProcessFact(
        ("launch", "launch_persistent_context"), _BROWSER, "playwright 1.65.2: playwright/_impl/transport.py:141"
    ),
    "pyppeteer": ProcessFact(("launch",), _BROWSER, "pyppeteer 2.0.0: pyppeteer/launcher.py:148"),
    "requests_html": ProcessFact(("render", "arender"), _BROWSER, "requests-html 0.10.0: on pyppeteer"),
    "selenium": ProcessFact(
        ("Chrome", "Firefox", "Edge", "ChromiumEdge"),
        _BROWSER,
        "selenium 4.52.0: selenium/webdriver/common/service.py:231",
    ),
    "splinter": ProcessFact(("Browser",), _BROWSER, "splinter 0.21.0: on selenium"),
    "undetected_chromedriver": ProcessFact(
        ("Chrome",), _BROWSER, "undetected-chromedriver 3.1.6: undetected_chromedriver/__init__.py:400"
    ),
}
