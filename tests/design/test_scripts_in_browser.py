"""The scripts of every page, in Chromium, under the content security policy of the app."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.staticfiles import finders
from django.template import engines
from django.test import RequestFactory
from playwright.sync_api import Page, Route, expect

from metrics.charts import NPS, Bucket, trend

pytestmark = pytest.mark.browser

ADDRESS = "http://cxm.test/"
POLICY = "; ".join(
    f"{name} {' '.join(values)}" for name, values in settings.CONTENT_SECURITY_POLICY["DIRECTIVES"].items()
)
KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}

ROWS = """
<ul class="list">
  <li data-row><a href="#first">First</a> <button data-key="e" data-key-label="Resolve">R</button></li>
  <li data-row><a href="#second">Second</a></li>
</ul>
<label>Search <input id="search" data-key="/" data-key-label="Search rows"></label>
<a href="#followups" data-go="f"><span>Follow-ups</span></a>
"""


@pytest.fixture
def show(page: Page) -> Callable[..., Page]:
    """show(content) opens the app's shell with this content; the page must break no policy and raise no error."""
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda line: complaints.append(line.text) if "Content Security Policy" in line.text else None)
    yield lambda content, shortcuts="on": _open(page, content, shortcuts)
    assert complaints == []


def _open(page: Page, content: str, shortcuts: str) -> Page:
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    source = '{% extends "base.html" %}{% block head %}<script src="/static/js/chart.js" defer></script>{% endblock %}'
    html = engines["django"].from_string(f"{source}{{% block content %}}{content}{{% endblock %}}").render({}, request)
    html = html.replace("<html ", f'<html data-shortcuts="{shortcuts}" ')

    def answer(route: Route) -> None:
        path = route.request.url.removeprefix(ADDRESS)
        if route.request.method == "POST":
            return  # never answered: the form stays on its way
        file = finders.find(path.removeprefix("static/").split("?")[0]) if path.startswith("static/") else None
        if file:
            route.fulfill(body=Path(file).read_bytes(), content_type=KINDS[Path(file).suffix])
        else:
            route.fulfill(body=html, content_type="text/html", headers={"Content-Security-Policy": POLICY})

    page.route(f"{ADDRESS}**", answer)
    page.goto(ADDRESS)
    return page


def test_j_and_k_move_through_rows_and_enter_opens(show):
    page = show(ROWS)
    page.keyboard.press("j")
    expect(page.get_by_text("First")).to_be_focused()
    page.keyboard.press("j")
    expect(page.get_by_text("Second")).to_be_focused()
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("#first$"))


def test_keys_are_ignored_while_typing(show):
    page = show(ROWS)
    page.keyboard.press("/")
    expect(page.locator("#search")).to_be_focused()
    page.keyboard.type("jg f")
    expect(page.locator("#search")).to_have_value("jg f")
    assert "#" not in page.url
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    expect(page.get_by_text("First")).to_be_focused()


def test_g_then_a_letter_goes_to_a_place(show):
    page = show(ROWS)
    page.keyboard.press("g")
    page.keyboard.press("f")
    expect(page).to_have_url(re.compile("#followups$"))


def test_question_mark_shows_the_keys_of_this_page(show):
    page = show(ROWS)
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(dialog).to_contain_text("Resolve")
    expect(dialog).to_contain_text("Search rows")
    expect(dialog).to_contain_text("Follow-ups")
    dialog.get_by_role("button", name="Close").click()
    expect(dialog).to_be_hidden()


def test_shortcuts_can_be_switched_off(show):
    page = show(ROWS, shortcuts="off")
    page.keyboard.press("j")
    expect(page.get_by_text("First")).not_to_be_focused()


def test_second_submit_is_swallowed_and_the_button_keeps_its_width(show):
    page = show('<form method="post" action="/send"><button id="b">Send this reply now</button></form>')
    seen = page.evaluate("""async () => {
      const button = document.getElementById("b"), before = button.offsetWidth, refused = [];
      document.addEventListener("submit", (event) => refused.push(event.defaultPrevented));
      button.click();
      await new Promise((done) => setTimeout(done, 20));
      button.click();
      return { words: button.textContent, grew: button.offsetWidth - before, refused };
    }""")
    assert seen == {"words": "Saving", "grew": 0, "refused": [False, True]}


def test_dangerous_button_waits_for_the_typed_words(show):
    page = show(
        '{% include "components/confirm_dialog.html" with id="erase" title="Erase?" text="All goes." action="/erase" '
        'button="Erase" danger=True typed="Acme" %}<button data-dialog="erase">Open</button>'
    )
    page.get_by_role("button", name="Open").click()
    dialog = page.get_by_role("dialog", name="Erase?")
    expect(dialog).to_be_visible()
    erase = dialog.get_by_role("button", name="Erase")
    expect(erase).to_be_disabled()
    dialog.get_by_role("textbox").fill("Acme")
    expect(erase).to_be_enabled()
    dialog.get_by_role("button", name="Cancel").click()
    expect(dialog).to_be_hidden()


def test_menu_closes_on_escape_and_on_a_click_outside(show):
    page = show(
        '<details class="menu" data-menu id="m"><summary>More</summary><div>Inside</div></details><p>Outside</p>'
    )
    inside = page.get_by_text("Inside")
    page.get_by_text("More", exact=True).click()
    expect(inside).to_be_visible()
    page.keyboard.press("Escape")
    expect(inside).to_be_hidden()
    page.get_by_text("More", exact=True).click()
    page.get_by_text("Outside").click()
    expect(inside).to_be_hidden()


def test_arrow_keys_read_a_chart_out(show):
    buckets = [Bucket(f"{day} Mar", f"{day} March: +{day}", float(day), 0.0, 20.0, 1, 1, 1) for day in range(1, 6)]
    svg = trend(buckets, scale=NPS, label="Rising", chart_id="t")
    page = show(f'<figure class="chart">{svg}<output aria-live="polite" data-resting="Rest">Rest</output></figure>')
    output = page.locator("output")
    page.locator("#t").focus()
    page.keyboard.press("ArrowRight")
    expect(output).to_have_text("5 March: +5")
    page.keyboard.press("ArrowLeft")
    expect(output).to_have_text("4 March: +4")
    page.keyboard.press("Home")
    expect(output).to_have_text("1 March: +1")
    page.keyboard.press("Escape")
    expect(output).to_have_text("Rest")


def test_theme_is_shown_at_once(show):
    page = show('<div data-theme-choice><label><input type="radio" name="theme" value="dark">Dark</label></div>')
    page.get_by_label("Dark").check()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(18, 23, 31)"


def test_words_are_announced_in_the_live_region(show):
    page = show("<p>Page</p>")
    page.evaluate("announce('Three rows were assigned.')")
    expect(page.get_by_role("status")).to_have_text("Three rows were assigned.")


def test_form_with_changes_asks_before_it_is_left(show):
    page = show('<form method="post" data-guard><input name="a" aria-label="Name"></form>')
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.get_by_label("Name").press_sequentially("x")
    page.goto(f"{ADDRESS}elsewhere")
    assert asked == ["beforeunload"]
