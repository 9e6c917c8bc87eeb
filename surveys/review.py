"""What a look before publishing finds: what changes, and what is not in order yet."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q

from surveys.brand import LIGHT_BACKGROUND, readable
from surveys.models import Distribution, Invitation, Survey, SurveyVersion
from surveys.texts import ALL_TEXTS, OF_THE_SCORE, Script
from surveys.wording import language_name
from tenancy.models import Organization


@dataclass(frozen=True)
class Change:
    """One text that publishing would change."""

    language: str
    label: str
    before: str
    after: str
    is_of_the_score: bool


@dataclass(frozen=True)
class Check:
    """One thing looked at. `level`: "ok", "warning" (may be meant) or "error" (publishing is refused)."""

    level: str
    text: str
    step: str = ""


def differences(live: SurveyVersion | None, draft: SurveyVersion) -> list[Change]:
    """The texts in which the draft differs from what is live; all of them for a survey that was never live."""
    new, old = Script(draft), Script(live) if live else None
    languages = [*new.languages, *(set(old.languages) - set(new.languages) if old else ())]
    found = []
    for language in languages:
        for text in ALL_TEXTS:
            before, after = old.get(text, language) if old else "", new.get(text, language)
            if before != after:
                is_of_the_score = bool(old and before and text.name in OF_THE_SCORE)
                found.append(Change(language_name(language), text.label, before, after, is_of_the_score))
    return found


def checks(survey: Survey, draft: SurveyVersion, *, organization: Organization, at: datetime) -> list[Check]:
    """What stands in the way of publishing, what may be overlooked, and what is in order."""
    return [
        *_missing_texts(draft),
        _link_check(draft),
        _colour(organization),
        Check("ok", "Every mail carries an unsubscribe link and one-click unsubscribe."),
        _sender(organization),
        *_sends(survey, at),
    ]


def _missing_texts(draft: SurveyVersion) -> list[Check]:
    script, found = Script(draft), []
    for language in script.languages:
        missing = [text for text in ALL_TEXTS if text.is_required and not script.get(text, language)]
        if missing:
            labels = ", ".join(f"“{text.label}”" for text in missing)
            is_default = language == draft.default_language
            level = "error" if is_default else "warning"
            effect = "" if is_default else " The default language is shown instead."
            found.append(Check(level, f"{language_name(language)}: {labels} is missing.{effect}", "languages"))
    return found or [Check("ok", f"All texts are written in {_names(script.languages)}.")]


def _link_check(draft: SurveyVersion) -> Check:
    for language, texts in draft.texts.items():
        url, label = texts.get("link_url", ""), texts.get("link_label", "")
        if bool(url) != bool(label):
            text = f"{language_name(language)}: the link needs both words and an address; it is not shown now."
            return Check("warning", text, "thanks")
    return Check("ok", "Thanks treat all groups alike: a link is shown to everybody or to nobody.")


def _colour(organization: Organization) -> Check:
    color = organization.brand_color
    if readable(color, LIGHT_BACKGROUND) == color:
        return Check("ok", f"The brand colour {color} is readable; in dark mode a lighter shade takes its place.")
    return Check("warning", f"The brand colour {color} is too pale on white: buttons and links show a darker shade.")


def _sender(organization: Organization) -> Check:
    missing = [
        words
        for words, value in (
            ("reply address", organization.reply_to),
            ("postal address", organization.postal_address),
        )
        if not value
    ]
    if missing:
        return Check("warning", f"The organization has no {' and no '.join(missing)} yet (Settings).")
    return Check(
        "ok", f"Mail comes from {organization.sender_name or organization.name}; replies go to {organization.reply_to}."
    )


def _sends(survey: Survey, at: datetime) -> list[Check]:
    recent = Q(milestone__events__occurred_at__gte=at - timedelta(days=28), milestone__events__occurred_at__lte=at)
    plans = list(
        Distribution.objects.filter(survey=survey, is_active=True)
        .select_related("milestone")
        .annotate(reached=Count("milestone__events", filter=recent))
    )
    if not plans:
        return [Check("warning", "No send rule yet: nobody will be asked by mail.", "send")]
    held = Invitation.objects.filter(survey=survey, status="dropped", created_at__gte=at - timedelta(days=28)).count()
    found = [
        Check("ok", f"After “{plan.milestone.name}”: about {round(plan.reached / 4)} customers a week.")
        for plan in plans
    ]
    if held:
        found.append(Check("ok", f"{held} people were held back in the last four weeks; the ledger says why."))
    return found


def _names(languages: list[str]) -> str:
    return " and ".join(language_name(language) for language in languages)
