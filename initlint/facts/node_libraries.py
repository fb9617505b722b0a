"""npm packages: which of them install signal handlers or start processes.

Every row was read from the package that is named beside it: its scripts, for `child_process`,
`process.on("SIG…")`, `cluster.fork` and `detached`. Command-line tools, tests and build scripts
inside a package don't count. A package in none of these tables counts as not read.
"""

from __future__ import annotations

from initlint.records import NamedTuple


class NodeFact(NamedTuple):
    """What using a package does: where `pattern` (a regular expression) is found in the program's text, or always."""

    pattern: str
    why: str
    source: str


BUILTIN_MODULES = frozenset(
    (
        "assert async_hooks buffer child_process cluster console constants crypto dgram diagnostics_channel dns domain "
        "events fs http http2 https inspector module net os path perf_hooks process punycode querystring readline repl "
        "sea sqlite stream string_decoder sys test timers tls trace_events tty url util v8 vm wasi worker_threads zlib"
    ).split()
)

# Handlers for SIGTERM that a package installs.
SIGNAL_HANDLERS: dict[str, NodeFact] = {
    "@godaddy/terminus": NodeFact(r"\bcreateTerminus\b", "", "@godaddy/terminus 4.12.1: lib/terminus.js:160"),
    "@nestjs/core": NodeFact(r"\benableShutdownHooks\b", "", "@nestjs/core 12.5.1: nest-application-context.js:261"),
    "async-exit-hook": NodeFact("", "", "async-exit-hook 2.0.1: index.js:93,126"),
    "death": NodeFact("", "", "death 1.1.0: lib/death.js:24"),
    "exit-hook": NodeFact("", "", "exit-hook 5.1.0: index.js:123"),
    "http-graceful-shutdown": NodeFact("", "", "http-graceful-shutdown 4.0.0: lib/index.js:40"),
    "lightship": NodeFact(r"\bcreateLightship\b", "", "lightship 9.0.3: dist/cjs/factories/createLightship.js:204"),
    "node-cleanup": NodeFact("", "", "node-cleanup 2.1.2: node-cleanup.js:117"),
}

# Packages of which an option decides that can't be seen.
UNSURE_HANDLERS: dict[str, str] = {
    "@apollo/server": "@apollo/server 5.5.1 handles SIGTERM unless told otherwise, then sends it to itself",
    "node-telegram-bot-api": "node-telegram-bot-api 2.1.0 handles SIGTERM in some ways of running it",
    "signal-exit": "signal-exit 4.1.0 handles SIGTERM, then sends it to itself",
}

# Version read of each package that was seen neither to install a handler for SIGTERM nor to leave a process behind.
HARMLESS: dict[str, str] = {
    "@aws-sdk/client-s3": "3.1175.0", "@elastic/elasticsearch": "9.4.3", "@fastify/cors": "11.4.3",
    "@fastify/static": "10.1.11", "@feathersjs/feathers": "5.0.50", "@google-cloud/storage": "7.22.0",
    "@grpc/grpc-js": "1.14.7", "@grpc/proto-loader": "0.8.1", "@hapi/boom": "10.0.1", "@hapi/hapi": "21.4.10",
    "@hapi/joi": "17.1.1", "@hono/node-server": "2.1.9", "@koa/router": "15.7.0", "@nestjs/common": "12.5.1",
    "@prisma/client": "7.10.0", "@sentry/node": "11.12.0", "@slack/bolt": "5.1.0", "@slack/web-api": "8.2.0",
    "adm-zip": "0.6.1", "ajv": "8.20.0", "amqplib": "2.3.1", "apollo-server": "3.13.0",
    "apollo-server-express": "3.13.0", "archiver": "8.0.0", "async": "3.2.6", "awilix": "13.0.5",
    "aws-sdk": "2.1693.0", "axios": "1.21.1", "bcrypt": "6.0.0", "bcryptjs": "3.0.3", "better-sqlite3": "12.11.1",
    "bignumber.js": "11.1.5", "bluebird": "3.7.2", "body-parser": "2.4.0", "bookshelf": "1.2.0", "boxen": "8.0.1",
    "bunyan": "2.0.5", "canvas": "3.2.3", "cassandra-driver": "4.10.0", "chalk": "5.6.2", "cheerio": "1.2.0",
    "chokidar": "5.0.0", "class-transformer": "0.5.1", "class-validator": "0.15.1", "classnames": "2.5.1",
    "colors": "1.4.0", "commander": "14.0.3", "compression": "1.8.2", "config": "5.0.1", "connect": "3.7.0",
    "connect-flash": "0.1.1", "connect-mongo": "6.0.0", "connect-redis": "9.0.0", "convict": "6.2.5",
    "cookie": "1.1.1", "cookie-parser": "1.4.7", "cookie-session": "2.1.1", "core-js": "3.51.0", "cors": "2.8.6",
    "cron-parser": "5.10.6", "csurf": "1.11.0", "csv-parse": "7.0.3", "csv-parser": "3.2.1", "date-fns": "4.4.0",
    "dayjs": "1.11.23", "debug": "4.4.3", "decimal.js": "10.6.0", "dockerode": "5.0.1", "dotenv": "18.0.10",
    "dotenv-expand": "1000.0.0", "ejs": "7.0.2", "elasticsearch": "16.7.3", "engine.io": "6.6.12",
    "envalid": "8.2.0", "errorhandler": "1.5.2", "ethers": "6.17.0", "exceljs": "4.4.0", "express": "5.3.0",
    "express-async-errors": "3.1.1", "express-async-handler": "1.2.0", "express-basic-auth": "1.2.1",
    "express-fileupload": "1.5.2", "express-handlebars": "8.0.1", "express-pino-logger": "7.0.0",
    "express-prom-bundle": "8.0.0", "express-rate-limit": "8.7.5", "express-session": "1.19.0",
    "express-validator": "7.3.2", "express-winston": "4.2.0", "fastify": "5.12.8", "fastify-plugin": "6.0.1",
    "faye": "1.4.3", "figlet": "1.12.0", "finalhandler": "2.1.1", "firebase-admin": "13.10.0", "form-data": "4.0.6",
    "fs-extra": "11.4.1", "glob": "14.0.6", "googleapis": "178.0.0", "got": "14.6.6", "graceful-fs": "4.2.12",
    "graphql": "16.15.0", "handlebars": "4.7.10", "hbs": "4.3.1", "helmet": "8.3.0", "hono": "4.13.19",
    "http-errors": "2.0.1", "http-proxy": "1.18.1", "http-proxy-middleware": "3.0.11", "http-terminator": "3.2.0",
    "iconv": "3.0.1", "iconv-lite": "0.7.3", "influx": "5.12.0", "inquirer": "14.2.5", "inversify": "8.2.3",
    "ioredis": "6.0.0", "jimp": "1.6.1", "joi": "18.3.2", "js-yaml": "5.5.0", "jsonwebtoken": "9.0.3",
    "jwt-decode": "4.0.0", "kafkajs": "2.2.4", "kleur": "4.1.5", "knex": "3.3.0", "koa": "3.3.0",
    "koa-bodyparser": "4.4.1", "koa-router": "14.0.0", "koa-static": "5.0.0", "level": "10.0.0",
    "liquidjs": "10.30.1", "lodash": "4.18.1", "log4js": "6.9.1", "loglevel": "1.9.2", "loopback": "3.28.0",
    "lru-cache": "11.5.3", "luxon": "3.7.2", "memcached": "2.2.2", "method-override": "3.0.0", "micro": "10.0.1",
    "mime": "4.1.2", "mime-types": "3.0.2", "mineflayer": "4.25.0", "minimist": "1.2.8", "mkdirp": "3.0.1",
    "moment": "2.31.0", "moment-timezone": "0.6.6", "mongoose": "9.12.1", "morgan": "1.12.1", "mqtt": "5.16.0",
    "ms": "2.1.3", "mssql": "12.7.14", "multer": "2.5.0", "mustache": "4.2.0", "mysql": "2.18.1",
    "mysql2": "3.24.6", "nanoid": "5.1.16", "nats": "2.29.3", "nconf": "0.13.0", "neo4j-driver": "6.3.0",
    "node-cache": "5.1.2", "node-fetch": "3.3.2", "node-schedule": "2.1.1", "nodegit": "0.27.0",
    "nunjucks": "3.2.4", "objection": "3.1.5", "on-finished": "2.4.2", "openai": "6.49.0", "ora": "9.4.1",
    "oracledb": "26.0.0", "p-limit": "7.3.3", "p-map": "7.1.1", "p-queue": "9.3.5", "papaparse": "5.7.1",
    "passport": "0.7.0", "passport-jwt": "4.0.1", "passport-local": "1.0.0", "pdf-lib": "1.17.1",
    "pdfkit": "0.20.2", "peer": "1.0.2", "pg": "8.23.1", "picocolors": "1.1.1", "pino": "10.4.0",
    "pino-http": "11.0.0", "pino-pretty": "13.2.0", "polka": "0.5.2", "prom-client": "15.1.3", "prompts": "2.4.2",
    "protobufjs": "8.8.1", "pug": "3.0.4", "qrcode": "1.5.4", "qs": "6.17.1", "ramda": "0.32.0", "rc": "1.2.8",
    "react": "19.3.1", "react-dom": "19.3.1", "redis": "6.3.1", "reflect-metadata": "0.2.2", "request": "2.88.2",
    "response-time": "2.3.4", "restify": "11.1.0", "rimraf": "6.1.4", "rxjs": "7.8.2", "semver": "7.8.6",
    "send": "1.2.1", "sequelize": "6.37.8", "serve-favicon": "2.5.1", "serve-handler": "6.1.8",
    "serve-static": "2.2.1", "sharp": "0.35.5", "socket.io": "4.8.4", "socket.io-client": "4.8.4",
    "sockjs": "0.3.24", "source-map-support": "0.5.21", "sqlite3": "6.0.1", "ssh2": "1.17.0", "steam-user": "5.3.0",
    "stoppable": "1.1.0", "stripe": "23.1.0", "superagent": "10.4.2", "superstruct": "2.0.2",
    "swagger-jsdoc": "6.3.0", "swagger-ui-express": "5.0.1", "tar": "7.5.23", "tedious": "19.2.2",
    "telegraf": "4.16.3", "terminus": "1.1.0", "tmi.js": "1.8.5", "tslib": "2.9.1", "twilio": "6.2.0",
    "typeorm": "1.1.1", "underscore": "1.13.8", "unzipper": "0.12.5", "uuid": "14.0.3", "validator": "13.15.35",
    "vhost": "3.0.2", "web3": "4.16.0", "winston": "3.19.0", "ws": "8.23.0", "xlsx": "0.18.5", "xml2js": "0.6.2",
    "yaml": "2.9.1", "yargs": "18.2.0", "yup": "1.7.1", "zod": "4.6.7",
}  # fmt: skip

_PROGRAMS = "it exists to start programs"

# Those of them whose programs are what the one that uses them is for.
LAUNCHERS = frozenset(["concurrently", "forever", "nodemon", "npm-run-all", "pm2"])
CHILD_MAKERS: dict[str, NodeFact] = {
    "agenda": NodeFact(r"\bfork\b", "it can run a job in a process of its own", "agenda 6.2.6: dist/Job.js:3"),
    "bull": NodeFact(
        r"\.process\s*\([^;]{0,80}(?:__dirname|\.js['\"`])",
        "a processor in a file of its own is a process",
        "bull 4.16.5: lib/process/child-pool.js:3",
    ),
    "bullmq": NodeFact(
        r"new\s+(?:\w+\.)?Worker\s*\([^;]{0,80}(?:__dirname|\.js['\"`]|[pP]rocessorFile)",
        "a processor in a file of its own is a process",
        "bullmq 6.7.0: dist/cjs/classes/child.js:80",
    ),
    "chrome-launcher": NodeFact("", "it starts Chrome", "chrome-launcher 1.2.1: dist/chrome-launcher.js:235"),
    "concurrently": NodeFact("", _PROGRAMS, "concurrently 9.2.5: dist/src/spawn.js:9"),
    "cron": NodeFact(r"command\s*:", "a job can be a command", "cron 4.4.0: dist/job.js:92"),
    "cross-spawn": NodeFact("", _PROGRAMS, "cross-spawn 7.0.6: index.js:12"),
    "discord.js": NodeFact(
        r"\bShardingManager\b", "a shard is a process of its own", "discord.js 14.28.1: src/sharding/Shard.js:123"
    ),
    "execa": NodeFact("", _PROGRAMS, "execa 9.6.1: lib/methods/main-async.js:79"),
    "fluent-ffmpeg": NodeFact("", "it starts ffmpeg", "fluent-ffmpeg 2.1.3: lib/processor.js:150"),
    "forever": NodeFact("", _PROGRAMS, "forever 4.0.3: lib/forever.js:451"),
    "mongodb": NodeFact(
        r"\bautoEncryption\b",
        "it starts mongocryptd",
        "mongodb 7.9.0: lib/client-side-encryption/mongocryptd_manager.js:42",
    ),
    "next": NodeFact("", "it starts worker processes", "next 16.4.6: dist/lib, dist/server"),
    "node-cron": NodeFact(
        r"\bschedule\s*\([^;]{0,120}(?:__dirname|\.js['\"`])",
        "a task in a file of its own is a process",
        "node-cron 4.6.0: dist/node-cron.cjs:383",
    ),
    "node-pty": NodeFact("", _PROGRAMS, "node-pty 1.1.0: lib/index.js:29"),
    "nodemailer": NodeFact(
        r"\bsendmail\s*:", "it can start sendmail", "nodemailer 10.6.1: dist/cjs/sendmail-transport/index.js:64"
    ),
    "nodemon": NodeFact("", _PROGRAMS, "nodemon 3.1.14: lib/monitor/run.js:5"),
    "pm2": NodeFact("", _PROGRAMS, "pm2 7.0.4: lib/Client.js:253"),
    "shelljs": NodeFact("", _PROGRAMS, "shelljs 0.10.0: src/exec.js:3"),
    "simple-git": NodeFact("", "it runs git", "simple-git 4.0.2: dist/index.cjs:1"),
    "update-notifier": NodeFact("", "it starts a check", "update-notifier 7.3.1: update-notifier.js:110"),
    "worker-farm": NodeFact("", "it starts worker processes", "worker-farm 1.7.0: lib/fork.js:3"),
    "zx": NodeFact("", _PROGRAMS, "zx 8.8.5: build/core.cjs:45"),
}

_BROWSER = "it drives a browser, which leaves helper processes to PID 1"

ORPHAN_MAKERS: dict[str, NodeFact] = {
    "playwright": NodeFact(r"\.launch\w*\s*\(", _BROWSER, "playwright 1.65.1, on playwright-core"),
    "playwright-core": NodeFact(r"\.launch\w*\s*\(", _BROWSER, "playwright-core 1.65.1: lib/coreBundle.js"),
    "puppeteer": NodeFact(
        r"\.launch\s*\(", _BROWSER, "puppeteer-core 24.43.1: lib/cjs/puppeteer/node/BrowserLauncher.js:113"
    ),
    "puppeteer-core": NodeFact(
        r"\.launch\s*\(", _BROWSER, "puppeteer-core 24.43.1: lib/cjs/puppeteer/node/BrowserLauncher.js:113"
    ),
    "selenium-webdriver": NodeFact(
        r"\.forBrowser\s*\((?![\s\S]*\.usingServer)", _BROWSER, "selenium-webdriver 4.46.0: io/exec.js:126"
    ),
    "simple-git": NodeFact(
        r"\.(?:pull|fetch|commit|merge|rebase)\s*\(",
        "git starts `gc --auto` in the background",
        "simple-git 4.0.2: dist/index.cjs:1",
    ),
    "whatsapp-web.js": NodeFact(r"\.initialize\s*\(", _BROWSER, "whatsapp-web.js 1.34.7: on puppeteer"),
}
