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
from tests.alerts.access import a_follow_up
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
EXAMPLES = 12  # an operation; together about half a minute

schema = schemathesis.openapi.from_wsgi(
    "/api/v1/schema/",
    application,
    config=schemathesis.Config.from_dict(
        {"phases": {"coverage": {"enabled": False}, "stateful": {"enabled": False}, "examples": {"enabled": True}}}
    ),
)


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


@schema.parametrize()
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    derandomize=True,
    database=None,
)
def test_every_answer_is_as_described(case, api, rows):
    kind = case.path.split("/")[3] if case.path.count("/") > 3 else ""
    if kind in rows and "pk" in (case.path_parameters or {}) and is_uuid(case.path_parameters["pk"]):
        case.path_parameters["pk"] = str(rows[kind])
    for item in items_of(case.body):
        if is_uuid(item.get("survey")):
            item["survey"] = str(rows["surveys"])
    case.call_and_validate(headers={"Authorization": f"Bearer {api.secret}"}, checks=CHECKS)


def items_of(body: Any) -> list[dict[str, Any]]:
    """The objects of a body that may name a survey: itself, or those of its batch."""
    if not isinstance(body, dict):
        return []
    batch = body.get("responses")
    return [body, *(item for item in batch if isinstance(item, dict))] if isinstance(batch, list) else [body]


def is_uuid(value: Any) -> bool:
    try:
        return isinstance(value, str) and bool(UUID(value))
    except ValueError:
        return False


def test_every_operation_has_a_name_a_summary_and_its_problems():
    for path, operations in schema.raw_schema["paths"].items():
        for method, operation in operations.items():
            words = f"{method} {path}"
            assert operation.get("summary"), words
            assert {"400", "401", "403", "429"} <= set(operation["responses"]), words
            assert operation["security"] == [{"ApiKey": []}], words
