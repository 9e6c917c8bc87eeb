"""The customer's timeline: when they were asked, or why not."""

from customers.models import Customer
from journeys.timeline import TimelineItem, register
from surveys.ledger import moment_of_invitation
from surveys.models import Invitation
from surveys.reasons import reason_text

Status = Invitation.Status
ICONS = {
    Status.SENT: "mail",
    Status.DROPPED: "mail-x",
    Status.FAILED: "mail-warning",
    Status.UNKNOWN: "mail-question-mark",
}
TONES = {Status.SENT: "ok", Status.FAILED: "breach"}


@register
def invitations_of(customer: Customer) -> list[TimelineItem]:
    """Every candidate ask of this customer, the newest 200; one query."""
    rows = Invitation.objects.filter(customer=customer).select_related("survey").order_by("-created_at", "-id")[:200]
    return [
        TimelineItem(
            at=moment_of_invitation(row),
            kind="invitation",
            icon=ICONS.get(Status(row.status), "clock"),
            title=f"{row.get_status_display()}: {row.survey.name}",
            detail=reason_text(row.reason, row.reason_details),
            tone=TONES.get(Status(row.status), ""),
        )
        for row in rows
    ]
