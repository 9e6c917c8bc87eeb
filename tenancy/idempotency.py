"""Idempotency keys of the API: a request that is sent again gets the first answer again and does nothing."""

import hashlib
import json
from uuid import UUID

from django.db import connection
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.encoders import JSONEncoder

from tenancy.api_parsing import body_of
from tenancy.models import IdempotentReply

HEADER = "Idempotency-Key"
CHARACTERS = 255


class KeyUsedOtherwise(APIException):
    status_code = 422
    default_code = "idempotency_key_reused"
    default_detail = "This Idempotency-Key was used for another request."


def key_of(request: Request) -> str:
    """The key of a writing request, "" when it has none. Raises ValidationError when it is no key."""
    key: str = request.META.get("HTTP_IDEMPOTENCY_KEY", "").strip() if request.method == "POST" else ""
    if len(key) > CHARACTERS or not (key.isascii() and key.isprintable()):
        raise ValidationError({HEADER: f"At most {CHARACTERS} printable ASCII characters."})
    return key


def replayed(request: Request, key: str, organization_id: UUID) -> Response | None:
    """The first answer to this request, or None when it is the first. Requests with one key wait for each other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 1))", [f"{organization_id} {key}"])
    reply = IdempotentReply.objects.filter(key=key).first()
    if reply is None:
        return None
    if reply.request_hash != _hash(request):
        raise KeyUsedOtherwise
    return Response(json.loads(reply.body), status=reply.status, headers={"Idempotent-Replayed": "true"})


def remember(request: Request, key: str, response: Response) -> None:
    """Keep a successful answer in the transaction of the deed; refused requests may be tried again.

    The answer is kept as text: jsonb would sort its names, and a replay is equal to the byte.
    """
    body = json.dumps(response.data, cls=JSONEncoder)
    IdempotentReply.objects.create(key=key, request_hash=_hash(request), status=response.status_code, body=body)


def _hash(request: Request) -> str:
    digest = hashlib.sha256(f"{request.method} {request.get_full_path()}\n".encode())
    digest.update(body_of(request._request))
    return digest.hexdigest()
