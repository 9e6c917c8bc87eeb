"""What is being done about an answer, as the dashboard shows it beside the customer's words."""

from uuid import UUID

from django.db.models import Case, When
from django.urls import reverse
from django.utils import timezone

from alerts.models import FollowUp
from alerts.queues import is_overdue
from metrics.dashboard.feed import Handling, register_handling


def handling_of(responses: list[UUID]) -> dict[UUID, Handling]:
    """By response, for those with a follow-up: its state, or that a promise has passed. One query."""
    late = Case(When(is_overdue(timezone.now()), then=True), default=False)
    rows = FollowUp.objects.filter(response__in=responses).annotate(is_late=late)
    return {
        response_id: Handling(
            label="Overdue" if is_late else FollowUp.State(state).label,
            tone="breach" if is_late else TONES.get(FollowUp.State(state), ""),
            href=reverse("follow_up_detail", kwargs={"org": slug, "number": number}),
        )
        for response_id, state, number, is_late, slug in rows.values_list(
            "response_id", "state", "number", "is_late", "organization__slug"
        )
    }


TONES = {FollowUp.State.OPEN: "warn", FollowUp.State.RESOLVED: "ok", FollowUp.State.CLOSED: "ok"}

register_handling(handling_of)
