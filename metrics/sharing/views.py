"""Links to dashboards, as analysts and admins make, list and revoke them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from metrics.dashboard.ground import Ground, ground_now
from metrics.dashboard.kept import cleaned_query, kept_choices
from metrics.dashboard.said import said_filters, said_of
from metrics.models import DashboardLink
from metrics.sharing.forms import LinkForm
from metrics.sharing.links import create_link, revoke_link
from tenancy.requests import MemberRequest
from tenancy.roles import Role, for_role, get_for_role

MOST_LISTED = 200


@dataclass(frozen=True)
class Row:
    """A link in the list. `state`: open, revoked, expired, or empty where what it showed is gone."""

    link: DashboardLink
    said: str
    state: str


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@for_role(Role.ANALYST)
def dashboard_links(request: MemberRequest, org: str) -> HttpResponse:
    """The links and, with a dashboard's choices, the form for a new one.

    Its addresses are shown in the answer to the POST and never again: the token stands in no message, session or log.
    """
    ground, at = ground_now(request.organization), timezone.now()
    context: dict[str, Any] = {}
    status = 200
    if request.method == "POST":
        form = LinkForm(request.POST)
        if form.is_valid() and (token := _created(request, form, ground, at)):
            context["new"] = [
                (words, settings.BASE_URL + reverse(name, args=[token]))
                for name, words in (("shared_dashboard", "The page"), ("tv", "For a screen on the wall"))
            ]
            context["new_name"] = form.cleaned_data["name"]
        else:
            status, context["form"] = 422, form
    elif query := request.META["QUERY_STRING"]:
        query = cleaned_query(query, ground)
        choices = kept_choices(query, ground).choices
        name = ", ".join([choices.instrument.label, *said_filters(choices)])
        context["form"] = LinkForm(initial={"query": query, "name": name[:60]})
    if form := context.get("form"):
        context["said"] = " · ".join(_said(form["query"].value() or "", ground))
    context["rows"] = _rows(ground, at)
    return render(request, "metrics/links.html", context, status=status)


@require_POST
def dashboard_link_revocation(request: MemberRequest, org: str, pk) -> HttpResponse:
    link: DashboardLink = get_for_role(request, Role.ANALYST, DashboardLink.objects.all(), pk=pk)
    revoke_link(link, by=request.actor, at=timezone.now())
    messages.success(request, f"The link “{link.name}” opens nothing any more.")
    return redirect("dashboard_links", org=org)


def _created(request: MemberRequest, form: LinkForm, ground: Ground, at: datetime) -> str:
    """The token of the new link; nothing, and the form says why, where there are too many."""
    try:
        _, token = create_link(
            name=form.cleaned_data["name"],
            query=cleaned_query(form.cleaned_data["query"], ground),
            days=form.cleaned_data["days"],
            author=request.user,
            by=request.actor,
            at=at,
        )
    except ValueError as refusal:
        form.add_error(None, str(refusal))
        return ""
    return token


def _said(query: str, ground: Ground) -> list[str]:
    return said_of(kept_choices(query, ground).choices)


def _rows(ground: Ground, at: datetime) -> list[Row]:
    """The open ones first, then the newest."""
    links = DashboardLink.objects.select_related("created_by").order_by("-created_at")[:MOST_LISTED]
    rows = [Row(link, " · ".join(_said(link.query, ground)), _state(link, ground, at)) for link in links]
    return sorted(rows, key=lambda row: not row.link.is_open(at=at))


def _state(link: DashboardLink, ground: Ground, at: datetime) -> str:
    if link.revoked_at:
        return "revoked"
    if not link.is_open(at=at):
        return "expired"
    return "open" if kept_choices(link.query, ground).is_whole else "empty"
