"""Answers that other systems collected: what they speak of is looked up, the rest is recorded as any answer is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db import connection
from rest_framework.exceptions import ValidationError

from customers.api_shapes import identity_of, refusal_of
from customers.customers import WrongIdentity, find_or_create_customers, names_of
from customers.models import Customer
from journeys.models import Touchpoint
from surveys.models import Channel, Response, Survey
from surveys.published import published_instrument
from surveys.responding import Given, clean_verbatim, record_responses
from tenancy.audit import SYSTEM, Actor
from tenancy.models import Organization
from tenancy.owned import new_id
from tenancy.rows import RowReader
from tenancy.scope import current_organization_id

Item = dict[str, Any]


@dataclass(slots=True)
class Taken:
    """What became of one answer. `is_other`: its key stands for another answer already."""

    response: Response
    is_new: bool
    is_other: bool


@dataclass(slots=True)
class _Live:
    survey: Survey
    version_id: UUID | None


def take_answers(items: Sequence[Item], *, by: Sequence[Actor], at: datetime) -> list[Taken | ValidationError]:
    """For each answer, as ResponseFields reads it, its response or the rule it broke, in order; `by` has its actor.

    Costs one message to read, and two to store the answers of one survey, however many they are.
    """
    read = _read(items)
    surveys = {survey.survey.id: survey for survey in map(_live, read["surveys"])}
    touchpoints = _touchpoints({item["touchpoint"] for item in items if item.get("touchpoint")})
    outcomes: list[Any] = [_refusal(item, surveys, touchpoints) for item in items]
    customers = _customers(items, outcomes, by, [_CUSTOMER.instance(row) for row in read["customers"]])
    good = sorted((index for index, outcome in enumerate(outcomes) if outcome is None), key=lambda i: _group(items[i]))
    for _, indexes in groupby(good, key=lambda index: _group(items[index])):
        # By key, so that two batches with the same answers never wait for each other in a circle.
        given = {index: _given(items[index], surveys, customers.get(index), by[index], at) for index in indexes}
        given = dict(sorted(given.items(), key=lambda each: each[1].submission_key))
        first = items[next(iter(given))]
        live = surveys[first["survey"]]
        stored = record_responses(
            list(given.values()),
            survey=live.survey,
            version=published_instrument(current_organization_id(), live.version_id),
            by=SYSTEM,
            at=at,
            raise_alerts=first["raise_alerts"],
        )
        for index, (response, is_new) in zip(given, stored, strict=True):
            is_other = not is_new and not _says(response, items[index])
            outcomes[index] = Taken(response, is_new, is_other)
    return outcomes


def _group(item: Item) -> tuple[str, bool]:
    return (str(item["survey"]), item["raise_alerts"])


def _says(response: Response, item: Item) -> bool:
    return response.survey_id == item["survey"] and response.score == item["score"]


def _given(item: Item, surveys: dict[UUID, _Live], customer: Customer | None, by: Actor, at: datetime) -> Given:
    touchpoint_id = item.get("touchpoint") or surveys[item["survey"]].survey.touchpoint_id
    return Given(
        score=item["score"],
        responded_at=item.get("responded_at", at),
        submission_key=f"api:{item.get('idempotency_key') or new_id()}",
        channel=Channel.API,
        customer=customer,
        touchpoint=Touchpoint.from_db("default", ["id"], [touchpoint_id]) if touchpoint_id else None,
        verbatim=clean_verbatim(item.get("verbatim", "")),
        may_contact=item.get("may_contact"),
        language=item.get("language", ""),
        by=by,
    )


def _refusal(item: Item, surveys: dict[UUID, _Live], touchpoints: set[UUID]) -> ValidationError | None:
    live = surveys.get(item["survey"])
    if live is None:
        return ValidationError({"survey": ["There is no survey with this id."]}, "unknown")
    if live.version_id is None or live.survey.state != Survey.State.LIVE:
        words = Survey.State(live.survey.state).label.lower()
        return ValidationError({"survey": [f"This survey takes no answers: it is {words}."]}, "not_live")
    instrument = published_instrument(current_organization_id(), live.version_id)
    if item["score"] not in (scale := instrument.scale).scores:
        rule = f"A score of this survey is a whole number from {scale.low} to {scale.high}."
        return ValidationError({"score": [rule]}, "off_scale")
    if item.get("touchpoint") and item["touchpoint"] not in touchpoints:
        return ValidationError({"touchpoint": ["There is no touchpoint with this id."]}, "unknown")
    return None


def _customers(
    items: Sequence[Item], outcomes: list[Any], by: Sequence[Actor], known: list[Customer]
) -> dict[int, Customer]:
    """The customer of each answer that names one; who names them wrongly is refused in `outcomes`."""
    named = [index for index, item in enumerate(items) if outcomes[index] is None and item.get("customer")]
    if not named:
        return {}
    named.sort(key=lambda index: sorted(str(part) for part in items[index]["customer"].values()))
    identities = [identity_of(items[index]["customer"]) for index in named]
    found = find_or_create_customers(identities, by=[by[index] for index in named], known=known)
    customers = {}
    for index, customer in zip(named, found, strict=True):
        if isinstance(customer, WrongIdentity):
            outcomes[index] = refusal_of(customer)
        else:
            customers[index] = customer
    return customers


_CUSTOMER = RowReader(Customer)
# In the order of the model, as from_db wants them.
_SURVEY_FIELDS = ["id", "organization_id", "name", "kind", "measure", "points", "touchpoint_id", "state"]


def _read(items: Sequence[Item]) -> dict[str, Any]:
    """What surveys_intake (migration 0006) knows of these answers' surveys and customers."""
    names = names_of(identity_of(item["customer"]) for item in items if item.get("customer"))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT surveys_intake(%s::uuid[], %s::uuid[], %s, %s)", [list({item["survey"] for item in items}), *names]
        )
        found: dict[str, Any] = cursor.fetchone()[0]
    return found


def _live(row: dict[str, Any]) -> _Live:
    """A survey as surveys_intake (migration 0006) tells of it: with its organization's zone and its newest version."""
    organization_id = current_organization_id()
    row |= {"id": UUID(row["id"]), "organization_id": organization_id, "touchpoint_id": _id(row["touchpoint_id"])}
    survey = Survey.from_db("default", _SURVEY_FIELDS, [row[name] for name in _SURVEY_FIELDS])
    survey.organization = Organization.from_db("default", ["id", "time_zone"], [organization_id, row["time_zone"]])
    return _Live(survey, _id(row["version_id"]))


def _id(text: str | None) -> UUID | None:
    return UUID(text) if text else None


def _touchpoints(ids: set[UUID]) -> set[UUID]:
    return set(Touchpoint.objects.filter(pk__in=ids).values_list("pk", flat=True)) if ids else set()
