"""Looking at scores: the figure of the last seven days against a limit and against the seven days before.

All statistics are those of metrics: the figure and its difference come from the measure, and places that are compared
at the same time share the risk of a false alarm (Benjamini and Hochberg). A place that fell fires once; it may fire
again only after its figure was back at the recovery mark, with enough answers. In between it may go up and down.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from alerts.models import Alert, AlertRule, RuleCheck
from alerts.opening import open_without_answer
from alerts.rules.thresholds import DAYS, among, instrument_of
from alerts.rules.who import who_filter
from journeys.models import Touchpoint
from metrics.dashboard.words import value_words
from metrics.days import day_of
from metrics.measures import Figure
from metrics.reading import Reading, Slice, read_compared
from metrics.reading_some import read_some
from metrics.statistics.differences import Difference, Verdict
from metrics.statistics.many_comparisons import adjusted
from metrics.tally import Tally
from surveys.models import Survey
from tenancy.models import Organization

EVERY = timedelta(hours=1)
WINDOW = timedelta(days=DAYS)
WHOLE = "all"


@dataclass(frozen=True)
class Series:
    """What was heard at one touchpoint, of one survey or in all, day by day."""

    key: str
    name: str
    by_day: dict[date, Tally] = field(default_factory=dict)

    def week(self, last: date) -> Tally:
        """Of the DAYS days that end with `last`."""
        days = (last - timedelta(days=back) for back in range(DAYS))
        return Tally.total(self.by_day[day] for day in days if day in self.by_day)


@dataclass(frozen=True)
class Place:
    """One place on one day: its figure of seven days, and how that differs from the week before."""

    key: str
    name: str
    figure: Figure
    difference: Difference | None


def look_at_scores(organization: Organization, check: RuleCheck, *, at: datetime) -> timedelta:
    """Raise an alert for each place that fell, and forget those that recovered; returns when to look again."""
    rule = check.rule
    today = day_of(at, ZoneInfo(organization.time_zone))
    series = series_of(organization, rule.conditions, first=today - 2 * WINDOW, last=today)
    places = places_on(series, rule.conditions, day=today)
    for key in recovered(places, rule.conditions, fallen=check.fallen):
        del check.fallen[key]
    fell = []
    for place in falling(places, rule.conditions, fallen=check.fallen):
        check.fallen[place.key] = {"at": at.isoformat(timespec="seconds")}
        fell.append(_alert(rule, place, f"threshold:{place.key}:{today}", at=at))
    subjects = Alert.objects.filter(rule=rule, subject__in=[each.subject for each in fell])
    known = set(subjects.values_list("subject", flat=True))
    new = [each for each in fell if each.subject not in known]
    Alert.objects.bulk_create(new)
    open_without_answer(organization, new, at=at)
    return EVERY


def series_of(organization: Organization, conditions: dict[str, Any], *, first: date, last: date) -> list[Series]:
    """Every place the rule looks at. Three queries for touchpoints or all answers; two a survey, and one.

    Narrowed to some customers, only the answers count that they gave while they were so: figure, number of answers and
    noise are then all of those.
    """
    zone, instrument, places = ZoneInfo(organization.time_zone), instrument_of(conditions), conditions.get("places", [])
    answers = who_filter(conditions, attributes="attributes", value="customer__value")

    def read(survey_id: UUID | None = None) -> Reading:
        wanted = Slice(instrument.measure, instrument.points, survey_id)
        if answers:
            return read_some(wanted, answers, first=first, last=last, zone=zone)
        return read_compared(wanted, first=first, last=last, before=None, unit="day", zone=zone)[0]

    if conditions["of"] == "organization":
        return [Series(WHOLE, "all answers", read().by_bucket)]
    if conditions["of"] == "touchpoint":
        touchpoints = Touchpoint.objects.filter(pk__in=places) if places else Touchpoint.objects.all()
        found = {each.pk: Series(str(each.pk), f"“{each.name}”") for each in touchpoints}
        for (touchpoint, day), tally in read().by_touchpoint_and_bucket.items():
            if touchpoint in found:
                found[touchpoint].by_day[day] = tally
        return list(found.values())
    surveys = Survey.objects.filter(measure=instrument.measure, points=instrument.points)
    chosen = surveys.filter(pk__in=places) if places else surveys
    return [Series(str(each.pk), f"“{each.name}”", read(each.pk).by_bucket) for each in chosen]


def places_on(series: list[Series], conditions: dict[str, Any], *, day: date) -> list[Place]:
    """Those with enough answers in the week that ends with `day`, each compared with the week before."""
    headline = instrument_of(conditions).headline
    now = [(each, headline.figure(each.week(day))) for each in series]
    # Only those with enough answers are compared at all: each further comparison asks more of the others.
    enough = [(each, figure) for each, figure in now if figure.n >= conditions["answers"]]
    differences = [headline.difference(figure, headline.figure(each.week(day - WINDOW))) for each, figure in enough]
    return [
        Place(each.key, each.name, figure, difference)
        for (each, figure), difference in zip(enough, adjusted(differences), strict=True)
    ]


def falling(places: list[Place], conditions: dict[str, Any], *, fallen: Collection[str]) -> list[Place]:
    """Those below the limit that fell further than chance explains, and have not been told of yet."""
    return [
        each
        for each in places
        if each.key not in fallen
        and each.figure.value is not None
        and each.figure.value < conditions["below"]
        and each.difference is not None
        and each.difference.verdict is Verdict.REAL
        and each.difference.value < 0
    ]


def recovered(places: list[Place], conditions: dict[str, Any], *, fallen: Collection[str]) -> list[str]:
    """The keys of those that fell and are back at the recovery mark."""
    back = conditions["recovers"]
    return [each.key for each in places if each.key in fallen and (each.figure.value or 0) >= back]


def words_of(rule: AlertRule, place: Place) -> str:
    """ "Falls: the 7-day NPS of “Support call” is −12 (n = 45), 30 less than in the 7 days before"."""
    headline = instrument_of(rule.conditions).headline
    figure = value_words(headline, place.figure.value)
    fell_by = value_words(headline, abs(place.difference.value)).lstrip("+") if place.difference else "much"
    where = f"{place.name}{among(rule.conditions)}"
    return (
        f"{rule.name}: the {DAYS}-day {headline.label} of {where} is {figure} (n = {place.figure.n:g}), "
        f"{fell_by} less than in the {DAYS} days before"
    )


def _alert(rule: AlertRule, place: Place, subject: str, *, at: datetime) -> Alert:
    return Alert(
        organization_id=rule.organization_id,
        rule=rule,
        rule_version=rule.version,
        subject=subject,
        raised_at=at,
        reason=words_of(rule, place),
    )
