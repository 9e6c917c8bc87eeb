"""Calling the API as a program would: with a key and JSON."""

import json
from typing import Any

from django.test import Client

from tenancy.api_keys import SCOPES, create_api_key
from tests.world import Ground


class Api:
    """Calls beneath /api/v1/ with a key of `ground`; by default one with every scope."""

    def __init__(self, ground: Ground, *scopes: str, **values: Any):
        with ground.scope():
            self.key, self.secret = create_api_key(name="Tests", scopes=list(scopes or SCOPES), by=ground.ana, **values)
        self.client = Client(headers={"authorization": f"Bearer {self.secret}"})

    def get(self, path: str, **query: Any):
        return self.client.get(f"/api/v1/{path}", query)

    def post(self, path: str, body: Any = None, **headers: str):
        return self.send("POST", path, body, **headers)

    def patch(self, path: str, body: Any, **headers: str):
        return self.send("PATCH", path, body, **headers)

    def send(self, method: str, path: str, body: Any, **headers: str):
        data = body if isinstance(body, bytes) else json.dumps({} if body is None else body)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.generic(
            method, f"/api/v1/{path}", data, content_type="application/json", headers=named or None
        )


def fields_of(answer: Any) -> dict[str, str]:
    """The fields a 400 complains about, with the code of each."""
    assert answer.status_code == 400, answer.content
    return {error["field"]: error["code"] for error in answer.json()["errors"]}
