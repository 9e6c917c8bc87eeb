"""The queue: its views, their counts and order, search, paging and what it says when it is empty."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from alerts.following_up import assign, close_loop, contact, resolve
from alerts.models import FollowUp
from alerts.pausing import wait_for_customer
from alerts.queue_page import day_of
from customers.models import Customer
from tests.alerts.answering import TUESDAY, evaluate, give_answers, open_follow_up
from tests.alerts.pages import client_of, queue


def customer(ground, name: str, value: int | None = None) -> Customer:
    with ground.scope():
        key = f"{name.lower()}@x.example"
        return Customer.objects.create(name=name, email=key, email_key=key, value=value)


def names(response) -> list[str]:
    return [row.customer.name for row in response.context["page"]]


def test_row_shows_due_score_words_customer_value_owner_and_state(world):
    rich = customer(world.home, "Rita", 1250)
    open_follow_up(world.home, score=3, verbatim="Broken <again>\nsecond line", customer=rich, at=timezone.now())
    html = queue(world.home).content.decode()
    for part in ("Due ", "Detractor", "Broken &lt;again&gt;", "Rita", "Value 1,250", "Unassigned", "Open"):
        assert part in html
    assert "second line" not in html
    assert 'dir="auto"' in html


def test_sorted_by_due_time_then_by_value(world):
    now = TUESDAY
    for name, value, at in (
        ("Poor", 10, now),
        ("None", None, now),
        ("Rich", 9000, now),
        ("Early", 1, now - timedelta(days=1, hours=1)),
    ):
        open_follow_up(world.home, customer=customer(world.home, name, value), at=at)
    assert names(queue(world.home, query="?view=all")) == ["Early", "Rich", "Poor", "None"]


def test_views_hold_what_they_say(world):
    now = timezone.now()
    mine, waiting, closed, _ = (
        open_follow_up(world.home, customer=customer(world.home, name), at=at)
        for name, at in (("Mine", now), ("Waiting", now), ("Closed", now), ("Late", TUESDAY))
    )
    with world.home.scope():
        assign(mine, owner=world.home.greta, by=world.home.greta, at=now)
        contact(waiting, way="phone", by=world.home.greta, at=now)
        wait_for_customer(waiting, by=world.home.greta, at=now)
        resolve(closed, outcome="unreachable", root_cause="other", text="Rang", by=world.home.greta, at=now)
        close_loop(closed, closing="impossible", text="Moved away", by=world.home.greta, at=now)
    expected = {
        "mine": ["Mine"],
        "unassigned": ["Late"],
        "overdue": ["Late"],
        "waiting": ["Waiting"],
        "closed": ["Closed"],
        "all": ["Closed", "Late", "Mine", "Waiting"],
    }
    for view, wanted in expected.items():
        response = queue(world.home, query=f"?view={view}")
        assert sorted(names(response)) == wanted, view
        assert response.context["queue"].counts.get(view) in (None, len(wanted)), view
    assert names(queue(world.home, query="?view=all"))[-1] == "Closed"


def test_due_today_is_a_day_in_the_organizations_zone(world):
    follow_up = open_follow_up(world.home)
    with world.home.scope():
        rows = world.home.organization.follow_ups
        for moment, is_found in (
            (follow_up.first_contact_due_at, True),
            (follow_up.first_contact_due_at - timedelta(days=1), False),
        ):
            day = day_of(world.home.organization, moment)
            found = rows.in_view("due_today", user=world.home.greta, at=moment, day=day)
            assert found.exists() is is_found


def test_agent_lands_on_mine_or_else_on_what_nobody_owns_or_else_on_what_is_late(world):
    assert queue(world.home).context["queue"].view == "unassigned"
    follow_up = open_follow_up(world.home)
    with world.home.scope():
        FollowUp.objects.update(first_contact_due_at=TUESDAY)
    assert queue(world.home).context["queue"].view == "unassigned"
    with world.home.scope():
        assign(follow_up, owner=world.home.greta, by=world.home.greta, at=TUESDAY)
    assert queue(world.home).context["queue"].view == "mine"
    assert queue(world.home, "anton").context["queue"].view == "overdue"
    assert queue(world.home, "victor").context["queue"].view == "all"


@pytest.mark.parametrize(
    ("words", "is_found"),
    [
        ("chia", True),
        ("CHIARA@NORTHWIND.EXAMPLE", True),
        ("C-1", True),
        ("1", True),
        ("parcel", True),
        ("Karim", False),
    ],
)
def test_search_finds_customer_number_and_words(world, words, is_found):
    open_follow_up(world.home, verbatim="The parcel is late")
    response = queue(world.home, query=f"?view=all&q={words}")
    assert bool(response.context["page"].object_list) is is_found
    assert words in response.content.decode()


def test_fifty_rows_a_page_in_few_queries(world, django_assert_max_num_queries):
    give_answers(world.home, *[2] * 55, verbatim="Late")
    evaluate(world.home)
    client = client_of(world.home.greta)
    address = world.home.url("followups/?view=unassigned")
    client.get(address)
    with django_assert_max_num_queries(18):
        response = client.get(address)
    assert len(response.context["page"]) == 50
    assert "1–50 of 55" in response.content.decode()
    onward = response.context["page"].next_query
    assert len(client.get(world.home.url(f"followups/?{onward}")).context["page"]) == 5


def test_tab_title_counts_what_is_to_do(world):
    for _ in range(3):
        open_follow_up(world.home, at=timezone.now())
    assert "<title>(3) Follow-ups" in queue(world.home).content.decode()


def test_poll_brings_list_counts_and_title_without_the_page(world):
    open_follow_up(world.home)
    response = client_of(world.home.greta).get(world.home.url("followups/"), HTTP_HX_REQUEST="true")
    html = response.content.decode()
    assert 'hx-trigger="every 60s, refresh"' in html
    assert "<title>(1)" in html
    assert "<html" not in html
    assert "HX-Request" in response.headers["Vary"]


def test_empty_queue_says_when_the_last_loop_was_closed(world):
    assert "Everything has an owner" in queue(world.home).content.decode()
    follow_up = open_follow_up(world.home)
    with world.home.scope():
        contact(follow_up, way="phone", by=world.home.greta, at=TUESDAY)
        resolve(follow_up, outcome="recovered", root_cause="price", text="Mended", by=world.home.greta, at=TUESDAY)
        close_loop(follow_up, closing="told", text="They know", by=world.home.greta, at=timezone.now())
    assert "Last closed" in queue(world.home).content.decode()


def test_other_organizations_follow_ups_are_not_there(world):
    open_follow_up(world.other)
    assert not queue(world.home, query="?view=all").context["page"].object_list
    assert queue(world.home, query="?view=all&number=1").status_code == 200


def test_customer_value_is_shown_as_a_figure(world):
    follow_up = open_follow_up(world.home, customer=customer(world.home, "Rita", Decimal("1234567.00")))
    assert follow_up.number == 1
    assert "Value 1,234,567" in queue(world.home).content.decode()


def test_badge_on_the_rail_counts_what_is_overdue(world):
    open_follow_up(world.home, at=TUESDAY)
    open_follow_up(world.home, at=timezone.now())
    with world.home.scope():
        assert FollowUp.objects.overdue(timezone.now()).count() == 1
    html = queue(world.home).content.decode()
    assert '<span class="badge">1<span class="sr-only"> overdue</span></span>' in html


def test_what_is_resolved_and_whose_customer_was_not_told_has_a_view_of_its_own(world):
    follow_up = open_follow_up(world.home)
    empty = queue(world.home, query="?view=to_close").content.decode()
    assert "Every customer whose follow-up is resolved was told." in empty
    with world.home.scope():
        resolve(follow_up, outcome="explained", root_cause="price", text="Done", by=world.home.greta, at=timezone.now())
    page = queue(world.home, query="?view=to_close")
    assert [row.number for row in page.context["page"]] == [follow_up.number]
    assert {label: count for label, _, _, count in page.context["queue"].tabs}["To close"] == 1
