"""The back-test: what a rule would have done in the last 90 days, before it is saved.

Runs newest first in batches, each narrowed by the database, for as long as a page may take; what is left goes on from
where it stopped, with the counts so far (`Progress`). Each answer is seen as of then: the last answer before it, the
detractor before it. An answer that came while its customer had an open follow-up would have joined that one.
"""

import time
from collections import Counter
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import DateTimeField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from alerts.models import AlertRule, FollowUp
from alerts.rules.facts import Facts, facts_in
from alerts.rules.falling import WINDOW, falling, places_on, recovered, series_of, words_of
from alerts.rules.matching import is_raised_by, needs_of
from alerts.rules.narrowing import narrowed
from alerts.rules.silent import BEGINNING
from alerts.rules.who import who_filter
from customers.models import Customer
from journeys.models import Touchpoint
from metrics.days import day_of
from surveys.models import Invitation, Response, Survey
from tenancy.models import Organization

DAYS = 90
# A batch is at most so large. The first is small, and the next ones as large as the time that is left allows.
BATCH, FIRST, SMALLEST = 2000, 200, 20
# Mails of so long are looked at in one query about silence.
PIECE = timedelta(days=3)
EXAMPLES = 10
# How long one page may take.
SECONDS = 2.0
# What conditions look at; the rest of a row stays where it is.
LOOKED_AT = (
    "organization_id",
    "survey_id",
    "touchpoint_id",
    "customer_id",
    "channel",
    "measure",
    "score",
    "group",
    "has_verbatim",
    "language",
    "may_contact",
    "attributes",
    "responded_at",
)


@dataclass
class Progress:
    """How far a back-test has come, as JSON: `upto` is the answer it goes on after, or the moment of a silence; empty
    at the start and the end."""

    until: str
    upto: list[str] = field(default_factory=list)
    is_done: bool = False
    seen: int = 0
    alerts: int = 0
    joined: int = 0
    weeks: dict[str, int] = field(default_factory=dict)
    # Ids of answers or customers, or words where a score fell.
    examples: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    def count(self, moments: list[date]) -> None:
        self.alerts += len(moments)
        mondays = Counter(str(each - timedelta(days=each.weekday())) for each in moments)
        self.weeks = dict(Counter(self.weeks) + mondays)


def back_test(
    organization: Organization,
    rule: AlertRule,
    *,
    at: datetime,
    progress: Progress | None = None,
    seconds: float = SECONDS,
) -> Progress:
    """Go on for at most about `seconds`; `rule` need not be stored, its conditions must have been checked."""
    progress = progress or Progress(until=at.isoformat())
    zone = ZoneInfo(organization.time_zone)
    until = datetime.fromisoformat(progress.until)
    span = (until - timedelta(days=DAYS), until)
    if rule.kind == AlertRule.Kind.SILENCE:
        _silences(rule, progress, span, zone, seconds=seconds)
    elif rule.kind == AlertRule.Kind.THRESHOLD:
        _falls(organization, rule, progress, span, zone)
    else:
        _answers(rule, progress, span, zone, seconds=seconds)
    return progress


def answers_of(progress: Progress) -> list[Response]:
    """The examples of a rule about answers, in their order."""
    found = Response.objects.select_related("survey", "touchpoint__stage", "customer").in_bulk(progress.examples)
    return [found[UUID(each)] for each in progress.examples if UUID(each) in found]


def _answers(
    rule: AlertRule, progress: Progress, span: tuple[datetime, datetime], zone: ZoneInfo, *, seconds: float
) -> None:
    ends = time.monotonic() + seconds
    needs, rows, known = needs_of([rule]), _looked_at(rule, span), _Known(rule)
    size = min(FIRST, BATCH)
    while True:
        began = time.monotonic()
        batch = facts_in(_after(rows, progress.upto)[:size], needs=needs)
        known.attach([each.response for each in batch])
        raised = [each for each in batch if is_raised_by(rule, each)]
        _take(progress, raised, zone)
        progress.seen += len(batch)
        if len(batch) < size:
            progress.upto, progress.is_done = [], True
            return
        last = batch[-1].response
        progress.upto = [last.responded_at.isoformat(), str(last.pk)]
        now = time.monotonic()
        if now >= ends:
            return
        size = max(min(int(size * (ends - now) / max(now - began, 0.001)), size * 4, BATCH), min(SMALLEST, BATCH))


def _looked_at(rule: AlertRule, span: tuple[datetime, datetime]) -> QuerySet[Response]:
    rows = Response.objects.filter(responded_at__gt=span[0], responded_at__lte=span[1])
    within = narrowed(rule.conditions)
    rows = rows if within is None else rows.filter(within)
    return rows.only(*LOOKED_AT).order_by("-responded_at", "-pk")


def _after(rows: QuerySet[Response], upto: list[str]) -> QuerySet[Response]:
    if not upto:
        return rows
    moment, pk = datetime.fromisoformat(upto[0]), UUID(upto[1])
    # The first condition alone would do; PostgreSQL finds its place in the index by it.
    return rows.filter(Q(responded_at__lte=moment) & (Q(responded_at__lt=moment) | Q(pk__lt=pk)))


def _take(progress: Progress, raised: list[Facts], zone: ZoneInfo) -> None:
    progress.count([day_of(each.response.responded_at, zone) for each in raised])
    room = EXAMPLES - len(progress.examples)
    progress.examples += [str(each.response.pk) for each in raised[: max(room, 0)]]
    of_customers = [each.response.pk for each in raised if each.response.customer_id]
    open_then = FollowUp.objects.filter(
        Q(resolved_at=None) | Q(resolved_at__gt=OuterRef("responded_at")),
        customer=OuterRef("customer"),
        opened_at__lt=OuterRef("responded_at"),
    )
    if of_customers:
        progress.joined += Response.objects.filter(Exists(open_then), pk__in=of_customers).count()


class _Known:
    """Surveys and touchpoints once, and customers only for rules that look at them."""

    def __init__(self, rule: AlertRule):
        self.surveys = Survey.objects.in_bulk()
        self.touchpoints = Touchpoint.objects.select_related("stage").in_bulk()
        self.wants_customers = "customer_value" in str(rule.conditions)

    def attach(self, responses: list[Response]) -> None:
        ids = {each.customer_id for each in responses if each.customer_id} if self.wants_customers else set()
        customers = Customer.objects.only("value").in_bulk(ids) if ids else {}
        for each in responses:
            each.survey = self.surveys[each.survey_id]
            each.touchpoint = self.touchpoints[each.touchpoint_id] if each.touchpoint_id else None
            if each.customer_id in customers:
                each.customer = customers[each.customer_id]


def _silences(
    rule: AlertRule, progress: Progress, span: tuple[datetime, datetime], zone: ZoneInfo, *, seconds: float
) -> None:
    """Every silence that became long enough within the span: newest first, a query for each few days of mails."""
    ends = time.monotonic() + seconds
    days = timedelta(days=rule.conditions["days"])
    until = datetime.fromisoformat(progress.upto[0]) if progress.upto else span[1]
    while True:
        since = max(until - PIECE, span[0])
        found = _silences_between(rule, since - days, until - days)
        progress.count([day_of(moment + days, zone) for _, moment in found])
        room = EXAMPLES - len(progress.examples)
        progress.examples += [str(customer) for customer, _ in found[: max(room, 0)]]
        until = since
        if until <= span[0]:
            progress.upto, progress.is_done = [], True
            return
        progress.upto = [until.isoformat()]
        if time.monotonic() >= ends:
            return


def _silences_between(rule: AlertRule, since: datetime, until: datetime) -> list[tuple[UUID, datetime]]:
    """(customer, since when) of the silences that began with a mail after `since` and until `until`. One query."""
    days = timedelta(days=rule.conditions["days"])
    sent = Invitation.objects.filter(status=Invitation.Status.SENT, customer__erased_at=None)
    asked = sent.filter(sent_at__gt=since, sent_at__lte=until)
    if rule.conditions.get("value") is not None:
        asked = asked.filter(customer__value__gte=rule.conditions["value"])
    asked = asked.filter(who_filter(rule.conditions, attributes="customer__attributes", value="customer__value"))
    answers = Response.objects.filter(customer=OuterRef("customer"))
    before = answers.filter(responded_at__lte=OuterRef("sent_at")).order_by("-responded_at")
    earlier = sent.filter(
        customer=OuterRef("customer"), sent_at__lt=OuterRef("sent_at"), sent_at__gt=OuterRef("last_answer_at")
    )
    ends = ExpressionWrapper(OuterRef("sent_at") + days, output_field=DateTimeField())
    in_time = answers.filter(responded_at__gt=OuterRef("sent_at"), responded_at__lte=ends)
    asked = asked.annotate(last_answer_at=Coalesce(Subquery(before.values("responded_at")[:1]), Value(BEGINNING)))
    asked = asked.exclude(Exists(earlier)).exclude(Exists(in_time)).order_by("-sent_at")
    return list(asked.values_list("customer_id", "sent_at"))


def _falls(
    organization: Organization,
    rule: AlertRule,
    progress: Progress,
    span: tuple[datetime, datetime],
    zone: ZoneInfo,
) -> None:
    """Day by day as the rule itself would have looked, with the same memory of what fell."""
    first, last = day_of(span[0], zone), day_of(span[1], zone)
    series = series_of(organization, rule.conditions, first=first - 2 * WINDOW, last=last)
    fallen: set[str] = set()
    moments = []
    for day in (first + timedelta(days=each) for each in range((last - first).days + 1)):
        places = places_on(series, rule.conditions, day=day)
        fallen.difference_update(recovered(places, rule.conditions, fallen=fallen))
        for place in falling(places, rule.conditions, fallen=fallen):
            fallen.add(place.key)
            moments.append(day)
            progress.examples.insert(0, f"{day:%d %b %Y}. {words_of(rule, place)}")
    progress.count(moments)
    progress.examples = progress.examples[:EXAMPLES]
    progress.is_done = True
