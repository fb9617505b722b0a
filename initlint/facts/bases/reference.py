"""Image references: how they are spelled, and which repository they mean.

The grammar is that of the distribution project: a first component with a dot, a port or the
name localhost is a registry; without one the image is Docker Hub's.
"""

from __future__ import annotations

import re

from initlint.records import NamedTuple


class ImageReference(NamedTuple):
    """A reference in its parts; `registry` is "docker.io" where none is written.

    `repository` has no "library/" in front for Docker Hub's official images.
    """

    registry: str
    repository: str
    tag: str | None
    digest: str | None


class Home(NamedTuple):
    """The repository that publishes an image; `doubt` says why it might be another one."""

    name: str
    doubt: str = ""


DOCKER_HUB = "docker.io"
_HUB_NAMES = frozenset({"docker.io", "index.docker.io", "registry-1.docker.io", "registry.hub.docker.com"})
_ARCHITECTURES = frozenset(
    {"amd64", "arm32v5", "arm32v6", "arm32v7", "arm64v8", "i386", "mips64le", "ppc64le", "riscv64", "s390x"}
)

# Plain strings: `re` compiles, and keeps, only those that a reference needs.
_PATH = r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*"
_REGISTRY = r"(?:[a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?|\[[0-9a-fA-F:]+\])(?::[0-9]+)?"
_TAG = r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}"
_DIGEST = r"[a-z0-9]+(?:[.+_-][a-z0-9]+)*:[0-9a-fA-F]{32,}"
_ECR = r"\d{12}\.dkr\.ecr(?:-fips)?\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?"
_ECR_PREFIXES = frozenset({"docker-hub", "dockerhub", "docker.io", "docker"})


def parse_reference(text: str) -> ImageReference | None:
    """Take an image reference apart; None when it isn't one (upper-case name, bad digest, unexpanded variable)."""
    rest, at, digest = text.partition("@")
    if at and not re.fullmatch(_DIGEST, digest):
        return None
    registry = DOCKER_HUB
    first, slash, after = rest.partition("/")
    if slash and ("." in first or ":" in first or first == "localhost"):
        if not re.fullmatch(_REGISTRY, first):
            return None
        registry, rest = first.lower(), after
    repository, colon, tag = rest.partition(":")
    if colon and not re.fullmatch(_TAG, tag):
        return None
    if not re.fullmatch(_PATH, repository) or len(repository) > 255:
        return None
    if registry in _HUB_NAMES:
        registry = DOCKER_HUB
        repository = repository.removeprefix("library/") if repository.count("/") == 1 else repository
    return ImageReference(registry, repository, tag or None, digest or None)


def homes(reference: ImageReference) -> list[Home]:
    """The repositories that a reference can mean, the likeliest first, in the form that facts use as key."""
    registry, repository = reference.registry, reference.repository
    if registry == DOCKER_HUB:
        return [Home(_without_architecture(repository))]
    if registry == "public.ecr.aws":
        if repository.startswith("docker/"):
            return [Home(_on_hub(repository.removeprefix("docker/")))]
        return [Home(f"{registry}/{repository}")]
    if registry == "mirror.gcr.io":
        return [Home(_on_hub(repository))]
    if "/dependency_proxy/containers/" in f"/{repository}":
        return [Home(_on_hub(repository.rpartition("dependency_proxy/containers/")[2]))]
    if re.fullmatch(_ECR, registry):
        prefix, _, rest = repository.partition("/")
        if prefix in _ECR_PREFIXES and rest:
            return [Home(_on_hub(rest))]
    own = Home(f"{registry}/{repository}")
    head, _, last = repository.rpartition("/")
    if head == "library" or head.endswith("/library"):
        return [own, Home(_without_architecture(last), f"{registry} is taken for a mirror of Docker Hub")]
    return [own]


def _on_hub(repository: str) -> str:
    return _without_architecture(repository.removeprefix("library/"))


def _without_architecture(repository: str) -> str:
    """`arm64v8/node` is the build of `node` for one architecture."""
    owner, slash, rest = repository.partition("/")
    return rest if slash and owner in _ARCHITECTURES and "/" not in rest else repository
