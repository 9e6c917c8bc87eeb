"""Settings of owners: the rules in order, and a try with a customer."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from alerts.models import OwnerRule
from alerts.owners.forms import OwnerRuleForm
from alerts.owners.rules import delete_owner_rule, move_owner_rule, save_owner_rule, switch_owner_rule, words_of
from alerts.owners.teams import StillNamed
from alerts.owners.trying import Try
from tenancy.requests import MemberRequest
from tenancy.roles import Role, for_role, get_for_role


@require_safe
@for_role(Role.ADMIN)
def settings_owners(request: MemberRequest, org: str) -> HttpResponse:
    rules = list(OwnerRule.objects.select_related("person", "team"))
    words = words_of(rules)
    context = {
        "rules": [(rule, words[rule.pk]) for rule in rules],
        "kinds": OwnerRule.Kind.choices,
        "has_active": any(rule.is_active for rule in rules),
        "trial": Try.of(request.GET, rules, at=timezone.now()),
    }
    return render(request, "alerts/settings_owners.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_role(Role.ADMIN)
def owner_rule_new(request: MemberRequest, org: str, kind: str) -> HttpResponse:
    if kind not in OwnerRule.Kind.values:
        raise Http404
    return _edit(request, OwnerRule(organization=request.organization, kind=kind))


@require_http_methods(["GET", "HEAD", "POST"])
def owner_rule(request: MemberRequest, org: str, pk: UUID) -> HttpResponse:
    return _edit(request, get_for_role(request, Role.ADMIN, OwnerRule.objects.all(), pk=pk))


@require_POST
def owner_rule_place(request: MemberRequest, org: str, pk: UUID) -> HttpResponse:
    """One place up, or down."""
    row: OwnerRule = get_for_role(request, Role.ADMIN, OwnerRule.objects.all(), pk=pk)
    move_owner_rule(row, up=request.POST.get("to") == "up", by=request.actor)
    return redirect("settings_owners", org=org)


@require_POST
def owner_rule_switch(request: MemberRequest, org: str, pk: UUID) -> HttpResponse:
    row: OwnerRule = get_for_role(request, Role.ADMIN, OwnerRule.objects.all(), pk=pk)
    switch_owner_rule(row, on=not row.is_active, by=request.actor)
    messages.success(request, f"“{row}” is {'on' if row.is_active else 'off'}.")
    return redirect("settings_owners", org=org)


@require_POST
def owner_rule_removal(request: MemberRequest, org: str, pk: UUID) -> HttpResponse:
    row: OwnerRule = get_for_role(request, Role.ADMIN, OwnerRule.objects.all(), pk=pk)
    try:
        delete_owner_rule(row, by=request.actor)
        messages.success(request, f"“{row}” is gone.")
    except StillNamed as refusal:
        messages.error(request, str(refusal))
        return redirect("owner_rule", org=org, pk=pk)
    return redirect("settings_owners", org=org)


def _edit(request: MemberRequest, row: OwnerRule) -> HttpResponse:
    form = OwnerRuleForm(request.POST if request.method == "POST" else None, row=row)
    if request.method == "POST" and form.is_valid():
        save_owner_rule(row, values=form.values, by=request.actor)
        messages.success(request, f"“{row}” is saved. It holds for follow-ups that open from now on.")
        return redirect("settings_owners", org=request.organization.slug)
    context = {"form": form, "row": row, "kind": OwnerRule.Kind(row.kind).label}
    return render(request, "alerts/settings_owner_rule.html", context, status=422 if request.method == "POST" else 200)
