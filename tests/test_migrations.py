"""Migrations: none mixes data and schema, models and migrations agree, and the guards can be taken down and put up."""

import os
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import migrations
from django.db.migrations.loader import MigrationLoader

from tests.services.addresses import with_path
from tests.services.database import clone_template, drop, superuser
from tests.test_floors import FLOORS

PROJECT = Path(__file__).resolve().parent.parent
OURS = {key: migration for key, migration in MigrationLoader(None).disk_migrations.items() if key[0] in FLOORS}
CLONE = f"cxm_backwards_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"


@pytest.mark.parametrize("key", sorted(OURS), ids=lambda key: ".".join(key))
def test_migration_changes_data_or_schema_but_not_both(key):
    """PostgreSQL refuses to alter a table with pending trigger events, and a long update would hold the lock."""
    operations = OURS[key].operations
    data = [operation for operation in operations if isinstance(operation, migrations.RunPython) or writes(operation)]
    assert not data or len(data) == len(operations)


def writes(operation) -> bool:
    """A RunSQL that changes rows rather than tables or functions."""
    if not isinstance(operation, migrations.RunSQL):
        return False
    statements = [operation.sql] if isinstance(operation.sql, str) else operation.sql
    texts = [statement if isinstance(statement, str) else statement[0] for statement in statements]
    return any(text.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE", "WITH")) for text in texts)


@pytest.mark.parametrize("key", sorted(OURS), ids=lambda key: ".".join(key))
def test_migration_can_be_taken_back(key):
    assert [operation for operation in OURS[key].operations if not operation.reversible] == []


def test_models_and_migrations_agree(db):
    written = StringIO()
    try:
        call_command("makemigrations", check=True, dry_run=True, verbosity=1, stdout=written)
    except SystemExit:
        pytest.fail(f"a migration is missing:\n{written.getvalue()}")


def test_each_app_has_one_line_of_migrations():
    graph = MigrationLoader(None).graph
    assert {app: [name for a, name in graph.leaf_nodes() if a == app] for app in FLOORS if app != "cxm"} == {
        app: [max(name for a, name in OURS if a == app)] for app in FLOORS if app != "cxm"
    }


def test_guards_can_be_taken_down_and_put_up_again(django_db_setup):
    """Back to tables without guards, and forward again, by the owner, on a database of its own."""
    clone_template(CLONE)
    try:
        before = guards()
        migrate(*((app, "0001") for app in reversed(FLOORS[:-1])))
        with superuser(CLONE) as cursor:
            cursor.execute("SELECT count(*) FROM pg_policies WHERE schemaname = 'public'")
            assert cursor.fetchone() == (0,)
            cursor.execute("SELECT count(*) FROM pg_proc WHERE proname LIKE 'door\\_%'")
            assert cursor.fetchone() == (0,)
        migrate(())
        assert guards() == before
    finally:
        drop(CLONE)


STEPS = """
import ast, sys, django
django.setup()
from django.core.management import call_command
for words in ast.literal_eval(sys.argv[1]):
    call_command("migrate", *words, verbosity=0)
"""


def migrate(*steps: tuple[str, ...]) -> None:
    """Runs `migrate` with each of the steps, in one process of the owner."""
    environment = {
        **os.environ,
        "CXM_DATABASE_ROLE": "owner",
        "DJANGO_SETTINGS_MODULE": "cxm.settings",
        "DATABASE_OWNER_URL": with_path(os.environ["DATABASE_OWNER_URL"], CLONE),
        "DATABASE_URL": with_path(os.environ["DATABASE_URL"], CLONE),
    }
    done = subprocess.run(
        [sys.executable, "-c", STEPS, repr(steps)], cwd=PROJECT, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr[-2000:]


def guards() -> list[tuple]:
    """What protects rows: policies, doors and composite keys, by name and text."""
    with superuser(CLONE) as cursor:
        cursor.execute(
            """
            SELECT 'policy', tablename::text, qual || with_check FROM pg_policies WHERE schemaname = 'public'
            UNION ALL SELECT 'function', oid::regprocedure::text, prosrc FROM pg_proc
            WHERE pronamespace = 'public'::regnamespace
            UNION ALL SELECT 'key', conname::text, pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'f'
            UNION ALL SELECT 'grant', table_name::text, grantee || privilege_type
            FROM information_schema.role_table_grants WHERE table_schema = 'public' AND grantee = 'cxm_app'
            ORDER BY 1, 2, 3
            """
        )
        return cursor.fetchall()
