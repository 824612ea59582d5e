"""How much one connection may send, and how many there may be."""

from analysis.live.room.limits import Places, RateLimit


def test_a_rate_limit_allows_a_burst_and_then_the_rate():
    now = [0.0]
    limit = RateLimit(per_s=2, burst=3, clock=lambda: now[0])
    assert [limit.take() for _ in range(4)] == [True, True, True, False]
    now[0] = 0.5
    assert [limit.take(), limit.take()] == [True, False]


def test_places_are_taken_of_all_keys_or_of_none():
    places = Places()
    assert all(places.take({"browser": 2, "room": 3}) for _ in range(2))
    assert not places.take({"browser": 2, "room": 3})
    assert places.take({"another": 2, "room": 3}), "a refused one has taken nothing of the room"
    assert not places.take({"third": 2, "room": 3})
    places.leave(["browser", "room"])
    assert places.take({"browser": 2, "room": 3})
