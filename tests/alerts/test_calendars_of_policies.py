"""A policy's clocks run in its calendar: zone, weekly hours, public holidays and extra days off, or in plain time."""

from datetime import UTC, datetime, timedelta

from alerts.calendars import public_holidays
from alerts.models import Calendar, EscalationStep, SlaPolicy
from tests.alerts.answering import TUESDAY, open_follow_up
from tests.alerts.calendars import at

# Maundy Thursday; Friday and Monday are public holidays in Germany, and clocks changed the Sunday before.
BEFORE_EASTER = at("2026-04-02 12:00").astimezone(UTC)


def policy_with(ground, **calendar) -> SlaPolicy:
    """The standard policy with a calendar of its own: office hours, eight a day, unless told otherwise."""
    hours = {str(day): [["09:00", "17:00"]] for day in range(1, 6)}
    policy = SlaPolicy.objects.get(name="Standard")
    policy.calendar = Calendar.objects.create(name="Own", **{"working_hours": hours, **calendar})
    policy.first_contact_hours = 8
    policy.save()
    return policy


def test_public_holidays_and_days_off_are_not_counted(world):
    with world.home.scope():
        policy_with(world.home, country="DE", days_off=[{"on": "2026-04-07", "name": "Company holiday"}])
    follow_up = open_follow_up(world.home, at=BEFORE_EASTER)
    assert follow_up.first_contact_due_at == at("2026-04-08 12:00")
    assert follow_up.first_contact_budget == timedelta(hours=8)


def test_holidays_of_a_subdivision_are_its_own():
    epiphany = datetime(2026, 1, 6, tzinfo=UTC).date()
    assert epiphany in public_holidays("DE", "BY", 2026)
    assert epiphany not in public_holidays("DE", "BE", 2026)
    assert not public_holidays("", "", 2026)


def test_a_calendar_in_another_zone_works_there(world):
    with world.home.scope():
        policy_with(world.home, time_zone="America/New_York")
    follow_up = open_follow_up(world.home, at=TUESDAY)
    assert follow_up.first_contact_due_at == datetime(2026, 3, 10, 21, tzinfo=UTC)


def test_main_calendar_holds_where_a_policy_names_none(world):
    with world.home.scope():
        policy = policy_with(world.home, country="DE", is_main=True)
        SlaPolicy.objects.filter(pk=policy.pk).update(calendar=None)
    follow_up = open_follow_up(world.home, at=BEFORE_EASTER)
    assert follow_up.first_contact_due_at == at("2026-04-07 12:00")


def test_plain_time_counts_every_hour(world):
    with world.home.scope():
        policy = policy_with(world.home, country="DE")
        SlaPolicy.objects.filter(pk=policy.pk).update(is_wall_clock=True)
    follow_up = open_follow_up(world.home, at=BEFORE_EASTER)
    assert follow_up.first_contact_due_at == BEFORE_EASTER + timedelta(hours=8)
    assert follow_up.resolution_budget == timedelta(days=5)


def test_new_organizations_have_a_policy_and_steps_for_each_priority(world):
    with world.home.scope():
        promised = SlaPolicy.objects.order_by("first_contact_hours").values_list(
            "priority", "first_contact_hours", "resolution_days"
        )
        assert list(promised) == [("urgent", 4, 1), ("high", 8, 2), ("normal", 24, 5), ("low", 40, 10)]
        steps = EscalationStep.objects.filter(sla_policy__priority="urgent", promise="resolution")
        assert list(steps.values_list("percent", "tells")) == [(75, "owner"), (100, "lead"), (200, "admin")]
