"""Base images that vendors build their own images on, with an init or a start script inside."""

from __future__ import annotations

from initlint.facts import BaseFact
from initlint.facts.bases import programs as have
from initlint.facts.bases import scripts as does
from initlint.facts.bases.platforms import ALPINE, DEBIAN, UBUNTU, base

_FOUNDATION = "jupyter/docker-stacks@820938695049:images/docker-stacks-foundation/Dockerfile"
# Each is built on another one of them, and none writes an ENTRYPOINT or CMD of its own.
_NOTEBOOKS = (
    "minimal-notebook",
    "scipy-notebook",
    "datascience-notebook",
    "pyspark-notebook",
    "tensorflow-notebook",
)

FACTS: tuple[BaseFact, ...] = (
    *(
        base(
            f"quay.io/jupyter/{name}",
            "*",
            on=UBUNTU,
            release="noble",
            flavour="vendor",
            entrypoint=("tini", "-g", "--", "start.sh"),
            cmd=("start-notebook.py",),
            user="1000",
            shell=("/bin/bash", "-o", "pipefail", "-c"),
            inits={"tini": "/usr/bin/tini"},
            scripts=does.JUPYTER,
            read=f"jupyter/docker-stacks@820938695049:images/{name}/Dockerfile",
            source={
                "entrypoint": f"{_FOUNDATION}#L149",
                "init": f"{_FOUNDATION}#L33",
                "cmd": "jupyter/docker-stacks@820938695049:images/base-notebook/Dockerfile#L63",
            },
        )
        for name in _NOTEBOOKS
    ),
    base(
        "ghcr.io/linuxserver/baseimage-ubuntu",
        "jammy",
        on=UBUNTU,
        release="jammy",
        flavour="vendor",
        entrypoint=("/init",),
        inits={"s6-overlay": "/init"},
        programs=have.S6,
        read="linuxserver/docker-baseimage-ubuntu@a8d699b9067c:Dockerfile",
        lines={"entrypoint": 149},
    ),
    base(
        "ghcr.io/linuxserver/baseimage-alpine-nginx",
        "3.13",
        on=ALPINE,
        release="3.13",
        flavour="vendor",
        entrypoint=("/init",),  # inherited from baseimage-alpine
        inits={"s6-overlay": "/init"},
        programs=(*have.S6, "/usr/sbin/nginx"),
        read="linuxserver/docker-baseimage-alpine-nginx@85cbc7c96e92:Dockerfile",
        source={"entrypoint": "linuxserver/docker-baseimage-alpine@3d5a8b06a66b:Dockerfile#L102"},
    ),
    base(
        "ghcr.io/home-assistant/base-python",
        "*",
        on=ALPINE,
        release="3.24",
        flavour="vendor",
        entrypoint=("/init",),  # inherited from the base without Python
        shell=("/bin/ash", "-o", "pipefail", "-c"),
        inits={"s6-overlay": "/init"},
        programs=have.S6,
        read="home-assistant/docker-base@c8de5ab6449d:python/3.14/Dockerfile",
        source={
            "entrypoint": "home-assistant/docker-base@c8de5ab6449d:alpine/Dockerfile#L131",
            "shell": "home-assistant/docker-base@c8de5ab6449d:alpine/Dockerfile#L134",
        },
    ),
    base(
        "tiangolo/uvicorn-gunicorn-fastapi",
        "*",
        "python3.10",
        on=DEBIAN,
        release="bullseye",
        flavour="vendor",
        cmd=("/start.sh",),  # inherited from uvicorn-gunicorn
        scripts=does.TIANGOLO_UVICORN,
        programs=have.PYTHON,
        read="tiangolo/uvicorn-gunicorn-fastapi-docker@b0e0c2d7593d:docker-images/python3.10.dockerfile",
        source={"cmd": "tiangolo/uvicorn-gunicorn-docker@cb5abd5fddd4:docker-images/python3.11.dockerfile#L26"},
    ),
)
