"""With row-level security switched off in a database of its own, the scope of the ORM alone keeps organizations apart.

Raw SQL is not among the checks: it passes by the ORM, and is what row-level security is for.
"""

import os
from collections.abc import Callable, Iterator

import pytest
from django.db import DatabaseError, connection, models, transaction

from tenancy.owned import OwnedModel
from tenancy.scope import OtherOrganization, OutsideOrganization
from tests.services.database import clone_template, drop, superuser
from tests.tenancy.isolation import Checks, Two, make_two, undone
from tests.tenancy.owned_rows import OWNED

CLONE = f"cxm_open_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"


@pytest.fixture(scope="module")
def two(django_db_setup, django_db_blocker) -> Iterator[Two]:
    clone_template(CLONE)
    with superuser(CLONE) as cursor:
        cursor.execute("SELECT format('%I', tablename) FROM pg_tables WHERE schemaname = 'public' AND rowsecurity")
        for (table,) in cursor.fetchall():
            cursor.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY")
    with django_db_blocker.unblock():
        usual = connection.settings_dict["NAME"]
        connection.close()
        connection.settings_dict["NAME"] = CLONE
        try:
            with undone():
                yield make_two()
        finally:
            connection.close()
            connection.settings_dict["NAME"] = usual
            drop(CLONE)


@pytest.mark.parametrize("model", OWNED, ids=lambda model: model._meta.label)
class TestByScope(Checks):
    def refused(self, deed: Callable[[], object]) -> None:
        with pytest.raises((OtherOrganization, DatabaseError, models.ObjectDoesNotExist)), transaction.atomic():
            deed()

    def test_the_policies_are_really_off(self, two: Two, model: type[OwnedModel]):
        with two.scope(), connection.cursor() as cursor:
            cursor.execute(f'SELECT count(DISTINCT organization_id) FROM "{model._meta.db_table}"')
            assert cursor.fetchone() == (2,)

    def test_every_manager_is_scoped(self, two: Two, model: type[OwnedModel]):
        for manager in (*model._meta.managers, model._base_manager, model._default_manager):
            with two.scope():
                assert not manager.filter(pk=two.other_rows[model].pk).exists()
            with pytest.raises(OutsideOrganization):
                manager.all()

    def test_outside_a_scope_nothing_is_stored(self, two: Two, model: type[OwnedModel]):
        copy = self.copy_of(two.home_rows[model], two.home)
        with pytest.raises(OutsideOrganization):
            copy.save(force_insert=True)
