"""1,160 real answers, imported as a person would do it, and what the dashboard then says."""

import re
from pathlib import Path

import pytest
from django.test import Client

from surveys.response_import import NEW_SURVEY, options_for
from tests.customers.importing import counts, import_file
from tests.metrics.test_dashboard import text_of

REAL = Path(__file__).parents[3] / "shared" / "data" / "nps_verbatims_telecom.csv"

pytestmark = pytest.mark.skipif(not REAL.exists(), reason="the real answers are not on this machine")


@pytest.fixture
def anton(transactional_db, world, tmp_path):
    file = tmp_path / "answers.csv"
    file.write_bytes(REAL.read_bytes())
    with world.home.scope():
        options = options_for(next(iter(NEW_SURVEY)))
    job = import_file(world.home, file, kind="responses", **options)
    assert counts(job) == {"new": 1160}
    client = Client()
    client.force_login(world.home.anton)
    return client


def test_dashboard_of_all_time(world, anton):
    response = anton.get(world.home.url("?period=all"))
    page = text_of(response)
    assert "NPS −26 ±5 n = 1,160" in page
    assert "−26.2, 95 % interval −31.2 to −21.1" in page
    assert re.search(r"Detractor 637 \(55 %\)\s+Passive 190 \(16 %\)\s+Promoter 333 \(29 %\)", page)
    for name, score, n in (
        ("Order", "−12.9", 490),
        ("First Payment", "−29.9", 555),
        ("Equipment Received", "−62.0", 100),
        ("Service in Use", "−86.7", 15),
    ):
        assert re.search(rf"{name} {score} ±\d+ {n} ", page), name
    assert re.search(r"Service in Use −86\.7 ±\d+ 15 too few to compare", page)
    assert "Open follow-ups 0" in page


def test_file_of_touchpoints(world, anton):
    text = anton.get(world.home.url("dashboard/touchpoints.csv?period=all")).content.decode()
    for line in (
        "First Payment,555,-29.9",
        "Order,490,-12.9",
        "Equipment Received,100,-62.0",
        "Service in Use,15,-86.7",
    ):
        assert line in text
