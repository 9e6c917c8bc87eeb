"""The secret in a customer's link: the invitation's id and a signature over it, so that nothing secret is stored."""

import binascii
import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from functools import lru_cache
from uuid import UUID

from django.conf import settings

# 128 bits: as hard to guess as the id itself, and the link stays on one line of a plain-text mail.
SIGNATURE_BYTES = 16
TOKEN_LENGTH = 43


def make_token(invitation_id: UUID) -> str:
    """The 43 URL-safe characters that stand for an invitation in `/r/<token>/` and `/u/<token>/`."""
    return urlsafe_b64encode(invitation_id.bytes + _signature(invitation_id.bytes, settings.SECRET_KEY)).decode()[:-1]


def read_token(token: str) -> UUID | None:
    """The invitation's id, or None when we did not make this token.

    Compared in constant time, with the present key and the retired ones; costs no look at the database.
    """
    try:
        raw = urlsafe_b64decode(f"{token[:TOKEN_LENGTH]}=")
    except (binascii.Error, ValueError):
        raw = b""
    is_whole = len(token) == TOKEN_LENGTH and len(raw) == 16 + SIGNATURE_BYTES
    body, signature = (raw[:16], raw[16:]) if is_whole else (bytes(16), bytes(SIGNATURE_BYTES))
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    # Every key is tried, also after a match: the time taken must not tell which one signed.
    matches = [hmac.compare_digest(_signature(body, key), signature) for key in keys]
    # One spelling a token: the last character carries two spare bits that decoding forgives.
    is_ours = is_whole and any(matches) and urlsafe_b64encode(raw).decode()[:-1] == token
    return UUID(bytes=body) if is_ours else None


def _signature(body: bytes, secret: str) -> bytes:
    return hmac.digest(_key(secret), body, "sha256")[:SIGNATURE_BYTES]


@lru_cache(maxsize=16)
def _key(secret: str) -> bytes:
    """A key for this purpose alone, so that no other signature of ours can be turned into a link."""
    return hashlib.sha256(b"cxm.surveys.tokens\0" + secret.encode()).digest()
