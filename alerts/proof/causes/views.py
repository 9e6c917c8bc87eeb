"""Settings of root causes."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from alerts.models import RootCause
from alerts.proof.causes.editing import add_cause, archive_cause, move_cause, rename_cause
from alerts.proof.causes.forms import CauseForm
from alerts.root_causes import root_causes
from tenancy.roles import Role, for_role, get_for_role


@require_http_methods(["GET", "HEAD", "POST"])
@for_role(Role.ADMIN)
def settings_causes(request: HttpRequest, org: str) -> HttpResponse:
    """The list, and one more of it."""
    form = CauseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        parent = form.parents.get(form.cleaned_data["parent"])
        add_cause(name=form.cleaned_data["name"], parent=parent, by=request.actor)  # type: ignore[attr-defined]
        messages.success(request, f"“{form.cleaned_data['name']}” can be chosen from now on.")
        return redirect("settings_causes", org=org)
    offered = root_causes()
    tree = [
        (each, [child for child in offered if child.parent_id == each.pk]) for each in offered if not each.parent_id
    ]
    archived = RootCause.objects.filter(is_archived=True).select_related("parent")
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "tree": tree, "archived": archived}
    return render(request, "alerts/proof/settings_causes.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def cause_rename(request: HttpRequest, org: str, pk) -> HttpResponse:
    cause = _cause(request, pk)
    form = CauseForm(request.POST or None, cause=cause)
    if request.method == "POST" and form.is_valid():
        rename_cause(cause, name=form.cleaned_data["name"], by=request.actor)  # type: ignore[attr-defined]
        messages.success(request, "Saved.")
        return redirect("settings_causes", org=org)
    status = 422 if request.method == "POST" else 200
    return render(request, "alerts/proof/cause_rename.html", {"form": form, "cause": cause}, status=status)


@require_POST
def cause_move(request: HttpRequest, org: str, pk) -> HttpResponse:
    cause = _cause(request, pk)
    move_cause(cause, up=request.POST.get("direction") == "up", by=request.actor)  # type: ignore[attr-defined]
    return redirect("settings_causes", org=org)


@require_POST
def cause_archive(request: HttpRequest, org: str, pk) -> HttpResponse:
    """Put away, or offered again (`again`)."""
    cause, is_archived = _cause(request, pk), "again" not in request.POST
    try:
        archive_cause(cause, is_archived=is_archived, by=request.actor)  # type: ignore[attr-defined]
    except ValueError as refusal:
        messages.error(request, str(refusal))
        return redirect("settings_causes", org=org)
    said = "is offered no more; what was resolved with it stays" if is_archived else "is offered again"
    messages.success(request, f"“{cause.name}” {said}.")
    return redirect("settings_causes", org=org)


def _cause(request: HttpRequest, pk) -> RootCause:
    return get_for_role(request, Role.ADMIN, RootCause.objects.select_related("parent"), pk=pk)
