"""The pages of rules: the list, the editor, the versions there were."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from alerts.models import AlertRule, AlertRuleVersion
from alerts.rules.back_test import back_test
from alerts.rules.checking import NAME_CHARACTERS, RuleRefused, check_asked
from alerts.rules.editor.listing import row_of, rows_of, versions_of
from alerts.rules.editor.page import Editor
from alerts.rules.editor.starting import STARTS
from alerts.rules.editor.trying import tried
from alerts.rules.going_on import opened
from alerts.rules.saving import (
    ARCHIVED,
    archive_rule,
    bring_back_rule,
    copy_of,
    restore_version,
    save_rule,
    switch_rule,
)
from tenancy.requests import MemberRequest
from tenancy.roles import Role, for_role, get_for_role

# Buttons of the editor that try the rule on past answers.
TRY, GO_ON = "try", "go-on"


@require_safe
@for_role(Role.ADMIN)
def alert_rules(request: HttpRequest, org: str) -> HttpResponse:
    rows = rows_of(at=timezone.now())
    context = {
        "rows": [each for each in rows if not each.rule.is_archived],
        "archived": [each for each in rows if each.rule.is_archived],
        "starts": STARTS.values(),
    }
    return render(request, "alerts/rules/alert_rules.html", context)


@require_http_methods(["GET", "POST"])
@for_role(Role.ADMIN)
def alert_rule_new(request: MemberRequest, org: str) -> HttpResponse:
    """From what `start` names, or as a copy of the rule that `copy` names."""
    return _edit(request, _started(request))


@require_http_methods(["GET", "POST"])
def alert_rule(request: MemberRequest, org: str, pk) -> HttpResponse:
    """What is archived is shown, and not changed."""
    rule = get_for_role(request, Role.ADMIN, AlertRule.objects.all(), pk=pk)
    if not rule.is_archived:
        return _edit(request, rule)
    if request.method == "POST":
        messages.error(request, f"“{rule.name}” was not saved: {ARCHIVED}")
        return _leave(request, "alert_rule", org=org, pk=pk)
    return render(
        request, "alerts/rules/alert_rule_archived.html", {"rule": rule, "row": row_of(rule, at=timezone.now())}
    )


@require_POST
def alert_rule_switch(request: MemberRequest, org: str, pk) -> HttpResponse:
    """Switch one rule on (`on=yes`) or off."""
    rule = get_for_role(request, Role.ADMIN, AlertRule.objects.all(), pk=pk)
    on, seen = request.POST.get("on") == "yes", request.POST.get("version", "")
    try:
        switch_rule(rule, on=on, by=request.actor, at=timezone.now(), seen=_version(seen))
        messages.success(request, f"“{rule.name}” is switched {'on' if on else 'off'}.")
    except RuleRefused as refused:
        messages.error(request, f"“{rule.name}” was not switched: {_told(refused)}")
    return redirect("alert_rules", org=org)


@require_POST
def alert_rule_archival(request: MemberRequest, org: str, pk) -> HttpResponse:
    """Archive one rule, or with `back` bring it back, switched off."""
    rule = get_for_role(request, Role.ADMIN, AlertRule.objects.all(), pk=pk)
    verb, done = (bring_back_rule, "back, switched off") if "back" in request.POST else (archive_rule, "archived")
    try:
        verb(rule, by=request.actor, at=timezone.now(), seen=_version(request.POST.get("version", "")))
        messages.success(request, f"“{rule.name}” is {done}.")
    except RuleRefused as refused:
        messages.error(request, f"“{rule.name}” is as it was: {_told(refused)}")
    return redirect("alert_rules", org=org)


@require_safe
def alert_rule_versions(request: MemberRequest, org: str, pk) -> HttpResponse:
    rule = get_for_role(request, Role.ADMIN, AlertRule.objects.all(), pk=pk)
    return render(request, "alerts/rules/alert_rule_versions.html", {"rule": rule, "versions": versions_of(rule)})


@require_POST
def alert_rule_restoration(request: MemberRequest, org: str, pk, number: int) -> HttpResponse:
    rule = get_for_role(request, Role.ADMIN, AlertRule.objects.all(), pk=pk)
    get_object_or_404(AlertRuleVersion.objects.filter(rule=rule), number=number)
    try:
        restore_version(rule, number, by=request.actor, at=timezone.now())
        messages.success(request, f"The rule says again what version {number} said.")
    except RuleRefused as refused:
        messages.error(request, f"Version {number} cannot be restored: {_told(refused)}")
    return redirect("alert_rule_versions", org=org, pk=pk)


def _edit(request: MemberRequest, rule: AlertRule) -> HttpResponse:
    """Show the rule; change its rows; or keep it."""
    if request.method != "POST":
        return _show(request, Editor(rule))
    deed = request.POST.get("edit", "")
    if deed in (TRY, GO_ON):
        return _try(request, rule, goes_on=deed == GO_ON)
    if deed:
        return _show(request, Editor(rule, request.POST, deed=deed))
    editor = Editor(rule, request.POST)
    if not editor.fill():
        return _show(request, editor, status=422)
    is_new, seen = rule._state.adding, editor.form.cleaned_data["version"]
    try:
        save_rule(rule, by=request.actor, at=timezone.now(), seen=None if is_new else seen)
    except RuleRefused as refused:
        editor.refuse(refused)
        return _show(request, editor, status=422)
    messages.success(request, f"“{rule.name}” is saved.")
    return _leave(request, "alert_rules", org=request.organization.slug)


def _try(request: MemberRequest, rule: AlertRule, *, goes_on: bool) -> HttpResponse:
    """What the rule as it stands in the form would have done; nothing is saved."""
    editor = Editor(rule, request.POST, is_tried=True)
    rule.name = request.POST.get("name", "")[:NAME_CHARACTERS] or "This rule"
    if not editor.fill():
        return _show(request, editor, status=422)
    try:
        check_asked(rule)
    except RuleRefused as refused:
        editor.refuse(refused)
        return _show(request, editor, status=422)
    kept = request.POST.get("tried", "") if goes_on else ""
    progress = opened(kept, rule, organization_id=request.organization.pk) if kept else None
    progress = back_test(request.organization, rule, at=timezone.now(), progress=progress)
    return _show(request, editor, tried=tried(rule, progress, request.organization))


def _show(request: MemberRequest, editor: Editor, *, status: int = 200, **more: Any) -> HttpResponse:
    context = {"editor": editor, "form": editor.form, "rule": editor.rule, "is_new": editor.rule._state.adding, **more}
    template = "alerts/rules/_editor.html" if request.htmx else "alerts/rules/alert_rule.html"
    return render(request, template, context, status=status)


def _leave(request: MemberRequest, name: str, **arguments: Any) -> HttpResponse:
    """Away from the editor: what htmx follows by itself would land inside the form."""
    away = redirect(name, **arguments)
    return HttpResponseClientRedirect(away.url) if request.htmx else away


def _started(request: MemberRequest) -> AlertRule:
    if copied := request.GET.get("copy", ""):
        try:
            pk = UUID(copied)
        except ValueError:
            raise Http404 from None
        return copy_of(get_for_role(request, Role.ADMIN, AlertRule.objects.all(), pk=pk))
    return STARTS.get(request.GET.get("start", ""), STARTS["blank"]).rule()


def _version(typed: str) -> int | None:
    """The version somebody saw; None where they did not say."""
    return int(typed) if typed.isdecimal() and len(typed) < 10 else None


def _told(refused: RuleRefused) -> str:
    return " ".join(each.message for each in refused.problems)
