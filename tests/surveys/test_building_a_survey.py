"""An analyst writes a survey from a template; what is live stays as it is until the draft is published."""

import re

import pytest
from django.conf import settings
from django.utils import timezone

from surveys.models import Response, Survey, SurveyVersion
from surveys.survey_templates import TEMPLATES
from surveys.versions import create_survey, draft_of, live_version, publish, start_draft
from tenancy.models import OutgoingMail
from tests.surveys.listening import a_response, make_live_survey


@pytest.fixture
def analyst(client, world):
    client.force_login(world.home.anton)
    return client


@pytest.fixture
def survey(world):
    with world.home.scope():
        return make_live_survey(world.home)


def page_of(world, survey, step="question", **query) -> str:
    query = "&".join(f"{name}={value}" for name, value in {"step": step, **query}.items())
    return world.home.url(f"surveys/{survey.pk}/edit/?{query}")


def test_survey_starts_from_a_template_in_draft(analyst, world):
    page = analyst.post(
        world.home.url("surveys/new/"),
        {"template": "touchpoint_csat", "name": "After support", "touchpoint": world.home.support.pk},
    )
    with world.home.scope():
        survey = Survey.objects.get(name="After support")
        assert page.status_code == 302 and page["Location"] == world.home.url(f"surveys/{survey.pk}/edit/")
        assert (survey.state, survey.measure, survey.points, survey.kind) == ("draft", "csat", 5, "transactional")
        assert survey.created_by_id == world.home.anton.pk
        assert draft_of(survey).questions.count() == 3 and live_version(survey) is None


def test_survey_about_a_touchpoint_needs_one_and_a_name_of_its_own(analyst, world, survey):
    page = analyst.post(world.home.url("surveys/new/"), {"template": "touchpoint_ces", "name": survey.name})
    assert page.status_code == 422
    text = page.content.decode()
    assert "Choose the touchpoint" in text and "Another survey has this name" in text


@pytest.mark.parametrize("step", ["question", "follow-up", "thanks", "look", "languages", "send", "review"])
def test_every_step_opens_and_looking_writes_nothing(analyst, world, survey, step):
    page = analyst.get(page_of(world, survey, step))
    assert page.status_code == 200
    with world.home.scope():
        assert draft_of(survey) is None


def test_editing_a_live_survey_goes_into_its_draft(analyst, world, survey):
    texts = {"title": "Would you?", "low_label": "No", "high_label": "Yes", "intro": ""}
    assert analyst.post(page_of(world, survey), texts).status_code == 302
    with world.home.scope():
        draft, live = draft_of(survey), live_version(survey)
        assert draft.number == 2 and live.number == 1
        assert draft.questions.get(kind="score").texts["en"]["title"] == "Would you?"
        assert "recommend" in live.questions.get(kind="score").texts["en"]["title"]
    page = analyst.get(page_of(world, survey, "review")).content.decode()
    assert "the trend breaks" in page and "Would you?" in page and "Publish version 2" in page


def test_autosave_answers_with_the_time_and_a_fresh_preview(analyst, world, survey):
    texts = {"title": "Would you?", "low_label": "No", "high_label": "Yes", "intro": ""}
    page = analyst.post(page_of(world, survey), texts, headers={"hx-request": "true"})
    text = page.content.decode()
    assert page.status_code == 200 and "Saved" in text and 'hx-swap-oob="true"' in text and "<iframe" in text


def test_translation_is_written_beside_the_default_language(analyst, world, survey):
    texts = {"title": "هل؟", "low_label": "لا", "high_label": "نعم", "intro": ""}
    analyst.post(page_of(world, survey, lang="ar"), texts)
    with world.home.scope():
        score = draft_of(survey).questions.get(kind="score").texts
        assert score["ar"]["title"] == "هل؟" and "recommend" in score["en"]["title"]


def test_languages_can_be_added_and_removed_but_not_the_default(analyst, world, survey):
    path = page_of(world, survey, "languages")
    analyst.post(path, {"language": "de"})
    analyst.post(path, {"remove": "ar"})
    analyst.post(path, {"remove": "en"})
    with world.home.scope():
        assert set(draft_of(survey).texts) == {"en", "de"}
    page = analyst.get(page_of(world, survey, "review")).content.decode()
    assert "Deutsch" in page and "is missing" in page


def test_publishing_is_refused_while_a_required_text_is_missing(analyst, world, survey):
    with world.home.scope():
        draft = start_draft(survey, by=world.home.ana)
        score = draft.questions.get(kind="score")
        score.texts["en"]["title"] = ""
        score.save()
    analyst.post(world.home.url(f"surveys/{survey.pk}/publication/"))
    with world.home.scope():
        assert live_version(survey).number == 1


def test_publishing_makes_the_draft_what_is_asked(analyst, world, survey):
    with world.home.scope():
        start_draft(survey, by=world.home.ana)
    page = analyst.post(world.home.url(f"surveys/{survey.pk}/publication/"))
    assert page["Location"] == world.home.url(f"surveys/{survey.pk}/versions/")
    with world.home.scope():
        live = live_version(survey)
        assert live.number == 2 and live.published_by_id == world.home.anton.pk
        assert draft_of(survey) is None


def test_state_moves_only_along_the_table(analyst, world, survey):
    def state() -> str:
        with world.home.scope():
            return Survey.objects.get(pk=survey.pk).state

    for deed, expected in [
        ("resumption", "live"),
        ("pause", "paused"),
        ("pause", "paused"),
        ("resumption", "live"),
        ("closure", "closed"),
        ("resumption", "closed"),
        ("pause", "closed"),
    ]:
        analyst.post(world.home.url(f"surveys/{survey.pk}/{deed}/"))
        assert state() == expected, deed
    analyst.post(page_of(world, survey), {"title": "Too late"})
    with world.home.scope():
        assert draft_of(survey) is None


def test_preview_is_the_real_page_and_saves_nothing(analyst, world, survey):
    path = world.home.url(f"surveys/{survey.pk}/preview/")
    page = analyst.get(f"{path}?score=3")
    assert "This is a preview" in page.content.decode() and 'value="3" aria-label="3" checked' in page.content.decode()
    assert "frame-ancestors 'self'" in page["Content-Security-Policy"] and page["X-Frame-Options"] == "SAMEORIGIN"
    thanks = analyst.post(path, {"score": "3", "lang": "en"})
    assert "sorry that we let you down" in thanks.content.decode() and "nothing is saved" in thanks.content.decode()
    assert analyst.post(path, {}).status_code == 422
    with world.home.scope():
        assert not Response.objects.exists()


def test_dark_preview_has_the_dark_colours_of_the_real_pages(analyst, world, survey):
    page = analyst.get(world.home.url(f"surveys/{survey.pk}/preview/?scheme=dark")).content.decode()
    assert "survey-dark.css" in page and "?scheme=dark" in page
    real, dark = ((settings.BASE_DIR / "static/css" / name).read_text() for name in ("survey.css", "survey-dark.css"))
    tokens = re.search(r"prefers-color-scheme: dark\) \{\s*:root \{([^}]*)\}", real)[1]
    assert tokens.strip() in dark


def test_mail_preview_shows_the_real_mail(analyst, world, survey):
    path = world.home.url(f"surveys/{survey.pk}/preview/mail/")
    page = analyst.get(f"{path}?lang=ar")
    assert page.status_code == 200 and 'dir="rtl"' in page.content.decode()
    text = analyst.get(f"{path}?part=text")
    assert text["Content-Type"].startswith("text/plain") and "?score=10" in text.content.decode()


def test_test_mail_goes_to_the_person_who_asks_for_it(analyst, world, survey):
    analyst.post(world.home.url(f"surveys/{survey.pk}/test-mail/"))
    with world.home.scope():
        mail = OutgoingMail.objects.get(template="survey")
        assert mail.to_address == world.home.anton.email
        assert "/preview/" in mail.context["answer_url"]


def test_list_shows_every_survey_with_its_answers(analyst, world, survey, django_assert_max_num_queries):
    with world.home.scope():
        for number in range(5):
            create_survey(template=TEMPLATES["relationship_nps"], name=f"Draft {number}", by=world.home.ana)
            a_response(world.home, survey=survey)
    with django_assert_max_num_queries(24):
        page = analyst.get(world.home.url("surveys/"))
    text = page.content.decode()
    assert survey.name in text and "Draft 4" in text
    assert f'?survey={survey.pk}">5</a>' in text


def test_versions_say_who_published_what_when(analyst, world, survey):
    with world.home.scope():
        start_draft(survey, by=world.home.ana)
        publish(survey, by=world.home.ana, at=timezone.now())
        assert SurveyVersion.objects.count() == 2
    text = analyst.get(world.home.url(f"surveys/{survey.pk}/versions/")).content.decode()
    assert "Ana Northwind" in text and "recommend" in text
