"""Founding an organization, joining one, and changing its settings."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.crypto import get_random_string
from django.utils.text import slugify

from tenancy.audit import Actor, record
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


def add_member(*, user: User, role: Role, by: Actor | User) -> Membership:
    membership = Membership.objects.create(user=user, role=role)
    record("membership.added", on=membership, by=by, details={"role": role})
    return membership


def change_organization(organization: Organization, *, values: dict[str, Any], by: Actor | User) -> list[str]:
    """Store what differs and note both sides in the audit log; returns the names of what changed."""
    organization = Organization.objects.select_for_update().get(pk=organization.pk)
    before = {name: getattr(organization, name) for name in values}
    changed = [name for name, value in values.items() if before[name] != value]
    if not changed:
        return []
    for name in changed:
        setattr(organization, name, values[name])
    organization.save(update_fields=changed)
    pairs = {name: [_in_json(before[name]), _in_json(values[name])] for name in changed}
    record("organization.changed", on=organization, by=by, details={"changed": pairs})
    if "time_zone" in changed:
        for follow in on_time_zone_changed:
            follow(organization)
    return changed


# What must happen when an organization's days begin at another moment: functions of the organization, called in its
# scope and in the transaction of the change. Metrics marks every day for counting again.
on_time_zone_changed: list[Callable[[Organization], None]] = []


_furnishers: list = []


def furnishes_organizations(furnish):
    """Register `furnish(organization, by)`: what an app puts into each new organization. Called in its scope."""
    _furnishers.append(furnish)
    return furnish


def _slug_of(name: str) -> str:
    slug = slugify(name)[:50].strip("-")
    return slug if slug and slug not in RESERVED_SLUGS else f"org-{get_random_string(6).lower()}"


def _in_json(value: Any) -> Any:
    return value if value is None or isinstance(value, str | int | bool | list | dict) else str(value)
