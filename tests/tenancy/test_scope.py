"""The scope itself: how it nests, and that nothing of it outlives the work it was opened for."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from celery import shared_task
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, connections, transaction
from django.db.backends.postgresql.base import DatabaseWrapper
from psycopg2 import sql

from customers.models import Customer
from tenancy.apps import _checked_roles, refuse_powerful_role
from tenancy.background import organization_task, sweep_task
from tenancy.owned import new_id
from tenancy.scope import (
    OtherOrganization,
    OutsideOrganization,
    current_organization_id,
    is_in_scope,
    organization_scope,
)
from tests.services.database import superuser

PROJECT = Path(__file__).resolve().parents[2]


def setting() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(current_setting('cxm.organization_id', true), '')")
        return cursor.fetchone()[0]


def test_outside_a_scope_owned_rows_cannot_be_asked_for(db):
    with pytest.raises(OutsideOrganization):
        Customer.objects.all()


def test_a_manager_keeps_nothing_of_the_organization_or_the_question_before(db):
    first, second = new_id(), new_id()
    for organization_id, other in ((first, second), (second, first), (first, second)):
        with organization_scope(organization_id):
            assert not list(Customer.objects.filter(name="Ana"))
            asked = str(Customer.objects.all().query)
        assert str(organization_id) in asked
        assert str(other) not in asked and "Ana" not in asked


def test_scope_of_the_same_organization_may_be_opened_again(db):
    organization_id = new_id()
    with organization_scope(organization_id), organization_scope(str(organization_id)):
        assert current_organization_id() == organization_id
        assert setting() == str(organization_id)


def test_scope_cannot_switch_to_another_organization(db):
    first, second = new_id(), new_id()
    with organization_scope(first):
        with pytest.raises(OtherOrganization), organization_scope(second):
            pass
        assert current_organization_id() == first
        assert setting() == str(first)


@pytest.mark.django_db(transaction=True)
def test_setting_is_gone_after_commit_on_the_same_connection():
    with organization_scope(new_id()):
        backend = connection.connection.info.backend_pid
    assert (setting(), is_in_scope(), connection.connection.info.backend_pid) == ("", False, backend)


@pytest.mark.django_db(transaction=True)
def test_setting_is_gone_after_an_exception():
    with pytest.raises(ZeroDivisionError), organization_scope(new_id()):
        raise ZeroDivisionError
    assert (setting(), is_in_scope()) == ("", False)


@pytest.mark.django_db(transaction=True)
def test_setting_is_gone_after_a_broken_transaction():
    with (
        pytest.raises(Exception, match="division by zero"),
        organization_scope(new_id()),
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT 1 / 0")
    assert (setting(), is_in_scope()) == ("", False)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("fails", [False, True])
def test_setting_does_not_outlive_a_scope_inside_a_transaction(fails):
    with transaction.atomic():
        try:
            with organization_scope(new_id()):
                if fails:
                    raise ZeroDivisionError
        except ZeroDivisionError:
            pass
        assert (setting(), is_in_scope()) == ("", False)
        with organization_scope(other := new_id()):
            assert setting() == str(other)


@pytest.mark.django_db(transaction=True)
def test_setting_is_never_that_of_the_session():
    """As behind pgbouncer in transaction mode: the next transaction on this connection may be somebody else's."""
    for _ in range(3):
        with organization_scope(new_id()):
            pass
        with transaction.atomic():
            assert setting() == ""


def test_thread_starts_without_a_scope(db):
    seen = []
    with organization_scope(new_id()):
        thread = threading.Thread(target=lambda: (seen.append(is_in_scope()), connections.close_all()))
        thread.start()
        thread.join()
    assert seen == [False]


@organization_task()
def tell_scope(*, organization_id):
    return str(current_organization_id())


@sweep_task()
def sweep_nothing():
    return is_in_scope()


@shared_task
def plain_task():
    return is_in_scope()


def test_task_enters_the_scope_it_is_given_and_leaves_it(db):
    organization_id = new_id()
    assert tell_scope.apply(kwargs={"organization_id": str(organization_id)}).get() == str(organization_id)
    assert not is_in_scope()
    assert setting() == ""


def test_task_of_one_organization_cannot_run_inside_another(db):
    with organization_scope(new_id()), pytest.raises(OtherOrganization):
        tell_scope(organization_id=str(new_id()))


def test_sweep_refuses_to_run_inside_a_scope(db):
    assert sweep_nothing() is False
    with organization_scope(new_id()), pytest.raises(RuntimeError, match="inside an organization's scope"):
        sweep_nothing()


def test_task_that_names_no_organization_has_no_scope(db):
    assert plain_task.apply().get() is False


# --- the role


def connect_as(user: str, password: str) -> None:
    wrapper = DatabaseWrapper({**connection.settings_dict, "USER": user, "PASSWORD": password}, alias="powerful")
    try:
        wrapper.connect()
        refuse_powerful_role(sender=None, connection=wrapper)
    finally:
        wrapper.close()


@pytest.mark.parametrize("power", ["SUPERUSER", "BYPASSRLS"])
def test_a_role_that_gets_past_the_policies_is_refused(db, power):
    name, password = f"cxm_powerful_{power.lower()}_{os.getpid()}", "powerful"
    role = sql.Identifier(name)
    with superuser(connection.settings_dict["NAME"]) as cursor:
        cursor.execute(sql.SQL("CREATE ROLE {} LOGIN PASSWORD 'powerful' " + power).format(role))
        try:
            with pytest.raises(ImproperlyConfigured, match="row-level security would not hold"):
                connect_as(name, password)
            assert name not in _checked_roles
        finally:
            cursor.execute(sql.SQL("DROP ROLE {}").format(role))


def test_the_product_does_not_start_as_a_superuser():
    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--database", "default"],
        cwd=PROJECT,
        env={**os.environ, "DATABASE_URL": os.environ["DATABASE_ADMIN_URL"]},
        capture_output=True,
        text=True,
    )
    assert done.returncode != 0
    assert "row-level security would not hold" in done.stderr
