"""Programs that prepare a container and then become an init: what shows that a path is theirs."""

from __future__ import annotations

from initlint.records import NamedTuple


class InitScript(NamedTuple):
    """`path` belongs to `package` and becomes `program`; `fact` is the name of what is known of it as PID 1.

    Nothing in the path itself says so. `words` of build instructions, `variables` by their beginning, and
    `files` that only this package reads or brings do; `texts` are what its script holds, where that can be read.
    """

    path: str
    package: str
    program: str
    fact: str
    words: tuple[str, ...]
    variables: str
    files: tuple[str, ...]
    texts: tuple[bytes, ...]
    source: str


S6_OVERLAY = InitScript(
    path="/init",
    package="s6-overlay",
    program="s6-svscan",
    fact="s6-overlay",
    words=("s6-overlay", "s6_overlay", "s6overlay"),
    variables="S6_",
    files=(
        "/etc/s6-overlay",
        "/etc/services.d",
        "/etc/cont-init.d",
        "/etc/cont-finish.d",
        "/etc/fix-attrs.d",
        "/etc/s6",
        "/package/admin/s6-overlay",
        "/command/s6-svscan",
    ),
    texts=(b"s6-overlay", b"/etc/s6/"),
    source="just-containers/s6-overlay@9658b23e53f51ec9423f5e1cd18f9dce36087440:README.md#L277 (version 3), "
    "v2.2.0.3:builder/overlay-rootfs/etc/s6/init/init-stage1 (version 2)",
)
