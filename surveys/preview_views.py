"""Previews: the real pages and the real mail of what is being written, in a frame of the builder. Nothing is saved."""

from dataclasses import replace

from csp.decorators import csp
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods

from surveys.builder_views import shown_version
from surveys.models import Response, Survey
from surveys.published import Instrument, instrument
from surveys.respondent_pages import Setting, Typed, form_page, language_for, thanks_page
from surveys.respondent_views import score_or_none, switched_language, typed_in
from surveys.trial_mail import trial_context, trial_mail
from surveys.wording import chrome
from tenancy.mail import Sender, inline_styles
from tenancy.roles import Role, get_for_role

_IN_OUR_FRAME = {**settings.SURVEY_CONTENT_SECURITY_POLICY, "frame-ancestors": ["'self'"]}
# Mail carries its styles in itself; nothing else is allowed to it.
_MAIL_IN_OUR_FRAME = {
    "default-src": ["'none'"],
    "style-src": ["'unsafe-inline'"],
    "img-src": ["'self'"],
    "form-action": ["'none'"],
    "base-uri": ["'none'"],
    "frame-ancestors": ["'self'"],
}


@csrf_exempt  # nothing is saved, and the real form has no token
@xframe_options_sameorigin
@csp(_IN_OUR_FRAME)  # type: ignore[arg-type]
@require_http_methods(["GET", "POST"])
def survey_preview(request: HttpRequest, org: str, pk) -> HttpResponse:
    """What a customer would see: the form, or with `?page=thanks` the thanks after `?score=`."""
    survey = get_for_role(request, Role.VIEWER, Survey.objects.select_related("touchpoint"), pk=pk)
    shown = instrument(shown_version(survey))
    setting = _setting(request, survey, shown, language_for(request, shown))
    if request.method == "GET":
        score = score_or_none(shown, request.GET.get("score"))
        if request.GET.get("page") == "thanks":
            return _thanks(setting, shown, score if score is not None else shown.scale.low)
        return form_page(setting, shown, Typed(score))
    typed = typed_in(request, shown, setting.language)
    if language := switched_language(request, shown):
        typed.errors = {}
        return form_page(_setting(request, survey, shown, language), shown, typed)
    if typed.errors or typed.score is None:
        return form_page(setting, shown, typed)
    return _thanks(setting, shown, typed.score, may_contact=typed.may_contact)


@xframe_options_sameorigin
@csp(_MAIL_IN_OUR_FRAME)  # type: ignore[arg-type]
@require_GET
def survey_mail_preview(request: HttpRequest, org: str, pk) -> HttpResponse:
    """The mail as it would go to the person who looks at it; `?part=text` shows its plain-text part."""
    survey = get_for_role(request, Role.VIEWER, Survey.objects.select_related("touchpoint"), pk=pk)
    organization = request.organization  # type: ignore[attr-defined]
    language = request.GET.get("lang", "")
    mail = trial_mail(survey, shown_version(survey), organization=organization, language=language, to=request.user)  # type: ignore[arg-type]
    context = {
        "sender": Sender.of(organization),
        "base_url": settings.BASE_URL,
        **trial_context(mail, organization),
    }
    if request.GET.get("part") == "text":
        text = f"{context['subject']}\n\n{render_to_string('emails/survey.txt', context).strip()}\n"
        return HttpResponse(text, content_type="text/plain; charset=utf-8")
    return HttpResponse(inline_styles(render_to_string("emails/survey.html", context)))


def _thanks(setting: Setting, shown: Instrument, score: int, *, may_contact: bool | None = None) -> HttpResponse:
    words = chrome(setting.language)
    response = Response(score=score, group=shown.scale.group_of(score).value, may_contact=may_contact)
    return thanks_page(
        setting,
        shown,
        group=response.group,
        response=response,
        score_line=words["your_score"].format(score=score),
        next_step=words["next_read"].format(organization=setting.organization_name),
        is_editable=True,
        is_verbatim_blank=True,
    )


def _setting(request: HttpRequest, survey: Survey, shown: Instrument, language: str) -> Setting:
    organization = request.organization  # type: ignore[attr-defined]
    setting = Setting.of(organization, survey.touchpoint, language, is_preview=True)
    return replace(setting, is_dark=request.GET.get("scheme") == "dark")
