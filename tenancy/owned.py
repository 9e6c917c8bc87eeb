"""What every table owned by an organization has: its key, its scoped manager, its way of pointing at others."""

from typing import Any
from uuid import UUID

import uuid_utils.compat
from django.db import models

from tenancy.scope import OtherOrganization, current_organization_id


def new_id():
    """A UUIDv7: unique anywhere and sorted by time, so that new rows land side by side in every index."""
    return uuid_utils.compat.uuid7()


class OwnedQuerySet(models.QuerySet):
    """Rows of the organization of the open scope. Domain queries are chainable methods of subclasses."""

    def update(self, **values):
        if not values.keys().isdisjoint({"organization", "organization_id"}):
            raise OtherOrganization("A row stays with its organization.")
        return super().update(**values)

    update.alters_data = True  # type: ignore[attr-defined]


class OwnedManager(models.Manager.from_queryset(OwnedQuerySet)):  # type: ignore[misc]
    """Adds the organization to every query; raises OutsideOrganization where there is none."""

    # The organization asked for last and its rows, as a query that is never run: to copy it costs a tenth of adding
    # the organization anew, which every query of a page would pay. Replaced as a whole, so threads may share it.
    _last: tuple[UUID, OwnedQuerySet] | None = None

    def get_queryset(self):
        organization_id, last = current_organization_id(), self._last
        if last is not None and last[0] == organization_id:
            return last[1].all()
        rows = super().get_queryset().filter(organization_id=organization_id)
        if self._db is None and not self._hints:
            self._last = organization_id, rows
            return rows.all()
        return rows

    def db_manager(self, using=None, hints=None):
        manager = super().db_manager(using=using, hints=hints)
        manager._last = None
        return manager

    def none(self):
        """No rows: needs no organization, so that a form class may name its rows before any scope is open."""
        return super().get_queryset().none()

    def create(self, **values):
        values.setdefault("organization_id", current_organization_id())
        return super().create(**values)

    def get_or_create(self, defaults=None, **lookup):
        return super().get_or_create(
            defaults={"organization_id": current_organization_id(), **(defaults or {})}, **lookup
        )

    def update_or_create(self, defaults=None, create_defaults=None, **lookup):
        if create_defaults is not None:
            create_defaults = {"organization_id": current_organization_id(), **create_defaults}
        else:
            defaults = {"organization_id": current_organization_id(), **(defaults or {})}
        return super().update_or_create(defaults=defaults, create_defaults=create_defaults, **lookup)

    @classmethod
    def of(cls, queryset_class: type[models.QuerySet]) -> Any:
        """A scoped manager that also offers the methods of `queryset_class`."""
        return cls.from_queryset(queryset_class)()


class OrganizationKey(models.ForeignKey):
    """`organization`: the owner. Its rows go when the organization goes."""

    def __init__(self, **options):
        options.setdefault("to", "tenancy.Organization")
        options.setdefault("on_delete", models.CASCADE)
        # Every index that serves a query starts with the organization already.
        options.setdefault("db_index", False)
        super().__init__(**options)

    def pre_save(self, model_instance, add):
        """The organization of the open scope, into a row that says none; another one is refused."""
        organization_id = current_organization_id()
        if getattr(model_instance, self.attname) is None:
            setattr(model_instance, self.attname, organization_id)
        elif getattr(model_instance, self.attname) != organization_id:
            raise OtherOrganization(f"{model_instance!r} cannot be stored in the scope of {organization_id}.")
        return organization_id


class OwnedForeignKey(models.ForeignKey):
    """A key to a row of the same organization.

    The database constraint is (organization_id, x_id) -> x (organization_id, id), made by the migration operation
    SecureOwned: row-level security does not check ordinary foreign keys.
    """

    def __init__(self, to, on_delete, **options):
        options["db_constraint"] = False
        # An index on x_id alone serves no query: every one starts with the organization.
        options.setdefault("db_index", False)
        super().__init__(to, on_delete, **options)


class OwnedModel(models.Model):
    """A row that belongs to one organization. Subclasses add `organization = OrganizationKey(related_name=...)`."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)

    objects = OwnedManager()

    class Meta:
        abstract = True
        base_manager_name = "objects"

    @staticmethod
    def owned_key(name: str) -> models.UniqueConstraint:
        """`UNIQUE (organization_id, id)`, which composite keys point at and sharding by organization needs."""
        return models.UniqueConstraint(fields=["organization", "id"], name=f"{name}_owned_key")
