"""What common build commands do to the filesystem, as far as start files and inits go."""

from __future__ import annotations

# Programs whose presence decides rules, so that "not there" has to be right.
INIT_NAMES = frozenset(("tini", "tini-static", "dumb-init", "catatonit", "pid1", "docker-init", "my_init", "s6-svscan"))
# Shells that Alpine and busybox don't have by themselves.
SHELL_NAMES = frozenset(("bash", "zsh", "ksh", "mksh", "fish"))
# What no project builds for itself, nor fetches with its libraries.
NEVER_BUILT = INIT_NAMES | SHELL_NAMES

# They make nothing that a container would be started with.
HARMLESS = frozenset(
    """
    : . [ [[ break continue gpg1 pacman-key phpize rpmkeys source ssh-keygen upx uuidgen xx-verify
    a2disconf a2dismod a2dissite a2enconf a2enmod a2ensite add-apt-repository addgroup adduser alias
    apt-add-repository apt-cache apt-key apt-mark arch awk base64 basename bundle bzip2 cargo-chef cat chattr
    chgrp chkconfig chown chpasswd chsh clear cmp comm command composer corepack crontab cut date dbus-uuidgen
    deb-systemd-helper debconf-set-selections delgroup deluser df diff dirname docker-php-ext-configure
    docker-php-ext-enable docker-php-ext-install docker-php-source dpkg-architecture dpkg-divert
    dpkg-preconfigure dpkg-query dpkg-reconfigure du echo egrep env exit export expr false fc-cache fgrep file
    find fix-permissions free getcap getconf getent git-lfs gpg gpg2 gpgconf gpgv grep groupadd groupdel
    groupmod gzip hash head hostname husky iconv id initdb ionice java javac jq keytool kill killall ldconfig
    ldd let locale locale-gen localedef logger ls lsb_release lscpu lsof md5sum mkdir mkfifo mknod mktemp mount
    newaliases nl node nproc nvm od openssl passwd pear pecl perl pgrep php phpdismod phpenmod pidof pip-compile
    pkill popd printenv printf ps pwd pyclean python-config read readelf readlink realpath rehash return rev
    rmdir ruby rustup rvm scanelf sed seq service set setcap setfacl sha1sum sha256sum sha512sum shasum shift
    shopt sleep sort ssh-keyscan stat stdbuf strings strip stty sync sysctl systemctl tail test times touch tr
    trap true tsort tty type tzdata tzselect ulimit umask umount unalias uname uniq unset update-ca-certificates
    update-ca-trust update-locale update-rc.d updatedb useradd userdel usermod visudo wait wc which whoami xxd
    yes yq
    """.split()
)
# Interpreters with a program text are not harmless: only their version checks are.
INTERPRETERS = frozenset("node java ruby php perl python python3 python2 lua".split())

# They build in their folder and nowhere else.
BUILDERS = frozenset(
    "npm yarn pnpm npx bun deno mvn mvnw gradle gradlew ant sbt lein cargo dotnet msbuild webpack vite tsc ng grunt"
    " gulp bower hugo jekyll mix rebar3 swift stack cabal rails rake flask django-admin mkdocs esbuild rollup turbo nx"
    " lerna poetry pipenv pdm".split()
)
# Of those, the subcommands that only fetch what the project depends on.
FETCHERS = frozenset(
    "install ci i add update upgrade cache config set fetch restore deps.get local.hex local.rebar get init-config"
    " dependency:go-offline dependency:resolve --version -v version global".split()
)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Package tools: the words that install, the options that take an argument.
PACKAGE_TOOLS: dict[str, tuple[str, frozenset[str], frozenset[str]]] = {
    "apt-get": ("apt", _words("install reinstall"), _words("-t -o -c --target-release --option")),
    "apt": ("apt", _words("install reinstall"), _words("-t -o -c")),
    "aptitude": ("apt", _words("install"), _words("-t -o")),
    "apt-fast": ("apt", _words("install"), _words("-t -o")),
    "install_packages": ("apt", _words(""), _words("")),
    "apk": ("apk", _words("add"), _words("-t --virtual -X --repository -p --root --keys-dir")),
    "dnf": ("dnf", _words("install localinstall reinstall"), _words("-c")),
    "microdnf": ("microdnf", _words("install reinstall"), _words("")),
    "tdnf": ("dnf", _words("install"), _words("")),
    "yum": ("yum", _words("install localinstall reinstall"), _words("-c")),
    "zypper": ("zypper", _words("install in"), _words("-r --repo")),
    "pacman": ("pacman", _words("-S -Sy -Syu -Su"), _words("")),
    "pip": (
        "pip",
        _words("install"),
        _words("-i --index-url --extra-index-url -t --target -c -f --find-links --trusted-host --prefix --root"),
    ),
    "conda": (
        "conda",
        _words("install create update env"),
        _words("-n --name -c --channel -p --prefix -f --file"),
    ),
    "gem": ("gem", _words("install"), _words("-v --version")),
}
TOOL_ALIASES = {"pip2": "pip", "pip3": "pip", "mamba": "conda", "micromamba": "conda", "apt-get.real": "apt-get"}

# Distribution packages that depend on an init, by package tool.
DEPEND_ON_INIT: dict[str, frozenset[str]] = {
    "tini": frozenset(("docker.io", "docker", "docker-engine", "moby-engine")),
    "catatonit": frozenset(("podman", "buildah", "cri-o")),
    # in /bin or /usr/bin: that differs between releases
    "s6-svscan": frozenset(("s6", "s6-linux-init", "s6-overlay", "s6-rc")),
}

# They run what follows as a command of its own; the options of theirs that take an argument.
PREFIXES: dict[str, frozenset[str]] = {
    "sudo": frozenset(("-u", "-g", "--user", "--group")),
    "env": frozenset(("-u", "-C", "--chdir")),
    "nice": frozenset(("-n",)),
    "ionice": frozenset(("-c", "-n")),
    "time": frozenset(),
    "command": frozenset(),
    "exec": frozenset(),
    "eatmydata": frozenset(),
    "busybox": frozenset(),
    "nohup": frozenset(),
    "builtin": frozenset(),
    "gosu": frozenset(),
    "su-exec": frozenset(),
    "timeout": frozenset(("-k", "-s")),
}
# Words of theirs that come before the command.
PREFIX_WORDS = {"gosu": 1, "su-exec": 1, "timeout": 1}

SHELLS = frozenset(("sh", "bash", "ash", "dash", "zsh", "ksh", "mksh"))
