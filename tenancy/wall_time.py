"""From what a clock on the wall shows to a moment, also on the days when clocks change. Pure."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo


def moment_of(wall: datetime, zone: ZoneInfo) -> datetime:
    """The first moment, in UTC, at which clocks in `zone` show `wall` or have jumped past it.

    An hour that clocks show twice is taken the first time; one they skip becomes the moment of the jump. So
    a later wall time never is an earlier moment, and spans of a day neither overlap nor leave holes. `wall`
    has no zone.
    """
    moment = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None, fold=0) == wall:
        return moment
    # Skipped. With the offset after the jump the time falls before it, with the one before the jump after it.
    before, after = wall.replace(tzinfo=zone, fold=1).astimezone(UTC), moment
    offset_before = before.astimezone(zone).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = before + timedelta(seconds=(after - before) // timedelta(seconds=2))
        if middle.astimezone(zone).utcoffset() == offset_before:
            before = middle
        else:
            after = middle
    return after.replace(microsecond=0)
