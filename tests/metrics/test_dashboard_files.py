"""Figures leave as CSV: with one decimal, readable by programs, and without small cells."""

import csv
import io

import pytest
from django.test import Client

from tests.metrics.answers import answer, make_survey


@pytest.fixture
def victor(world) -> Client:
    client = Client()
    client.force_login(world.home.victor)
    return client


def rows_of(response) -> list[dict]:
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))


def test_touchpoints_with_interval_and_verdict(world, victor):
    with world.home.scope():
        survey = make_survey()
        answer(survey, [10] * 50 + [8] * 30 + [3] * 20, touchpoint=world.home.delivery)
        answer(survey, [2] * 40, touchpoint=world.home.support)
    rows = rows_of(victor.get(world.home.url("dashboard/touchpoints.csv?compare=none")))
    assert rows[0] | {"p_adjusted": ""} == {
        "touchpoint": "Parcel handed over",
        "answers": "100",
        "nps": "30.0",
        "nps_low": "14.1",
        "nps_high": "44.2",
        "difference": "130.0",
        "p_adjusted": "",
        "verdict": "real",
    }


def test_small_cells_are_hidden_with_what_would_reveal_them(world, victor):
    with world.home.scope():
        survey = make_survey()
        answer(survey, [10] * 50, touchpoint=world.home.delivery)
        answer(survey, [10] * 8, touchpoint=world.home.support)
        answer(survey, [2] * 3)
    rows = {row["touchpoint"]: row for row in rows_of(victor.get(world.home.url("dashboard/touchpoints.csv")))}
    assert rows["No touchpoint"]["answers"] == rows["No touchpoint"]["nps"] == "hidden"
    assert rows["Support call"]["answers"] == "hidden"
    assert rows["Parcel handed over"]["answers"] == "50"


def test_scores_and_trend(world, victor):
    with world.home.scope():
        answer(make_survey(), [10] * 50 + [3] * 20)
    scores = rows_of(victor.get(world.home.url("dashboard/scores.csv")))
    assert {row["score"]: row["answers"] for row in scores if row["answers"] != "0"} == {"10": "50", "3": "20"}
    trend = rows_of(victor.get(world.home.url("dashboard/trend.csv")))
    assert len(trend) == 30
    assert sum(int(row["answers"]) for row in trend) == 70


def test_cells_that_a_spreadsheet_would_run_are_disarmed(world, victor):
    with world.home.scope():
        world.home.delivery.name = "=HYPERLINK(1)"
        world.home.delivery.save()
        answer(make_survey(), [10] * 50, touchpoint=world.home.delivery)
    rows = rows_of(victor.get(world.home.url("dashboard/touchpoints.csv")))
    assert rows[0]["touchpoint"] == "'=HYPERLINK(1)"


def test_unknown_table_is_not_there(world, victor):
    assert victor.get(world.home.url("dashboard/everything.csv")).status_code == 404
