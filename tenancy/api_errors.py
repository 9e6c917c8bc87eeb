"""Refusals of the API that DRF has no word for. Imported by its parser, so nothing here may import its views."""

from typing import Any

from rest_framework.exceptions import APIException


class Conflict(APIException):
    """What was asked for does not fit the present state. `facts` are further members of the problem."""

    status_code = 409
    default_code = "conflict"
    default_detail = "This does not fit the present state."

    def __init__(self, detail: str | None = None, code: str | None = None, **facts: Any):
        super().__init__(detail, code)
        self.facts = facts


class TooLarge(APIException):
    """The body has more bytes than are read."""

    status_code = 413
    default_code = "too_large"
    default_detail = "The body is too large."
