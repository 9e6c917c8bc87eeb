"""The demo's aim: five points of NPS more than half a year ago."""

from datetime import datetime, timedelta
from decimal import Decimal

from metrics.measures import INSTRUMENTS
from metrics.reading import Slice, read
from metrics.statistics.rounding import rounded
from metrics.targets.setting import save_target
from tenancy.models import User

BEFORE, AFTER, MORE = timedelta(days=180), timedelta(days=120), Decimal(5)


def aim_higher(by: User, *, until: datetime) -> None:
    """A target of all NPS answers, from the score as it was when it was set. Call it when all days are counted."""
    instrument, start = INSTRUMENTS["nps"], (until - BEFORE).date()
    before = read(Slice(instrument.measure, instrument.points), first=start - timedelta(days=91), last=start)
    score = rounded(instrument.headline.figure(before.whole).value or 0)
    save_target(
        None,
        instrument=instrument,
        survey_id=None,
        touchpoint_id=None,
        channel="",
        from_value=score,
        to_value=score + MORE,
        start_on=start,
        by_on=(until + AFTER).date(),
        by=by,
    )
