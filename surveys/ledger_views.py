"""The ledger page: why somebody was, will be or was not asked; and what staff may change about one ask."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from surveys.ask_form import AskForm
from surveys.correcting import NotPossible, mark_delivery, try_again, withdraw
from surveys.ledger import LedgerFilters, ledger_page, status_counts
from surveys.models import Invitation, Survey
from surveys.planning import ask_customer
from surveys.reasons import SHORT
from surveys.replanning import replay, unplanned_events
from tenancy.roles import Role, for_role, get_for_role

SHOWN_UNPLANNED = 20


@require_GET
@for_role(Role.VIEWER)
def invitation_list(request: HttpRequest, org: str) -> HttpResponse:
    filters = LedgerFilters.read(request.GET)
    counts = status_counts(filters)
    page = ledger_page(filters, cursor=request.GET.get("after", ""))
    context = {
        "filters": filters,
        "page": page,
        "tabs": [("All", filters.as_query(status=None), not filters.status, sum(counts.values()))]
        + [
            (status.label, filters.as_query(status=status), filters.status == status, counts.get(status, 0))
            for status in Invitation.Status
            if counts.get(status) or filters.status == status
        ],
        "unknown": counts.get(Invitation.Status.UNKNOWN, 0),
        "unknown_url": filters.as_query(status=Invitation.Status.UNKNOWN),
        "unplanned": unplanned_events()[:SHOWN_UNPLANNED] if not filters.pills() else [],
        "pills": filters.pills(),
        "surveys": Survey.objects.order_by("name"),
        "reasons": SHORT.items(),
        "next_url": filters.as_query(after=page.next_cursor) if page.next_cursor else "",
        "first_url": filters.as_query() if request.GET.get("after") else "",
        "is_empty": not page.rows and not unplanned_events().exists() and not Invitation.objects.exists(),
        "may_change": Role(request.membership.role).includes(Role.ANALYST),  # type: ignore[attr-defined]
    }
    return render(request, "surveys/invitation_list.html", context)


@require_http_methods(["GET", "POST"])
@for_role(Role.ANALYST)
def invitation_new(request: HttpRequest, org: str) -> HttpResponse:
    """Ask one customer now."""
    form = AskForm(request.POST or None, customer_id=request.GET.get("customer", ""))
    if request.method == "POST" and form.is_valid():
        now, by = timezone.now(), request.actor  # type: ignore[attr-defined]
        customer = form.find_customer(by=by)
        if customer:
            survey, key = form.cleaned_data["survey"], str(form.cleaned_data["key"])
            ask_customer(survey=survey, customer=customer, key=key, by=by, at=now)
            messages.success(request, f"{customer} will be asked as soon as the contact policy allows.")
            return redirect(f"{_ledger(request)}?q={customer.email_key or ''}")
    status = 422 if request.method == "POST" else 200
    return render(request, "surveys/invitation_new.html", {"form": form}, status=status)


@require_POST
def invitation_delivery(request: HttpRequest, org: str, pk) -> HttpResponse:
    """Say whether a mail of unknown fate arrived: `arrived=yes` or `no`."""
    arrived = request.POST.get("arrived") == "yes"
    words = "Marked as sent." if arrived else "Marked as not sent. Nobody is asked again by that."
    return _change(request, pk, mark_delivery, words, arrived=arrived)


@require_POST
def invitation_repetition(request: HttpRequest, org: str, pk) -> HttpResponse:
    return _change(request, pk, try_again, "It will be tried again now.")


@require_POST
def invitation_withdrawal(request: HttpRequest, org: str, pk) -> HttpResponse:
    return _change(request, pk, withdraw, "Taken back: this customer is not asked.")


@require_POST
def unplanned_event_replay(request: HttpRequest, org: str, pk) -> HttpResponse:
    """Plan the asks of an event again, whose planning failed."""
    unplanned = get_for_role(request, Role.ANALYST, unplanned_events(), pk=pk)
    replay(unplanned, by=request.actor, at=timezone.now())  # type: ignore[attr-defined]
    messages.success(request, "It will be planned again now.")
    return redirect(_ledger(request))


def _change(request: HttpRequest, pk, deed: Callable, words: str, **options: object) -> HttpResponse:
    rows = Invitation.objects.select_related("organization")
    invitation = get_for_role(request, Role.ANALYST, rows, pk=pk)
    try:
        deed(invitation, by=request.actor, at=timezone.now(), **options)  # type: ignore[attr-defined]
        messages.success(request, words)
    except NotPossible as error:
        messages.error(request, str(error))
    return redirect(_ledger(request))


def _ledger(request: HttpRequest) -> str:
    return reverse("invitation_list", kwargs={"org": request.organization.slug})  # type: ignore[attr-defined]
