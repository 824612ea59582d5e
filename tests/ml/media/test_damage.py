"""Damaged stretches are found, told and left out."""

import av
import pytest

from ml.media.audio import audio_chunks
from ml.media.damage import Damage
from ml.media.notes import media_notes
from ml.media.probe import probe
from ml.media.video import frames
from tests.factories.media import make_recording
from tests.factories.odd_media import damaged

SIZE = (160, 120)


def test_pictures_that_do_not_decode_are_told_with_their_seconds(tmp_path):
    # One key frame every 12 pictures, which is MPEG-4's default in the factory's avi.
    whole = make_recording(tmp_path / "whole.avi", duration_s=12.0, size=SIZE, fps=10)
    path = damaged(whole, tmp_path / "broken.avi", kind="video", between_s=(4.0, 6.0))
    info, damage = probe(path), Damage()
    spans = [(frame.start_s, frame.end_s) for frame in frames(path, info, fps=10, damage=damage)]
    ((start_s, end_s),) = damage.spans
    assert start_s == pytest.approx(4.0, abs=0.3)
    assert 5.8 <= end_s <= 7.4, "until the next key frame"
    assert not any(start_s + 0.25 < begin < end_s - 0.05 for begin, _ in spans)
    assert spans[-1][1] == pytest.approx(12.0, abs=0.2), "what follows is read"
    (note,) = media_notes(info, picture_damage=damage.spans, sound_damage=())
    assert "The picture is damaged from" in note


@pytest.mark.parametrize("suffix", [".mp4", ".webm"])
def test_pictures_after_damage_are_not_trusted_before_a_key_frame(tmp_path, suffix):
    whole = make_recording(tmp_path / f"whole{suffix}", duration_s=4.0, size=SIZE, fps=10)
    path = damaged(whole, tmp_path / f"broken{suffix}", kind="video", between_s=(1.95, 2.45))
    info, damage = probe(path), Damage()
    starts = [frame.start_s for frame in frames(path, info, fps=10, damage=damage)]
    ((start_s, end_s),) = damage.spans
    following_key_s = min([at_s for at_s in key_frames_s(whole) if at_s > 2.45], default=3.9)
    assert start_s == pytest.approx(2.0, abs=0.15)
    assert end_s == pytest.approx(following_key_s, abs=0.15)
    assert [at for at in starts if 2.05 < at < following_key_s - 0.05] == []


def key_frames_s(path):
    with av.open(str(path)) as container:
        return [
            float(packet.pts * packet.time_base)
            for packet in container.demux(video=0)
            if packet.is_keyframe and packet.pts is not None
        ]


def test_sound_that_does_not_decode_is_told(tmp_path):
    whole = make_recording(tmp_path / "whole.mp4", duration_s=6.0, size=SIZE)
    path = damaged(whole, tmp_path / "broken.mp4", kind="audio", between_s=(2.0, 4.0))
    info, damage = probe(path), Damage()
    for _ in audio_chunks(path, info, rate_hz=16000, damage=damage):
        pass
    assert damage.spans[0][0] == pytest.approx(2.0, abs=0.3)
    assert damage.spans[-1][1] == pytest.approx(4.0, abs=0.3)
    (note,) = media_notes(info, picture_damage=(), sound_damage=damage.spans)
    assert "The sound is damaged" in note


@pytest.mark.parametrize("suffix", [".mp4", ".mov", ".mkv", ".webm", ".avi"])
def test_whole_recordings_have_no_damage(tmp_path, suffix):
    path = make_recording(tmp_path / f"whole{suffix}", duration_s=3.0, size=SIZE, vfr=suffix != ".avi")
    info, pictures, sound = probe(path), Damage(), Damage()
    for _ in frames(path, info, fps=10, damage=pictures):
        pass
    for _ in audio_chunks(path, info, rate_hz=16000, damage=sound):
        pass
    assert pictures.spans == sound.spans == ()


def test_many_damaged_places_are_summed_up(tmp_path):
    info = probe(make_recording(tmp_path / "a.mp4", duration_s=0.5, size=SIZE))
    spans = [(10.0 * number, 10.0 * number + 1.5) for number in range(1, 6)]
    (note,) = media_notes(info, picture_damage=spans, sound_damage=())
    assert "in 5 places, 7.5 s in all" in note
