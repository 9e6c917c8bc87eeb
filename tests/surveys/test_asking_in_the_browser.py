"""The pages and the mail of asking in Chromium: readable by everybody, on a phone, in the dark, from right to left."""

import os
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect

from surveys.models import Distribution
from surveys.published import instrument
from surveys.sending import send_due
from surveys.survey_mail import SurveyMail, write_survey_mail
from surveys.tokens import make_token
from tenancy.mail import Sender
from tests.surveys.asking import an_ask, deliver, live_survey, new_customer
from tests.surveys.listening import make_invitation, make_live_survey

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


@pytest.fixture
def browser_page(page: Page):
    """A browser that must break no policy and raise no error."""
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
    yield page
    assert complaints == []


@pytest.fixture
def anton(browser_page, web_server, world) -> Page:
    client = Client()
    client.force_login(world.home.anton)
    session = client.cookies["sessionid"].value
    browser_page.context.add_cookies([{"name": "sessionid", "value": session, "url": web_server.url}])
    return browser_page


def sound(page: Page, name: str) -> None:
    """No accessibility violation in light and dark, and no sideways scroll on the narrowest phone."""
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme)
        found = Axe().run(page, options={"runOnly": TAGS}).response["violations"]
        assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found] == []
        shoot(page, f"{name}-{scheme}")
    size = page.viewport_size
    for width in (390, 320):
        page.set_viewport_size({"width": width, "height": 780})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        shoot(page, f"{name}-{width}")
    page.set_viewport_size(size)


def shoot(page: Page, name: str) -> None:
    if folder := os.environ.get("CXM_SCREENSHOTS"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def test_ledger_shows_every_state_and_takes_a_mark(anton, web_server, world):
    home, now = world.home, timezone.now()
    anton.goto(web_server.url + home.url("surveys/invitations/"))
    sound(anton, "ledger-empty")
    with home.scope():
        survey = live_survey(home, name="After delivery")
        because = {"milestone": "Order delivered", "delay_minutes": 120}
        asked = {"asked_at": now.isoformat(), "survey": "How are we doing?", "days": 30}
        for status, reason, details in (
            ("planned", "planned", because),
            ("deferred", "quiet_hours", {**because, "until": now.isoformat()}),
            ("sending", "handing_over", because),
            ("sent", "sent", because),
            ("unknown", "hand_over_unknown", because),
            ("failed", "address_unknown", {**because, "error": "550 5.1.1 No such user here"}),
            ("dropped", "asked_recently", {**because, **asked}),
        ):
            customer = new_customer(f"{status}Person")
            an_ask(home, survey=survey, status=status, reason=reason, reason_details=details, customer=customer)
    anton.reload()
    sound(anton, "ledger")
    expect(anton.get_by_text("Asked 2 hours after “Order delivered”.", exact=True)).to_be_visible()
    anton.get_by_role("link", name="Look at it").click()
    anton.get_by_role("button", name="It arrived").click()
    expect(anton.get_by_text("Marked as sent.")).to_be_visible()
    expect(anton.get_by_role("link", name="Look at it")).to_have_count(0)


def test_analyst_writes_a_send_rule_and_asks_one_customer(anton, web_server, world, mail_server):
    home = world.home
    with home.scope():
        survey = live_survey(home, name="After delivery")
        for number in range(3):
            deliver(home, new_customer(f"Guest{number}"))
    anton.goto(web_server.url + home.url(f"surveys/{survey.pk}/send/"))
    sound(anton, "send-empty")
    anton.get_by_label("After the milestone").select_option(label="Order delivered")
    anton.get_by_label("Ask this much later").fill("2")
    anton.get_by_label("Unit").select_option("days")
    anton.get_by_role("button", name="Add rule").click()
    expect(anton.get_by_role("heading", name="2 days after “Order delivered”")).to_be_visible()
    expect(anton.get_by_text("3 customers reached this milestone in the last 28 days.")).to_be_visible()
    sound(anton, "send")
    with home.scope():
        assert Distribution.objects.get().delay_minutes == 2880

    anton.goto(web_server.url + home.url(f"surveys/invitations/new/?customer={home.chiara.pk}"))
    expect(anton.get_by_label("E-mail address")).to_have_value("chiara@northwind.example")
    sound(anton, "ask")
    anton.get_by_role("button", name="Ask now").click()
    expect(anton.get_by_text("because Anton Northwind wanted it")).to_be_visible()
    send_due()
    assert len(mail_server.to("chiara@northwind.example")) == 1
    anton.goto(web_server.url + home.url(f"customers/{home.chiara.pk}/"))
    expect(anton.get_by_text("Sent: After delivery")).to_be_visible()


@pytest.mark.parametrize("person, start", [("chiara", "ltr"), ("karim", "rtl")])
def test_customer_leaves_and_comes_back_on_the_page(browser_page, web_server, world, person, start):
    page = browser_page
    with world.home.scope():
        customer = getattr(world.home, person)
        invitation = make_invitation(world.home, make_live_survey(world.home), customer=customer)
    page.goto(f"{web_server.url}/u/{make_token(invitation.id)}/")
    assert page.evaluate("document.documentElement.dir") == start
    sound(page, f"leave-{start}")
    page.get_by_role("button").click()
    sound(page, f"left-{start}")
    page.get_by_role("button").click()
    expect(page.get_by_role("status")).to_be_visible()
    assert page.context.cookies() == []


@pytest.mark.parametrize(
    "template, language",
    [("relationship_nps", "en"), ("relationship_nps", "ar"), ("touchpoint_csat", "en"), ("touchpoint_ces", "en")],
)
def test_mail_is_sound_in_both_colours_and_directions_and_has_targets_of_44_pixels(
    browser_page, world, template, language
):
    page = browser_page
    with world.home.scope():
        shown = instrument(live_survey(world.home, template).versions.get())
        sender = Sender.of(world.home.organization)
    mail = write_survey_mail(
        SurveyMail(shown, language, make_token(shown.id), "chiara@northwind.example", "Chiara Conti", "Support call"),
        sender=sender,
    )
    page.set_viewport_size({"width": 600, "height": 780})
    page.set_content(str(mail.alternatives[0][0]))
    sound(page, f"mail-{template}-{language}")
    rows = {}
    for width in (600, 390):
        page.set_viewport_size({"width": width, "height": 780})
        boxes = [link.bounding_box() for link in page.locator("a[href*='score=']").all()]
        assert all(box["width"] >= 44 and box["height"] >= 44 for box in boxes)
        tops = [box["y"] for box in boxes]
        rows[width] = [tops.count(top) for top in sorted(set(tops))]
        first, second = boxes[0]["x"], boxes[1]["x"]
        assert (first < second) == (language == "en")
    assert rows[600] == [shown.points]
    assert rows[390] == ([6, 5] if shown.points == 11 else [shown.points])
