"""What is being done about an answer, as the dashboard shows it beside the customer's words."""

from uuid import UUID

from django.db.models import Case, Q, When
from django.urls import reverse
from django.utils import timezone

from alerts.models import FollowUp, FollowUpAnswer
from alerts.queues import is_overdue
from metrics.dashboard.feed import Handling, register_handling

FACTS = ("pk", "response_id", "state", "number", "is_late", "organization__slug")


def handling_of(responses: list[UUID]) -> dict[UUID, Handling]:
    """By response, for those that opened or joined a follow-up: its state, or that it is overdue. Two queries."""
    joined = dict(FollowUpAnswer.objects.filter(response__in=responses).values_list("response_id", "follow_up_id"))
    late = Case(When(is_overdue(timezone.now()), then=True), default=False)
    is_about = Q(response__in=responses) | Q(pk__in=set(joined.values()))
    handled, by_pk = {}, {}
    for pk, response_id, state, number, is_late, slug in (
        FollowUp.objects.filter(is_about).annotate(is_late=late).values_list(*FACTS)
    ):
        by_pk[pk] = Handling(
            label="Overdue" if is_late else FollowUp.State(state).label,
            tone="breach" if is_late else TONES.get(FollowUp.State(state), ""),
            href=reverse("follow_up_detail", kwargs={"org": slug, "number": number}),
        )
        if response_id:
            handled[response_id] = by_pk[pk]
    return handled | {response_id: by_pk[pk] for response_id, pk in joined.items()}


TONES = {FollowUp.State.OPEN: "warn", FollowUp.State.RESOLVED: "ok", FollowUp.State.CLOSED: "ok"}

register_handling(handling_of)
