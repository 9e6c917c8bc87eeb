"""The audit log: every deed leaves one line, in the transaction of the deed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import models
from django.http import HttpRequest
from django.utils import timezone

from tenancy.models import ApiKey, AuditEntry, User
from tenancy.scope import current_organization_id

Kind = AuditEntry.ActorKind


@dataclass(frozen=True)
class Actor:
    """Who acts: a person, a machine's key, a customer, or the product itself."""

    kind: str
    id: UUID | None = None
    label: str = ""
    ip_address: str | None = None

    @classmethod
    def of_user(cls, user: User, *, ip_address: str | None = None) -> "Actor":
        return cls(Kind.USER, user.id, str(user), ip_address)

    @classmethod
    def of_api_key(cls, key: ApiKey, *, ip_address: str | None = None) -> "Actor":
        return cls(Kind.API_KEY, key.id, str(key), ip_address)

    @classmethod
    def of_customer(cls, customer: Any, *, ip_address: str | None = None) -> "Actor":
        return cls(Kind.CUSTOMER, customer.id if customer else None, str(customer or ""), ip_address)


SYSTEM = Actor(Kind.SYSTEM, label="CXM")


def record(
    verb: str,
    *,
    by: Actor | User,
    on: models.Model | None = None,
    details: dict[str, Any] | None = None,
    at: datetime | None = None,
) -> AuditEntry:
    """Write one line of the audit log and return it.

    `verb` is subject and past tense ("follow_up.closed"). Runs in the caller's transaction: a deed that is rolled
    back leaves no line. Raises OutsideOrganization outside a scope.
    """
    entry = audit_entry(verb, by=by, on=on, details=details, at=at)
    entry.save(force_insert=True)
    return entry


def audit_entry(
    verb: str,
    *,
    by: Actor | User,
    on: models.Model | None = None,
    details: dict[str, Any] | None = None,
    at: datetime | None = None,
) -> AuditEntry:
    """The line of `record`, not yet stored: for deeds in bulk, stored with bulk_create."""
    actor = Actor.of_user(by) if isinstance(by, User) else by
    return AuditEntry(
        organization_id=current_organization_id(),
        at=at or timezone.now(),
        verb=verb,
        object_kind=(on._meta.model_name or "") if on is not None else "",
        object_id=on.pk if on is not None else None,
        # A customer's name or address must not stand where nothing can be erased: such rows say what they are.
        object_label=str(getattr(on, "audit_label", on))[:200] if on is not None else "",
        actor_kind=actor.kind,
        actor_id=actor.id,
        actor_label=actor.label[:200],
        ip_address=actor.ip_address,
        details=details or {},
    )


def actor_of(request: HttpRequest) -> Actor:
    """Who is behind this request: the person signed in."""
    return Actor.of_user(request.user, ip_address=client_address(request))  # type: ignore[arg-type]


def client_address(request: HttpRequest) -> str | None:
    """The caller's IP address: the one our own proxies saw, never one the caller claims."""
    hops = settings.PROXY_HOPS
    forwarded = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    if hops and len(forwarded) >= hops:
        return forwarded[-hops]
    return request.META.get("REMOTE_ADDR") or None
