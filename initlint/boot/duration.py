"""Which foreground commands end by themselves, and which keep running until they are stopped."""

from __future__ import annotations

import posixpath

from initlint.boot import wrappers
from initlint.boot.model import Argv, is_known
from initlint.facts import programs as program_table
from initlint.facts.programs.options import has_unfinished_directives

# Programs that do one thing and end.
_ENDING = frozenset(
    (
        "true false echo printf ls cat cp mv rm mkdir rmdir chmod chown chgrp touch ln sed awk gawk mawk grep "
        "egrep fgrep find tar gzip gunzip zcat bzip2 bunzip2 xz xzcat zstd unzip zip curl wget date uname "
        "hostname id whoami groups printenv expr test seq sort uniq head cut tr wc tee mktemp dirname basename "
        "readlink realpath stat install envsubst openssl keytool jq yq base64 md5sum sha1sum sha256sum sha512sum "
        "sync kill pkill killall pgrep pidof ps which clear diff cmp comm patch scp du df mkfifo mknod paste fold "
        "shuf split tac od xxd strings file dd truncate column iconv dos2unix unix2dos bc nproc getconf locale "
        "localedef locale-gen usleep useradd usermod userdel groupadd groupmod groupdel adduser addgroup deluser "
        "delgroup passwd chpasswd gpasswd getent update-ca-certificates dpkg dpkg-query dpkg-reconfigure apt-get "
        "apt apt-key yum dnf microdnf apk rpm pip pip2 pip3 gem pecl pear cmake gcc ldconfig sysctl modprobe "
        "lsmod mount umount mountpoint losetup lsblk blkid setcap getcap setfacl getfacl chattr restorecon ip "
        "ifconfig route iptables ip6tables iptables-save iptables-restore nft ss netstat lsof fuser dig nslookup "
        "host ssh-keygen ssh-keyscan htpasswd pwgen uuidgen psql createdb createuser dropdb pg_isready pg_ctl "
        "pg_dump pg_restore initdb mysql mysqladmin mysqldump mysql_install_db mysql_upgrade mysql_tzinfo_to_sql "
        "mysqlcheck my_print_defaults mariadb mariadb-admin mariadb-dump mariadb-upgrade mariadb-install-db "
        "mariadb-tzinfo-to-sql redis-cli mongo mongosh mongodump mongorestore mongoimport sqlcmd cqlsh sqlite3 "
        "rabbitmqctl rabbitmq-plugins supervisorctl alembic crontab a2enmod a2dismod a2ensite a2dissite a2enconf "
        "a2disconf phpenmod phpdismod docker-php-ext-enable docker-php-ext-install service systemctl "
        "rc-service invoke-rc.d update-rc.d timedatectl localectl postconf postmap newaliases doveconf "
        "unbound-anchor slapadd slappasswd ldapadd ldapmodify ldapsearch kinit certbot letsencrypt xhost xauth xset "
        "figlet createcachetable collectstatic aws gcloud az s3cmd gsutil etcdctl "
        "arangosh arango-init-database foxx influx"
    ).split()
)

# Programs whose first word says whether they end: with any other they may run for ever.
_ENDING_VERBS: dict[str, frozenset[str]] = {
    name: frozenset(verbs.split())
    for name, verbs in {
        "git": "clone pull fetch config init add commit checkout reset submodule log show status describe rev-parse",
        "make": "build install all clean migrate migrations static test config",
        "composer": "install update dump-autoload dumpautoload require self-update config",
        "helm": "upgrade install repo dependency template lint",
        "terraform": "init apply plan destroy",
        "kubectl": "apply get create delete config wait patch label annotate rollout",
        "wp": "core plugin theme option user db config cache rewrite help search-replace",
        "airflow": "initdb db users connections variables version",
        "dotnet": "restore build publish ef",
        "nvm": "install use alias ls",
        "strapi": "new build version",
        "docker": "ps images pull inspect login build rm rmi network volume help version info",
    }.items()
}

# Verbs with which an interpreter's management script ends by itself.
_MANAGEMENT = frozenset(
    (
        "migrate collectstatic makemigrations createsuperuser loaddata dumpdata check compilemessages "
        "createcachetable flush syncdb showmigrations clearsessions rebuild_index update_index wait_for_db db:migrate "
        "db:create db:seed db:prepare db:setup db:drop db:reset assets:precompile db:schema:load config:cache "
        "route:cache view:cache event:cache key:generate storage:link optimize optimize:clear cache:clear config:clear "
        "route:clear view:clear package:discover vendor:publish passport:keys install upgrade"
    ).split()
)

# With one of these a database server prints or prepares something and ends.
_DATABASES = frozenset(["mysqld", "mariadbd", "postgres"])
_DATABASE_ENDS = frozenset(["--initialize", "--initialize-insecure", "--bootstrap", "--describe-config", "-C"])

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_LONG = 600  # seconds from which on a wait counts as running


def ends_by_itself(argv: Argv) -> bool:
    """Whether a command is known to do one thing and end."""
    name = posixpath.basename(argv[0])
    rest = [word for word in argv[1:] if is_known(word)]
    if name == "tail":
        return not any(word.startswith("-") and ("f" in word or "F" in word) for word in rest)
    if name == "sleep":
        seconds = _seconds(argv[1]) if len(argv) > 1 and is_known(argv[1]) else None
        return seconds is not None and seconds < _LONG
    if name == "ping":
        return any(word.startswith("-c") for word in rest)
    if name in ("nc", "ncat", "netcat"):
        return not any(word.startswith("-") and "l" in word for word in rest)
    if name == "find" and any(word in ("-exec", "-execdir", "-ok", "-okdir") for word in rest):
        return False
    if name == "rsync":
        return "--daemon" not in rest
    if name == "confd":
        return any(word.lstrip("-") == "onetime" for word in rest)
    if name == "env":
        return len(argv) == 1
    if name in ("nginx", "nginx-debug"):
        return has_unfinished_directives([str(word) for word in argv[1:]])
    if _waits_first(name):
        return "--" not in argv and (name != "dockerize" or _is_only_waiting(rest))
    if name in _ENDING or "--help" in rest or "--version" in rest[:2] or rest[:1] == ["-version"]:
        return True
    verbs = _ENDING_VERBS.get(name)
    if verbs is not None:
        return next((word for word in rest if not word.startswith("-")), "") in verbs
    if name in _DATABASES and any(word.split("=")[0] in _DATABASE_ENDS for word in rest):
        return True
    return any(word in _MANAGEMENT for word in argv[1:4])


def _waits_first(name: str) -> bool:
    """Programs that wait for a service, and then start what follows `--`."""
    return name.startswith(("wait-for", "wait_for", "waitfor")) or name in ("dockerize", "gomplate")


def _is_only_waiting(rest: list[str]) -> bool:
    """dockerize starts what follows its options, without a `--`."""
    return all(
        word.startswith(("-", "tcp:", "http:", "https:", "file:", "unix:")) or word[:1].isdigit() for word in rest
    )


def _seconds(text: str) -> float | None:
    """`10m` in seconds; None for what isn't a time."""
    unit = _UNITS.get(text[-1:])
    try:
        return float(text[:-1] if unit else text) * (unit or 1)
    except ValueError:
        return None


def keeps_running(argv: Argv) -> bool | None:
    """Whether a foreground command keeps running until it is stopped; None where that isn't known.

    A wrapper's answer is that of what it starts.
    """
    for _ in range(6):
        if not argv or not is_known(argv[0]):
            return None
        name = posixpath.basename(argv[0])
        if ends_by_itself(argv):
            return False
        if name == "busybox":
            argv = argv[1:]
            continue
        if name == "watch":  # it runs its command again and again
            return None if any(word.startswith(("-g", "--chgexit", "-e", "--errexit", "-q")) for word in argv) else True
        if _waits_first(name) and "--" in argv:
            argv = argv[argv.index("--") + 1 :]
            continue
        unwrapped = wrappers.unwrap(name, argv)
        if unwrapped is None or unwrapped.text is not None:
            break
        if unwrapped.script is not None:
            return True if unwrapped.script in ("start", "serve", "dev", "prod", "production") else None
        if unwrapped.problem == wrappers.ENDS:
            return False
        if not unwrapped.argv:
            return None
        if name == "timeout" and _limit(argv) < _LONG:
            return False
        argv = unwrapped.argv
    fact = program_table.lookup([str(word) for word in argv])
    if fact is None:
        return None
    if fact.background:
        return False
    if fact.kind in ("server", "supervisor", "init"):
        return fact.background is False or None
    return True if name in ("tail", "sleep") else None


def _limit(argv: Argv) -> float:
    """The time that `timeout` grants, infinite where it isn't known."""
    for word in argv[1:]:
        if is_known(word) and not word.startswith("-"):
            return _seconds(word) or float("inf")
    return float("inf")
