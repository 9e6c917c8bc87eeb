"""The order of the queue, read on from a row: by due time, then by the customer's value, then by number.

What is done stands behind what is to do, newest first. A page begins after the last row of the one before, so that
a row that is worked off meanwhile moves nobody out of sight, and page 200 costs what page 1 costs.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db.models import F, Q, Value
from django.db.models.lookups import GreaterThan, GreaterThanOrEqual

from alerts.models import FollowUp
from alerts.queues import ACTIVE, DUE_ORDER, NEVER

TO_DO, DONE = "to-do", "done"
# Which parts a view has, in their order; the others have what is to do alone.
PARTS = {"closed": (DONE,), "all": (TO_DO, DONE)}
VALUE = F("customer__value").desc(nulls_last=True)
CLOSED_AT = F("closed_at").desc(nulls_last=True)


@dataclass(frozen=True)
class Place:
    """Where a row stands: how many were shown up to it, its part of the view, and what it is sorted by."""

    seen: int
    part: str
    moment: datetime | None
    value: Decimal | None
    number: int

    @classmethod
    def of(cls, row: FollowUp, *, seen: int = 0) -> "Place":
        if row.state in (FollowUp.State.CLOSED, FollowUp.State.MERGED):
            return cls(seen, DONE, row.closed_at, None, row.number)
        value = row.customer.value if row.customer else None
        return cls(seen, TO_DO, due_order(row), value, row.number)

    def __str__(self) -> str:
        moment = self.moment.isoformat() if self.moment else ""
        return "~".join(
            (str(self.seen), self.part, moment, "" if self.value is None else str(self.value), str(self.number))
        )

    @classmethod
    def read(cls, text: str) -> "Place | None":
        """What `str` wrote; None for anything else, which begins at the first row."""
        try:
            seen, part, moment, value, number = text[:200].split("~")
            at = datetime.fromisoformat(moment) if moment else None
            worth = Decimal(value) if value else None
            place = cls(int(seen), part, at, worth, int(number))
        except (ValueError, InvalidOperation):
            return None
        is_sound = part in (TO_DO, DONE) and 0 <= place.seen < 2**31 and 0 <= place.number < 2**31
        is_sound = is_sound and (at is not None or part == DONE) and (at is None or at.tzinfo is not None)
        return place if is_sound and (worth is None or (worth.is_finite() and abs(worth) < 10**15)) else None


def rows_after(rows: Any, view: str, place: Place | None, *, at_most: int) -> list[FollowUp]:
    """The rows of a view behind `place`, the first ones without; one query for each part that is reached."""
    found: list[FollowUp] = []
    parts = PARTS.get(view, (TO_DO,))
    if place and place.part in parts:
        parts = parts[parts.index(place.part) :]
    for part in parts:
        here = place if place and place.part == part else None
        found += _part(rows, part, here)[: at_most - len(found)]
        if len(found) == at_most:
            break
    return found


def _part(rows: Any, part: str, place: Place | None) -> Any:
    if part == DONE:
        rows = rows.filter(~ACTIVE).order_by(CLOSED_AT, "-number")
        return rows.filter(_done_after(place)) if place else rows
    rows = rows.filter(ACTIVE).order_by(DUE_ORDER.asc(), VALUE, "number")
    return rows.filter(_to_do_after(place)) if place else rows


def _to_do_after(place: Place) -> Q:
    # The first comparison is what the index is read from.
    moment = Value(place.moment)
    behind = Q(customer__value__isnull=place.value is None) & Q(number__gt=place.number)
    if place.value is not None:
        same = Q(customer__value=place.value, number__gt=place.number)
        behind = Q(customer__value__lt=place.value) | Q(customer__value__isnull=True) | same
    return Q(GreaterThanOrEqual(DUE_ORDER, moment)) & (Q(GreaterThan(DUE_ORDER, moment)) | behind)


def _done_after(place: Place) -> Q:
    if place.moment is None:
        return Q(closed_at__isnull=True, number__lt=place.number)
    same = Q(closed_at=place.moment, number__lt=place.number)
    return Q(closed_at__lt=place.moment) | Q(closed_at__isnull=True) | same


def due_order(row: FollowUp) -> datetime:
    """DUE_ORDER of a row that is at hand."""
    if row.resolved_at or row.paused_at or row.state == FollowUp.State.MERGED:
        return NEVER
    if row.first_contacted_at is None:
        return min(row.first_contact_due_at, row.resolution_due_at)
    return row.resolution_due_at
