"""What a place outside is told when a rule fires that names it: one delivery an alert, and in a flood one for many."""

from datetime import datetime
from typing import Any
from uuid import UUID

from alerts.models import Alert, AlertRule, Delivery, NotificationChannel
from alerts.notifying.floods import SINGLES, WINDOW
from alerts.notifying.queueing import OPENED, SWEEP
from surveys.scoring import group_word
from tenancy.background import nudge
from tenancy.scope import current_organization_id

FIRED = "rule.fired"


def queue_fired(
    channel: NotificationChannel, rule: AlertRule, alerts: list[Alert], links: dict[UUID, str], *, at: datetime
) -> None:
    """Queue what `channel` hears of these alerts of one rule, in the caller's transaction; three statements.

    A channel that hears of every follow-up anyway is not told twice of one that has just opened.
    """
    if OPENED in channel.events:
        alerts = [each for each in alerts if each.follow_up is None or each.follow_up.opened_at != at]
    if not alerts:
        return
    recent = Delivery.objects.filter(channel=channel, event=FIRED, created_at__gt=at - WINDOW).count()
    if recent + len(alerts) <= SINGLES:
        rows = [_single(rule, each, links[each.pk]) for each in alerts]
    else:
        rows = [_summary(rule, alerts, links[alerts[0].pk])]
    for row in rows:
        row.organization_id, row.channel, row.event = current_organization_id(), channel, FIRED
        row.created_at = row.due_at = at
    Delivery.objects.bulk_create(rows, ignore_conflicts=True)
    nudge(SWEEP)


def _single(rule: AlertRule, alert: Alert, link: str) -> Delivery:
    response, customer = alert.response, alert.customer
    facts: dict[str, Any] = {
        "rule": rule.name,
        "reason": alert.reason,
        "customer": str(customer) if customer else "",
        "customer_ids": [str(customer.pk)] if customer else [],
        "score": response.score if response else None,
        "group": group_word(response.measure, response.group) if response else "",
        "number": alert.follow_up.number if alert.follow_up else None,
        "url": link,
    }
    return Delivery(follow_up=alert.follow_up, facts=facts, dedupe_key=f"{FIRED}:{alert.pk}")


def _summary(rule: AlertRule, alerts: list[Alert], link: str) -> Delivery:
    """How many, and nobody's name."""
    facts = {"rule": rule.name, "reason": "", "url": link}
    return Delivery(facts=facts, count=len(alerts), dedupe_key=f"{FIRED}:from:{alerts[0].pk}")
