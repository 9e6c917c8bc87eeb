"""One answer, recorded as the product records many."""

from datetime import datetime
from typing import Any

from customers.models import Customer
from journeys.models import Touchpoint
from surveys.models import Invitation, Response, Survey
from surveys.responding import Given, record_responses


def record_response(
    *,
    survey: Survey,
    version: Any,
    score: Any,
    by: Any,
    at: datetime,
    submission_key: str,
    channel: str,
    invitation: Invitation | None = None,
    customer: Customer | None = None,
    touchpoint: Touchpoint | None = None,
    verbatim: str = "",
    may_contact: bool | None = None,
    language: str = "",
    raise_alerts: bool = True,
) -> tuple[Response, bool]:
    """The response, and whether it is new: the same submission key or invitation a second time changes nothing.

    Raises ValueError when the score is not on the survey's scale. `version` must be published.
    """
    given = Given(
        score=score,
        responded_at=at,
        submission_key=submission_key,
        channel=channel,
        invitation=invitation,
        customer=customer,
        touchpoint=touchpoint,
        verbatim=verbatim,
        may_contact=may_contact,
        language=language,
    )
    (found,) = record_responses([given], survey=survey, version=version, by=by, at=at, raise_alerts=raise_alerts)
    return found
