"""The way from an answer to the follow-ups it opened."""

from django.db.models import Q
from django.urls import reverse

from alerts.models import FollowUp, FollowUpAnswer
from surveys.models import Response
from surveys.response_links import ResponseLink, register_response_links


@register_response_links
def follow_ups_of_response(response: Response) -> list[ResponseLink]:
    """Each follow-up this answer opened or joined, with its state and owner; one query."""
    is_about = Q(response=response) | Q(pk__in=FollowUpAnswer.objects.filter(response=response).values("follow_up"))
    follow_ups = FollowUp.objects.filter(is_about).select_related("organization", "owner").order_by("number")
    return [
        ResponseLink(
            label=f"Follow-up {each.number}",
            href=reverse("follow_up_detail", kwargs={"org": each.organization.slug, "number": each.number}),
            detail=f"{each.get_state_display()}, owner: {each.owner or 'nobody yet'}",
            icon="inbox",
        )
        for each in follow_ups
    ]
