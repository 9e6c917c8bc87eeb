"""Errors of the API as problem details (RFC 9457)."""

from typing import Any

from rest_framework.exceptions import APIException, ValidationError
from rest_framework.response import Response
from rest_framework.views import exception_handler

CONTENT_TYPE = "application/problem+json"


def problem_response(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler: the same status, a body of type, title, status, detail and, for fields, errors."""
    response = exception_handler(error, context)
    if response is None:
        return None
    title = getattr(error, "default_detail", None) or response.status_text
    problem: dict[str, Any] = {
        "type": "about:blank",
        "title": str(response.status_text),
        "status": response.status_code,
        "detail": str(title),
    }
    if isinstance(error, ValidationError):
        problem["detail"] = "Some fields are not right; see errors."
        problem["errors"] = _flatten(error.detail)
    elif isinstance(error, APIException):
        problem["detail"] = str(error.detail)
    elif isinstance(response.data, dict) and "detail" in response.data:
        problem["detail"] = str(response.data["detail"])
    response.data = problem
    response.content_type = CONTENT_TYPE
    return response


def _flatten(detail: Any, path: str = "") -> list[dict[str, str]]:
    """One entry per broken rule: the field's path ("items.3.email"), a code and a message."""
    if isinstance(detail, dict):
        return [
            entry
            for name, value in detail.items()
            for entry in _flatten(value, f"{path}.{name}" if path else str(name))
        ]
    if isinstance(detail, list):
        return [
            entry
            for index, value in enumerate(detail)
            for entry in _flatten(value, path if not isinstance(value, dict) else f"{path}.{index}".strip("."))
        ]
    return [{"field": path, "code": str(getattr(detail, "code", "invalid")), "message": str(detail)}]
