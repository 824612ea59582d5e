"""Sampling on a grid: what nothing refers to is not decoded, and the sampled pictures stay the same."""

import hashlib
from fractions import Fraction

import av
import numpy as np
import pytest

from ml.media import video
from ml.media.damage import Damage
from ml.media.decoding import Decoder
from ml.media.pictures import pictures_at
from ml.media.probe import probe
from ml.media.sampling import SubLayers, sampled, sampled_times
from ml.media.video import frames
from tests.factories.odd_media import damaged

FPS = 25
FRAMES = 100
OPTIONS = {"preset": "veryfast", "g": "50", "bf": "2", "b_strategy": "0", "b-pyramid": "none", "sc_threshold": "0"}


@pytest.fixture(scope="module")
def recording(tmp_path_factory):
    """Four seconds of moving noise in H.264 with two B frames between references, at irregular times."""
    path = tmp_path_factory.mktemp("sampling") / "b_frames.mp4"
    noise = np.random.default_rng(1).integers(0, 255, (96, 64 + FRAMES, 3), np.uint8)
    with av.open(str(path), "w") as output:
        stream = output.add_stream("libx264", rate=FPS, options=OPTIONS)
        stream.width, stream.height, stream.pix_fmt = 64, 96, "yuv420p"
        stream.time_base = stream.codec_context.time_base = Fraction(1, 1000)
        for number in range(FRAMES):
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(noise[:, number : number + 64]), format="rgb24")
            frame.pts, frame.time_base = number * 40 + (number * 7) % 11, Fraction(1, 1000)
            output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
    return path


def read(path, fps, monkeypatch=None):
    """(start, end, hash of the picture) of every frame, and the damage; with ``monkeypatch`` nothing is left out."""
    if monkeypatch is not None:
        monkeypatch.setattr(video, "sampled_times", lambda *args, **kwargs: None)
    damage = Damage()
    found = frames(path, probe(path), fps=fps, damage=damage)
    return [(f.start_s, f.end_s, hashlib.sha1(f.rgb.tobytes()).hexdigest()) for f in found], damage.spans


@pytest.mark.parametrize("fps", [10.0, 3.7])
def test_sampled_pictures_are_those_of_a_whole_decoding(recording, fps, monkeypatch):
    assert sampled_times(recording, probe(recording), fps=fps)
    assert read(recording, fps) == read(recording, fps, monkeypatch)


def test_pictures_that_nothing_refers_to_are_not_decoded(recording, monkeypatch):
    seen = []
    info = probe(recording)
    times = sampled_times(recording, info, fps=5)
    frame_s = Decoder.frame_s
    monkeypatch.setattr(Decoder, "frame_s", lambda self, frame: seen.append(frame) or frame_s(self, frame))
    assert len(list(pictures_at(recording, info, times))) == len(times) == 20
    assert len(seen) < 0.7 * FRAMES


def test_damage_is_found_and_left_out_as_by_a_whole_decoding(recording, tmp_path, monkeypatch):
    path = damaged(recording, tmp_path / "broken.mp4", kind="video", between_s=(0.9, 1.5))
    found, spans = read(path, 10)
    assert spans
    assert (found, spans) == read(path, 10, monkeypatch)


def test_every_frame_is_decoded_where_every_frame_is_sampled(recording):
    assert sampled_times(recording, probe(recording), fps=25) is None


def test_a_frame_is_sampled_once_if_it_is_nearest_to_a_point_of_the_grid():
    times = [0.0, 0.04, 0.08, 0.12, 0.16, 0.5, 0.5, 0.45, 0.6]
    kept = [at_s for at_s, _ in sampled(((at_s, None) for at_s in times), fps=10, duration_s=0.7)]
    assert kept == [0.0, 0.08, 0.16, 0.5, 0.6]


def unit(kind: int, layer: int) -> bytes:
    """A slice of HEVC with its length of four bytes."""
    return (3).to_bytes(4, "big") + bytes([kind << 1, layer + 1, 0x55])


@pytest.mark.parametrize(
    ("units", "independent"),
    [
        ([(19, 0), (1, 0), (0, 0)], True),
        ([(19, 0), (1, 0), (0, 1)], True),
        ([(19, 0), (0, 0), (1, 1)], False),  # the higher sub-layer may refer to what would be left out
        ([(39, 3), (19, 0), (0, 0)], True),  # supplemental information is no picture
    ],
)
def test_pictures_of_lower_sub_layers_are_not_left_out(units, independent):
    layers = SubLayers(None)
    layers.add(memoryview(b"".join(unit(kind, layer) for kind, layer in units)))
    assert layers.are_independent == independent
