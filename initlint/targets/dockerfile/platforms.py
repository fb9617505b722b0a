"""The ARGs that BuildKit sets by itself: BUILDPLATFORM, TARGETARCH and the like."""

from __future__ import annotations

from collections.abc import Mapping

from initlint.targets.dockerfile.syntax import Env

_BUILD = ("BUILDPLATFORM", "BUILDOS", "BUILDOSVERSION", "BUILDARCH", "BUILDVARIANT")
_TARGET = ("TARGETPLATFORM", "TARGETOS", "TARGETOSVERSION", "TARGETARCH", "TARGETVARIANT")
_ARCHITECTURES = {
    "x86_64": ("amd64", ""),
    "x86-64": ("amd64", ""),
    "aarch64": ("arm64", ""),
    "armhf": ("arm", "v7"),
    "armel": ("arm", "v6"),
    "i386": ("386", ""),
}


def split_platform(platform: str) -> tuple[str, str, str]:
    """`linux/arm/v7` as operating system, architecture and variant, normalised as containerd does."""
    parts = platform.lower().split("/")
    if len(parts) == 1:
        parts = [parts[0], ""] if parts[0] in ("linux", "windows", "darwin") else ["linux", parts[0]]
    os_name, architecture = parts[0], parts[1]
    variant = parts[2] if len(parts) > 2 else ""
    if architecture in _ARCHITECTURES:
        architecture, implied = _ARCHITECTURES[architecture]
        variant = variant or implied
    if architecture == "arm" and variant in ("", "7"):
        variant = "v7"
    if architecture == "arm64" and variant in ("8", "v8"):
        variant = ""
    return os_name, architecture, variant


def predefined(build_args: Mapping[str, str], platform: str | None, target: str | None = None) -> Env:
    """The global ARGs before the first instruction; None for what the builder's machine decides."""
    values: dict[str, str | None] = dict.fromkeys((*_BUILD, *_TARGET))
    if platform:
        os_name, architecture, variant = split_platform(platform)
        joined = "/".join(part for part in (os_name, architecture, variant) if part)
        values.update(zip(_TARGET, (joined, os_name, "", architecture, variant), strict=True))
    else:
        # Whatever the machine: its containers run on Linux, where PID 1 is what this is about.
        values["TARGETOS"] = "linux"
    values["TARGETSTAGE"] = target or "default"
    for name in values:
        if name in build_args:
            values[name] = build_args[name]
    return Env(values)
