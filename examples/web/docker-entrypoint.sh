#!/bin/sh
set -e

mkdir -p /srv/pictures
echo "serving /srv/pictures on port $PORT"

"$@"
