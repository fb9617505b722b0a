"""Start scripts that servers bring with them, whose text lies in no build context: what they exec.

Each was read in its project's repository. A row holds for a command line that has `words` as its
first ones: with others the script may go to the background, or end.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from initlint.records import NamedTuple


class StartScript(NamedTuple):
    """A script that execs `program`. `words`: any of them has to be among its arguments, none where
    its plain call will do; `not_words`: none of them may be."""

    program: tuple[str, ...]
    source: str
    words: tuple[str, ...] = ()
    not_words: tuple[str, ...] = ()
    passes_on: bool = False  # what it execs is its own arguments
    variables: tuple[str, ...] = ()  # one of them has to be set: else it does something else


_KAFKA = 'apache/kafka@0194da295042:bin/kafka-run-class.sh (exec "$JAVA")'


def _kafka(main: str) -> StartScript:
    return StartScript(("java", main), _KAFKA, not_words=("-daemon", "--version", "--help"))


SCRIPTS: dict[str, StartScript] = {
    "cassandra": StartScript(
        ("java", "org.apache.cassandra.service.CassandraDaemon"),
        'apache/cassandra@02aba7343ce3:bin/cassandra (launch_service: exec "$JAVA")',
        words=("-f",),
    ),
    **dict.fromkeys(("kafka-server-start.sh", "kafka-server-start"), _kafka("kafka.Kafka")),
    **dict.fromkeys(
        ("connect-distributed.sh", "connect-distributed"), _kafka("org.apache.kafka.connect.cli.ConnectDistributed")
    ),
    **dict.fromkeys(
        ("connect-standalone.sh", "connect-standalone"), _kafka("org.apache.kafka.connect.cli.ConnectStandalone")
    ),
    **dict.fromkeys(
        ("zookeeper-server-start.sh", "zookeeper-server-start"),
        _kafka("org.apache.zookeeper.server.quorum.QuorumPeerMain"),
    ),
    "zkServer.sh": StartScript(
        ("java", "org.apache.zookeeper.server.quorum.QuorumPeerMain"),
        'apache/zookeeper@022d308a5380:bin/zkServer.sh (start-foreground: exec "$JAVA")',
        words=("start-foreground",),
    ),
    "crate": StartScript(
        ("java", "io.crate.bootstrap.CrateDB"),
        'crate/crate@023a7ccf7f1e:app/src/main/dist/bin/crate (launch_service: eval exec "$JAVA")',
        not_words=("-v", "-h"),
    ),
    "emqx": StartScript(
        ("beam.smp", "-noinput", "-noshell"),
        'emqx/emqx@50e04386de84:bin/emqx (foreground: exec "$BINDIR/erlexec")',
        words=("foreground",),
    ),
    "rabbitmq-server": StartScript(
        ("beam.smp", "-noinput", "-noshell"),
        "rabbitmq/rabbitmq-server@5b09e556da53:deps/rabbit/scripts/rabbitmq-server (start_rabbitmq_server: exec erl)",
        not_words=("-detached", "--help"),
        variables=("RUNNING_UNDER_SYSTEMD", "RABBITMQ_ALLOW_INPUT"),
    ),
    "runsvdir-start": StartScript(
        ("runsvdir", "-P", "/etc/service"),
        "imeyer/runit-rpm@69c3d485b135:runit.spec#L80 (runit's own etc/2: exec env - PATH=$PATH runsvdir -P)",
    ),
    "dind": StartScript((), 'moby/moby@228c6a374bf5:hack/dind (exec "$@")', passes_on=True),
}


def started(name: str, arguments: Sequence[str]) -> tuple[str, ...] | None:
    """What the script of that name execs with these arguments; None where that isn't known."""
    script = SCRIPTS.get(name)
    if script is None or any(word in script.not_words for word in arguments):
        return None
    if script.passes_on:
        return tuple(arguments) or None
    if script.words and not any(word in script.words for word in arguments):
        return None
    return script.program


def missing(name: str, environment: Mapping[str, str | None]) -> str:
    """The variable that the script of that name wants for what its row tells, "" where it has it."""
    script = SCRIPTS.get(name)
    if script is None or not script.variables or any(environment.get(variable) for variable in script.variables):
        return ""
    return script.variables[0]
