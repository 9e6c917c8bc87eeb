"""Pages of saved views: keeping the dashboard as it is shown, and the list to rename, pin, order and delete."""

from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from metrics.dashboard.ground import Ground, ground_now
from metrics.dashboard.kept import cleaned_query, kept_choices
from metrics.dashboard.said import said_of
from metrics.models import DashboardView
from metrics.saved_views.forms import NameForm, SaveForm
from metrics.saved_views.saving import (
    delete_view,
    may_change,
    move_view,
    pin_view,
    put_first,
    rename_view,
    save_view,
    views_for,
)
from metrics.saved_views.tabs import MISSING_WORDS, url_of
from tenancy.requests import MemberRequest
from tenancy.roles import Role, for_role, get_for_role, require_role

STEPS = {"up": -1, "down": 1}


@dataclass(frozen=True)
class Row:
    """A view in the list: what it shows in words, what is gone from that, and the mistake in a new name."""

    view: DashboardView
    said: str
    missing: str
    url: str
    may_change: bool
    may_be_first: bool
    error: str = ""


@require_http_methods(["GET", "HEAD", "POST"])
@for_role(Role.VIEWER)
def dashboard_views(request: MemberRequest, org: str) -> HttpResponse:
    ground = ground_now(request.organization)
    if request.method != "POST":
        query = cleaned_query(request.META["QUERY_STRING"], ground) if request.META["QUERY_STRING"] else ""
        return _list(request, ground, SaveForm(initial={"query": query, "is_pinned": True}))
    form = SaveForm(request.POST)
    if form.is_valid():
        is_everybodys = form.cleaned_data["is_everybodys"]
        if is_everybodys:
            require_role(request, Role.ANALYST)
        try:
            view = save_view(
                name=form.cleaned_data["name"],
                query=cleaned_query(form.cleaned_data["query"], ground),
                author=request.user,
                is_everybodys=is_everybodys,
                is_pinned=form.cleaned_data["is_pinned"],
                by=request.actor,
            )
        except ValueError as refusal:
            form.add_error("name", str(refusal))
        else:
            messages.success(request, f"“{view.name}” is saved{' for everybody' if is_everybodys else ''}.")
            return redirect("dashboard_view", org=org, pk=view.pk)
    return _list(request, ground, form, status=422)


@require_POST
def dashboard_view_name(request: MemberRequest, org: str, pk) -> HttpResponse:
    view, form = _changeable(request, pk), NameForm(request.POST)
    if form.is_valid():
        try:
            rename_view(view, name=form.cleaned_data["name"], by=request.actor)
        except ValueError as refusal:
            form.add_error("name", str(refusal))
        else:
            return redirect("dashboard_views", org=org)
    return _list(request, ground_now(request.organization), SaveForm(), status=422, renamed=(pk, form))


@require_POST
def dashboard_view_pin(request: MemberRequest, org: str, pk) -> HttpResponse:
    """Above the filters, or (`pinned=no`) not."""
    pin_view(_changeable(request, pk), is_pinned=request.POST.get("pinned") != "no", by=request.actor)
    return redirect("dashboard_views", org=org)


@require_POST
def dashboard_view_first(request: MemberRequest, org: str, pk) -> HttpResponse:
    """What everybody's dashboard opens with, or (`first=no`) no more."""
    view = get_for_role(request, Role.ADMIN, _seen_by(request), pk=pk)
    try:
        put_first(view, is_first=request.POST.get("first") != "no", by=request.actor)
    except ValueError as refusal:
        messages.error(request, str(refusal))
    return redirect("dashboard_views", org=org)


@require_POST
def dashboard_view_position(request: MemberRequest, org: str, pk) -> HttpResponse:
    view = _changeable(request, pk)
    if steps := STEPS.get(request.POST.get("direction", "")):
        move_view(view, steps=steps, by=request.actor)
    return redirect("dashboard_views", org=org)


@require_POST
def dashboard_view_deletion(request: MemberRequest, org: str, pk) -> HttpResponse:
    view = _changeable(request, pk)
    delete_view(view, by=request.actor)
    messages.success(request, f"“{view.name}” is deleted. The answers stay.")
    return redirect("dashboard_views", org=org)


def _seen_by(request: MemberRequest):
    return DashboardView.objects.filter(Q(user=request.user) | Q(user__isnull=True))


def _changeable(request: MemberRequest, pk) -> DashboardView:
    """A view this person sees (else 404) and may change (else 403)."""
    view = get_for_role(request, Role.VIEWER, _seen_by(request), pk=pk)
    if not may_change(view, user=request.user, role=Role(request.membership.role)):
        raise PermissionDenied("A view of everybody is changed by who made it, and by admins.")
    return view


def _list(
    request: MemberRequest,
    ground: Ground,
    form: forms.Form,
    *,
    status: int = 200,
    renamed: tuple[object, forms.Form] | None = None,
) -> HttpResponse:
    role = Role(request.membership.role)
    if not role.includes(Role.ANALYST):
        form.fields.pop("is_everybodys", None)
    kept_query = form["query"].value() if "query" in form.fields else ""
    context = {
        "form": form,
        "rows": [_row(request, view, ground, role, renamed) for view in views_for(request.user)],
        "is_saving": bool(kept_query or form.errors),
        "said": " · ".join(said_of(kept_choices(kept_query or "", ground).choices)),
    }
    return render(request, "metrics/saved_views.html", context, status=status)


def _row(request: MemberRequest, view: DashboardView, ground: Ground, role: Role, renamed) -> Row:
    kept = kept_choices(view.query, ground)
    is_renamed = renamed is not None and renamed[0] == view.pk
    return Row(
        view=view,
        said=" · ".join(said_of(kept.choices)),
        missing=" and ".join(MISSING_WORDS[each] for each in kept.missing),
        url=url_of(view, ground),
        may_change=may_change(view, user=request.user, role=role),
        may_be_first=view.user_id is None and role is Role.ADMIN,
        error=renamed[1].errors.get("name", [""])[0] if is_renamed else "",
    )
