"""The dashboard's pages."""

from collections.abc import Sequence
from dataclasses import replace

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from metrics.dashboard.choices import Choices, choices_of
from metrics.dashboard.ground import Ground, ground_now
from metrics.dashboard.kept import kept_choices
from metrics.dashboard.next_step import next_step_of
from metrics.dashboard.numbers import numbers_of
from metrics.dashboard.page import page_of
from metrics.dashboard.tables import TABLES, table_csv
from metrics.models import DashboardView
from metrics.periods import DEFAULT
from metrics.saved_views.saving import views_for
from metrics.saved_views.tabs import missing_words, saved_views_beside, url_of
from metrics.targets.aim import new_target_url
from tenancy.requests import MemberRequest
from tenancy.roles import Role, for_role, get_for_role


@require_safe
@for_role(Role.VIEWER)
def dashboard(request: MemberRequest, org: str) -> HttpResponse:
    """How the organization is doing. The address is written in one way only: sorted, without defaults.

    Where the organization has a first view, the bare address opens it, and what has no choices at all says its period.
    """
    views = views_for(request.user)
    ground, first = ground_with(request, views), next((view for view in views if view.is_first), None)
    if first and not request.META["QUERY_STRING"]:
        return redirect(url_of(first, ground))
    choices = choices_of(request.GET, ground)
    if not _is_part(request) and not choices.error and request.META["QUERY_STRING"] != choices.query:
        return redirect(choices.url)
    response = _page(request, choices, views)
    if _is_part(request) and not choices.error:
        response["HX-Push-Url"] = choices.url
    return response


@require_safe
def dashboard_view(request: MemberRequest, org: str, pk) -> HttpResponse:
    """A view by its own address: leads to its choices, or shows what is left of them and says what is gone."""
    mine = DashboardView.objects.filter(Q(user=request.user) | Q(user__isnull=True))
    view: DashboardView = get_for_role(request, Role.VIEWER, mine, pk=pk)
    views = views_for(request.user)
    ground = ground_with(request, views)
    kept = kept_choices(view.query, ground)
    if kept.is_whole:
        return redirect(kept.choices.url)
    return _page(request, kept.choices, views, shown=view, notice=missing_words(view, kept.missing))


@require_safe
@for_role(Role.VIEWER)
def dashboard_csv(request: MemberRequest, org: str, table: str) -> HttpResponse:
    """One table of the dashboard with the same choices."""
    if table not in TABLES:
        raise Http404("There is no such table.")
    choices = choices_of(request.GET, ground_now(request.organization))
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


def ground_with(request: MemberRequest, views: Sequence[DashboardView]) -> Ground:
    """The ground as this person's addresses are written on it."""
    ground = ground_now(request.organization)
    return replace(ground, plain_query=f"period={DEFAULT}") if any(view.is_first for view in views) else ground


def _is_part(request: MemberRequest) -> bool:
    return bool(request.htmx) and not request.htmx.history_restore_request


def _page(
    request: MemberRequest,
    choices: Choices,
    views: Sequence[DashboardView],
    *,
    shown: DashboardView | None = None,
    notice: str = "",
) -> HttpResponse:
    page, role = page_of(choices), Role(request.membership.role)
    context = {
        "page": page,
        "cards": page.cards,
        "saved": saved_views_beside(choices, views, shown=shown),
        "notice": notice,
        "may_share": role.includes(Role.ANALYST),
        "new_target_url": new_target_url(choices) if role.includes(Role.ANALYST) else "",
        "is_part": _is_part(request),
    }
    if page.is_new:
        context["next_step"] = next_step_of(choices.ground, role)
    template = "metrics/_dashboard.html" if _is_part(request) else "metrics/dashboard.html"
    response = render(request, template, context, status=422 if choices.error else 200)
    patch_vary_headers(response, ["HX-Request"])
    return response
