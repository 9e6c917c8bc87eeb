"""The pages customers see: which language, which words, and how they become HTML.

A page nobody has typed into is the same for every customer of the same version, language and clicked score: it holds no
token and no name, so it is made once and kept by the process.
"""

import gzip
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.template.loader import get_template
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import override
from django.utils.translation.trans_real import parse_accept_lang_header

from surveys.brand import brand_css_name
from surveys.published import Instrument, Wording, fill, published_instrument
from surveys.wording import chrome, language_name
from tenancy.models import Organization


@dataclass(frozen=True, slots=True)
class Setting:
    """Where a page is shown: whose survey, about what, in which language."""

    organization_id: UUID
    organization_name: str
    brand_color: str
    touchpoint_name: str
    language: str
    is_preview: bool = False
    # Shows the dark colours on any screen.
    is_dark: bool = False

    @classmethod
    def of(cls, organization: Organization, touchpoint: Any, language: str, *, is_preview: bool = False) -> "Setting":
        name = touchpoint.name if touchpoint else ""
        return cls(organization.id, organization.name, organization.brand_color, name, language, is_preview)

    def filled(self, text: str) -> str:
        return fill(text, organization=self.organization_name, touchpoint=self.touchpoint_name)


@dataclass(slots=True)
class Typed:
    """What stands in the form: clicked in the mail, given before, or just sent."""

    score: int | None = None
    verbatim: str = ""
    may_contact: bool | None = None
    errors: dict[str, str] = field(default_factory=dict)


def language_for(request: HttpRequest, instrument: Instrument, *known: str) -> str:
    """`?lang=` or the form's own, what we know of the customer, what the browser asks for, else the default."""
    asked_for = request.POST.get("lang", "") if request.method == "POST" else request.GET.get("lang", "")
    for language in (asked_for, *known):
        if language and (fitting := instrument.fitting_language(language)):
            return fitting
    for language, _ in parse_accept_lang_header(request.headers.get("Accept-Language", "").lower()[:500]):
        if fitting := instrument.fitting_language(language):
            return fitting
    return instrument.default_language


def blank_form_page(request: HttpRequest, setting: Setting, instrument: Instrument, score: int | None) -> HttpResponse:
    """The form as it is opened first, from what this process keeps."""
    plain, zipped = _blank_form(setting, instrument.id, score)
    if "gzip" not in request.headers.get("Accept-Encoding", ""):
        return HttpResponse(plain)
    return HttpResponse(zipped, headers={"Content-Encoding": "gzip", "Vary": "Accept-Encoding"})


def form_page(
    setting: Setting, instrument: Instrument, typed: Typed, *, notice: str = "", is_edit: bool = False
) -> HttpResponse:
    """The form with what was typed, or given before; 422 when something in it is wrong."""
    html = _form_html(setting, instrument, typed, notice=notice, is_edit=is_edit)
    return HttpResponse(html, status=422 if typed.errors else 200)


def message_page(setting: Setting, name: str, *, status: int, typed_text: str = "", **facts: str) -> HttpResponse:
    """A page that only says something (`<name>_title` and `<name>` of the wording); gives back what was typed."""
    words = chrome(setting.language)
    context = {
        "title": words[f"{name.removesuffix('_late')}_title"],
        "text": words[name].format(organization=setting.organization_name, **facts),
        "typed_text": typed_text,
    }
    return HttpResponse(respondent_html("surveys/respond_message.html", setting, context), status=status)


def thanks_page(
    setting: Setting, instrument: Instrument, *, group: str, status: int = 200, **facts: Any
) -> HttpResponse:
    """Thanks by group; `facts` are what templates/surveys/respond_done.html names."""
    wording = instrument.wording(setting.language)
    context = {"group": group, "thanks": setting.filled(wording.thanks[group]), "wording": wording, **facts}
    return HttpResponse(respondent_html("surveys/respond_done.html", setting, context), status=status)


def moment_in_words(moment: datetime, *, zone: str, language: str) -> str:
    """ "Tuesday 10 March, 14:05" in the language and the organization's time zone."""
    with override(language):
        return date_format(moment.astimezone(ZoneInfo(zone)), "l j F, H:i")


@lru_cache(maxsize=512)
def _blank_form(setting: Setting, version_id: UUID, score: int | None) -> tuple[bytes, bytes]:
    instrument = published_instrument(setting.organization_id, version_id)
    html = _form_html(setting, instrument, Typed(score=score), notice="", is_edit=False).encode()
    return html, gzip.compress(html, mtime=0)


def _form_html(setting: Setting, instrument: Instrument, typed: Typed, *, notice: str, is_edit: bool) -> str:
    wording = instrument.wording(setting.language)
    group = instrument.scale.group_of(typed.score) if typed.score is not None else "any"
    context = {
        "title": setting.filled(wording.title),
        "intro": setting.filled(wording.intro),
        "low_label": wording.low_label,
        "high_label": wording.high_label,
        "reason": setting.filled(wording.reasons[group]),
        "contact": setting.filled(wording.contact),
        "scores": _scores(instrument, wording, typed.score),
        "scores_class": f"scores-{instrument.points}",
        "typed": typed,
        "notice": notice,
        "is_edit": is_edit,
        "languages": [(code, language_name(code), code == setting.language) for code in instrument.languages],
    }
    return respondent_html("surveys/respond.html", setting, context)


def _scores(instrument: Instrument, wording: Wording, chosen: int | None) -> list[tuple[int, str, bool]]:
    """(score, what it is read out as, whether it is chosen), in reading order."""
    scores = instrument.scale.scores
    spoken = {scores[0]: f"{scores[0]}, {wording.low_label}", scores[-1]: f"{scores[-1]}, {wording.high_label}"}
    return [(score, spoken.get(score, str(score)), score == chosen) for score in scores]


def respondent_html(template: str, setting: Setting, context: dict[str, Any]) -> str:
    """The page in the setting's language and colours."""
    shared = {
        "chrome": chrome(setting.language),
        "language": setting.language,
        "brand_name": setting.organization_name,
        "brand_css_url": reverse("brand_css", args=[brand_css_name(setting.brand_color)]),
        "is_preview": setting.is_preview,
        "is_dark": setting.is_dark,
    }
    # base_public.html writes lang and dir of the active language.
    with override(setting.language):
        return get_template(template).render({**shared, **context})
