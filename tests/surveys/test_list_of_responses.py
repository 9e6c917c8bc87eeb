"""Staff find answers by group, survey, touchpoint, language, days and words, page by page."""

from datetime import timedelta

import pytest

from surveys import response_links
from surveys.models import Invitation
from surveys.responding import edit_response
from surveys.response_links import ResponseLink, register_response_links
from tenancy.audit import SYSTEM
from tests.surveys.listening import NOON, a_response, make_invitation, make_live_survey


@pytest.fixture
def viewer(client, world):
    client.force_login(world.home.victor)
    return client


def shown(client, world, query="") -> str:
    page = client.get(world.home.url(f"responses/{query}"))
    assert page.status_code == 200
    return page.content.decode()


def test_empty_list_says_what_will_be_here(viewer, world):
    assert "No answers yet" in shown(viewer, world)


def test_filters_narrow_the_list_and_appear_as_pills(viewer, world):
    with world.home.scope():
        a_response(world.home, score=2, verbatim="The courier was late")
        a_response(world.home, score=10, verbatim="Lovely courier", language="ar", at=NOON + timedelta(days=2))
    assert "was late" in shown(viewer, world) and "Lovely" in shown(viewer, world)
    for query in ("?group=detractor", "?q=WAS+late", "?lang=en", "?to=2026-03-10", "?score=2"):
        text = shown(viewer, world, query)
        assert "was late" in text and "Lovely" not in text, query
        assert "pill-name" in text
    assert "No answer fits" in shown(viewer, world, "?q=100%25")
    assert "Lovely" in shown(viewer, world, "?from=2026-03-11")


def test_touchpoint_and_survey_filter_by_id(viewer, world):
    with world.home.scope():
        response = a_response(world.home, verbatim="Here it is")
    assert "Here it is" in shown(viewer, world, f"?survey={response.survey_id}&touchpoint={world.home.delivery.pk}")
    assert "Here it is" not in shown(viewer, world, f"?touchpoint={world.home.support.pk}")


@pytest.mark.parametrize(
    "query", ["?survey=x", "?from=2026-99-99", "?score=%C2%B2", "?after=zzz", "?q=%00", "?from=0001-01-01", "?group=x"]
)
def test_nonsense_in_the_address_is_left_out(viewer, world, query):
    with world.home.scope():
        a_response(world.home, verbatim="Still here")
    assert "Still here" in shown(viewer, world, query)


def test_pages_hold_every_answer_once(viewer, world):
    with world.home.scope():
        survey = make_live_survey(world.home)
        for number in range(55):
            # Many at the same moment: the id decides then.
            a_response(
                world.home, survey=survey, verbatim=f"answer-{number:03}", at=NOON + timedelta(hours=number // 20)
            )
    first = viewer.get(world.home.url("responses/")).context
    second = viewer.get(world.home.url("responses/") + first["next_url"]).context
    verbatims = [r.verbatim for context in (first, second) for r, _ in context["rows"]]
    assert len(first["rows"]) == 50 and len(verbatims) == len(set(verbatims)) == 55
    assert second["next_url"] == ""


def test_list_costs_the_same_for_many_answers(viewer, world, django_assert_max_num_queries):
    with world.home.scope():
        survey = make_live_survey(world.home)
        for _ in range(30):
            a_response(world.home, survey=survey)
    with django_assert_max_num_queries(26):
        shown(viewer, world)


def test_answers_of_another_organization_are_not_listed(viewer, world):
    with world.other.scope():
        other = a_response(world.other, verbatim="Not yours")
    assert "Not yours" not in shown(viewer, world)
    assert viewer.get(world.home.url(f"responses/{other.pk}/")).status_code == 404


def test_page_of_an_answer_tells_everything_about_it(viewer, world, django_assert_max_num_queries):
    with world.home.scope():
        survey = make_live_survey(world.home)
        invitation = make_invitation(world.home, survey)
        Invitation.objects.update(provisional_score=9)
        invitation.refresh_from_db()
        world.home.chiara.attributes = {"plan": "gold"}
        response = a_response(
            world.home, survey=survey, invitation=invitation, verbatim="A <b>bad</b> day", may_contact=True
        )
        edit_response(response, score=4, verbatim="A better day", may_contact=True, by=SYSTEM, at=NOON)
    with django_assert_max_num_queries(24):
        text = viewer.get(world.home.url(f"responses/{response.pk}/")).content.decode()
    for words in ("A better day", "Chiara Conti", "version 1", "Clicked 9, not confirmed", "gold", "What went wrong?"):
        assert words in text, words
    assert "score 3 → 4, words changed" in text and "bad" not in text


def test_floors_above_add_their_links(viewer, world):
    kept = list(response_links._sources)
    register_response_links(lambda response: [ResponseLink("Follow-up 12", "/o/x/", "Due today")])
    try:
        with world.home.scope():
            response = a_response(world.home)
        assert "Follow-up 12" in viewer.get(world.home.url(f"responses/{response.pk}/")).content.decode()
    finally:
        response_links._sources[:] = kept
