"""Small projects that several tests look at."""

from __future__ import annotations

# One finding in the Dockerfile: node ignores SIGTERM, and may start processes.
NODE = {"Dockerfile": 'FROM node:20\nCMD ["node", "server.js"]\n'}

# Nothing to report.
NGINX = {"Dockerfile": 'FROM nginx:1.27\nCMD ["nginx", "-g", "daemon off;"]\n'}

# One finding, in the script: it keeps PID 1. Its fix is in the script alone.
SCRIPT = {
    "Dockerfile": 'FROM debian:12\nCOPY start.sh /start.sh\nENTRYPOINT ["/start.sh"]\nCMD ["nginx", "-g", "daemon off;"]\n',
    "start.sh*": '#!/bin/sh\nset -e\necho "starting"\n"$@"\n',
}

# A shell that keeps PID 1: IL103 and nothing else.
SHELL = {"Dockerfile": "FROM debian:12\nCMD nginx -g 'daemon off;'\n"}

NO_FROM = "RUN echo hello\n"
