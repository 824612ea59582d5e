"""A frame becomes a live reading: real sockets of the application, a real worker process, real recognisers."""

from analysis.live.clock import now_ms
from ml.modalities import EYE_EMOTION, EYE_GAZE, FACIAL_EXPRESSION

ATTEMPTS = 30
"""Frames at most: readings of those that waited for the worker's start are too old to be shown."""


async def test_a_frame_becomes_a_reading_at_the_recruiter(pool, join, alice, jpeg, room):
    recruiter = await join(alice)
    candidate = await join()
    await candidate.say("stage", stage="call")
    seen: set[str] = set()
    for _ in range(ATTEMPTS):
        sequence = await candidate.frame(jpeg())
        await candidate.hear("frame_ack", sequence=sequence, analysed=True, timeout_s=60)
        await recruiter.say("ping", sent_ms=now_ms())
        await recruiter.hear("pong")
        seen = set().union(*(m["modalities"] for m in recruiter.seen if m["type"] == "reading"))
        if seen == {FACIAL_EXPRESSION, EYE_EMOTION, EYE_GAZE}:
            break
    assert seen == {FACIAL_EXPRESSION, EYE_EMOTION, EYE_GAZE}
