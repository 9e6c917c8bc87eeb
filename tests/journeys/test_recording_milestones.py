"""A customer reaching a milestone is stored once, and those who want to know are told once."""

from datetime import UTC, datetime

import pytest

from journeys.models import MilestoneEvent
from journeys.recording import (
    KeyUsedOtherwise,
    Reached,
    UnknownMilestone,
    find_milestone,
    record_milestone,
    record_milestones,
)
from journeys.signals import milestone_recorded

AT = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)


@pytest.fixture
def home(world):
    with world.home.scope():
        yield world.home


@pytest.fixture
def told():
    heard = []

    def listen(sender, events, **kwargs):
        heard.append(events)

    milestone_recorded.connect(listen)
    yield heard
    milestone_recorded.disconnect(listen)


def deliver(home, customer=None, key="e-1"):
    return record_milestone(
        customer=customer or home.chiara, milestone=home.delivered, occurred_at=AT, idempotency_key=key, by=home.ana
    )


def test_event_is_stored_and_told_once_however_often_it_is_reported(home, told):
    event, is_new = deliver(home)
    again, is_new_again = deliver(home)
    assert (is_new, is_new_again) == (True, False)
    assert again == event
    assert told == [[event]]


def test_same_key_for_another_customer_is_refused(home, told):
    deliver(home)
    with pytest.raises(KeyUsedOtherwise):
        deliver(home, customer=home.karim)
    assert MilestoneEvent.objects.count() == 1


def test_unknown_milestone_key_is_named_in_the_error(home):
    assert find_milestone("order.delivered") == home.delivered
    with pytest.raises(UnknownMilestone, match=r"order\.lost"):
        find_milestone("order.lost")


def test_same_key_in_two_organizations_is_two_events(world):
    for ground in (world.home, world.other):
        with ground.scope():
            assert deliver(ground)[1] is True


def test_batch_says_of_each_fact_what_became_of_it_and_tells_once(home, told):
    old, _ = deliver(home, key="known")
    told.clear()
    facts = [
        Reached(home.chiara, home.delivered, AT, "known"),
        Reached(home.karim, home.delivered, AT, "new"),
        Reached(home.karim, home.delivered, AT, "new"),
        Reached(home.karim, home.delivered, AT, "known"),
    ]
    results = record_milestones(facts, by=home.ana, source="import")
    assert [(result.is_new, result.is_other) for result in results] == [
        (False, False),
        (True, False),
        (False, False),
        (False, True),
    ]
    assert results[0].event == old
    assert told == [[results[1].event]]


def test_thousand_facts_cost_a_handful_of_queries(home, django_assert_max_num_queries):
    facts = [Reached(home.chiara, home.delivered, AT, f"bulk-{number}") for number in range(1000)]
    with django_assert_max_num_queries(12):
        record_milestones(facts, by=home.ana, source="import")
    assert MilestoneEvent.objects.count() == 1000


def test_receiver_that_fails_does_not_lose_the_event(home):
    def fail(sender, **kwargs):
        raise RuntimeError("a receiver is broken")

    milestone_recorded.connect(fail)
    try:
        event, is_new = deliver(home)
    finally:
        milestone_recorded.disconnect(fail)
    assert is_new
    assert MilestoneEvent.objects.get() == event
