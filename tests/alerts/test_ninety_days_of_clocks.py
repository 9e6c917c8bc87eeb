"""Ninety days of simulated time: every escalation happens once, and at the moment a slow, simple count finds.

The clock drives the product's own sweeps from one moment at which something is due to the next, and people pause,
resume, contact, resolve and reopen in between. The oracle knows nothing of spans, due moments or the arithmetic of
pauses: it looks at every single minute, asks what the clocks on the wall showed, whether that was working time, and
whether this follow-up's clock stood still.

In these ninety days clocks go forward in New York and Berlin and back in Sydney, and there are Easter, Presidents' Day,
Anzac Day, Labour Day and a company holiday.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from random import Random
from uuid import UUID
from zoneinfo import ZoneInfo

import holidays
from django.db.models import Min

from alerts.escalation.escalating import escalate_batch
from alerts.following_up import close_loop, contact, reopen, resolve
from alerts.models import AlertRule, Calendar, EscalationStep, FollowUp, FollowUpEntry, Promise, SlaPolicy
from alerts.pausing import longest_pause, resume, resume_batch, snooze, wait_for_customer
from tests.alerts.answering import open_follow_up
from tests.alerts.staffing import make_team

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
BEGIN = datetime(2026, 2, 16, tzinfo=UTC)
END = BEGIN + 90 * DAY
EACH = 6
STEPS = ((25, "owner"), (75, "owner"), (100, "lead"), (200, "admin"))
OFFICE = {str(day): [["09:00", "12:30"], ["13:30", "17:00"]] for day in range(1, 6)}
NIGHTS = {str(day): [["00:00", "06:00"], ["22:00", "24:00"]] for day in range(1, 8)}
MIXED = {str(day): [["00:00", "05:00"], ["09:00", "15:00"]] for day in range(1, 7)}
CLOSED_ON = date(2026, 3, 18)


@dataclass(frozen=True, eq=False)
class Place:
    """Where and when a policy's clocks run, as plain facts."""

    name: str
    zone: str
    hours: dict
    country: str
    hours_to_contact: int
    days_to_resolve: int
    is_wall_clock: bool = False


PLACES = (
    Place("Berlin", "Europe/Berlin", OFFICE, "DE", 8, 4),
    Place("New York at night", "America/New_York", NIGHTS, "US", 12, 3),
    Place("Sydney", "Australia/Sydney", MIXED, "AU", 20, 5),
    Place("Round the clock", "Europe/Berlin", OFFICE, "DE", 30, 6, is_wall_clock=True),
)


@dataclass
class Running:
    """A promise whose clock runs from `start`, until it is kept or the end."""

    promise: str
    start: datetime
    budget: timedelta
    stop: datetime = END


@dataclass
class Life:
    """What happened to one follow-up: its clocks, and when they stood still."""

    follow_up: FollowUp
    place: Place
    clocks: list[Running]
    still: list[list[datetime]] = field(default_factory=list)

    def pause(self, at: datetime, until: datetime) -> None:
        self.still.append([at, until])

    def go_on(self, at: datetime) -> None:
        if self.still and self.still[-1][1] > at:
            self.still[-1][1] = at

    def stop(self, *promises: str, at: datetime) -> None:
        for clock in self.clocks:
            if clock.promise in promises and clock.stop == END:
                clock.stop = at


def test_every_escalation_of_ninety_days_happens_once_and_on_time(world):
    home, random = world.home, Random(90)
    lives = [life for place in PLACES for life in open_at(home, place, random)]
    deeds = sorted(
        ((moment, number) for number, life in enumerate(lives) for moment in moments_of(life, random)), reverse=True
    )
    at = BEGIN
    while True:
        at = max(at, min(next_due(home), deeds[-1][0] if deeds else END))
        if at >= END:
            break
        resume_batch(home.organization.id, at=at)
        escalate_batch(home.organization.id, at=at)
        while deeds and deeds[-1][0] == at:
            do_something(home, lives[deeds.pop()[1]], random, at=at)
    with home.scope():
        lines = list(FollowUpEntry.objects.filter(kind="escalated"))
    found = [(line.follow_up_id, line.details["promise"], line.details["percent"], line.at) for line in lines]
    expected = {key for life in lives for key in expected_of(life, set(found))}
    assert len(found) == len(set(found))
    assert set(found) == expected
    assert len(found) > 3 * len(lives)
    assert all(datetime.fromisoformat(line.details["due_at"]) == line.at and line.details["told"] for line in lines)


def open_at(ground, place: Place, random: Random) -> list[Life]:
    with ground.scope():
        calendar = Calendar.objects.create(
            name=place.name,
            time_zone=place.zone,
            working_hours=place.hours,
            country=place.country,
            days_off=[{"on": CLOSED_ON.isoformat(), "name": "Company holiday"}],
        )
        policy = SlaPolicy.objects.create(
            name=place.name,
            first_contact_hours=place.hours_to_contact,
            resolution_days=place.days_to_resolve,
            is_wall_clock=place.is_wall_clock,
            calendar=calendar,
            longest_pause_days=6,
        )
        for promise in Promise:
            for percent, tells in STEPS:
                EscalationStep.objects.create(sla_policy=policy, promise=promise, percent=percent, tells=tells)
        AlertRule.objects.update(sla_policy=policy)
        make_team(place.name, ground.greta, lead=ground.anton)
    lives = []
    for _ in range(EACH):
        start = BEGIN + random.randrange(60 * 24 * 60) * MINUTE
        follow_up = open_follow_up(ground, at=start, customer=None)
        budgets = {"first_contact": follow_up.first_contact_budget, "resolution": follow_up.resolution_budget}
        assert budgets["first_contact"] == place.hours_to_contact * HOUR
        lives.append(Life(follow_up, place, [Running(promise, start, budget) for promise, budget in budgets.items()]))
    return lives


def moments_of(life: Life, random: Random) -> list[datetime]:
    """When somebody does something with it: whole minutes, a few days apart."""
    start, moments = life.clocks[0].start, []
    at = start + random.randrange(30, 4 * 24 * 60) * MINUTE
    while at < END and len(moments) < 12:
        moments.append(at)
        at += random.randrange(20, 5 * 24 * 60) * MINUTE
    return moments


def next_due(ground) -> datetime:
    with ground.scope():
        due = FollowUp.objects.aggregate(step=Min("escalates_at"), end=Min("resumes_at"))
    return min(due["step"] or END, due["end"] or END)


def do_something(ground, life: Life, random: Random, *, at: datetime) -> None:
    """One deed of those that are possible now; what it means for the clocks is noted for the oracle."""
    who = {"by": ground.greta, "at": at}
    with ground.scope():
        row = FollowUp.objects.select_related("sla_policy", "organization").get(pk=life.follow_up.pk)
        if row.state == "closed" or row.state == "resolved":
            if row.state == "resolved" and random.random() < 0.3:
                close_loop(row, closing="told", text="They know", **who)
            reopen(row, **who)
            life.clocks.append(Running("resolution", at, row.resolution_budget))
        elif row.paused_at and random.random() < 0.6:
            resume(row, **who)
            life.go_on(at)
        elif not row.paused_at and longest_pause(row, at=at) > at and random.random() < 0.6:
            until = at + random.randrange(60, 9 * 24 * 60) * MINUTE
            if random.random() < 0.5 or row.first_contacted_at is None:
                snooze(row, until=until, **who)
            else:
                wait_for_customer(row, **who)
            life.pause(at, row.resumes_at)
            assert row.resumes_at <= at + 6 * DAY
        elif row.first_contacted_at is None:
            contact(row, way="phone", **who)
            life.go_on(at)
            life.stop("first_contact", at=at)
        else:
            resolve(row, outcome="recovered", root_cause="price", text="Mended", **who)
            life.go_on(at)
            life.stop("resolution", at=at)


def expected_of(life: Life, found: set) -> Iterator[tuple]:
    """The keys that must be there: each step at its moment, unless the promise was kept before."""
    for clock in life.clocks:
        used = minutes_used(life, clock)
        for percent, _ in STEPS:
            wanted = clock.budget * percent / 100
            first = moment_at(used, wanted, clock.start)
            if percent == 100:
                first = within_standstill(first, used, wanted, clock, found, life.follow_up.pk)
            if first <= clock.stop and first < END:
                yield life.follow_up.pk, clock.promise, percent, first


def minutes_used(life: Life, clock: Running) -> list[int]:
    """How many minutes of its time are used at each minute since its start: asked of every minute by itself."""
    worked, total, counts = worked_minutes(life.place), 0, [0]
    stood = bytearray(len(worked))
    for begin, end in life.still:
        for minute in range(minute_of(begin), min(minute_of(end), len(stood))):
            stood[minute] = 1
    for minute in range(minute_of(clock.start), len(worked)):
        total += worked[minute] and not stood[minute]
        counts.append(total)
    return counts


def moment_at(used: list[int], wanted: timedelta, start: datetime) -> datetime:
    """The first moment at which that much is used; END where it never is."""
    for minute, count in enumerate(used):
        if count * MINUTE >= wanted:
            return start + minute * MINUTE - (count * MINUTE - wanted)
    return END


def within_standstill(
    first: datetime, used: list[int], wanted: timedelta, clock: Running, found: set, follow_up_id: UUID
) -> datetime:
    """The due moment itself. A promise in days may be due at an opening while its time was used up at the closing
    before: any moment until the next minute of work is as good."""
    last = next((minute - 1 for minute, count in enumerate(used) if count * MINUTE > wanted), None)
    until = END if last is None else clock.start + last * MINUTE
    there = [
        at
        for pk, promise, percent, at in found
        if (pk, promise, percent) == (follow_up_id, clock.promise, 100) and first <= at <= max(first, until)
    ]
    return there[0] if there else until if until < clock.stop else END


@cache
def worked_minutes(place: Place) -> bytearray:
    """For every minute of the ninety days whether it is working time, by what the clock on the wall shows."""
    off = holidays.country_holidays(place.country, years=2026)
    worked = bytearray(minute_of(END))
    for minute in range(len(worked)):
        local = (BEGIN + minute * MINUTE).astimezone(ZoneInfo(place.zone))
        shown, day = f"{local:%H:%M}", local.date()
        is_open = any(opening <= shown < closing for opening, closing in place.hours.get(str(local.isoweekday()), ()))
        worked[minute] = place.is_wall_clock or (is_open and day != CLOSED_ON and day not in off)
    return worked


def minute_of(moment: datetime) -> int:
    return (moment - BEGIN) // MINUTE
