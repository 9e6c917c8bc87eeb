"""Admins set up policies with their escalation steps, and calendars with public holidays, and see what they mean."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from alerts.escalation.escalating import escalate_batch
from alerts.models import Calendar, Escalation, EscalationStep, FollowUp, Notification, SlaPolicy
from tenancy.models import AuditEntry
from tests.alerts.answering import TUESDAY, open_follow_up
from tests.alerts.pages import client_of

POLICY = {"name": "Big customers", "first_contact_hours": "2", "resolution_days": "1", "longest_pause_days": "7"}
CLOSED = dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"), "")


@pytest.fixture
def home(world):
    return world.home


def steps(*rows: dict, initial: int = 0) -> dict:
    data = {"steps-TOTAL_FORMS": len(rows), "steps-INITIAL_FORMS": initial}
    empty = {"percent": "", "promise": "first_contact", "tells": "owner", "person": ""}
    for number, row in enumerate(rows):
        data |= {f"steps-{number}-{name}": value for name, value in {**empty, **row}.items()}
    return data


def post(ground, path: str, **values):
    return client_of(ground.ana).post(ground.url(f"settings/{path}"), values)


def page(ground, path: str) -> str:
    answer = client_of(ground.ana).get(ground.url(f"settings/{path}"))
    assert answer.status_code == 200
    return answer.content.decode()


def standard(ground) -> SlaPolicy:
    with ground.scope():
        return SlaPolicy.objects.get(name="Standard")


def test_named_policy_is_made_with_its_steps(home):
    rows = steps({"percent": "50"}, {"percent": "100", "tells": "person", "person": home.anton.pk}, {})
    assert post(home, "sla/policies/new/", **POLICY, is_wall_clock="on", **rows).status_code == 302
    with home.scope():
        made = SlaPolicy.objects.get(name="Big customers")
        assert (made.priority, made.first_contact_hours, made.is_wall_clock) == (None, 2, True)
        assert list(made.escalation_steps.values_list("percent", "person")) == [(50, None), (100, home.anton.pk)]
        assert AuditEntry.objects.filter(verb="sla_policy.created", object_id=made.pk).exists()
    shown = page(home, "sla/")
    assert "Big customers" in shown
    assert "First contact 100 %: Anton Northwind" in shown


def test_organization_with_one_policy_gives_the_others_their_priority(home):
    with home.scope():
        SlaPolicy.objects.exclude(priority="normal").delete()
    assert "Urgent priority" in page(home, "sla/policies/new/")
    assert post(home, "sla/policies/new/", **POLICY, priority="urgent", **steps()).status_code == 302
    with home.scope():
        made = SlaPolicy.objects.get(priority="urgent")
        assert made.name == "Big customers"
    assert post(home, f"sla/policies/{made.pk}/", **POLICY, priority="", **steps()).status_code == 302
    with home.scope():
        assert SlaPolicy.objects.get(pk=made.pk).priority is None


def test_steps_are_changed_and_removed(home):
    policy = standard(home)
    path = f"sla/policies/{policy.pk}/"
    assert 'value="75"' in page(home, path)
    rows = steps({"percent": "60"}, {"percent": "", "tells": "lead"}, initial=2)
    assert post(home, path, **{**POLICY, "name": "Standard"}, **rows).status_code == 302
    with home.scope():
        assert list(EscalationStep.objects.filter(sla_policy=policy).values_list("percent", flat=True)) == [60]
        assert SlaPolicy.objects.get(pk=policy.pk).priority == "normal"


@pytest.mark.parametrize(
    ("values", "rows", "said"),
    [
        ({"name": "standard"}, [], "This name is taken."),
        ({"first_contact_hours": "0"}, [], "greater than or equal to 1"),
        ({"resolution_days": "0"}, [], "greater than or equal to 1"),
        ({"priority": "normal"}, [], "Select a valid choice"),
        ({}, [{"percent": "0"}], "greater than or equal to 1"),
        ({}, [{"percent": "50", "tells": "person"}], "Choose who is told."),
        ({}, [{"percent": "50"}, {"percent": "50"}], "Two of the steps are the same."),
    ],
)
def test_policy_that_cannot_be_comes_back_whole_and_nothing_is_stored(home, values, rows, said):
    answer = post(home, "sla/policies/new/", **{**POLICY, **values}, **steps(*rows))
    assert answer.status_code == 422
    assert said in answer.content.decode()
    with home.scope():
        assert SlaPolicy.objects.count() == 4


def test_preview_says_when_who_would_hear_of_what_and_stores_nothing(home):
    answer = post(home, "sla/policies/new/", **POLICY, **steps({"percent": "50"}), preview="1")
    shown = answer.content.decode()
    assert "First contact, 50 % used: the owner would be told." in shown
    assert "Resolution is due." in shown
    with home.scope():
        assert SlaPolicy.objects.count() == 4


def test_new_step_tells_nobody_of_what_has_passed_and_everybody_of_what_comes(home):
    policy = standard(home)
    follow_up = open_follow_up(home, at=timezone.now() - timedelta(days=3))
    due_at, budget = follow_up.resolution_due_at, follow_up.resolution_budget
    rows = steps({"percent": "1", "promise": "resolution"}, {"percent": "300", "promise": "resolution"})
    with home.scope():
        Notification.objects.all().delete()
    post(home, f"sla/policies/{policy.pk}/", **{**POLICY, "name": "Standard"}, **rows)
    escalate_batch(home.organization.id)
    with home.scope():
        assert not Notification.objects.exists()
        assert list(Escalation.objects.values_list("percent", "told")) == [(1, [])]
        later = FollowUp.objects.get().escalates_at
    assert later > due_at + budget
    escalate_batch(home.organization.id, at=later)
    with home.scope():
        assert Notification.objects.exists()


def test_policy_of_a_priority_and_one_in_use_stay(home):
    with home.scope():
        named = SlaPolicy.objects.create(name="Named")
    for row in (standard(home), named):
        post(home, f"sla/policies/{row.pk}/removal/")
    with home.scope():
        assert not SlaPolicy.objects.filter(name="Named").exists()
        assert SlaPolicy.objects.filter(name="Standard").exists()
        assert AuditEntry.objects.filter(verb="sla_policy.deleted").count() == 1


def test_calendar_with_hours_holidays_and_days_off(home):
    values = {"name": "Munich", "is_main": "on", "time_zone": "Europe/Berlin", "country": "DE", "subdivision": "BY"}
    values |= {**CLOSED, "monday": "9-12", "days_off": "2026-12-24 Company holiday\n2026-12-31"}
    preview = post(home, "calendars/new/", **values, preview="1").content.decode()
    assert "The next public holidays" in preview
    with home.scope():
        assert not Calendar.objects.exists()
    assert post(home, "calendars/new/", **values).status_code == 302
    with home.scope():
        made = Calendar.objects.get()
        assert made.working_hours["1"] == [["09:00", "12:00"]]
        assert made.days_off == [{"on": "2026-12-24", "name": "Company holiday"}, {"on": "2026-12-31", "name": ""}]
    assert "BY (Bayern)" in page(home, f"calendars/{made.pk}/")
    post(home, "calendars/new/", **{**values, "name": "Other"})
    with home.scope():
        assert list(Calendar.objects.filter(is_main=True).values_list("name", flat=True)) == ["Other"]


def test_change_of_a_calendars_zone_moves_steps_and_keeps_what_was_promised(home):
    with home.scope():
        made = Calendar.objects.create(name="Here", is_main=True)
    follow_up = open_follow_up(home)
    due_at, before = follow_up.first_contact_due_at, follow_up.escalates_at
    values = {"name": "There", "is_main": "on", "time_zone": "America/New_York", **CLOSED}
    assert post(home, f"calendars/{made.pk}/", **values).status_code == 302
    with home.scope():
        assert FollowUp.objects.get().first_contact_due_at == due_at
        FollowUp.objects.update(escalates_at=TUESDAY)
    escalate_batch(home.organization.id, at=TUESDAY)
    with home.scope():
        row = FollowUp.objects.get()
        # Due on Friday at ten in Berlin, which is four in the morning in New York: six working hours before are
        # Thursday eleven there.
        assert row.escalates_at == datetime(2026, 3, 12, 15, tzinfo=UTC) != before
        assert not Escalation.objects.exists()


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"country": "DE", "subdivision": "XX"}, "This country has no such part."),
        ({"days_off": "Christmas"}, "does not begin with a day"),
        ({"days_off": "2026-02-30 Nothing"}, "does not begin with a day"),
        ({"monday": "17-9"}, "must be after its start"),
        ({"time_zone": "Mars/Base"}, "Select a valid choice"),
        ({"name": ""}, "This field is required."),
    ],
)
def test_calendar_that_cannot_be_comes_back(home, values, said):
    answer = post(home, "calendars/new/", **{"name": "Munich", **CLOSED, **values})
    assert answer.status_code == 422
    assert said in answer.content.decode()
    with home.scope():
        assert not Calendar.objects.exists()


def test_hours_left_empty_are_the_organizations_and_a_calendar_in_use_stays(home):
    assert post(home, "calendars/new/", name="Holidays only", country="FR", **CLOSED).status_code == 302
    with home.scope():
        made = Calendar.objects.get()
        assert made.working_hours is None
        SlaPolicy.objects.filter(name="Standard").update(calendar=made)
    post(home, f"calendars/{made.pk}/removal/")
    with home.scope():
        assert Calendar.objects.exists()
        SlaPolicy.objects.update(calendar=None)
    post(home, f"calendars/{made.pk}/removal/")
    with home.scope():
        assert not Calendar.objects.exists()
