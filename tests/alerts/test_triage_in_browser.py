"""Triage in Chromium: by keyboard beside the list, by touch on a phone, two people at once, and sound for everybody."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect

from alerts.following_up import acknowledge
from alerts.models import FollowUp, FollowUpEntry
from tests.alerts.answering import evaluate, give_answers, open_follow_up

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
ARABIC = "وصل الطرد متأخرا جدا ولم يرد أحد على رسائلي."
# Chromium says this of every 409 and 422, which the page shows in words.
EXPECTED = "Failed to load resource: the server responded with a status of 4"
KILOBYTE = 1024


@pytest.fixture
def greta(page: Page, web_server, world) -> Page:
    """Greta's browser on a desktop, which must break no policy and raise no error."""
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
    client = Client()
    client.force_login(world.home.greta)
    session = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": web_server.url}])
    page.set_viewport_size({"width": 1440, "height": 900})
    yield page
    # What J and K leave behind before it came is stopped, and htmx says so twice.
    stopped = ("sendAbort", "htmx:afterRequest")
    assert [line for line in complaints if EXPECTED not in line and not any(word in line for word in stopped)] == []


def open_several(ground) -> None:
    texts = ("Broken on arrival", ARABIC, "", "A long story. " * 300)
    for number, text in enumerate(texts):
        whose = {"customer": ground.karim} if number == 1 else {}
        open_follow_up(ground, score=number, verbatim=text, at=timezone.now(), **whose)


def shown(page: Page) -> str | None:
    return page.locator("#follow-up").get_attribute("data-number")


def test_triage_by_keyboard_from_the_list_to_a_closed_loop(greta, web_server, world):
    open_several(world.home)
    greta.goto(web_server.url + world.home.url("followups/?view=all"))
    greta.keyboard.press("j")
    expect(greta.locator("#follow-up")).to_have_attribute("data-number", "1")
    assert "number=1" in greta.url
    greta.keyboard.press("i")
    expect(greta.locator("#live")).to_contain_text("The owner is changed.")
    expect(greta.locator("#followup-row-1")).to_contain_text("Greta Northwind")
    greta.keyboard.press("n")
    expect(greta.locator("#notes_text")).to_be_focused()
    greta.keyboard.type("j and k are only letters here")
    greta.locator("#notes button[type=submit]").click()
    expect(greta.locator(".timeline")).to_contain_text("j and k are only letters here")
    greta.keyboard.press("r")
    expect(greta.locator("#replies_subject")).to_be_focused()
    greta.get_by_role("button", name="Send the reply").click()
    expect(greta.locator(".timeline")).to_contain_text("is being sent")
    greta.keyboard.press("e")
    greta.locator("#resolution_outcome").select_option("recovered")
    greta.locator("#resolution button[type=submit]").click()
    expect(greta.locator("#resolution")).to_contain_text("This field is required.")
    greta.locator("#resolution_root_cause").select_option("delivery")
    greta.locator("#resolution_text").fill("Sent a new one")
    greta.locator("#resolution button[type=submit]").click()
    expect(greta.locator("#followup-row-1")).to_contain_text("Resolved")
    greta.keyboard.press("e")
    greta.locator("#closure_text").fill("Rang, they have it")
    greta.locator("#closure button[type=submit]").click()
    expect(greta.locator(".timeline")).to_contain_text("Loop closed")
    with world.home.scope():
        follow_up = FollowUp.objects.get(number=1)
        assert (follow_up.state, follow_up.owner) == ("closed", world.home.greta)
        assert follow_up.entries.filter(by=world.home.greta).count() == 5


def test_keys_never_act_on_another_follow_up_than_the_row_in_focus(greta, web_server, world):
    open_several(world.home)
    greta.goto(web_server.url + world.home.url("followups/?view=all&number=1"))
    greta.locator("#followup-link-2").evaluate("link => link.focus()")
    greta.keyboard.press("i")
    expect(greta.locator("#follow-up")).to_have_attribute("data-number", "2")
    with world.home.scope():
        assert not FollowUp.objects.filter(owner__isnull=False).exists()


def test_what_was_typed_survives_the_row_beside_it_and_a_conflict(greta, web_server, world):
    open_several(world.home)
    greta.goto(web_server.url + world.home.url("followups/?view=all&number=1"))
    greta.keyboard.press("r")
    greta.locator("#replies_text").fill("My long letter")
    questions: list[str] = []
    greta.on("dialog", lambda dialog: (questions.append(dialog.message), dialog.dismiss()))
    greta.locator("#followup-link-2").click()
    expect(greta.locator("#follow-up")).to_have_attribute("data-number", "1")
    assert questions == ["Leave without sending what you wrote?"]
    with world.home.scope():
        acknowledge(FollowUp.objects.get(number=1), by=world.home.anton, at=timezone.now())
    greta.get_by_role("button", name="Send the reply").click()
    expect(greta.locator(".conflict")).to_contain_text("You saw version 1; it is at version 2 now")
    expect(greta.locator(".conflict")).to_contain_text("Anton Northwind")
    expect(greta.locator("#replies_text")).to_have_value("My long letter")
    greta.get_by_role("button", name="Send the reply").click()
    expect(greta.locator(".timeline")).to_contain_text("My long letter")


def test_phone_opens_pages_of_their_own(greta, web_server, world):
    open_several(world.home)
    greta.set_viewport_size({"width": 390, "height": 844})
    greta.goto(web_server.url + world.home.url("followups/?view=all"))
    greta.locator("#followup-link-2").click()
    greta.wait_for_url("**/followups/2/?view=all")
    expect(greta.locator("h1 bdi")).to_have_text("كريم حداد")
    greta.get_by_role("button", name="Acknowledge").click()
    expect(greta.locator("#follow-up")).to_contain_text("Acknowledged")
    with world.home.scope():
        assert FollowUpEntry.objects.filter(to_state="acknowledged").count() == 1


def test_pages_work_without_script(greta, web_server, world, browser):
    open_several(world.home)
    context = browser.new_context(java_script_enabled=False, storage_state=greta.context.storage_state())
    page = context.new_page()
    page.goto(web_server.url + world.home.url("followups/?view=all"))
    page.locator("#followup-link-1").click()
    page.locator("#notes summary").click()
    page.locator("#notes_text").fill("Without script")
    page.locator("#notes button[type=submit]").click()
    expect(page.locator(".timeline")).to_contain_text("Without script")
    expect(page.locator("h1")).to_contain_text("Chiara Conti")
    context.close()


@pytest.mark.parametrize("path", ["followups/?view=all&number=2", "followups/1/", "followups/?view=closed"])
def test_sound_for_everybody_in_light_and_dark_and_on_the_narrowest_phone(greta, web_server, world, path):
    open_several(world.home)
    greta.goto(web_server.url + world.home.url(path))
    for scheme in ("light", "dark"):
        greta.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # no colour on its way to another
        found = Axe().run(greta, options={"runOnly": TAGS}).response["violations"]
        assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found] == []
    for width in (390, 320):
        greta.set_viewport_size({"width": width, "height": 780})
        assert greta.evaluate("document.documentElement.scrollWidth") <= width


def test_fifty_rows_weigh_less_than_the_budget(greta, web_server, world):
    give_answers(world.home, *[2] * 55, verbatim=ARABIC * 3, at=timezone.now())
    evaluate(world.home)
    session = greta.context.new_cdp_session(greta)
    session.send("Network.enable")
    sizes: dict[str, int] = {}
    session.on("Network.loadingFinished", lambda event: sizes.update({event["requestId"]: event["encodedDataLength"]}))
    greta.goto(web_server.url + world.home.url("followups/?view=unassigned"))
    greta.wait_for_load_state("networkidle")
    assert greta.locator("[data-row]").count() == 50
    assert 10 * KILOBYTE < sum(sizes.values()) < 70 * KILOBYTE


def test_whole_queue_is_walked_by_keyboard_alone(greta, web_server, world):
    open_several(world.home)
    greta.goto(web_server.url + world.home.url("followups/?view=unassigned"))
    press = greta.keyboard.press
    press("j")
    press("x")
    press("j")
    press("x")
    expect(greta.locator("[data-selected-words]")).to_have_text("2 ticked")
    press("k")
    expect(greta.locator("#follow-up")).to_have_attribute("data-number", "1")
    press("Enter")
    expect(greta.locator("#follow-up-title")).to_be_focused()
    press("s")
    expect(greta.get_by_role("button", name="Wait for the customer")).to_be_disabled()
    press("Escape")
    press("h")
    greta.keyboard.press("Tab")
    expect(greta.locator("#snooze")).to_have_attribute("open", "")
    greta.locator("#snooze button[type=submit]").focus()
    press("Enter")
    expect(greta.locator("#follow-up")).to_contain_text("Snoozed until")
    press("n")
    expect(greta.locator("#notes_text")).to_be_focused()
    greta.keyboard.type("@Anton")
    greta.get_by_role("button", name="@Anton Northwind").focus()
    press("Enter")
    greta.keyboard.type("please call j k x")
    expect(greta.locator("#notes_text")).to_have_value("@Anton Northwind please call j k x")
    greta.locator("#notes button[type=submit]").focus()
    press("Enter")
    expect(greta.locator(".mention")).to_have_text("@Anton Northwind")
    press("?")
    help_ = greta.locator("#keys-help")
    for words in ("Select", "Make it mine", "Search", "State", "Filter"):
        expect(help_).to_contain_text(words)
    press("Escape")
    press("/")
    greta.keyboard.type("Broken")
    press("Enter")
    expect(greta.locator("[data-row]")).to_have_count(1)
    press("g")
    press("c")
    greta.wait_for_url("**/customers/")


def test_deed_to_many_is_chosen_seen_done_and_undone(greta, web_server, world):
    open_several(world.home)
    greta.goto(web_server.url + world.home.url("followups/?view=unassigned"))
    greta.get_by_label("Tick all on this page").check()
    expect(greta.locator("[data-selected-words]")).to_have_text("4 ticked")
    greta.evaluate("htmx.trigger(document.getElementById('follow-up-list'), 'refresh')")
    greta.wait_for_timeout(500)
    expect(greta.locator("[data-selected-words]")).to_have_text("4 ticked")
    greta.get_by_role("button", name="With these").click()
    greta.get_by_text("Priority", exact=True).first.click()
    greta.locator("select[name=priority-priority]").select_option("urgent")
    greta.locator("details[open]").get_by_role("button", name="Show what will happen").click()
    expect(greta.locator("table")).to_contain_text("Normal becomes urgent")
    greta.get_by_role("button", name="Do it to 4").click()
    expect(greta.locator("#bulk-state")).to_contain_text("4 of 4 done.")
    greta.keyboard.press("z")
    expect(greta.locator("#bulk-state")).to_contain_text("4 put back as they were.")
    with world.home.scope():
        assert set(FollowUp.objects.values_list("priority", flat=True)) == {"normal"}


def test_two_people_see_each_other(greta, web_server, world, browser):
    open_several(world.home)
    client = Client()
    client.force_login(world.home.anton)
    assert client.get(world.home.url("followups/1/")).status_code == 200
    greta.goto(web_server.url + world.home.url("followups/1/"))
    expect(greta.locator("#presence")).to_contain_text("Anton Northwind is viewing")
