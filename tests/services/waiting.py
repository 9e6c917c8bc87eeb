"""Waiting for what another process does."""

import time
from collections.abc import Callable
from typing import TypeVar

import pytest

Found = TypeVar("Found")


def eventually(check: Callable[[], Found], *, within: float = 10.0, what: str = "") -> Found:
    """Calls `check` until it returns something true, and returns that; fails the test after `within` seconds."""
    give_up_at = time.monotonic() + within
    while not (found := check()):
        if time.monotonic() > give_up_at:
            pytest.fail(f"not within {within:g} s: {what or check}")
        time.sleep(0.05)
    return found
