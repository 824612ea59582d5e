"""Gaze measured on rendered faces: what is painted is what is read, and what is counted."""

from dataclasses import replace

import numpy as np
import pytest

from ml import artifacts
from ml.benchmarks.gaze import run
from ml.benchmarks.gaze.ground_truth import Seen, Session
from ml.benchmarks.gaze.run import BenchmarkError
from ml.benchmarks.rendering import portraits
from ml.benchmarks.rendering.eyeballs import EyePair, Look
from ml.benchmarks.rendering.gaze_conditions import CONDITIONS
from ml.benchmarks.rendering.gaze_sessions import identities, place_deg
from ml.benchmarks.rendering.heads import Head, Turn
from ml.eye_gaze import parameters
from ml.eye_gaze.geometry import Reading
from ml.eye_gaze.labels import LABELS
from ml.eye_gaze.recognizer import Recognizer
from ml.faces.face_pass import FacePass
from ml.media.video import Frame
from ml.modalities import EYE_GAZE

PARAMETERS = parameters.load(artifacts.find(EYE_GAZE))
PLAIN = CONDITIONS[0]


@pytest.fixture(scope="module")
def read():
    """What the recogniser reads of the rendered portrait that looks somewhere."""
    (person,) = identities([portraits.astronaut()], count=1, seed=1)
    head, eyes, recognizer = Head(person.portrait), EyePair(person.portrait, person.eyes), Recognizer()
    turn = Turn()
    face = head.show(person.portrait.picture, head.field(turn), turn.eye_px)

    def of(look: Look) -> Reading:
        frame = face.copy()
        eyes.paint(frame, turn, look)
        (sample,) = FacePass().observe(Frame(0.0, 0.1, frame))
        return recognizer.read(sample)

    return of


def test_painted_looks_are_read_where_they_were_painted(read):
    straight = read(Look())
    for look, axis, sign in ((Look(left_deg=20), 0, 1), (Look(left_deg=-20), 0, -1), (Look(up_deg=14), 1, 1)):
        moved = np.subtract(read(look).iris, straight.iris)
        assert moved[axis] * sign > 0.5
        assert abs(moved[axis]) > 2 * abs(moved[1 - axis])


def test_painted_blink_closes_the_lids(read):
    assert read(Look(closed=1.0)).openness < PARAMETERS.closed_share * read(Look()).openness


def looking(target: str, number: int, *, noise=None, closed=0.0, part="look") -> Seen:
    """A frame in which the eye is exactly where the target is, give or take ``noise`` in degrees."""
    left, up = np.add(place_deg(target, PLAIN.dots_deg), (0, 0) if noise is None else noise)
    iris = tuple(np.sin(np.radians([left, up])) * PARAMETERS.radius_mm)
    openness = 0.3 * (1 - closed)
    reading = Reading(
        number / 10, (number + 1) / 10, iris[0] / PARAMETERS.radius_mm[0], iris[1] / PARAMETERS.radius_mm[1],
        openness, 0.05, iris, (0.0, 0.0),
    )  # fmt: skip
    return Seen(part, target, number // 4, float(left), float(up), closed, reading, "center")


def session(part="look", **frame) -> Session:
    dots = [looking(target, 4 * i + j, part="dot") for i, target in enumerate(LABELS) for j in range(4)]
    targets = ["center"] * 12 + [target for target in LABELS for _ in range(4)]
    return Session("one", PLAIN, (*dots, *(looking(t, 40 + i, part=part, **frame) for i, t in enumerate(targets))))


def test_exact_readings_are_named_exactly_and_the_papers_middle_is_not():
    figures = run.result([session()], PARAMETERS)
    assert figures["all"]["calibrated"]["accuracy"] > 0.9
    assert figures["all"]["uncalibrated"]["accuracy"] > 0.9
    assert figures["all"]["paper"]["accuracy"] == pytest.approx(16 / 48, abs=0.001)


def test_closed_eyes_are_blinks_and_open_ones_are_not():
    seen = session()
    shut = tuple(looking("center", 200 + i, closed=0.9, part="blink") for i in range(3))
    blinks = run.result([replace(seen, seen=(*seen.seen, *shut))], PARAMETERS)["blinks"]
    assert blinks["closed_frames"] == 3
    assert blinks["recall"]["share"] == blinks["precision"]["share"] == 1


def steadied(part: str, frames) -> dict:
    """Figures of a session that looks at the middle for long, so that it is the median, and then so."""
    middle = tuple(looking("center", 100 + i, part="back") for i in range(200))
    after = tuple(replace(frame, part=part) for frame in frames)
    quiet = replace(session("back"), condition=replace(PLAIN, name="steady"))
    return run.result([session(), replace(quiet, seen=(*quiet.seen, *middle, *after))], PARAMETERS)


def test_a_steady_gaze_on_a_border_stays_in_its_area():
    rng = np.random.default_rng(3)
    border = np.degrees(np.arcsin(PARAMETERS.center[0]))
    steady = [
        replace(looking("center", 400 + i, noise=(border + rng.normal(0, 0.6), 0.0)), fixation=900) for i in range(80)
    ]
    rates = steadied("steady", steady)["flicker"]
    assert rates["uncalibrated_unsteadied"]["changes"] >= rates["uncalibrated_unsteadied"]["returns"] > 0.5
    for way in ("uncalibrated", "uncalibrated_live"):
        assert rates[way]["returns"] == 0
        assert rates[way]["changes"] <= 0.2


def test_looks_aside_are_answered_at_once_in_a_recording_and_with_the_next_reading_live():
    aside = [looking("top_left", 400 + i) for i in range(8)]
    answers = steadied("aside", [replace(frame, fixation=900) for frame in aside])["answers"]
    assert (answers["uncalibrated"]["looks"], answers["uncalibrated"]["median_s"]) == (1, 0)
    assert answers["uncalibrated_live"]["median_s"] == 0.1
    assert answers["uncalibrated_live"]["in_time"]["share"] == 1
    assert answers["paper"]["at_all"]["share"] == 0
    assert answers["paper"]["median_s"] is None


def test_one_recording_twice_is_one_person():
    face = portraits.astronaut()
    assert face.shows_the_same_as(replace(face, name="again"))
    assert not face.shows_the_same_as(face.mirrored())


def test_people_to_choose_on_need_recordings():
    with pytest.raises(BenchmarkError, match="--videos"):
        run.people(None, chosen_on=True)
    with pytest.raises(BenchmarkError, match="no condition 'fog'"):
        run.conditions_named(["fog"])
