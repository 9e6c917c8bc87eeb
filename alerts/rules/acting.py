"""What a rule does beside opening a follow-up: tell people and places outside, start another survey.

Set-based and in the caller's transaction: a dozen statements for any number of alerts. An alert acts once, when it is
raised; one that is held out does nothing.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings

from alerts.models import Alert, AlertRule, NotificationChannel, TeamMember
from alerts.notifying.fired import queue_fired
from alerts.notifying.people import Telling, tell_all
from alerts.rules.references import OF_THRESHOLDS
from surveys.models import Survey
from surveys.planning import Wish, ask_because
from tenancy.models import Organization, User

# So many alerts of one rule in one batch are told one by one; more become one that says how many.
TOLD_SINGLY = 5


def act(organization: Organization, alerts: Sequence[Alert], *, at: datetime) -> None:
    """Do what the rules of these new alerts ask for. `follow_up` of each must be set where there is one."""
    by_rule: dict[AlertRule, list[Alert]] = defaultdict(list)
    for alert in alerts:
        if not alert.is_held_out:
            by_rule[alert.rule].append(alert)
    _tell_people(by_rule, at=at)
    _tell_outside(organization, by_rule, at=at)
    for rule, fired in by_rule.items():
        if rule.starts_survey is not None:
            _start_survey(rule.starts_survey, rule, fired, at=at)


def _tell_people(by_rule: dict[AlertRule, list[Alert]], *, at: datetime) -> None:
    wanted = {rule: fired for rule, fired in by_rule.items() if rule.actions.get("people") or rule.actions.get("teams")}
    if not wanted:
        return
    ids = {each for rule in wanted for each in rule.actions.get("people", [])}
    users = {str(each.pk): each for each in User.objects.filter(pk__in=ids)} if ids else {}
    members: dict[str, list[User]] = defaultdict(list)
    teams = {each for rule in wanted for each in rule.actions.get("teams", [])}
    for each in TeamMember.objects.filter(team__in=teams).select_related("user") if teams else []:
        members[str(each.team_id)].append(each.user)
    tellings = []
    for rule, fired in wanted.items():
        named = [users[each] for each in rule.actions.get("people", []) if each in users]
        told = named + [user for team in rule.actions.get("teams", []) for user in members[team]]
        tellings += [_telling(rule, told, each) for each in fired] if len(fired) <= TOLD_SINGLY else []
        tellings += [_summary(rule, told, fired)] if len(fired) > TOLD_SINGLY else []
    tell_all(tellings, at=at)


def _telling(rule: AlertRule, users: list[User], alert: Alert) -> Telling:
    event = "threshold" if rule.kind == AlertRule.Kind.THRESHOLD else "rule_fired"
    return Telling(
        users,
        event,
        title=alert.reason or rule.name,
        key=f"{event}:{alert.pk}",
        follow_up=alert.follow_up,
        path=path_of(alert),
        context=_context([alert]),
    )


def _summary(rule: AlertRule, users: list[User], fired: list[Alert]) -> Telling:
    return Telling(
        users,
        "rule_fired",
        title=f"“{rule.name}” fired {len(fired)} times",
        text="; ".join(each.reason for each in fired[:TOLD_SINGLY]),
        key=f"rule_fired:{rule.pk}:{fired[0].pk}",
        path="followups/?view=all",
        context=_context(fired),
        may_flood=False,
    )


def _context(alerts: list[Alert]) -> dict[str, Any]:
    return {"customer_ids": sorted({str(each.customer_id) for each in alerts if each.customer_id})}


def path_of(alert: Alert) -> str:
    """Where to look, beneath the organization: the follow-up, the answer, the customer, or the scores."""
    if alert.follow_up is not None:
        return f"followups/{alert.follow_up.number}/"
    if alert.response_id:
        return f"responses/{alert.response_id}/"
    if alert.customer_id:
        return f"customers/{alert.customer_id}/"
    what, place = alert.rule.conditions.get("of"), alert.subject.split(":")[1]
    return f"?{what}={place}" if what in OF_THRESHOLDS else ""


def _tell_outside(organization: Organization, by_rule: dict[AlertRule, list[Alert]], *, at: datetime) -> None:
    ids = {each for rule in by_rule for each in rule.actions.get("channels", [])}
    if not ids:
        return
    channels = {str(each.pk): each for each in NotificationChannel.objects.filter(pk__in=ids, is_active=True)}
    home = f"{settings.BASE_URL}/o/{organization.slug}/"
    for rule, fired in by_rule.items():
        for each in rule.actions.get("channels", []):
            if each in channels:
                queue_fired(channels[each], rule, fired, {alert.pk: home + path_of(alert) for alert in fired}, at=at)


def _start_survey(survey: Survey, rule: AlertRule, fired: list[Alert], *, at: datetime) -> None:
    due_at = at + timedelta(hours=rule.actions.get("survey_after_hours", 0))
    wishes = [Wish(each.customer, key=f"alert:{each.pk}", due_at=due_at) for each in fired if each.customer]
    ask_because(survey, wishes, wanted_by=f"the rule “{rule.name}”", at=at)
