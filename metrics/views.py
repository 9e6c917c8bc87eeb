"""The dashboard's pages."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from metrics.dashboard.choices import Choices, choices_of
from metrics.dashboard.ground import ground_of
from metrics.dashboard.next_step import next_step_of
from metrics.dashboard.numbers import numbers_of
from metrics.dashboard.page import page_of
from metrics.dashboard.tables import TABLES, table_csv
from metrics.days import day_of
from tenancy.roles import Role, for_role


@require_safe
@for_role(Role.VIEWER)
def dashboard(request: HttpRequest, org: str) -> HttpResponse:
    """How the organization is doing. The address is written in one way only: sorted, without defaults."""
    choices = _choices(request)
    is_part = request.htmx and not request.htmx.history_restore_request  # type: ignore[attr-defined]
    if not is_part and not choices.error and request.META["QUERY_STRING"] != choices.query:
        return redirect(choices.url)
    page = page_of(choices)
    template = "metrics/_dashboard.html" if is_part else "metrics/dashboard.html"
    context = {"page": page, "cards": page.cards}
    if page.is_new:
        context["next_step"] = next_step_of(choices.ground, Role(request.membership.role))  # type: ignore[attr-defined]
    response = render(request, template, context, status=422 if choices.error else 200)
    if is_part and not choices.error:
        response["HX-Push-Url"] = choices.url
    patch_vary_headers(response, ["HX-Request"])
    return response


@require_safe
@for_role(Role.VIEWER)
def dashboard_csv(request: HttpRequest, org: str, table: str) -> HttpResponse:
    """One table of the dashboard with the same choices."""
    if table not in TABLES:
        raise Http404("There is no such table.")
    choices = _choices(request)
    name = f"{org}-{choices.instrument.key}-{table}-{choices.period.first}-{choices.period.last}.csv"
    return HttpResponse(
        table_csv(choices, numbers_of(choices), table),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@require_safe
@for_role(Role.VIEWER)
def dashboard_long(request: HttpRequest, org: str) -> HttpResponse:
    """The dashboard by its name, with the same choices."""
    query = request.META.get("QUERY_STRING", "")
    address = reverse("dashboard", kwargs={"org": org})
    return redirect(f"{address}?{query}" if query else address)


def _choices(request: HttpRequest) -> Choices:
    zone = ZoneInfo(request.organization.time_zone)  # type: ignore[attr-defined]
    slug, today = request.organization.slug, day_of(datetime.now(UTC), zone)  # type: ignore[attr-defined]
    return choices_of(request.GET, ground_of(slug=slug, zone=zone, today=today))
