"""What every browser test of the whole product needs: a signed-in page that notices what goes wrong, and its weight."""

import gzip
from collections.abc import Iterator
from contextlib import contextmanager

from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Browser, Page

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
PHONE = {"width": 390, "height": 780}
DESKTOP = {"width": 1440, "height": 900}
NARROWEST = {"width": 320, "height": 640}


@contextmanager
def browsing(browser: Browser, url: str, *, user=None, **options) -> Iterator[Page]:
    """A page of its own context, signed in as `user`; fails when a script, a policy or a file failed meanwhile."""
    # Colours are judged when they stand still.
    context = browser.new_context(reduced_motion="reduce", **options)
    if user is not None:
        client = Client()
        client.force_login(user)
        context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": url}])
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(f"script: {error}"))
    page.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
    yield page
    context.close()
    assert complaints == []


def axe_violations(page: Page) -> list[tuple[str, list[str]]]:
    """What axe finds against WCAG 2.2 A and AA: rule and elements."""
    found = Axe().run(page, options={"runOnly": TAGS}).response["violations"]
    return [(each["id"], [node["html"][:200] for node in each["nodes"]]) for each in found]


@contextmanager
def weighing(page: Page) -> Iterator[dict[str, int]]:
    """Fills a dict with the compressed bytes of what the page loads: `all` and `script`."""
    weight = {"all": 0, "script": 0, "requests": 0}
    replies: list = []
    page.on("response", lambda reply: replies.append(reply))
    yield weight
    for reply in replies:
        if not reply.ok or reply.status in (204, 304):
            continue
        body = reply.body()
        sent = reply.headers.get("content-encoding")
        # The browser hands out bodies unpacked; what travelled is the length said, or what gzip would make of it.
        length = reply.headers.get("content-length")
        size = int(length) if sent and length else len(gzip.compress(body))
        weight["all"] += size
        weight["requests"] += 1
        weight["script"] += size if reply.request.resource_type == "script" else 0
