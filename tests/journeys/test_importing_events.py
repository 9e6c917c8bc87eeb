"""A file of events is recorded once, however often it comes, and every refused row says why."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from customers.models import Customer
from journeys.models import MilestoneEvent
from journeys.recording import record_milestone
from surveys.models import Invitation
from tests.customers.importing import check, counts, import_file, refusals, upload
from tests.surveys.asking import live_survey, send_rule

HEADER = "customer id,email,event,occurred at,event id\n"
FILE = (
    HEADER
    + "C-1,,order.delivered,2026-03-02 10:00,E-1\n"
    + ",new@customers.example,order.delivered,2026-03-02 11:00,E-2\n"
    + "C-2,,order.placed,2026-03-02 12:00,\n"
)


@pytest.fixture
def home(world):
    return world.home


def test_events_are_recorded_with_their_customers(home, tmp_path):
    job = import_file(home, tmp_path / "events.csv", FILE, kind="events")
    assert counts(job) == {"new": 3}
    with home.scope():
        assert Customer.objects.filter(email_key="new@customers.example").exists()
        event = MilestoneEvent.objects.get(idempotency_key="api:E-1")
        assert (event.customer, event.milestone, event.source) == (home.chiara, home.delivered, "import")


def test_same_file_again_changes_nothing(home, tmp_path):
    import_file(home, tmp_path / "events.csv", FILE, kind="events")
    assert counts(import_file(home, tmp_path / "again.csv", FILE, kind="events")) == {"unchanged": 3}


def test_refused_rows_name_column_and_rule(home, tmp_path):
    soon = timezone.now() + timedelta(days=5)
    rows = HEADER + (
        "C-1,,order.lost,2026-03-02 10:00,E-1\n"
        f"C-1,,order.delivered,{soon:%Y-%m-%d} 10:00,E-2\n"
        ",,order.delivered,2026-03-02 10:00,E-3\n"
        "C-1,karim@northwind.example,order.delivered,2026-03-02 10:00,E-4\n"
        "C-1,,order.delivered,2026-03-02 10:00,E-5\n"
        "C-1,,order.delivered,2026-03-02 10:00,E-5\n"
    )
    job = import_file(home, tmp_path / "events.csv", rows, kind="events")
    assert counts(job) == {"new": 1, "refused": 5}
    assert [rule for _, _, rule in refusals(home, job)] == [
        "unknown",
        "in_the_future",
        "missing",
        "conflict",
        "duplicate",
    ]


def test_checking_a_file_records_and_asks_nothing(home, tmp_path):
    with home.scope():
        send_rule(home, live_survey(home))
    job = check(home, upload(home, tmp_path / "events.csv", FILE, kind="events"))
    assert counts(job) == {"new": 3}
    with home.scope():
        assert not MilestoneEvent.objects.exists()
        assert not Invitation.objects.exists()


def test_event_that_came_by_the_api_with_the_same_id_is_the_same_event(home, tmp_path):
    with home.scope():
        record_milestone(
            customer=home.chiara,
            milestone=home.delivered,
            occurred_at=datetime(2026, 3, 2, 9, 0, tzinfo=UTC),
            idempotency_key="api:E-1",
            by=home.ana,
        )
    assert counts(import_file(home, tmp_path / "events.csv", FILE, kind="events")) == {"new": 2, "unchanged": 1}
