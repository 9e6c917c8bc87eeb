"""Access for machines: making keys, and recognising them when they call."""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission

from tenancy.audit import Actor, record
from tenancy.models import ApiKey, User
from tenancy.scope import current_organization_id

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
    "scores:read": "Read scores",
}
USED_EVERY = timedelta(minutes=1)


def hash_secret(secret: str) -> str:
    """SHA-256 in hex. Fit for secrets of 256 random bits; not for passwords."""
    return hashlib.sha256(secret.encode()).hexdigest()


def create_api_key(*, name: str, scopes: list[str], by: User, expires_at: datetime | None = None) -> tuple[ApiKey, str]:
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
    record("api_key.created", on=row, by=by, details={"scopes": row.scopes})
    return row, key


def revoke_api_key(key: ApiKey, *, by: User, at: datetime | None = None) -> None:
    if key.revoked_at is None:
        key.revoked_at = at or timezone.now()
        key.save(update_fields=["revoked_at"])
        record("api_key.revoked", on=key, by=by)


class ApiKeyAuthentication(BaseAuthentication):
    """`Authorization: Bearer cxm_…`. Sets request.auth to the ApiKey's facts; the scope is opened by the view."""

    def authenticate(self, request):
        words = get_authorization_header(request).split()
        if len(words) != 2 or words[0].lower() != b"bearer":
            return None
        facts = find_api_key(words[1].decode("latin-1"))
        if facts is None:
            raise AuthenticationFailed("This API key is unknown, revoked or expired.")
        return (None, facts)

    def authenticate_header(self, request):
        return 'Bearer realm="api"'


class KeyFacts:
    """What a call needs to know of its key, read through the door before any scope is open."""

    __slots__ = ("id", "label", "last_used_at", "organization_id", "scopes")

    def __init__(self, id, organization_id, label, scopes, last_used_at):
        self.id, self.organization_id, self.label = id, organization_id, label
        self.scopes, self.last_used_at = frozenset(scopes), last_used_at

    def actor(self, ip_address: str | None) -> Actor:
        return Actor("api_key", self.id, self.label, ip_address)


def find_api_key(key: str) -> KeyFacts | None:
    """The facts of a key that is in force, else None."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, organization_id, name || ' (' || prefix || ')', scopes, last_used_at FROM door_api_key(%s)",
            [hash_secret(key)],
        )
        row = cursor.fetchone()
    return KeyFacts(*row) if row else None


def touch_api_key(facts: KeyFacts, *, at: datetime) -> None:
    """Note the use, at most once a minute: every call writing the same row would make them queue."""
    if facts.last_used_at is None or at - facts.last_used_at > USED_EVERY:
        ApiKey.objects.filter(pk=facts.id, organization_id=current_organization_id()).update(last_used_at=at)


class HasScope(BasePermission):
    """The key carries the scope the view asks for: `scopes = {"GET": "responses:read"}` on the view."""

    def has_permission(self, request, view):
        if request.auth is None:
            return False
        wanted = getattr(view, "scopes", {}).get("GET" if request.method == "HEAD" else request.method)
        self.message = f"This key lacks the scope {wanted}."
        return wanted is not None and wanted in request.auth.scopes
