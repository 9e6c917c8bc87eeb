"""What the API does is what its description says: schemathesis calls every operation with whatever the schema allows,
and with what it does not, and finds no 5xx and no answer that is not described."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from cxm.wsgi import application
from tests.alerts.access import a_follow_up, a_rule
from tests.calling import Api
from tests.surveys.asking import an_ask
from tests.surveys.listening import a_response

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
# Examples an operation, of what the schema allows and of what it does not; together about half a minute.
RIGHT, WRONG = 8, 6


def described(mode: str) -> Any:
    """Our description, as schemathesis reads it; without the phases that would take minutes."""
    phases = {"coverage": {"enabled": False}, "stateful": {"enabled": False}}
    config = schemathesis.Config.from_dict({"phases": phases, "generation": {"mode": mode}})
    return schemathesis.openapi.from_wsgi("/api/v1/schema/", application, config=config)


def examples(count: int) -> settings:
    quiet = list(HealthCheck)
    return settings(max_examples=count, deadline=None, suppress_health_check=quiet, derandomize=True, database=None)


right, wrong = described("positive"), described("negative")


@pytest.fixture
def rows(world) -> dict[str, Any]:
    """An object for each address that names one, so that calls get further than 404."""
    with world.home.scope():
        follow_up = a_follow_up(world.home)
        response = a_response(world.home)
        return {
            "customers": world.home.chiara.id,
            "responses": response.id,
            "surveys": response.survey_id,
            "invitations": an_ask(world.home).id,
            "follow-ups": follow_up.id,
            "alert-rules": a_rule(world.home),
        }


@pytest.fixture
def api(world) -> Iterator[Api]:
    """Calls go through WSGI; as Django's own test client does, they leave the test's transaction open."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield Api(world.home)
    for signal in signals:
        signal.connect(close_old_connections)


@right.parametrize()
@examples(RIGHT)
def test_what_is_allowed_is_answered_as_described(case, api, rows):
    call(case, api, rows)


@wrong.parametrize()
@examples(WRONG)
def test_what_is_not_allowed_is_answered_as_described(case, api, rows):
    call(case, api, rows)


def call(case: Any, api: Api, rows: dict[str, Any]) -> None:
    """Call it with ids that are known, where it names any."""
    kind = case.path.split("/")[3]
    if kind in rows and is_uuid((case.path_parameters or {}).get("id")):
        case.path_parameters["id"] = str(rows[kind])
    for item in items_of(case.body):
        if is_uuid(item.get("survey")):
            item["survey"] = str(rows["surveys"])
        if isinstance(item.get("milestone"), str):
            item["milestone"] = "order.delivered"
    case.call_and_validate(headers={"Authorization": f"Bearer {api.secret}"}, checks=CHECKS)


def items_of(body: Any) -> list[dict[str, Any]]:
    """The objects of a body that name a survey or a milestone: itself, or those of its batch."""
    if not isinstance(body, dict):
        return []
    batch = body.get("responses") or body.get("events")
    return [body, *(item for item in batch if isinstance(item, dict))] if isinstance(batch, list) else [body]


def is_uuid(value: Any) -> bool:
    try:
        return isinstance(value, str) and bool(UUID(value))
    except ValueError:
        return False


def test_every_operation_has_a_name_a_summary_and_its_problems():
    for path, operations in right.raw_schema["paths"].items():
        for method, operation in operations.items():
            words = f"{method} {path}"
            assert operation.get("summary"), words
            assert {"400", "401", "403", "429"} <= set(operation["responses"]), words
            assert operation["security"] == [{"ApiKey": []}], words
