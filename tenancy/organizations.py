"""Founding an organization and joining one."""

from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.crypto import get_random_string
from django.utils.text import slugify

from tenancy.audit import record
from tenancy.models import Membership, Organization, User
from tenancy.owned import new_id
from tenancy.roles import Role
from tenancy.scope import organization_scope

RESERVED_SLUGS = {"admin", "api", "account", "accounts", "static", "new", "settings", "support", "demo"}


def found_organization(
    *,
    name: str,
    by: User,
    time_zone: str = "UTC",
    slug: str = "",
    organization_id: UUID | None = None,
    **values,
) -> Organization:
    """A new organization whose first admin is `by`. Its slug is made from the name and always free.

    Must run outside any scope. Each app furnishes it in the same transaction (furnishes_organizations).
    """
    organization = Organization(
        id=organization_id or new_id(), name=name, time_zone=time_zone, slug=slug or _slug_of(name), **values
    )
    with organization_scope(organization.id):
        for _ in range(5):
            try:
                with transaction.atomic():
                    organization.save(force_insert=True)
                break
            except IntegrityError:  # the slug is taken; who holds it is hidden from us by the policy
                organization.slug = f"{_slug_of(name)[:50]}-{get_random_string(5).lower()}"
        else:
            raise RuntimeError("No free address was found for this organization.")
        add_member(user=by, role=Role.ADMIN, by=by)
        record("organization.founded", on=organization, by=by)
        for furnish in _furnishers:
            furnish(organization, by)
    return organization


def add_member(*, user: User, role: Role, by: User) -> Membership:
    membership = Membership.objects.create(user=user, role=role)
    record("membership.added", on=membership, by=by, details={"role": role})
    return membership


_furnishers: list = []


def furnishes_organizations(furnish):
    """Register `furnish(organization, by)`: what an app puts into each new organization. Called in its scope."""
    _furnishers.append(furnish)
    return furnish


def _slug_of(name: str) -> str:
    slug = slugify(name)[:50].strip("-")
    return slug if slug and slug not in RESERVED_SLUGS else f"org-{get_random_string(6).lower()}"
