"""The nine dots: samples in, a calibration or a sentence out."""

import pytest
from django.core.cache import cache

from interviews.api.room_serializers import AREAS
from interviews.models import GazeCalibration, PolicySetting
from interviews.services import rooms as services
from ml.eye_gaze.labels import LABELS
from tests.factories.rooms import Candidate


def looks(*, noise=0.0, areas=AREAS):
    """Five samples per dot, of an iris that follows the dots as a straight line."""
    samples = []
    for area in areas:
        row, column = divmod(AREAS.index(area), 3)
        across, up = 1.0 - column, 1.0 - row
        for number in range(5):
            shake = noise * (-1) ** number * (1 + AREAS.index(area) % 4)
            samples.append(
                {
                    "target": area,
                    "iris": [1.4 * across + 0.1 + shake, 0.8 * up - shake],
                    "head": [0.01 * across, 0.005 * up],
                    "openness": 0.3,
                }
            )
    return samples


@pytest.fixture(autouse=True)
def agreed(candidate):
    candidate.agree()


def test_the_areas_are_those_of_the_recogniser():
    assert AREAS == LABELS


def test_looks_at_the_dots_make_a_calibration(room, host, candidate):
    answer = candidate.put("calibration/", {"samples": looks()})
    assert answer.status_code == 200
    assert answer.json()["calibrated"]
    assert answer.json()["sentence"] == ""
    assert 0 <= answer.json()["error_degrees"] < 5
    assert host.get().json()["calibration"]["calibrated"]
    assert room.gaze_calibration.points == 9
    assert candidate.put("calibration/", {"samples": looks(noise=0.01)}).json()["calibrated"], "again is fine"


def test_too_few_dots_make_a_sentence_and_keep_what_was(room, candidate):
    refused = candidate.put("calibration/", {"samples": looks(areas=AREAS[:4])}).json()
    assert not refused["calibrated"]
    assert "dots were clearly looked at" in refused["sentence"]
    candidate.put("calibration/", {"samples": looks()})
    refused = candidate.put("calibration/", {"samples": []}).json()
    assert refused["calibrated"]
    assert refused["sentence"]


@pytest.mark.parametrize(
    "sample",
    [
        {},
        {"target": "middle", "iris": [0, 0], "head": [0, 0], "openness": 1},
        {"target": "top_left", "iris": [0], "head": [0, 0], "openness": 1},
        {"target": "top_left", "iris": [0, "NaN"], "head": [0, 0], "openness": 1},
        {"target": "top_left", "iris": [0, 0], "head": [0, 0], "openness": None},
    ],
)
def test_what_is_no_sample_is_refused(room, candidate, sample):
    assert candidate.put("calibration/", {"samples": [sample]}).status_code == 400


def test_a_fit_that_breaks_leaves_the_interview_alone(room, candidate, monkeypatch):
    monkeypatch.setattr("ml.confinement.programs.sys.executable", "/bin/false")
    answer = candidate.put("calibration/", {"samples": looks()}).json()
    assert not answer["calibrated"]
    assert "can go on without it" in answer["sentence"]


def test_fits_are_counted_by_room_and_only_for_who_was_let_in(candidate, room, client):
    cache.clear()
    for _ in range(40):
        assert client.put(f"{candidate.root}calibration/", {}, "application/json").status_code == 404
    for _ in range(30):
        assert candidate.put("calibration/", {"samples": [{}]}).status_code == 400
    assert candidate.put("calibration/", {"samples": [{}]}).status_code == 429
    assert Candidate(room.pk).client.get(candidate.root).status_code == 404
    cache.clear()


def test_nothing_is_calibrated_without_the_eyes_and_a_no_erases_what_was(room, candidate):
    candidate.put("calibration/", {"samples": looks()})
    body = {"recording": True, "analysis": True, "transcript": False, "without": ["eyes"]}
    assert candidate.put("agreements/", body).json()["calibration"]["calibrated"] is False
    assert not GazeCalibration.objects.exists()
    assert candidate.put("calibration/", {"samples": looks()}).json()["code"] == "not_agreed"
    candidate.agree()
    PolicySetting.objects.update(blocked=["eye_gaze"])
    assert candidate.put("calibration/", {"samples": looks()}).json()["code"] == "not_agreed"
    assert not GazeCalibration.objects.exists()


def test_after_the_end_nothing_is_calibrated(room, alice, candidate):
    services.room_end(room=room, by=alice)
    assert candidate.put("calibration/", {"samples": looks()}).json()["code"] == "room_ended"
