"""Follow-ups on the customer's timeline."""

from django.urls import reverse

from alerts.models import FollowUp, SlaBreach
from customers.models import Customer
from journeys.timeline import TimelineItem, register

SHOWN = 200


@register
def follow_ups_of(customer: Customer) -> list[TimelineItem]:
    """Opened, closed and broken promises, newest first; two queries."""
    follow_ups = list(
        FollowUp.objects.filter(customer=customer)
        .select_related("organization", "owner")
        .order_by("-opened_at")[:SHOWN]
    )
    items = [item for each in follow_ups for item in _life_of(each)]
    by_id = {each.pk: each for each in follow_ups}
    for breach in SlaBreach.objects.filter(follow_up__in=list(by_id)):
        follow_up, promise = by_id[breach.follow_up_id], SlaBreach.Promise(breach.promise).label.lower()
        title = f"Promise not kept: {promise}"
        items.append(_item(follow_up, breach.due_at, "promise_broken", "triangle-alert", title, tone="breach"))
    return sorted(items, key=lambda item: item.at, reverse=True)


def _life_of(follow_up: FollowUp) -> list[TimelineItem]:
    state, owner = follow_up.get_state_display(), str(follow_up.owner or "nobody yet")
    detail = f"{state}, owner: {owner}"
    items = [_item(follow_up, follow_up.opened_at, "follow_up", "inbox", str(follow_up), detail=detail)]
    if follow_up.closed_at:
        outcome = FollowUp.Outcome(follow_up.outcome).label if follow_up.outcome else ""
        title = f"Loop closed: follow-up {follow_up.number}"
        items.append(_item(follow_up, follow_up.closed_at, "loop_closed", "circle-check", title, outcome, tone="ok"))
    return items


def _item(follow_up: FollowUp, at, kind: str, icon: str, title: str, detail: str = "", tone: str = "") -> TimelineItem:
    href = reverse("follow_up_detail", kwargs={"org": follow_up.organization.slug, "number": follow_up.number})
    return TimelineItem(at=at, kind=kind, icon=icon, title=title, detail=detail, href=href, tone=tone)
