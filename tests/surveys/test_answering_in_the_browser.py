"""A customer follows a link, answers, and may change the answer for a day; every other state is said in words."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from surveys.models import Invitation, Response
from surveys.responding import verbatim_of
from surveys.tokens import make_token
from surveys.versions import close, pause, publish, resume, start_draft
from tenancy.models import AuditEntry
from tenancy.owned import new_id
from tests.surveys.listening import make_invitation, make_live_survey, path_of


@pytest.fixture
def link(world):
    """The path of an invitation of Chiara's that went out an hour ago."""
    with world.home.scope():
        survey = make_live_survey(world.home)
        invitation = make_invitation(world.home, survey, at=timezone.now())
    world.home.rows.survey, world.home.rows.invitation = survey, invitation
    return path_of(invitation)


def responses(world):
    with world.home.scope():
        return list(Response.objects.all())


def text_of(page) -> str:
    return page.content.decode()


def test_page_shows_the_clicked_score_and_the_wording_of_its_group(client, link):
    page = client.get(f"{link}?score=3")
    assert page.status_code == 200
    assert 'value="3" aria-label="3" checked' in text_of(page)
    assert text_of(page).count(" checked") == 1
    assert "What went wrong?" in text_of(page)
    assert "What is the main reason" in text_of(client.get(link))
    assert "What is the main reason" in text_of(client.get(f"{link}?score=11"))


def test_page_has_no_script_and_no_style_of_its_own(client, link):
    page = text_of(client.get(link))
    assert "<script" not in page and "style=" not in page and "onclick" not in page


def test_getting_records_nothing_that_counts(client, world, link):
    for _ in range(3):
        client.get(f"{link}?score=3")
        client.head(f"{link}?score=9")
    assert responses(world) == []
    with world.home.scope():
        assert not AuditEntry.objects.filter(verb__startswith="response").exists()


def test_first_click_is_kept_as_provisional(client, world, link):
    client.head(f"{link}?score=7")
    client.get(link)
    client.get(f"{link}?score=99")
    with world.home.scope():
        assert Invitation.objects.get().provisional_score is None
    client.get(f"{link}?score=3")
    client.get(f"{link}?score=9")
    with world.home.scope():
        invitation = Invitation.objects.get()
        assert invitation.provisional_score == 3 and invitation.provisional_at


def test_posting_records_the_answer_and_leads_to_the_thanks(client, world, link):
    page = client.post(link, {"score": "9", "verbatim": "Quick", "may_contact": "no", "lang": "en"})
    assert (page.status_code, page["Location"]) == (303, f"{link}done/")
    (response,) = responses(world)
    assert (response.score, response.channel, response.may_contact, response.language) == (9, "email", False, "en")
    assert response.invitation_id == world.home.invitation.id
    assert response.customer_id == world.home.chiara.id
    assert response.touchpoint_id == world.home.delivery.id
    thanks = client.get(page["Location"])
    assert "we got this right" in text_of(thanks) and "Your score: 9" in text_of(thanks)


def test_second_post_of_the_same_answer_changes_nothing(client, world, link):
    first, second = (client.post(link, {"score": "3", "verbatim": "Late"}) for _ in range(2))
    assert (first.status_code, first["Location"]) == (second.status_code, second["Location"])
    assert len(responses(world)) == 1
    with world.home.scope():
        verbs = AuditEntry.objects.filter(verb__startswith="response").values_list("verb", flat=True)
        assert list(verbs) == ["response.recorded"]


def test_answer_is_shown_again_and_can_be_changed_within_a_day(client, world, link):
    client.post(link, {"score": "3", "verbatim": "Late"})
    page = text_of(client.get(link))
    assert 'value="3" aria-label="3" checked' in page and "Late</textarea>" in page and "You have answered" in page
    client.post(link, {"score": "8", "verbatim": "Late, but sorted out"})
    (response,) = responses(world)
    assert (response.score, response.group) == (8, "passive") and response.edited_at
    with world.home.scope():
        assert verbatim_of(response) == "Late, but sorted out"


def test_answer_cannot_be_changed_after_a_day(client, world, link):
    client.post(link, {"score": "3", "verbatim": "Late"})
    with world.home.scope():
        Response.objects.update(responded_at=timezone.now() - timedelta(hours=25))
    page = client.get(link)
    assert page.status_code == 200 and "cannot be changed any more" in text_of(page)
    page = client.post(link, {"score": "9", "verbatim": "All forgiven"})
    assert page.status_code == 409 and "All forgiven</textarea>" in text_of(page)
    assert responses(world)[0].score == 3


def test_missing_score_keeps_what_was_typed(client, world, link):
    page = client.post(link, {"verbatim": "No <b>number</b>", "may_contact": "yes", "lang": "en"})
    assert page.status_code == 422
    assert "Please choose a score from 0 to 10." in text_of(page)
    assert "No &lt;b&gt;number&lt;/b&gt;</textarea>" in text_of(page)
    assert 'value="yes" checked' in text_of(page)
    assert responses(world) == []


def test_too_long_text_is_kept_and_refused(client, world, link):
    page = client.post(link, {"score": "5", "verbatim": "x" * 5001})
    assert page.status_code == 422 and "x" * 5001 in text_of(page) and "at most 5000" in text_of(page)
    assert responses(world) == []


def test_expired_invitation_takes_no_answer(client, world, link):
    with world.home.scope():
        Invitation.objects.update(expires_at=timezone.now())
    assert client.get(link).status_code == 410
    page = client.post(link, {"score": "3", "verbatim": "Wait!"})
    assert page.status_code == 410 and "Wait!</textarea>" in text_of(page)
    assert responses(world) == []


def test_paused_and_closed_surveys_say_so_and_take_no_answer(client, world, link):
    survey, ana = world.home.survey, world.home.ana
    with world.home.scope():
        pause(survey, by=ana, at=timezone.now())
    page = client.get(link)
    assert page.status_code == 409 and "paused" in text_of(page)
    with world.home.scope():
        resume(survey, by=ana, at=timezone.now())
    assert client.get(link).status_code == 200
    with world.home.scope():
        close(survey, by=ana, at=timezone.now())
    assert client.get(link).status_code == 410
    assert client.post(link, {"score": "3"}).status_code == 410
    assert responses(world) == []


@pytest.mark.parametrize("spoil", ["forged", "gone", "planned", "dropped"])
def test_bad_links_all_look_the_same(client, world, link, spoil):
    if spoil in ("planned", "dropped"):
        with world.home.scope():
            Invitation.objects.update(status=spoil)
    token = {"forged": "A" * 43, "gone": make_token(new_id())}.get(spoil)
    path = f"/r/{token}/" if token else link
    for page in (client.get(path), client.post(path, {"score": "3"}), client.get(f"{path}done/")):
        assert page.status_code == 404
        assert "This link does not work" in text_of(page) and "Northwind" not in text_of(page)


def test_invitation_is_asked_the_version_it_was_sent(client, world, link):
    with world.home.scope():
        draft = start_draft(world.home.survey, by=world.home.ana)
        score = draft.questions.get(kind="score")
        score.texts = {"en": {"title": "A new question?"}}
        score.save()
        publish(world.home.survey, by=world.home.ana, at=timezone.now())
    assert "A new question?" not in text_of(client.get(link))


def test_pages_set_no_cookie_and_are_not_kept_or_indexed(client, link):
    pages = [client.get(link), client.post(link, {}), client.post(link, {"score": "3"}), client.get(f"{link}done/")]
    for page in pages:
        assert not page.cookies
        assert page["Cache-Control"] == "no-store"
        assert page["X-Robots-Tag"] == "noindex, nofollow"
        assert page["X-Frame-Options"] == "DENY"
        assert page["Referrer-Policy"] == "same-origin"
        policy = page["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "script-src" not in policy and "frame-ancestors 'none'" in policy


def test_answering_needs_no_csrf_token(world, link):
    client = Client(enforce_csrf_checks=True)
    assert client.post(link, {"score": "3"}).status_code == 303


def test_other_methods_are_refused(client, link):
    assert client.put(link).status_code == 405
    assert client.post(f"{link}done/").status_code == 405
    assert client.get(f"{link}contact/").status_code == 405


def test_page_costs_one_message_to_the_database_and_an_answer_few(client, world, link):
    client.get(link)
    with CaptureQueriesContext(connection) as asked:
        client.get(link)
    # Inside a test the setting must be taken back by a second one.
    assert len(asked) <= 2
    with CaptureQueriesContext(connection) as answered:
        client.post(link, {"score": "3", "verbatim": "Late", "may_contact": "yes"})
    assert len(answered) <= 12
