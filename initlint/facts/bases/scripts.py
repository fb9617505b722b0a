"""What the start scripts do that base images ship, each read from its repository.

The keys are the absolute paths of the scripts in the image; a bare name in ENTRYPOINT is found there on PATH.
"""

from __future__ import annotations

from initlint.facts import BaseScript

Scripts = dict[str, BaseScript]


def _at_docker_entrypoint(script: BaseScript) -> Scripts:
    return {"/usr/local/bin/docker-entrypoint.sh": script}


NODE = _at_docker_entrypoint(
    BaseScript(
        "sh",
        True,
        "nodejs/docker-node@f27d936f7d7c:docker-entrypoint.sh#L7",
        prefix_when_option=("node",),
        prefix_when_not_command=("node",),
        note="also for a file that isn't executable",
    )
)
PHP: Scripts = {
    "/usr/local/bin/docker-php-entrypoint": BaseScript(
        "sh",
        True,
        "docker-library/php@445bf414f1d5:docker-php-entrypoint#L5",
        prefix_when_option=("php",),
        note="the apache and fpm flavours put apache2-foreground or php-fpm in front of options",
    ),
}
PHP_APACHE: Scripts = {
    "/usr/local/bin/docker-php-entrypoint": PHP["/usr/local/bin/docker-php-entrypoint"]._replace(
        prefix_when_option=("apache2-foreground",), note=""
    ),
    "/usr/local/bin/apache2-foreground": BaseScript(
        "bash",
        True,
        "docker-library/php@445bf414f1d5:apache2-foreground#L40",
        fixed_program=("apache2", "-DFOREGROUND"),
    ),
}
PHP_FPM: Scripts = {
    "/usr/local/bin/docker-php-entrypoint": PHP["/usr/local/bin/docker-php-entrypoint"]._replace(
        prefix_when_option=("php-fpm",), note=""
    ),
}
NGINX: Scripts = {
    "/docker-entrypoint.sh": BaseScript(
        "sh",
        True,
        "nginx/docker-nginx@0d7f4380c735:entrypoint/docker-entrypoint.sh#L47",
        note="runs the scripts in /docker-entrypoint.d first when the command is nginx or nginx-debug",
    ),
}
HTTPD: Scripts = {
    "/usr/local/bin/httpd-foreground": BaseScript(
        "sh",
        True,
        "docker-library/httpd@9b63b37c9be3:2.4/httpd-foreground#L7",
        fixed_program=("httpd", "-DFOREGROUND"),
    ),
}
POSTGRES = _at_docker_entrypoint(
    BaseScript(
        "bash",
        True,
        "docker-library/postgres@6edb0a8c4def:docker-entrypoint.sh#L328",
        prefix_when_option=("postgres",),
        step_down=("gosu", "postgres"),
        step_down_for=("postgres",),
        note="before that it may initialise the database with a temporary server, in the foreground",
    )
)
MYSQL = _at_docker_entrypoint(
    BaseScript(
        "bash",
        True,
        "docker-library/mysql@7f30fdb07380:docker-entrypoint.sh#L364",
        prefix_when_option=("mysqld",),
        step_down=("gosu", "mysql"),
        step_down_for=("mysqld",),
    )
)
MARIADB = _at_docker_entrypoint(
    BaseScript(
        "bash",
        True,
        "MariaDB/mariadb-docker@1b6429ba3544:docker-entrypoint.sh#L682",
        prefix_when_option=("mariadbd",),
        step_down=("gosu", "mysql"),
        step_down_for=("mariadbd", "mysqld"),
    )
)
REDIS = _at_docker_entrypoint(
    BaseScript(
        "sh",
        True,
        "redis/docker-library-redis@e5650da99bb3:docker-entrypoint.sh#L6",
        prefix_when_option=("redis-server",),
        step_down=("gosu", "redis"),
        step_down_for=("redis-server",),
        note="also put in front of a file whose name ends in .conf; on Alpine the step-down was su-exec",
    )
)
_SETPRIV = (
    *("--reuid", "redis", "--regid", "redis", "--clear-groups", "--nnp"),
    *("--inh-caps=-all", "--ambient-caps=-all", "--bounding-set=-all"),
)
# Read at one commit of the 8 line. That it came with 8.0-rc1, and with 6.2.22, 7.2.14 and 7.4.9 of the older
# lines, is told by docker-library/official-images, pull requests 18788 and 21383.
REDIS_SETPRIV = _at_docker_entrypoint(
    BaseScript(
        "bash",
        True,
        "redis/docker-library-redis@0d55be9aa67b:debian/docker-entrypoint.sh",
        prefix_when_option=("redis-server",),
        step_down=("/usr/bin/setpriv", *_SETPRIV),
        step_down_for=("redis-server", "redis-sentinel"),
        note="adds --loadmodule for each module in the image; SKIP_DROP_PRIVS leaves the user alone",
    )
)
REDIS_SETPRIV_ALPINE = _at_docker_entrypoint(
    REDIS_SETPRIV["/usr/local/bin/docker-entrypoint.sh"]._replace(
        interpreter="sh",
        source="redis/docker-library-redis@0d55be9aa67b:alpine/docker-entrypoint.sh",
        step_down=("/bin/setpriv", *_SETPRIV),
    )
)
MONGO = _at_docker_entrypoint(
    BaseScript(
        "bash",
        True,
        "docker-library/mongo@2c69a57b939a:docker-entrypoint.sh#L4",
        prefix_when_option=("mongod",),
        step_down=("gosu", "mongodb"),
        step_down_for=("mongo", "mongod", "mongos", "mongosh"),
        note="numactl --interleave=all stands in front of mongo* where numactl works; it execs",
    )
)
MEMCACHED = _at_docker_entrypoint(
    BaseScript(
        "sh",
        True,
        "docker-library/memcached@53ac0ecb0bf8:docker-entrypoint.sh#L5",
        prefix_when_option=("memcached",),
    )
)
HAPROXY = _at_docker_entrypoint(
    BaseScript(
        "sh",
        True,
        "docker-library/haproxy@ec437dd2a365:docker-entrypoint.sh#L5",
        prefix_when_option=("haproxy",),
        rewrites=(("haproxy", ("haproxy", "-W", "-db")),),
        note="-W makes haproxy a master with workers",
    )
)
RABBITMQ = _at_docker_entrypoint(
    BaseScript(
        "bash",
        True,
        "docker-library/rabbitmq@9193c1de6d32:docker-entrypoint.sh#L5",
        step_down=("gosu", "rabbitmq"),
        step_down_for=("rabbitmq-server", "rabbitmqctl", "rabbitmq-plugins"),
        note="steps down for any command that starts with rabbitmq; before gosu was in the image with su-exec",
    )
)
CASSANDRA = _at_docker_entrypoint(
    BaseScript(
        "bash",
        True,
        "docker-library/cassandra@7b9da8f4f58f:docker-entrypoint.sh#L6",
        prefix_when_option=("cassandra", "-f"),
        step_down=("gosu", "cassandra"),
        step_down_for=("cassandra",),
    )
)
TEMURIN: Scripts = {
    "/__cacert_entrypoint.sh": BaseScript(
        "bash",
        True,
        "adoptium/containers@d8d18d67a32e:21/jdk/ubuntu/noble/entrypoint.sh#L157",
        note="imports certificates first when USE_SYSTEM_CA_CERTS is set",
    ),
}
TEMURIN_SH: Scripts = {
    "/__cacert_entrypoint.sh": BaseScript(
        "sh",
        True,
        "adoptium/containers@d8d18d67a32e:21/jdk/alpine/3.23/entrypoint.sh#L157",
        note="imports certificates first when USE_SYSTEM_CA_CERTS is set",
    ),
}
MAVEN: Scripts = {
    "/usr/local/bin/mvn-entrypoint.sh": BaseScript(
        "sh", True, "carlossg/docker-maven@0170c5bc5c25:eclipse-temurin-17-noble/mvn-entrypoint.sh#L50"
    ),
}
COMPOSER: Scripts = {
    "/docker-entrypoint.sh": BaseScript(
        "sh",
        True,
        "composer/docker@e1056b5bda92:latest/docker-entrypoint.sh#L14",
        prefix_when_option=("/sbin/tini", "--", "composer"),
        rewrites=(("composer", ("/sbin/tini", "--", "composer")),),
        note="composer's own commands get /sbin/tini -- composer in front, any other command nothing",
    ),
}
DOCKER: Scripts = _at_docker_entrypoint(
    BaseScript(
        "sh",
        True,
        "docker-library/docker@3289af88086d:docker-entrypoint.sh#L5",
        prefix_when_option=("docker",),
        note="docker's own commands get docker in front",
    )
)
DOCKERD: Scripts = {
    **DOCKER,
    "/usr/local/bin/dockerd-entrypoint.sh": BaseScript(
        "sh",
        True,
        "docker-library/docker@3289af88086d:dockerd-entrypoint.sh#L104",
        prefix_when_option=("dockerd",),
        takes_none=True,
        rewrites=(("dockerd", ("/usr/local/bin/dind", "docker-init", "--", "dockerd")),),
        as_user=("rootlesskit",),
        note="without arguments it starts dockerd behind docker-init; anything else goes to docker-entrypoint.sh",
    ),
}
DOCKERD_ROOTLESS: Scripts = {
    "/usr/local/bin/dockerd-entrypoint.sh": BaseScript(
        "sh",
        True,
        "docker-library/docker@3289af88086d:dockerd-entrypoint.sh#L220",
        fixed_program=("rootlesskit",),
        note="a command other than dockerd goes to docker-entrypoint.sh",
    ),
}
GHOST = _at_docker_entrypoint(
    BaseScript(
        "bash",
        True,
        "docker-library/ghost@7edb45d66a15:docker-entrypoint.sh#L5",
        step_down=("gosu", "node"),
        step_down_for=("node",),
        note="only for node … current/index.js",
    )
)
REDMINE: Scripts = {
    "/docker-entrypoint.sh": BaseScript(
        "bash",
        True,
        "docker-library/redmine@f772dee71588:docker-entrypoint.sh#L28",
        step_down=("gosu", "redmine"),
        step_down_for=("rails", "rake", "bundle"),
    ),
}
WORDPRESS = _at_docker_entrypoint(
    BaseScript(
        "bash",
        True,
        "docker-library/wordpress@bf223d1c2087:docker-entrypoint.sh#L99",
        note="copies WordPress into place first when the command is apache2* or php-fpm",
    )
)
NEXTCLOUD: Scripts = {
    "/entrypoint.sh": BaseScript("sh", True, "nextcloud/docker@4de1eed65a44:32/apache/entrypoint.sh#L330"),
}
MATOMO: Scripts = {
    "/entrypoint.sh": BaseScript("sh", True, "matomo-org/docker@adb618afe152:docker-entrypoint.sh#L59"),
}
PHPMYADMIN: Scripts = {
    "/docker-entrypoint.sh": BaseScript("bash", True, "phpmyadmin/docker@452a995fe6c9:docker-entrypoint.sh#L63"),
}
ODOO: Scripts = {
    "/entrypoint.sh": BaseScript(
        "bash",
        True,
        "odoo/docker@f7f676535412:19.0/entrypoint.sh#L34",
        prefix_when_option=("odoo",),
        note="waits for the database, then execs odoo with the database's options after the arguments",
    ),
}
TRAEFIK: Scripts = {
    "/entrypoint.sh": BaseScript(
        "sh",
        True,
        "traefik/traefik-library-image@697393828fd8:tmpl/alpine/entrypoint.sh#L5",
        prefix_when_option=("traefik",),
        note="traefik's own commands get traefik in front",
    ),
}
ZOOKEEPER: Scripts = {
    "/docker-entrypoint.sh": BaseScript(
        "bash",
        True,
        "31z4/zookeeper-docker@52a83649bc33:3.9.4/docker-entrypoint.sh#L50",
        step_down=("gosu", "zookeeper"),
        step_down_for=("zkServer.sh",),
    ),
}
SONARQUBE: Scripts = {
    "/opt/sonarqube/docker/entrypoint.sh": BaseScript(
        "bash",
        True,
        "SonarSource/docker-sonarqube@df5a6ae20bb7:commercial-editions/developer/entrypoint.sh#L9",
        prefix_when_option=(
            "/opt/java/openjdk/bin/java",
            "-jar",
            "lib/sonarqube.jar",
            "-Dsonar.log.console=true",
        ),
        note="the same without any argument",
    ),
}
CONSUL = _at_docker_entrypoint(
    BaseScript(
        "sh",
        True,
        "hashicorp/docker-consul@aedd0844f06e:0.X/docker-entrypoint.sh#L114",
        prefix_when_option=("consul",),
        step_down=("su-exec", "consul:consul"),
        step_down_for=("consul", "agent"),
        note="its first line is #!/usr/bin/dumb-init /bin/sh: dumb-init is PID 1 from the start",
    )
)
JENKINS: Scripts = {
    "/usr/local/bin/jenkins.sh": BaseScript(
        "bash",
        True,
        "jenkinsci/docker@ab3f5e0a80d6:jenkins.sh#L55",
        prefix_when_option=("java", "-jar", "/usr/share/jenkins/jenkins.war"),
        note="the same without any argument",
    ),
}
JENKINS_AGENT: Scripts = {
    "/usr/local/bin/jenkins-agent": BaseScript(
        "bash",
        True,
        "jenkinsci/docker-agent@b066c0a962c0:jenkins-agent#L140",
        fixed_program=("java", "-jar", "/usr/share/jenkins/agent.jar"),
        note="a single argument that isn't an option is run as a command",
    ),
}
MINIO: Scripts = {
    "/usr/bin/docker-entrypoint.sh": BaseScript(
        "sh",
        True,
        "minio/minio@7aac2a2c5b7c:dockerscripts/docker-entrypoint.sh#L5",
        prefix_when_option=("minio",),
        prefix_when_not_command=("minio",),
        note="with MINIO_USERNAME and MINIO_GROUPNAME set it stays, in front of chroot",
    ),
}
MICROMAMBA: Scripts = {
    "/usr/local/bin/_entrypoint.sh": BaseScript(
        "bash",
        True,
        "mamba-org/micromamba-docker@a815800caa7e:_entrypoint.sh#L28",
        note="activates the conda environment first",
    ),
}
TIANGOLO_UVICORN: Scripts = {
    "/start.sh": BaseScript(
        "sh",
        False,
        "tiangolo/uvicorn-gunicorn-docker@cb5abd5fddd4:docker-images/start.sh#L34",
        fixed_program=("gunicorn", "-k", "uvicorn.workers.UvicornWorker", "-c", "$GUNICORN_CONF", "$APP_MODULE"),
        note="sources /app/prestart.sh first",
    ),
}
CONFLUENT_KAFKA: Scripts = {
    "/etc/confluent/docker/run": BaseScript(
        "bash",
        False,
        "confluentinc/kafka-images@f8e3015a9a60:kafka/include/etc/confluent/docker/run#L38",
        fixed_program=("kafka-server-start", "/etc/kafka/kafka.properties"),
        note="execs /etc/confluent/docker/launch, which execs the server",
    ),
}
TIANGOLO_UWSGI: Scripts = {
    "/entrypoint.sh": BaseScript(
        "sh", True, "tiangolo/uwsgi-nginx-docker@afe929aba32a:docker-images/entrypoint.sh#L61", note="configures nginx"
    ),
    "/start.sh": BaseScript(
        "sh",
        False,
        "tiangolo/uwsgi-nginx-docker@afe929aba32a:docker-images/start.sh#L15",
        fixed_program=("/usr/bin/supervisord",),
        note="sources /app/prestart.sh first; its configuration says nodaemon=true",
    ),
}
JUPYTER: Scripts = {
    "/usr/local/bin/start.sh": BaseScript(
        "bash",
        True,
        "jupyter/docker-stacks@820938695049:images/docker-stacks-foundation/start.sh#L249",
        note="as root it execs the command through sudo, which stays in front of it",
    ),
}
SELENIUM: Scripts = {
    "/opt/bin/entry_point.sh": BaseScript(
        "bash",
        False,
        "SeleniumHQ/docker-selenium@3290a305c0d1:Base/entry_point.sh#L36",
        fixed_program=("/usr/bin/supervisord", "--configuration", "/etc/supervisord.conf"),
        stays=True,
        forwards=("SIGTERM", "SIGINT"),
        note="starts supervisord in the background, traps SIGTERM, passes it on and waits",
    ),
}
GRAFANA: Scripts = {
    "/run.sh": BaseScript(
        "sh",
        False,
        "grafana/grafana@07754534fbaf:packaging/docker/run.sh",
        fixed_program=("grafana", "server"),
        note="the arguments follow its own options",
    ),
}
