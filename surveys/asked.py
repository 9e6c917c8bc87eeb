"""The invitation behind a customer's link, with everything the respondents' pages say or need, in one round trip."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from customers.models import Customer
from journeys.models import Touchpoint
from surveys.models import Invitation, Response, Survey
from surveys.published import Instrument, published_instrument
from surveys.tokens import read_token
from tenancy.doors import read_behind_door, scope_behind_door
from tenancy.models import Organization
from tenancy.rows import RowReader

Status = Invitation.Status
# Only what went out can be answered; a link to anything else was never given to anybody.
WENT_OUT = frozenset({Status.SENDING, Status.SENT, Status.UNKNOWN, Status.FAILED})


@dataclass(slots=True)
class Asked:
    """One customer asked: whole rows, joined to each other as the ORM would join them."""

    invitation: Invitation
    survey: Survey
    organization: Organization
    customer: Customer
    touchpoint: Touchpoint | None
    response: Response | None
    verbatim: str

    @property
    def instrument(self) -> Instrument:
        """The version this customer is shown: the one they answered, else the one they were sent."""
        version_id = self.response.version_id if self.response else self.invitation.version_id
        return published_instrument(self.organization.id, version_id)


def asked_by(token: str) -> Asked | None:
    """What stands behind this token, read from outside any scope; None when there is nothing."""
    invitation_id = read_token(token)
    if invitation_id is None:
        return None
    return _asked(read_behind_door("door_invitation", invitation_id, _READING, [invitation_id]))


@contextmanager
def answering(token: str) -> Iterator[Asked | None]:
    """The same inside a transaction in the organization's scope, for writing what the customer says."""
    invitation_id = read_token(token)
    if invitation_id is None:
        yield None
        return
    with scope_behind_door("door_invitation", invitation_id, _READING, [invitation_id]) as rows:
        yield _asked(rows)


_READING = "SELECT nullif(current_setting('cxm.organization_id', true), '')::uuid, surveys_asked(%s)"
_MODELS = {
    "invitation": RowReader(Invitation),
    "survey": RowReader(Survey),
    "organization": RowReader(Organization),
    "customer": RowReader(Customer),
    "touchpoint": RowReader(Touchpoint),
    "response": RowReader(Response),
}


def _asked(rows: list[tuple]) -> Asked | None:
    row = rows[0][1] if rows else None
    if row is None:
        return None
    found = {name: rows_of.instance(row[name]) for name, rows_of in _MODELS.items()}
    asked = Asked(**found, verbatim=row["verbatim"] or "")
    invitation = asked.invitation
    if invitation.status not in WENT_OUT or invitation.version_id is None or asked.customer.erased_at is not None:
        return None
    asked.survey.organization = asked.organization
    asked.invitation.survey, asked.invitation.customer = asked.survey, asked.customer
    asked.invitation.touchpoint = asked.touchpoint
    if asked.response:
        asked.response.survey, asked.response.invitation = asked.survey, asked.invitation
        asked.response.customer, asked.response.touchpoint = asked.customer, asked.touchpoint
    return asked
