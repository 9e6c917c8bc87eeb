"""The mail that stands for all follow-ups opened in a burst beyond the first."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from alerts.models import FollowUp, FollowUpDigest
from alerts.notices import facts_of, staff_to_tell
from alerts.notifying.people import tell_all
from alerts.notifying.telling import Telling
from tenancy.background import drain
from tenancy.models import Organization
from tenancy.scope import organization_scope

# So many are told with their words; the others by number, behind a link.
LISTED = 25


def queue_due_digests() -> int:
    """Write the digests that are due for every organization; returns how many."""
    return drain("door_due_digests", queue_digest)


def queue_digest(organization_id: UUID, *, at: datetime | None = None) -> int:
    """Tell people of the digest of one organization, once each; returns 1, or 0 when none is due.

    What somebody owns by now needs no telling any more.
    """
    at = at or timezone.now()
    with organization_scope(organization_id):
        due = FollowUpDigest.objects.select_for_update(skip_locked=True).filter(due_at__lte=at, queued_at__isnull=True)
        digest = due.first()
        if digest is None:
            return 0
        context = _context(Organization.objects.get(pk=organization_id), digest)
        if context["count"]:
            tell_all([_telling(digest, context)], at=at)
        digest.queued_at = at
        digest.save(update_fields=["queued_at"])
    return 1


def _telling(digest: FollowUpDigest, context: dict[str, Any]) -> Telling:
    count = context["count"]
    return Telling(
        staff_to_tell(),
        "opened",
        f"{count} more follow-up{'s' if count > 1 else ''} opened",
        f"digest:{digest.pk}",
        text=f"Numbers {digest.first_number} to {digest.last_number}, told together because so many came at once.",
        path="followups/?view=unassigned",
        context=context,
        template="follow_up_digest",
        may_flood=False,
        to_channels=False,
    )


def _context(organization: Organization, digest: FollowUpDigest) -> dict[str, Any]:
    numbers = {"number__gte": digest.first_number, "number__lte": digest.last_number}
    unowned = FollowUp.objects.filter(**numbers, owner__isnull=True)
    rows = unowned.select_related("customer", "response__survey", "response__touchpoint")
    count, first = unowned.count(), list(rows.order_by("number")[: LISTED + 1])
    listed = facts_of(organization, first[:LISTED])
    for facts in listed:
        facts["verbatim"] = facts["verbatim"][:200] + ("…" if len(facts["verbatim"]) > 200 else "")
    return {
        "count": count,
        "first_number": digest.first_number,
        "last_number": digest.last_number,
        "listed": listed,
        "rest_from": first[LISTED].number if len(first) > LISTED else None,
        "rest_count": count - len(listed),
        "customer_ids": [pk for facts in listed for pk in facts["customer_ids"]],
        "button_url": f"{settings.BASE_URL}/o/{organization.slug}/followups/?view=unassigned",
        "button_label": "Open the queue",
    }
