"""Surveys: the list, making one, its versions, and opening and closing it."""

from django.contrib import messages
from django.db.models import Count, Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from surveys import versions
from surveys.forms import NewSurveyForm
from surveys.models import Response, Survey
from surveys.survey_templates import TEMPLATES
from surveys.versions import IllegalMove
from tenancy.roles import Role, for_role, get_for_role

STATE_CHIPS = {"live": "chip-ok", "paused": "chip-warn", "draft": "chip-outline", "closed": ""}


@require_GET
@for_role(Role.VIEWER)
def survey_list(request: HttpRequest, org: str) -> HttpResponse:
    surveys = list(Survey.objects.select_related("touchpoint"))
    counted = Response.objects.order_by().values_list("survey").annotate(n=Count("id"), last_at=Max("responded_at"))
    heard = {survey_id: (n, last_at) for survey_id, n, last_at in counted}
    order = list(STATE_CHIPS)
    rows = [
        (survey, STATE_CHIPS[survey.state], *heard.get(survey.id, (0, None)))
        for survey in sorted(surveys, key=lambda survey: (order.index(survey.state), survey.name.lower()))
    ]
    return render(request, "surveys/survey_list.html", {"rows": rows, "may_edit": _may_edit(request)})


@require_http_methods(["GET", "POST"])
@for_role(Role.ANALYST)
def survey_new(request: HttpRequest, org: str) -> HttpResponse:
    form = NewSurveyForm(request.POST or None, initial={"template": "relationship_nps"})
    if request.method == "POST" and form.is_valid():
        survey = versions.create_survey(
            template=TEMPLATES[form.cleaned_data["template"]],
            name=form.cleaned_data["name"],
            touchpoint=form.cleaned_data["touchpoint"],
            default_language=request.organization.language,  # type: ignore[attr-defined]
            by=request.actor,  # type: ignore[attr-defined]
        )
        return redirect("survey_edit", org=org, pk=survey.pk)
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "templates": TEMPLATES.values()}
    return render(request, "surveys/survey_new.html", context, status=status)


@require_GET
def survey_versions(request: HttpRequest, org: str, pk) -> HttpResponse:
    """What the survey said, from when on, and how many answered each version."""
    survey = get_for_role(request, Role.VIEWER, Survey.objects.all(), pk=pk)
    found = survey.versions.select_related("published_by").prefetch_related("questions").order_by("-number")
    heard = dict(Response.objects.filter(survey=survey).values_list("version").annotate(n=Count("id")).order_by())
    rows = [
        {"version": version, "n": heard.get(version.id, 0), "title": _title(version)}
        for version in found.annotate(questions_count=Count("questions"))
    ]
    may_edit, is_live = _may_edit(request), survey.state == Survey.State.LIVE
    context = {
        "survey": survey,
        "chip": STATE_CHIPS[survey.state],
        "rows": rows,
        "may_edit": may_edit,
        "is_without_rule": may_edit and is_live and not survey.distributions.filter(is_active=True).exists(),
    }
    return render(request, "surveys/survey_versions.html", context)


@require_POST
def survey_pause(request: HttpRequest, org: str, pk) -> HttpResponse:
    return _move(request, pk, versions.pause, "The survey is paused. Nobody is asked, and links say so.")


@require_POST
def survey_resume(request: HttpRequest, org: str, pk) -> HttpResponse:
    return _move(request, pk, versions.resume, "The survey is live again.")


@require_POST
def survey_close(request: HttpRequest, org: str, pk) -> HttpResponse:
    return _move(request, pk, versions.close, "The survey is closed. Its answers stay.")


def _move(request: HttpRequest, pk, move, done: str) -> HttpResponse:
    survey = get_for_role(request, Role.ANALYST, Survey.objects.all(), pk=pk)
    try:
        move(survey, by=request.actor, at=timezone.now())  # type: ignore[attr-defined]
        messages.success(request, done)
    except IllegalMove as error:
        messages.error(request, str(error))
    return redirect("survey_versions", org=request.organization.slug, pk=pk)  # type: ignore[attr-defined]


def _title(version) -> str:
    for question in version.questions.all():
        if question.kind == "score":
            return str((question.texts.get(version.default_language) or {}).get("title", ""))
    return ""


def _may_edit(request: HttpRequest) -> bool:
    return Role(request.membership.role).includes(Role.ANALYST)  # type: ignore[attr-defined]
