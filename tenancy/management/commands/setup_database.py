"""Creates the three database roles and the database; run once, as a superuser, before the first migrate."""

import environ
import psycopg2
from django.core.management.base import BaseCommand
from psycopg2 import sql

env = environ.Env()

ROLES = {
    "cxm_owner": "LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE",
    "cxm_app": "LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE",
    "cxm_door": "NOLOGIN NOSUPERUSER BYPASSRLS NOCREATEDB NOCREATEROLE",
}


class Command(BaseCommand):
    help = "Create the roles cxm_owner, cxm_app and cxm_door, and the database. Safe to repeat."
    requires_system_checks: list[str] = []

    def handle(self, **options):
        admin = env.db_url_config(env.str("DATABASE_ADMIN_URL"))
        app, owner = (env.db_url_config(env.str(name)) for name in ("DATABASE_URL", "DATABASE_OWNER_URL"))
        with self._connect(admin, "postgres") as connection:
            cursor = connection.cursor()
            for role, attributes in ROLES.items():
                password = {"cxm_owner": owner, "cxm_app": app}.get(role, {}).get("PASSWORD")
                self._make_role(cursor, role, attributes, password)
            # The owner may hand functions to cxm_door, but does not itself get past row-level security by it.
            cursor.execute("GRANT cxm_door TO cxm_owner WITH INHERIT FALSE, SET TRUE")
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [app["NAME"]])
            if not cursor.fetchone():
                cursor.execute(
                    sql.SQL("CREATE DATABASE {} OWNER cxm_owner ENCODING 'UTF8' TEMPLATE template0").format(
                        sql.Identifier(app["NAME"])
                    )
                )
        with self._connect(admin, app["NAME"]) as connection:
            cursor = connection.cursor()
            cursor.execute("REVOKE ALL ON SCHEMA public FROM PUBLIC")
            cursor.execute("ALTER SCHEMA public OWNER TO cxm_owner")
            cursor.execute("GRANT USAGE ON SCHEMA public TO cxm_app, cxm_door")
            cursor.execute("GRANT CREATE ON SCHEMA public TO cxm_door")
            for kind, rights in {
                "TABLES": "SELECT, INSERT, UPDATE, DELETE",
                "SEQUENCES": "USAGE, SELECT",
            }.items():
                cursor.execute(
                    f"ALTER DEFAULT PRIVILEGES FOR ROLE cxm_owner IN SCHEMA public GRANT {rights} ON {kind} TO cxm_app"
                )
        self.stdout.write("The database roles and the database are ready.")

    def _make_role(self, cursor, role: str, attributes: str, password: str | None) -> None:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
        verb = "ALTER" if cursor.fetchone() else "CREATE"
        statement = sql.SQL("{} ROLE {} " + attributes).format(sql.SQL(verb), sql.Identifier(role))
        if password:
            statement += sql.SQL(" PASSWORD {}").format(sql.Literal(password))
        cursor.execute(statement)

    def _connect(self, url: dict, database: str):
        connection = psycopg2.connect(
            host=url["HOST"] or None,
            port=url["PORT"] or None,
            user=url["USER"],
            password=url["PASSWORD"],
            dbname=database,
        )
        connection.autocommit = True
        return _Closing(connection)


class _Closing:
    """psycopg2's own `with` ends a transaction and leaves the connection open; this one closes it."""

    def __init__(self, connection):
        self.connection = connection

    def __enter__(self):
        return self.connection

    def __exit__(self, *exc_info):
        self.connection.close()
