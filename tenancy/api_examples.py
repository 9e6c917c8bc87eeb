"""Calls to copy into a terminal: this installation's address and the reader's own key."""

import json
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils import timezone


@dataclass(frozen=True)
class Example:
    """One curl command and the scope its key needs."""

    title: str
    scope: str
    command: str


def examples_with(key: str) -> list[Example]:
    """The first calls somebody makes, with `key` as it may be shown."""
    event = {
        "customer": {"external_id": "C-1042", "email": "chiara@example.com"},
        "milestone": "order.delivered",
        "occurred_at": timezone.now().isoformat(timespec="seconds"),
        "idempotency_key": "order-1042-delivered",
    }
    return [
        Example("Try the key", "organization:read", _curl(key, "organization")),
        Example("Report a milestone", "events:write", _curl(key, "events", event)),
        Example("Find the surveys", "surveys:read", _curl(key, "surveys")),
        Example(
            "Add an answer", "responses:write", _curl(key, "responses", {"survey": "<id of a survey>", "score": 9})
        ),
        Example("Read the newest answers", "responses:read", _curl(key, "responses?page_size=10")),
        Example("Read the NPS of the last 30 days", "scores:read", _curl(key, "scores?measure=nps&period=30d")),
    ]


def _curl(key: str, path: str, body: dict[str, Any] | None = None) -> str:
    lines = [f"curl '{settings.BASE_URL}/api/v1/{path}'", f"  -H 'Authorization: Bearer {key}'"]
    if body is not None:
        lines += ["  -H 'Content-Type: application/json'", f"  -d '{json.dumps(body)}'"]
    return " \\\n".join(lines)
