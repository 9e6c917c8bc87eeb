"""The table of people, and the page of one."""

from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from alerts.proof.people.coaching import coaching_of
from alerts.proof.people.figures import people_figures
from alerts.proof.people.seeing import led_by, may_coach, members_of, people_seen_by, teams_seen_by
from alerts.proof.people.words import mean_words, result_words, shown_people, team_tabs
from alerts.proof.section import tabs_of, timespan_of
from tenancy.models import Membership
from tenancy.roles import Role, for_role


@require_safe
@for_role(Role.AGENT)
def loop_team(request: HttpRequest, org: str) -> HttpResponse:
    """Load, promises and recovery by person, of everybody one may see or of one team."""
    span, membership = timespan_of(request, keep=("team",)), request.membership  # type: ignore[attr-defined]
    start, end = span.period.bounds(ZoneInfo(request.organization.time_zone))  # type: ignore[attr-defined]
    teams = teams_seen_by(membership)
    team = next((each for each in teams if str(each.pk) == request.GET.get("team", "")), None)
    people = people_seen_by(membership)
    if team:
        members = members_of(team)
        people = [user for user in people if user.pk in members]
    figures = people_figures(people, start, end, at=timezone.now())
    is_admin, led = Role(membership.role).includes(Role.ADMIN), led_by(membership.user_id)
    may_open = {user.pk: is_admin or user.pk == membership.user_id or user.pk in led for user in people}
    context = {
        "span": span,
        "people": shown_people(figures, slug=org, may_open=may_open),
        "has_places": not request.organization.hides_places,  # type: ignore[attr-defined]
        "mean": mean_words(figures),
        "teams": team_tabs(teams, team, span),
        "tabs": tabs_of(request, "loop_team"),
    }
    return render(request, "alerts/proof/team.html", context, status=422 if span.error else 200)


@require_safe
def loop_person(request: HttpRequest, org: str, pk) -> HttpResponse:
    """One person's figures and what customers said after their loops were closed."""
    person = get_object_or_404(Membership.objects.select_related("user"), user=pk).user
    if not may_coach(request.membership, person.pk):  # type: ignore[attr-defined]
        raise PermissionDenied("This page is for the person, their lead and admins.")
    span = timespan_of(request)
    start, end = span.period.bounds(ZoneInfo(request.organization.time_zone))  # type: ignore[attr-defined]
    figures = people_figures([person], start, end, at=timezone.now())
    context = {
        "span": span,
        "person": person,
        "shown": shown_people(figures, slug=org, may_open={})[0],
        "coaching": coaching_of(person.pk, start, end),
        "results": result_words(figures.people[0].counts),
    }
    return render(request, "alerts/proof/person.html", context, status=422 if span.error else 200)
