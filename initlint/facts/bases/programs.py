"""Programs that the Dockerfiles of base images put at a fixed path, beside those of the distribution."""

from __future__ import annotations

PYTHON = ("/usr/local/bin/python3", "/usr/local/bin/python", "/usr/local/bin/pip", "/usr/local/bin/pip3")
PYTHON2 = ("/usr/local/bin/python2", "/usr/local/bin/python", "/usr/local/bin/pip")
# yarn 1 lies in /opt and is linked; images of node 26 have none any more
NODE = ("/usr/local/bin/node", "/usr/local/bin/npm", "/usr/local/bin/npx")
NODE_ENTRYPOINT = (*NODE, "/usr/local/bin/docker-entrypoint.sh")
YARN = ("/usr/local/bin/yarn", "/usr/local/bin/yarnpkg")
PHP = ("/usr/local/bin/php", "/usr/local/bin/docker-php-entrypoint")
PHP_FPM = (*PHP, "/usr/local/sbin/php-fpm")
PHP_APACHE = (*PHP, "/usr/local/bin/apache2-foreground", "/usr/sbin/apache2", "/usr/sbin/apache2ctl")
RUBY = (
    "/usr/local/bin/ruby",
    "/usr/local/bin/irb",
    "/usr/local/bin/gem",
    "/usr/local/bin/bundle",
    "/usr/local/bin/rake",
)
GO = ("/usr/local/go/bin/go", "/usr/local/go/bin/gofmt")
RUST = ("/usr/local/cargo/bin/cargo", "/usr/local/cargo/bin/rustc", "/usr/local/cargo/bin/rustup")
JAVA_TEMURIN = ("/opt/java/openjdk/bin/java",)
JAVA_OPENJDK = ("/usr/local/openjdk-{major}/bin/java",)
MAVEN = ("/usr/bin/mvn", "/usr/local/bin/mvn-entrypoint.sh")
GRADLE = ("/usr/bin/gradle",)
NGINX = ("/usr/sbin/nginx",)
HTTPD = ("/usr/local/apache2/bin/httpd", "/usr/local/bin/httpd-foreground")
HAPROXY = ("/usr/local/sbin/haproxy", "/usr/local/bin/docker-entrypoint.sh")
TOMCAT = ("/usr/local/tomcat/bin/catalina.sh",)
POSTGRES = ("/usr/lib/postgresql/{major}/bin/postgres", "/usr/local/bin/docker-entrypoint.sh", "/usr/local/bin/gosu")
POSTGRES_ALPINE = ("/usr/local/bin/postgres", "/usr/local/bin/docker-entrypoint.sh")
MYSQL = ("/usr/sbin/mysqld", "/usr/local/bin/docker-entrypoint.sh")
MARIADB = ("/usr/sbin/mariadbd", "/usr/local/bin/docker-entrypoint.sh")
REDIS = ("/usr/local/bin/redis-server", "/usr/local/bin/redis-cli", "/usr/local/bin/docker-entrypoint.sh")
MONGO = ("/usr/bin/mongod", "/usr/local/bin/docker-entrypoint.sh")
MEMCACHED = ("/usr/local/bin/memcached", "/usr/local/bin/docker-entrypoint.sh")
RABBITMQ = ("/opt/rabbitmq/sbin/rabbitmq-server", "/usr/local/bin/docker-entrypoint.sh")
COMPOSER = ("/usr/bin/composer", "/docker-entrypoint.sh")
DOTNET = ("/usr/bin/dotnet",)
CONDA = ("/opt/conda/bin/conda", "/opt/conda/bin/python")
S6 = ("/init",)
MY_INIT = ("/sbin/my_init",)
