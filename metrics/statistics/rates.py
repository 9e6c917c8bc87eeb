"""Rates of the programme and of the customer base, each a share with its Wilson interval."""

from collections.abc import Collection, Hashable
from dataclasses import dataclass
from typing import Literal

from metrics.statistics.shares import Share

USUAL_WINDOW_DAYS = 7


def response_rate(*, completed: int, delivered: int) -> Share:
    """Completed responses of delivered invitations.

    Raises ValueError when more were completed than delivered.
    """
    return Share(completed, delivered)


def completion_rate(*, completed: int, started: int) -> Share:
    """Completed responses of started ones. Raises ValueError when more were completed than started."""
    return Share(completed, started)


@dataclass(frozen=True, slots=True)
class FirstContactResolution:
    """The rate with how it was found: without that it cannot be compared with another one."""

    share: Share
    method: Literal["question", "no_repeat"]
    window_days: int | None


def fcr(
    *,
    resolved: int,
    contacts: int,
    method: Literal["question", "no_repeat"],
    window_days: int | None = None,
) -> FirstContactResolution:
    """Contacts resolved at the first contact, of all contacts.

    Either customers were asked (`question`), or nobody came back within `window_days` (`no_repeat`; 7 when
    not given). Raises ValueError for a window with a question, for one below a day, and for more resolved
    than contacts.
    """
    if method == "question" and window_days is not None:
        raise ValueError("A question has no window of days.")
    if method == "no_repeat" and window_days is None:
        window_days = USUAL_WINDOW_DAYS
    if window_days is not None and window_days < 1:
        raise ValueError(f"The window must be 1 day or more, not {window_days}.")
    return FirstContactResolution(Share(resolved, contacts), method, window_days)


def churn_rate(*, left: int, at_start: int) -> Share:
    """Customers at the start of the period who left during it, of all at the start.

    Customers who joined during the period count on neither side. Raises ValueError when more left than were
    there.
    """
    return Share(left, at_start)


def churn_between(at_start: Collection[Hashable], at_end: Collection[Hashable]) -> Share:
    """The churn rate from who was there at the start and at the end; who is new at the end does not count."""
    before = set(at_start)
    return churn_rate(left=len(before.difference(at_end)), at_start=len(before))
