"""The survey builder: its steps, the preview of the real pages and the real mail, review and publishing."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from surveys import review, versions
from surveys.forms import AddLanguageForm, TextsForm
from surveys.models import Survey, SurveyVersion
from surveys.texts import STEPS, Script
from surveys.trial_mail import queue_trial_mail
from surveys.versions import IllegalMove, NothingToPublish
from surveys.wording import language_name
from tenancy.roles import Role, get_for_role

ALL_STEPS = (
    *((step, label) for step, (label, _) in STEPS.items()),
    ("languages", "Languages"),
    ("send", "Send rules"),
    ("review", "Review"),
)
PREVIEWS = (("phone", "Phone"), ("email", "Email"), ("text", "Plain text"), ("dark", "Dark"), ("rtl", "RTL"))


@require_http_methods(["GET", "POST"])
def survey_edit(request: HttpRequest, org: str, pk) -> HttpResponse:
    """One step of the builder. A POST writes into the draft, which the first one starts."""
    survey = get_for_role(request, Role.ANALYST, Survey.objects.select_related("touchpoint"), pk=pk)
    step = request.GET.get("step", "question")
    if step not in dict(ALL_STEPS):
        raise Http404
    if request.method == "POST":
        if survey.state == Survey.State.CLOSED:
            messages.error(request, "A closed survey is not edited any more.")
            return redirect("survey_versions", org=org, pk=pk)
        return _save(request, survey, step)
    return _page(request, survey, step)


@require_POST
def survey_publish(request: HttpRequest, org: str, pk) -> HttpResponse:
    """Publish the draft, unless the review finds an error."""
    survey = get_for_role(request, Role.ANALYST, Survey.objects.all(), pk=pk)
    draft, at = versions.draft_of(survey), timezone.now()
    found = review.checks(survey, draft, organization=request.organization, at=at) if draft else []  # type: ignore[attr-defined]
    errors = [check.text for check in found if check.level == "error"]
    try:
        if errors:
            raise IllegalMove(" ".join(errors))
        version = versions.publish(survey, by=request.actor, at=at)  # type: ignore[attr-defined]
    except (IllegalMove, NothingToPublish) as error:
        messages.error(request, str(error))
        return redirect(_address(survey, "review", org))
    messages.success(request, f"Version {version.number} is live.")
    return redirect("survey_versions", org=org, pk=pk)


@require_POST
def survey_draft_discard(request: HttpRequest, org: str, pk) -> HttpResponse:
    survey = get_for_role(request, Role.ANALYST, Survey.objects.all(), pk=pk)
    try:
        versions.discard_draft(survey, by=request.actor)  # type: ignore[attr-defined]
        messages.success(request, "The draft is discarded; what is live stays as it is.")
    except IllegalMove as error:
        messages.error(request, str(error))
    return redirect("survey_versions", org=org, pk=pk)


@require_POST
def survey_test_mail(request: HttpRequest, org: str, pk) -> HttpResponse:
    """The survey mail of the draft to the person who presses the button."""
    survey = get_for_role(request, Role.ANALYST, Survey.objects.select_related("touchpoint"), pk=pk)
    version = versions.draft_of(survey) or versions.live_version(survey)
    language = request.POST.get("lang", "")
    if version is None:
        raise Http404
    queue_trial_mail(survey, version, language=language, to=request.user, by=request.actor, at=timezone.now())  # type: ignore[attr-defined, arg-type]
    messages.success(request, f"A test is on its way to {request.user.email}. Its links lead to the preview.")  # type: ignore[union-attr]
    return redirect(_address(survey, "review", org))


def shown_version(survey: Survey) -> SurveyVersion:
    """What the builder shows: the draft, or what is live where nothing has been changed since."""
    version = versions.draft_of(survey) or versions.live_version(survey)
    if version is None:
        raise Http404
    return version


def _save(request: HttpRequest, survey: Survey, step: str) -> HttpResponse:
    script = Script(versions.start_draft(survey, by=request.actor))  # type: ignore[attr-defined]
    if step == "languages":
        return _save_languages(request, survey, script)
    if step not in STEPS:
        raise Http404
    language = _language(request, script)
    form = TextsForm(request.POST, step=step, script=script, language=language)
    if not form.is_valid():
        return _page(request, survey, step, form=form, status=422)
    form.put()
    script.save()
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "surveys/_saved.html", _context(request, survey, step, script, form))
    steps = [name for name, _ in ALL_STEPS]
    step = steps[steps.index(step) + 1] if "next" in request.POST else step
    return redirect(_address(survey, step, request.organization.slug, language))  # type: ignore[attr-defined]


def _save_languages(request: HttpRequest, survey: Survey, script: Script) -> HttpResponse:
    """Add, remove or make default; one button each."""
    data = request.POST
    try:
        if language := data.get("remove"):
            script.remove_language(language)
        elif (language := data.get("default")) in script.languages:
            script.version.default_language = language
            script.add_language(language)
        elif data.get("language") in dict(AddLanguageForm(script=script).fields["language"].choices):  # type: ignore[attr-defined]
            script.add_language(data["language"])
    except ValueError as error:
        messages.error(request, str(error))
    script.save()
    return redirect(_address(survey, "languages", request.organization.slug))  # type: ignore[attr-defined]


def _page(request: HttpRequest, survey: Survey, step: str, *, form=None, status: int = 200) -> HttpResponse:
    script = form.script if form else Script(shown_version(survey))
    if form is None and step in STEPS:
        form = TextsForm(step=step, script=script, language=_language(request, script))
    context = _context(request, survey, step, script, form)
    part = "surveys/_builder_form.html" if status == 422 and request.htmx else "surveys/survey_edit.html"  # type: ignore[attr-defined]
    return render(request, part, context, status=status)


def _context(request: HttpRequest, survey: Survey, step: str, script: Script, form) -> dict:
    language, live = _language(request, script), versions.live_version(survey)
    draft = script.version if script.version.published_at is None else None
    org = request.organization.slug  # type: ignore[attr-defined]
    changes = review.differences(live, draft) if draft else []
    preview = request.GET.get("preview", "phone")
    rtl = next((code for code in script.languages if code in ("ar", "he", "fa", "ur")), "")
    context = {
        "survey": survey,
        "step": step,
        "form": form,
        "language": language,
        "languages": [(code, language_name(code), code == language) for code in script.languages],
        "steps": [(name, label, _address(survey, name, org, language), name == step) for name, label in ALL_STEPS],
        "draft": draft,
        "live": live,
        "breaks_trend": any(change.is_of_the_score for change in changes),
        "saved_at": timezone.now(),
        "previews": [
            (name, label, _address(survey, step, org, language, name), name == preview) for name, label in PREVIEWS
        ],
        "preview": preview,
        "preview_language": rtl if preview == "rtl" else language,
        "preview_page": "thanks" if step == "thanks" else "form",
        "has_rtl": bool(rtl),
    }
    if step == "languages":
        context["add_form"] = AddLanguageForm(script=script)
        context["default_language"] = script.version.default_language
    if step == "review":
        context["changes"] = changes
        context["checks"] = review.checks(
            survey,
            script.version,
            organization=request.organization,  # type: ignore[attr-defined]
            at=timezone.now(),
        )
        context["is_blocked"] = any(check.level == "error" for check in context["checks"])
    return context


def _language(request: HttpRequest, script: Script) -> str:
    wanted = request.GET.get("lang", "")
    return wanted if wanted in script.languages else script.version.default_language


def _address(survey: Survey, step: str, org: str, language: str = "", preview: str = "") -> str:
    wanted = {"lang": language, "preview": preview if preview != "phone" else "", "step": step}
    query = urlencode({name: value for name, value in sorted(wanted.items()) if value})
    return f"{reverse('survey_edit', kwargs={'org': org, 'pk': survey.pk})}?{query}"
