"""Initiatives: the list, one of them, and what it mends."""

from datetime import date
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from alerts.models import Initiative
from alerts.proof.initiatives.forms import InitiativeForm, LinkForm
from alerts.proof.initiatives.mending import (
    ChangedMeanwhile,
    add_initiative,
    change_initiative,
    link_numbers,
    link_suggested,
    unlink,
)
from alerts.proof.initiatives.page import initiative_page, initiative_rows
from alerts.proof.section import tabs_of
from metrics.days import day_of
from tenancy.roles import Role, for_role, get_for_role

CONFLICT = "Somebody changed this initiative meanwhile. Your words stand below; open the page anew to see theirs first."


@require_safe
@for_role(Role.ANALYST)
def initiative_list(request: HttpRequest, org: str) -> HttpResponse:
    context = {"rows": initiative_rows(_today(request)), "tabs": tabs_of(request, "initiative_list")}
    return render(request, "alerts/proof/initiative_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_role(Role.ANALYST)
def initiative_new(request: HttpRequest, org: str) -> HttpResponse:
    form = InitiativeForm(request.POST or None, cause=request.GET.get("cause", ""))
    if request.method == "POST" and form.is_valid():
        initiative = add_initiative(**form.values, by=request.actor, at=timezone.now())  # type: ignore[attr-defined]
        messages.success(request, "The initiative is there. Link the follow-ups that raised it.")
        return redirect("initiative_detail", org=org, pk=initiative.pk)
    status = 422 if request.method == "POST" else 200
    return render(request, "alerts/proof/initiative_form.html", {"form": form}, status=status)


@require_safe
def initiative_detail(request: HttpRequest, org: str, pk) -> HttpResponse:
    return _detail(request, _initiative(request, pk))


@require_http_methods(["GET", "HEAD", "POST"])
def initiative_edit(request: HttpRequest, org: str, pk) -> HttpResponse:
    initiative = _initiative(request, pk)
    form = InitiativeForm(request.POST or None, initiative=initiative)
    status = 422 if request.method == "POST" else 200
    if request.method == "POST" and form.is_valid():
        by, version = request.actor, form.cleaned_data["version"]  # type: ignore[attr-defined]
        try:
            change_initiative(initiative, **form.values, by=by, at=timezone.now(), version=version)
        except ChangedMeanwhile:
            form.add_error(None, CONFLICT)
            status = 409
        else:
            messages.success(request, "Saved.")
            return redirect("initiative_detail", org=org, pk=pk)
    context = {"form": form, "initiative": initiative}
    return render(request, "alerts/proof/initiative_form.html", context, status=status)


@require_POST
def initiative_follow_ups(request: HttpRequest, org: str, pk) -> HttpResponse:
    """Link follow-ups: those named by their numbers, else all that fit."""
    initiative, by, at = _initiative(request, pk), request.actor, timezone.now()  # type: ignore[attr-defined]
    form = LinkForm(request.POST)
    if not form.is_valid():
        return _detail(request, initiative, link_form=form, status=422)
    try:
        numbers = form.cleaned_data["numbers"]
        linked = (
            link_numbers(initiative, numbers, by=by, at=at) if numbers else link_suggested(initiative, by=by, at=at)
        )
    except ValueError as refusal:
        form.add_error("numbers", str(refusal))
        return _detail(request, initiative, link_form=form, status=422)
    messages.success(request, f"{linked:,} follow-up{'' if linked == 1 else 's'} linked.")
    return redirect("initiative_detail", org=org, pk=pk)


@require_POST
def initiative_unlink(request: HttpRequest, org: str, pk, number: int) -> HttpResponse:
    initiative = _initiative(request, pk)
    if unlink(initiative, number, by=request.actor, at=timezone.now()):  # type: ignore[attr-defined]
        messages.success(request, f"Follow-up {number} is not linked any more.")
    return redirect("initiative_detail", org=org, pk=pk)


def _detail(
    request: HttpRequest, initiative: Initiative, *, link_form: LinkForm | None = None, status: int = 200
) -> HttpResponse:
    zone = ZoneInfo(request.organization.time_zone)  # type: ignore[attr-defined]
    page = initiative_page(initiative, today=_today(request), zone=zone)
    context = {"page": page, "initiative": initiative, "link_form": link_form or LinkForm()}
    return render(request, "alerts/proof/initiative_detail.html", context, status=status)


def _initiative(request: HttpRequest, pk) -> Initiative:
    return get_for_role(request, Role.ANALYST, Initiative.objects.select_related("owner", "organization"), pk=pk)


def _today(request: HttpRequest) -> date:
    return day_of(timezone.now(), ZoneInfo(request.organization.time_zone))  # type: ignore[attr-defined]
