"""Settings of calendars: when clocks run."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from alerts.calendars import working_time_of
from alerts.models import Calendar
from alerts.notices import moment_words
from alerts.policies.calendar_forms import CalendarForm
from alerts.policies.holidays import next_holidays
from alerts.policies.saving import StillUsed, delete_calendar, save_calendar
from alerts.sla import add_business_hours
from tenancy.requests import MemberRequest
from tenancy.roles import Role, for_role, get_for_role


@require_safe
@for_role(Role.ADMIN)
def settings_calendars(request: MemberRequest, org: str) -> HttpResponse:
    calendars = Calendar.objects.order_by("-is_main", "name")
    return render(request, "alerts/settings_calendars.html", {"calendars": calendars})


@require_http_methods(["GET", "HEAD", "POST"])
@for_role(Role.ADMIN)
def calendar_new(request: MemberRequest, org: str) -> HttpResponse:
    return _edit(request, Calendar(organization=request.organization))


@require_http_methods(["GET", "HEAD", "POST"])
def calendar(request: MemberRequest, org: str, pk: UUID) -> HttpResponse:
    return _edit(request, get_for_role(request, Role.ADMIN, Calendar.objects.all(), pk=pk))


@require_POST
def calendar_removal(request: MemberRequest, org: str, pk: UUID) -> HttpResponse:
    row: Calendar = get_for_role(request, Role.ADMIN, Calendar.objects.all(), pk=pk)
    try:
        delete_calendar(row, by=request.actor, at=timezone.now())
        messages.success(request, f"“{row}” is gone.")
    except StillUsed as error:
        messages.error(request, str(error))
    return redirect("settings_calendars", org=org)


def _edit(request: MemberRequest, row: Calendar) -> HttpResponse:
    data = request.POST if request.method == "POST" else None
    form = CalendarForm(data, calendar=row, organization=request.organization)
    at, status, shown, is_new = timezone.now(), 200, row, row._state.adding
    if request.method == "POST":
        if not form.is_valid():
            status = 422
        elif "preview" in request.POST:
            shown = form.calendar
        else:
            save_calendar(row, values=form.values, by=request.actor, at=at)
            messages.success(request, f"“{row}” is saved.")
            return redirect("settings_calendars", org=request.organization.slug)
    hours = working_time_of(shown, request.organization)
    context = {
        "form": form,
        "row": row,
        "is_new": is_new,
        "holidays": next_holidays(shown.country, shown.subdivision, today=at.astimezone(hours.zone).date()),
        "has_country": bool(shown.country),
        "eight_hours": moment_words(add_business_hours(at, 8, hours), hours.zone),
    }
    return render(request, "alerts/settings_calendar.html", context, status=status)
