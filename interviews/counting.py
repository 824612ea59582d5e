"""Counts of what somebody does within a period, in the shared cache."""

import hashlib

from django.core.cache import cache


def within_limit(key: str, *, limit: int, period_s: float) -> bool:
    """Count one more of ``key``; whether it is at most the ``limit``-th since the first of a period of ``period_s``.

    The cache keeps a hash of ``key``, which may be about a person.
    """
    hashed = f"count:{hashlib.sha256(key.encode()).hexdigest()}"
    if cache.add(hashed, 1, period_s):
        return limit >= 1
    try:
        return cache.incr(hashed) <= limit
    except ValueError:  # the period has just ended
        return True
