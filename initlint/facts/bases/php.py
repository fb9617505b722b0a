"""What PHP images start."""

from __future__ import annotations

from initlint.facts import BaseFact
from initlint.facts.bases import programs as have
from initlint.facts.bases import scripts as does
from initlint.facts.bases.platforms import ALPINE, DEBIAN, base

FACTS: tuple[BaseFact, ...] = (
    base(
        "php",
        "*-alpine-fpm",
        "7.3.4…8.6.0-alpine-fpm",
        "7.2.17…7.2.34-alpine-fpm",
        "7.1.28…7.1.33-alpine-fpm",
        "*-alpine-fpm-rc",
        on=ALPINE,
        release="3.24",
        flavour="alpine-fpm",
        entrypoint=("docker-php-entrypoint",),
        cmd=("php-fpm",),
        workdir="/var/www/html",
        stop="SIGQUIT",
        env={"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"},
        scripts=does.PHP_FPM,
        programs=have.PHP_FPM,
        read="docker-library/php@445bf414f1d5:8.5/alpine3.24/fpm/Dockerfile",
        lines={"entrypoint": 207, "workdir": 208, "stop_signal": 255, "cmd": 258},
    ),
    base(
        "php",
        "*-apache",
        "*-apache-RELEASE",
        "7.3.8…8.6.0-apache",
        "7.3.8…8.6.0-apache-RELEASE",
        "7.2.21…7.2.34-apache",
        "7.2.21…7.2.34-apache-RELEASE",
        "7.1.31…7.1.33-apache",
        "7.1.31…7.1.33-apache-RELEASE",
        "*-apache-rc",
        on=DEBIAN,
        release="trixie",
        flavour="apache",
        entrypoint=("docker-php-entrypoint",),
        cmd=("apache2-foreground",),
        workdir="/var/www/html",
        stop="SIGWINCH",
        env={"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"},
        scripts=does.PHP_APACHE,
        programs=have.PHP_APACHE,
        read="docker-library/php@445bf414f1d5:8.5/trixie/apache/Dockerfile",
        lines={"entrypoint": 283, "stop_signal": 285, "workdir": 288, "cmd": 291},
    ),
    base(
        "php",
        "*-fpm",
        "*-fpm-RELEASE",
        "7.3.4…8.6.0-fpm",
        "7.3.4…8.6.0-fpm-RELEASE",
        "7.2.17…7.2.34-fpm",
        "7.2.17…7.2.34-fpm-RELEASE",
        "7.1.28…7.1.33-fpm",
        "7.1.28…7.1.33-fpm-RELEASE",
        "*-fpm-rc",
        on=DEBIAN,
        release="trixie",
        flavour="fpm",
        entrypoint=("docker-php-entrypoint",),
        cmd=("php-fpm",),
        workdir="/var/www/html",
        stop="SIGQUIT",
        env={"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"},
        scripts=does.PHP_FPM,
        programs=have.PHP_FPM,
        read="docker-library/php@445bf414f1d5:8.5/trixie/fpm/Dockerfile",
        lines={"entrypoint": 224, "workdir": 225, "stop_signal": 272, "cmd": 275},
    ),
    base(
        "php",
        "*-alpine",
        "7.0.14…8.6.0-alpine",
        "5.6.29…5.6.40-alpine",
        "*-alpine-cli",
        "*-alpine-rc",
        "*-alpine-zts",
        "5.6.31…8.6.0-alpine-cli",
        "7.0.14…8.6.0-alpine-zts",
        "5.6.29…5.6.40-alpine-zts",
        "*-alpine-cli-rc",
        "*-alpine-rc-zts",
        on=ALPINE,
        release="3.24",
        flavour="alpine",
        entrypoint=("docker-php-entrypoint",),
        cmd=("php", "-a"),
        env={"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"},
        scripts=does.PHP,
        programs=have.PHP,
        read="docker-library/php@445bf414f1d5:8.5/alpine3.24/cli/Dockerfile",
        lines={"entrypoint": 202, "cmd": 203},
    ),
    base(
        "php",
        "*",
        "7.0.14…8.6.0",
        "5.6.29…5.6.40",
        "*-cli",
        "*-rc",
        "*-zts",
        "7.0.14…8.6.0-cli",
        "7.0.14…8.6.0-zts",
        "5.6.29…5.6.40-cli",
        "5.6.29…5.6.40-zts",
        "*-cli-rc",
        "*-rc-zts",
        on=DEBIAN,
        release="trixie",
        flavour="cli",
        entrypoint=("docker-php-entrypoint",),
        cmd=("php", "-a"),
        env={"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"},
        scripts=does.PHP,
        programs=have.PHP,
        read="docker-library/php@445bf414f1d5:8.5/trixie/cli/Dockerfile",
        lines={"entrypoint": 222, "cmd": 223},
    ),
    base(
        "php",
        "7.3.0…7.3.7-apache",
        "7.3.0…7.3.7-apache-RELEASE",
        "7.2.0…7.2.20-apache",
        "7.2.0…7.2.20-apache-RELEASE",
        "5.6.31…7.1.30-apache-RELEASE",
        "7.0.14…7.1.30-apache",
        "5.6.29…5.6.40-apache",
        "*-apache-rc-RELEASE",
        "7-apache-jessie",
        "7.1-apache-jessie",
        "apache-jessie",
        on=DEBIAN,
        release="stretch",
        flavour="apache",
        entrypoint=("docker-php-entrypoint",),
        cmd=("apache2-foreground",),
        workdir="/var/www/html",
        env={"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"},
        scripts=does.PHP_APACHE,
        programs=have.PHP_APACHE,
        read="docker-library/php@30447e375186:7.3/stretch/apache/Dockerfile",
        lines={"entrypoint": 278, "workdir": 281, "cmd": 284},
    ),
    base(
        "php",
        "7.3.0…7.3.3-fpm",
        "7.3.0…7.3.3-fpm-RELEASE",
        "7.2.0…7.2.16-fpm",
        "7.2.0…7.2.16-fpm-RELEASE",
        "5.6.31…7.1.27-fpm-RELEASE",
        "7.0.14…7.1.27-fpm",
        "5.6.29…5.6.40-fpm",
        "7-fpm-jessie",
        "fpm-jessie",
        on=DEBIAN,
        release="stretch",
        flavour="fpm",
        entrypoint=("docker-php-entrypoint",),
        cmd=("php-fpm",),
        workdir="/var/www/html",
        env={"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"},
        scripts=does.PHP_FPM,
        programs=have.PHP_FPM,
        read="docker-library/php@bb16de8a711d:7.3/stretch/fpm/Dockerfile",
        lines={"entrypoint": 223, "workdir": 225, "cmd": 266},
    ),
    base(
        "php",
        "7.3.0…7.3.3-alpine-fpm",
        "7.2.0…7.2.16-alpine-fpm",
        "7.0.14…7.1.27-alpine-fpm",
        "5.6.29…5.6.40-alpine-fpm",
        "7-fpm-alpine3.4",
        "7-fpm-alpine3.6",
        "7-fpm-alpine3.7",
        "7.1-fpm-alpine3.4",
        "7.1-fpm-alpine3.7",
        "7.2-fpm-alpine3.6",
        "7.2-fpm-alpine3.7",
        "fpm-alpine3.4",
        "fpm-alpine3.6",
        "fpm-alpine3.7",
        on=ALPINE,
        release="3.9",
        flavour="alpine-fpm",
        entrypoint=("docker-php-entrypoint",),
        cmd=("php-fpm",),
        workdir="/var/www/html",
        env={"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"},
        scripts=does.PHP_FPM,
        programs=have.PHP_FPM,
        read="docker-library/php@bb16de8a711d:7.3/alpine3.9/fpm/Dockerfile",
        lines={"entrypoint": 184, "workdir": 186, "cmd": 227},
    ),
    base(
        "php",
        "7.0.0…7.0.13-apache",
        "5.6.4…5.6.28-apache",
        on=DEBIAN,
        release="jessie",
        flavour="apache",
        cmd=("apache2-foreground",),
        workdir="/var/www/html",
        env={"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"},
        programs=have.PHP_APACHE,
        read="docker-library/php@173945670390:7.0/apache/Dockerfile",
        lines={"workdir": 186, "cmd": 189},
    ),
    base(
        "php",
        "7.0.0…7.0.13-fpm",
        "5.6.3…5.6.28-fpm",
        on=DEBIAN,
        release="jessie",
        flavour="fpm",
        cmd=("php-fpm",),
        workdir="/var/www/html",
        env={"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"},
        programs=have.PHP_FPM,
        read="docker-library/php@173945670390:7.0/fpm/Dockerfile",
        lines={"workdir": 130, "cmd": 169},
    ),
    base(
        "php",
        "7.0.4…7.0.13-alpine-fpm",
        "5.6.19…5.6.28-alpine-fpm",
        on=ALPINE,
        release="3.4",
        flavour="alpine-fpm",
        cmd=("php-fpm",),
        workdir="/var/www/html",
        env={"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"},
        programs=have.PHP_FPM,
        read="docker-library/php@173945670390:7.0/fpm/alpine/Dockerfile",
        lines={"workdir": 140, "cmd": 179},
    ),
    base(
        "php",
        "7.0.4…7.0.13-alpine",
        "5.6.19…5.6.28-alpine",
        "7.0.4…7.0.13-alpine-zts",
        "5.6.19…5.6.28-alpine-zts",
        on=ALPINE,
        release="3.4",
        flavour="alpine",
        cmd=("php", "-a"),
        env={"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"},
        programs=have.PHP,
        read="docker-library/php@173945670390:7.0/alpine/Dockerfile",
        lines={"cmd": 139},
    ),
    base(
        "php",
        "7.0.0…7.0.13",
        "5.6.1…5.6.28",
        "7.0.0…7.0.13-cli",
        "7.0.2…7.0.13-zts",
        "5.6.0…5.6.28-cli",
        "5.6.17…5.6.28-zts",
        on=DEBIAN,
        release="jessie",
        flavour="cli",
        cmd=("php", "-a"),
        env={"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"},
        programs=have.PHP,
        read="docker-library/php@173945670390:7.0/Dockerfile",
        lines={"cmd": 129},
    ),
    base(
        "php",
        "5.6.0…5.6.3-apache",
        on=DEBIAN,
        release="jessie",
        flavour="apache",
        cmd=("apache2", "-DFOREGROUND"),
        workdir="/var/www/html",
        env={"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"},
        programs=have.PHP,
        read="docker-library/php@58c3fd175cb3:5.6/apache/Dockerfile",
        lines={"workdir": 70, "cmd": 73},
    ),
    base(
        "composer",
        "*",
        "1.10.7…2.10.2",
        "1.9.3…1.9.3",
        "1.5.0…1.6.4",
        "*-lts",
        on=ALPINE,
        release="3.24",
        entrypoint=("/docker-entrypoint.sh",),
        cmd=("composer",),
        workdir="/app",
        env={"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"},
        inits={"tini": "/sbin/tini"},
        scripts=does.COMPOSER,
        programs=have.COMPOSER,
        read="composer/docker@c457fac36cd2:latest/Dockerfile",
        lines={"entrypoint": 88, "workdir": 86, "cmd": 90},
    ),
    base(
        "composer",
        "1.10.0…1.10.6",
        "1.6.5…1.9.2",
        on=ALPINE,
        release="3.16",
        entrypoint=("/bin/sh", "/docker-entrypoint.sh"),
        cmd=("composer",),
        workdir="/app",
        env={"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"},
        read="composer/docker@719eb94597f3:1.10/Dockerfile",
        lines={"entrypoint": 62, "workdir": 60, "cmd": 64},
    ),
)

# Which release a tag stands on that names none: see releases.py.
RELEASES: dict[str, dict[str, str]] = {
    "php": {
        "cli": (
            "5.6.0:jessie 5.6.36:stretch 7.0.0:jessie 7.0.30:stretch 7.1.0:jessie 7.1.17:stretch "
            "7.1.30:buster 7.2.0:stretch 7.2.20:buster 7.3.0:stretch 7.3.7:buster 7.3.29:bullseye "
            "7.4.0:buster 7.4.22:bullseye 8.0.0:buster 8.0.9:bullseye 8.1.20:bookworm 8.1.33:trixie "
            "8.2.0:bullseye 8.2.7:bookworm 8.2.29:trixie 8.3.0:bookworm 8.3.24:trixie 8.4.1:bookworm "
            "8.4.11:trixie"
        ),
        "apache": (
            "5.6.0:jessie 5.6.36:stretch 7.0.0:jessie 7.0.30:stretch 7.1.0:jessie 7.1.17:stretch "
            "7.1.30:buster 7.2.0:stretch 7.2.20:buster 7.3.0:stretch 7.3.7:buster 7.3.29:bullseye "
            "7.4.0:buster 7.4.22:bullseye 8.0.0:buster 8.0.9:bullseye 8.1.20:bookworm 8.1.33:trixie "
            "8.2.0:bullseye 8.2.7:bookworm 8.2.29:trixie 8.3.0:bookworm 8.3.24:trixie 8.4.1:bookworm "
            "8.4.11:trixie"
        ),
        "": (
            "5.6.1:jessie 5.6.36:stretch 7.0.0:jessie 7.0.30:stretch 7.1.0:jessie 7.1.17:stretch "
            "7.1.30:buster 7.2.0:stretch 7.2.20:buster 7.3.0:stretch 7.3.7:buster 7.3.29:bullseye "
            "7.4.0:buster 7.4.22:bullseye 8.0.0:buster 8.0.9:bullseye 8.1.20:bookworm 8.1.33:trixie "
            "8.2.0:bullseye 8.2.7:bookworm 8.2.29:trixie 8.3.0:bookworm 8.3.24:trixie 8.4.1:bookworm "
            "8.4.11:trixie"
        ),
        "fpm": (
            "5.6.3:jessie 5.6.36:stretch 7.0.0:jessie 7.0.30:stretch 7.1.0:jessie 7.1.17:stretch "
            "7.1.30:buster 7.2.0:stretch 7.2.20:buster 7.3.0:stretch 7.3.7:buster 7.3.29:bullseye "
            "7.4.0:buster 7.4.22:bullseye 8.0.0:buster 8.0.9:bullseye 8.1.20:bookworm 8.1.33:trixie "
            "8.2.0:bullseye 8.2.7:bookworm 8.2.29:trixie 8.3.0:bookworm 8.3.24:trixie 8.4.1:bookworm "
            "8.4.11:trixie"
        ),
        "zts": (
            "5.6.17:jessie 5.6.36:stretch 7.0.2:jessie 7.0.30:stretch 7.1.0:jessie 7.1.17:stretch "
            "7.1.30:buster 7.2.0:stretch 7.2.20:buster 7.3.0:stretch 7.3.7:buster 7.3.29:bullseye "
            "7.4.0:buster 7.4.22:bullseye 8.0.0:buster 8.0.9:bullseye 8.1.20:bookworm 8.1.33:trixie "
            "8.2.0:bullseye 8.2.7:bookworm 8.2.29:trixie 8.3.0:bookworm 8.3.24:trixie 8.4.1:bookworm "
            "8.4.11:trixie"
        ),
        "alpine": (
            "5.6.19:3.3 5.6.22:3.4 5.6.36:3.7 5.6.37:3.8 7.0.4:3.3 7.0.7:3.4 7.0.30:3.7 7.1.0:3.4 "
            "7.1.17:3.7 7.1.21:3.8 7.1.26:3.9 7.1.30:3.10 7.2.0:3.6 7.2.5:3.7 7.2.9:3.8 7.2.14:3.9 "
            "7.2.19:3.10 7.2.26:3.11 7.2.31:3.12 7.3.0:3.8 7.3.1:3.9 7.3.6:3.10 7.3.13:3.11 7.3.19:3.12 "
            "7.3.26:3.13 7.3.28:3.14 7.3.33:3.15 7.4.0:3.10 7.4.1:3.11 7.4.7:3.12 7.4.14:3.13 7.4.20:3.14 "
            "7.4.26:3.15 7.4.29:3.16 8.0.0:3.12 8.0.1:3.13 8.0.7:3.14 8.0.13:3.15 8.0.19:3.16 8.1.0:3.15 "
            "8.1.6:3.16 8.1.13:3.17 8.1.18:3.18 8.1.26:3.19 8.1.28:3.20 8.1.31:3.21 8.2.0:3.17 8.2.6:3.18 "
            "8.2.13:3.19 8.2.19:3.20 8.2.26:3.21 8.2.28:3.22 8.2.29:3.23 8.2.31:3.24 8.3.0:3.19 "
            "8.3.7:3.20 8.3.14:3.21 8.3.22:3.22 8.3.28:3.23 8.3.31:3.24 8.4.1:3.21 8.4.8:3.22 8.4.15:3.23 "
            "8.4.22:3.24 8.5.0:3.23 8.5.7:3.24"
        ),
        "alpine fpm": (
            "5.6.19:3.3 5.6.22:3.4 5.6.36:3.7 5.6.37:3.8 7.0.4:3.3 7.0.7:3.4 7.0.30:3.7 7.1.0:3.4 "
            "7.1.17:3.7 7.1.21:3.8 7.1.26:3.9 7.1.30:3.10 7.2.0:3.6 7.2.5:3.7 7.2.9:3.8 7.2.14:3.9 "
            "7.2.19:3.10 7.2.26:3.11 7.2.31:3.12 7.3.0:3.8 7.3.1:3.9 7.3.6:3.10 7.3.13:3.11 7.3.19:3.12 "
            "7.3.26:3.13 7.3.28:3.14 7.3.33:3.15 7.4.0:3.10 7.4.1:3.11 7.4.7:3.12 7.4.14:3.13 7.4.20:3.14 "
            "7.4.26:3.15 7.4.29:3.16 8.0.0:3.12 8.0.1:3.13 8.0.7:3.14 8.0.13:3.15 8.0.19:3.16 8.1.0:3.15 "
            "8.1.6:3.16 8.1.13:3.17 8.1.18:3.18 8.1.26:3.19 8.1.28:3.20 8.1.31:3.21 8.2.0:3.17 8.2.6:3.18 "
            "8.2.13:3.19 8.2.19:3.20 8.2.26:3.21 8.2.28:3.22 8.2.29:3.23 8.2.31:3.24 8.3.0:3.19 "
            "8.3.7:3.20 8.3.14:3.21 8.3.22:3.22 8.3.28:3.23 8.3.31:3.24 8.4.1:3.21 8.4.8:3.22 8.4.15:3.23 "
            "8.4.22:3.24 8.5.0:3.23 8.5.7:3.24"
        ),
        "alpine zts": (
            "5.6.19:3.3 5.6.22:3.4 5.6.36:3.7 5.6.37:3.8 7.0.4:3.3 7.0.7:3.4 7.0.30:3.7 7.1.0:3.4 "
            "7.1.17:3.7 7.1.21:3.8 7.1.26:3.9 7.1.30:3.10 7.2.0:3.6 7.2.5:3.7 7.2.9:3.8 7.2.14:3.9 "
            "7.2.19:3.10 7.2.26:3.11 7.2.31:3.12 7.3.0:3.8 7.3.1:3.9 7.3.6:3.10 7.3.13:3.11 7.3.19:3.12 "
            "7.3.26:3.13 7.3.28:3.14 7.3.33:3.15 7.4.0:3.10 7.4.1:3.11 7.4.7:3.12 7.4.14:3.13 7.4.20:3.14 "
            "7.4.26:3.15 7.4.29:3.16 8.0.18:3.15 8.0.19:3.16 8.1.5:3.15 8.1.6:3.16 8.1.13:3.17 "
            "8.1.18:3.18 8.1.26:3.19 8.1.28:3.20 8.1.31:3.21 8.2.0:3.17 8.2.6:3.18 8.2.13:3.19 "
            "8.2.19:3.20 8.2.26:3.21 8.2.28:3.22 8.2.29:3.23 8.2.31:3.24 8.3.0:3.19 8.3.7:3.20 "
            "8.3.14:3.21 8.3.22:3.22 8.3.28:3.23 8.3.31:3.24 8.4.1:3.21 8.4.8:3.22 8.4.15:3.23 "
            "8.4.22:3.24 8.5.0:3.23 8.5.7:3.24"
        ),
        "alpine cli": (
            "5.6.31:3.4 5.6.36:3.7 5.6.37:3.8 7.0.24:3.4 7.0.30:3.7 7.1.10:3.4 7.1.17:3.7 7.1.21:3.8 "
            "7.1.26:3.9 7.1.30:3.10 7.2.0:3.6 7.2.5:3.7 7.2.9:3.8 7.2.14:3.9 7.2.19:3.10 7.2.26:3.11 "
            "7.2.31:3.12 7.3.0:3.8 7.3.1:3.9 7.3.6:3.10 7.3.13:3.11 7.3.19:3.12 7.3.26:3.13 7.3.28:3.14 "
            "7.3.33:3.15 7.4.0:3.10 7.4.1:3.11 7.4.7:3.12 7.4.14:3.13 7.4.20:3.14 7.4.26:3.15 7.4.29:3.16 "
            "8.0.0:3.12 8.0.1:3.13 8.0.7:3.14 8.0.13:3.15 8.0.19:3.16 8.1.0:3.15 8.1.6:3.16 8.1.13:3.17 "
            "8.1.18:3.18 8.1.26:3.19 8.1.28:3.20 8.1.31:3.21 8.2.0:3.17 8.2.6:3.18 8.2.13:3.19 "
            "8.2.19:3.20 8.2.26:3.21 8.2.28:3.22 8.2.29:3.23 8.2.31:3.24 8.3.0:3.19 8.3.7:3.20 "
            "8.3.14:3.21 8.3.22:3.22 8.3.28:3.23 8.3.31:3.24 8.4.1:3.21 8.4.8:3.22 8.4.15:3.23 "
            "8.4.22:3.24 8.5.0:3.23 8.5.7:3.24"
        ),
    },
    "composer": {
        "": (
            "1.5.0:3.16 1.5.6:3.7 1.6.1:3.16 1.6.4:3.7 1.6.5:3.8 1.7.0:3.7 1.7.3:3.16 1.8.0:3.8 "
            "1.8.5:3.16 1.10.20:3.24 2.0.2:3.16 2.0.9:3.24"
        ),
        "lts": "*:3.24",
    },
}
