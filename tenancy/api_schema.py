"""The OpenAPI description beyond what the views say themselves: keys, pages of lists, the problems of every call."""

import functools
from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.utils import inline_serializer
from rest_framework import serializers

from tenancy.api_shapes import Shape
from tenancy.problems import CONTENT_TYPE

PROBLEM = {
    "type": "object",
    "description": "What went wrong (RFC 9457).",
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string", "description": "A stable name for programs."},
        "detail": {"type": "string", "description": "A sentence for people."},
        "errors": {
            "type": "array",
            "description": "One entry per broken rule.",
            "items": {
                "type": "object",
                "properties": {
                    "field": {"type": "string", "description": "Its path, as in customer.email."},
                    "code": {"type": "string"},
                    "message": {"type": "string"},
                },
                "required": ["field", "code", "message"],
            },
        },
    },
    "required": ["type", "title", "status", "code", "detail"],
}
ALWAYS = {
    "400": "The call is not right; `errors` names each field and rule.",
    "401": "There is no key, or it is unknown, revoked or expired.",
    "403": "The key lacks the scope.",
    "429": "The key's limit is reached; Retry-After says in how many seconds to come back.",
}
FOR_OBJECTS = {"404": "There is no such object in your organization."}
FOR_BODIES = {
    "409": "It does not fit the present state.",
    "413": "The body is too large.",
    "415": "The body is not application/json.",
    "422": "This Idempotency-Key was used for another request.",
}


class ApiKeyScheme(OpenApiAuthenticationExtension):
    target_class = "tenancy.api_keys.ApiKeyAuthentication"
    name = "ApiKey"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "description": "An API key: cxm_…"}


def pages_of(shape: type[Shape]) -> Any:
    """How a page of a list of `shape` is described."""
    address = {"allow_null": True, "help_text": "Address of the neighbouring page; null at the end."}
    return inline_serializer(
        f"{shape.__name__.removesuffix('Shape')}Page",
        {
            "next": serializers.CharField(**address),
            "previous": serializers.CharField(**address),
            "results": shape(many=True),
        },
    )


@functools.cache
def describes_conflict(row: type[Shape], change: type[Shape]) -> Any:
    """How a 409 about an object that moved on is described: a problem with the row as it is now and its changes."""
    return inline_serializer(
        f"{row.__name__.removesuffix('Shape')}Conflict",
        {
            "type": serializers.CharField(),
            "title": serializers.CharField(),
            "status": serializers.IntegerField(),
            "code": serializers.ChoiceField(["stale_version", "illegal_move", "conflict"]),
            "detail": serializers.CharField(),
            "seen": serializers.IntegerField(required=False, help_text="The version you said."),
            "current": serializers.IntegerField(required=False, help_text="The version it has."),
            "follow_up": row(required=False),
            "changes": change(many=True, required=False),
            "state": serializers.CharField(required=False, help_text="In which the deed is not allowed."),
        },
    )


def describe_problems(result: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
    """Postprocessing hook: every operation's problems, and the header that makes a POST safe to repeat."""
    result.setdefault("components", {}).setdefault("schemas", {})["Problem"] = PROBLEM
    for path, operations in result["paths"].items():
        for method, operation in operations.items():
            problems = {**ALWAYS, **(FOR_OBJECTS if "{" in path else {})}
            if method in ("post", "put", "patch"):
                problems |= FOR_BODIES
            for status, description in problems.items():
                operation["responses"].setdefault(status, _problem(description))
            if method == "post":
                operation.setdefault("parameters", []).append(IDEMPOTENCY_KEY)
    return result


IDEMPOTENCY_KEY = {
    "in": "header",
    "name": "Idempotency-Key",
    "schema": {"type": "string", "maxLength": 255},
    "description": "The same key again gives the first answer again and does nothing.",
}


def _problem(description: str) -> dict[str, Any]:
    return {
        "description": description,
        "content": {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
