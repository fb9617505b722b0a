"""What caches, document stores and queues of the official library start."""

from __future__ import annotations

from initlint.facts import BaseFact
from initlint.facts.bases import programs as have
from initlint.facts.bases import scripts as does
from initlint.facts.bases.platforms import ALPINE, DEBIAN, UBUNTU, base

FACTS: tuple[BaseFact, ...] = (
    base(
        "redis",
        "*",
        "8.0.0…8.10.1",
        "7.4.9…7.4.9",
        "7.2.14…7.2.14",
        "6.2.22…6.2.22",
        "*-rc",
        on=DEBIAN,
        release="trixie",
        entrypoint=("docker-entrypoint.sh",),
        cmd=("redis-server",),
        workdir="/data",
        env={"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"},
        scripts=does.REDIS_SETPRIV,
        programs=have.REDIS,
        read="redis/docker-library-redis@0076c90a8028:debian/Dockerfile",
        source={
            "workdir": "redis/docker-library-redis@0076c90a8028:debian/Dockerfile",
            "entrypoint": "redis/docker-library-redis@0076c90a8028:debian/Dockerfile",
            "cmd": "redis/docker-library-redis@0076c90a8028:debian/Dockerfile",
        },
    ),
    base(
        "redis",
        "8.0.0…8.10.1-alpine",
        "7.4.9…7.4.9-alpine",
        "7.2.14…7.2.14-alpine",
        "6.2.22…6.2.22-alpine",
        "*-alpine",
        "*-alpine-rc",
        on=ALPINE,
        release="3.23",
        flavour="alpine",
        entrypoint=("docker-entrypoint.sh",),
        cmd=("redis-server",),
        workdir="/data",
        env={"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"},
        scripts=does.REDIS_SETPRIV_ALPINE,
        programs=have.REDIS,
        read="redis/docker-library-redis@0076c90a8028:alpine/Dockerfile",
        source={
            "workdir": "redis/docker-library-redis@0076c90a8028:alpine/Dockerfile",
            "entrypoint": "redis/docker-library-redis@0076c90a8028:alpine/Dockerfile",
            "cmd": "redis/docker-library-redis@0076c90a8028:alpine/Dockerfile",
        },
    ),
    base(
        "redis",
        "7.4.0…7.4.8",
        "7.0.0…7.2.13",
        "3.0.7…6.2.21",
        "32…32",
        "8.0-M01",
        "7.4-rc",
        "bullseye",
        "buster",
        "stretch",
        "3.0.7…6.0-32bit",
        "*-32bit-rc",
        on=DEBIAN,
        release="buster",
        entrypoint=("docker-entrypoint.sh",),
        cmd=("redis-server",),
        workdir="/data",
        env={"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"},
        scripts=does.REDIS,
        programs=have.REDIS,
        read="docker-library/redis@d3a0f3d95ac7:5.0/32bit/Dockerfile",
        lines={"workdir": 96, "entrypoint": 99, "cmd": 102},
    ),
    base(
        "redis",
        "7.4.0…7.4.8-alpine",
        "7.0.0…7.2.13-alpine",
        "3.0.7…6.2.21-alpine",
        "7.4-rc-alpine",
        "alpine3.20",
        "alpine3.19",
        "alpine3.18",
        on=ALPINE,
        release="3.20",
        flavour="alpine",
        entrypoint=("docker-entrypoint.sh",),
        cmd=("redis-server",),
        workdir="/data",
        env={"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"},
        scripts=does.REDIS,
        programs=have.REDIS,
        read="redis/docker-library-redis@e5650da99bb3:7.4/alpine/Dockerfile",
        lines={"workdir": 135, "entrypoint": 138, "cmd": 141},
    ),
    base(
        "redis",
        "3.0.6…3.0.6-alpine",
        on=ALPINE,
        release="3.3",
        flavour="alpine",
        entrypoint=("/entrypoint.sh",),
        cmd=("redis-server",),
        workdir="/data",
        env={"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"},
        read="docker-library/redis@18e13f767bd3:3.0/alpine/Dockerfile",
        lines={"workdir": 47, "entrypoint": 50, "cmd": 53},
    ),
    base(
        "redis",
        "3.0.0…3.0.6",
        "3.0.2…3.0.6-32bit",
        on=DEBIAN,
        release="jessie",
        entrypoint=("/entrypoint.sh",),
        cmd=("redis-server",),
        workdir="/data",
        env={"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"},
        read="docker-library/redis@7d9f53256f8e:3.0/Dockerfile",
        lines={"workdir": 40, "entrypoint": 43, "cmd": 46},
    ),
    base(
        "mongo",
        "*",
        "*-RELEASE",
        "4.0.0…8.3.8-RELEASE",
        "3.7.9…8.3.4",
        "3.6.11…3.6.23",
        "3.6.12…3.6.23-RELEASE",
        "3.4.20…3.4.24",
        "3.4.21…3.4.24-RELEASE",
        "*-rc",
        "*-rc-RELEASE",
        "*-unstable",
        "*-unstable-RELEASE",
        on=UBUNTU,
        release="noble",
        entrypoint=("docker-entrypoint.sh",),
        cmd=("mongod",),
        env={"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"},
        scripts=does.MONGO,
        programs=have.MONGO,
        read="docker-library/mongo@2c69a57b939a:8.3/Dockerfile",
        lines={"entrypoint": 122, "cmd": 125},
    ),
    base(
        "mongo",
        "3.7.1…3.7.7",
        "3.7.1…3.7.7-RELEASE",
        "3.6.0…3.6.10",
        "3.6.0…3.6.10-RELEASE",
        "3.5.5…3.5.6",
        "3.0.15…3.4.19-RELEASE",
        "3.4.2…3.4.19",
        "3.2.12…3.2.21",
        "3.0.14…3.0.15",
        "3.4.20-jessie",
        "3.6.11-stretch",
        "3.7.9-jessie",
        "jessie",
        "unstable-jessie",
        on=DEBIAN,
        release="jessie",
        entrypoint=("docker-entrypoint.sh",),
        cmd=("mongod",),
        env={"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"},
        scripts=does.MONGO,
        programs=have.MONGO,
        read="docker-library/mongo@25295e422635:3.7/Dockerfile",
        lines={"entrypoint": 88, "cmd": 91},
    ),
    base(
        "mongo",
        "3.5.13…3.5.13-RELEASE",
        "3.5.7…3.5.13",
        on=DEBIAN,
        release="jessie",
        entrypoint=("docker-entrypoint.sh",),
        cmd=("mongod", "--bind_ip_all"),
        env={"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"},
        scripts=does.MONGO,
        programs=have.MONGO,
        read="docker-library/mongo@532f0dce1488:3.5/Dockerfile",
        lines={"entrypoint": 74, "cmd": 77},
    ),
    base(
        "mongo",
        "3.3.5…3.4.1",
        "3.1.4…3.2.11",
        "3.0.0…3.0.13",
        on=DEBIAN,
        release="jessie",
        entrypoint=("/entrypoint.sh",),
        cmd=("mongod",),
        env={"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"},
        read="docker-library/mongo@30d09dbd6343:3.4/Dockerfile",
        lines={"entrypoint": 62, "cmd": 65},
    ),
    base(
        "memcached",
        "*",
        "1.4.30…1.6.45",
        on=DEBIAN,
        release="trixie",
        entrypoint=("docker-entrypoint.sh",),
        cmd=("memcached",),
        user="memcache",
        env={"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"},
        scripts=does.MEMCACHED,
        programs=have.MEMCACHED,
        read="docker-library/memcached@53ac0ecb0bf8:1/debian/Dockerfile",
        lines={"entrypoint": 96, "user": 98, "cmd": 100},
    ),
    base(
        "memcached",
        "*-alpine",
        "1.4.30…1.6.45-alpine",
        on=ALPINE,
        release="3.24",
        flavour="alpine",
        entrypoint=("docker-entrypoint.sh",),
        cmd=("memcached",),
        user="memcache",
        env={"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"},
        scripts=does.MEMCACHED,
        programs=have.MEMCACHED,
        read="docker-library/memcached@53ac0ecb0bf8:1/alpine/Dockerfile",
        lines={"entrypoint": 85, "user": 87, "cmd": 89},
    ),
    base(
        "rabbitmq",
        "*",
        "3.7.9…4.3.5",
        "3.7.0…4.3.5-management",
        on=UBUNTU,
        release="noble",
        entrypoint=("docker-entrypoint.sh",),
        cmd=("rabbitmq-server",),
        env={
            "PATH": "/opt/rabbitmq/sbin:/opt/erlang/bin:/opt/openssl/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
        },
        scripts=does.RABBITMQ,
        programs=have.RABBITMQ,
        read="docker-library/rabbitmq@9193c1de6d32:4.3/ubuntu/Dockerfile",
        lines={"entrypoint": 323, "cmd": 326},
    ),
    base(
        "rabbitmq",
        "*-alpine",
        "3.6.6…4.3.5-alpine",
        "3.6.14…4.3.5-alpine-management",
        on=ALPINE,
        release="3.23",
        flavour="alpine",
        entrypoint=("docker-entrypoint.sh",),
        cmd=("rabbitmq-server",),
        env={
            "PATH": "/opt/rabbitmq/sbin:/opt/erlang/bin:/opt/openssl/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
        },
        scripts=does.RABBITMQ,
        programs=have.RABBITMQ,
        read="docker-library/rabbitmq@9193c1de6d32:4.3/alpine/Dockerfile",
        lines={"entrypoint": 329, "cmd": 332},
    ),
    base(
        "rabbitmq",
        "3.6.3…3.7.8",
        "3.6.14…3.6.16-management",
        on=DEBIAN,
        release="stretch",
        entrypoint=("docker-entrypoint.sh",),
        cmd=("rabbitmq-server",),
        env={"PATH": "/usr/lib/rabbitmq/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"},
        scripts=does.RABBITMQ,
        read="docker-library/rabbitmq@1a8fd1c6ee02:3.7/debian/Dockerfile",
        lines={"entrypoint": 143, "cmd": 146},
    ),
    base(
        "rabbitmq",
        "3.6.0…3.6.2",
        on=DEBIAN,
        release="jessie",
        entrypoint=("/docker-entrypoint.sh",),
        cmd=("rabbitmq-server",),
        env={"PATH": "/usr/lib/rabbitmq/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"},
        read="docker-library/rabbitmq@6b496ac32e18:Dockerfile",
        lines={"entrypoint": 63, "cmd": 66},
    ),
    base(
        "cassandra",
        "*",
        "5.0.6…5.0.9",
        "5.0.7…5.0.8-RELEASE",
        "4.1.10…4.1.11",
        "4.1.11…4.1.11-RELEASE",
        "4.0.19…4.0.20",
        "4.0.20…4.0.20-RELEASE",
        "3.11.1…3.11.5",
        "3.0.15…3.0.19",
        on=DEBIAN,
        release="bookworm",
        entrypoint=("docker-entrypoint.sh",),
        cmd=("cassandra", "-f"),
        env={
            "PATH": "/opt/cassandra/bin:/opt/java/openjdk/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
        },
        scripts=does.CASSANDRA,
        read="docker-library/cassandra@7b9da8f4f58f:5.0/Dockerfile",
        lines={"entrypoint": 173, "cmd": 181},
    ),
    base(
        "cassandra",
        "*-RELEASE",
        "5.0.0…5.0.5",
        "5.0.0…5.0.5-RELEASE",
        "4.1.0…4.1.9",
        "4.1.3…4.1.9-RELEASE",
        "3.0.29…4.0.18-RELEASE",
        "3.11.6…4.0.18",
        "3.0.20…3.0.32",
        "4.0.19-jammy",
        "4.1.10-jammy",
        "5.0.6-jammy",
        on=UBUNTU,
        release="jammy",
        entrypoint=("docker-entrypoint.sh",),
        cmd=("cassandra", "-f"),
        env={
            "PATH": "/opt/cassandra/bin:/opt/java/openjdk/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
        },
        scripts=does.CASSANDRA,
        read="docker-library/cassandra@6d75217eb8c6:5.0/Dockerfile",
        lines={"entrypoint": 168, "cmd": 176},
    ),
    base(
        "cassandra",
        "3.1.1…3.11.0",
        "3.0.0…3.0.14",
        on=DEBIAN,
        release="jessie",
        entrypoint=("/docker-entrypoint.sh",),
        cmd=("cassandra", "-f"),
        env={"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"},
        read="docker-library/cassandra@ca3c9df03cab:3.11/Dockerfile",
        lines={"entrypoint": 136, "cmd": 149},
    ),
    base(
        "couchdb",
        "3.4.3",
        on=DEBIAN,
        release="bookworm",
        entrypoint=("tini", "--", "/docker-entrypoint.sh"),
        cmd=("/opt/couchdb/bin/couchdb",),
        inits={"tini": "/usr/bin/tini"},
        read="apache/couchdb-docker@4c82ee090d62:3.4.3/Dockerfile",
        lines={"init": 33, "entrypoint": 96, "cmd": 104},
    ),
    base(
        "clickhouse",
        "latest",
        on=UBUNTU,
        release="jammy",
        entrypoint=("/entrypoint.sh",),
        read="ClickHouse/docker-library@b34751676b4c:server/26.7.3.19/Dockerfile.ubuntu",
        lines={"entrypoint": 97},
    ),
    base(
        "neo4j",
        "4.4.48",
        on=DEBIAN,
        release="bullseye",
        entrypoint=("tini", "-g", "--", "/startup/docker-entrypoint.sh"),
        cmd=("neo4j",),
        read="neo4j/docker-neo4j-publish@a3f58105abfd:4.4.48/bullseye/community/Dockerfile",
        lines={"entrypoint": 56, "cmd": 57},
    ),
    base(
        "zookeeper",
        "*",
        "3.8.1…3.9.4",
        "3.7.2…3.7.2",
        "3.6.4…3.6.4",
        "3.5.10…3.5.10",
        "3.7.2…3.9.4-jre17",
        "3.7.2…3.9.1-jre11",
        "3.5.9…3.8.2-temurin",
        on=UBUNTU,
        release="jammy",
        entrypoint=("/docker-entrypoint.sh",),
        cmd=("zkServer.sh", "start-foreground"),
        env={
            "PATH": "/opt/java/openjdk/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/apache-zookeeper-3.9.4-bin/bin"
        },
        scripts=does.ZOOKEEPER,
        read="31z4/zookeeper-docker@c56b077b4858:3.9.4/Dockerfile",
        lines={"entrypoint": 83, "cmd": 84},
    ),
    base(
        "zookeeper",
        "3.8.0…3.8.0",
        "3.7.0…3.7.1",
        "3.6.0…3.6.3",
        "3.5.5…3.5.9",
        "3.4.14…3.4.14",
        "3.5.9…3.8.0-openjdk",
        on=DEBIAN,
        release="bullseye",
        entrypoint=("/docker-entrypoint.sh",),
        cmd=("zkServer.sh", "start-foreground"),
        env={
            "PATH": "/usr/local/openjdk-11/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/apache-zookeeper-3.8.0-bin/bin"
        },
        scripts=does.ZOOKEEPER,
        read="31z4/zookeeper-docker@060f64d28d17:3.8.0/Dockerfile",
        lines={"entrypoint": 83, "cmd": 84},
    ),
    base(
        "zookeeper",
        "3.5.3…3.5.4",
        "3.4.9…3.4.13",
        on=ALPINE,
        release="3.9",
        entrypoint=("/docker-entrypoint.sh",),
        cmd=("zkServer.sh", "start-foreground"),
        env={
            "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/usr/lib/jvm/java-1.8-openjdk/jre/bin:/usr/lib/jvm/java-1.8-openjdk/bin:/zookeeper-3.4.13/bin"
        },
        scripts=does.ZOOKEEPER,
        read="31z4/zookeeper-docker@c6ef4c1ada3c:3.4.13/Dockerfile",
        lines={"entrypoint": 57, "cmd": 58},
    ),
    base(
        "consul",
        "*",
        "1.0.0…1.15.4",
        "*-beta",
        on=ALPINE,
        release="3.15",
        entrypoint=("docker-entrypoint.sh",),
        cmd=("agent", "-dev", "-client", "0.0.0.0"),
        env={"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"},
        inits={"dumb-init": "/usr/bin/dumb-init"},
        scripts=does.CONSUL,
        read="hashicorp/docker-consul@aedd0844f06e:0.X/Dockerfile",
        lines={"entrypoint": 96, "cmd": 101},
    ),
)

# Which release a tag stands on that names none: see releases.py.
RELEASES: dict[str, dict[str, str]] = {
    "redis": {
        "": (
            "*:bookworm 3.0.0:wheezy 3.0.6:jessie 3.2.12:stretch 4.0.0:jessie 4.0.10:stretch "
            "4.0.14:buster 5.0.0:stretch 5.0.5:buster 5.0.14:bullseye 6.0.0:buster 6.0.16:bullseye "
            "6.0.19:bookworm 6.2.0:buster 6.2.6:bullseye 6.2.12:bookworm 7.0.0:bullseye 7.0.11:bookworm "
            "32:buster"
        ),
        "32bit": (
            "3.0.2:wheezy 3.0.6:jessie 3.2.12:stretch 4.0.0:jessie 4.0.10:stretch 4.0.14:buster "
            "5.0.0:stretch 5.0.5:buster 5.0.14:bullseye"
        ),
        "alpine": (
            "3.0.6:3.3 3.0.7:3.6 3.2.0:3.4 3.2.6:3.5 3.2.9:3.6 3.2.11:3.7 3.2.12:3.8 4.0.0:3.6 4.0.6:3.7 "
            "4.0.10:3.8 4.0.12:3.9 4.0.14:3.11 5.0.0:3.8 5.0.3:3.9 5.0.5:3.10 5.0.7:3.11 5.0.9:3.12 "
            "5.0.10:3.13 5.0.12:3.14 5.0.14:3.16 6.0.0:3.11 6.0.4:3.12 6.0.10:3.13 6.0.14:3.14 "
            "6.0.16:3.17 6.0.19:3.18 6.0.20:3.19 6.2.0:3.13 6.2.4:3.14 6.2.6:3.15 6.2.7:3.17 6.2.12:3.18 "
            "6.2.14:3.20 7.0.0:3.16 7.0.5:3.17 7.0.11:3.18 7.0.14:3.19 7.0.15:3.20 7.2.0:3.18 7.2.3:3.19 "
            "7.2.5:3.20"
        ),
    },
    "mongo": {
        "": (
            "3.0.0:wheezy 3.2.9:jessie 3.3.5:wheezy 3.3.8:jessie 3.4.20:xenial 3.5.5:jessie 3.6.7:stretch "
            "3.6.11:xenial 3.7.1:jessie 3.7.9:xenial 4.1.9:bionic 4.4.7:focal 6.0.4:jammy 8.0.0:noble"
        ),
        "unstable": "*:bionic",
    },
    "memcached": {
        "": "1.4.30:jessie 1.4.39:stretch 1.5.16:buster 1.6.12:bullseye 1.6.20:bookworm 1.6.39:trixie",
        "alpine": (
            "1.4.30:3.4 1.4.33:3.5 1.4.39:3.6 1.5.4:3.7 1.5.10:3.8 1.5.12:3.9 1.5.16:3.10 1.5.21:3.11 "
            "1.6.6:3.12 1.6.9:3.14 1.6.12:3.15 1.6.15:3.16 1.6.17:3.17 1.6.19:3.18 1.6.22:3.19 "
            "1.6.27:3.20 1.6.33:3.21 1.6.38:3.22 1.6.39:3.23 1.6.42:3.24"
        ),
    },
    "rabbitmq": {
        "": (
            "3.6.0:jessie 3.6.10:stretch 3.7.9:bionic 3.8.16:focal 3.9.29:jammy 3.10.0:focal "
            "3.10.24:jammy 3.11.0:focal 3.11.18:jammy 3.13.7:noble"
        ),
        "management": "3.6.14:stretch 3.7.0:bionic 3.8.0:focal 3.9.0:jammy 3.13.0:noble",
        "alpine": (
            "3.6.6:3.5 3.6.10:3.6 3.6.16:3.8 3.7.0:3.7 3.7.7:3.8 3.7.17:3.10 3.7.23:3.11 3.7.26:3.12 "
            "3.8.0:3.10 3.8.2:3.11 3.8.5:3.12 3.8.11:3.13 3.8.18:3.14 3.8.26:3.15 3.8.32:3.16 3.9.0:3.14 "
            "3.9.10:3.15 3.9.18:3.16 3.9.26:3.17 3.9.29:3.19 3.10.0:3.15 3.10.2:3.16 3.10.12:3.17 "
            "3.10.22:3.18 3.10.25:3.19 3.11.0:3.16 3.11.4:3.17 3.11.15:3.18 3.11.26:3.19 3.12.0:3.18 "
            "3.12.10:3.19 3.12.14:3.20 3.13.0:3.19 3.13.6:3.20 3.13.7:3.22 4.0.0:3.20 4.0.4:3.21 "
            "4.0.9:3.23 4.1.0:3.22 4.1.6:3.23 4.2.0:3.22 4.2.1:3.23"
        ),
        "alpine management": (
            "3.6.14:3.8 3.7.0:3.12 3.7.9:3.8 3.7.10:3.12 3.8.0:3.16 3.9.0:3.19 3.12.0:3.20 3.13.0:3.22 4.0.0:3.23"
        ),
    },
    "cassandra": {
        "": (
            "3.0.0:jessie 3.0.15:stretch 3.0.20:bionic 3.0.22:focal 3.0.29:jammy 3.1.1:jessie "
            "3.11.1:stretch 3.11.6:bionic 3.11.8:focal 3.11.16:jammy 4.0.0:focal 4.0.11:jammy "
            "4.0.19:bookworm 4.1.0:focal 4.1.3:jammy 4.1.10:bookworm 5.0.0:jammy 5.0.6:bookworm"
        ),
    },
    "zookeeper": {
        "": (
            "3.4.9:3.9 3.4.14:bullseye 3.5.10:resolute 3.6.0:bullseye 3.6.4:resolute 3.7.0:bullseye "
            "3.7.2:jammy 3.8.0:bullseye 3.8.1:resolute 3.8.4:jammy 3.9.0:resolute 3.9.2:jammy"
        ),
        "temurin": "3.5.9:resolute",
        "openjdk": "3.5.9:bullseye",
        "jre11": "3.7.2:jammy 3.8.3:resolute",
        "jre17": "3.7.2:jammy",
    },
    "consul": {
        "": (
            "1.0.0:3.6 1.0.2:3.7 1.0.8:3.9 1.1.0:3.7 1.1.1:3.9 1.2.0:3.7 1.2.4:3.9 1.3.0:3.7 1.3.1:3.9 "
            "1.4.0:3.7 1.4.4:3.9 1.6.7:3.12 1.7.3:3.9 1.7.5:3.12 1.8.0:3.9 1.8.1:3.12 1.8.11:3.13 "
            "1.9.0:3.12 1.9.6:3.13 1.10.11:3.15 1.11.1:3.13 1.11.7:3.15 1.12.0:3.13 1.12.1:3.15"
        ),
    },
}
