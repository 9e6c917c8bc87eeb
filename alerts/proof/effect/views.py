"""The page of the effect."""

from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from alerts.proof.effect.page import effect_page
from alerts.proof.section import tabs_of, timespan_of
from tenancy.roles import Role, for_role


@require_safe
@for_role(Role.ANALYST)
def loop_effect(request: HttpRequest, org: str) -> HttpResponse:
    """Whether following up helps."""
    span = timespan_of(request, keep=("measure",))
    zone = ZoneInfo(request.organization.time_zone)  # type: ignore[attr-defined]
    page = effect_page(span, zone=zone, measure=request.GET.get("measure", ""))
    context = {"span": span, "page": page, "tabs": tabs_of(request, "loop_effect")}
    return render(request, "alerts/proof/effect.html", context, status=422 if span.error else 200)
