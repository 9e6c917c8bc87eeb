"""Pages of journeys, and of a customer with everything that happened to them."""

from django.contrib import messages
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from customers.models import Suppression
from customers.suppression import suppressions_of
from journeys.editing import move, rename
from journeys.forms import NameForm
from journeys.models import Stage, Touchpoint
from journeys.timeline import timeline_of
from tenancy.roles import Role, get_for_role

EDITABLE = {"journey": "journeys", "stage": "stages", "touchpoint": "touchpoints"}


@require_GET
def journey_list(request: HttpRequest, org: str) -> HttpResponse:
    touchpoints = Touchpoint.objects.prefetch_related("milestones")
    stages = Stage.objects.prefetch_related(Prefetch("touchpoints", queryset=touchpoints))
    journeys = request.organization.journeys.prefetch_related(Prefetch("stages", queryset=stages))
    may_edit = Role(request.membership.role).includes(Role.ANALYST)
    return render(request, "journeys/journey_list.html", {"journeys": journeys, "may_edit": may_edit})


@require_http_methods(["GET", "POST"])
def journey_rename(request: HttpRequest, org: str, kind: str, pk) -> HttpResponse:
    row = get_for_role(request, Role.ANALYST, _rows(request, kind), pk=pk)
    form = NameForm(request.POST or None, row=row)
    if request.method == "POST" and form.is_valid():
        rename(row, name=form.cleaned_data["name"], by=request.actor)
        messages.success(request, "Saved.")
        return redirect("journey_list", org=org)
    status = 422 if request.method == "POST" else 200
    return render(request, "journeys/rename.html", {"form": form, "row": row, "kind": kind}, status=status)


@require_POST
def journey_move(request: HttpRequest, org: str, kind: str, pk) -> HttpResponse:
    if kind == "journey":
        raise Http404
    row = get_for_role(request, Role.ANALYST, _rows(request, kind), pk=pk)
    move(row, up=request.POST.get("direction") == "up", by=request.actor)
    return redirect("journey_list", org=org)


@require_GET
def customer_detail(request: HttpRequest, org: str, pk) -> HttpResponse:
    customer = get_for_role(request, Role.VIEWER, request.organization.customers, pk=pk)
    suppression = suppressions_of({customer.email_key}).get(customer.email_key) if customer.email_key else None
    role = Role(request.membership.role)
    context = {
        "customer": customer,
        "timeline": timeline_of(customer),
        "suppression": suppression,
        "suppression_words": Suppression.Reason(suppression).label.lower() if suppression else "",
        "consents": customer.consents.order_by("-at")[:10],
        "may_edit": role.includes(Role.AGENT) and customer.erased_at is None,
        "may_release": role.includes(Role.ANALYST),
        "may_erase": role.includes(Role.ADMIN) and customer.erased_at is None,
    }
    return render(request, "journeys/customer_detail.html", context)


def _rows(request: HttpRequest, kind: str):
    if kind not in EDITABLE:
        raise Http404
    return getattr(request.organization, EDITABLE[kind])
