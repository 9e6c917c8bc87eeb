"""The page on which a person chooses what they are told."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from alerts.notifying.choice_forms import ChoicesForm
from alerts.notifying.choices import choose
from tenancy.requests import MemberRequest
from tenancy.roles import Role


@require_http_methods(["GET", "HEAD", "POST"])
def notification_choices(request: MemberRequest, org: str) -> HttpResponse:
    form = ChoicesForm(request.POST or None, user=request.user, role=Role(request.membership.role))
    if request.method == "POST" and form.is_valid():
        choose(request.user, form.choices, quiet=form.quiet, by=request.actor, at=timezone.now())
        messages.success(request, "Saved. It holds from the next thing on that you are told.")
        return redirect("notification_choices", org=org)
    status = 422 if request.method == "POST" else 200
    return render(request, "alerts/notification_choices.html", {"form": form}, status=status)
