"""How calls of the API name a customer, and what they say and are told of one."""

from typing import Any

from rest_framework import serializers

from customers.customers import Identity, WrongIdentity
from customers.emails import normalise_email
from customers.models import Customer
from tenancy.api_paging import Paging
from tenancy.api_shapes import Moment, Properties, Shape, Text


class Naming(Shape):
    """A customer by `id`, `external_id` or `email`; one that is not known yet is created."""

    id = serializers.UUIDField(required=False)
    external_id = Text(max_length=120, required=False)
    email = Text(max_length=254, required=False)
    name = Text(max_length=200, required=False, help_text="Only used when the customer is created.")

    def validate(self, values: dict[str, Any]) -> dict[str, Any]:
        if not values.keys() & {"id", "external_id", "email"}:
            raise serializers.ValidationError("Name the customer by id, external_id or email.", "missing")
        return values


def identity_of(naming: dict[str, Any]) -> Identity:
    """What a Naming says."""
    return Identity(
        customer_id=naming.get("id"),
        external_id=naming.get("external_id", ""),
        email=naming.get("email", ""),
        name=naming.get("name", ""),
    )


def refusal_of(wrong: WrongIdentity) -> serializers.ValidationError:
    """A wrong identity as the refusal of the field `customer`."""
    inner = serializers.ValidationError(wrong.message, wrong.code).detail
    return serializers.ValidationError({"customer": {wrong.field: inner} if wrong.field != "customer" else inner})


class CustomerFields(Shape):
    """What may be said of a customer; of an existing one only what changes."""

    external_id = Text(max_length=120, allow_null=True, required=False, help_text="Your own key for them.")
    name = Text(max_length=200, allow_blank=True, required=False)
    email = Text(max_length=254, allow_blank=True, required=False)
    phone = Text(max_length=40, allow_blank=True, required=False)
    language = serializers.RegexField(
        r"^([A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*)?$", max_length=12, allow_blank=True, required=False
    )
    value = serializers.DecimalField(
        max_digits=14, decimal_places=2, allow_null=True, required=False, help_text="What they are worth to you."
    )
    attributes = Properties(required=False, help_text="Replaces all; answers keep the attributes of their day.")

    def validate_email(self, email: str) -> str:
        if email:
            try:
                normalise_email(email)
            except ValueError as error:
                raise serializers.ValidationError(str(error), "invalid")
        return email


class CustomerShape(Shape):
    id = serializers.UUIDField()
    external_id = Text(allow_null=True)
    name = Text()
    email = Text()
    phone = Text()
    language = Text()
    value = serializers.DecimalField(max_digits=14, decimal_places=2, allow_null=True)
    attributes = Properties()
    created_at = Moment()
    updated_at = Moment()


class CustomerFilters(Paging):
    email = Text(max_length=254, required=False, help_text="However it is written: Ana@Example.com too.")
    external_id = Text(max_length=120, required=False)


def filtered(query: dict[str, Any]) -> Any:
    """The customers of a list, without those who were erased."""
    rows = Customer.objects.filter(erased_at=None)
    if "external_id" in query:
        rows = rows.filter(external_id=query["external_id"])
    if "email" in query:
        try:
            rows = rows.filter(email_key=normalise_email(query["email"]))
        except ValueError as error:
            raise serializers.ValidationError({"email": str(error)})
    return rows
