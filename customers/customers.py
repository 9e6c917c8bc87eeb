"""Finding the customer that somebody speaks of, by id, external id or e-mail address; created when there is none."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q

from customers.emails import normalise_email
from customers.models import Customer
from tenancy.audit import Actor, audit_entry
from tenancy.models import AuditEntry, User
from tenancy.scope import current_organization_id


@dataclass(frozen=True)
class Identity:
    """How somebody names a customer: at least one of the first three; `name` is only used for a new customer."""

    customer_id: UUID | None = None
    external_id: str = ""
    email: str = ""
    name: str = ""


class WrongIdentity(ValueError):
    """An identity that leads to no customer, or to two. `field` is the part that is wrong, `code` a stable name."""

    def __init__(self, field: str, code: str, message: str):
        super().__init__(message)
        self.field, self.code, self.message = field, code, message


def find_or_create_customer(
    *, external_id: str = "", email: str = "", customer_id: UUID | None = None, name: str = "", by: Actor | User
) -> Customer:
    """The customer with this id, external id or address, created when unknown. Raises WrongIdentity."""
    identity = Identity(customer_id=customer_id, external_id=external_id, email=email, name=name)
    (customer,) = find_or_create_customers([identity], by=by)
    if isinstance(customer, WrongIdentity):
        raise customer
    return customer


class Names(NamedTuple):
    """All names in some identities: ids, external ids, and addresses as they are compared."""

    ids: list[UUID]
    external_ids: list[str]
    email_keys: list[str]


def names_of(identities: Iterable[Identity]) -> Names:
    """The names to look customers up by; an address that is none is left out."""
    identities = list(identities)
    return Names(
        list({identity.customer_id for identity in identities if identity.customer_id}),
        list({name for identity in identities if (name := identity.external_id.strip())}),
        list({key for identity in identities if (key := _key_or_none(identity.email))}),
    )


def find_or_create_customers(
    identities: Sequence[Identity], *, by: Actor | User | Sequence[Actor], known: Iterable[Customer] | None = None
) -> list[Customer | WrongIdentity]:
    """For each identity its customer or what is wrong with it; the same person twice is one customer.

    An identifier that the customer did not have yet is added; one they have otherwise is a conflict, except a
    changed address beside a known external id: the stored one stays, since changing it is a deed of its own.
    Costs three queries for any number, and one more for each customer that is completed. `known` are the customers
    with the `names_of(identities)` where they were read already. `by` may name the actor of each identity.
    """
    actors = [by] * len(identities) if isinstance(by, Actor | User) else by
    directory = _Directory(_named(names_of(identities)) if known is None else known)
    found = [directory.resolve(identity, actor) for identity, actor in zip(identities, actors, strict=True)]
    lost = directory.store()
    return [
        # Somebody else created the same customer in this moment: now it is there to be found.
        _again(identity, actor) if isinstance(customer, Customer) and customer.pk in lost else customer
        for identity, actor, customer in zip(identities, actors, found, strict=True)
    ]


def _again(identity: Identity, by: Actor | User) -> Customer | WrongIdentity:
    return find_or_create_customers([identity], by=by)[0]


class _Directory:
    """The customers a list of identities may mean, by each of their three names."""

    def __init__(self, known: Iterable[Customer]):
        customers = list(known)
        self.by_id = {customer.pk: customer for customer in customers}
        self.by_external_id = {customer.external_id: customer for customer in customers if customer.external_id}
        self.by_email_key = {customer.email_key: customer for customer in customers if customer.email_key}
        self.new: dict[UUID, Customer] = {}
        self.completed: dict[UUID, Customer] = {}
        # Who named each of them first.
        self.actors: dict[UUID, Actor | User] = {}

    def resolve(self, identity: Identity, by: Actor | User) -> Customer | WrongIdentity:
        customer = self._resolve(identity)
        if isinstance(customer, Customer) and (customer.pk in self.new or customer.pk in self.completed):
            self.actors.setdefault(customer.pk, by)
        return customer

    def _resolve(self, identity: Identity) -> Customer | WrongIdentity:
        external_id = identity.external_id.strip()
        try:
            key = normalise_email(identity.email) if identity.email.strip() else ""
        except ValueError as error:
            return WrongIdentity("email", "invalid", str(error))
        if len(external_id) > 120:
            return WrongIdentity("external_id", "too_long", "An external id has at most 120 characters.")
        if identity.customer_id:
            return self._by_id(identity.customer_id, external_id, key)
        if not external_id and not key:
            return WrongIdentity("customer", "missing", "Name the customer by id, external_id or email.")
        of_external_id, of_email = self.by_external_id.get(external_id), self.by_email_key.get(key)
        if of_external_id and of_email and of_external_id is not of_email:
            return WrongIdentity("email", "conflict", "The external id and the address belong to two customers.")
        customer = of_external_id or of_email
        if customer is None:
            return self._create(identity, external_id, key)
        if external_id and customer.external_id and customer.external_id != external_id:
            return WrongIdentity(
                "external_id", "conflict", f"This address belongs to the customer {customer.external_id}."
            )
        self._complete(customer, external_id, key, identity.email)
        return customer

    def _by_id(self, customer_id: UUID, external_id: str, key: str) -> Customer | WrongIdentity:
        customer = self.by_id.get(customer_id)
        if customer is None:
            return WrongIdentity("id", "unknown", "There is no customer with this id.")
        if customer.erased_at:
            return WrongIdentity("id", "erased", "This customer was erased.")
        if external_id and customer.external_id and customer.external_id != external_id:
            return WrongIdentity("external_id", "conflict", "The customer with this id has another external id.")
        of_email = self.by_email_key.get(key)
        if of_email and of_email is not customer:
            return WrongIdentity("email", "conflict", "The address belongs to another customer than the id.")
        return customer

    def _create(self, identity: Identity, external_id: str, key: str) -> Customer:
        customer = Customer(
            organization_id=current_organization_id(),
            external_id=external_id or None,
            email=identity.email.strip()[:254] if key else "",
            email_key=key or None,
            name=identity.name.strip()[:200],
        )
        self.new[customer.pk] = customer
        self._remember(customer)
        return customer

    def _complete(self, customer: Customer, external_id: str, key: str, email: str) -> None:
        if (external_id and not customer.external_id) or (key and not customer.email_key):
            customer.external_id = customer.external_id or external_id or None
            if key and not customer.email_key:
                customer.email, customer.email_key = email.strip()[:254], key
            self._remember(customer)
            if customer.pk not in self.new:
                self.completed[customer.pk] = customer

    def _remember(self, customer: Customer) -> None:
        if customer.external_id:
            self.by_external_id[customer.external_id] = customer
        if customer.email_key:
            self.by_email_key[customer.email_key] = customer

    def store(self) -> set[UUID]:
        """Writes what is new; returns the ids of customers that somebody else created or named meanwhile."""
        lost: set[UUID] = set()
        if not self.new and not self.completed:
            return lost
        if self.new:
            Customer.objects.bulk_create(self.new.values(), ignore_conflicts=True)
            stored = set(Customer.objects.filter(pk__in=self.new).values_list("pk", flat=True))
            lost |= set(self.new) - stored
        for customer in self.completed.values():
            try:
                with transaction.atomic():
                    customer.save(update_fields=["external_id", "email", "email_key", "updated_at"])
            except IntegrityError:
                lost.add(customer.pk)
        told = [("customer.created", pk, customer) for pk, customer in self.new.items()]
        told += [("customer.completed", pk, customer) for pk, customer in self.completed.items()]
        AuditEntry.objects.bulk_create(
            audit_entry(verb, on=customer, by=self.actors[pk]) for verb, pk, customer in told if pk not in lost
        )
        return lost


def _named(names: Names) -> list[Customer]:
    """The customers with one of these names; one query, none for no names."""
    if not any(names):
        return []
    is_meant = Q(pk__in=names.ids) | Q(external_id__in=names.external_ids) | Q(email_key__in=names.email_keys)
    return list(Customer.objects.filter(is_meant))


def _key_or_none(email: str) -> str | None:
    try:
        return normalise_email(email) if email.strip() else None
    except ValueError:
        return None
