"""Programs written in Go that people start as PID 1. None was run; Go's runtime was."""

from __future__ import annotations

from initlint.facts import ProgramFact
from initlint.facts.programs._make import CHILD, RUNS_OTHERS, Why, carried

_SERVES: Why = ("unlikely", "it serves, and starts no other program in normal use")
_CI: Why = ("yes", "jobs start whatever they like and may leave it behind")
_GIT: Why = ("yes", "it runs git, whose housekeeping goes on in the background")
_PHP: Why = ("unknown", "the PHP code that it runs may start programs")
_PLUGINS: Why = ("unknown", "plugins, checks and notifications may start programs")

_CHILDREN: dict[str, Why] = {
    **dict.fromkeys(
        (
            "alertmanager",
            "blackbox_exporter",
            "caddy",
            "chronograf",
            "cloudflared",
            "cockroach",
            "coredns",
            "drone-server",
            "etcd",
            "geth",
            "influxd",
            "jaeger-all-in-one",
            "kube-apiserver",
            "kube-controller-manager",
            "kube-proxy",
            "kube-scheduler",
            "kubectl",
            "loki",
            "minio",
            "nats-server",
            "node_exporter",
            "oauth2-proxy",
            "otelcol",
            "otelcol-contrib",
            "prometheus",
            "promtail",
            "pushgateway",
            "registry",
            "tempo",
            "traefik",
            "victoria-metrics",
        ),
        _SERVES,
    ),
    **dict.fromkeys(
        ("consul", "grafana", "grafana-server", "kapacitord", "mattermost", "telegraf", "terraform", "vault"), _PLUGINS
    ),
    **dict.fromkeys(("act_runner", "buildkite-agent", "gitlab-runner", "nomad"), _CI),
    **dict.fromkeys(("gitea", "forgejo", "gogs"), _GIT),
    **dict.fromkeys(("frankenphp", "rr"), _PHP),
    "mc-server-runner": CHILD,
    "webhook": RUNS_OTHERS,
}


def _go(name: str, children: Why) -> ProgramFact:
    return carried(
        name,
        "server",
        "no",
        "Go's runtime waits only for children that the program started itself",
        {"SIGTERM": "exits"},
        children,
        f"{name} wasn't run itself: Go 1.19.8's measured behaviour (2026-11, Debian 12, static HTTP server)",
        handles_term=True,
    )


FACTS: dict[str, ProgramFact] = {name: _go(name, children) for name, children in _CHILDREN.items()}
