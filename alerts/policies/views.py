"""Settings of policies: what is promised, to whom, and who hears when the time runs out."""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from alerts.clocks import clock_calendar, first_contact_due_at, resolution_due_at
from alerts.escalation.moments import step_moment
from alerts.models import EscalationStep, Promise, SlaPolicy
from alerts.notices import moment_words
from alerts.policies.forms import PolicyForm, steps_form
from alerts.policies.saving import Step, StillUsed, delete_policy, save_policy
from alerts.sla import business_time_between
from tenancy.models import Organization
from tenancy.requests import MemberRequest
from tenancy.roles import Role, for_role, get_for_role


@require_http_methods(["GET", "HEAD", "POST"])
@for_role(Role.ADMIN)
def policy_new(request: MemberRequest, org: str) -> HttpResponse:
    return _edit(request, SlaPolicy(organization=request.organization))


@require_http_methods(["GET", "HEAD", "POST"])
def policy(request: MemberRequest, org: str, pk: UUID) -> HttpResponse:
    rows = SlaPolicy.objects.select_related("calendar")
    return _edit(request, get_for_role(request, Role.ADMIN, rows, pk=pk))


@require_POST
def policy_removal(request: MemberRequest, org: str, pk: UUID) -> HttpResponse:
    row: SlaPolicy = get_for_role(request, Role.ADMIN, SlaPolicy.objects.all(), pk=pk)
    try:
        delete_policy(row, by=request.actor)
        messages.success(request, f"“{row}” is gone.")
    except StillUsed as error:
        messages.error(request, str(error))
    return redirect("settings_sla", org=org)


def _edit(request: MemberRequest, row: SlaPolicy) -> HttpResponse:
    data = request.POST if request.method == "POST" else None
    form, steps = PolicyForm(data, policy=row), steps_form(data, policy=row)
    at, status, example = timezone.now(), 200, []
    if request.method == "POST":
        if not (form.is_valid() and steps.is_valid()):
            status = 422
        elif "preview" in request.POST:
            filled = SlaPolicy(organization_id=row.organization_id, **form.values)
            example = example_of(filled, steps.steps, request.organization, at=at)
        else:
            save_policy(row, values=form.values, steps=steps.steps, by=request.actor, at=at)
            messages.success(request, f"“{row}” is saved. Times hold for what opens from now on, steps for all.")
            return redirect("settings_sla", org=request.organization.slug)
    context = {"form": form, "steps": steps, "row": row, "is_new": row._state.adding, "example": example}
    return render(request, "alerts/settings_policy.html", context, status=status)


def example_of(policy: SlaPolicy, steps: list[Step], organization: Organization, *, at: datetime) -> list[str]:
    """What the policy means for an answer of this moment, line by line in the order of time."""
    calendar, zone = clock_calendar(policy, organization), ZoneInfo(organization.time_zone)
    due = {
        Promise.FIRST_CONTACT: first_contact_due_at(policy, calendar, start=at),
        Promise.RESOLUTION: resolution_due_at(policy, calendar, start=at),
    }
    lines = [(due_at, f"{promise.label} is due.") for promise, due_at in due.items()]
    for step in steps:
        promise, due_at = Promise(step.promise), due[Promise(step.promise)]
        budget = business_time_between(at, due_at, calendar)
        moment = step_moment(step.percent, due_at=due_at, budget=budget, calendar=calendar)
        whom = step.person or EscalationStep.Tells(step.tells).label.lower()
        what = f"{promise.label}, {step.percent} % used: {whom} would be told."
        lines.append((moment, what))
    return [f"{moment_words(moment, zone)}: {what}" for moment, what in sorted(lines)]
