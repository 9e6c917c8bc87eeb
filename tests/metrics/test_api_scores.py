"""Scores by the API: the figures of the dashboard."""

from uuid import uuid4

import pytest
from django.utils import timezone

from tests.alerts.answering import give_answers
from tests.calling import Api, fields_of

SCORES = (0, 3, 6, 7, 8, 9, 10, 10)


@pytest.fixture
def api(world):
    give_answers(world.home, *SCORES, at=timezone.now())
    return Api(world.home)


def test_a_score_has_its_counts_margin_and_interval(world, api):
    told = api.get("scores", period="7d").json()
    assert (told["measure"], told["n"], told["value"]) == ("nps", 8, 0.0)
    assert (told["promoters"], told["passives"], told["detractors"]) == (3, 2, 3)
    assert told["counts"]["10"] == 2
    assert told["interval_low"] < 0 < told["interval_high"]
    assert told["margin"] == pytest.approx((told["interval_high"] - told["interval_low"]) / 2, abs=0.001)
    assert told["is_enough_to_compare"] is False
    assert [(each["n"], each["is_partial"]) for each in told["by_bucket"]][-1] == (8, True)
    assert len(told["by_bucket"]) == 7
    assert [(each["touchpoint"], each["n"]) for each in told["by_touchpoint"]] == [(str(world.home.delivery.id), 8)]


def test_filters_narrow_the_score(world, api):
    assert api.get("scores", touchpoint=str(world.home.support.id)).json()["n"] == 0
    assert api.get("scores", survey=str(uuid4())).json()["value"] is None
    assert api.get("scores", channel="link").json()["n"] == 8
    assert api.get("scores", channel="email").json()["n"] == 0
    assert api.get("scores", measure="ces").json()["n"] == 0
    assert api.get("scores", **{"from": "2020-01-01", "to": "2020-01-31"}).json()["n"] == 0
    assert api.get("scores", period="all").json()["n"] == 8


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"period": "yesterday"}, "period"),
        ({"period": "custom"}, "period"),
        ({"period": "7d", "from": "2026-01-01"}, "period"),
        ({"to": "2026-01-01"}, "from"),
        ({"from": "9999-01-01"}, "from"),
        ({"from": "0001-01-01"}, "from"),
        ({"from": "2026-02-30"}, "from"),
        ({"from": "1970-01-01", "bucket": "day"}, "bucket"),
        ({"measure": "mood"}, "measure"),
        ({"survey": "7"}, "survey"),
        ({"surveys": "7"}, "surveys"),
    ],
)
def test_what_is_wrong_is_refused_by_its_field(api, query, field):
    assert list(fields_of(api.get("scores", **query))) == [field]


def test_another_organization_has_its_own_figures(world, api):
    assert Api(world.other).get("scores").json()["n"] == 0


def test_reading_costs_the_same_however_many_answers(world, api, django_assert_max_num_queries):
    give_answers(world.home, *SCORES * 20, at=timezone.now())
    api.get("scores")
    with django_assert_max_num_queries(10):
        assert api.get("scores").json()["n"] == 168
