"""An owner for each follow-up that opens: by the organization's rules, in a constant number of statements a batch."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import prefetch_related_objects

from alerts.changing import Kind, new_entry
from alerts.models import AlertRule, FollowUp, FollowUpEntry, OwnerRule, TeamMember
from alerts.owners.finding import Choice, Subject, find_owner
from alerts.owners.staff import Staff
from customers.models import Customer
from tenancy.audit import SYSTEM, audit_entry
from tenancy.models import AuditEntry
from tenancy.scope import current_organization_id

ASKS_ATTRIBUTES = (OwnerRule.Kind.ATTRIBUTE, OwnerRule.Kind.BY_REGION)
ASKS_TOUCHPOINT = OwnerRule.Kind.BY_TOUCHPOINT


def choose_owners(follow_ups: Sequence[FollowUp], *, at: datetime, named: Mapping[UUID, UUID]) -> None:
    """Give each of these follow-ups that nobody owns an owner, and the team that was chosen.

    `named` says which owner rule the rules of its alerts name; that one is tried before all others.
    Without an active owner rule nothing happens: they are everybody's. With one, all are owned. Costs one statement
    without rules and about fifteen with them, for any number. In the caller's transaction.
    """
    rules = active_rules()
    unowned = [each for each in follow_ups if each.owner_id is None]
    if not rules or not unowned:
        return
    lock_turns()
    staff = Staff.now(at=at)
    subjects = subjects_of(unowned, rules)
    chosen: list[tuple[FollowUp, Choice]] = []
    for follow_up in unowned:
        choice = find_owner(in_order(rules, named.get(follow_up.pk)), subjects[follow_up.pk], staff)
        if choice.person is None:
            continue
        follow_up.owner, follow_up.team = choice.person.user, choice.team
        chosen.append((follow_up, choice))
    FollowUp.objects.bulk_update([each for each, _ in chosen], ["owner", "team"])
    TeamMember.objects.bulk_update(staff.changed.values(), ["last_chosen_at"])
    entries = [_entry(follow_up, choice, at) for follow_up, choice in chosen]
    FollowUpEntry.objects.bulk_create(entries)
    AuditEntry.objects.bulk_create(
        [
            audit_entry("follow_up.assigned", on=entry.follow_up, by=SYSTEM, at=at, details=entry.details)
            for entry in entries
        ]
    )


def active_rules() -> list[OwnerRule]:
    """The organization's owner rules that are switched on, in order. One query."""
    return list(OwnerRule.objects.filter(is_active=True).select_related("person", "team"))


def in_order(rules: list[OwnerRule], own: UUID | None) -> list[OwnerRule]:
    """The owner rule that an alert rule names before all others."""
    return sorted(rules, key=lambda rule: rule.pk != own)


def subjects_of(follow_ups: list[FollowUp], rules: list[OwnerRule]) -> dict[UUID, Subject]:
    """What the rules ask about, of each follow-up; three queries at most."""
    kinds = {rule.kind for rule in rules}
    attributes: dict[UUID, dict] = {}
    if not kinds.isdisjoint(ASKS_ATTRIBUTES):
        wanted = [each.customer_id for each in follow_ups if each.customer_id]
        attributes = dict(Customer.objects.filter(pk__in=wanted).values_list("pk", "attributes"))
    if ASKS_TOUCHPOINT in kinds:
        prefetch_related_objects(follow_ups, "response", "alert__rule")
    return {
        each.pk: Subject(
            attributes.get(each.customer_id, {}) if each.customer_id else {},
            _touchpoint_of(each) if ASKS_TOUCHPOINT in kinds else None,
        )
        for each in follow_ups
    }


def _touchpoint_of(follow_up: FollowUp) -> UUID | None:
    """That of its answer; where a score fell, the place it fell at."""
    if follow_up.response:
        return follow_up.response.touchpoint_id
    what, _, place = follow_up.alert.subject.partition(":")
    if what != AlertRule.Kind.THRESHOLD or follow_up.alert.rule.conditions.get("of") != "touchpoint":
        return None
    try:
        return UUID(place.partition(":")[0])
    except ValueError:
        return None


def lock_turns() -> None:
    """One choice after the other until the commit: two at once would give the same person two turns."""
    with connection.cursor() as cursor:
        key = str(current_organization_id())
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('owners:' || %s, 0))", [key])


def _entry(follow_up: FollowUp, choice: Choice, at: datetime) -> FollowUpEntry:
    return new_entry(
        follow_up,
        kind=Kind.ASSIGNED,
        by=SYSTEM,
        at=at,
        to_person=str(choice.person),
        rule=choice.rule.name if choice.rule else "",
        team=choice.team.name if choice.team else "",
        because=choice.because,
    )
