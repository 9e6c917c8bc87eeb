"""Reading the body of an API call: JSON in UTF-8 that PostgreSQL can store, of a bounded size."""

import json
import re
from typing import Any, NoReturn

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

from tenancy.api_errors import TooLarge

# Only these escapes can put NUL or half a surrogate pair into a string: raw bytes of either are no JSON or no UTF-8.
_SUSPICIOUS = re.compile(rb"\\u(0000|[dD][89a-fA-F])")
MAX_DEPTH_MESSAGE = "The JSON is nested too deeply."


class JsonParser(BaseParser):
    """Gives what the body says. Raises ParseError (400) or TooLarge (413)."""

    media_type = "application/json"

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        body = body_of(parser_context["request"]._request)
        try:
            data = json.loads(body.decode(), parse_constant=_refuse_constant, parse_float=_finite)
            if _SUSPICIOUS.search(body):
                _refuse_unstorable(data)
        except UnicodeDecodeError:
            raise ParseError("The body is not UTF-8.")
        except RecursionError:
            raise ParseError(MAX_DEPTH_MESSAGE)
        except ValueError as error:
            raise ParseError(f"The body is not JSON that can be read: {error}")
        return data


def body_of(request: Any) -> bytes:
    """The bytes of the body; raises TooLarge."""
    try:
        body: bytes = request.body
    except RequestDataTooBig:
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 1024
        raise TooLarge(f"A body has at most {limit} KiB; send a batch in smaller parts.")
    return body


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a JSON number")


def _finite(text: str) -> float:
    number = float(text)
    if number in (float("inf"), float("-inf")):
        raise ValueError(f"{text[:20]} is too large a number")
    return number


def _refuse_unstorable(value: Any) -> None:
    if isinstance(value, dict):
        for name, inner in value.items():
            _refuse_unstorable(name)
            _refuse_unstorable(inner)
    elif isinstance(value, list):
        for inner in value:
            _refuse_unstorable(inner)
    elif isinstance(value, str) and not is_storable(value):
        raise ValueError("a text holds NUL or half a surrogate pair")


def is_storable(text: str) -> bool:
    """Whether PostgreSQL takes the text: no NUL, no half of a surrogate pair."""
    return "\0" not in text and not any("\ud800" <= character <= "\udfff" for character in text)
