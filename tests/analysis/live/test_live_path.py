"""A frame becomes a live reading: real sockets of the application, a real worker process, real recognisers."""

from ml.modalities import EYE_EMOTION, EYE_GAZE, FACIAL_EXPRESSION


async def test_a_frame_becomes_a_reading_at_the_recruiter(pool, join, alice, jpeg, room):
    recruiter = await join(alice)
    candidate = await join()
    await candidate.say("stage", stage="call")
    await candidate.frame(jpeg())
    reading = await recruiter.hear("reading", timeout_s=60)
    assert set(reading["modalities"]) == {FACIAL_EXPRESSION, EYE_EMOTION, EYE_GAZE}
