"""Addresses and secrets of channels, encrypted with keys made from SECRET_KEY and its fallbacks."""

import base64
import json

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

PURPOSE = b"cxm.alerts.notifying.channels"


class Unreadable(Exception):
    """Sealed with a key that is neither SECRET_KEY nor one of its fallbacks."""


def seal(values: dict[str, str]) -> str:
    return _keys().encrypt(json.dumps(values).encode()).decode()


def unseal(sealed: str) -> dict[str, str]:
    """What was sealed; raises Unreadable."""
    try:
        return json.loads(_keys().decrypt(sealed))
    except InvalidToken as error:
        raise Unreadable("The address was kept with an earlier SECRET_KEY; enter it again.") from error


def _keys() -> MultiFernet:
    return MultiFernet([Fernet(_key(secret)) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _key(secret: str) -> bytes:
    """RFC 5869; its purpose keeps this key apart from whatever else is made from SECRET_KEY."""
    derived = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=PURPOSE).derive(secret.encode())
    return base64.urlsafe_b64encode(derived)
