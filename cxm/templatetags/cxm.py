"""The tags every page may use without loading them (settings list this module as a builtin)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from django import template
from django.template.context import Context
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _

from cxm import icons, navigation

register = template.Library()

GROUP_WORDS = {"promoter": "Promoter", "passive": "Passive", "detractor": "Detractor"}


@register.simple_tag
def icon(name: str, label: str = "", css: str = "") -> SafeString:
    """`{% icon "clock" %}` is decoration; `{% icon "clock" label="Due" %}` is read out."""
    return icons.icon(name, label=label, css=css)


@register.simple_tag(name="signed")
@register.filter(name="signed")
def signed(value: float | Decimal | None, decimals: int = 0) -> str:
    """+42, 0 or −42 with a true minus; an en dash when there is no value."""
    if value is None:
        return "–"
    rounded = round(float(value), decimals)
    sign = "+" if rounded > 0 else "−" if rounded < 0 else ""
    return f"{mark_of_direction()}{sign}{number_format(abs(rounded), decimals)}"


def mark_of_direction() -> str:
    """Keeps a sign before its figure where words run from right to left (as CLDR does it)."""
    return "\u200e" if get_language_bidi() else ""


@register.filter
def figure(value: float | Decimal | None, decimals: int = 0) -> str:
    """A plain figure in the reader's notation: 1,160 or 84.2; a true minus; an en dash for nothing."""
    if value is None:
        return "–"
    rounded = round(float(value), decimals)
    text = number_format(abs(rounded), decimals, force_grouping=True)
    return f"{mark_of_direction()}−{text}" if rounded < 0 else text


@register.filter
def percent(share: float | Decimal | None, decimals: int = 0) -> str:
    """A share from 0 to 1 as 84 %; an en dash when there is no value."""
    return "–" if share is None else f"{number_format(round(float(share) * 100, decimals), decimals)} %"


@register.simple_tag(takes_context=True)
def when(context: Context, moment: datetime | None, style: str = "short") -> SafeString | str:
    """A <time> in the organization's zone: ISO for machines, the whole moment on hover.
    Styles: short (Today 14:02, 12 Mar 14:02, 12 Mar 2025), date (12 Mar 2025), time (14:02), full."""
    if moment is None:
        return "–"
    local = moment.astimezone(zone_of(context))
    full = _whole_moment(local)
    words = {
        "date": lambda: _day(local, "j M Y"),
        "time": lambda: f"{local:%H:%M}",
        "full": lambda: full,
        "short": lambda: short_moment(local, at=timezone.now()),
    }[style]()
    return format_html('<time datetime="{}" title="{}">{}</time>', local.isoformat(timespec="seconds"), full, words)


def zone_of(context: Context) -> ZoneInfo:
    """The organization's time zone on its own pages, elsewhere the zone that is active."""
    organization = getattr(context.get("request"), "organization", None)
    return ZoneInfo(organization.time_zone) if organization else timezone.get_current_timezone()


def short_moment(local: datetime, *, at: datetime) -> str:
    """As much of a moment as one needs today to know when it was."""
    today = at.astimezone(local.tzinfo).date()
    if local.date() == today:
        return _("Today %(time)s") % {"time": f"{local:%H:%M}"}
    if local.date() == today - timedelta(days=1):
        return _("Yesterday %(time)s") % {"time": f"{local:%H:%M}"}
    return f"{_day(local, 'j M')} {local:%H:%M}" if local.year == today.year else _day(local, "j M Y")


def _whole_moment(local: datetime) -> str:
    return f"{_day(local, 'j F Y')}, {local:%H:%M} {local:%Z}"


def _day(local: datetime, pattern: str) -> str:
    return _day_in(local.date(), pattern, get_language())


@lru_cache(maxsize=4096)
def _day_in(day: date, pattern: str, language: str | None) -> str:
    """A list shows the same few days again and again, and to write one takes longer than to look it up."""
    return date_format(day, pattern)


@register.simple_tag
def score_chip(score: int | None, group: str, word: str = "") -> SafeString:
    """A score as number and word: `{% score_chip 3 "detractor" %}`. `word` replaces the group's name."""
    return _score_chip(score, group, word or _(GROUP_WORDS.get(group, "")))


@lru_cache(maxsize=512)
def _score_chip(score: int | None, group: str, word: str) -> SafeString:
    """There are only so many, and a list shows fifty."""
    return render_to_string("components/score_chip.html", {"score": score, "group": group, "word": word})


@register.inclusion_tag("components/due_chip.html", takes_context=True)
def due_chip(context: Context, due_at: datetime, done_at: datetime | None = None, warn_hours: int = 4) -> dict:
    """A promised time as icon and words; never ticks. With `done_at` it says whether it was kept."""
    now = timezone.now()
    local = due_at.astimezone(zone_of(context))
    late = (done_at or now) - due_at
    is_today = local.date() == now.astimezone(local.tzinfo).date()
    clock = f"{local:%H:%M}" if is_today else f"{_day(local, 'j M')} {local:%H:%M}"
    if done_at:
        state, words = ("breach", _("Late by %s") % span(late)) if late > timedelta() else ("ok", _("In time"))
    elif late > timedelta():
        state, words = "breach", _("Overdue %s") % span(late)
    else:
        state = "warn" if -late <= timedelta(hours=warn_hours) else "ok"
        words = _("Due %(time)s (in %(span)s)") % {"time": clock, "span": span(-late)}
    return {
        "state": state,
        "icon_name": {"ok": "clock", "warn": "hourglass", "breach": "triangle-alert"}[state]
        if not done_at
        else ("check" if state == "ok" else "triangle-alert"),
        "words": words,
        "iso": local.isoformat(timespec="seconds"),
        "full": _whole_moment(local),
    }


def span(length: timedelta) -> str:
    """A length of time in its largest fitting unit: 40 min, 3 h, 2 d."""
    minutes = int(length.total_seconds() // 60)
    if minutes < 60:
        return _("%d min") % max(minutes, 1)
    return _("%d h") % (minutes // 60) if minutes < 48 * 60 else _("%d d") % (minutes // (24 * 60))


@register.simple_tag(takes_context=True)
def navigation_links(context: Context) -> list[navigation.Link]:
    """The places of the product this person may go to, the present one marked."""
    return navigation.links(context["request"], badges=context.get("badges") or {})


@register.simple_tag(takes_context=True)
def account_links(context: Context) -> list[navigation.Link]:
    """The pages about the person: profile, email, password, two-factor, sessions."""
    return navigation.account_links(context["request"])


@dataclass(frozen=True)
class SortHeader:
    """One sortable column: where a click leads and what `aria-sort` says now."""

    label: str
    query: str
    aria_sort: str
    icon_name: str
    numeric: bool


@register.inclusion_tag("components/sort_header.html", takes_context=True)
def sort_header(context: Context, label: str, key: str, numeric: bool = False, parameter: str = "sort") -> dict:
    """A <th> whose link sorts by `key`; a second click turns the order round (`?sort=-key`)."""
    query = context["request"].GET.copy()
    current = query.get(parameter, "")
    query[parameter] = f"-{key}" if current == key else key
    query.pop("page", None)
    query.pop("cursor", None)
    order = {key: "ascending", f"-{key}": "descending"}.get(current, "")
    arrow = {"ascending": "arrow-up", "descending": "arrow-down"}.get(order, "arrow-up-down")
    return {"column": SortHeader(label, f"?{query.urlencode()}", order, arrow, numeric)}


@register.simple_tag(takes_context=True)
def settings_links(context: Context) -> list[navigation.SettingsLink]:
    return navigation.settings_links(context["request"])


@register.filter
def deed_words(verb: str) -> str:
    """A verb of the audit log as people read it: "follow_up.loop_closed" -> "Follow up loop closed"."""
    return verb.replace("_", " ").replace(".", " ").capitalize()
