"""Programs that come out of packages and downloads as one executable: known to be no scripts, run by nobody here.

That they're known settles who PID 1 is; what they do with orphans and signals stays open.
"""

from __future__ import annotations

from initlint.facts import ProgramFact
from initlint.facts.programs._make import APP, NONE, OWN_WORKERS, RUNS_OTHERS, Why, undecided

_SHIMS: Why = ("yes", "the processes that look after its containers outlive the one that started them")
_SCRIPTS: Why = ("unknown", "scripts that its configuration names may be started")


def _server(name: str, children: Why) -> ProgramFact:
    return undecided(name, "server", children, f"{name} wasn't run as PID 1")


FACTS: dict[str, ProgramFact] = {
    "airflow": _server("airflow", RUNS_OTHERS),
    "arangod": _server("arangod", NONE),
    "aria2c": _server("aria2c", _SCRIPTS),
    "buildkitd": _server("buildkitd", _SHIMS),
    "containerd": _server("containerd", _SHIMS),
    "dockerd": _server("dockerd", _SHIMS),
    "odoo": _server("odoo", APP),
    "openvpn": _server("openvpn", _SCRIPTS),
    "rethinkdb": _server("rethinkdb", NONE),
    "rootlesskit": _server("rootlesskit", _SHIMS),
    "rspamd": _server("rspamd", OWN_WORKERS),
    "sqlservr": _server("sqlservr", NONE),
    "strapi": _server("strapi", APP),
    "ts3server": _server("ts3server", NONE),
    "vaultwarden": _server("vaultwarden", NONE),
    "xl2tpd": _server("xl2tpd", ("yes", "it starts pppd for each connection")),
}
