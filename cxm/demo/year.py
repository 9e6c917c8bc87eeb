"""A year of answers: who was asked when, who answered what. Made with a fixed seed, so that every demo is the same."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from cxm.demo.words import FLOOD

DAYS = 365
# Asked a day at the start; the company grows by half within the year.
ASKED_A_DAY = 21


@dataclass(frozen=True)
class Asked:
    """One customer asked at one moment by one survey; `score` is None when they did not answer."""

    survey: str
    at: datetime
    customer: int
    score: int | None = None
    answered_at: datetime | None = None
    has_words: bool = False
    # What they wrote; chosen from the words of the survey when empty.
    words: str = ""


# Of 100 who answer: promoters and passives. The rest are detractors.
LEVELS = {
    "relationship": (43, 31),
    "delivery": (49, 25),
    "renewal": (36, 33),
    "support": (56, 19),
    "checkout": (70, 12),
}
SHARES = {"relationship": 0.17, "delivery": 0.41, "renewal": 0.08, "support": 0.22, "checkout": 0.12}
RESPONSE_RATES = {"relationship": 0.28, "delivery": 0.36, "renewal": 0.25, "support": 0.41, "checkout": 0.22}
# The delivery partner was changed and things went badly from day 190 to 250, until it was mended.
BAD_DAYS = range(190, 251)
# One morning nobody could pay for an hour: everybody who tried says so within half an hour.
FLOOD_DAY, FLOOD_ASKS = 331, 70
# The scores of promoters, passives and detractors on each scale; detractors rarely choose the lowest of NPS.
NPS = (range(9, 11), range(7, 9), range(2, 7))
CSAT = (range(4, 6), range(3, 4), range(1, 3))
CES = (range(5, 8), range(4, 5), range(1, 4))
SCALES = {"relationship": NPS, "delivery": NPS, "renewal": NPS, "support": CSAT, "checkout": CES}


def year(*, until: datetime, customers: int, random: Random) -> Iterator[Asked]:
    """The asks of the year before `until`, in order of time; `customer` is an index below `customers`."""
    start = until - timedelta(days=DAYS)
    for day in range(DAYS):
        morning = (start + timedelta(days=day)).replace(hour=7, minute=0, second=0, microsecond=0)
        is_weekend = morning.isoweekday() > 5
        count = round(ASKED_A_DAY * (1 + day / (2 * DAYS)) * (0.45 if is_weekend else 1) * random.uniform(0.8, 1.2))
        for minutes in sorted(random.randrange(11 * 60) for _ in range(count)):
            at = morning + timedelta(minutes=minutes)
            if at < until:
                yield _asked(day, at, until, random.randrange(customers), random)
        if day == FLOOD_DAY:
            yield from _flood(morning + timedelta(hours=11), customers, random)


def _flood(at: datetime, customers: int, random: Random) -> Iterator[Asked]:
    for minutes in sorted(random.uniform(0, 25) for _ in range(FLOOD_ASKS)):
        answered_at = at + timedelta(minutes=minutes + random.uniform(1, 5))
        customer, score, words = random.randrange(customers), random.choice(CES[2][:2]), random.choice(FLOOD)
        yield Asked("checkout", at + timedelta(minutes=minutes), customer, score, answered_at, True, words)


def _asked(day: int, at: datetime, until: datetime, customer: int, random: Random) -> Asked:
    survey = random.choices(list(SHARES), list(SHARES.values()))[0]
    answered_at = at + timedelta(minutes=random.expovariate(1 / 400))
    if random.random() > RESPONSE_RATES[survey] or answered_at >= until:
        return Asked(survey, at, customer)
    promoters, passives = LEVELS[survey]
    if survey == "delivery" and day in BAD_DAYS:
        promoters, passives = promoters - 24, passives - 2
    promoters += round(8 * day / DAYS)
    group = random.choices((0, 1, 2), (promoters, passives, max(100 - promoters - passives, 4)))[0]
    score = random.choice(SCALES[survey][group])
    has_words = random.random() < (0.35, 0.3, 0.72)[group]
    return Asked(survey, at, customer, score, answered_at, has_words)
