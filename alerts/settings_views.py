"""Settings of promised times."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from alerts.clocks import clock_calendar
from alerts.models import SlaPolicy
from alerts.notices import moment_words
from alerts.settings import change_promises, standard_policy
from alerts.settings_forms import SlaForm
from alerts.sla import add_business_days, add_business_hours
from tenancy.roles import Role, for_role
from tenancy.working_hours import BusinessCalendar


@require_http_methods(["GET", "POST"])
@for_role(Role.ADMIN)
def settings_sla(request: HttpRequest, org: str) -> HttpResponse:
    organization, policy = request.organization, standard_policy()  # type: ignore[attr-defined]
    form = SlaForm(request.POST or None, organization=organization, policy=policy)
    at, status = timezone.now(), 200
    if request.method == "POST":
        if not form.is_valid() or form.calendar is None:
            status = 422
        elif "preview" in request.POST:
            # Not stored: the example alone goes by it.
            policy, organization.working_hours = form.policy, form.calendar.as_json()
        else:
            change_promises(organization, form.policy, calendar=form.calendar, by=request.actor, at=at)  # type: ignore[attr-defined]
            messages.success(request, "The promised times are saved. They hold for follow-ups that open from now on.")
            return redirect("settings_sla", org=org)
    example = example_of(policy, clock_calendar(policy, organization), at=at)
    policies = SlaPolicy.objects.select_related("calendar").prefetch_related("escalation_steps__person").order_by("id")
    context = {"form": form, "example": example, "policies": policies, "usual": policy}
    return render(request, "alerts/settings_sla.html", context, status=status)


def example_of(policy: SlaPolicy, calendar: BusinessCalendar, *, at: datetime) -> str:
    """What the promises mean for an answer of this moment, in a sentence."""
    zone: ZoneInfo = calendar.zone
    contact = moment_words(add_business_hours(at, policy.first_contact_hours, calendar), zone)
    resolution = moment_words(add_business_days(at, policy.resolution_days, calendar), zone)
    return f"An answer that comes in now is due for first contact by {contact} and for resolution by {resolution}."
