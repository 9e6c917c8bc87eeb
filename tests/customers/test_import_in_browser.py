"""A person brings in a file, in Chromium: the columns answer to a choice, the progress to the worker."""

import os
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Page, expect

from customers.importing import working
from customers.models import Customer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
CSV = "Kundennummer;E-Mail;Kunde;Umsatz;Tarif\nA;a@example.com;Ana;1,234;gold\nB;wrong;Bob;2,345;\n"


@pytest.fixture
def signed_in(page: Page, web_server, world) -> Page:
    """Anton's browser; it must break no policy and raise no error."""
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    client = Client()
    client.force_login(world.home.anton)
    session = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": web_server.url}])
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    if "CXM_SCREENSHOTS" not in os.environ:  # taking a picture styles the page inline
        page.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
    yield page
    assert complaints == []


def sound(page: Page, name: str) -> None:
    """No accessibility violation, and no sideways scroll on the narrowest phone."""
    found = Axe().run(page, options={"runOnly": TAGS}).response["violations"]
    assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found] == []
    if folder := os.environ.get("CXM_SCREENSHOTS"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
    size = page.viewport_size
    page.set_viewport_size({"width": 320, "height": 700})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    if folder:
        page.screenshot(path=Path(folder) / f"{name}-phone.png", full_page=True)
    page.set_viewport_size(size)


def test_file_comes_in_by_hand(signed_in, web_server, world, tmp_path):
    page, file = signed_in, tmp_path / "Kunden März.csv"
    file.write_text(CSV, encoding="cp1252")
    page.goto(web_server.url + world.home.url("customers/imports/"))
    sound(page, "1-empty")
    page.get_by_role("link", name="New import").first.click()
    if page.get_by_role("heading", name="What does your file hold?").is_visible():
        sound(page, "2-kinds")
        page.get_by_role("link", name="Customers").last.click()
    page.get_by_label("File").set_input_files(file)
    sound(page, "3-new")
    page.get_by_role("button", name="Upload and look at it").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Which column is what?")
    expect(page.get_by_label("Column for Value")).to_have_value("3")
    sound(page, "4-mapping")
    page.get_by_label("How Value is written").select_option("comma")
    expect(page.get_by_role("cell", name="1.23", exact=True)).to_be_visible()
    page.get_by_text("Columns without a field").click()
    page.get_by_label("Tarif").check()
    expect(page.get_by_role("columnheader", name="Tarif")).to_be_visible()
    expect(page.get_by_label("How Value is written")).to_have_value("comma")
    sound(page, "5-mapped")
    page.get_by_role("button", name="Check the whole file").click()

    expect(page.get_by_text("Counting the rows")).to_be_visible()
    sound(page, "6-checking")
    working.work(world.home.organization.id)
    button = page.get_by_role("button", name="Import 1 row")
    expect(button).to_be_visible(timeout=10_000)
    expect(page.get_by_text("“wrong” is not an e-mail address.")).to_be_visible()
    sound(page, "7-checked")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download all as CSV").click()
    assert download.value.suggested_filename.startswith("refused-rows-")
    button.click()
    expect(page.get_by_text("Storing the rows")).to_be_visible()
    working.work(world.home.organization.id)
    expect(page.get_by_text("Finished")).to_be_visible(timeout=10_000)
    sound(page, "8-finished")
    page.goto(web_server.url + world.home.url("customers/imports/"))
    sound(page, "9-list")
    with world.home.scope():
        ana = Customer.objects.get(external_id="A")
    assert (ana.name, str(ana.value), ana.attributes) == ("Ana", "1.23", {"Tarif": "gold"})
