"""The first closed loop, in Chromium, with the real worker and the real SMTP server: milestone, mail, phone, follow-up,
reply, closure, dashboard."""

import re

import httpx
import pytest
from django.utils import timezone
from playwright.sync_api import expect

from alerts.models import FollowUp
from surveys.models import Distribution, Invitation
from surveys.survey_templates import TEMPLATES
from surveys.versions import create_survey, publish
from tenancy.api_keys import create_api_key
from tests.e2e.browsing import DESKTOP, PHONE, browsing
from tests.services.waiting import eventually

pytestmark = [pytest.mark.browser, pytest.mark.worker, pytest.mark.django_db(transaction=True)]

WORDS = "The parcel was wet. لم يرد أحد على الهاتف."


@pytest.fixture
def key(world) -> str:
    """An API key of an organization whose survey is live after each delivery."""
    home = world.home
    with home.scope():
        survey = create_survey(
            template=TEMPLATES["touchpoint_nps"], name="After delivery", touchpoint=home.delivery, by=home.ana
        )
        publish(survey, by=home.ana, at=timezone.now())
        Distribution.objects.create(survey=survey, milestone=home.delivered, delay_minutes=0)
        return create_api_key(name="shop", scopes=["events:write"], by=home.ana)[1]


def test_a_customer_is_asked_answers_three_and_the_loop_is_closed(
    world, web_server, mail_server, celery_worker_process, browser, key
):
    home = world.home
    with browsing(browser, web_server.url, user=home.anton, viewport=DESKTOP) as manager:
        manager.goto(web_server.url + home.url())
        expect(manager.locator("main")).not_to_contain_text("n = 1")

    _report(web_server.url, key, home.chiara.email)
    asked = mail_server.wait_for(home.chiara.email, within=30)
    links = re.findall(r'href="(http[^"]+score=\d+)"', asked.html)
    assert len(dict.fromkeys(links)) == 11
    link = next(link for link in links if link.endswith("score=3"))

    with browsing(browser, web_server.url, viewport=PHONE, java_script_enabled=False, has_touch=True) as phone:
        phone.goto(link)
        expect(phone.locator("input[name=score][value='3']")).to_be_checked()
        phone.locator("textarea").fill(WORDS)
        phone.get_by_label("Yes").check()
        phone.get_by_role("button", name="Send").last.click()
        phone.wait_for_url("**/done/")
        expect(phone.locator("main")).to_contain_text("sorry")

    told = mail_server.wait_for(home.greta.email, within=30)
    assert "gave 3" in told.subject
    _close_the_loop(browser, web_server.url, home, mail_server)

    with browsing(browser, web_server.url, user=home.anton, viewport=DESKTOP) as manager:
        manager.goto(web_server.url + home.url())
        expect(manager.locator("main")).to_contain_text("−100")
        expect(manager.locator("main")).to_contain_text("n = 1")
        expect(manager.locator("main")).to_contain_text("The parcel was wet.")
        manager.goto(web_server.url + home.url(f"customers/{home.chiara.pk}/"))
        for line in ("Order delivered", "The parcel was wet.", "Asked"):
            expect(manager.locator(".timeline")).to_contain_text(line)


def test_the_same_milestone_reported_twice_asks_once(world, web_server, mail_server, celery_worker_process, key):
    for _ in range(2):
        _report(web_server.url, key, world.home.chiara.email)
    mail_server.wait_for(world.home.chiara.email, within=30)
    with world.home.scope():
        eventually(lambda: Invitation.objects.filter(status="sent").exists(), within=10)
        assert Invitation.objects.count() == 1
    assert len(mail_server.to(world.home.chiara.email)) == 1


def _report(url: str, key: str, email: str) -> None:
    event = {
        "customer": {"email": email},
        "milestone": "order.delivered",
        "occurred_at": timezone.now().isoformat(),
        "idempotency_key": "order-1",
    }
    answer = httpx.post(f"{url}/api/v1/events", json=event, headers={"Authorization": f"Bearer {key}"})
    assert answer.status_code in (200, 201), answer.text


def _close_the_loop(browser, url: str, home, mail_server) -> None:
    """Greta on her desk: acknowledge, reply, resolve, close; the customer has the reply in the mailbox."""
    with browsing(browser, url, user=home.greta, viewport=DESKTOP) as desk:
        desk.goto(url + home.url("followups/1/"))
        expect(desk.locator("main")).to_contain_text("The parcel was wet.")
        desk.get_by_role("button", name="Acknowledge").click()
        expect(desk.locator("#follow-up")).to_contain_text("Acknowledged")
        desk.keyboard.press("r")
        desk.locator("#replies_text").fill("I am sorry. A new one leaves today.")
        desk.get_by_role("button", name="Send the reply").click()
        expect(desk.locator(".timeline")).to_contain_text("A new one leaves today.")
        assert "A new one leaves today." in _reply(mail_server, home).text
        desk.keyboard.press("e")
        desk.locator("#resolution_outcome").select_option("recovered")
        desk.locator("#resolution_root_cause").select_option("delivery")
        desk.locator("#resolution_text").fill("A new one was sent")
        desk.locator("#resolution button[type=submit]").click()
        expect(desk.locator("#follow-up")).to_contain_text("Resolved")
        desk.keyboard.press("e")
        desk.locator("#closure_text").fill("Told them when it arrives")
        desk.locator("#closure button[type=submit]").click()
        expect(desk.locator(".timeline")).to_contain_text("Loop closed")
    with home.scope():
        assert FollowUp.objects.get().state == "closed"


def _reply(mail_server, home):
    return eventually(
        lambda: next((mail for mail in mail_server.to(home.chiara.email) if "leaves today" in mail.text), None),
        within=30,
        what="the reply",
    )
