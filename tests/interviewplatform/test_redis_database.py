"""What separates the three uses of one Redis, and what its cache keeps."""

import pickle

import pytest

from interviewplatform.redis_database import JSONSerializer, database_url


@pytest.mark.parametrize(
    ("url", "second"),
    [
        ("redis://:word@redis:6379/0", "redis://:word@redis:6379/1"),
        ("redis://:word@redis:6379", "redis://:word@redis:6379/1"),
        ("rediss://u:word@redis/4?x=1", "rediss://u:word@redis/5?x=1"),
        ("unix:///run/redis.sock", "unix:///run/redis.sock?db=1"),
        ("unix:///run/redis.sock?db=3", "unix:///run/redis.sock?db=4"),
    ],
)
def test_each_use_has_a_database_of_its_own(url, second):
    assert database_url(url, after=1) == second


@pytest.mark.parametrize("value", [7, "a", [1.5, 2.5], None, True, b"\xff\xd8 a picture", b'{"a": 1}'])
def test_values_come_out_as_they_went_in(value):
    dumped = JSONSerializer().dumps(value)
    assert JSONSerializer().loads(str(dumped).encode() if isinstance(dumped, int) else dumped) == value


def test_a_pickle_in_redis_is_never_opened():
    with pytest.raises(UnicodeDecodeError):
        JSONSerializer().loads(pickle.dumps({"a": 1}))
