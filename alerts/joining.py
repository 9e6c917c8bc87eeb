"""A customer with an open follow-up who answers again: the answer is added to it, and no second one opens."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from alerts.changing import Kind, new_entry, written
from alerts.escalation.clocks import next_escalation_at
from alerts.models import Alert, FollowUp, FollowUpAnswer, FollowUpEntry, Playbook, Priority
from alerts.notices import tell_of_answers, tell_owners
from alerts.owners.choosing import choose_owners
from alerts.pausing import clocks_gone_on
from alerts.playbooks.starting import start_playbooks
from alerts.sooner import hasten
from alerts.states import State
from alerts.work.marking import MOST_TAGS, URGENCY
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
    """Add each answer with its alerts, if it raised any: a line of history, of audit, and more urgency where it is due.

    The owner keeps it. A clock that stood still goes on, for the customer has spoken; what became more urgent is
    promised the times of that, where they are sooner. The follow-ups must be locked.
    """
    if not joining:
        return
    entries, audits, fields = [], [], {"priority", "tags", "version"}
    for follow_up, response in joining:
        before, pause = follow_up.priority, follow_up.pause_reason
        reasons = [alert for alert in alerts.get(response.pk, []) if not alert.is_held_out]
        take_over(follow_up, reasons)
        values = clocks_gone_on(follow_up, at=at)
        for name, value in values.items():
            setattr(follow_up, name, value)
        if values:
            follow_up.escalates_at = next_escalation_at(follow_up)
            fields.update(values, ["escalates_at"])
        hastened = hasten_risen(follow_up, reasons, before, at=at)
        fields |= hastened
        follow_up.version += 1
        facts: dict[str, Any] = {"score": response.score, "response": str(response.pk)}
        if follow_up.priority != before:
            facts["priority"] = [before, follow_up.priority]
        if hastened:
            facts["policy"] = follow_up.sla_policy.name
        if values:
            facts["pause_ended"] = pause
        rules = [alert.rule.name for alert in reasons]
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
    fill_in([(follow_up, alerts.get(response.pk, [])) for follow_up, response in joining], at=at)
    tell_of_answers(joining, at=at)
    written(entries)


def add_reasons(joining: list[tuple[FollowUp, Alert]], *, at: datetime) -> None:
    """Add alerts that bring no further answer: about silence, a score, or an edit of an answer that is there already.

    A line of history and of audit, and their urgency. The follow-ups must be locked.
    """
    entries, audits, fields = [], [], {"priority", "tags", "version"}
    for follow_up, alert in joining:
        before = follow_up.priority
        take_over(follow_up, [alert])
        hastened = hasten_risen(follow_up, [alert], before, at=at)
        fields |= hastened
        follow_up.version += 1
        facts: dict[str, Any] = {"reason": alert.reason, "rule": alert.rule.name, "version": follow_up.version}
        if follow_up.priority != before:
            facts["priority"] = [before, follow_up.priority]
        if hastened:
            facts["policy"] = follow_up.sla_policy.name
        entries.append(new_entry(follow_up, kind=Kind.CHANGED, by=SYSTEM, at=at, **facts))
        audits.append(audit_entry("follow_up.reason_added", on=follow_up, by=SYSTEM, at=at, details=facts))
    FollowUp.objects.bulk_update({each.pk: each for each, _ in joining}.values(), sorted(fields))
    FollowUpEntry.objects.bulk_create(entries)
    AuditEntry.objects.bulk_create(audits)
    fill_in([(follow_up, [alert]) for follow_up, alert in joining], at=at)
    written(entries)


def fill_in(joined: Sequence[tuple[FollowUp, list[Alert]]], *, at: datetime) -> None:
    """Give open follow-ups without an owner or a playbook what the rules of these further alerts name.

    No statement where nothing is missing or nothing is named. The follow-ups must be locked.
    """
    reasons: dict[UUID, list[Alert]] = {}
    found = {follow_up.pk: follow_up for follow_up, _ in joined if follow_up.state in TAKES_ANSWERS}
    for follow_up, alerts in joined:
        reasons.setdefault(follow_up.pk, []).extend(alerts)
    named = {pk: rule for pk, each in found.items() if not each.owner_id and (rule := owner_rule_of(reasons[pk]))}
    unowned = [found[pk] for pk in named]
    if unowned:
        choose_owners(unowned, at=at, named=named)
        tell_owners(unowned[0].organization, [each for each in unowned if each.owner_id], at=at, known_as="assigned")
    playbooks = {pk: book for pk, each in found.items() if not each.playbook_id and (book := playbook_of(reasons[pk]))}
    if playbooks:
        _go_by([found[pk] for pk in playbooks], playbooks, at=at)


def _go_by(follow_ups: list[FollowUp], playbooks: dict[UUID, UUID], *, at: datetime) -> None:
    names = Playbook.objects.in_bulk(set(playbooks.values()))
    for each in follow_ups:
        each.playbook = names[playbooks[each.pk]]
    FollowUp.objects.bulk_update(follow_ups, ["playbook"])
    start_playbooks(follow_ups, at=at)
    facts = [{"playbook": str(each.playbook)} for each in follow_ups]
    entries = [
        new_entry(each, kind=Kind.CHANGED, by=SYSTEM, at=at, **said)
        for each, said in zip(follow_ups, facts, strict=True)
    ]
    FollowUpEntry.objects.bulk_create(entries)
    AuditEntry.objects.bulk_create(
        [
            audit_entry("follow_up.playbook_chosen", on=each, by=SYSTEM, at=at, details=said)
            for each, said in zip(follow_ups, facts, strict=True)
        ]
    )
    written(entries)


def in_rank(alerts: Iterable[Alert]) -> list[Alert]:
    """Those that ask for a follow-up, the most urgent first, and of the same urgency the one of the oldest rule."""
    asking = [each for each in alerts if each.rule.opens_follow_up and not each.is_held_out]
    # Ids count the time: the smallest is the oldest.
    return sorted(asking, key=lambda each: (URGENCY.index(each.rule.priority), each.rule_id))


def owner_rule_of(alerts: Iterable[Alert]) -> UUID | None:
    """The owner rule that is tried before all others: the first that one of their rules names."""
    return next((each.rule.owner_rule_id for each in in_rank(alerts) if each.rule.owner_rule_id), None)


def owner_rules_named(follow_ups: Iterable[FollowUp]) -> dict[UUID, UUID]:
    """`owner_rule_of` all reasons of each of these; one query."""
    reasons: dict[UUID | None, list[Alert]] = {}
    for alert in Alert.objects.filter(follow_up__in=list(follow_ups)).select_related("rule"):
        reasons.setdefault(alert.follow_up_id, []).append(alert)
    return {pk: rule for pk, alerts in reasons.items() if pk and (rule := owner_rule_of(alerts))}


def playbook_of(alerts: Iterable[Alert]) -> UUID | None:
    """The first playbook that one of their rules names."""
    return next((each.rule.playbook_id for each in in_rank(alerts) if each.rule.playbook_id), None)


def hasten_risen(follow_up: FollowUp, alerts: list[Alert], before: str, *, at: datetime) -> set[str]:
    """Promise what the most urgent of these alerts' rules does, when its priority rose from `before` by them.

    Returns the fields it set, which the caller stores; no statement where it did not rise.
    """
    ranked = in_rank(alerts)
    return hasten(follow_up, ranked[0].rule, at=at) if ranked and follow_up.priority != before else set()


def take_over(follow_up: FollowUp, alerts: list[Alert]) -> None:
    """Let the follow-up answer for these alerts: their tags, and the most urgent priority there is. Stores nothing.

    What is held out has no part in it.
    """
    alerts = [alert for alert in alerts if not alert.is_held_out]
    priorities = [follow_up.priority, *(alert.rule.priority for alert in alerts if alert.rule.opens_follow_up)]
    follow_up.priority = min(map(Priority, priorities), key=URGENCY.index)
    for alert in alerts:
        alert.follow_up = follow_up
        tags = [*follow_up.tags, *alert.rule.actions.get("tags", [])]
        follow_up.tags = list(dict.fromkeys(tags))[:MOST_TAGS]
