"""The trend says no more than the answers do: thin weeks are smoothed, too few are not drawn, wordings are marked."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone

from metrics.buckets import Bucket, buckets_of
from metrics.dashboard.movement import is_thin, steps_of
from metrics.dashboard.words import bucket_label, bucket_words
from metrics.measures import INSTRUMENTS
from metrics.periods import Period, PeriodKey
from metrics.tally import Tally
from surveys.models import SurveyVersion
from tests.metrics.answers import answer, make_survey
from tests.metrics.test_dashboard import text_of

NPS = INSTRUMENTS["nps"]
BERLIN = ZoneInfo("Europe/Berlin")


def weeks(count: int, *, today: date = date(2026, 11, 18)) -> list[Bucket]:
    """The last weeks; the 18th of November is a Wednesday, so that the last one is not over."""
    monday = today - timedelta(days=today.weekday())
    period = Period(PeriodKey.CUSTOM, monday - timedelta(weeks=count - 1), today)
    return buckets_of(period, zone=BERLIN, today=today, unit="week")


def heard(*sizes: int) -> list[Tally]:
    return [Tally.of({10: size // 2, 3: size - size // 2}) for size in sizes]


def test_thick_weeks_stand_for_themselves():
    steps = steps_of(NPS, weeks(4), heard(120, 100, 150, 30))
    assert [step.window.n for step in steps] == [120, 100, 150, 30]
    assert all(step.is_alone and step.is_drawn for step in steps)


def test_thin_weeks_look_back_until_they_hold_a_hundred_answers():
    steps = steps_of(NPS, weeks(5), heard(20, 40, 50, 30, 10))
    assert [step.window.n for step in steps] == [20, 60, 110, 120, 130]
    assert [step.is_drawn for step in steps] == [False, True, True, True, True]


def test_one_thin_week_among_thick_ones_does_not_smooth_them():
    assert not is_thin(weeks(4), heard(120, 20, 150, 3))
    assert is_thin(weeks(4), heard(20, 20, 150, 3))


@pytest.mark.parametrize(
    ("unit", "first", "label", "words"),
    [
        ("day", date(2026, 11, 18), "18 Nov", "18 Nov 2026"),
        ("week", date(2026, 11, 16), "16 Nov", "Week of 16 Nov 2026 (16 to 18 Nov)"),
        ("month", date(2026, 11, 1), "Nov 2026", "November 2026 (1 to 18 Nov)"),
        ("quarter", date(2026, 10, 1), "Q4 2026", "Q4 2026 (1 Oct to 18 Nov)"),
        ("year", date(2026, 1, 1), "2026", "2026 (1 Jan to 18 Nov)"),
    ],
)
def test_bucket_that_is_not_over_says_how_far_it_goes(unit, first, label, words):
    today = date(2026, 11, 18)
    (bucket,) = buckets_of(Period(PeriodKey.CUSTOM, first, today), zone=BERLIN, today=today, unit=unit)
    assert bucket_label(bucket, is_first=True) == label
    assert bucket_words(bucket) == words


def test_new_wording_is_marked_on_the_page(world):
    with world.home.scope():
        survey = make_survey()
        answer(survey, [10] * 40, days_ago=5)
        SurveyVersion.objects.create(survey=survey, number=2, published_at=timezone.now() - timedelta(days=3))
    client = Client()
    client.force_login(world.home.victor)
    assert ">New wording</text>" in client.get(world.home.url()).content.decode()


def test_too_few_answers_draw_no_line(world):
    with world.home.scope():
        answer(make_survey(), [10] * 12)
    client = Client()
    client.force_login(world.home.victor)
    assert "12 answers: too few for a line, which needs 30." in text_of(client.get(world.home.url()))
    assert client.get(world.home.url("?period=today")).status_code == 200


def test_change_of_level_is_marked_with_day_and_size(world):
    with world.home.scope():
        survey = make_survey()
        for ago in range(1, 27):
            answer(survey, [10] * 12 + [8] * 5 + [3] * (3 if ago > 12 else 15), days_ago=7 * ago)
    client = Client()
    client.force_login(world.home.victor)
    today = datetime.now(BERLIN).date()
    response = client.get(world.home.url(f"?from={today - timedelta(days=189)}&to={today}"))
    monday = today - timedelta(days=today.weekday() + 7 * 12)
    words = f"{monday.day} {monday:%B %Y}"
    assert f"Around {words}: −54 (" in text_of(response) and "), real." in text_of(response)
    assert f">{monday.day} {monday:%b}: −54</text>" in response.content.decode()
    assert '<th scope="col" class="numeric">Change</th>' in response.content.decode()
    assert "−54 from here on" in response.content.decode()


def test_trend_without_a_change_says_nothing_of_one(world):
    with world.home.scope():
        survey = make_survey()
        for ago in range(1, 27):
            answer(survey, [10] * 12 + [8] * 5 + [3] * 3, days_ago=7 * ago)
    client = Client()
    client.force_login(world.home.victor)
    page = text_of(client.get(world.home.url("?period=quarter")))
    assert "Around" not in page and "Change" not in page
