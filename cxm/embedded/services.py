"""PostgreSQL and Redis together, and the settings that lead the product's processes to them."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field

from cxm.embedded.keeping import PROJECT, Keeping
from cxm.embedded.postgres import APP, OWNER, SUPERUSER, Postgres
from cxm.embedded.programs import Program
from cxm.embedded.redis import Redis

# Only the commands that set up and migrate may have these.
PRIVILEGED = {"DATABASE_OWNER_URL", "DATABASE_ADMIN_URL", "CXM_DATABASE_ROLE"}
SETTINGS = {"DATABASE_URL", "REDIS_URL", "EMAIL_URL", "SECRET_KEY", "BASE_URL", "STATIC_ROOT", "DEBUG", "ALLOWED_HOSTS"}
SETTINGS |= {"DEMO_MAIL", "MAIL_FROM", "API_RATE_LIMITS", "LOG_LEVEL", "INBOUND_MAIL_DOMAIN"}


@dataclass
class Services:
    """Servers of our own for one directory; nothing runs until their programs are given to a supervisor."""

    keeping: Keeping
    postgres_port: int
    redis_port: int
    is_durable: bool = True
    postgres_settings: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.secrets = self.keeping.secrets()
        passwords = {role: self.secrets[role] for role in (SUPERUSER, OWNER, APP)}
        self.postgres = Postgres(
            self.keeping.postgres, self.postgres_port, passwords, self.is_durable, self.postgres_settings
        )
        self.redis = Redis(self.keeping.redis, self.redis_port, self.secrets["redis"], self.is_durable, databases=64)

    def environment(self, *, database: str = "cxm", redis_database: int = 0) -> dict[str, str]:
        """What web and workers need: the database as cxm_app, never as its owner."""
        return {
            "SECRET_KEY": self.secrets["secret_key"],
            "DATABASE_URL": self.postgres.url(APP, database),
            "REDIS_URL": self.redis.url(redis_database),
            "STATIC_ROOT": str(self.keeping.static),
        }

    def owner_environment(self, *, database: str = "cxm") -> dict[str, str]:
        """What setting up and migrating need besides."""
        return {
            "DATABASE_OWNER_URL": self.postgres.url(OWNER, database),
            "DATABASE_ADMIN_URL": self.postgres.url(SUPERUSER, database),
        }


def inherited_environment(*, with_settings: bool = False) -> dict[str, str]:
    """The caller's environment with what every process of ours wants; his settings of the product only when asked."""
    hidden = PRIVILEGED if with_settings else PRIVILEGED | SETTINGS
    kept = {name: value for name, value in os.environ.items() if name not in hidden}
    return kept | {"DJANGO_SETTINGS_MODULE": "cxm.settings", "PYTHONUNBUFFERED": "1"}


def manage(*arguments: str, environment: Mapping[str, str], role: str = "app") -> Program:
    """A command of manage.py, run as the given database role: `app`, `owner` or `admin`."""
    return Program(
        name=arguments[0],
        command=[sys.executable, str(PROJECT / "manage.py"), *arguments],
        environment={**environment, "CXM_DATABASE_ROLE": role},
        directory=PROJECT,
        shown=False,
        serves_others=True,
    )
