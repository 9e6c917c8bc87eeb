"""Answering and building in Chromium: accessible, small, without script, and by keyboard."""

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from surveys.models import Response
from surveys.versions import draft_of
from tests.surveys.listening import a_response, make_invitation, make_live_survey, path_of
from tests.surveys.test_asking_in_the_browser import anton, browser_page, sound  # noqa: F401  (fixtures)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FIRST_VISIT_BYTES = 14 * 1024
FIRST_VISIT_REQUESTS = 3


@pytest.fixture
def links(world) -> dict[str, str]:
    """Paths of an invitation of Chiara's and of one of Karim's, who reads Arabic."""
    with world.home.scope():
        survey = make_live_survey(world.home)
        world.home.rows.survey = survey
        return {
            name: path_of(make_invitation(world.home, survey, customer=customer, at=timezone.now()))
            for name, customer in (("chiara", world.home.chiara), ("karim", world.home.karim))
        }


def test_detractor_answers_on_a_phone_without_script(browser, web_server, world, links):
    context = browser.new_context(viewport={"width": 390, "height": 780}, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{web_server.url}{links['chiara']}?score=3")
    expect(page.get_by_label("3", exact=True)).to_be_checked()
    # One screen: the button can be pressed without scrolling.
    assert page.get_by_role("button", name="Send", exact=True).last.bounding_box()["y"] < 740
    page.get_by_label("What went wrong?").fill("Three days late")
    page.get_by_label("Yes").check()
    page.get_by_role("button", name="Send", exact=True).last.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("We are sorry that we let you down.")
    assert page.url.endswith("/done/")
    page.get_by_role("link", name="Change my answer").click()
    expect(page.get_by_label("What is the main reason for your score?")).to_have_count(0)
    expect(page.get_by_role("textbox")).to_have_value("Three days late")
    context.close()
    with world.home.scope():
        assert Response.objects.get().score == 3


def test_pages_of_respondents_are_sound(browser_page, web_server, links):  # noqa: F811
    page: Page = browser_page
    for name, link in links.items():
        page.goto(f"{web_server.url}{link}")
        sound(page, f"survey-{name}")
        page.goto(f"{web_server.url}{link}?score=2")
        page.locator("button.button-wide").click()
        expect(page.get_by_role("checkbox")).to_have_count(1)
        sound(page, f"thanks-{name}")


def test_language_switch_keeps_the_words_and_enter_sends(browser_page, web_server, world, links):  # noqa: F811
    page: Page = browser_page
    page.goto(f"{web_server.url}{links['chiara']}?score=9")
    page.get_by_role("textbox").fill("Half a sentence")
    page.get_by_label("Language").select_option("ar")
    page.get_by_role("button", name="Change").click()
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    expect(page.get_by_role("textbox")).to_have_value("Half a sentence")
    with world.home.scope():
        assert not Response.objects.exists()
    page.get_by_role("radio", name="9").press("Enter")
    expect(page).to_have_url(f"{web_server.url}{links['chiara']}done/")
    with world.home.scope():
        assert Response.objects.get().score == 9


def test_first_visit_is_small(browser_page, web_server, links):  # noqa: F811
    page: Page = browser_page
    answers = []
    page.on("response", lambda response: answers.append(response))
    page.goto(f"{web_server.url}{links['chiara']}?score=3", wait_until="networkidle")
    seen = [answer for answer in answers if not answer.url.endswith((".svg", ".ico"))]
    sizes = [answer.request.sizes() for answer in seen]
    assert len(seen) <= FIRST_VISIT_REQUESTS, [answer.url for answer in seen]
    total = sum(size["responseBodySize"] + size["responseHeadersSize"] for size in sizes)
    assert total <= FIRST_VISIT_BYTES, total
    assert not any("javascript" in answer.headers.get("content-type", "") for answer in answers)


def test_builder_saves_by_itself_and_refreshes_the_preview(anton, web_server, world, links):  # noqa: F811
    page: Page = anton
    page.emulate_media(reduced_motion="reduce")  # colours must not be judged in the middle of a change
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(web_server.url + world.home.url(f"surveys/{world.home.survey.pk}/edit/"))
    sound(page, "builder")
    page.get_by_label("Question", exact=True).fill("Would you come back?")
    page.get_by_label("Lowest score means").click()
    expect(page.locator("#builder-saved")).to_contain_text("Saved")
    frame = page.frame_locator("#builder-preview iframe")
    expect(frame.get_by_role("heading", level=1)).to_have_text("Would you come back?")
    with world.home.scope():
        assert draft_of(world.home.survey).questions.get(kind="score").texts["en"]["title"] == "Would you come back?"


@pytest.mark.parametrize("preview", ["phone", "email", "text", "dark", "rtl"])
def test_every_preview_breaks_no_policy(anton, web_server, world, links, preview):  # noqa: F811
    page: Page = anton
    page.emulate_media(reduced_motion="reduce")  # colours must not be judged in the middle of a change
    page.goto(web_server.url + world.home.url(f"surveys/{world.home.survey.pk}/edit/?preview={preview}"))
    frame = page.frame_locator("#builder-preview iframe")
    words = "ما مدى" if preview == "rtl" else "how likely are you to recommend"
    expect(frame.get_by_text(words).first).to_be_visible()


@pytest.mark.parametrize(
    "path", ["surveys/", "surveys/new/", "surveys/{pk}/versions/", "responses/", "review", "answer"]
)
def test_pages_of_staff_are_sound(anton, web_server, world, links, path):  # noqa: F811
    page: Page = anton
    page.emulate_media(reduced_motion="reduce")  # colours must not be judged in the middle of a change
    with world.home.scope():
        response = a_response(world.home, survey=world.home.survey, verbatim="A long wait\nand a torn box " * 12)
    path = {
        "review": "surveys/{pk}/edit/?step=review",
        "answer": f"responses/{response.pk}/",
    }.get(path, path)
    page.goto(web_server.url + world.home.url(path.format(pk=world.home.survey.pk)))
    sound(page, f"staff-{path.split('?')[0].replace('/', '-')[:20]}")
