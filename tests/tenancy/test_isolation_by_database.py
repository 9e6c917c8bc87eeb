"""With the scoped manager switched off, row-level security alone keeps organizations apart."""

from collections.abc import Callable, Iterator

import pytest
from django.db import DatabaseError, connection, models, transaction

from tenancy.operations import owned_keys
from tenancy.owned import OrganizationKey, OwnedManager, OwnedModel, OwnedQuerySet
from tenancy.scope import OutsideOrganization, current_organization_id
from tests.tenancy.isolation import Checks, Two, make_two, undone
from tests.tenancy.owned_rows import OWNED


@pytest.fixture(scope="module")
def two(django_db_setup, django_db_blocker) -> Iterator[Two]:
    with django_db_blocker.unblock(), undone():
        made = make_two()
        patch = pytest.MonkeyPatch()
        patch.setattr(OwnedManager, "get_queryset", models.Manager.get_queryset)
        patch.setattr(OwnedQuerySet, "update", models.QuerySet.update)
        patch.setattr(OrganizationKey, "pre_save", models.ForeignKey.pre_save)
        yield made
        patch.undo()


@pytest.mark.parametrize("model", OWNED, ids=lambda model: model._meta.label)
class TestByDatabase(Checks):
    def refused(self, deed: Callable[[], object]) -> None:
        with pytest.raises((DatabaseError, models.ObjectDoesNotExist)), transaction.atomic():
            deed()

    def test_raw_sql(self, two: Two, model: type[OwnedModel]):
        with two.scope(), connection.cursor() as cursor:
            cursor.execute(f'SELECT DISTINCT organization_id FROM "{model._meta.db_table}"')
            assert cursor.fetchall() == [(two.home.id,)]
            assert {row.organization_id for row in model.objects.raw(f'SELECT * FROM "{model._meta.db_table}"')} == {
                two.home.id
            }

    def test_without_a_setting_there_are_no_rows(self, two: Two, model: type[OwnedModel]):
        assert not model.objects.exists()
        with pytest.raises(OutsideOrganization):
            current_organization_id()


# What must be true as well before a key may be set at all.
GOES_WITH: dict[str, dict[str, str]] = {"alerts.FollowUp.merged_into": {"state": "merged"}}


@pytest.mark.parametrize("model", [each for each in OWNED if owned_keys(each)], ids=lambda model: model._meta.label)
def test_a_key_cannot_point_into_another_organization(two: Two, model: type[OwnedModel]):
    """Row-level security does not check foreign keys: the composite key does."""
    for field in owned_keys(model):
        theirs = two.other_rows[field.related_model]
        mine = model.objects.filter(pk=two.home_rows[model].pk)
        with two.scope(), pytest.raises(DatabaseError, match="foreign key"), transaction.atomic():
            mine.update(**{field.attname: theirs.pk} | GOES_WITH.get(str(field), {}))
