"""Importing customers: found again by their own id or their e-mail address, added when neither is known."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection
from psycopg2.extras import Json, execute_values

from customers.customer_fields import FIELDS
from customers.importing.broken import RuleBroken
from customers.importing.registry import ImportKind, Outcome, ParsedRow, Verdict
from customers.models import Customer, ImportJob
from tenancy.audit import Actor
from tenancy.scope import current_organization_id

_STORED = ("external_id", "name", "email", "email_key", "phone", "language", "value")


class CustomerImport(ImportKind):
    """One row is one customer. Empty cells leave what is stored as it is."""

    slug = "customers"
    label = "Customers"
    lead = "One row for each customer, with an id of yours or an e-mail address to know them by."
    icon = "users"
    fields = FIELDS
    result_url_name = "customer_list"
    takes_attributes = True

    def mapping_problem(self, names: set[str]) -> str:
        if names & {"external_id", "email"}:
            return ""
        return "Choose the column of your own id or of the e-mail address: customers are known by one of them."

    def keys_of(self, row: ParsedRow) -> list[tuple[str, str]]:
        keys = [(name, str(row.values[name])) for name in ("external_id", "email") if row.values[name]]
        if not keys:
            raise RuleBroken("", "no_key", "This row has neither an id nor an e-mail address.")
        return keys

    def plan(self, rows: Sequence[ParsedRow], *, job: ImportJob, by: Actor, at: datetime) -> list[Outcome]:
        return _Batch(rows, is_locking=False).outcomes

    def apply(self, rows: Sequence[ParsedRow], *, job: ImportJob, by: Actor, at: datetime) -> list[Outcome]:
        batch = _Batch(rows, is_locking=True)
        _update(batch.changed, at=at)
        _insert(batch.new, at=at)
        return batch.outcomes


@dataclass
class _Batch:
    """What a batch does, row by row: each row sees what the rows before it do."""

    rows: Sequence[ParsedRow]
    is_locking: bool
    outcomes: list[Outcome] = field(default_factory=list)
    new: list[Customer] = field(default_factory=list)
    changed: list[Customer] = field(default_factory=list)

    def __post_init__(self) -> None:
        ids = [row.values["external_id"] for row in self.rows if row.values["external_id"]]
        emails = [row.values["email"] for row in self.rows if row.values["email"]]
        found = _find(ids, emails, is_locking=self.is_locking)
        self._by_id: dict[Any, Customer] = {
            customer.external_id: customer for customer in found if customer.external_id
        }
        self._by_email: dict[Any, Customer] = {customer.email_key: customer for customer in found if customer.email_key}
        self.outcomes = [self._take(row) for row in self.rows]

    def _take(self, row: ParsedRow) -> Outcome:
        try:
            customer = self._known(row)
        except RuleBroken as broken:
            return broken
        wanted = _wanted(row)
        if customer is None:
            self.new.append(
                Customer(organization_id=current_organization_id(), attributes=dict(row.attributes), **wanted)
            )
            return Verdict.NEW
        attributes = {**customer.attributes, **row.attributes}
        changes = {name: value for name, value in wanted.items() if getattr(customer, name) != value}
        if changes.get("email_key") is None:
            changes.pop("email", None)  # the same address, typed in another way
        if not changes and attributes == customer.attributes:
            return Verdict.UNCHANGED
        if "email_key" in changes:
            self._by_email.pop(customer.email_key or "", None)
            self._by_email[changes["email_key"]] = customer
        for name, value in changes.items():
            setattr(customer, name, value)
        customer.attributes = attributes
        self.changed.append(customer)
        return Verdict.CHANGED

    def _known(self, row: ParsedRow) -> Customer | None:
        """The customer the row means. Raises RuleBroken when id and e-mail mean two, or a taken address."""
        own_id, email = str(row.values["external_id"] or ""), str(row.values["email"] or "")
        by_id, by_email = self._by_id.get(own_id), self._by_email.get(email)
        if by_id and by_email and by_id is not by_email:
            raise row.broken(
                "email",
                "two_customers",
                f"The id {own_id} and the address {email} belong to two different customers.",
            )
        if by_email and not by_id and own_id and by_email.external_id:
            raise row.broken(
                "email",
                "email_taken",
                f"The address {email} belongs to the customer with the id {by_email.external_id}.",
            )
        return by_id or by_email


def _find(external_ids: Sequence[Any], emails: Sequence[Any], *, is_locking: bool) -> list[Customer]:
    """Everybody known by one of these; locked when the caller is going to store.

    One query for each key: asked for both at once, PostgreSQL reads the whole table.
    """
    customers = Customer.objects.all()
    found = {customer.pk: customer for customer in customers.filter(external_id__in=external_ids)}
    found |= {customer.pk: customer for customer in customers.filter(email_key__in=emails)}
    if not is_locking or not found:
        return list(found.values())
    # In one order, so that two imports never wait for each other; read again, since now nobody can change them.
    return list(customers.filter(pk__in=found).order_by("pk").select_for_update())


def _wanted(row: ParsedRow) -> dict[str, Any]:
    """The stored columns the row speaks of, without those it leaves empty."""
    values: Mapping[str, Any] = row.values
    whole_name = values["name"] or " ".join(filter(None, (values["first_name"], values["last_name"])))
    wanted = {
        "external_id": values["external_id"],
        "name": whole_name,
        "email": values["email"],
        "email_key": values["email"],
        "phone": values["phone"],
        "language": values["language"],
        "value": values["value"],
    }
    return {name: value for name, value in wanted.items() if value not in (None, "")}


def _insert(customers: Sequence[Customer], *, at: datetime) -> None:
    """Store new customers in one statement: with the ORM it is this that an import spends its time on."""
    if customers:
        columns = ("id", "organization_id", *_STORED, "attributes", "created_at", "updated_at")
        with connection.cursor() as cursor, connection.wrap_database_errors:
            execute_values(
                cursor.cursor,
                f"INSERT INTO customers_customer ({', '.join(columns)}) VALUES %s",  # noqa: S608  our own names
                [(str(each.pk), str(each.organization_id), *_stored(each), at, at) for each in customers],
                page_size=len(customers),
            )


def _update(customers: Sequence[Customer], *, at: datetime) -> None:
    """Store changed customers in two statements for all of them."""
    if not customers:
        return
    with connection.cursor() as cursor, connection.wrap_database_errors:
        # Addresses are freed first: two customers of one batch may exchange theirs, and a unique index is checked
        # row by row.
        cursor.execute(
            "UPDATE customers_customer SET email_key = NULL WHERE organization_id = %s AND id = ANY(%s::uuid[])",
            [current_organization_id(), [str(each.pk) for each in customers]],
        )
        execute_values(
            cursor.cursor,
            """
            UPDATE customers_customer AS c SET external_id = v.external_id, name = v.name, email = v.email,
                email_key = v.email_key, phone = v.phone, language = v.language, value = v.value,
                attributes = v.attributes, updated_at = v.updated_at
            FROM (VALUES %s) AS v
                (id, external_id, name, email, email_key, phone, language, value, attributes, updated_at)
            WHERE c.id = v.id
            """,
            [(str(each.pk), *_stored(each), at) for each in customers],
            template="(%s::uuid, %s::text, %s, %s, %s::text, %s, %s, %s::numeric, %s::jsonb, %s::timestamptz)",
            page_size=len(customers),
        )


def _stored(customer: Customer) -> tuple[Any, ...]:
    """The values of _STORED and the attributes, as psycopg takes them."""
    return (*(getattr(customer, name) for name in _STORED), Json(customer.attributes))
