"""What the base image holds, as far as the facts tell: the last answer of a look-up."""

from __future__ import annotations

from initlint.facts import BaseMatch, OsFamily
from initlint.facts.packages import merged_usr
from initlint.rootfs import Origin
from initlint.rootfs.effects import Doubt, Hit, Lacking
from initlint.rootfs.known_commands import INIT_NAMES, NEVER_BUILT, SHELL_NAMES
from initlint.rootfs.paths import parents

# Folders that every distribution's image has.
STANDARD_FOLDERS = frozenset(
    """
    / /bin /boot /dev /etc /etc/profile.d /home /lib /lib64 /media /mnt /opt /proc /root /run /sbin /srv /sys /tmp /usr
    /usr/bin /usr/lib /usr/local /usr/local/bin /usr/local/etc /usr/local/lib /usr/local/sbin /usr/local/share /usr/sbin
    /usr/share /var /var/cache /var/lib /var/log /var/run /var/tmp /var/spool
    """.split()
)
_SYSTEM_TOPS = frozenset(
    "bin boot dev etc home lib lib32 lib64 libx32 media mnt opt proc root run sbin srv sys tmp usr var".split()
)

# Images that hold a distribution and a language, and nothing that an application would bring:
# what isn't below a system folder isn't there.
PLAIN_IMAGES = frozenset(
    """
    alpine amazoncorretto amazonlinux almalinux archlinux bash buildpack-deps busybox centos clearlinux
    clojure dart debian eclipse-temurin elixir erlang fedora gcc golang gradle haskell ibmjava julia maven
    node openjdk oraclelinux perl php photon pypy python r-base rockylinux ruby rust sapmachine sl swift
    ubuntu
    """.split()
)
# Folders that are empty in every one of them; homes hold hidden files alone.
_EMPTY_FOLDERS = ("/srv/", "/mnt/", "/media/", "/usr/src/app/")
# … and those in which /opt is: others have yarn or a JDK there.
_EMPTY_OPT = frozenset("alpine buildpack-deps busybox debian golang perl php python ruby rust ubuntu".split())

# Images whose Alpine (and busybox) flavours never held another shell than busybox's: so their Dockerfiles
# say, through all of their histories. postgres, maven, gradle and nginx's otel flavours install bash.
WITHOUT_BASH = frozenset("alpine busybox golang haproxy httpd memcached node php python redis ruby".split())

# Where an image of the Docker official library has the language that it is there for: the
# Dockerfiles build it under /usr/local or put these folders first on PATH.
LANGUAGE_PROGRAMS: dict[str, tuple[str, ...]] = {
    "python": ("/usr/local/bin/python", "/usr/local/bin/python3", "/usr/local/bin/pip"),
    "node": ("/usr/local/bin/node", "/usr/local/bin/npm", "/usr/local/bin/npx"),
    "ruby": ("/usr/local/bin/ruby", "/usr/local/bin/bundle", "/usr/local/bin/gem", "/usr/local/bin/irb"),
    "php": ("/usr/local/bin/php",),
    "perl": ("/usr/local/bin/perl",),
    "golang": ("/usr/local/go/bin/go",),
    "rust": ("/usr/local/cargo/bin/cargo", "/usr/local/cargo/bin/rustc"),
    "eclipse-temurin": ("/opt/java/openjdk/bin/java",),
    "pypy": ("/opt/pypy/bin/pypy3",),
}

_MERGED = {"/bin": "usr/bin", "/sbin": "usr/sbin", "/lib": "usr/lib", "/lib64": "usr/lib64"}


class BaseFiles:
    """The base image of a stage chain. `reference` is None where it can't be resolved."""

    __slots__ = ("_known", "_merged", "_origin", "empty", "family", "match", "reference", "run_shells")

    def __init__(
        self, reference: str | None, match: BaseMatch | None, family: OsFamily = "unknown", release: str | None = None
    ) -> None:
        self.reference = reference
        self.match = match
        self.family = family
        self.empty = reference == "scratch"
        self._merged = merged_usr(family, release) is True
        note = f"{reference}'s facts" if reference else "the base image"
        self._origin = Origin("base", note)
        self._known: dict[str, Hit] | None = None
        self.run_shells: frozenset[str] = frozenset()  # shells that a RUN was given to: they are there

    def canonical(self, path: str) -> str:
        """`/bin/x` as `/usr/bin/x` where /bin is a link there."""
        if self._merged:
            top, slash, rest = path[1:].partition("/")
            if slash and f"/{top}" in _MERGED:
                return f"/{_MERGED['/' + top]}/{rest}"
        return path

    def target(self, path: str) -> str:
        """Where a file goes that is put at a path or into it: through /bin where that is a link."""
        return "/" + _MERGED[path] if self._merged and path in _MERGED else self.canonical(path)

    def look(self, path: str) -> Hit | Doubt | Lacking:
        origin = self._origin
        if path == "/":
            return Hit("directory", 0o755, origin)
        if self.empty:
            return Lacking("the base image is empty (scratch)", origin)
        if self._merged and path in _MERGED:
            return Hit("symlink", 0o777, origin, target=_MERGED[path])
        known = self._files()
        if path in known:
            return known[path]
        if path in STANDARD_FOLDERS and self.family not in ("distroless", "busybox"):
            return Hit("directory", None, origin)
        if self.match is None:
            what = self.reference or "it isn't known"
            return Doubt(f"the base image ({what}) may hold it", origin)
        if self._lacks(path):
            # another path may be meant for a file that is mounted when the container starts
            certain = path.rpartition("/")[2] in NEVER_BUILT
            return Lacking(f"{self.reference} doesn't hold it", origin, self._near(path), certain)
        return Doubt(f"{self.reference} may hold it", origin)

    def _lacks(self, path: str) -> bool:
        """Whether the facts are enough to say that it isn't there."""
        match = self.match
        if match is None or "onbuild" in (self.reference or ""):
            return False
        fact = match.fact
        name = path.rpartition("/")[2]
        if name in INIT_NAMES:
            # which images have an init is read for one version: another may differ where there is one
            # Wolfi's images are made of package lists, which the facts don't hold
            return fact.os_family != "wolfi" and (match.exact or (not fact.inits and fact.image in PLAIN_IMAGES))
        if name in SHELL_NAMES and path.rpartition("/")[0].endswith("bin"):
            return match.exact and fact.os_family in ("alpine", "busybox") and fact.image in WITHOUT_BASH
        if fact.image not in PLAIN_IMAGES or ("entrypoint" in name and (fact.scripts or fact.entrypoint)):
            return False
        if path.startswith(_EMPTY_FOLDERS) or (path.startswith("/home/") and "/." not in path):
            return True
        if path.startswith("/opt/"):
            return fact.image in _EMPTY_OPT
        if path.startswith(("/usr/local/bin/", "/usr/local/sbin/")):
            return name.endswith(".sh")  # programs may be there that nobody listed; scripts of that name aren't
        return path.split("/", 2)[1] not in _SYSTEM_TOPS

    def _files(self) -> dict[str, Hit]:
        if self._known is None:
            known: dict[str, Hit] = {}
            match = self.match
            origin = self._origin
            program = Hit("file", 0o755, origin, why="it is the base image's own")
            folder_hit = Hit("directory", None, origin)
            for shell in self.run_shells:
                known[self.canonical(shell)] = program
            if self.family not in ("unknown", "distroless", "scratch", "windows"):
                known[self.canonical("/bin/sh")] = program
            if match is not None:
                fact = match.fact
                paths = [*fact.programs, *fact.inits.values(), *fact.scripts, *LANGUAGE_PROGRAMS.get(fact.image, ())]
                # what it starts by itself is there, wherever; PATH leads to /usr/local/bin first
                named = {path.rpartition("/")[2] for path in paths}
                for start in (fact.entrypoint, fact.cmd):
                    word = start[0] if start else ""
                    if word.startswith("/"):
                        paths.append(word)
                    elif word and "/" not in word and not word.startswith("-") and word not in named:
                        paths.append(f"/usr/local/bin/{word}")
                for path in paths:
                    known[self.canonical(path)] = program
                for path in paths:
                    for folder in parents(self.canonical(path)):
                        known.setdefault(folder, folder_hit)
            self._known = known
        return self._known

    def _near(self, path: str) -> tuple[str, ...]:
        name = path.rpartition("/")[2]
        return tuple(sorted(known for known in self._files() if known.rpartition("/")[2] == name))

    def names_below(self, path: str) -> list[str]:
        prefix = path.rstrip("/") + "/"
        found = (known[len(prefix) :].partition("/")[0] for known in self._files() if known.startswith(prefix))
        return [name for name in dict.fromkeys(found) if name]
