"""Targets, for tests."""

from datetime import date, timedelta
from decimal import Decimal

from metrics.measures import INSTRUMENTS
from metrics.models import Target
from metrics.targets.setting import save_target

TODAY = date(2026, 11, 18)


def a_target(
    ground, *, to: str = "45", start: date = TODAY - timedelta(100), by: date = TODAY + timedelta(100), **values
):
    """+40 to +45 of all NPS answers; in the ground's scope."""
    instrument = INSTRUMENTS[values.pop("instrument", "nps")]
    chosen = {"survey_id": None, "touchpoint_id": None, "channel": "", "from_value": Decimal(40), **values}
    chosen["from_value"] = min(chosen["from_value"], Decimal(to))
    return save_target(
        None, instrument=instrument, to_value=Decimal(to), start_on=start, by_on=by, by=ground.ana, **chosen
    )


def a_target_id(ground):
    target = Target.objects.filter(archived_at=None).first() or a_target(ground)
    return target.pk
