"""Dashboards by their links: /share/<token>/ and /tv/<token>/. No session, no cookie, no script, nothing in caches.

What is shown is what the link says; parameters in the address change nothing.
"""

import math
from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_safe
from limits import parse

from metrics.sharing.links import link_behind, note_opened
from metrics.sharing.page import shared_page
from tenancy.audit import client_address
from tenancy.rate_limits import now, take

# By the caller's address, before anything is looked up: guessing costs PostgreSQL no more than that.
LIMIT = parse("120/minute")
# Where a link leads is nobody's business.
HEADERS = {"Referrer-Policy": "no-referrer", "Cache-Control": "no-store"}
# Seconds after which browsers load a screen on the wall again, by themselves and without script.
TV_EVERY = 60


@login_not_required
@require_safe
def shared_dashboard(request: HttpRequest, token: str) -> HttpResponse:
    return _shown(request, token, "metrics/shared.html", {})


@login_not_required
@require_safe
def tv(request: HttpRequest, token: str) -> HttpResponse:
    """The same for a screen on a wall: large, dark, and made anew every minute."""
    return _shown(request, token, "metrics/tv.html", {"Refresh": TV_EVERY})


def _shown(request: HttpRequest, token: str, template: str, headers: dict) -> HttpResponse:
    if (reset_at := take(LIMIT, f"links:{client_address(request)}")) is not None:
        seconds = max(1, math.ceil(reset_at - now()))
        return _answer("metrics/shared_busy.html", {}, status=429, headers={"Retry-After": seconds, "Refresh": seconds})
    at = timezone.now()
    with link_behind(token) as link:
        page = shared_page(link, at=at) if link else None
        if link is None or page is None:
            # Unknown, expired, revoked, or about a survey that is gone: the same page, so that nobody learns which.
            return _answer("metrics/shared_gone.html", {}, status=404)
        if request.method == "GET":
            note_opened(link, at=at)
        zone = ZoneInfo(link.organization.time_zone)
    with timezone.override(zone):
        return _answer(template, {"page": page, "cards": page.cards}, headers=headers)


def _answer(template: str, context: dict, *, status: int = 200, headers: dict | None = None) -> HttpResponse:
    return HttpResponse(render_to_string(template, context), status=status, headers={**HEADERS, **(headers or {})})
