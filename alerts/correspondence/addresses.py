"""The address at which a customer answers: the organization, the follow-up's number, and a signature over both.

Mail servers may change capitals, and a local part ends after 64 characters: hence base32, and a signature of 80 bits.
Nothing secret is stored.
"""

import base64
import binascii
import hashlib
import hmac
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

from django.conf import settings

from alerts.models import FollowUp

SIGNATURE_BYTES = 10
TOKEN_LENGTH = 48


class Target(NamedTuple):
    """Whom a mail is for."""

    organization_id: UUID
    number: int


def reply_address(follow_up: FollowUp) -> str:
    """Where an answer to this follow-up goes; empty when this installation takes no mail."""
    if not settings.INBOUND_MAIL_DOMAIN:
        return ""
    mailbox, domain = _place()
    token = make_token(Target(follow_up.organization_id, follow_up.number))
    return f"{mailbox}+{token}@{domain}" if mailbox else f"{token}@{domain}"


def read_address(address: str) -> Target | None:
    """Whom an address stands for; None when it is not one that we gave out. Costs no look at the database."""
    if not settings.INBOUND_MAIL_DOMAIN:
        return None
    mailbox, domain = _place()
    local, _, host = address.strip().lower().rpartition("@")
    if host != domain:
        return None
    if mailbox:
        name, _, local = local.partition("+")
        if name != mailbox:
            return None
    return read_token(local)


def is_ours(address: str) -> bool:
    """Whether mail to this address would come to us."""
    return bool(settings.INBOUND_MAIL_DOMAIN) and address.strip().lower().rpartition("@")[2] == _place()[1]


def make_token(target: Target) -> str:
    body = target.organization_id.bytes + target.number.to_bytes(4, "big")
    return base64.b32encode(body + _signature(body, settings.SECRET_KEY)).decode().lower()


def read_token(token: str) -> Target | None:
    """Compared in constant time, with the present key and the retired ones; None when we did not make this token."""
    try:
        raw = base64.b32decode(token, casefold=True) if len(token) == TOKEN_LENGTH else b""
    except (binascii.Error, ValueError):
        raw = b""
    body, signature = raw[:20], raw[20:]
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    matches = [hmac.compare_digest(_signature(body, key), signature) for key in keys]
    if len(raw) != 20 + SIGNATURE_BYTES or not any(matches):
        return None
    return Target(UUID(bytes=body[:16]), int.from_bytes(body[16:], "big"))


def _place() -> tuple[str, str]:
    """(mailbox, domain): the mailbox before the plus is empty where every address of the domain comes to us."""
    mailbox, _, domain = settings.INBOUND_MAIL_DOMAIN.rpartition("@")
    return mailbox, domain


def _signature(body: bytes, secret: str) -> bytes:
    return hmac.digest(_key(secret), body, "sha256")[:SIGNATURE_BYTES]


@lru_cache(maxsize=16)
def _key(secret: str) -> bytes:
    """A key for this purpose alone."""
    return hashlib.sha256(b"cxm.alerts.correspondence\0" + secret.encode()).digest()
