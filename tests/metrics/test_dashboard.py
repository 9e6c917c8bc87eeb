"""The dashboard shows each score with its margin and n, and says whether a change is real."""

import re
from html import unescape

import pytest
from django.test import Client

from metrics import measures
from metrics.rollup import refresh_batch
from tests.metrics.answers import answer, make_survey


@pytest.fixture
def victor(world) -> Client:
    client = Client()
    client.force_login(world.home.victor)
    return client


def text_of(response) -> str:
    """What the page says, without its markup, in one line."""
    assert response.status_code == 200, response.status_code
    words = re.sub(r"<(script|style|svg).*?</\1>", " ", response.content.decode(), flags=re.S)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", words)).split())


def test_headline_shows_score_margin_n_and_whether_the_change_is_real(world, victor):
    with world.home.scope():
        survey = make_survey()
        answer(survey, [10] * 50 + [8] * 30 + [3] * 20)
        answer(survey, [10] * 40 + [8] * 30 + [3] * 30, days_ago=36)
    page = text_of(victor.get(world.home.url()))
    assert "+30 ±15 n = 100, +20 vs previous (within noise)" in page
    assert "+30.0, 95 % interval +14.1 to +44.2" in page


def test_real_change_has_an_arrow_and_few_answers_have_none(world, victor):
    with world.home.scope():
        survey = make_survey()
        answer(survey, [10] * 90 + [3] * 10)
        answer(survey, [10] * 10 + [3] * 90, days_ago=36)
        few = make_survey("Seldom asked")
        answer(few, [10] * 9)
        answer(few, [2] * 40, days_ago=36)
    page = text_of(victor.get(world.home.url(f"?survey={survey.id}")))
    assert "+160 vs previous (a real change)" in page
    page = text_of(victor.get(world.home.url(f"?survey={few.id}")))
    assert "n = 9, too few to compare" in page


def test_touchpoints_are_tested_together_and_few_answers_are_not_compared(world, victor):
    with world.home.scope():
        survey = make_survey()
        answer(survey, [10] * 60 + [2] * 40, touchpoint=world.home.delivery)
        answer(survey, [10] * 10 + [2] * 90, touchpoint=world.home.support)
        answer(survey, [0] * 12)
    page = text_of(victor.get(world.home.url("?period=all")))
    assert "Parcel handed over +20.0 ±" in page
    assert re.search(r"Support call −80\.0 ±12 100 −87 \(a real difference\)", page)
    assert re.search(r"No touchpoint −100\.0 ±\d+ 12 too few to compare", page)


def test_table_is_sorted_by_the_address(world, victor):
    with world.home.scope():
        survey = make_survey()
        answer(survey, [10] * 40, touchpoint=world.home.delivery)
        answer(survey, [2] * 50, touchpoint=world.home.support)

    def first_row(query: str) -> str:
        found = re.search(
            r"<tbody>\s*<tr.*?<th scope=\"row\">.*?</th>", table_of(victor.get(world.home.url(query))), re.S
        )
        return re.sub(r"<[^>]+>|\s", "", found[0])

    assert first_row("") == "Supportcall"
    assert first_row("?sort=-score") == "Parcelhandedover"
    assert first_row("?sort=name") == "Parcelhandedover"


def table_of(response) -> str:
    html = response.content.decode()
    return html[html.index("touchpoints-title") :]


def test_filters_narrow_everything_and_can_be_taken_away_again(world, victor):
    with world.home.scope():
        survey = make_survey()
        answer(survey, [10] * 40, touchpoint=world.home.delivery, words="Quick and kind.")
        answer(survey, [2] * 50, touchpoint=world.home.support, words="Nobody answered.")
    response = victor.get(world.home.url(f"?touchpoint={world.home.delivery.id}"))
    page = text_of(response)
    assert "n = 40" in page
    assert "Quick and kind." in page
    assert "Nobody answered." not in page
    assert "Touchpoint: Parcel handed over" in page
    assert f'<a class="pill" href="{world.home.url()}">' in response.content.decode()


def test_measure_tabs_are_those_with_surveys(world, victor):
    with world.home.scope():
        answer(make_survey(), [10] * 40)
        answer(make_survey("After a call", measure="csat", points=5), [5] * 30 + [1] * 10)
    page = text_of(victor.get(world.home.url("?measure=csat")))
    assert "CSAT 75 % ±13" in page
    assert "Mean rating 4.0 ±0.6" in page
    assert "CES" not in page


def test_verbatims_stand_with_score_customer_and_what_is_being_done(world, victor):
    with world.home.scope():
        answer(make_survey(), [3], words="It came broken.", customer=world.home.chiara, touchpoint=world.home.delivery)
    page = text_of(victor.get(world.home.url()))
    assert "3 Detractor Chiara Conti It came broken." in page


def test_bar_leads_to_exactly_its_answers(world, victor):
    with world.home.scope():
        answer(make_survey(), [4] * 3 + [10] * 2)
        answer(make_survey("After a call", measure="csat", points=5), [4] * 5)
    html = victor.get(world.home.url()).content.decode()
    link = unescape(re.search(r'<a href="([^"]+)" aria-label="Score 4: 3 answers', html)[1])
    assert victor.get(link).content.decode().count("data-row>") == 3


def test_answer_is_in_the_next_page(world, victor):
    with world.home.scope():
        survey = make_survey()
        answer(survey, [10] * 10)
        while refresh_batch(world.home.organization.id):
            pass
    assert "n = 10" in text_of(victor.get(world.home.url()))
    with world.home.scope():
        answer(survey, [3])
    assert "n = 11" in text_of(victor.get(world.home.url()))


def test_card_that_breaks_says_so_and_the_others_stand(world, victor, monkeypatch):
    def broken(first, last):
        from surveys.models import Survey

        Survey.objects.raw("SELECT no_such_column FROM surveys_survey")[0]

    monkeypatch.setitem(measures.registered, "broken", broken)
    with world.home.scope():
        answer(make_survey(), [10] * 40, words="All fine.")
    page = text_of(victor.get(world.home.url()))
    assert "This could not be worked out just now." in page
    assert "n = 40" in page
    assert "All fine." in page


def test_without_any_answer_an_example_and_one_next_step(world):
    pages = {}
    for person in ("victor", "anton"):
        client = Client()
        client.force_login(getattr(world.home, person))
        pages[person] = client.get(world.home.url())
        assert "Example" in text_of(pages[person])
        assert 'aria-hidden="true" inert' in pages[person].content.decode()
    assert "Make a survey" not in text_of(pages["victor"])
    assert "Make a survey" in text_of(pages["anton"])


def test_empty_period_leads_to_all_time(world, victor):
    with world.home.scope():
        answer(make_survey(), [10], days_ago=200)
    response = victor.get(world.home.url())
    assert "No answers in this period" in text_of(response)
    assert f'href="{world.home.url("?period=all")}"' in response.content.decode()


def test_nothing_of_the_other_organization_is_shown(world, victor):
    with world.other.scope():
        survey = make_survey("Theirs")
        answer(survey, [3], words="A secret of Eastwood.", touchpoint=world.other.delivery)
        theirs = world.other.delivery.id
    with world.home.scope():
        answer(make_survey(), [10])
    assert "Eastwood" not in text_of(victor.get(world.home.url()))
    assert victor.get(world.home.url(f"?survey={survey.id}")).status_code == 404
    assert victor.get(world.home.url(f"?touchpoint={theirs}")).status_code == 404
    assert victor.get(world.home.url("?touchpoint=nonsense")).status_code == 404


def test_page_costs_the_same_queries_for_any_number_of_answers(world, victor, django_assert_max_num_queries):
    with world.home.scope():
        survey = make_survey()
        for place in (world.home.delivery, world.home.support, None):
            for days_ago in range(0, 60, 5):
                answer(survey, [10, 9, 3], touchpoint=place, days_ago=days_ago, words="Words.")
    victor.get(world.home.url())
    with django_assert_max_num_queries(28):
        victor.get(world.home.url("?period=quarter"))
