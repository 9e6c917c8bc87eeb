"""Pages of a list, newest first, by UUIDv7: a page stays right while rows are added."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from tenancy.api_shapes import Shape, Text

PAGE = 50
LARGEST_PAGE = 200


class Paging(Shape):
    """The parameters every list takes; filters are added by subclasses."""

    page_size = serializers.IntegerField(min_value=1, max_value=LARGEST_PAGE, required=False, default=PAGE)
    cursor = Text(max_length=40, required=False, help_text="From `next` or `previous` of another page.")

    def validate_cursor(self, cursor: str) -> tuple[str, UUID]:
        """ "a" (after: older rows) or "b" (before: newer ones), and the id of the row it starts from."""
        try:
            if cursor[:1] not in ("a", "b"):
                raise ValueError
            return cursor[0], UUID(hex=cursor[1:])
        except ValueError:
            raise serializers.ValidationError("This is not a cursor of ours.")


def page_of(rows: QuerySet, query: dict[str, Any], request: Request, shape: type[Shape]) -> Response:
    """One page of `rows` in `shape`, with the addresses of its neighbours; one query."""
    size, (direction, start) = query["page_size"], query.get("cursor", ("", None))
    if direction == "b":
        found = list(rows.filter(pk__gt=start).order_by("pk")[: size + 1])
        is_more_before, is_more_after = len(found) > size, True
        found = found[:size][::-1]
    else:
        if start is not None:
            rows = rows.filter(pk__lt=start)
        found = list(rows.order_by("-pk")[: size + 1])
        is_more_before, is_more_after = start is not None, len(found) > size
        found = found[:size]
    return Response(
        {
            "next": _address(request, f"a{found[-1].pk.hex}") if found and is_more_after else None,
            "previous": _address(request, f"b{found[0].pk.hex}") if found and is_more_before else None,
            "results": [shape.write(row) for row in found],
        }
    )


def _address(request: Request, cursor: str) -> str:
    """Made from the public address, never from what the caller says the host is."""
    return f"{settings.BASE_URL}{request.path}?{urlencode({**request.query_params.dict(), 'cursor': cursor})}"
