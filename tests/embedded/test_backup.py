"""Backup and restore as docs/operations.md says them."""

import os
import subprocess

import pytest
from django.conf import settings

from cxm.embedded.postgres import client
from tests.services.addresses import with_path
from tests.services.database import drop, superuser

GUARDS = """
    SELECT (SELECT count(*) FROM pg_policies),
           (SELECT count(*) FROM pg_class WHERE relrowsecurity AND relforcerowsecurity),
           (SELECT count(*) FROM pg_proc JOIN pg_roles ON pg_roles.oid = proowner WHERE rolname = 'cxm_door'),
           (SELECT count(*) FROM information_schema.role_table_grants WHERE grantee = 'cxm_app')
"""


def run(program: str, *arguments: str) -> subprocess.CompletedProcess:
    return subprocess.run([client(program), *arguments], capture_output=True, text=True)


def as_superuser(database: str) -> str:
    return with_path(os.environ["DATABASE_ADMIN_URL"], database)


@pytest.fixture
def restored():
    """The name of a new, empty database of cxm_owner, as `createdb` makes it."""
    name = f"{settings.DATABASES['default']['NAME']}_restored"
    options = ["--owner=cxm_owner", "--encoding=UTF8", "--template=template0"]
    made = run("createdb", *options, f"--maintenance-db={as_superuser('postgres')}", name)
    assert made.returncode == 0, made.stderr
    yield name
    drop(name)


@pytest.mark.django_db(transaction=True)
def test_a_restored_database_holds_the_rows_of_all_organizations_and_every_guard(world, restored, tmp_path):
    original = settings.DATABASES["default"]["NAME"]
    dump = str(tmp_path / "cxm.dump")
    dumped = run("pg_dump", "--format=custom", f"--file={dump}", as_superuser(original))
    assert dumped.returncode == 0, dumped.stderr
    filled = run("pg_restore", f"--dbname={as_superuser(restored)}", "--exit-on-error", dump)
    assert filled.returncode == 0, filled.stderr
    seen = []
    for database in (original, restored):
        with superuser(database) as cursor:
            cursor.execute(GUARDS)
            guards = cursor.fetchone()
            cursor.execute("SELECT count(*), count(DISTINCT organization_id) FROM customers_customer")
            seen.append((guards, cursor.fetchone()))
    assert seen[0] == seen[1]
    assert seen[1][1] == (4, 2) and all(seen[1][0])


@pytest.mark.parametrize("variable", ["DATABASE_URL", "DATABASE_OWNER_URL"])
def test_a_dump_by_anybody_but_the_superuser_fails_rather_than_being_half(db, variable, tmp_path):
    dumped = run("pg_dump", f"--file={tmp_path / 'dump.sql'}", os.environ[variable])
    assert dumped.returncode != 0
    assert "row-level security" in dumped.stderr or "permission denied" in dumped.stderr
