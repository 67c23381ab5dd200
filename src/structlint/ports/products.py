"""Product names, which images and services write in several forms."""

from __future__ import annotations

import re

_ALIASES = {
    "pg": "postgres",
    "pgsql": "postgres",
    "postgis": "postgres",
    "postgresql": "postgres",
    "mongodb": "mongo",
    "rabbit": "rabbitmq",
    "elastic": "elasticsearch",
    "mssql": "mssql-server",
    "sqlserver": "mssql-server",
    "prom": "prometheus",
    "memcache": "memcached",
    "schema-registry": "cp-schema-registry",
    "kafka": "cp-kafka",
    "zookeeper": "cp-zookeeper",
    "otel-collector": "opentelemetry-collector",
}


def product(text: str) -> str:
    """The product in the name of a service or image: `postgres` for `bitnami/postgresql:16`."""
    name = text.partition("@")[0].rpartition("/")[2].partition(":")[0].lower()
    name = re.sub(r"[-_]?(?:alpine|debian|\d[\d.]*)$", "", name).replace("_", "-")
    return _ALIASES.get(name, name)
