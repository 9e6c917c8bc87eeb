"""Calendars and moments that the tests of promised times draw from."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from tenancy.working_hours import BusinessCalendar, parse_working_hours

BERLIN = ZoneInfo("Europe/Berlin")
ZONES = [
    ZoneInfo(key)
    for key in ("UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "America/Havana")
]
OFFICE = {str(day): [["09:00", "17:00"]] for day in range(1, 6)}

# The days on which clocks change in these zones, and two far ahead
CHANGES = [
    datetime(2026, month, day, tzinfo=UTC) for month, day in ((3, 8), (3, 29), (4, 4), (10, 3), (10, 25), (11, 1))
] + [datetime(2099, 3, 29, tzinfo=UTC), datetime(8000, 10, 29, tzinfo=UTC)]


def office(zone=BERLIN, *days_off, hours=OFFICE):
    """Monday to Friday, nine to five, unless told otherwise."""
    return parse_working_hours(hours, zone=zone, days_off=frozenset(days_off))


def at(text, zone=BERLIN):
    """A moment from local time: "2026-03-06 16:30"."""
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def _spans(edges):
    ordered = sorted(edges)
    return tuple(zip(ordered[::2], ordered[1::2], strict=False))


moments = st.builds(
    lambda day, minutes: day + timedelta(minutes=minutes),
    st.sampled_from(CHANGES),
    st.integers(-5 * 1440, 5 * 1440),
)
weeks = st.tuples(*[st.sets(st.integers(0, 48).map(lambda half: half * 30), max_size=6).map(_spans)] * 7).filter(any)
calendars = st.one_of(
    st.builds(BusinessCalendar, st.sampled_from(ZONES), weeks),
    st.sampled_from(ZONES).map(office),
    st.sampled_from(ZONES).map(BusinessCalendar.around_the_clock),
)
