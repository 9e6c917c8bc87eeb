"""How often a key may call: exact counts in Redis, per key and window; without Redis each process counts for itself."""

import time

from django.conf import settings
from limits import RateLimitItem, parse_many
from limits.storage import MemoryStorage, RedisStorage, Storage
from limits.strategies import FixedWindowRateLimiter
from redis.exceptions import RedisError
from rest_framework.throttling import BaseThrottle

_shared: Storage | None = None
_own = FixedWindowRateLimiter(MemoryStorage())
_limits = parse_many(settings.API_RATE_LIMITS)


class KeyRateLimit(BaseThrottle):
    """Refuses a call over the limits of its API key (settings.API_RATE_LIMITS), saying when to come back."""

    def __init__(self) -> None:
        self.seconds: float | None = None

    def allow_request(self, request, view) -> bool:
        if request.auth is None:
            return True
        for limit in _limits:
            if (reset_at := take(limit, str(request.auth.id))) is not None:
                self.seconds = max(1.0, reset_at - now())
                return False
        return True

    def wait(self) -> float | None:
        """Seconds until the window is over: the Retry-After header."""
        return self.seconds


def take(limit: RateLimitItem, key: str) -> float | None:
    """Count one call. None when it is within the limit, else the moment (Unix seconds) the window ends."""
    try:
        limiter = FixedWindowRateLimiter(_redis())
        within = limiter.hit(limit, key)
    except (RedisError, OSError):
        limiter = _own
        within = limiter.hit(limit, key)
    return None if within else limiter.get_window_stats(limit, key).reset_time


def now() -> float:
    return time.time()


def _redis() -> Storage:
    global _shared
    if _shared is None:
        _shared = RedisStorage(
            settings.REDIS_URL, socket_connect_timeout=0.5, socket_timeout=1, key_prefix="cxm:limits"
        )
    return _shared
