"""Whether a customer is asked now, later or not at all. Decided when the mail is due, from facts; pure.

What ends the matter (erased, unsubscribed, closed) comes before what only puts it off (paused, asked recently, quiet
hours), so that the ledger names the reason that counts.
"""

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from tenancy.wall_time import moment_of

# A question about one event is asked within a week of its moment or not at all; one about the relation can wait.
EVENT_KEEPS = timedelta(days=7)
RELATION_KEEPS = timedelta(days=90)
# In an invitation's details: it stands outside the fatigue budget that all surveys share.
APART = "apart"
# How soon a paused survey is looked at again; resuming it wakes its invitations at once.
PAUSE = timedelta(hours=1)


class Verdict(StrEnum):
    SEND = "send"
    DEFER = "defer"
    DROP = "drop"


@dataclass(frozen=True)
class Decision:
    """What to do, why (a code of reasons.py with its details), and for DEFER when to look again."""

    verdict: Verdict
    reason: str = ""
    details: dict[str, Any] = field(default_factory=dict)
    until: datetime | None = None


@dataclass(frozen=True)
class LastAsk:
    """The newest mail this customer got from any survey, or may have got."""

    at: datetime
    survey_id: UUID
    survey_name: str


@dataclass(frozen=True)
class QuietHours:
    """From one wall-clock time until another, over midnight when `start` is the later one."""

    start: time
    until: time
    zone: ZoneInfo


@dataclass(frozen=True)
class Ask:
    """The facts about one candidate ask."""

    survey_id: UUID
    survey_state: str
    is_relational: bool
    # When it should have been asked: the event's moment and the plan's delay, or the moment somebody wanted it.
    moment: datetime
    has_address: bool = True
    is_erased: bool = False
    has_withdrawn: bool = False
    suppressed_because: str = ""
    is_plan_active: bool = True
    may_leave: bool = True
    fatigue_days: int = 0
    last_ask: LastAsk | None = None
    quiet: QuietHours | None = None


def decide(ask: Ask, *, at: datetime) -> Decision:
    """SEND, DEFER with `until` after `at`, or DROP."""
    return _drop(ask, at) or _pause(ask, at) or _rest(ask, at) or _quiet(ask, at) or Decision(Verdict.SEND)


def _drop(ask: Ask, at: datetime) -> Decision | None:
    keeps = RELATION_KEEPS if ask.is_relational else EVENT_KEEPS
    for applies, reason, details in (
        (ask.is_erased, "erased", {}),
        (not ask.has_address, "no_address", {}),
        (bool(ask.suppressed_because), "suppressed", {"because": ask.suppressed_because}),
        (ask.has_withdrawn, "consent_withdrawn", {}),
        (ask.survey_state in ("draft", "closed"), f"survey_{ask.survey_state}", {}),
        (not ask.is_plan_active, "plan_off", {}),
        (not ask.may_leave, "demo", {}),
        (at > ask.moment + keeps, "moment_passed", {"days": keeps.days}),
    ):
        if applies:
            return Decision(Verdict.DROP, reason, details)
    return None


def _pause(ask: Ask, at: datetime) -> Decision | None:
    if ask.survey_state != "paused":
        return None
    return Decision(Verdict.DEFER, "survey_paused", until=at + PAUSE)


def _rest(ask: Ask, at: datetime) -> Decision | None:
    """One budget a customer for all surveys. A question about an event goes stale while it waits, so it is dropped;
    one about the relation waits, unless the same survey has asked it already."""
    if ask.last_ask is None:
        return None
    rested_at = ask.last_ask.at + timedelta(days=ask.fatigue_days)
    if at >= rested_at:
        return None
    details = {
        "asked_at": ask.last_ask.at.isoformat(),
        "survey": ask.last_ask.survey_name,
        "days": ask.fatigue_days,
    }
    may_wait = ask.is_relational and ask.last_ask.survey_id != ask.survey_id
    if may_wait and rested_at <= ask.moment + RELATION_KEEPS:
        return Decision(Verdict.DEFER, "asked_recently", {**details, "until": rested_at.isoformat()}, rested_at)
    return Decision(Verdict.DROP, "asked_recently", details)


def _quiet(ask: Ask, at: datetime) -> Decision | None:
    end = quiet_until(ask.quiet, at=at) if ask.quiet else None
    if end is None:
        return None
    return Decision(Verdict.DEFER, "quiet_hours", {"until": end.isoformat()}, end)


def quiet_until(quiet: QuietHours, *, at: datetime) -> datetime | None:
    """The end of the quiet hours that `at` is in, in UTC and after `at`; None outside them.

    An hour that clocks show twice or skip is handled by tenancy.wall_time. Start and end alike mean no quiet hours.
    """
    local = at.astimezone(quiet.zone)
    # Those that began yesterday may still last; those of today may have begun.
    for day in (local.date() - timedelta(days=1), local.date()):
        start = datetime.combine(day, quiet.start)
        end = datetime.combine(day, quiet.until)
        if quiet.until < quiet.start:
            end += timedelta(days=1)
        if moment_of(start, quiet.zone) <= at < moment_of(end, quiet.zone):
            return moment_of(end, quiet.zone)
    return None
