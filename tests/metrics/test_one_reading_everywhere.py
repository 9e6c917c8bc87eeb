"""Page, shared page, screen, API and files say the same of one view."""

import csv
import io
import re
from html import unescape

import pytest
from django.test import Client
from django.utils import timezone

from metrics.sharing.links import create_link
from tenancy.api_keys import create_api_key
from tests.metrics.answers import answer, make_survey


@pytest.fixture
def view(world) -> str:
    with world.home.scope():
        survey = make_survey()
        for days_ago in range(13):
            answer(survey, [10] * 11 + [8] * 4 + [2] * 5, touchpoint=world.home.delivery, days_ago=days_ago)
            answer(survey, [9] * 6 + [7] * 3 + [0] * 3, touchpoint=world.home.support, days_ago=days_ago)
            answer(survey, [10] * 20 + [0] * 9, days_ago=days_ago + 35)
        answer(make_survey("After a call", measure="csat", points=5), [1] * 50)
    return "measure=nps&period=30d"


def test_same_view_has_the_same_figures_wherever_it_is_shown(world, view):
    member = Client()
    member.force_login(world.home.victor)
    with world.home.scope():
        by = world.home.anton
        _, token = create_link(name="Board", query=view, days=1, author=by, by=by, at=timezone.now())
        _, key = create_api_key(name="Shop", scopes=["scores:read"], by=by)
    page = member.get(world.home.url(f"?{view}"), follow=True).context["cards"]
    share, screen = (
        Client(REMOTE_ADDR="192.0.2.7").get(f"/{place}/{token}/").context["cards"] for place in ("share", "tv")
    )
    api = Client(headers={"authorization": f"Bearer {key}"}).get(f"/api/v1/scores?{view}&bucket=day").json()
    files = {
        table: list(csv.DictReader(io.StringIO(reply.content.decode("utf-8-sig"))))
        for table in ("trend", "scores", "touchpoints")
        for reply in [member.get(world.home.url(f"dashboard/{table}.csv?{view}"))]
    }

    # The headline, with its margin, its n and its change
    assert page["headline"].change.sentence == share["headline"].change.sentence != ""
    for other in (share, screen):
        for name in ("value", "margin", "n", "exact", "change", "bar"):
            assert getattr(other["headline"], name) == getattr(page["headline"], name), name
    assert page["headline"].n == str(api["n"]) == "416"
    assert figure(page["headline"].value) == round(api["value"])
    assert figure(page["headline"].margin.removeprefix("±")) == round(api["margin"])
    # How often each score was given
    counts = {row[0]: row[1] for row in page["spread"].rows}
    assert counts == {row[0]: row[1] for row in share["spread"].rows}
    assert counts == {score: str(count) for score, count in api["counts"].items()}
    assert counts == {row["score"]: row["answers"] for row in files["scores"]}
    assert page["groups"] == share["groups"]
    # Day by day
    assert page["trend"].rows == share["trend"].rows == screen["trend"].rows
    heard = [row[1] for row in page["trend"].rows]
    assert heard == [str(bucket["n"]) for bucket in api["by_bucket"]] == [row["answers"] for row in files["trend"]]
    drawn = [(figure(row[2]), row[4]) for row in page["trend"].rows if row[2] != "too few"]
    assert drawn == [(float(row["nps"]), row["n_of_the_window"]) for row in files["trend"] if row["nps"] != "hidden"]
    # By touchpoint
    places = {row.name: (figure(row.score), row.n) for row in page["table"].rows}
    assert places == {row.name: (figure(row.score), row.n) for row in share["table"].rows}
    assert places == {row["name"]: (round(row["value"], 1), str(row["n"])) for row in api["by_touchpoint"] if row["n"]}
    assert places == {row["touchpoint"]: (float(row["nps"]), row["answers"]) for row in files["touchpoints"]}
    # And in the words that are read
    for place in ("share", "tv"):
        html = Client(REMOTE_ADDR="192.0.2.7").get(f"/{place}/{token}/").content.decode()
        words = " ".join(unescape(re.sub(r"<[^>]+>", " ", re.sub(r"<svg.*?</svg>", "", html, flags=re.S))).split())
        assert f"{page['headline'].value} {page['headline'].margin} n = 416" in words


def figure(words: str) -> float:
    return float(words.replace("−", "-").replace("+", "").replace(",", ""))
