"""One database for each pytest process, cloned from the template that bin/test migrated; used as cxm_app."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from urllib.parse import urlsplit

import psycopg2
import pytest
import redis
from django.conf import settings
from django.db import connections
from django.test import TransactionTestCase
from psycopg2 import sql

from cxm.embedded.template import DATABASE as TEMPLATE
from tests.services.addresses import with_path

TABLES = """
    SELECT format('%I.%I', schemaname, tablename) FROM pg_tables
    WHERE schemaname NOT IN ('pg_catalog', 'information_schema') AND tablename <> 'django_migrations'
"""


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker) -> Iterator[None]:
    """Replaces pytest-django's own: the database is there already, made by its owner and used by cxm_app."""
    name = settings.DATABASES["default"]["NAME"]
    clone_template(name)
    flush = Flush()
    original_teardown = TransactionTestCase._fixture_teardown
    TransactionTestCase._fixture_teardown = lambda test_case: flush()  # type: ignore[method-assign]
    with django_db_blocker.unblock():
        yield
        connections.close_all()
    TransactionTestCase._fixture_teardown = original_teardown  # type: ignore[method-assign]
    drop(name)


@pytest.fixture(autouse=True)
def empty_redis() -> None:
    """Limits and nudges of an earlier test are gone; Celery's table of queues stays, which it writes only once."""
    with redis.Redis.from_url(os.environ["REDIS_URL"]) as connection:
        old = [key for key in connection.keys("*") if b"_kombu.binding" not in key]
        if old:
            connection.delete(*old)


@contextmanager
def superuser(database: str) -> Iterator["psycopg2.extensions.cursor"]:
    """A cursor past every policy, for setting the stage only: no test may look at the product through it."""
    parts = urlsplit(with_path(os.environ["DATABASE_ADMIN_URL"], database))._replace(scheme="postgresql")
    connection = psycopg2.connect(parts.geturl())
    connection.autocommit = True
    try:
        yield connection.cursor()
    finally:
        connection.close()


def clone_template(name: str) -> None:
    with superuser("postgres") as cursor:
        cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER cxm_owner STRATEGY FILE_COPY")
        cursor.execute(statement.format(sql.Identifier(name), sql.Identifier(TEMPLATE)))


def drop(name: str) -> None:
    with superuser("postgres") as cursor:
        cursor.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


class Flush:
    """Empties the tables after a test that committed, and puts back the rows that migrations had made.

    cxm_app may not TRUNCATE, and its DELETE sees one organization only: this is done by the superuser.
    """

    def __init__(self) -> None:
        self.database = settings.DATABASES["default"]["NAME"]
        with superuser(self.database) as cursor:
            cursor.execute(TABLES)
            self.tables = [row[0] for row in cursor.fetchall()]
            self.migrated = {table: _copy_out(cursor, table) for table in _filled(cursor, self.tables)}

    def __call__(self) -> None:
        with superuser(self.database) as cursor:
            cursor.execute("SET session_replication_role = replica; SET lock_timeout = '10s'")
            filled = _filled(cursor, self.tables)
            if filled:
                cursor.execute(f"TRUNCATE {', '.join(filled)} RESTART IDENTITY CASCADE")
            for table, rows in self.migrated.items():
                cursor.copy_expert(f"COPY {table} FROM STDIN", StringIO(rows))
            for sequence, value in self._sequences(cursor):
                cursor.execute("SELECT setval(%s, %s)", [sequence, value])

    def _sequences(self, cursor) -> list[tuple[str, int]]:
        """The sequences behind `id` of the tables filled again, with the highest number in use."""
        found = []
        for table in self.migrated:
            cursor.execute(
                "SELECT pg_get_serial_sequence(%s, a.attname), a.attname FROM pg_attribute a "
                "WHERE a.attrelid = %s::regclass AND a.attidentity <> ''",
                [table, table],
            )
            for sequence, column in cursor.fetchall():
                cursor.execute(f'SELECT max("{column}") FROM {table}')
                found.append((sequence, cursor.fetchone()[0]))
        return found


def _filled(cursor, tables: list[str]) -> list[str]:
    if not tables:
        return []
    cursor.execute(" UNION ALL ".join(f"(SELECT '{table}' FROM {table} LIMIT 1)" for table in tables))
    return [row[0] for row in cursor.fetchall()]


def _copy_out(cursor, table: str) -> str:
    rows = StringIO()
    cursor.copy_expert(f"COPY {table} TO STDOUT", rows)
    return rows.getvalue()
