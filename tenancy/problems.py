"""Errors of the API as problem details (RFC 9457)."""

import json
from http import HTTPStatus
from typing import Any

from django.http import HttpResponse
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.response import Response
from rest_framework.views import exception_handler

CONTENT_TYPE = "application/problem+json"


def problem_response(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler: the same status, a body of type, title, status, code, detail and, for fields, errors."""
    response = exception_handler(error, context)
    if response is None:
        return None
    status = response.status_code
    if isinstance(error, ValidationError):
        facts: dict[str, Any] = {"errors": field_errors(error.detail)}
        body = problem(status, "Some fields are not right; see errors.", code="invalid", **facts)
    elif isinstance(error, APIException):
        code = error.get_codes()
        body = problem(
            status, str(error.detail), code=code if isinstance(code, str) else "", **getattr(error, "facts", {})
        )
    else:  # Django's Http404 and PermissionDenied, which DRF has given a detail
        body = problem(status, str(response.data.get("detail", "")))
    response.data = body
    response.content_type = CONTENT_TYPE
    return response


def problem(status: int, detail: str, *, code: str = "", **facts: Any) -> dict[str, Any]:
    """The body of a problem. `code` is a stable name for programs; by default the status in words."""
    title = HTTPStatus(status).phrase
    return {
        "type": "about:blank",
        "title": title,
        "status": status,
        "code": code or title.lower().replace(" ", "_"),
        "detail": detail,
        **facts,
    }


def problem_page(status: int, detail: str) -> HttpResponse:
    """A problem answered outside the views of the API: an unknown address, a fault of ours."""
    return HttpResponse(json.dumps(problem(status, detail)), status=status, content_type=CONTENT_TYPE)


def field_errors(detail: Any, path: str = "") -> list[dict[str, str]]:
    """One entry per broken rule: the field's path ("customer.email"), a code and a message."""
    if isinstance(detail, dict):
        return [
            entry
            for name, value in detail.items()
            for entry in field_errors(value, _join(path, "" if name == "non_field_errors" else str(name)))
        ]
    if isinstance(detail, list):
        return [
            entry
            for index, value in enumerate(detail)
            for entry in field_errors(value, _join(path, str(index)) if isinstance(value, dict) else path)
        ]
    return [{"field": path, "code": str(getattr(detail, "code", "invalid")), "message": str(detail)}]


def _join(path: str, name: str) -> str:
    return ".".join(part for part in (path, name) if part)
