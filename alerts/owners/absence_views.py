"""Absences: everybody who works follow-ups says when they are away themselves; admins also for others."""

from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from alerts.forms import possible_owners
from alerts.models import Absence, FollowUp
from alerts.owners.absences import end_absence, plan_hand_over, save_absence
from alerts.owners.forms import AbsenceForm
from tenancy.models import User
from tenancy.requests import MemberRequest
from tenancy.roles import Role, for_role, get_for_role


@require_safe
@for_role(Role.VIEWER)
def absence_list(request: MemberRequest, org: str) -> HttpResponse:
    """Who is away now and later. What is over is no longer shown."""
    now = timezone.now()
    rows = list(Absence.objects.filter(ends_at__gt=now).select_related("user", "delegate"))
    open_counts = FollowUp.objects.active().count_by_owner([each.user_id for each in rows])
    listed = [(row, row.starts_at <= now, open_counts.get(row.user_id, 0), _may_change(request, row)) for row in rows]
    may_add = Role(request.membership.role).includes(Role.AGENT)
    return render(request, "alerts/absence_list.html", {"absences": listed, "may_add": may_add})


@require_http_methods(["GET", "HEAD", "POST"])
@for_role(Role.AGENT)
def absence_new(request: MemberRequest, org: str) -> HttpResponse:
    return _edit(request, Absence(organization=request.organization, user=request.user))


@require_http_methods(["GET", "HEAD", "POST"])
def absence(request: MemberRequest, org: str, pk: UUID) -> HttpResponse:
    return _edit(request, _theirs(request, pk))


@require_POST
def absence_end(request: MemberRequest, org: str, pk: UUID) -> HttpResponse:
    row = _theirs(request, pk)
    end_absence(row, by=request.actor, at=timezone.now())
    messages.success(request, f"{row.user} counts as here again.")
    return redirect("absence_list", org=org)


@require_POST
def absence_handover(request: MemberRequest, org: str, pk: UUID) -> HttpResponse:
    """Leads to what will happen to each; there it is confirmed, and can be undone."""
    row = _theirs(request, pk)
    try:
        deed = plan_hand_over(row, by=request.user)
    except ValueError as refusal:
        messages.error(request, str(refusal))
        return redirect("absence_list", org=org)
    return redirect("bulk_deed", org=org, pk=deed.pk)


def _theirs(request: MemberRequest, pk: UUID) -> Absence:
    """404 when it is not there, 403 when it is a colleague's and this person is no admin."""
    row: Absence = get_for_role(request, Role.AGENT, Absence.objects.select_related("user", "delegate"), pk=pk)
    if not _may_change(request, row):
        raise PermissionDenied("Only admins say when somebody else is away.")
    return row


def _may_change(request: MemberRequest, row: Absence) -> bool:
    return row.user_id == request.user.pk or Role(request.membership.role).includes(Role.ADMIN)


def _edit(request: MemberRequest, row: Absence) -> HttpResponse:
    is_new, is_admin = row._state.adding, Role(request.membership.role).includes(Role.ADMIN)
    people: list[User] = possible_owners() if is_admin and is_new else [row.user]
    form = AbsenceForm(
        request.POST if request.method == "POST" else None,
        absence=row,
        people=people,
        zone=ZoneInfo(request.organization.time_zone),
    )
    if request.method == "POST" and form.is_valid():
        row.user_id = form.user_id
        save_absence(row, **form.values, by=request.actor, at=timezone.now())
        messages.success(request, "The absence is saved.")
        return redirect("absence_list", org=request.organization.slug)
    context = {"form": form, "row": row, "is_new": is_new}
    return render(request, "alerts/absence.html", context, status=422 if request.method == "POST" else 200)
