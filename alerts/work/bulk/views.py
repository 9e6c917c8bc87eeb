"""Pages of bulk deeds: choosing rows, choosing the deed, seeing beforehand, doing it, its progress, and undoing it."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from alerts.models import BulkDeed, FollowUp
from alerts.queue_page import LINKED, VIEWS, day_of
from alerts.work.bulk import working
from alerts.work.bulk.registry import all_deeds, deed_of
from alerts.work.filters import QueueFilters
from tenancy.roles import Role, for_role, get_for_role

ROWS_SHOWN = 50


@require_POST
@for_role(Role.AGENT)
def bulk_deeds(request: HttpRequest, org: str) -> HttpResponse:
    """The rows that were chosen become a deed that is still to be named."""
    query = QueryDict(request.POST.get("query", "")[:2000])
    back = f"{reverse('follow_up_queue', kwargs={'org': org})}?{query.urlencode()}"
    try:
        rows = _all_rows(request, query) if request.POST.get("all") else _ticked_rows(request)
        deed = working.prepare(rows, by=request.user)  # type: ignore[arg-type]
    except ValueError as refusal:
        messages.error(request, str(refusal))
        return redirect(back)
    return redirect("bulk_deed", org=org, pk=deed.pk)


@require_safe
def bulk_deed(request: HttpRequest, org: str, pk) -> HttpResponse:
    return _show(request, _own(request, pk))


@require_POST
def bulk_deed_plan(request: HttpRequest, org: str, pk, key: str) -> HttpResponse:
    """Name what is to be done; nothing is done yet."""
    deed, kind = _own(request, pk), deed_of(key)
    if kind is None:
        raise Http404
    form = kind.form(request.POST, prefix=key)
    if not form.is_valid():
        return _show(request, deed, bound={key: form}, status=422)
    if deed.due_at is None and deed.done_at is None:
        working.plan(deed, kind, kind.values_of(form))
    return redirect("bulk_deed", org=org, pk=pk)


@require_POST
def bulk_deed_start(request: HttpRequest, org: str, pk) -> HttpResponse:
    deed = _own(request, pk)
    working.start(deed, at=timezone.now())
    return redirect("bulk_deed", org=org, pk=deed.pk)


@require_POST
def bulk_deed_undoing(request: HttpRequest, org: str, pk) -> HttpResponse:
    deed = _own(request, pk)
    try:
        working.undo(deed, by=request.actor, at=timezone.now())  # type: ignore[attr-defined]
    except ValueError as refusal:
        messages.error(request, str(refusal))
    return redirect("bulk_deed", org=org, pk=deed.pk)


def _own(request: HttpRequest, pk) -> BulkDeed:
    """A deed of this person; those of others are not there."""
    return get_for_role(request, Role.AGENT, BulkDeed.objects.filter(by=request.user), pk=pk)


def _ticked_rows(request: HttpRequest) -> list[tuple[int, int]]:
    """(number, version) of every ticked box."""
    pairs = [text.partition(":")[::2] for text in request.POST.getlist("row")[: working.MOST + 1]]
    if not all(part.isdecimal() and len(part) < 10 for pair in pairs for part in pair):
        raise ValueError("Choose the rows again.")
    return [(int(number), int(version)) for number, version in pairs]


def _all_rows(request: HttpRequest, query: QueryDict) -> list[tuple[int, int]]:
    """(number, version) of everything the view holds now; one more than may be, at most."""
    organization, at = request.organization, timezone.now()  # type: ignore[attr-defined]
    view = query.get("view", "all")
    if view not in (*VIEWS, *LINKED):
        raise ValueError("There is no such view: choose the rows again.")
    rows = organization.follow_ups.in_view(view, user=request.user, at=at, day=day_of(organization, at))
    rows = QueueFilters(query, user=request.user).apply(rows)  # type: ignore[arg-type]
    return list(rows.values_list("number", "version")[: working.MOST + 1])


def _show(
    request: HttpRequest, deed: BulkDeed, *, bound: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    counts, kind = working.counts_of(deed), deed_of(deed.deed)
    context: dict[str, Any] = {"deed": deed, "counts": counts, "title": kind.words(deed.values) if kind else ""}
    if deed.done_at is None and deed.due_at is None:
        context["choices"] = [
            {
                "kind": each,
                "form": (bound or {}).get(each.key)
                or each.form(prefix=each.key, initial=each.initial(deed.values) if each is kind else None),
                "is_open": each is kind,
            }
            for each in ([] if kind and not kind.is_offered else all_deeds())
        ]
        context["open"] = next(iter(bound or ()), "")
        if kind and not bound:
            context["page"] = page = _page(request, deed.rows)
            context["foreseen"] = working.foresee(deed, list(page))
            context["will"] = deed.values.get(working.WILL, 0)
        template = "alerts/bulk_deed_plan.html"
    else:
        names = dict(
            FollowUp.objects.filter(number__in=[row["number"] for row in _page(request, deed.rows)]).values_list(
                "number", "customer__name"
            )
        )
        page = _page(request, deed.rows)
        context |= {
            "page": page,
            "rows": [{"name": names.get(row["number"], ""), **row} for row in page],
            "is_running": deed.due_at is not None,
            "finished": counts["all"] - counts["left"],
            "may_undo": _may_undo(deed),
            "undo_seconds": int(working.UNDO_SHOWN.total_seconds()),
        }
        template = "alerts/_bulk_deed_state.html" if request.htmx else "alerts/bulk_deed.html"  # type: ignore[attr-defined]
    return render(request, template, context, status=status)


def _may_undo(deed: BulkDeed) -> bool:
    if deed.done_at is None or deed.undone_at or not any(row.get("ok") for row in deed.rows):
        return False
    return timezone.now() <= deed.done_at + working.UNDO_ACCEPTED


def _page(request: HttpRequest, rows: list) -> Any:
    return Paginator(rows, ROWS_SHOWN).get_page(request.GET.get("page"))
