"""The customer's side of a survey: /r/<token>/. No session, no cookie, no script; a GET writes nothing that counts."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from surveys import brand
from surveys.asked import Asked, answering, asked_by
from surveys.clicks import note_click
from surveys.getting_in_touch import ask_to_be_contacted, clean_phone
from surveys.models import Response, Survey
from surveys.promises import promise_for
from surveys.published import Instrument, published_instrument
from surveys.respondent_pages import (
    Setting,
    Typed,
    blank_form_page,
    form_page,
    language_for,
    message_page,
    moment_in_words,
    thanks_page,
)
from surveys.responding import (
    CUSTOMER_LABEL,
    VERBATIM_CHARACTERS,
    EditedTooLate,
    Given,
    edit_response,
    editable_until,
    record_responses,
)
from surveys.scoring import parse_score
from surveys.states import Facts, Standing, standing_of
from surveys.wording import chrome
from tenancy.audit import SYSTEM, Actor, Kind, client_address
from tenancy.combining import Combiner
from tenancy.scope import organization_scope


@login_not_required
@csrf_exempt  # there is no session to ride on: who holds the link may answer
@require_http_methods(["GET", "HEAD", "POST"])
def respond(request: HttpRequest, token: str) -> HttpResponse:
    """The survey; POST records the answer and leads to the thanks."""
    at = timezone.now()
    if request.method == "POST":
        return _answer(request, token, asked_by(token), at)
    asked = asked_by(token)
    if asked is None:
        return bad_link(request)
    setting, standing = setting_of(request, asked), _standing(asked, at)
    if not standing.takes_answers:
        return _refusal(setting, asked, standing)
    score = score_or_none(asked.instrument, request.GET.get("score"))
    if asked.response is None:
        if score is not None and request.method == "GET":
            note_click(asked.invitation, score, at=at)
        return blank_form_page(request, setting, asked.instrument, score)
    given = Typed(
        asked.response.score if score is None else score, asked.verbatim, may_contact=asked.response.may_contact
    )
    until = moment_in_words(
        editable_until(asked.response), zone=asked.organization.time_zone, language=setting.language
    )
    notice = chrome(setting.language)["answered"].format(until=until)
    return form_page(setting, asked.instrument, given, notice=notice, is_edit=True)


@login_not_required
@require_http_methods(["GET", "HEAD"])
def respond_done(request: HttpRequest, token: str) -> HttpResponse:
    """Thanks for the answer that is stored."""
    asked = asked_by(token)
    if asked is None:
        return bad_link(request)
    if asked.response is None:
        return HttpResponseRedirect(reverse("respond", args=[token]))
    return _thanks(request, asked, at=timezone.now())


@login_not_required
@csrf_exempt
@require_POST
def respond_contact(request: HttpRequest, token: str) -> HttpResponse:
    """Somebody who answered asks to be called or written to."""
    at = timezone.now()
    with answering(token) as asked:
        if asked is None:
            return bad_link(request)
        if asked.response is None or _standing(asked, at) != Standing.EDITABLE:
            return HttpResponseRedirect(reverse("respond", args=[token]), status=303)
        phone = clean_phone(request.POST.get("phone", ""))
        if request.POST.get("consent") != "yes":
            return _thanks(request, asked, at=at, phone=phone, is_consent_missing=True)
        by = actor_of_customer(request, asked)
        ask_to_be_contacted(asked.response, phone=phone, verbatim=asked.verbatim, by=by, at=at)
    return HttpResponseRedirect(reverse("respond_done", args=[token]), status=303)


@login_not_required
@require_GET
def brand_css(request: HttpRequest, name: str) -> HttpResponse:
    """The stylesheet with the brand's colour; its name changes with its content, so that it can be kept for ever."""
    css = brand.css_named(name, is_dark=request.GET.get("scheme") == "dark")
    if css is None:
        raise Http404
    keep = {"Cache-Control": "public, max-age=31536000, immutable"}
    return HttpResponse(css, content_type="text/css; charset=utf-8", headers=keep)


def score_or_none(instrument: Instrument, text: str | None) -> int | None:
    """The score when it is one of the survey's scale."""
    try:
        return parse_score(instrument.measure, text, instrument.points)
    except ValueError:
        return None


def typed_in(request: HttpRequest, instrument: Instrument, language: str) -> Typed:
    """What came with a POST, with what is wrong in it in the page's language."""
    data, words = request.POST, chrome(language)
    text = data.get("verbatim", "").replace("\r\n", "\n")
    choice = {"yes": True, "no": False}.get(data.get("may_contact", ""))
    typed = Typed(score_or_none(instrument, data.get("score")), text, may_contact=choice)
    if typed.score is None:
        scale = instrument.scale
        typed.errors["score"] = words["score_missing"].format(low=scale.low, high=scale.high)
    if len(text) > VERBATIM_CHARACTERS:
        typed.errors["verbatim"] = words["too_long"].format(limit=VERBATIM_CHARACTERS, count=len(text))
    return typed


def switched_language(request: HttpRequest, instrument: Instrument) -> str:
    """The language chosen beside the switch when that is what was pressed, else an empty string."""
    if "switch_language" not in request.POST:
        return ""
    return instrument.fitting_language(request.POST.get("language", "")) or instrument.default_language


def _answer(request: HttpRequest, token: str, asked: Asked | None, at: datetime) -> HttpResponse:
    if asked is None:
        return bad_link(request)
    setting, standing, instrument = setting_of(request, asked), _standing(asked, at), asked.instrument
    typed = typed_in(request, instrument, setting.language)
    if not standing.takes_answers:
        return _refusal(setting, asked, standing, typed_text=typed.verbatim, is_answer=True)
    if language := switched_language(request, instrument):
        typed.errors = {}
        setting = Setting.of(asked.organization, asked.touchpoint, language)
        return form_page(setting, instrument, typed, is_edit=asked.response is not None)
    if typed.errors:
        return form_page(setting, instrument, typed, is_edit=asked.response is not None)
    try:
        _store(request, asked, typed, setting.language, at)
    except EditedTooLate:
        return _refusal(setting, asked, Standing.ANSWERED, typed_text=typed.verbatim, is_answer=True)
    return HttpResponseRedirect(reverse("respond_done", args=[token]), status=303)


def _store(request: HttpRequest, asked: Asked, typed: Typed, language: str, at: datetime) -> None:
    actor, response = actor_of_customer(request, asked), asked.response
    if response is None:
        given = Given(
            score=typed.score,
            responded_at=at,
            submission_key=f"invitation:{asked.invitation.id}",
            channel=asked.invitation.channel,
            invitation=asked.invitation,
            customer=asked.customer,
            touchpoint=asked.touchpoint,
            verbatim=typed.verbatim,
            may_contact=typed.may_contact,
            language=language,
            by=actor,
        )
        response, is_new = _together.do((asked.organization.id, asked.instrument.id), (asked.survey, given))
        if is_new:
            return
    # Answered before, or in this very moment by the other click of a double click.
    with organization_scope(asked.organization.id):
        edit_response(
            response, score=typed.score, verbatim=typed.verbatim, may_contact=typed.may_contact, by=actor, at=at
        )


def _record(key: tuple[UUID, UUID], told: Sequence[tuple[Survey, Given]]) -> list[tuple[Response, bool]]:
    """What customers say of one version of a survey at the same moment, in one transaction."""
    organization_id, version_id = key
    # By key, so that two processes with the same answers never wait for each other in a circle.
    order = sorted(range(len(told)), key=lambda index: told[index][1].submission_key)
    with organization_scope(organization_id):
        stored = record_responses(
            [told[index][1] for index in order],
            survey=told[0][0],
            version=published_instrument(organization_id, version_id),
            by=SYSTEM,
            at=told[0][1].responded_at,
        )
    outcomes = dict(zip(order, stored, strict=True))
    return [outcomes[index] for index in range(len(told))]


_together = Combiner(_record)


def _thanks(
    request: HttpRequest, asked: Asked, *, at: datetime, phone: str = "", is_consent_missing: bool = False
) -> HttpResponse:
    response, setting = asked.response, setting_of(request, asked)
    assert response is not None  # noqa: S101
    promised_by = ""
    if response.group == "detractor" and response.may_contact:
        with organization_scope(asked.organization.id):
            promise = promise_for(response)
        if promise:
            promised_by = moment_in_words(
                promise.contact_by, zone=asked.organization.time_zone, language=setting.language
            )
    words = chrome(setting.language)
    next_step = words["next_promised" if promised_by else "next_read"]
    return thanks_page(
        setting,
        asked.instrument,
        group=response.group,
        status=422 if is_consent_missing else 200,
        response=response,
        next_step=next_step.format(organization=setting.organization_name, when=promised_by),
        score_line=words["your_score"].format(score=response.score),
        is_editable=_standing(asked, at) == Standing.EDITABLE,
        is_verbatim_blank=not asked.verbatim,
        phone=phone,
        is_consent_missing=is_consent_missing,
    )


def setting_of(request: HttpRequest, asked: Asked) -> Setting:
    given = asked.response.language if asked.response else ""
    known = (given, asked.customer.language, asked.invitation.language)
    language = language_for(request, asked.instrument, *known)
    return Setting.of(asked.organization, asked.touchpoint, language)


def _standing(asked: Asked, at: datetime) -> Standing:
    responded_at = asked.response.responded_at if asked.response else None
    return standing_of(Facts(asked.survey.state, asked.invitation.expires_at, responded_at), at=at)


def _refusal(
    setting: Setting, asked: Asked, standing: Standing, *, typed_text: str = "", is_answer: bool = False
) -> HttpResponse:
    moment = asked.response.responded_at if asked.response else asked.invitation.expires_at
    when = moment_in_words(moment, zone=asked.organization.time_zone, language=setting.language) if moment else ""
    name = "answered_late" if standing == Standing.ANSWERED else standing.value
    status = 409 if is_answer and standing == Standing.ANSWERED else standing.http_status
    return message_page(setting, name, status=status, typed_text=typed_text, when=when)


_NOBODY = UUID(int=0)


def bad_link(request: HttpRequest) -> HttpResponse:
    """The same page for a token we never made and for one whose invitation is gone."""
    wanted = request.GET.get("lang", "") or request.headers.get("Accept-Language", "")
    language = "ar" if wanted.lower().startswith("ar") else "en"
    setting = Setting(_NOBODY, organization_name="CXM", brand_color="", touchpoint_name="", language=language)
    return message_page(setting, "bad", status=404)


def actor_of_customer(request: HttpRequest, asked: Asked) -> Actor:
    return Actor(Kind.CUSTOMER, asked.customer.id, CUSTOMER_LABEL, client_address(request))
