"""What is typed and not sent stays, whatever else is done on the page; nothing leads away from it without asking."""

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect

from alerts.following_up import acknowledge
from alerts.models import FollowUp, FollowUpStep, ReplyTemplate
from tests.alerts.access import a_playbook
from tests.alerts.answering import open_follow_up

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LETTER = "My long letter"


@pytest.fixture
def greta(page: Page, web_server, world) -> Page:
    client = Client()
    client.force_login(world.home.greta)
    session = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": web_server.url}])
    page.set_viewport_size({"width": 1440, "height": 900})
    for score in (1, 2):
        values = {"customer": world.home.karim} if score == 2 else {}
        open_follow_up(world.home, score=score, verbatim="Broken", at=timezone.now(), **values)
    with world.home.scope():
        first = FollowUp.objects.get(number=1)
        FollowUpStep.objects.create(follow_up=first, playbook_id=a_playbook(world.home), text="Ring them")
    page.goto(web_server.url + world.home.url("followups/?view=all&number=1"))
    return page


def write(page: Page) -> list[str]:
    """Begin a reply; returns what is asked from now on, each answered with no."""
    page.keyboard.press("r")
    page.locator("#replies_text").fill(LETTER)
    questions: list[str] = []
    page.on("dialog", lambda dialog: (questions.append(dialog.message), dialog.dismiss()))
    return questions


def refresh_presence(page: Page) -> None:
    """As its timer does."""
    ask = "htmx.ajax('POST', box.getAttribute('hx-post'), {source: box, target: box, swap: 'outerHTML'})"
    with page.expect_response("**/presence/"):
        page.locator("#presence").evaluate(f"box => {ask}")


def test_ticking_a_step_and_watching_keep_the_reply(greta):
    questions = write(greta)
    greta.get_by_role("button", name="Done: Ring them").click()
    expect(greta.locator(".checklist .is-done")).to_contain_text("Ring them")
    expect(greta.locator("#replies_text")).to_have_value(LETTER)
    expect(greta.locator("#replies_text")).to_be_visible()
    greta.get_by_role("button", name="Watch", exact=True).click()
    expect(greta.locator(".watchers")).to_contain_text("Greta Northwind")
    expect(greta.locator("#replies_text")).to_have_value(LETTER)
    assert questions == []
    greta.get_by_role("button", name="Send the reply").click()
    expect(greta.locator(".timeline")).to_contain_text(LETTER)


def test_showing_it_as_it_is_now_keeps_the_reply(greta, world):
    write(greta)
    with world.home.scope():
        acknowledge(FollowUp.objects.get(number=1), by=world.home.anton, at=timezone.now())
    refresh_presence(greta)
    greta.get_by_role("link", name="show it as it is now").click()
    expect(greta.locator("#follow-up")).to_contain_text("Acknowledged")
    expect(greta.locator("#replies_text")).to_have_value(LETTER)


def test_the_next_one_and_another_text_ask_first(greta, world):
    with world.home.scope():
        ReplyTemplate.objects.create(name="Sorry", subject="Sorry", text="We are sorry")
    greta.reload()
    questions = write(greta)
    greta.get_by_role("link", name="Next: 2").click()
    greta.get_by_role("button", name="Use this text").click()
    assert questions == ["Leave without sending what you wrote?", "Write over what you wrote?"]
    expect(greta.locator("#follow-up")).to_have_attribute("data-number", "1")
    expect(greta.locator("#replies_text")).to_have_value(LETTER)


def test_what_came_back_from_a_preview_is_guarded_too(greta):
    questions = write(greta)
    greta.get_by_role("button", name="Show what the customer will see").click()
    expect(greta.locator("#reply-preview")).to_contain_text(LETTER)
    greta.locator("#followup-link-2").click()
    assert questions == ["Leave without sending what you wrote?"]
    expect(greta.locator("#replies_text")).to_have_value(LETTER)


def test_words_whose_form_is_gone_can_still_be_copied(greta):
    write(greta)
    greta.locator("#resolution summary").click()
    greta.locator("#resolution_outcome").select_option("recovered")
    greta.locator("#resolution_root_cause").select_option("delivery")
    greta.locator("#resolution_text").fill("Mended")
    greta.locator("#resolution button[type=submit]").click()
    expect(greta.locator("#follow-up")).to_contain_text("Resolved")
    expect(greta.locator("#replies_text")).to_have_value(LETTER)
    greta.locator("#closure summary").click()
    greta.locator("#closure_text").fill("Nobody answers")
    greta.locator("#closure button[type=submit]").click()
    expect(greta.locator("#follow-up .notice-warn")).to_contain_text(LETTER)


def test_who_else_looks_moves_neither_the_focus_nor_the_list(greta):
    write(greta)
    greta.locator("#replies_subject").focus()
    lists: list[str] = []
    greta.on("request", lambda request: lists.append(request.url) if "followups/?" in request.url else None)
    greta.get_by_role("searchbox").focus()
    refresh_presence(greta)
    greta.wait_for_timeout(300)
    expect(greta.get_by_role("searchbox")).to_be_focused()
    assert lists == []
