"""What calls of the API may say: shapes that name every field they do not know, and fields that are bounded.

A shape is at once the reader of a body, the writer of an answer and its description in the OpenAPI schema.
"""

import functools
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Self

from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError

EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
# How far the clocks of two machines may be apart.
CLOCK_TOLERANCE = timedelta(minutes=5)
PROPERTIES = 50
NAME_CHARACTERS = 60
TEXT_CHARACTERS = 500
LARGEST_NUMBER = 10**15


class Shape(serializers.Serializer):
    """`read` judges what came in, `write` says what goes out. One instance serves all calls: it holds no state."""

    @classmethod
    @functools.cache
    def _only(cls) -> Self:
        return cls()

    @classmethod
    def read(cls, data: Any) -> dict[str, Any]:
        """The values of a body or of query parameters. Raises ValidationError, also for a field it does not know."""
        return cls._only().run_validation(data)

    @classmethod
    def write(cls, row: Any) -> dict[str, Any]:
        return cls._only().to_representation(row)

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        if isinstance(data, Mapping) and (unknown := [name for name in data if name not in self.fields]):
            raise ValidationError(
                {str(name)[:NAME_CHARACTERS]: ErrorDetail("There is no such field.", "unknown") for name in unknown}
            )
        return super().to_internal_value(data)


class Text(serializers.CharField):
    """A text and nothing that could be taken for one."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class Moment(serializers.DateTimeField):
    """A moment with its offset from UTC, not before 1970. `is_past`: not in the future either."""

    default_error_messages = {
        "naive": "Give the offset from UTC too, as in 2026-01-31T14:00:00+01:00 or 2026-01-31T13:00:00Z.",
        "early": "Must not be before 1970.",
        "future": "Must not be in the future.",
    }

    def __init__(self, *, is_past: bool = False, **options: Any):
        self.is_past = is_past
        super().__init__(default_timezone=UTC, **options)

    def to_internal_value(self, value: Any) -> datetime:
        if not isinstance(value, str):
            self.fail("invalid", format="RFC 3339")
        try:
            moment = datetime.fromisoformat(value)
            if moment.tzinfo is None:
                self.fail("naive")
            moment = moment.astimezone(UTC)
        except (ValueError, OverflowError):
            self.fail("invalid", format="RFC 3339")
        if moment < EARLIEST:
            self.fail("early")
        if self.is_past and moment > timezone.now() + CLOCK_TOLERANCE:
            self.fail("future")
        return moment

    def to_representation(self, value: datetime | None) -> str | None:
        return value.isoformat().replace("+00:00", "Z") if value else None


@extend_schema_field(
    {
        "type": "object",
        "maxProperties": PROPERTIES,
        "additionalProperties": {
            "oneOf": [
                {"type": "string", "maxLength": TEXT_CHARACTERS},
                {"type": "number", "minimum": -LARGEST_NUMBER, "maximum": LARGEST_NUMBER},
                {"type": "boolean"},
            ],
            "nullable": True,
        },
    }
)
class Properties(serializers.Field):
    """Names with values of your own: texts, numbers, true, false or null."""

    default_error_messages = {
        "object": "Must be an object.",
        "many": f"Has at most {PROPERTIES} names.",
        "name": f"A name has 1 to {NAME_CHARACTERS} characters.",
        "value": f"“{{name}}” must be a text of at most {TEXT_CHARACTERS} characters, a number, true, false or null.",
    }

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        if not isinstance(data, dict):
            self.fail("object")
        if len(data) > PROPERTIES:
            self.fail("many")
        for name, value in data.items():
            if not 1 <= len(name) <= NAME_CHARACTERS:
                self.fail("name")
            if not _is_plain(value):
                self.fail("value", name=name)
        return data

    def to_representation(self, value: dict[str, Any]) -> dict[str, Any]:
        return value


def _is_plain(value: Any) -> bool:
    if isinstance(value, str):
        return len(value) <= TEXT_CHARACTERS
    if isinstance(value, bool) or value is None:
        return True
    return isinstance(value, int | float) and abs(value) <= LARGEST_NUMBER
