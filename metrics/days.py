"""Days in the organization's time zone, as moments in UTC."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def day_starts_at(day: date, zone: ZoneInfo) -> datetime:
    """The first moment of `day` in `zone`, in UTC. Where midnight does not exist (a clock change), the moment of the
    change, which is also where the day before ends."""
    return datetime.combine(day, time.min, tzinfo=zone).astimezone(UTC)


def day_bounds(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The half-open interval [start, end) of `day` in UTC: 23, 24 or 25 hours, rarely others."""
    return day_starts_at(day, zone), day_starts_at(day + timedelta(days=1), zone)


def day_of(moment: datetime, zone: ZoneInfo) -> date:
    """The day `moment` falls on in `zone`."""
    return moment.astimezone(zone).date()
