"""Links to dashboards for people without an account: made, revoked, and opened from outside."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db.models import Q

from metrics.models import DashboardLink
from tenancy.api_keys import hash_secret
from tenancy.audit import Actor, record
from tenancy.doors import scope_behind_door
from tenancy.models import User

DAYS, MOST_DAYS = 30, 365
# So many at a time; whoever needs more has lost sight of them.
MOST_OPEN = 100
NOTED_EVERY = timedelta(minutes=1)


def create_link(
    *, name: str, query: str, days: int, author: User, by: Actor | User, at: datetime
) -> tuple[DashboardLink, str]:
    """A new link and its token, which is nowhere kept. ValueError for too many links or days."""
    if not 1 <= days <= MOST_DAYS:
        raise ValueError(f"A link is open for 1 to {MOST_DAYS} days.")
    if DashboardLink.objects.filter(revoked_at=None, expires_at__gt=at).count() >= MOST_OPEN:
        raise ValueError(f"There are {MOST_OPEN} open links already. Revoke one first.")
    token = secrets.token_urlsafe(32)
    link = DashboardLink.objects.create(
        name=name,
        query=query,
        token_hash=hash_secret(token),
        created_by=author,
        created_at=at,
        expires_at=at + timedelta(days=days),
    )
    facts = {"query": query, "expires_at": link.expires_at.isoformat()}
    record("dashboard_link.created", on=link, by=by, details=facts, at=at)
    return link, token


def revoke_link(link: DashboardLink, *, by: Actor | User, at: datetime) -> None:
    """It opens nothing any more, for good; again changes nothing."""
    if link.revoked_at is None:
        link.revoked_at = at
        link.save(update_fields=["revoked_at"])
        record("dashboard_link.revoked", on=link, by=by, at=at)


@contextmanager
def link_behind(token: str) -> Iterator[DashboardLink | None]:
    """The open link with this token, in the scope of its organization; None (and no scope) for any other token."""
    token_hash = hash_secret(token)
    with scope_behind_door("door_dashboard_link", token_hash, _READING, [token_hash]) as rows:
        yield DashboardLink.objects.select_related("organization").get(pk=rows[0][1]) if rows else None


def note_opened(link: DashboardLink, *, at: datetime) -> None:
    """At most once a minute: a board on a wall opens its link all day."""
    stale = Q(last_opened_at=None) | Q(last_opened_at__lt=at - NOTED_EVERY)
    DashboardLink.objects.filter(stale, pk=link.pk).update(last_opened_at=at)


_READING = "SELECT organization_id, id FROM metrics_dashboardlink WHERE token_hash = %s"
