"""Settings of teams, and of how much each person may have open and when they work."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from alerts.models import StaffSettings, Team
from alerts.owners.forms import LimitsForm, TeamForm
from alerts.owners.staff import Staff, possible_owners
from alerts.owners.teams import StillNamed, delete_team, save_limits, save_team
from tenancy.models import Membership
from tenancy.requests import MemberRequest
from tenancy.roles import Role, for_role, get_for_role


@require_safe
@for_role(Role.ADMIN)
def settings_teams(request: MemberRequest, org: str) -> HttpResponse:
    staff = Staff.now(at=timezone.now())
    limits = {each.user_id: each for each in StaffSettings.objects.select_related("calendar")}
    teams = Team.objects.select_related("lead")
    members = {member.user_id: member for member in possible_owners()}
    people = sorted(staff.people.values(), key=lambda each: str(each).casefold())
    context = {
        "teams": [(team, [str(person) for person, _ in staff.team_of(team)]) for team in teams],
        "people": [(person, members[person.user.pk], limits.get(person.user.pk)) for person in people],
    }
    return render(request, "alerts/settings_teams.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_role(Role.ADMIN)
def team_new(request: MemberRequest, org: str) -> HttpResponse:
    return _edit(request, Team(organization=request.organization))


@require_http_methods(["GET", "HEAD", "POST"])
def team(request: MemberRequest, org: str, pk: UUID) -> HttpResponse:
    return _edit(request, get_for_role(request, Role.ADMIN, Team.objects.all(), pk=pk))


@require_POST
def team_removal(request: MemberRequest, org: str, pk: UUID) -> HttpResponse:
    row: Team = get_for_role(request, Role.ADMIN, Team.objects.all(), pk=pk)
    try:
        delete_team(row, by=request.actor)
        messages.success(request, f"The team {row} is gone. Its follow-ups keep their owners.")
    except StillNamed as error:
        messages.error(request, str(error))
    return redirect("settings_teams", org=org)


@require_http_methods(["GET", "HEAD", "POST"])
def staff_limits(request: MemberRequest, org: str, pk: UUID) -> HttpResponse:
    """`pk` is the membership of the person."""
    member: Membership = get_for_role(request, Role.ADMIN, possible_owners(), pk=pk)
    row = StaffSettings.objects.filter(user=member.user).first() or StaffSettings()
    form = LimitsForm(request.POST if request.method == "POST" else None, settings=row)
    if request.method == "POST" and form.is_valid():
        save_limits(member.user, **form.values, by=request.actor)
        messages.success(request, f"What holds for {member.user} is saved.")
        return redirect("settings_teams", org=org)
    status = 422 if request.method == "POST" else 200
    return render(request, "alerts/settings_limits.html", {"form": form, "person": member.user}, status=status)


def _edit(request: MemberRequest, row: Team) -> HttpResponse:
    form = TeamForm(request.POST if request.method == "POST" else None, row=row)
    is_new = row._state.adding
    if request.method == "POST" and form.is_valid():
        kept = save_team(None if is_new else row, **form.values, by=request.actor)
        messages.success(request, f"The team {kept} is saved.")
        return redirect("settings_teams", org=request.organization.slug)
    context = {"form": form, "row": row, "is_new": is_new}
    return render(request, "alerts/settings_team.html", context, status=422 if request.method == "POST" else 200)
