"""How much one connection may send."""

from analysis.live.room.limits import RateLimit


def test_a_rate_limit_allows_a_burst_and_then_the_rate():
    now = [0.0]
    limit = RateLimit(per_s=2, burst=3, clock=lambda: now[0])
    assert [limit.take() for _ in range(4)] == [True, True, True, False]
    now[0] = 0.5
    assert [limit.take(), limit.take()] == [True, False]
