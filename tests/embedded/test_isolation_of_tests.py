"""Each test finds the database as the migrations left it, also after a test that committed."""

import pytest
from django.db import connection

from tenancy.models import User


@pytest.mark.parametrize("turn", ["first", "second"])
@pytest.mark.django_db(transaction=True)
def test_rows_committed_by_a_test_are_gone_for_the_next(turn):
    assert not User.objects.exists()
    User.objects.create_user("ana@northwind.example", "correct horse battery", name="Ana Northwind")


@pytest.mark.django_db(transaction=True)
def test_rows_made_by_migrations_are_there_after_a_flush():
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM django_content_type")
        assert cursor.fetchone()[0] > 10


def test_tests_use_the_database_as_cxm_app(db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == ("cxm_app", False)
