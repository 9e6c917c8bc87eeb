"""What the page of a rule shows of its back-test: a sentence, alerts a week as a chart with its table, and examples."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.formats import date_format

from alerts.models import AlertRule
from alerts.rules.back_test import DAYS, Progress, answers_of
from alerts.rules.going_on import token_of
from alerts.rules.silent import silent_customers
from customers.models import Customer
from metrics.charts import Figure, ScoreBar, distribution
from metrics.days import day_of
from surveys.models import Response
from surveys.responding import verbatims_of
from surveys.scoring import group_word
from tenancy.models import Organization


@dataclass(frozen=True)
class Example:
    """One answer the rule would have fired on."""

    response: Response
    group_word: str
    words: str


@dataclass(frozen=True)
class Tried:
    """`token` is what the next page goes on from; empty when the back-test is done. `already` says
    whom the rule would pass over when it is switched on.
    """

    progress: Progress
    finding: str
    figure: Figure
    answers: list[Example]
    customers: list[Customer]
    falls: list[str]
    token: str
    already: str = ""


def tried(rule: AlertRule, progress: Progress, organization: Organization) -> Tried:
    """Four queries, whatever the number of alerts."""
    answers: list[Example] = []
    customers: list[Customer] = []
    if rule.kind == AlertRule.Kind.ANSWER:
        responses = answers_of(progress)
        said = verbatims_of(each.pk for each in responses)
        answers = [Example(each, group_word(each.measure, each.group), said.get(each.pk, "")) for each in responses]
    elif rule.kind == AlertRule.Kind.SILENCE:
        found = Customer.objects.in_bulk(progress.examples)
        customers = [found[UUID(each)] for each in progress.examples if UUID(each) in found]
    falls = progress.examples if rule.kind == AlertRule.Kind.THRESHOLD else []
    figure = _figure(progress, ZoneInfo(organization.time_zone))
    return Tried(
        progress,
        _finding(rule, progress),
        figure,
        answers,
        customers,
        falls,
        token_of(rule, progress, organization_id=organization.pk),
        _already(rule, progress) if rule.kind == AlertRule.Kind.SILENCE and progress.is_done else "",
    )


def _already(rule: AlertRule, progress: Progress) -> str:
    """Who is silent by now is no news to a rule that is switched on."""
    count = silent_customers(rule.conditions, at=datetime.fromisoformat(progress.until)).count()
    if not count:
        return ""
    who = "One customer is" if count == 1 else f"{count:,} customers are"
    return f"{who} silent already and will not raise an alert: only who falls silent from now on does."


def _finding(rule: AlertRule, progress: Progress) -> str:
    if not progress.alerts:
        return f"It would not have fired in the last {DAYS} days." if progress.is_done else "It has not fired so far."
    times = f"{progress.alerts:,} time{'' if progress.alerts == 1 else 's'}"
    a_week = progress.alerts * 7 / DAYS
    rate = f", about {a_week:,.0f} a week" if a_week >= 2 and progress.is_done else ""
    when = f"in the last {DAYS} days" if progress.is_done else "so far, newest answers first"
    return f"It would have fired {times} {when}{rate}."


def _figure(progress: Progress, zone: ZoneInfo) -> Figure:
    weeks = _weeks(datetime.fromisoformat(progress.until), zone)
    counts = [(monday, progress.weeks.get(str(monday), 0)) for monday in weeks]
    # Every second week is named, the last one always: a phone has no room for more.
    bars = [
        ScoreBar(_short(monday) if (len(weeks) - at) % 2 else "", count, "brand", f"Week of {_day(monday)}: {count:,}")
        for at, (monday, count) in enumerate(counts)
    ]
    most = max((count for _, count in counts), default=0)
    finding = f"Between {min(count for _, count in counts):,} and {most:,} a week."
    return Figure(
        title="Alerts a week",
        finding=finding,
        svg=distribution(bars, label=f"Alerts a week. {finding}", chart_id="back-test"),
        columns=("Week of", "Alerts"),
        rows=[(_day(monday), f"{count:,}") for monday, count in counts],
    )


def _weeks(until: datetime, zone: ZoneInfo) -> list[date]:
    """The Mondays from the first day that was looked at to the last."""
    first, last = day_of(until - timedelta(days=DAYS), zone), day_of(until, zone)
    monday = first - timedelta(days=first.weekday())
    return [monday + timedelta(weeks=each) for each in range((last - monday).days // 7 + 1)]


def _short(day: date) -> str:
    return date_format(day, "j M")


def _day(day: date) -> str:
    return date_format(day, "j F Y")
