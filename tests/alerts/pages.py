"""Signing in and filling in forms, for tests of the pages of follow-ups."""

from typing import Any

from django.test import Client

from alerts.models import FollowUp


def client_of(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def queue(ground, person: str = "greta", query: str = "") -> Any:
    return client_of(getattr(ground, person)).get(ground.url(f"followups/{query}"))


def do(ground, follow_up: FollowUp, deed: str, person: str = "greta", *, version: int = 1, **values: Any) -> Any:
    """POST one deed and return the answer, not followed."""
    client = client_of(getattr(ground, person))
    address = ground.url(f"followups/{follow_up.number}/{deed}/")
    htmx = {"HTTP_HX_REQUEST": "true"} if values.pop("htmx", False) else {}
    return client.post(address, {"version": version, **values}, **htmx)
