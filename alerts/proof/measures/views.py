"""The page of the loop measures."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from alerts.proof.measures.page import loop_page
from alerts.proof.section import tabs_of, timespan_of
from tenancy.roles import Role, for_role


@require_safe
@for_role(Role.ANALYST)
def loop(request: HttpRequest, org: str) -> HttpResponse:
    """How the loop runs, for those who run it."""
    span = timespan_of(request, keep=("by",))
    page = loop_page(span, by=request.GET.get("by", ""))
    context = {
        "span": span,
        "page": page,
        "tabs": tabs_of(request, "loop"),
        "may_ask_again": Role(request.membership.role).includes(Role.ADMIN),  # type: ignore[attr-defined]
    }
    return render(request, "alerts/proof/loop.html", context, status=422 if span.error else 200)
