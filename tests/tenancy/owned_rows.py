"""A row of every owned model, made from what its fields demand: so that a new model is held to the rules by itself."""

import datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from tenancy.owned import OrganizationKey, OwnedForeignKey, OwnedModel

OWNED = sorted(
    (model for model in apps.get_models(include_auto_created=True) if issubclass(model, OwnedModel)),
    key=lambda model: model._meta.label,
)
Rows = dict[type[OwnedModel], OwnedModel]


def make_rows() -> Rows:
    """One row of every owned model in the open scope."""
    rows: Rows = {}
    for model in OWNED:
        make_row(model, rows)
    return rows


def make_row(model: type[OwnedModel], rows: Rows) -> OwnedModel:
    if model not in rows:
        values: dict[str, Any] = {}
        for field in model._meta.local_concrete_fields:
            if isinstance(field, OwnedForeignKey):
                if field.remote_field.model is not model and not field.null:
                    values[field.name] = make_row(field.remote_field.model, rows)
            elif is_demanded(field):
                values[field.name] = value_for(field)
        rows[model] = model.objects.create(**values)
    return rows[model]


def is_demanded(field: models.Field) -> bool:
    return not (field.primary_key or isinstance(field, OrganizationKey) or field.null or field.has_default())


def value_for(field: models.Field) -> Any:
    """Any value the field takes; text is unlike all other text."""
    if field.choices:
        return "" if field.blank else field.choices[0][0]
    if field.is_relation:
        return field.related_model._default_manager.create(email=f"{uuid4().hex}@owned.example")
    if isinstance(field, models.DateField) and not isinstance(field, models.DateTimeField):
        return datetime.date(2026, 1, 1) + datetime.timedelta(days=place_of(field))
    text = uuid4().hex[: field.max_length or 32]
    for kind, value in (
        (models.BooleanField, True),
        (models.DecimalField, Decimal(1)),
        (models.IntegerField, 1),
        (models.DateTimeField, timezone.now()),
        (models.TimeField, datetime.time(9)),
        (models.UUIDField, uuid4()),
        (models.BinaryField, b"bytes"),
        (models.JSONField, {}),
        (models.EmailField, f"{text[:20]}@owned.example"),
        (ArrayField, [value_for(field.base_field)] * (field.size or 1) if isinstance(field, ArrayField) else []),
        ((models.CharField, models.TextField), text),
    ):
        if isinstance(field, kind):
            return value
    raise NotImplementedError(f"what does {field} take?")


def place_of(field: models.Field) -> int:
    """How many fields stand before it: what begins is declared before what ends, and lies before it."""
    return field.model._meta.local_fields.index(field)
