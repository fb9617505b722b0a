"""Dockerfiles: read exactly as BuildKit reads them, each field with its span."""

from __future__ import annotations

from collections.abc import Mapping

from initlint.targets.dockerfile.containers import Dockerfile, containers_of, stage_chain
from initlint.targets.dockerfile.expansion import ExpansionError, expand
from initlint.targets.dockerfile.library import BuildKitParser
from initlint.targets.dockerfile.stages import stages
from initlint.targets.dockerfile.syntax import ParsedDockerfile
from initlint.targets.dockerfile.validate import validate
from initlint.text import Source

__all__ = ["BuildKitParser", "Dockerfile", "ExpansionError", "expand", "load", "parse", "stage_chain", "stages"]

_NO_ARGS: Mapping[str, str] = {}


def parse(source: Source) -> ParsedDockerfile:
    """The file's directives, instructions and comments. Raises UnparsableInput for what BuildKit refuses."""
    parsed = BuildKitParser(source).parsed
    validate(parsed)
    return parsed


def load(
    source: Source,
    *,
    target: str | None = None,
    build_args: Mapping[str, str] = _NO_ARGS,
    platform: str | None = None,
) -> Dockerfile:
    """The file with its stages and containers.

    `target`, `build_args` and `platform` are what `docker build` takes as --target, --build-arg
    and --platform. Raises UnparsableInput for what BuildKit refuses, an unknown target included.
    """
    parsed = parse(source)
    found = stages(parsed, build_args=build_args, platform=platform, target=target)
    return Dockerfile(parsed, found, containers_of(parsed, found, target=target, platform=platform))
