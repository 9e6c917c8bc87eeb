"""The send rules of a survey: whom it asks, after which milestone and how much later."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from surveys.models import Distribution, Survey
from surveys.reasons import span_words
from surveys.send_rule_form import SendRuleForm
from surveys.send_rules import reach_of, save_rule, switch_rule
from tenancy.roles import Role, get_for_role


@require_http_methods(["GET", "POST"])
def survey_send(request: HttpRequest, org: str, pk) -> HttpResponse:
    """The rules with an estimate of whom each reaches; POST adds one."""
    survey = get_for_role(request, Role.ANALYST, Survey.objects.all(), pk=pk)
    form = _form(request, survey)
    if request.method == "POST" and form.is_valid():
        save_rule(form.save(commit=False), by=request.actor, at=timezone.now())  # type: ignore[attr-defined]
        messages.success(request, "The send rule is saved.")
        return redirect("survey_send", org=org, pk=pk)
    context = {"survey": survey, "form": form, "rules": _rules(request, survey)}
    return render(request, "surveys/survey_send.html", context, status=422 if request.method == "POST" else 200)


@require_http_methods(["GET", "POST"])
def send_rule(request: HttpRequest, org: str, pk) -> HttpResponse:
    """Change one rule."""
    rules = Distribution.objects.select_related("survey", "milestone")
    rule = get_for_role(request, Role.ANALYST, rules, pk=pk)
    form = _form(request, rule.survey, instance=rule)
    if request.method == "POST" and form.is_valid():
        save_rule(form.save(commit=False), by=request.actor, at=timezone.now())  # type: ignore[attr-defined]
        messages.success(request, "The send rule is saved.")
        return redirect("survey_send", org=org, pk=rule.survey_id)
    context = {"survey": rule.survey, "form": form}
    return render(request, "surveys/send_rule.html", context, status=422 if request.method == "POST" else 200)


@require_POST
def send_rule_switch(request: HttpRequest, org: str, pk) -> HttpResponse:
    """Switch one rule on (`on=yes`) or off."""
    rule = get_for_role(request, Role.ANALYST, Distribution.objects.all(), pk=pk)
    on = request.POST.get("on") == "yes"
    switch_rule(rule, on=on, by=request.actor, at=timezone.now())  # type: ignore[attr-defined]
    messages.success(request, f"The send rule is switched {'on' if on else 'off'}.")
    return redirect("survey_send", org=org, pk=rule.survey_id)


def _form(request: HttpRequest, survey: Survey, instance: Distribution | None = None) -> SendRuleForm:
    days = request.organization.fatigue_days  # type: ignore[attr-defined]
    return SendRuleForm(request.POST or None, instance=instance, survey=survey, fatigue_days=days)


def _rules(request: HttpRequest, survey: Survey) -> list[dict]:
    organization, now = request.organization, timezone.now()  # type: ignore[attr-defined]
    rules = survey.distributions.select_related("milestone__touchpoint").order_by("milestone__name")
    return [
        {
            "rule": rule,
            "delay": span_words(rule.delay_minutes),
            "fatigue_days": organization.fatigue_days if rule.fatigue_days is None else rule.fatigue_days,
            "sentences": reach_of(rule, organization, at=now).sentences,
        }
        for rule in rules
    ]
