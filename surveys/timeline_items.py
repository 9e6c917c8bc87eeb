"""The customer's timeline: when they were asked, or why not, and what they answered."""

from django.urls import reverse

from customers.models import Customer
from journeys.timeline import TimelineItem, register
from surveys.ledger import moment_of_invitation
from surveys.models import Invitation, Response
from surveys.reasons import reason_text
from surveys.response_pages import verbatim_text

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


@register
def answers_of(customer: Customer) -> list[TimelineItem]:
    """Every answer of this customer, the newest 200; one query."""
    rows = Response.objects.filter(customer=customer).select_related("survey", "organization")
    return [
        TimelineItem(
            at=row.responded_at,
            kind="answer",
            icon="message-square-text",
            title=f"Answered: {row.survey.name}",
            detail=row.verbatim or "",
            href=reverse("response_detail", kwargs={"org": row.organization.slug, "pk": row.pk}),
            score=row.score,
            group=row.group,
            tone=row.group if row.group != "passive" else "",
        )
        for row in rows.annotate(verbatim=verbatim_text()).order_by("-responded_at", "-id")[:200]
    ]
