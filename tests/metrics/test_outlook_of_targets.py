"""The dashboard says in one sentence whether the present pace gets to the target, and draws the way there."""

import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from metrics.dashboard.words import day_words
from metrics.models import Target
from metrics.statistics.forecasting import Forecast
from metrics.targets.outlook import Standing, outlook_of
from tests.metrics.aiming import a_target
from tests.metrics.answers import answer, make_survey
from tests.metrics.test_dashboard import text_of

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture
def today() -> date:
    return datetime.now(BERLIN).date()


@pytest.fixture
def victor(world) -> Client:
    client = Client()
    client.force_login(world.home.victor)
    return client


def half_a_year(ground, *, weekly: int = 20, promoters: float = 0.7, weeks: int = 26, name: str = "Loyalty"):
    """A score that stands still: 70 % promoters, 10 % detractors; in the ground's scope."""
    survey, high = make_survey(name), round(weekly * promoters)
    low = round(weekly * 0.1)
    for ago in range(1, weeks + 1):
        answer(survey, [10] * high + [8] * (weekly - high - low) + [3] * low, days_ago=7 * ago)
    return survey


@pytest.mark.parametrize(
    ("to", "standing", "words"),
    [
        ("30", Standing.WOULD_BE_REACHED, "would be reached"),
        ("60", Standing.COULD_GO_EITHER_WAY, "could be reached or missed"),
        ("95", Standing.WOULD_BE_MISSED, "would be missed"),
    ],
)
def test_present_pace_is_held_against_the_target_with_its_band(world, today, to, standing, words):
    with world.home.scope():
        half_a_year(world.home)
        target = a_target(world.home, to=to, start=today, by=today + timedelta(60))
        found = outlook_of(target, today=today, zone=BERLIN)
    assert found.standing is standing
    day = re.escape(day_words(today + timedelta(60)))
    assert re.fullmatch(rf"At the present pace \+60 ±\d\d by {day}: the target of \+{to} {words}\.", found.sentence)
    assert isinstance(found.expected, Forecast) and found.expected.n == 520


def test_few_answers_and_far_days_are_said_instead_of_guessed(world, today):
    with world.home.scope():
        half_a_year(world.home, weekly=10, weeks=9)
        target = a_target(world.home, start=today, by=today + timedelta(60))
        assert outlook_of(target, today=today, zone=BERLIN).standing is Standing.TOO_FEW
        assert "too few answers to say; 100 answers are needed" in outlook_of(target, today=today, zone=BERLIN).sentence
        half_a_year(world.home, weekly=10, weeks=9, name="Another")
        Target.objects.filter(pk=target.pk).update(by_on=today + timedelta(90))
        target.refresh_from_db()
        found = outlook_of(target, today=today, zone=BERLIN)
    assert found.standing is Standing.TOO_FAR and "too early to say" in found.sentence


def test_once_its_day_has_passed_what_was_measured_decides(world, today):
    with world.home.scope():
        half_a_year(world.home)
        ended = today - timedelta(30)
        target = a_target(world.home, to="55", start=today - timedelta(150), by=ended)
        found = outlook_of(target, today=today, zone=BERLIN)
        assert found.standing is Standing.WAS_REACHED
        start = f"The target of +55 by {day_words(ended)} was reached, within the margin: +60 ±"
        assert found.sentence.startswith(start) and found.sentence.endswith("in the four weeks up to it.")
        target.to_value = Decimal(95)
        assert "was missed: +60" in outlook_of(target, today=today, zone=BERLIN).sentence
        target.channel = "link"
        assert "too few answers in the four weeks" in outlook_of(target, today=today, zone=BERLIN).sentence


def test_day_itself_is_still_to_come(world, today):
    with world.home.scope():
        half_a_year(world.home)
        target = a_target(world.home, to="30", start=today - timedelta(150), by=today)
        assert outlook_of(target, today=today, zone=BERLIN).standing is Standing.WOULD_BE_REACHED


def test_target_is_about_exactly_the_answers_it_names(world, today):
    with world.home.scope():
        half_a_year(world.home)
        lone = make_survey("Apart", measure="nps")
        for ago in range(1, 27):
            answer(lone, [2] * 20, days_ago=7 * ago, touchpoint=world.home.support, channel="link")
        target = a_target(
            world.home, survey_id=lone.id, touchpoint_id=world.home.support.id, channel="link", by=today + timedelta(30)
        )
        found = outlook_of(target, today=today, zone=BERLIN)
    assert "At the present pace −100" in found.sentence


def test_dashboard_draws_the_way_and_says_whether_it_is_kept(world, victor, today):
    with world.home.scope():
        half_a_year(world.home)
        a_target(world.home, to="95", start=today - timedelta(60), by=today + timedelta(60))
    response = victor.get(world.home.url("?period=quarter"))
    page = text_of(response)
    assert "At the present pace +60 ±" in page and "the target of +95 would be missed." in page
    assert "Way to the target: +40.0 on " in page
    assert 'stroke-dasharray="7 4"' in response.content.decode()
    assert '<th scope="col" class="numeric">Target</th>' in response.content.decode()


def test_target_of_something_else_is_not_shown(world, victor, today):
    with world.home.scope():
        half_a_year(world.home)
        a_target(world.home, channel="email", start=today - timedelta(60), by=today + timedelta(60))
    response = victor.get(world.home.url("?period=quarter"))
    assert "present pace" not in text_of(response) and 'stroke-dasharray="7 4"' not in response.content.decode()
    assert "At the present pace" in text_of(victor.get(world.home.url("?channel=email&period=quarter")))


def test_analysts_are_led_to_setting_one_for_what_is_shown(world, victor, today):
    anton = Client()
    anton.force_login(world.home.anton)
    with world.home.scope():
        half_a_year(world.home, weeks=2)
    link = f'href="{world.home.url("targets/new/")}?channel=email"'
    assert link in anton.get(world.home.url("?channel=email")).content.decode()
    assert "targets/new" not in victor.get(world.home.url("?channel=email")).content.decode()


def test_trend_of_a_period_before_the_target_has_no_way_and_no_legend(world, victor, today):
    with world.home.scope():
        half_a_year(world.home)
        a_target(world.home, to="95", start=today, by=today + timedelta(60))
    span = f"?from={today - timedelta(90)}&to={today - timedelta(20)}"
    response = victor.get(world.home.url(span))
    assert "would be missed" in text_of(response) and "Way to the target" not in text_of(response)


def test_dashboard_with_a_target_costs_two_queries_more_than_without(
    world, victor, today, django_assert_max_num_queries
):
    with world.home.scope():
        half_a_year(world.home)
        a_target(world.home, start=today - timedelta(60), by=today + timedelta(60))
    victor.get(world.home.url("?period=quarter"))
    with django_assert_max_num_queries(30):
        victor.get(world.home.url("?period=quarter"))
