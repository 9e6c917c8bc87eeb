"""The contact policy: every reason not to ask now, and what comes first."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.contact_policy import Ask, LastAsk, QuietHours, Verdict, decide, quiet_until

AT = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
SURVEY, OTHER = uuid4(), uuid4()
PLAIN = Ask(survey_id=SURVEY, survey_state="live", is_relational=False, moment=AT, fatigue_days=30)
BERLIN = ZoneInfo("Europe/Berlin")


def test_nothing_in_the_way_means_send():
    assert decide(PLAIN, at=AT).verdict is Verdict.SEND


@pytest.mark.parametrize(
    "facts, reason",
    [
        ({"is_erased": True}, "erased"),
        ({"has_address": False}, "no_address"),
        ({"suppressed_because": "unsubscribed"}, "suppressed"),
        ({"has_withdrawn": True}, "consent_withdrawn"),
        ({"survey_state": "draft"}, "survey_draft"),
        ({"survey_state": "closed"}, "survey_closed"),
        ({"is_plan_active": False}, "plan_off"),
        ({"may_leave": False}, "demo"),
        ({"moment": AT - timedelta(days=8)}, "moment_passed"),
    ],
)
def test_what_ends_the_matter_drops_also_when_other_things_only_put_off(facts, reason):
    quiet = QuietHours(time(0), time(23), ZoneInfo("UTC"))
    decision = decide(replace(PLAIN, quiet=quiet, last_ask=LastAsk(AT, OTHER, "Other"), **facts), at=AT)
    assert (decision.verdict, decision.reason) == (Verdict.DROP, reason)


def test_paused_survey_puts_off_for_an_hour():
    decision = decide(replace(PLAIN, survey_state="paused"), at=AT)
    assert (decision.verdict, decision.reason, decision.until) == (
        Verdict.DEFER,
        "survey_paused",
        AT + timedelta(hours=1),
    )


def asked(days_ago, survey=OTHER):
    return LastAsk(AT - timedelta(days=days_ago), survey, "The other survey")


def test_question_about_an_event_is_dropped_while_the_customer_rests():
    decision = decide(replace(PLAIN, last_ask=asked(3)), at=AT)
    assert (decision.verdict, decision.reason) == (Verdict.DROP, "asked_recently")
    assert decision.details == {"asked_at": asked(3).at.isoformat(), "survey": "The other survey", "days": 30}


def test_question_about_the_relation_waits_until_the_customer_has_rested():
    decision = decide(replace(PLAIN, is_relational=True, last_ask=asked(3)), at=AT)
    assert (decision.verdict, decision.until) == (Verdict.DEFER, AT + timedelta(days=27))


def test_question_about_the_relation_is_dropped_when_the_same_survey_asked_it():
    decision = decide(replace(PLAIN, is_relational=True, last_ask=asked(3, SURVEY)), at=AT)
    assert decision.verdict is Verdict.DROP


@pytest.mark.parametrize("days_ago, verdict", [(29.99, Verdict.DROP), (30, Verdict.SEND), (31, Verdict.SEND)])
def test_rest_ends_to_the_minute(days_ago, verdict):
    assert decide(replace(PLAIN, last_ask=asked(days_ago)), at=AT).verdict is verdict


def test_no_fatigue_days_means_no_rest():
    assert decide(replace(PLAIN, fatigue_days=0, last_ask=asked(0)), at=AT).verdict is Verdict.SEND


@pytest.mark.parametrize(
    "start, until, clock, end",
    [
        (time(21), time(8), "2026-03-02 22:30", "2026-03-03 08:00"),
        (time(21), time(8), "2026-03-03 07:59", "2026-03-03 08:00"),
        (time(21), time(8), "2026-03-03 08:00", None),
        (time(21), time(8), "2026-03-02 20:59", None),
        (time(12), time(14), "2026-03-02 13:00", "2026-03-02 14:00"),
        (time(8), time(8), "2026-03-02 08:00", None),
        # Clocks jump from 02:00 to 03:00: a quiet time until 02:30 ends with the jump.
        (time(22), time(2, 30), "2026-03-29 01:30", "2026-03-29 03:00"),
    ],
)
def test_quiet_hours_end_by_the_clock_on_the_wall(start, until, clock, end):
    at = datetime.fromisoformat(clock).replace(tzinfo=BERLIN).astimezone(UTC)
    found = quiet_until(QuietHours(start, until, BERLIN), at=at)
    assert (found and found.astimezone(BERLIN).strftime("%Y-%m-%d %H:%M")) == end


@given(
    start=st.times(),
    until=st.times(),
    at=st.datetimes(min_value=datetime(2024, 1, 1), max_value=datetime(2027, 12, 31)),
    zone=st.sampled_from(["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"]),
)
def test_end_of_quiet_hours_is_later_within_a_day_and_not_quiet_itself(start, until, at, zone):
    quiet = QuietHours(start.replace(microsecond=0), until.replace(microsecond=0), ZoneInfo(zone))
    at = at.replace(tzinfo=UTC)
    end = quiet_until(quiet, at=at)
    if end is not None:
        assert at < end <= at + timedelta(hours=26)
        assert quiet_until(quiet, at=end) is None
