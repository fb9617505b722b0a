"""Recipes for wrappers: which of them the program behind takes the place of, and what the others do."""

from __future__ import annotations

import os

from initlint.lab.recipe import HERE, PROBE, Recipe


def _wraps(package: str, *words: str, name: str = "", sh_execs: bool = False, seconds: float = 3.0) -> Recipe:
    """A wrapper in front of the probe, which stands behind the words unless it stands among them."""
    argv = words if any(PROBE in word for word in words) else (*words, PROBE)
    return Recipe(name or words[0], package, argv, wrapper=True, sh_execs=sh_execs, seconds=seconds)


WRAPPERS: tuple[Recipe, ...] = (
    _wraps("coreutils", "env", "A=1"),
    _wraps("coreutils", "nice", "-n5"),
    _wraps("coreutils", "nohup"),
    _wraps("coreutils", "stdbuf", "-oL"),
    _wraps("coreutils", "chroot", "/"),
    _wraps("coreutils", "timeout", "1000"),
    _wraps("busybox-static", "busybox", "timeout", "1000", name="busybox timeout"),
    _wraps("util-linux", "ionice", "-c3"),
    _wraps("util-linux", "setpriv", "--reuid=nobody", "--clear-groups"),
    _wraps("util-linux", "chrt", "-o", "0"),
    _wraps("util-linux", "taskset", "1"),
    _wraps("util-linux", "prlimit", "--nofile=1024"),
    _wraps("util-linux", "setarch", os.uname().machine),
    _wraps("util-linux", "unshare", "-m"),
    _wraps("util-linux", "flock", f"{HERE}/lock"),
    _wraps("util-linux", "flock", "-F", f"{HERE}/lock", name="flock -F"),
    _wraps("util-linux", "setsid"),
    _wraps("util-linux", "setsid", "--wait", name="setsid --wait"),
    _wraps("util-linux", "su", "-s", "/bin/sh", "nobody", "-c", PROBE, name="su -c", seconds=5.0),
    _wraps(
        "util-linux",
        "su",
        "-s",
        "/bin/sh",
        "nobody",
        "-c",
        f"exec {PROBE}",
        name="su -c exec",
        sh_execs=True,
        seconds=5.0,
    ),
    _wraps("util-linux", "runuser", "-u", "nobody", "--", seconds=5.0),
    _wraps("util-linux", "runuser", "-s", "/bin/sh", "nobody", "-c", PROBE, name="runuser -c", seconds=5.0),
    _wraps("util-linux", "su", "--pty", "-s", "/bin/sh", "nobody", "-c", PROBE, name="su --pty"),
    _wraps("dpkg", "start-stop-daemon", "--start", "--exec", PROBE),
    _wraps("bsdutils", "script", "-qec", PROBE, "/dev/null"),
    _wraps("gosu", "gosu", "nobody"),
    _wraps("runit", "chpst", "-u", "nobody"),
    _wraps("s6", "s6-setuidgid", "nobody"),
    _wraps("execline", "execlineb", "-Pc", PROBE),
    _wraps("execline", "/usr/lib/execline/bin/foreground", f" {PROBE}", "", "true", name="foreground"),
    _wraps("sudo", "sudo"),
    _wraps("sudo", "sudo", "-u", "nobody", name="sudo -u"),
    _wraps("findutils", "xargs", "-a", "/dev/null"),
    _wraps("time", "/usr/bin/time", name="time"),
    _wraps("ruby-foreman", "foreman", "run", name="foreman run", seconds=6.0),
    *(
        Recipe(
            name,
            "make",
            ("make", "-s", "-f", f"{HERE}/Makefile", "serve"),
            {"Makefile": f"serve:\n\t{line}\n"},
            wrapper=True,
            sh_execs=execs,
        )
        for name, line, execs in (
            ("make", f": ; {PROBE}", False),
            ("make, a plain line", PROBE, True),
            ("make, exec", f"exec {PROBE}", True),
        )
    ),
    _wraps("nodejs", "npm", "exec", "-c", PROBE, name="npm exec", seconds=6.0),
    _wraps("nodejs", "npx", "-c", PROBE, seconds=6.0),
    *(
        Recipe(
            name,
            "nodejs",
            ("npm", "start"),
            {
                "package.json": f'{{"name": "a", "version": "1.0.0", "scripts": {{"start": "{start}"}}}}',
                ".npmrc": "update-notifier=false\nfund=false\naudit=false\n",
            },
            wrapper=True,
            sh_execs=execs,
            seconds=6.0,
        )
        for name, start, execs in (("npm start", PROBE, False), ("npm start, exec", f"exec {PROBE}", True))
    ),
)
