"""The pages behind the bell: what one was told, and opening it."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from alerts.notifying.events import EVENTS
from alerts.notifying.inbox import count_unread, count_words, mark_read, shown_to, unread_by
from tenancy.requests import MemberRequest

ROWS_A_PAGE = 50


@require_safe
def notification_list(request: MemberRequest, org: str) -> HttpResponse:
    is_unread_only = request.GET.get("view") == "unread"
    rows = unread_by(request.user) if is_unread_only else shown_to(request.user)
    page = Paginator(rows, ROWS_A_PAGE).get_page(request.GET.get("page"))
    rows_with_events = [(row, EVENTS.get(row.event)) for row in page]
    context = {"page": page, "rows": rows_with_events, "is_unread_only": is_unread_only}
    template = "alerts/_notifications.html" if request.htmx else "alerts/notification_list.html"
    return render(request, template, context)


@require_safe
def notification_bell(request: MemberRequest, org: str) -> HttpResponse:
    """The bell alone, for the pages that ask again every minute."""
    return render(request, "alerts/_bell.html", {"unread": count_words(count_unread(request.user))})


@require_POST
def notification_opening(request: MemberRequest, org: str, pk: UUID) -> HttpResponse:
    """Marks it read and leads to what it is about."""
    row = get_object_or_404(shown_to(request.user), pk=pk)
    mark_read(shown_to(request.user).filter(pk=pk), at=timezone.now())
    return redirect(f"/o/{org}/{row.path or 'notifications/'}")


@require_POST
def notification_reading(request: MemberRequest, org: str) -> HttpResponse:
    count = mark_read(shown_to(request.user), at=timezone.now())
    messages.success(request, f"{count} marked as read." if count != 1 else "One marked as read.")
    return redirect("notification_list", org=org)
