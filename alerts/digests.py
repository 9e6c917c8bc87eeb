"""The mail that stands for all follow-ups opened in a burst beyond the first."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from alerts.models import FollowUp, FollowUpDigest
from alerts.notices import facts_of, staff_to_tell
from tenancy.background import drain
from tenancy.models import Organization
from tenancy.outbox import new_mail, queue_mails
from tenancy.scope import organization_scope

# So many are told with their words; the others by number, behind a link.
LISTED = 25


def queue_due_digests() -> int:
    """Write the digests that are due for every organization; returns how many."""
    return drain("door_due_digests", queue_digest)


def queue_digest(organization_id: UUID, *, at: datetime | None = None) -> int:
    """Queue the digest of one organization, one mail a person; returns 1, or 0 when none is due."""
    at = at or timezone.now()
    with organization_scope(organization_id):
        due = FollowUpDigest.objects.select_for_update(skip_locked=True).filter(due_at__lte=at, queued_at__isnull=True)
        digest = due.first()
        if digest is None:
            return 0
        context = _context(Organization.objects.get(pk=organization_id), digest)
        queue_mails(
            [
                new_mail(
                    "follow_up_digest",
                    to=user.email,
                    dedupe_key=f"follow_up_digest:{digest.pk}:{user.pk}",
                    context=context,
                    due_at=at,
                )
                for user in staff_to_tell()
            ]
        )
        digest.queued_at = at
        digest.save(update_fields=["queued_at"])
    return 1


def _context(organization: Organization, digest: FollowUpDigest) -> dict:
    numbers = {"number__gte": digest.first_number, "number__lte": digest.last_number}
    rows = FollowUp.objects.filter(**numbers).select_related("customer", "response__survey", "response__touchpoint")
    listed = facts_of(organization, list(rows.order_by("number")[:LISTED]))
    for facts in listed:
        facts["verbatim"] = facts["verbatim"][:200] + ("…" if len(facts["verbatim"]) > 200 else "")
    rest_from = digest.first_number + len(listed)
    return {
        "count": digest.last_number - digest.first_number + 1,
        "first_number": digest.first_number,
        "last_number": digest.last_number,
        "listed": listed,
        "rest_from": rest_from,
        "rest_count": max(digest.last_number - rest_from + 1, 0),
        "customer_ids": [pk for facts in listed for pk in facts["customer_ids"]],
        "button_url": f"{settings.BASE_URL}/o/{organization.slug}/followups/?view=unassigned",
        "button_label": "Open the queue",
    }
