"""Capture times on the server's clock."""

import pytest

from analysis.live.clock import BrowserClock
from analysis.live.engine import media_times
from analysis.live.engine.media_times import SOUND_STEP_MS, MediaTimes
from analysis.live.protocol import AUDIO, FRAME
from analysis.live.wire import Media

NOW_MS = 1_764_000_000_000.0
RATE_HZ = 16_000
CHUNK_MS = 100


@pytest.fixture
def times(monkeypatch: pytest.MonkeyPatch) -> MediaTimes:
    """Of a browser whose clock is an hour ahead."""
    monkeypatch.setattr(media_times, "now_ms", lambda: NOW_MS)
    clock = BrowserClock()
    clock.learn(sent_ms=NOW_MS + 3_600_000, received_ms=NOW_MS, rtt_ms=0)
    return MediaTimes(clock)


def frame(ago_ms: float) -> Media:
    """A frame that was captured so long ago."""
    return Media(FRAME, 1, NOW_MS + 3_600_000 - ago_ms, 0, b"j")


def chunk(ago_ms: float, *, rate_hz: int = RATE_HZ) -> Media:
    """A chunk of sound that began so long ago."""
    samples = rate_hz * CHUNK_MS // 1000
    return Media(AUDIO, 1, NOW_MS + 3_600_000 - ago_ms, rate_hz, bytes(2 * samples))


def test_a_frame_is_placed_on_the_servers_clock(times: MediaTimes):
    assert times.frame_at_ms(frame(700)) == NOW_MS - 700


def test_times_of_frames_rise_and_are_never_in_the_future(times: MediaTimes):
    assert times.frame_at_ms(frame(-500)) == NOW_MS
    assert times.frame_at_ms(frame(300)) == NOW_MS + 1


def test_chunks_are_laid_end_to_end_although_their_times_jitter(times: MediaTimes):
    pieces, body = times.sound_pieces([chunk(1000), chunk(1000 - CHUNK_MS - 30), chunk(1000 - 2 * CHUNK_MS + 20)])
    assert pieces == [{"at_ms": NOW_MS - 1000, "rate_hz": RATE_HZ, "bytes": 3 * 3200}]
    assert len(body) == 3 * 3200
    following, _ = times.sound_pieces([chunk(1000 - 3 * CHUNK_MS)])
    assert following[0]["at_ms"] == NOW_MS - 1000 + 3 * CHUNK_MS


def test_a_hole_in_the_sound_stays_a_hole(times: MediaTimes):
    hole_ms = SOUND_STEP_MS + 50
    pieces, _ = times.sound_pieces([chunk(2000), chunk(2000 - CHUNK_MS - hole_ms)])
    assert [piece["at_ms"] for piece in pieces] == [NOW_MS - 2000, NOW_MS - 2000 + CHUNK_MS + hole_ms]


def test_another_sample_rate_begins_another_piece(times: MediaTimes):
    pieces, body = times.sound_pieces([chunk(1000), chunk(900, rate_hz=48_000)])
    assert [(piece["rate_hz"], piece["bytes"]) for piece in pieces] == [(16_000, 3200), (48_000, 9600)]
    assert len(body) == 12_800


def test_no_chunk_ends_in_the_future(times: MediaTimes):
    pieces, _ = times.sound_pieces([chunk(-5000)])
    assert pieces[0]["at_ms"] == NOW_MS - CHUNK_MS
