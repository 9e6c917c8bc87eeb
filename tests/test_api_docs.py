"""The description of the API for people and for programs, and calls to copy with the reader's own key."""

import re
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from cxm.api_urls import urlpatterns
from tenancy.api_keys import SCOPES
from tests.calling import Api
from tests.e2e.browsing import browsing

VERBS = {"get", "post", "patch", "put", "delete"}


def test_the_description_needs_no_key_and_is_the_same_for_all(db):
    described = Client().get("/api/v1/schema/").json()
    assert described["openapi"].startswith("3.")
    assert "/api/v1/responses/batch" in described["paths"]
    assert described["components"]["securitySchemes"]["ApiKey"]["scheme"] == "bearer"


def test_the_page_has_no_inline_script_or_style(db):
    page = Client().get("/api/docs/")
    html = page.content.decode()
    assert re.findall(r"<script(?![^>]*\bsrc=)|<style| style=|\son\w+=", html) == []
    assert "script-src 'self'" in page["Content-Security-Policy"]


@pytest.mark.browser
def test_the_page_lists_every_operation_without_breaking_the_policy(web_server, browser):
    with browsing(browser, web_server.url) as page:
        page.goto(f"{web_server.url}/api/docs/")
        page.get_by_text("Report that a customer reached a milestone", exact=True).wait_for()
        described = Client().get("/api/v1/schema/").json()
        operations = [verb for each in described["paths"].values() for verb in each if verb in VERBS]
        assert page.locator(".opblock").count() == len(operations) > 50


def test_examples_are_shown_with_how_a_key_begins(world):
    api = Api(world.home)
    client = Client()
    client.force_login(world.home.ana)
    html = client.get(world.home.url("settings/api/")).content.decode()
    assert f"Bearer {api.key.prefix}_…" in html
    assert api.secret not in html
    assert "/api/v1/events" in html


def test_examples_are_shown_with_the_new_key_once(world):
    client = Client()
    client.force_login(world.home.ana)
    fields = {"name": "Till", "scopes": ["responses:write"], "valid_for": "", "expires": ""}
    html = client.post(world.home.url("settings/api/"), fields).content.decode()
    match = re.search(r"Bearer (cxm_[0-9a-f]{8}_[\w-]{30,})", html)
    assert match, html[:2000]
    answer = Client().get("/api/v1/organization", headers={"authorization": f"Bearer {match[1]}"})
    assert answer.status_code == 403
    assert timezone.now().strftime("%Y-%m-%d") in html


def test_the_guide_names_every_scope_and_address():
    guide = (Path(__file__).resolve().parent.parent / "docs/api.md").read_text()
    assert [scope for scope in SCOPES if f"`{scope}`" not in guide] == []
    roots = {str(pattern.pattern).split("/")[0] for pattern in urlpatterns}
    assert [root for root in roots if root not in guide] == []
