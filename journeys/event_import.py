"""Importing events: which customer reached which milestone, and when. The same file again changes nothing."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from customers.customers import Identity, WrongIdentity, find_or_create_customers
from customers.importing.fields import Field
from customers.importing.registry import ImportKind, Outcome, ParsedRow, Verdict
from customers.models import Customer, ImportJob
from journeys.models import Milestone
from journeys.recording import Reached, find_milestones, natural_key, record_milestones
from tenancy.audit import Actor

FIELDS = (
    Field(
        "milestone",
        "Milestone",
        "text",
        required=True,
        max_length=80,
        hint="Its key, such as order.delivered.",
        synonyms=("event", "event name", "event type", "milestone key", "event key", "Ereignis", "événement", "evento"),
    ),
    Field(
        "occurred_at",
        "When it happened",
        "datetime",
        required=True,
        synonyms=(
            *("date", "time", "timestamp", "occurred at", "happened at", "event time", "event date", "created at"),
            *("Datum", "Zeitpunkt", "date et heure", "fecha", "data", "التاريخ"),
        ),
    ),
    Field(
        "external_id",
        "Customer: your own id",
        "text",
        max_length=120,
        synonyms=("customer id", "customer number", "client id", "user id", "account id", "id", "Kundennummer"),
    ),
    Field("email", "Customer: e-mail address", "email", synonyms=("email", "mail", "e-mail", "customer email")),
    Field("name", "Customer: name", "text", hint="For customers who are new.", synonyms=("name", "customer name")),
    Field(
        "event_id",
        "Your own id of the event",
        "text",
        max_length=100,
        hint="Without one, the same customer, milestone and moment are the same event.",
        synonyms=("event id", "idempotency key", "order id", "order number", "reference", "Bestellnummer"),
    ),
)


class EventImport(ImportKind):
    """One row is one customer reaching one milestone."""

    slug = "events"
    label = "Events"
    lead = "One row for each time a customer reached a milestone, with the customer, the milestone's key and the time."
    icon = "flag"
    fields = FIELDS
    result_url_name = "journey_list"

    def mapping_problem(self, names: set[str]) -> str:
        if names & {"external_id", "email"}:
            return ""
        return "Choose the column that names the customer: your own id of theirs, or their e-mail address."

    def keys_of(self, row: ParsedRow) -> list[tuple[str, str]]:
        event_id = row.values["event_id"]
        return [("event_id", str(event_id))] if event_id else []

    def apply(self, rows: Sequence[ParsedRow], *, job: ImportJob, by: Actor, at: datetime) -> list[Outcome]:
        outcomes: dict[int, Outcome] = {}
        milestones = find_milestones([str(row.values["milestone"]) for row in rows])
        good = [row for row in rows if not _refuse(row, milestones, outcomes, at)]
        named = [(row, customer) for row, customer in _customers(good, outcomes, by)]
        facts = [_fact(row, customer, milestones[str(row.values["milestone"])]) for row, customer in named]
        for (row, _), recorded in zip(named, record_milestones(facts, by=by, source="import"), strict=True):
            if recorded.is_other:
                message = "This id was used before for another customer or milestone."
                outcomes[row.number] = row.broken("event_id", "reused", message)
            else:
                outcomes[row.number] = Verdict.NEW if recorded.is_new else Verdict.UNCHANGED
        return [outcomes[row.number] for row in rows]


def _refuse(row: ParsedRow, milestones: Mapping[str, Milestone], outcomes: dict[int, Outcome], at: datetime) -> bool:
    """Whether the row breaks a rule that needs no look at its customer."""
    key, occurred_at = str(row.values["milestone"]), row.values["occurred_at"]
    if key not in milestones:
        outcomes[row.number] = row.broken("milestone", "unknown", f"There is no milestone with the key “{key}”.")
    elif occurred_at > at + timedelta(days=1):  # type: ignore[operator]  # a day of grace: files know their zone badly
        message = "This would happen in the future; are day and month exchanged?"
        outcomes[row.number] = row.broken("occurred_at", "in_the_future", message)
    return row.number in outcomes


def _customers(rows: Sequence[ParsedRow], outcomes: dict[int, Outcome], by: Actor) -> list[tuple[ParsedRow, Customer]]:
    """The rows whose customer is known or could be added; the others are refused."""
    identities = [
        Identity(
            external_id=str(row.values["external_id"] or ""),
            email=str(row.values["email"] or ""),
            name=str(row.values["name"] or ""),
        )
        for row in rows
    ]
    found = []
    for row, customer in zip(rows, find_or_create_customers(identities, by=by) if rows else [], strict=True):
        if isinstance(customer, WrongIdentity):
            outcomes[row.number] = row.broken(customer.field, customer.code, customer.message)
        else:
            found.append((row, customer))
    return found


def _fact(row: ParsedRow, customer: Customer, milestone: Milestone) -> Reached:
    occurred_at: Any = row.values["occurred_at"]
    event_id = row.values["event_id"]
    # The same prefix as in the API: an event with an id is one event, whichever way it comes.
    key = f"api:{event_id}" if event_id else natural_key(customer.pk, milestone.key, occurred_at)
    return Reached(customer, milestone, occurred_at, key)
