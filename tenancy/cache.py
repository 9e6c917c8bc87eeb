"""A Redis cache that is only ever a help: when Redis is down, every read misses and every write is forgotten."""

from typing import Any

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError


class ForgivingRedisCache(RedisCache):
    """Django's Redis cache, except that a Redis that cannot be reached is a miss instead of an error."""

    def _or(self, default: Any, method: str, *args: Any, **kwargs: Any) -> Any:
        try:
            return getattr(super(), method)(*args, **kwargs)
        except (RedisError, OSError):
            return default

    def get(self, key, default=None, version=None):
        return self._or(default, "get", key, default, version)

    def set(self, *args, **kwargs):
        return self._or(None, "set", *args, **kwargs)

    def add(self, *args, **kwargs):
        return self._or(True, "add", *args, **kwargs)

    def delete(self, *args, **kwargs):
        return self._or(False, "delete", *args, **kwargs)

    def touch(self, *args, **kwargs):
        return self._or(False, "touch", *args, **kwargs)

    def has_key(self, *args, **kwargs):
        return self._or(False, "has_key", *args, **kwargs)

    def get_many(self, *args, **kwargs):
        return self._or({}, "get_many", *args, **kwargs)

    def set_many(self, *args, **kwargs):
        return self._or([], "set_many", *args, **kwargs)
