"""Rules held against a batch of answers: alerts, follow-ups with their clocks, history, audit and mail, all set-based.

One organization opens its follow-ups one batch after the other (an advisory lock until the commit), so that numbers
have neither gaps nor twins. Everything happens in the caller's transaction; the unique keys stand behind it.
"""

from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import Max

from alerts.changing import Kind, new_entry, written
from alerts.clocks import Policies
from alerts.escalation.clocks import start_escalations
from alerts.joining import (
    add_answers,
    add_reasons,
    by_response,
    in_rank,
    open_by_customer,
    owner_rule_of,
    playbook_of,
    take_over,
)
from alerts.models import Alert, AlertRule, FollowUp, FollowUpEntry
from alerts.notices import tell_of_edits, tell_of_opened
from alerts.owners.choosing import choose_owners
from alerts.playbooks.starting import start_playbooks
from alerts.rules.acting import act
from alerts.rules.facts import Facts, facts_of
from alerts.rules.holding_out import is_held_out
from alerts.rules.matching import is_raised_by, needs_of, reason_of
from alerts.states import State
from surveys.models import Response
from tenancy.audit import SYSTEM, audit_entry
from tenancy.models import AuditEntry, Organization
from tenancy.scope import current_organization_id


def open_follow_ups(response_ids: list[UUID], *, at: datetime) -> list[FollowUp]:
    """Open what the active rules ask for; returns the new follow-ups. The same answers again change nothing.

    The answer of a customer who has an open follow-up is added to that one, a good one too.

    Must run inside the organization's scope; costs about a dozen statements for any number of answers.
    """
    if not response_ids:
        return []
    organization = Organization.objects.get(pk=current_organization_id())
    rules = list(
        AlertRule.objects.filter(is_active=True, kind=AlertRule.Kind.ANSWER).select_related(
            "sla_policy", "starts_survey"
        )
    )
    lock_numbers(organization.pk)
    facts = facts_of(response_ids, needs=needs_of(rules))
    responses = [each.response for each in facts]
    alerts, new = _raise_alerts(facts, rules, at=at)
    known = by_response(responses)
    edited = [each for each in facts if each.response.edited_at]
    _note_edits([each.response for each in edited if each.response.pk in known], known, at=at)
    _renew_reasons(edited, alerts, {rule.pk for rule in rules})
    waiting = [each for each in responses if each.pk not in known]
    held = open_by_customer(each.customer_id for each in waiting if each.customer_id)
    first, joining = _apart(waiting, held, alerts)
    opened = _open(organization, first, alerts, at=at)
    held |= {each.customer_id: each for each in opened if each.customer_id}
    add_answers([(held[each.customer_id], each) for each in joining if each.customer_id], alerts, at=at)
    _keep_reasons([alert for each in responses for alert in alerts.get(each.pk, [])], known, at=at)
    tell_of_opened(organization, opened, at=at)
    act(organization, new, at=at)
    return opened


def open_without_answer(organization: Organization, alerts: list[Alert], *, at: datetime) -> list[FollowUp]:
    """Open what new alerts about no single answer ask for, and do what their rules want; returns the new follow-ups.

    One about a customer with an open follow-up becomes a further reason of that one. Must run inside the scope.
    """
    lock_numbers(organization.pk)
    asking = [each for each in alerts if in_rank([each])]
    held = open_by_customer(each.customer_id for each in asking if each.customer_id)
    joining = [(held[each.customer_id], each) for each in asking if each.customer_id in held]
    add_reasons(joining, at=at)
    number, policies = _last_number(), Policies()
    opened = []
    for alert in (each for each in asking if each.customer_id not in held):
        number += 1
        follow_up = _follow_up(organization, [alert], policies, number=number, start=at, at=at)
        opened.append(follow_up)
    _store(organization, opened, policies, {each.follow_up.pk: [each] for each in asking if each.follow_up}, at=at)
    Alert.objects.bulk_update([each for each in asking if each.follow_up], ["follow_up"])
    tell_of_opened(organization, opened, at=at)
    act(organization, alerts, at=at)
    return opened


def clock_start(response: Response) -> datetime:
    """The promise counts from when we came to know: an answer imported late or edited is not late already."""
    return response.edited_at or response.created_at


def _raise_alerts(
    facts: list[Facts], rules: list[AlertRule], *, at: datetime
) -> tuple[dict[UUID, list[Alert]], list[Alert]]:
    """All alerts of these answers by response, the old ones and those raised now; and the latter."""
    alerts = list(
        Alert.objects.filter(response__in=[each.response for each in facts]).select_related("rule__sla_policy")
    )
    told = {(alert.response_id, alert.rule_id) for alert in alerts}
    new = [
        Alert(
            organization_id=each.response.organization_id,
            rule=rule,
            rule_version=rule.version,
            subject=str(each.response.pk),
            response=each.response,
            customer=each.response.customer,
            raised_at=at,
            reason=reason_of(rule, each),
            is_held_out=is_held_out(rule, str(each.response.pk)),
        )
        for each in facts
        for rule in rules
        if (each.response.pk, rule.pk) not in told and is_raised_by(rule, each)
    ]
    Alert.objects.bulk_create(new)
    raised: dict[UUID, list[Alert]] = {}
    for alert in alerts + new:
        raised.setdefault(alert.response_id, []).append(alert)
    return raised, new


def _apart(
    waiting: list[Response], held: dict[UUID, FollowUp], alerts: dict[UUID, list[Alert]]
) -> tuple[list[Response], list[Response]]:
    """Those that open a follow-up, and those that join one: that is there, or that the batch opens."""
    first: list[Response] = []
    joining: list[Response] = []
    seen = set(held)
    for response in waiting:
        if response.customer_id in seen:
            joining.append(response)
        elif in_rank(alerts.get(response.pk, [])):
            first.append(response)
            if response.customer_id:
                seen.add(response.customer_id)
    return first, joining


def _renew_reasons(edited: list[Facts], alerts: dict[UUID, list[Alert]], active: set[UUID]) -> None:
    """An edited answer fires nothing twice: its alerts say what is true now, and since when.

    A rule that is off is not held against anything: what it said when it fired stays.
    """
    changed = []
    for facts in edited:
        for alert in (each for each in alerts.get(facts.response.pk, []) if each.rule_id in active):
            reason = reason_of(alert.rule, facts)
            if alert.reason != reason:
                alert.reason, alert.updated_at = reason, facts.response.edited_at
                changed.append(alert)
    if changed:
        Alert.objects.bulk_update(changed, ["reason", "updated_at"])


def _keep_reasons(alerts: list[Alert], known: dict[UUID, FollowUp], *, at: datetime) -> None:
    """Store which follow-up each alert opened or joined; one raised by an edit belongs to the answer's own."""
    late = [
        (alert, known[alert.response_id].pk)
        for alert in alerts
        if alert.follow_up_id is None and alert.response_id and alert.response_id in known and not alert.is_held_out
    ]
    if late:
        # Locked before they are written, for people work on them meanwhile; in the order everybody locks them.
        locked = {
            each.pk: each
            for each in FollowUp.objects.select_for_update().filter(pk__in=[pk for _, pk in late]).order_by("pk")
        }
        add_reasons([(locked[pk], alert) for alert, pk in late], at=at)
    kept = [alert for alert in alerts if alert.follow_up_id]
    if kept:
        Alert.objects.bulk_update(kept, ["follow_up"])


def _open(
    organization: Organization, responses: list[Response], alerts: dict[UUID, list[Alert]], *, at: datetime
) -> list[FollowUp]:
    number, policies = _last_number(), Policies()
    opened: list[FollowUp] = []
    reasons: dict[UUID, list[Alert]] = {}
    for response in responses:
        number += 1
        start = clock_start(response)
        follow_up = _follow_up(organization, alerts[response.pk], policies, number=number, start=start, at=at)
        follow_up.response = response
        opened.append(follow_up)
        reasons[follow_up.pk] = alerts[response.pk]
    _store(organization, opened, policies, reasons, at=at)
    return opened


def _last_number() -> int:
    return FollowUp.objects.aggregate(last=Max("number"))["last"] or 0


def _follow_up(
    organization: Organization,
    alerts: list[Alert],
    policies: Policies,
    *,
    number: int,
    start: datetime,
    at: datetime,
) -> FollowUp:
    """One follow-up for all these alerts, with clocks that start at `start`; not yet stored.

    Several rules: the strictest promise counts, and of all else the first in rank that says something.
    """
    ranked = in_rank(alerts)
    policy, promised = policies.strictest([each.rule for each in ranked], organization, start=start)
    follow_up = FollowUp(
        organization=organization,
        number=number,
        customer=ranked[0].customer,
        alert=ranked[0],
        priority=ranked[0].rule.priority,
        sla_policy=policy,
        playbook_id=playbook_of(ranked),
        opened_at=at,
        **promised,
    )
    take_over(follow_up, alerts)
    return follow_up


def _store(
    organization: Organization,
    opened: list[FollowUp],
    policies: Policies,
    reasons: dict[UUID, list[Alert]],
    *,
    at: datetime,
) -> None:
    """With the moment of their first escalation step, and with an owner where there are owner rules."""
    start_escalations(opened, organization, policies=policies)
    FollowUp.objects.bulk_create(opened)
    FollowUpEntry.objects.bulk_create([_opening_entry(each, at) for each in opened])
    AuditEntry.objects.bulk_create([audit_entry("follow_up.opened", on=each, by=SYSTEM, at=at) for each in opened])
    named = {each.pk: rule for each in opened if (rule := owner_rule_of(reasons[each.pk]))}
    choose_owners(opened, at=at, named=named)
    start_playbooks(opened, at=at)


def _opening_entry(follow_up: FollowUp, at: datetime) -> FollowUpEntry:
    response = follow_up.response
    entry = new_entry(follow_up, kind=Kind.MOVED, by=SYSTEM, at=at, rule=follow_up.alert.rule.name, version=1)
    entry.to_state = State.OPEN
    if response:
        entry.details |= {"score": response.score, "group": response.group, "edited_at": _stamp(response)}
    return entry


def _stamp(response: Response) -> str:
    """Which edit of the answer this is; empty for the answer as first given."""
    return response.edited_at.isoformat() if response.edited_at else ""


def _note_edits(edited: list[Response], known: dict[UUID, FollowUp], *, at: datetime) -> None:
    """An answer changed after its follow-up opened leaves a line and is told, once an edit; the follow-up stays."""
    if not edited:
        return
    seen: dict[tuple[UUID, str], list[dict]] = {}
    told = FollowUpEntry.objects.filter(follow_up__in=[known[response.pk] for response in edited]).order_by("at", "id")
    for entry in told.filter(details__has_key="score").select_related("follow_up"):
        about = entry.details.get("response") or str(entry.follow_up.response_id)
        seen.setdefault((entry.follow_up_id, about), []).append(entry.details)
    lines, told = [], []
    for response in edited:
        follow_up, stamp = known[response.pk], _stamp(response)
        before = seen.get((follow_up.pk, str(response.pk)), [{}])
        if any(details.get("edited_at") == stamp for details in before):
            continue
        entry = new_entry(follow_up, kind=Kind.ANSWER_EDITED, by=SYSTEM, at=clock_start(response))
        entry.by_label = "Customer"
        was = {key: before[-1].get(key) for key in ("score", "group")}
        entry.details = {"score": response.score, "group": response.group, "edited_at": stamp, "before": was}
        entry.details["response"] = str(response.pk)
        lines.append(entry)
        told.append((follow_up, response))
    FollowUpEntry.objects.bulk_create(lines)
    tell_of_edits(told, at=at)
    written(lines)


def lock_numbers(organization_id: UUID) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('follow_up:' || %s, 0))", [str(organization_id)])
