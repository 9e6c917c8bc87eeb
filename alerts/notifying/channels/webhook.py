"""A signed webhook to any system: Standard Webhooks 1.0 (https://www.standardwebhooks.com)."""

import base64
import hashlib
import hmac
import json
import secrets

from alerts.notifying.message import Message
from alerts.notifying.posting import Posting, Request

PREFIX = "whsec_"


class Webhook(Posting):
    label = "Signed webhook"
    icon = "webhook"
    explanation = (
        "Any system of yours that takes JSON over HTTPS. Each message is signed as standardwebhooks.com describes; the "
        "secret is shown once, when the channel is added."
    )
    has_secret = True

    def request(self, message: Message, *, sealed: dict[str, str], at: int) -> Request:
        body = json.dumps({"type": message.event, "timestamp": message.at, "data": message.data}).encode()
        headers = {
            "Content-Type": "application/json",
            "webhook-id": message.id,
            "webhook-timestamp": str(at),
            "webhook-signature": sign(body, id=message.id, at=at, secret=sealed["secret"]),
        }
        return Request(sealed["address"], body, headers)


def sign(body: bytes, *, id: str, at: int, secret: str) -> str:
    """Version and HMAC-SHA256 over id, timestamp and body."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    digest = hmac.new(key, f"{id}.{at}.".encode() + body, hashlib.sha256).digest()
    return "v1," + base64.b64encode(digest).decode()


def new_secret() -> str:
    """whsec_ and 32 random bytes in base64."""
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


CHANNEL = Webhook()
