"""Figures of fewer than five people are hidden from those who hold a link, and cannot be worked out from the others."""

import random
from html import unescape

import pytest
from django.test import Client
from django.utils import timezone

from metrics.sharing.links import create_link
from tests.metrics.answers import answer, make_survey


def shared(ground, query: str = "measure=nps", place: str = "share"):
    with ground.scope():
        _, token = create_link(name="Board", query=query, days=1, author=ground.ana, by=ground.ana, at=timezone.now())
    response = Client(REMOTE_ADDR=f"198.51.100.{random.randrange(256)}").get(f"/{place}/{token}/")
    assert response.status_code == 200
    return response


@pytest.mark.parametrize("place", ["share", "tv"])
def test_nothing_at_all_is_shown_of_four_answers(world, place):
    with world.home.scope():
        answer(make_survey(), [10, 10, 9, 0])
    response = shared(world.home, place=place)
    text = unescape(response.content.decode())
    assert "Too few answers to show" in text
    assert not response.context["cards"]
    assert "n =" not in text


def test_small_touchpoint_takes_another_one_with_it_and_no_difference_tells(world):
    with world.home.scope():
        survey = make_survey()
        answer(survey, [10] * 50, touchpoint=world.home.delivery)
        answer(survey, [10] * 31, touchpoint=world.home.support)
        answer(survey, [2] * 3)
        for place in (world.home.delivery, world.home.support):
            answer(survey, [7] * 50, touchpoint=place, days_ago=36)
    cards = shared(world.home).context["cards"]
    rows = {row.name: (row.n, row.score, row.change and row.change.verdict) for row in cards["table"].rows}
    assert rows == {
        "Parcel handed over": ("50", "+100.0", "a real change"),
        "No touchpoint": ("hidden", "hidden", None),
        "Support call": ("hidden", "hidden", None),
    }
    assert cards["table"].finding == "Fewer than two touchpoints with 30 answers can be shown."
    assert cards["headline"].n == "84"


def test_earlier_period_of_four_answers_is_not_compared_with(world):
    with world.home.scope():
        survey = make_survey()
        answer(survey, [10] * 40)
        answer(survey, [0] * 4, days_ago=36)
    cards = shared(world.home).context["cards"]
    assert cards["headline"].change is None
    assert "previous" not in cards["headline"].bar
    with world.home.scope():
        answer(survey, [0], days_ago=36)
    assert "previous −100" in shared(world.home).context["cards"]["headline"].bar


def test_line_is_not_drawn_where_it_reaches_a_hidden_day(world):
    """A window over 40, 3 and 70 answers would tell the three, once 40 and 70 are known."""
    with world.home.scope():
        survey = make_survey()
        for days_ago, heard in enumerate([60, 70, 3, 60, 70, 80]):
            answer(survey, [10] * heard, days_ago=days_ago)
    trend = shared(world.home, "measure=nps&period=7d").context["cards"]["trend"]
    rows = [(row[1], row[4]) for row in trend.rows]
    # Oldest first: nobody, 80, then windows of a hundred or more.
    assert rows == [
        ("0", "0"),
        ("80", "80"),
        ("70", "150"),
        ("hidden", "hidden"),
        ("hidden", "hidden"),
        ("70", "hidden"),
        ("60", "130"),
    ]


def test_days_become_weeks_where_most_days_would_be_hidden(world):
    with world.home.scope():
        survey = make_survey()
        for days_ago in range(30):
            answer(survey, [10, 9, 3], days_ago=days_ago)
    cards = shared(world.home).context["cards"]
    assert cards["trend"].title == "NPS by week"
    assert cards["headline"].n == "90"


@pytest.mark.parametrize("seed", range(6))
def test_what_is_hidden_is_nobody_or_five_at_least_however_it_is_subtracted(world, seed):
    chance = random.Random(seed)
    with world.home.scope():
        survey = make_survey()
        for days_ago in range(14):
            for place in (None, world.home.delivery, world.home.support):
                scores = [chance.randrange(11) for _ in range(chance.choice([0, 0, 1, 2, 6, 30]))]
                if scores:
                    answer(survey, scores, touchpoint=place, days_ago=days_ago)
    response = shared(world.home, "measure=nps&period=30d&compare=none")
    cards = response.context["cards"]
    whole = int(cards["headline"].n)
    days = [row[1] for row in cards["trend"].rows]
    places = [row.n for row in cards["table"].rows]
    for cells in (days, places):
        shown = [int(cell) for cell in cells if cell != "hidden"]
        assert all(count == 0 or count >= 5 for count in shown)
        rest = whole - sum(shown)
        assert rest == 0 or (rest >= 5 and len(cells) - len(shown) >= 2), (cells, whole)
    # Every window shown is made of days shown.
    for place, row in enumerate(cards["trend"].rows):
        if row[4] not in ("hidden", "0"):
            n, reach = int(row[4]), place
            while n > 0:
                assert days[reach] != "hidden"
                n, reach = n - int(days[reach]), reach - 1
            assert n == 0
