"""The queue of follow-ups and the page of one."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from alerts.detail import detail_context
from alerts.models import FollowUp
from alerts.quarantine import what_is_set_aside
from alerts.queue_page import Queue
from tenancy.roles import Role, for_role, get_for_role


def follow_ups_of(request: HttpRequest):
    """With everything one page of a follow-up needs."""
    return request.organization.follow_ups.select_related(  # type: ignore[attr-defined]
        "customer",
        "playbook",
        "team",
        "owner",
        "organization",
        "response__survey",
        "response__touchpoint",
        "alert__rule",
        "sla_policy__calendar",
        "merged_into",
    )


@require_safe
@for_role(Role.VIEWER)
def follow_up_queue(request: HttpRequest, org: str) -> HttpResponse:
    at = timezone.now()
    queue = Queue(request, at)
    if "" in request.GET.values():  # a form of filters says what it does not ask for; links compare equal without
        return redirect(f"{queue.address}?{queue.base_query}")
    is_agent = Role(request.membership.role).includes(Role.AGENT)  # type: ignore[attr-defined]
    context = {"queue": queue, "page": queue.page, "sees_people": is_agent, "may_choose": is_agent}
    if request.htmx:  # type: ignore[attr-defined]
        return _varied(render(request, "alerts/_queue.html", context))
    number = request.GET.get("number", "")
    chosen = (
        follow_ups_of(request).filter(number=int(number)).first() if number.isdecimal() and len(number) < 10 else None
    )
    if chosen:
        context |= detail_context(request, chosen) | {"next_number": queue.after(chosen)}
    if Role(request.membership.role).includes(Role.ANALYST):  # type: ignore[attr-defined]
        context["set_aside"] = what_is_set_aside()
    return _varied(render(request, "alerts/follow_up_queue.html", context))


@require_safe
def follow_up_detail(request: HttpRequest, org: str, number: int) -> HttpResponse:
    follow_up = get_for_role(request, Role.VIEWER, follow_ups_of(request), number=number)
    return render_detail(request, follow_up)


def render_detail(request: HttpRequest, follow_up: FollowUp, *, status: int = 200, **extra) -> HttpResponse:
    """The page of one follow-up, or the part of it that htmx puts beside the list."""
    context = detail_context(request, follow_up, **extra)
    context["next_number"] = Queue(request, timezone.now()).after(follow_up)
    is_part = request.htmx  # type: ignore[attr-defined]
    template = "alerts/_follow_up.html" if is_part else "alerts/follow_up_detail.html"
    return _varied(render(request, template, context, status=status))


def _varied(response: HttpResponse) -> HttpResponse:
    patch_vary_headers(response, ["HX-Request"])
    return response
