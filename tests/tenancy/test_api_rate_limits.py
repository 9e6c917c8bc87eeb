"""A key may call so often and no more; who calls more is told when to come back."""

import time

import pytest
from limits import parse_many

from tenancy import rate_limits
from tests.calling import Api


@pytest.fixture
def five_a_minute(monkeypatch):
    monkeypatch.setattr(rate_limits, "_limits", parse_many("5/minute"))
    monkeypatch.setattr(rate_limits, "_redis_down_until", 0.0)
    monkeypatch.setattr(rate_limits, "_shared", None)


def statuses(api: Api, calls: int) -> list[int]:
    return [api.get("organization").status_code for _ in range(calls)]


def test_exactly_as_many_calls_as_are_allowed_pass(world, five_a_minute):
    api = Api(world.home)
    assert statuses(api, 7) == [200] * 5 + [429] * 2
    refused = api.get("organization")
    assert refused["Content-Type"] == "application/problem+json"
    assert refused.json()["code"] == "throttled"
    assert 1 <= int(refused["Retry-After"]) <= 60


def test_retry_after_is_the_end_of_the_window(world, five_a_minute, monkeypatch):
    api = Api(world.home)
    statuses(api, 5)
    now = time.time()
    seconds = int(api.get("organization")["Retry-After"])
    assert 50 <= seconds <= 60  # the window began with the first call
    monkeypatch.setattr(rate_limits, "now", lambda: now + seconds + 120)
    assert api.get("organization")["Retry-After"] == "1"


def test_each_key_has_its_own_count(world, five_a_minute):
    assert statuses(Api(world.home), 6)[-1] == 429
    assert statuses(Api(world.home), 1) == [200]


def test_a_refused_call_costs_no_statement(world, five_a_minute, django_assert_num_queries):
    api = Api(world.home)
    statuses(api, 5)
    with django_assert_num_queries(0):
        assert statuses(api, 1) == [429]


def test_without_redis_the_process_counts_for_itself_and_does_not_wait(world, five_a_minute, monkeypatch, settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    monkeypatch.setattr(rate_limits, "_own", rate_limits.FixedWindowRateLimiter(rate_limits.MemoryStorage()))
    api = Api(world.home)
    started = time.monotonic()
    assert statuses(api, 7) == [200] * 5 + [429] * 2
    assert time.monotonic() - started < 5
    assert rate_limits._redis_down_until > time.monotonic()
