"""Programs that come out of packages and downloads as one executable: known to be no scripts, run by nobody here.

That they're known settles who PID 1 is; what they do with orphans and signals stays open.
"""

from __future__ import annotations

from initlint.facts import ProgramFact
from initlint.facts.programs._make import APP, NONE, OWN_WORKERS, RUNS_OTHERS, Why, undecided

_SCRIPTS: Why = ("unknown", "scripts that its configuration names may be started")


def _server(name: str, children: Why) -> ProgramFact:
    return undecided(name, "server", children, f"{name} wasn't run as PID 1")


FACTS: dict[str, ProgramFact] = {
    "arangod": _server("arangod", NONE),
    "aria2c": _server("aria2c", _SCRIPTS),
    "forego": undecided("forego", "supervisor", RUNS_OTHERS, "forego wasn't run as PID 1"),
    "odoo": _server("odoo", APP),
    "openvpn": _server("openvpn", _SCRIPTS),
    "rethinkdb": _server("rethinkdb", NONE),
    "rspamd": _server("rspamd", OWN_WORKERS),
    "sqlservr": _server("sqlservr", NONE),
    "strapi": _server("strapi", APP),
    "ts3server": _server("ts3server", NONE),
    "vaultwarden": _server("vaultwarden", NONE),
    "xl2tpd": _server("xl2tpd", ("yes", "it starts pppd for each connection")),
}
