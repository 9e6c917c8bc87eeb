"""Accounts and settings in Chromium: the walk of a new person, a passkey, and sound for everybody."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Page, expect

from tenancy import invites
from tenancy.api_keys import create_api_key
from tenancy.audit import Actor
from tenancy.roles import Role
from tests.test_access import sign_in_lately
from tests.world import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# Chromium says this of every 403, 404 and 422, which the page shows in words.
EXPECTED = "Failed to load resource: the server responded with a status of 4"
SETTINGS = ("", "organization/", "members/", "api/", "audit/", "exports/")
PERSON = (
    "/profile/",
    "/organizations/new/",
    "/accounts/email/",
    "/accounts/password/change/",
    "/accounts/2fa/",
    "/accounts/2fa/totp/activate/",
    "/accounts/2fa/webauthn/add/",
    "/accounts/sessions/",
    "/accounts/logout/",
)
ENTRANCE = (
    "/accounts/login/",
    "/accounts/signup/",
    "/accounts/password/reset/",
    "/accounts/password/reset/done/",
    "/accounts/confirm-email/",
    "/invitations/nothing/",
)


@pytest.fixture
def browser_page(page: Page, web_server) -> Page:
    """A browser that must break no policy and raise no error."""
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
    page.set_viewport_size({"width": 390, "height": 780})
    yield page
    assert [line for line in complaints if EXPECTED not in line] == []


def sign_in_as(page: Page, user, url: str) -> None:
    client = Client()
    client.force_login(user)
    sign_in_lately(client, user)
    page.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": url}])


def check(page: Page) -> None:
    """Nothing for axe to find, in light and dark; no sideways scroll on the narrowest phone."""
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        found = Axe().run(page, options={"runOnly": TAGS}).response["violations"]
        assert [(page.url, each["id"], [node["html"] for node in each["nodes"]]) for each in found] == []
    for width in (1440, 320):
        page.set_viewport_size({"width": width, "height": 780})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, (page.url, width)


def test_new_person_signs_up_and_lands_in_an_organization_of_their_own(browser_page, web_server, mail_server):
    page = browser_page
    page.goto(web_server.url + "/accounts/signup/")
    page.get_by_label("Your name").fill("Nora New")
    page.get_by_label("Organization").fill("New Ventures")
    page.get_by_label("Email").fill("nora@new.example")
    page.get_by_label("Password").first.fill("a long enough password")
    page.get_by_role("button", name="Sign up").click()
    expect(page).to_have_url(web_server.url + "/accounts/confirm-email/")
    mail = mail_server.wait_for("nora@new.example")
    page.goto(re.search(r"(http\S+/accounts/confirm-email/\S+)", mail.text)[1])
    page.get_by_role("button", name="Confirm").click()
    expect(page).to_have_url(re.compile(r"/o/new-ventures/"))
    page.goto(web_server.url + "/o/new-ventures/settings/members/")
    expect(page.get_by_role("rowheader", name="Nora New")).to_be_visible()


def test_passkey_opens_the_door_without_a_password(browser_page, web_server, world):
    page = browser_page
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    options |= {"isUserVerified": True, "automaticPresenceSimulation": True}
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    sign_in_as(page, world.home.ana, web_server.url)
    page.goto(web_server.url + "/accounts/2fa/webauthn/add/")
    page.get_by_label("Name").fill("Laptop")
    if page.get_by_label("Passwordless").count():
        page.get_by_label("Passwordless").check()
    page.get_by_role("button", name="Add").click()
    page.wait_for_url("**/accounts/2fa/recovery-codes/")
    page.context.clear_cookies()
    page.goto(web_server.url + "/accounts/login/?next=/o/northwind/settings/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page).to_have_url(web_server.url + "/o/northwind/settings/")


@pytest.mark.parametrize("path", ENTRANCE)
def test_entrance_is_sound_for_everybody(browser_page, web_server, path):
    browser_page.goto(web_server.url + path)
    check(browser_page)


@pytest.mark.parametrize("path", PERSON)
def test_pages_about_the_person_are_sound_for_everybody(browser_page, web_server, world, path):
    sign_in_as(browser_page, world.home.ana, web_server.url)
    browser_page.goto(web_server.url + path)
    assert browser_page.url == web_server.url + path
    check(browser_page)


@pytest.mark.parametrize("path", SETTINGS)
def test_settings_are_sound_for_everybody(browser_page, web_server, world, path):
    with world.home.scope():
        actor = Actor.of_user(world.home.ana, ip_address="192.0.2.7")
        invites.invite_member(
            email="a.person.with.a.long.address@elsewhere.example", role=Role.AGENT, by=world.home.ana, actor=actor
        )
        create_api_key(name="Shop", scopes=["events:write", "customers:read"], by=world.home.ana)
    sign_in_as(browser_page, world.home.ana, web_server.url)
    browser_page.goto(web_server.url + world.home.url(f"settings/{path}"))
    check(browser_page)


def test_new_key_is_shown_and_can_be_copied(browser_page, web_server, world):
    page = browser_page
    sign_in_as(page, world.home.ana, web_server.url)
    page.goto(web_server.url + world.home.url("settings/api/"))
    page.get_by_label("Name").fill("Shop")
    page.get_by_label("Read scores").check()
    page.get_by_role("button", name="Create key").click()
    expect(page.locator("#key")).to_have_text(re.compile(r"^cxm_[0-9a-f]{8}_"))
    check(page)


def test_member_is_removed_after_a_question(browser_page, web_server, world):
    page = browser_page
    sign_in_as(page, world.home.ana, web_server.url)
    page.goto(web_server.url + world.home.url("settings/members/"))
    page.get_by_role("button", name="Remove Greta Northwind").click()
    page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    expect(page.locator(".notice-ok")).to_contain_text("Greta Northwind no longer belongs to Northwind.")


def test_wrong_password_is_said_without_leaving_the_page(browser_page, web_server, world):
    page = browser_page
    page.goto(web_server.url + "/accounts/login/")
    page.get_by_label("Email").fill("ana@northwind.example")
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Sign In", exact=True).click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign In", exact=True).click()
    expect(page).to_have_url(re.compile(r"/o/northwind/"))
