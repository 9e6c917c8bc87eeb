"""Settings of asking again."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from alerts.proof.recovery.forms import RecoveryForm
from alerts.proof.recovery.plans import change_plan, recovery_plan
from tenancy.roles import Role, for_role


@require_http_methods(["GET", "HEAD", "POST"])
@for_role(Role.ADMIN)
def settings_recovery(request: HttpRequest, org: str) -> HttpResponse:
    plan = recovery_plan()
    form = RecoveryForm(request.POST or None, plan=plan)
    if request.method == "POST" and form.is_valid():
        change_plan(request.organization, **form.cleaned_data, by=request.actor, at=timezone.now())  # type: ignore[attr-defined]
        is_on = form.cleaned_data["is_active"]
        said = "Customers are asked again when a loop closes from now on." if is_on else "Nobody is asked again."
        messages.success(request, f"Saved. {said}")
        return redirect("settings_recovery", org=org)
    status = 422 if request.method == "POST" else 200
    return render(request, "alerts/proof/settings_recovery.html", {"form": form, "plan": plan}, status=status)
