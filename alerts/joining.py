"""A customer with an open follow-up who answers again: the answer is added to it, and no second one opens."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from alerts.changing import Kind, new_entry, written
from alerts.escalation.clocks import next_escalation_at
from alerts.models import Alert, FollowUp, FollowUpAnswer, FollowUpEntry, Priority
from alerts.notices import tell_of_answers
from alerts.pausing import clocks_gone_on
from alerts.states import State
from surveys.models import Response
from tenancy.audit import SYSTEM, audit_entry
from tenancy.models import AuditEntry

# Who was told that all is well and is let down again gets a promise of their own: a resolved one takes no answers.
TAKES_ANSWERS = (State.OPEN, State.ACKNOWLEDGED, State.CONTACTED)


def open_by_customer(customer_ids: Iterable[UUID]) -> dict[UUID, FollowUp]:
    """The newest open follow-up of each customer, locked until the commit, so that nobody closes it meanwhile."""
    wanted = set(customer_ids)
    if not wanted:
        return {}
    rows = FollowUp.objects.select_for_update().filter(customer__in=wanted, state__in=TAKES_ANSWERS).order_by("pk")
    newest = sorted(rows, key=lambda each: each.number)
    return {each.customer_id: each for each in newest if each.customer_id}


def newest_open_of(customer_id: UUID) -> FollowUp | None:
    """The follow-up that a further answer of this customer would be added to."""
    return FollowUp.objects.filter(customer=customer_id, state__in=TAKES_ANSWERS).order_by("number").last()


def by_response(responses: list[Response]) -> dict[UUID, FollowUp]:
    """The follow-up each of these answers opened or was added to."""
    added = FollowUpAnswer.objects.filter(response__in=responses).select_related("follow_up")
    found = {each.response_id: each.follow_up for each in added}
    # The answer of one that was merged was added to the one that stayed.
    about = FollowUp.objects.filter(response__in=responses).exclude(state=State.MERGED)
    return found | {each.response_id: each for each in about}


def add_answers(joining: list[tuple[FollowUp, Response]], alerts: dict[UUID, list[Alert]], *, at: datetime) -> None:
    """Add each answer with its alerts: a line of history, an audit line, and more urgency where it is due.

    The owner keeps it, and what was promised stays promised; a clock that stood still goes on, for the customer has
    spoken. The follow-ups must be locked.
    """
    if not joining:
        return
    entries, audits, fields = [], [], {"priority", "tags", "version"}
    for follow_up, response in joining:
        before, pause = follow_up.priority, follow_up.pause_reason
        take_over(follow_up, alerts[response.pk])
        values = clocks_gone_on(follow_up, at=at)
        for name, value in values.items():
            setattr(follow_up, name, value)
        if values:
            follow_up.escalates_at = next_escalation_at(follow_up)
            fields.update(values, ["escalates_at"])
        follow_up.version += 1
        facts: dict[str, Any] = {"score": response.score, "response": str(response.pk)}
        if follow_up.priority != before:
            facts["priority"] = [before, follow_up.priority]
        if values:
            facts["pause_ended"] = pause
        rules = [alert.rule.name for alert in alerts[response.pk]]
        entry = new_entry(follow_up, kind=Kind.ANSWER_ADDED, by=SYSTEM, at=at, **facts, rules=rules)
        edited_at = response.edited_at.isoformat() if response.edited_at else ""
        entry.details |= {"group": response.group, "edited_at": edited_at, "version": follow_up.version}
        entries.append(entry)
        audits.append(audit_entry("follow_up.answer_added", on=follow_up, by=SYSTEM, at=at, details=facts))
    FollowUpAnswer.objects.bulk_create(
        [
            FollowUpAnswer(organization_id=each.organization_id, follow_up=each, response=response, added_at=at)
            for each, response in joining
        ]
    )
    changed = {follow_up.pk: follow_up for follow_up, _ in joining}
    FollowUp.objects.bulk_update(changed.values(), sorted(fields))
    FollowUpEntry.objects.bulk_create(entries)
    AuditEntry.objects.bulk_create(audits)
    tell_of_answers(joining, at=at)
    written(entries)


def add_reasons(joining: list[tuple[FollowUp, Alert]], *, at: datetime) -> None:
    """Add alerts about no answer to follow-ups that are open: a line of history and of audit, and their urgency.

    The follow-ups must be locked.
    """
    entries, audits = [], []
    for follow_up, alert in joining:
        take_over(follow_up, [alert])
        follow_up.version += 1
        facts: dict[str, Any] = {"reason": alert.reason, "rule": alert.rule.name, "version": follow_up.version}
        entries.append(new_entry(follow_up, kind=Kind.CHANGED, by=SYSTEM, at=at, **facts))
        audits.append(audit_entry("follow_up.reason_added", on=follow_up, by=SYSTEM, at=at, details=facts))
    FollowUp.objects.bulk_update({each.pk: each for each, _ in joining}.values(), ["priority", "tags", "version"])
    FollowUpEntry.objects.bulk_create(entries)
    AuditEntry.objects.bulk_create(audits)
    written(entries)


def take_over(follow_up: FollowUp, alerts: list[Alert]) -> None:
    """Let the follow-up answer for these alerts: their tags, and the most urgent priority there is. Stores nothing.

    What is held out has no part in it.
    """
    urgency = list(Priority)
    alerts = [alert for alert in alerts if not alert.is_held_out]
    priorities = [follow_up.priority, *(alert.rule.priority for alert in alerts if alert.rule.opens_follow_up)]
    follow_up.priority = min(map(Priority, priorities), key=urgency.index)
    for alert in alerts:
        alert.follow_up = follow_up
        follow_up.tags += [tag for tag in alert.rule.actions.get("tags", []) if tag not in follow_up.tags]
