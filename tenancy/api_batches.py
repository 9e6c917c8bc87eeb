"""Batches of the API: up to a thousand items in one call, each taken or refused by itself."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from drf_spectacular.utils import inline_serializer
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from tenancy.api_shapes import Shape, Text
from tenancy.problems import field_errors

LARGEST_BATCH = 1000


class ErrorShape(Shape):
    field = Text()
    code = Text()
    message = Text()


class ItemShape(Shape):
    """What became of one item."""

    index = serializers.IntegerField(help_text="Its place in the batch, from 0.")
    status = serializers.ChoiceField(["created", "unchanged", "refused"])
    id = serializers.UUIDField(allow_null=True, help_text="Null when it was refused.")
    errors = ErrorShape(many=True)


class BatchShape(Shape):
    created = serializers.IntegerField()
    unchanged = serializers.IntegerField()
    refused = serializers.IntegerField()
    results = ItemShape(many=True)


class Results:
    """The outcome of each item, filled in as it is known."""

    def __init__(self, items: int):
        self.items: list[dict[str, Any]] = [
            {"index": index, "status": "refused", "id": None, "errors": []} for index in range(items)
        ]

    def take(self, index: int, pk: UUID, *, is_new: bool) -> None:
        self.items[index] |= {"status": "created" if is_new else "unchanged", "id": pk}

    def refuse(self, index: int, error: ValidationError) -> None:
        self.items[index]["errors"] = field_errors(error.detail)


def batch_of(name: str, shape: type[Shape]) -> Any:
    """How a batch is described: an object with one list."""
    items = serializers.ListField(child=shape(), min_length=1, max_length=LARGEST_BATCH)
    return inline_serializer(f"{shape.__name__.removesuffix('Fields')}Batch", {name: items})


def read_each(body: Any, name: str, shape: type[Shape]) -> tuple[Results, dict[int, dict[str, Any]]]:
    """The results so far, and by index the items that are right. Raises ValidationError for what is no batch."""
    if not isinstance(body, Mapping) or not isinstance(body.get(name), list):
        raise ValidationError({name: "Send an object with this list."})
    if unknown := [str(field)[:60] for field in body if field != name]:
        raise ValidationError({field: ["There is no such field."] for field in unknown}, "unknown")
    items = body[name]
    if not 1 <= len(items) <= LARGEST_BATCH:
        raise ValidationError({name: f"A batch has 1 to {LARGEST_BATCH} items."})
    results, good = Results(len(items)), {}
    for index, item in enumerate(items):
        try:
            good[index] = shape.read(item)
        except ValidationError as error:
            results.refuse(index, error)
    return results, good


def batch_answer(results: Results) -> Response:
    """200: the batch was dealt with, whatever became of its items."""
    counts = dict.fromkeys(("created", "unchanged", "refused"), 0)
    for item in results.items:
        counts[item["status"]] += 1
    return Response({**counts, "results": results.items})
