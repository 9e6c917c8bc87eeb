"""Settings: playbooks with their steps, texts and results; on a follow-up: choosing one and ticking its steps."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from alerts.deeds import do_deed
from alerts.models import AlertRule, FollowUpStep, Playbook, ReplyTemplate
from alerts.playbooks.playbook_forms import PlaybookChoiceForm, PlaybookForm, StepMarkForm
from alerts.playbooks.results import results_of_playbooks
from alerts.playbooks.saving import save_playbook, set_active
from alerts.playbooks.starting import choose_playbook, mark_step
from tenancy.roles import Role, for_role, get_for_role


@require_safe
@for_role(Role.ADMIN)
def settings_playbooks(request: HttpRequest, org: str) -> HttpResponse:
    results = results_of_playbooks()
    playbooks = list(Playbook.objects.prefetch_related("steps").order_by("-is_active", "name"))
    rules = _rules_of(playbooks)
    rows = [
        (each, len(each.steps.all()), results.get(each.pk), [] if each.is_active else rules.get(each.pk, []))
        for each in playbooks
    ]
    return render(request, "alerts/settings_playbooks.html", {"rows": rows})


@require_http_methods(["GET", "POST"])
@for_role(Role.ADMIN)
def playbook_new(request: HttpRequest, org: str) -> HttpResponse:
    return _edit(request, org, None)


@require_http_methods(["GET", "POST"])
def playbook_edit(request: HttpRequest, org: str, pk: UUID) -> HttpResponse:
    return _edit(request, org, get_for_role(request, Role.ADMIN, Playbook.objects.all(), pk=pk))


@require_POST
def playbook_archival(request: HttpRequest, org: str, pk: UUID) -> HttpResponse:
    playbook = get_for_role(request, Role.ADMIN, Playbook.objects.all(), pk=pk)
    set_active(playbook, is_active="restore" in request.POST, by=request.actor)
    messages.success(request, "The playbook is offered again." if playbook.is_active else "The playbook is archived.")
    if not playbook.is_active and (rules := _rules_of([playbook]).get(playbook.pk)):
        messages.warning(request, f"Still chosen by {', '.join(rules)}: what these rules open goes by it all the same.")
    return redirect("settings_playbooks", org=org)


@require_POST
def follow_up_playbook(request: HttpRequest, org: str, number: int) -> HttpResponse:
    return do_deed(request, number, "playbook", PlaybookChoiceForm, choose_playbook, "The playbook is chosen.")


@require_POST
def follow_up_step(request: HttpRequest, org: str, number: int, pk: UUID) -> HttpResponse:
    step = get_object_or_404(FollowUpStep.objects.filter(follow_up__number=number), pk=pk)

    def mark(follow_up, **values: Any):
        return mark_step(follow_up, step=step, **values)

    return do_deed(request, number, f"step-{pk}", StepMarkForm, mark, "The checklist is kept.")


def _rules_of(playbooks: list[Playbook]) -> dict[UUID, list[str]]:
    """The names of the active rules that choose each of these playbooks; one query."""
    names: dict[UUID, list[str]] = {}
    rules = AlertRule.objects.filter(playbook__in=playbooks, is_active=True).order_by("name")
    for playbook_id, name in rules.values_list("playbook_id", "name"):
        names.setdefault(playbook_id, []).append(f"“{name}”")
    return names


def _edit(request: HttpRequest, org: str, playbook: Playbook | None) -> HttpResponse:
    form, status = PlaybookForm(request.POST or None, playbook=playbook), 200
    if request.method == "POST":
        if form.is_valid():
            save_playbook(playbook, by=request.actor, steps=form.chosen_steps, **form.cleaned_data)
            messages.success(request, "The playbook is saved. Follow-ups under way keep the steps they began with.")
            return redirect("settings_playbooks", org=org)
        status = 422
    context: dict[str, Any] = {"form": form, "playbook": playbook}
    if playbook:
        context |= {
            "results": results_of_playbooks().get(playbook.pk),
            "templates": ReplyTemplate.objects.filter(playbook=playbook),
        }
    return render(request, "alerts/playbook_form.html", context, status=status)
