"""Wall clocks and moments, on the days when clocks change."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenancy.wall_time import moment_of

ZONES = [
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
    "America/Sao_Paulo",
    "Asia/Beirut",
    "America/Havana",
]
zones = st.sampled_from(ZONES).map(ZoneInfo)
walls = st.datetimes(datetime(2000, 1, 1), datetime(2150, 1, 1))


@pytest.mark.parametrize(
    ("zone", "wall", "moment"),
    [
        ("Europe/Berlin", "2026-07-01 12:00", "2026-07-01 10:00"),
        # Skipped from 02:00 to 03:00: the moment of the jump
        ("Europe/Berlin", "2026-03-29 02:00", "2026-03-29 01:00"),
        ("Europe/Berlin", "2026-03-29 02:30", "2026-03-29 01:00"),
        ("Europe/Berlin", "2026-03-29 03:00", "2026-03-29 01:00"),
        # Shown twice: the first time
        ("Europe/Berlin", "2026-10-25 02:30", "2026-10-25 00:30"),
        ("Europe/Berlin", "2026-10-25 03:00", "2026-10-25 02:00"),
        # Half an hour skipped
        ("Australia/Lord_Howe", "2026-10-04 02:15", "2026-10-03 15:30"),
        # Midnight skipped
        ("America/Sao_Paulo", "2018-11-04 00:00", "2018-11-04 03:00"),
        ("America/Sao_Paulo", "2018-11-04 00:59:59.999999", "2018-11-04 03:00"),
        # A whole day skipped
        ("Pacific/Apia", "2011-12-30 15:00", "2011-12-30 10:00"),
    ],
)
def test_worked_values(zone, wall, moment):
    expected = datetime.fromisoformat(moment).replace(tzinfo=UTC)
    assert moment_of(datetime.fromisoformat(wall), ZoneInfo(zone)) == expected


@given(zones, walls, st.timedeltas(timedelta(0), timedelta(hours=30)))
def test_a_later_wall_time_is_never_an_earlier_moment(zone, wall, later):
    assert moment_of(wall, zone) <= moment_of(wall + later, zone)


@given(zones, walls)
def test_wall_clocks_that_are_never_changed_over_give_their_time_back(zone, wall):
    moment = moment_of(wall, zone)
    shown = moment.astimezone(zone).replace(tzinfo=None, fold=0)
    assert moment.tzinfo is UTC
    assert shown >= wall
    if shown > wall:
        just_before = (moment - timedelta(microseconds=1)).astimezone(zone).replace(tzinfo=None, fold=0)
        assert just_before < wall


@given(zones, walls)
def test_it_is_the_first_moment(zone, wall):
    moment = moment_of(wall, zone)
    for minutes in (30, 60):
        earlier = (moment - timedelta(minutes=minutes)).astimezone(zone).replace(tzinfo=None, fold=0)
        assert earlier != wall
