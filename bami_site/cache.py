"""The shared cache: Redis, or nothing kept while it is away."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Any, ClassVar, TypeVar

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

T = TypeVar("T")
log = logging.getLogger(__name__)
PAUSE = 5.0  # seconds in which a cache that did not answer is not asked again


class SteadyRedisCache(RedisCache):
    """While Redis is away nothing is found and nothing is kept, so that pages are only slower.

    Nothing can be added either: allauth's limits, which begin by adding, then let nobody sign in.
    """

    away_until: ClassVar[float] = 0.0

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        return self._try(lambda: super(SteadyRedisCache, self).get(key, default, version), default)

    def set(self, key: Any, value: Any, *args: Any, **options: Any) -> None:
        self._try(lambda: super(SteadyRedisCache, self).set(key, value, *args, **options), None)

    def add(self, key: Any, value: Any, *args: Any, **options: Any) -> bool:
        return self._try(lambda: super(SteadyRedisCache, self).add(key, value, *args, **options), False)

    def delete(self, key: Any, version: int | None = None) -> bool:
        return self._try(lambda: super(SteadyRedisCache, self).delete(key, version), False)

    def incr(self, key: Any, delta: int = 1, version: int | None = None) -> int:
        """Raises ValueError where there is nothing to count on, as every cache does."""
        count = self._try(lambda: super(SteadyRedisCache, self).incr(key, delta, version), None)
        if count is None:
            raise ValueError(f"{key!r} is not kept")
        return count

    def _try(self, deed: Callable[[], T], otherwise: T) -> T:
        if time.monotonic() < SteadyRedisCache.away_until:
            return otherwise
        try:
            return deed()
        except RedisError as error:
            SteadyRedisCache.away_until = time.monotonic() + PAUSE
            log.warning("the cache does not answer: %s", error)
            return otherwise
