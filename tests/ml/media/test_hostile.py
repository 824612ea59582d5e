"""Recordings that ask for more than an interview needs are refused before they get it."""

from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace

import av.error
import pytest

from ml.confinement import programs
from ml.confinement.policy import Limits, Policy
from ml.confinement.slots import Slots
from ml.media.decoding import Decoder
from ml.media.errors import MediaError
from ml.media.parts import Part
from ml.media.probe import probe
from tests.factories.hostile_media import make_declared_png, make_pictures


def code_of(path: Path) -> str:
    with pytest.raises(MediaError) as caught:
        probe(path)
    return caught.value.code


def test_a_header_of_gigabytes_costs_no_memory(tmp_path: Path):
    path = make_declared_png(tmp_path / "a.mov")
    policy = Policy.of(Limits(memory_bytes=160 * 1024**2, processor_s=30, wall_s=60), readable=[path])
    answer = programs.ask("ml.track_selection", [path], policy=policy, slots=Slots(tmp_path / "slots", 1))
    assert (answer["ok"], answer["code"]) == (False, "no_frames")


def test_a_picture_larger_than_an_interview_needs_is_refused(tmp_path: Path):
    assert (
        code_of(make_pictures(tmp_path / "a.mp4", size=(4112, 2304), fps=5, frames=2, codec="libx264")) == "too_large"
    )


def test_the_largest_picture_is_accepted_upright_too(tmp_path: Path):
    info = probe(make_pictures(tmp_path / "a.mp4", size=(2304, 4096), fps=5, frames=2))
    assert (info.width, info.height) == (2304, 4096)


@pytest.mark.parametrize(("fps", "accepted"), [(60, True), (120, False)])
def test_more_than_60_pictures_a_second_are_refused(tmp_path: Path, fps: int, accepted: bool):
    path = make_pictures(tmp_path / "a.mp4", size=(160, 120), fps=fps, frames=60)
    if accepted:
        assert probe(path).fps == pytest.approx(60, rel=0.01)
    else:
        assert code_of(path) == "too_fast"


def test_a_decoder_without_memory_ends_the_analysis_instead_of_passing_as_damage():
    class Packet:
        size, pts, dts, pos, time_base = 1, 0, 0, 0, 1

        def decode(self):
            raise av.error.MemoryError(12, "Cannot allocate memory")

    class Container:
        def demux(self, stream):
            return iter([Packet()])

    with pytest.raises(MediaError) as caught:
        list(Decoder(Container(), SimpleNamespace(time_base=Fraction(1)), (Part(0, 0.0, 0.0),)))
    assert caught.value.code == "too_heavy"
