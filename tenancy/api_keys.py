"""Access for machines: making keys, and recognising them when they call."""

import hashlib
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed, MethodNotAllowed, NotAuthenticated
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from tenancy.audit import Actor, record
from tenancy.models import ApiKey, User
from tenancy.scope import is_in_scope, organization_scope, scope_is_set

SCOPES = {
    "organization:read": "Read the organization's own settings",
    "customers:read": "Read customers",
    "customers:write": "Add and change customers",
    "events:write": "Report milestones",
    "surveys:read": "Read surveys",
    "invitations:read": "Read invitations",
    "invitations:write": "Ask a customer",
    "responses:read": "Read answers",
    "responses:write": "Add answers",
    "follow_ups:read": "Read follow-ups",
    "follow_ups:write": "Move follow-ups",
    "channels:read": "Read notification channels and what was sent to them",
    "channels:write": "Send again what was given up",
    "rules:read": "Read alert rules and try them",
    "rules:write": "Make and change alert rules",
    "scores:read": "Read scores",
}
USED_EVERY = timedelta(minutes=1)
LONGEST_KEY = 200


def hash_secret(secret: str) -> str:
    """SHA-256 in hex. Fit for secrets of 256 random bits; not for passwords."""
    return hashlib.sha256(secret.encode()).hexdigest()


def create_api_key(
    *,
    name: str,
    scopes: list[str],
    by: User,
    actor: Actor | None = None,
    expires_at: datetime | None = None,
) -> tuple[ApiKey, str]:
    """A new key and its secret, which is nowhere kept. Raises ValueError for an unknown scope."""
    if unknown := set(scopes) - set(SCOPES):
        raise ValueError(f"Unknown scopes: {', '.join(sorted(unknown))}")
    identifier, secret = secrets.token_hex(4), secrets.token_urlsafe(32)
    key = f"cxm_{identifier}_{secret}"
    row = ApiKey.objects.create(
        name=name,
        prefix=f"cxm_{identifier}",
        secret_hash=hash_secret(key),
        scopes=sorted(scopes),
        created_by=by,
        expires_at=expires_at,
    )
    record(
        "api_key.created", on=row, by=actor or by, details={"scopes": row.scopes, "expires_at": str(expires_at or "")}
    )
    return row, key


def revoke_api_key(key: ApiKey, *, by: Actor | User, at: datetime | None = None) -> None:
    if key.revoked_at is None:
        key.revoked_at = at or timezone.now()
        key.save(update_fields=["revoked_at"])
        record("api_key.revoked", on=key, by=by)


class ApiKeyAuthentication(BaseAuthentication):
    """`Authorization: Bearer cxm_…`, for the header of a 401 and for the schema.

    Who calls is found out by `scope_of_key`, which OrganizationView enters: the key, its organization and the scope
    are one message to PostgreSQL.
    """

    def authenticate(self, request):
        return None

    def authenticate_header(self, request):
        return 'Bearer realm="api"'


class KeyFacts:
    """What a call needs to know of its key, read through the door."""

    __slots__ = ("id", "label", "last_used_at", "organization_id", "scopes")

    def __init__(self, id, organization_id, label, scopes, last_used_at):
        self.id, self.organization_id, self.label = id, organization_id, label
        self.scopes, self.last_used_at = frozenset(scopes), last_used_at

    def actor(self, ip_address: str | None) -> Actor:
        return Actor("api_key", self.id, self.label, ip_address)


def key_hash_of(request: Request) -> str:
    """The hash of the key a request carries. Raises NotAuthenticated without one."""
    words = request.META.get("HTTP_AUTHORIZATION", "").split()
    if len(words) != 2 or words[0].lower() != "bearer" or not words[1].isascii():
        raise NotAuthenticated("Send an API key: Authorization: Bearer cxm_…")
    return hash_secret(words[1])


def facts_of_key(key_hash: str) -> KeyFacts:
    """What there is to know of this key, read from outside any scope. Raises AuthenticationFailed. One round trip."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {_FACTS} FROM door_api_key(%s)", [key_hash])  # noqa: S608  a constant
        return _known(cursor.fetchone())


@contextmanager
def scope_of_key(key_hash: str) -> Iterator[KeyFacts]:
    """A transaction in the scope of the organization whose key this is. Raises AuthenticationFailed.

    Costs one round trip besides BEGIN and COMMIT.
    """
    if is_in_scope():
        raise RuntimeError("A door is gone through from outside any scope")
    is_enclosed = connection.in_atomic_block
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_ENTER, [key_hash])
            row = cursor.fetchone()
        facts = _known(row)
        with scope_is_set(facts.organization_id):
            yield facts
        if is_enclosed and not connection.needs_rollback:
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('cxm.organization_id', '', true)")


def _known(row: tuple | None) -> KeyFacts:
    if row is None:
        raise AuthenticationFailed("This API key is unknown, revoked or expired.")
    return KeyFacts(*row[:5])


_FACTS = "id, organization_id, name || ' (' || prefix || ')', scopes, last_used_at"
_ENTER = f"""
    SELECT {_FACTS}, set_config('cxm.organization_id', organization_id::text, true) FROM door_api_key(%s)
"""  # noqa: S608  constants


def touch_api_key(facts: KeyFacts, *, at: datetime) -> None:
    """Note the use, at most once a minute: every call writing the same row would make them queue."""
    if facts.last_used_at is None or at - facts.last_used_at > USED_EVERY:
        # Who waited for another call that noted it has nothing left to write.
        stale = Q(last_used_at=None) | Q(last_used_at__lt=at - USED_EVERY)
        with organization_scope(facts.organization_id):
            ApiKey.objects.filter(stale, pk=facts.id).update(last_used_at=at)


class HasScope(BasePermission):
    """The key carries the scope the view asks for: `scopes = {"GET": "responses:read"}` on the view."""

    def has_permission(self, request, view):
        wanted = view.scopes.get("GET" if request.method == "HEAD" else request.method)
        if wanted is None:
            raise MethodNotAllowed(request.method)
        self.message = f"This key lacks the scope {wanted}."
        return wanted in request.auth.scopes
