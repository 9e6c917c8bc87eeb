"""The editor of rules with its script: rows come and go, the rule is tried, and saving leads back to the list."""

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def ana(page: Page, web_server, world) -> Page:
    client = Client()
    client.force_login(world.home.ana)
    session = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": web_server.url}])
    page.goto(web_server.url + world.home.url("settings/rules/"))
    return page


def test_a_rule_from_a_start_is_changed_tried_and_saved(ana):
    ana.get_by_role("link", name="A detractor at a moment of truth").click()
    ana.get_by_label("Name").fill("Low where it counts")
    ana.get_by_role("button", name="Add condition").first.click()
    ana.get_by_label("Score: score").fill("4")
    expect(ana.get_by_label("Name")).to_have_value("Low where it counts")
    ana.get_by_role("button", name="Try it on the last 90 days").click()
    expect(ana.get_by_role("heading", name="Tried on the last 90 days")).to_be_visible()
    ana.get_by_role("button", name="Save").last.click()
    expect(ana.get_by_role("heading", name="Alert rules")).to_be_visible()
    expect(ana.locator("main")).to_have_count(1)
    expect(ana.locator("main")).to_contain_text("Low where it counts")
    assert ana.url.endswith("/settings/rules/")


def test_what_cannot_be_saved_stays_in_the_editor(ana):
    ana.get_by_role("link", name="A detractor", exact=False).first.click()
    ana.get_by_label("Name").fill("")
    ana.get_by_role("button", name="Save").last.click()
    expect(ana.locator("#id_name_error")).to_contain_text("This field is required")
    assert "/settings/rules/new/" in ana.url
