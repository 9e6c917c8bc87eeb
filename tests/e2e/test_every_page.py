"""Every page of the app in Chromium: no barrier axe knows, no policy broken, nothing wider than a phone, few bytes."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.alerts.access import a_delivery_given_up
from tests.alerts.answering import evaluate, give_answers
from tests.e2e.browsing import DESKTOP, NARROWEST, axe_violations, browsing, weighing
from tests.metrics.access import a_dashboard_link
from tests.metrics.aiming import a_target
from tests.metrics.answers import answer, make_survey

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

KILOBYTE = 1024
SCRIPT_LIMIT = 30 * KILOBYTE
# Path beneath the organization, and what a first visit may weigh, compressed.
PAGES = {
    "": 90,
    "dashboard/views/": 60,
    "dashboard/views/?period=year": 60,
    "targets/": 60,
    "targets/new/": 60,
    "dashboard/links/": 60,
    "dashboard/links/?measure=nps": 60,
    "followups/?view=all": 70,
    "followups/1/": 70,
    "followups/views/": 60,
    "followups/views/?priority=urgent&view=all": 60,
    "followups/set-aside/": 60,
    "responses/": 70,
    "surveys/": 60,
    "surveys/new/": 60,
    "surveys/invitations/": 70,
    "journeys/": 80,
    "customers/": 60,
    "customers/new/": 60,
    "customers/imports/": 60,
    "customers/imports/new/": 60,
    "notifications/": 60,
    "notifications/choices/": 60,
    "settings/": 45,
    "settings/organization/": 60,
    "settings/members/": 60,
    "settings/api/": 60,
    "settings/audit/": 60,
    "settings/rules/": 60,
    "settings/rules/new/?start=moment": 60,
    "settings/rules/new/?start=threshold": 60,
    "settings/sla/": 60,
    "settings/playbooks/": 60,
    "settings/playbooks/new/": 60,
    "settings/templates/": 60,
    "settings/templates/new/": 60,
    "settings/recovery/": 60,
    "settings/root-causes/": 60,
    "loop/": 60,
    "loop/effect/": 60,
    "loop/team/": 60,
    "loop/initiatives/": 60,
    "loop/initiatives/new/": 60,
    "settings/channels/": 60,
    "settings/channels/new/webhook/": 60,
    "settings/channels/deliveries/": 60,
    "settings/sla/policies/new/": 60,
    "settings/calendars/": 60,
    "settings/calendars/new/": 70,
    "settings/owners/?q=Chiara": 60,
    "settings/owners/new/by_region/": 60,
    "settings/teams/": 60,
    "settings/teams/new/": 60,
    "absences/": 60,
    "absences/new/": 60,
}
# For people without an account, by the token of a link; no script at all.
SHARED = ("share", "tv")


@pytest.fixture
def ground(world):
    give_answers(world.home, 3, 9, 10, 7, verbatim="Broken on arrival")
    evaluate(world.home)
    with world.home.scope():
        a_delivery_given_up(world.home)
        a_target(world.home, start=timezone.localdate() - timedelta(60), by=timezone.localdate() + timedelta(60))
    return world.home


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_have_no_barriers_and_fit_the_narrowest_phone(ground, web_server, browser, scheme):
    found = {}
    with browsing(browser, web_server.url, user=ground.ana, viewport=DESKTOP, color_scheme=scheme) as page:
        for path in PAGES:
            page.set_viewport_size(DESKTOP)
            reply = page.goto(web_server.url + ground.url(path))
            assert reply.status == 200, path
            if violations := axe_violations(page):
                found[path] = violations
            page.set_viewport_size(NARROWEST)
            width = page.evaluate("document.documentElement.scrollWidth")
            if width > NARROWEST["width"]:
                found[f"{path} is wide"] = width
    assert found == {}


def test_first_visits_stay_within_their_bytes(ground, web_server, browser):
    heavy = {}
    for path, limit in PAGES.items():
        with browsing(browser, web_server.url, user=ground.ana, viewport=DESKTOP) as page:
            with weighing(page) as weight:
                page.goto(web_server.url + ground.url(path), wait_until="networkidle")
            if weight["all"] > limit * KILOBYTE or weight["script"] > SCRIPT_LIMIT:
                heavy[path] = weight
    assert heavy == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_dashboards_by_a_link_have_no_barriers_and_no_script(world, web_server, browser, scheme):
    with world.home.scope():
        answer(make_survey(), [10] * 30 + [3] * 10, touchpoint=world.home.delivery)
        _, token = a_dashboard_link(world.home)
    with browsing(browser, web_server.url, viewport=DESKTOP, color_scheme=scheme) as page:
        for place in SHARED:
            page.set_viewport_size(DESKTOP)
            with weighing(page) as weight:
                reply = page.goto(f"{web_server.url}/{place}/{token}/", wait_until="networkidle")
            assert reply.status == 200
            assert page.get_by_text("n = 40").is_visible()
            assert axe_violations(page) == [], place
            assert weight["script"] == 0
            assert weight["all"] < 40 * KILOBYTE
            page.set_viewport_size(NARROWEST)
            assert page.evaluate("document.documentElement.scrollWidth") <= NARROWEST["width"], place
        for width, height in ((1920, 1080), (1080, 1920), (390, 780)):
            page.set_viewport_size({"width": width, "height": height})
            size = page.evaluate("parseFloat(getComputedStyle(document.querySelector('.tv-value')).fontSize)")
            assert size >= 0.139 * height, "read from across the room"
            assert page.evaluate("document.documentElement.scrollHeight") <= height, "all of it at a glance"
        assert page.context.cookies() == []
