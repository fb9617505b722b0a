# Sourced by tests/run and .ci/run, in the top folder of the repository: installs what is missing.
# Gives VENV, a virtual environment that has initlint and its test dependencies.

VENV=${VENV:-$PWD/.venv}

engine_answers() {
    [ -n "${DOCKER_HOST:-}" ] && "$VENV/bin/python" -c 'import docker; docker.from_env(timeout=5).ping()' 2>/dev/null
}

install_packages() {
    local package missing=()
    for package in "$@"; do
        [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
        echo "missing: ${missing[*]}; run this as root on Debian, and it installs them" >&2
        return 1
    fi
    # No server is started where it is only installed; a machine's own policy stays.
    local policy= status=0
    if [ ! -e /usr/sbin/policy-rc.d ]; then
        policy=/usr/sbin/policy-rc.d
        install -m 755 /dev/stdin $policy <<<$'#!/bin/sh\nexit 101'
    fi
    apt-get -o DPkg::Lock::Timeout=300 update -q
    DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 install -yq --no-install-recommends \
        "${missing[@]}" || status=$?
    [ -z "$policy" ] || rm -f "$policy"
    return $status
}

if [ -z "${SETUP_DONE:-}" ]; then
    command -v python3 >/dev/null || install_packages python3
    python3 -c 'import ensurepip' 2>/dev/null || install_packages python3-venv
    [ -x "$VENV/bin/python" ] || python3 -m venv "$VENV"
    "$VENV/bin/python" -m pip install -q --disable-pip-version-check -e '.[test]'

    # For the engine tests: the base images are made from these packages of the machine.
    engine_packages=(python3 procps tini dumb-init busybox-static nodejs)
    engine_answers || command -v dockerd >/dev/null || engine_packages+=(docker.io)
    # For the lab: the programs whose facts are measured again.
    lab_packages=(apache2 catatonit cron default-jre-headless execline gosu ksh93u+m lighttpd make memcached mksh
        nginx-light perl-base php-cli redis-server ruby ruby-foreman runit s6 sudo supervisor time yash zsh)
    # Without them those tests are skipped, or fail with CI=true.
    install_packages "${engine_packages[@]}" "${lab_packages[@]}" || [ "${CI:-}" != true ]
    export VENV SETUP_DONE=yes
fi
