"""What isolation means, held against every owned model: run once with each of two guards switched off."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import transaction

from tenancy.models import Organization
from tenancy.owned import OwnedModel, new_id
from tenancy.scope import organization_scope
from tests.tenancy.owned_rows import Rows, make_rows
from tests.test_tenant_integrity import declared_privileges

PRIVILEGES = declared_privileges()


@dataclass
class Two:
    """Two organizations with a row of every model each; `home` is whose scope is open in a check."""

    home: Organization
    other: Organization
    home_rows: Rows
    other_rows: Rows

    def scope(self):
        return organization_scope(self.home.id)


def make_two() -> Two:
    made = []
    for name in ("Northwind", "Eastwood"):
        organization = Organization(id=new_id(), name=name, slug=name.lower())
        with organization_scope(organization.id):
            organization.save(force_insert=True)
            made.append((organization, make_rows()))
    (home, home_rows), (other, other_rows) = made
    return Two(home, other, home_rows, other_rows)


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


class Checks:
    """Each is given a model and must find the other organization's row out of reach."""

    def test_select(self, two: Two, model: type[OwnedModel]):
        mine, theirs = two.home_rows[model], two.other_rows[model]
        with two.scope():
            assert model.objects.filter(pk=mine.pk).exists()
            assert not model.objects.filter(pk=theirs.pk).exists()
            assert not model.objects.filter(organization_id=two.other.id).exists()
            assert {row.organization_id for row in model.objects.all()} == {two.home.id}
            assert model.objects.in_bulk([mine.pk, theirs.pk]).keys() == {mine.pk}

    def test_count(self, two: Two, model: type[OwnedModel]):
        with two.scope():
            assert model.objects.count() == len(set(model.objects.values_list("pk", flat=True)))
            assert model.objects.filter(pk__in=[two.home_rows[model].pk, two.other_rows[model].pk]).count() == 1

    def test_update(self, two: Two, model: type[OwnedModel]):
        if not self.may(model, "UPDATE"):
            return
        with two.scope(), undone():
            assert model.objects.filter(pk=two.other_rows[model].pk).update(id=new_id()) == 0

    def test_save_of_a_row_held_in_memory(self, two: Two, model: type[OwnedModel]):
        if not self.may(model, "UPDATE"):
            return
        with two.scope():
            self.refused(lambda: two.other_rows[model].save(force_update=True))

    def test_delete(self, two: Two, model: type[OwnedModel]):
        if not self.may(model, "DELETE"):
            return
        theirs = two.other_rows[model]
        with two.scope(), undone():
            assert model.objects.filter(pk=theirs.pk).delete()[0] == 0
            assert model.objects.filter(pk=theirs.pk)._raw_delete("default") in (0, None)
        with organization_scope(two.other.id):
            assert model.objects.filter(pk=theirs.pk).exists()

    def test_insert(self, two: Two, model: type[OwnedModel]):
        copy = self.copy_of(two.home_rows[model], two.other)
        with two.scope():
            self.refused(lambda: copy.save(force_insert=True))
            self.refused(lambda: model.objects.bulk_create([copy]))

    def test_moving_a_row_to_another_organization(self, two: Two, model: type[OwnedModel]):
        if not self.may(model, "UPDATE"):
            return
        with two.scope():
            mine = model.objects.filter(pk=two.home_rows[model].pk)
            self.refused(lambda: mine.update(organization_id=two.other.id))
            self.refused(lambda: mine.update(organization=two.other))

    def test_rows_reached_from_the_other_organization(self, two: Two, model: type[OwnedModel]):
        accessor = model._meta.get_field("organization").remote_field.get_accessor_name()
        with two.scope():
            if not accessor.endswith("+"):
                assert not getattr(two.other, accessor).exists()
                found = list(Organization.objects.filter(pk=two.home.pk).prefetch_related(accessor))
                assert {row.organization_id for each in found for row in getattr(each, accessor).all()} == {two.home.id}

    def test_rows_reached_through_a_key(self, two: Two, model: type[OwnedModel]):
        """Following a key of the other's row, forwards and backwards, ends nowhere."""
        with two.scope():
            for relation in model._meta.related_objects:
                accessor = relation.get_accessor_name()
                if not relation.hidden and issubclass(relation.related_model, OwnedModel):
                    assert not getattr(two.other_rows[model], accessor).exists()

    def may(self, model: type[OwnedModel], privilege: str) -> bool:
        return privilege in PRIVILEGES[model._meta.db_table]

    def copy_of(self, row: OwnedModel, organization: Organization) -> OwnedModel:
        values = {field.attname: getattr(row, field.attname) for field in row._meta.local_concrete_fields}
        return type(row)(**{**values, "id": new_id(), "organization_id": organization.id})
