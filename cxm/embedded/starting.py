"""The start of bin/up step by step, with servers of our own or those the environment names."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cxm.embedded.collecting import begin_collecting
from cxm.embedded.keeping import Keeping
from cxm.embedded.ports import port_from_environment
from cxm.embedded.processes import Supervisor
from cxm.embedded.product import mail_listener, mailbox, web, worker
from cxm.embedded.programs import Running
from cxm.embedded.screen import Refusal, Steps
from cxm.embedded.services import Services, inherited_environment, manage
from cxm.embedded.template import fingerprint

OWN_DATABASE_NEEDS = (
    "with DATABASE_URL (as cxm_app) bin/up also needs\n"
    "    DATABASE_OWNER_URL   the same database as cxm_owner, to migrate, and\n"
    "    DATABASE_ADMIN_URL   as a superuser, to create the two roles and the database; leave it out when they exist."
)


@dataclass(frozen=True)
class Ports:
    """Where everything listens; each can be chosen by its environment variable."""

    web: int
    mailbox: int
    smtp: int
    replies: int
    postgres: int
    redis: int

    @classmethod
    def from_environment(cls) -> "Ports":
        return cls(
            web=port_from_environment("CXM_PORT", 8000),
            mailbox=port_from_environment("CXM_MAILBOX_PORT", 8025),
            smtp=port_from_environment("CXM_SMTP_PORT", 1025),
            replies=port_from_environment("CXM_REPLY_PORT", 1026),
            postgres=port_from_environment("CXM_POSTGRES_PORT", 54320),
            redis=port_from_environment("CXM_REDIS_PORT", 63790),
        )

    def needed(self) -> Iterator[tuple[str, int, str]]:
        """Variable, port and purpose of each server that we start ourselves."""
        yield "CXM_PORT", self.web, "the web pages"
        if "EMAIL_URL" not in os.environ:
            yield "CXM_MAILBOX_PORT", self.mailbox, "the mailbox's page"
            yield "CXM_SMTP_PORT", self.smtp, "the mailbox's SMTP server"
            yield "CXM_REPLY_PORT", self.replies, "the SMTP server for customers' answers"
        if "DATABASE_URL" not in os.environ:
            yield "CXM_POSTGRES_PORT", self.postgres, "PostgreSQL"
        if "REDIS_URL" not in os.environ:
            yield "CXM_REDIS_PORT", self.redis, "Redis"


class Start:
    """Brings everything up, in the order in which one thing needs another."""

    def __init__(self, supervisor: Supervisor, keeping: Keeping, ports: Ports, *, address: str) -> None:
        self.supervisor = supervisor
        self.keeping = keeping
        self.ports = ports
        self.services = Services(keeping, ports.postgres, ports.redis)
        ours = self.services.environment() | {"BASE_URL": address}
        if "EMAIL_URL" not in os.environ:
            ours |= {"EMAIL_URL": f"smtp://127.0.0.1:{ports.smtp}", "DEMO_MAIL": "true"}
            ours |= {"INBOUND_MAIL_DOMAIN": "reply.cxm.localhost"}
        self.environment = ours | inherited_environment(with_settings=True)

    def everything(self, steps: Steps) -> None:
        static = Path(self.environment["STATIC_ROOT"])
        finish_collecting = begin_collecting(self.supervisor, self.environment, into=static)
        self._postgres(steps)
        self._redis(steps)
        self._schema(steps)
        self._demo(steps)
        with steps.step("Style sheets and scripts"):
            finish_collecting()
        self._mailbox(steps)
        site = self.supervisor.begin(web(self.environment, port=self.ports.web))
        hands = self.supervisor.begin(worker(self.environment, with_schedule=True))
        listener = self._listener()
        with steps.step(f"Web on port {self.ports.web}"):
            self.supervisor.wait_until_ready(site)
        with steps.step("Worker and schedule"):
            self.supervisor.wait_until_ready(hands)
            if listener is not None:
                self.supervisor.wait_until_ready(listener)

    def _postgres(self, steps: Steps) -> None:
        if "DATABASE_URL" in os.environ:
            if "DATABASE_OWNER_URL" not in os.environ:
                raise Refusal(OWN_DATABASE_NEEDS)
            steps.note("PostgreSQL", "that of DATABASE_URL")
            return
        with steps.step(f"PostgreSQL on port {self.ports.postgres}"):
            self.services.postgres.prepare()
            self.supervisor.start(self.services.postgres.program())

    def _redis(self, steps: Steps) -> None:
        if "REDIS_URL" in os.environ:
            steps.note("Redis", "that of REDIS_URL")
            return
        with steps.step(f"Redis on port {self.ports.redis}"):
            self.supervisor.start(self.services.redis.program())

    def _schema(self, steps: Steps) -> None:
        """Roles, database and tables; these two commands alone learn the owner's and the superuser's password."""
        is_ours = "DATABASE_URL" not in os.environ
        prepared_by = fingerprint()
        if is_ours and self.keeping.prepared_by() == prepared_by:
            steps.note("Database roles", "unchanged")
            steps.note("Migrations", "unchanged")
            return
        names = ("DATABASE_OWNER_URL", "DATABASE_ADMIN_URL")
        given = {name: os.environ[name] for name in names if name in os.environ}
        environment = self.environment | (self.services.owner_environment() if is_ours else given)
        with steps.step("Database roles"):
            if "DATABASE_ADMIN_URL" in environment:
                self.supervisor.run(manage("setup_database", environment=environment, role="admin"))
        with steps.step("Migrations"):
            self.supervisor.run(manage("migrate", environment=environment, role="owner"))
        if is_ours:
            self.keeping.note_prepared_by(prepared_by)

    def _demo(self, steps: Steps) -> None:
        if "DATABASE_URL" not in os.environ and self.keeping.accounts.exists():
            steps.note("Demo organization", "unchanged")
            return
        with steps.step("Demo organization"):
            command = manage("seed_demo", "--accounts-file", str(self.keeping.accounts), environment=self.environment)
            self.supervisor.run(command)

    def _mailbox(self, steps: Steps) -> None:
        if "EMAIL_URL" in os.environ:
            steps.note("Mail server", "that of EMAIL_URL")
            return
        with steps.step(f"Mailbox on port {self.ports.mailbox}"):
            directory, smtp_port, web_port = self.keeping.mails, self.ports.smtp, self.ports.mailbox
            program = mailbox(
                self.environment,
                directory=directory,
                smtp_port=smtp_port,
                web_port=web_port,
                reply_port=self.ports.replies,
            )
            self.supervisor.start(program)

    def _listener(self) -> Running | None:
        """What takes the answers one writes in the mailbox; not started where mail goes to a real server."""
        if "EMAIL_URL" in os.environ:
            return None
        return self.supervisor.begin(mail_listener(self.environment, port=self.ports.replies))
