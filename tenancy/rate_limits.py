"""How often a key may call: exact counts in Redis, per key and window; without Redis each process counts for itself."""

import math
import time

from django.conf import settings
from limits import RateLimitItem, parse_many
from limits.storage import MemoryStorage, RedisStorage, Storage
from limits.strategies import FixedWindowRateLimiter
from redis.exceptions import RedisError
from rest_framework.throttling import BaseThrottle

# How long one process does not try Redis again after it failed.
REDIS_PAUSE_SECONDS = 5.0

_shared: FixedWindowRateLimiter | None = None
_own = FixedWindowRateLimiter(MemoryStorage())
_limits = parse_many(settings.API_RATE_LIMITS)
_redis_down_until = 0.0


class KeyRateLimit(BaseThrottle):
    """Refuses a call over the limits of its API key (settings.API_RATE_LIMITS), saying when to come back.

    Counts by the hash of the key and so before the key is looked up: guessing keys costs PostgreSQL no more than that.
    """

    def __init__(self) -> None:
        self.seconds: int | None = None

    def allow_request(self, request, view) -> bool:
        for limit in _limits:
            if (reset_at := take(limit, view.key_hash)) is not None:
                self.seconds = max(1, math.ceil(reset_at - now()))
                return False
        return True

    def wait(self) -> float | None:
        """Whole seconds until the window is over: the Retry-After header."""
        return self.seconds


def take(limit: RateLimitItem, key: str) -> float | None:
    """Count one call. None when it is within the limit, else the moment (Unix seconds) the window ends."""
    global _redis_down_until
    if time.monotonic() >= _redis_down_until:
        try:
            return _take(_redis(), limit, key)
        except (RedisError, OSError):
            _redis_down_until = time.monotonic() + REDIS_PAUSE_SECONDS
    return _take(_own, limit, key)


def _take(limiter: FixedWindowRateLimiter, limit: RateLimitItem, key: str) -> float | None:
    return None if limiter.hit(limit, key) else limiter.get_window_stats(limit, key).reset_time


def now() -> float:
    return time.time()


def _redis() -> FixedWindowRateLimiter:
    global _shared
    if _shared is None:
        storage: Storage = RedisStorage(
            settings.REDIS_URL, socket_connect_timeout=0.5, socket_timeout=1, key_prefix="cxm:limits"
        )
        _shared = FixedWindowRateLimiter(storage)
    return _shared
