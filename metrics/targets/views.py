"""The pages of targets: the list with how each stands, setting and changing one, archiving it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from metrics.dashboard.choices import choices_of
from metrics.dashboard.ground import ground_now
from metrics.models import Target
from metrics.targets.forms import TargetForm
from metrics.targets.listing import archived_rows, live_rows
from metrics.targets.setting import archive, save_target
from metrics.targets.starting import start_of
from tenancy.requests import MemberRequest
from tenancy.roles import Role, for_role, get_for_role


@require_safe
@for_role(Role.VIEWER)
def target_list(request: MemberRequest, org: str) -> HttpResponse:
    ground = ground_now(request.organization)
    may_edit = Role(request.membership.role).includes(Role.ANALYST)
    context = {"rows": live_rows(ground), "archived": archived_rows(ground), "may_edit": may_edit}
    return render(request, "metrics/targets/list.html", context)


@require_http_methods(["GET", "POST"])
@for_role(Role.ANALYST)
def target_new(request: MemberRequest, org: str) -> HttpResponse:
    """Starts from what the address names, in the words of the dashboard's addresses."""
    return _edit(request, None)


@require_http_methods(["GET", "POST"])
def target_edit(request: MemberRequest, org: str, pk: UUID) -> HttpResponse:
    rows = Target.objects.filter(archived_at=None)
    return _edit(request, get_for_role(request, Role.ANALYST, rows, pk=pk))


@require_POST
def target_archival(request: MemberRequest, org: str, pk: UUID) -> HttpResponse:
    target = get_for_role(request, Role.ANALYST, Target.objects.all(), pk=pk)
    archive(target, by=request.actor, at=timezone.now())
    messages.success(request, "The target is archived.")
    return redirect("target_list", org=org)


def _edit(request: MemberRequest, target: Target | None) -> HttpResponse:
    ground, status = ground_now(request.organization), 200
    initial: dict[str, Any] = {}
    said = ""
    if target is None and request.method == "GET":
        initial, said = start_of(choices_of(request.GET, ground))
    form = TargetForm(request.POST or None, ground=ground, target=target, initial=initial)
    if request.method == "POST":
        if form.is_valid() and _is_saved(request, form, target):
            messages.success(request, "The target is saved. Its way stands on the trend of the dashboard.")
            return redirect("target_list", org=ground.slug)
        status = 422
    return render(request, "metrics/targets/form.html", {"form": form, "target": target, "said": said}, status=status)


def _is_saved(request: MemberRequest, form: TargetForm, target: Target | None) -> bool:
    """False when somebody was quicker, which the form then says."""
    try:
        save_target(target, by=request.actor, **form.values)
    except ValueError as error:
        form.add_error(None, str(error))
        return False
    return True
