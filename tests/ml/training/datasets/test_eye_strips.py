"""Eye strips: who stands in which part, and how strips of others are fitted."""

import csv

import cv2
import numpy as np
import pytest

from ml.eye_emotion.labels import EMOTIONS, LABELS
from ml.training.datasets import eye_strips
from ml.training.errors import TrainingError

PERSONS = [f"Person_{letter}" for letter in "ABCDEFGHIJKLMNOPQRST"]


@pytest.fixture
def data(tmp_path):
    """Three strips of each of twenty persons; every second person's were placed by geometry."""
    rows = []
    for number, person in enumerate(PERSONS):
        emotion = EMOTIONS[number % len(EMOTIONS)]
        folder = tmp_path / "eye_strips" / emotion
        folder.mkdir(parents=True, exist_ok=True)
        for picture in range(3):
            name = f"{person}_{picture:04d}.jpg"
            cv2.imwrite(str(folder / name), np.full((60, 120), 40 + number, np.uint8))
            rows.append({"file": name, "emotion": emotion, "method": "eyes" if number % 2 else "facebox"})
    with (tmp_path / "eye_strips" / "index.csv").open("w", newline="") as stream:
        writer = csv.DictWriter(stream, ["file", "emotion", "method"])
        writer.writeheader()
        writer.writerows([*rows, {"file": "x_0001.jpg", "emotion": "neutral", "method": "eyes"}])
    return tmp_path


def test_the_person_is_read_from_the_name():
    assert eye_strips.person_of("Al_Gore_0002.jpg") == "Al_Gore"
    assert eye_strips.person_of("Dileep_33.jpg") == "Dileep"


def test_no_person_stands_in_both_parts(data):
    test, training = (eye_strips.person_strips(data, test=part) for part in (True, False))
    # Each person's pictures have a grey of their own.
    greys = [set(np.unique(part.strips).tolist()) for part in (test, training)]
    assert greys[0]
    assert greys[1]
    assert not greys[0] & greys[1]


def test_only_detected_eyes_are_tested_on(data):
    test = eye_strips.person_strips(data, test=True)
    detected = {40 + n for n, person in enumerate(PERSONS) if n % 2 and eye_strips.is_test_person(person)}
    assert set(np.unique(test.strips).tolist()) == detected
    assert len(test.truth) == 3 * len(detected)


def test_about_the_stated_share_of_persons_is_kept_for_the_test():
    share = np.mean([eye_strips.is_test_person(f"Somebody_{n}") for n in range(3000)])
    assert share == pytest.approx(eye_strips.TEST_SHARE, abs=0.03)


def test_missing_set_is_one_sentence(tmp_path):
    with pytest.raises(TrainingError, match=r"index\.csv does not exist: --data must name the folder"):
        eye_strips.person_strips(tmp_path, test=True)


def test_an_unreadable_picture_is_named(data):
    path = next((data / "eye_strips" / "anger").glob("*.jpg"))
    path.write_bytes(b"no picture")
    test = eye_strips.is_test_person(eye_strips.person_of(path.name))
    for folder in (data / "eye_strips").iterdir():
        if folder.is_dir():
            for other in folder.glob("*.jpg"):
                other.write_bytes(b"no picture")
    with pytest.raises(TrainingError, match="cannot be read as a picture"):
        eye_strips.person_strips(data, test=test)


@pytest.mark.parametrize("size", [(256, 130), (61, 31), (120, 60)])
def test_strips_of_others_are_brought_to_our_eye_line(size):
    width, height = size
    picture = np.full((height, width), 200, np.uint8)
    line = round(0.54 * height)
    picture[max(0, line - height // 20) : line + height // 20 + 1] = 0
    fitted = eye_strips.fit_hand_cut(picture)
    assert fitted.shape == (40, 96)
    dark = np.average(np.arange(40), weights=255.0 - fitted.mean(axis=1) - 54.9)
    assert dark == pytest.approx(25, abs=1.5)


def test_rare_classes_weigh_more_and_samples_weigh_one_on_average():
    truth = np.array([0] * 8 + [1] * 2)
    weights = eye_strips.class_weights(truth, 0.5)
    assert weights[1] / weights[0] == pytest.approx(2.0)
    assert weights[truth].mean() == pytest.approx(1.0)
    assert eye_strips.class_weights(truth, 0.0)[:2].tolist() == [1.0, 1.0]


def test_strips_of_faces_without_emotion_are_told_apart_and_left_out_by_choice():
    none = LABELS.index("none")
    strips = eye_strips.StripSet(np.zeros((3, 40, 96), np.uint8), np.array([0, none, 4]), 2, np.array([5, 7, 9]))
    assert strips.shows_emotion.tolist() == [True, False, True]
    chosen = strips.chosen(strips.shows_emotion)
    assert (chosen.truth.tolist(), chosen.faces.tolist()) == ([0, 4], [5, 9])


def test_training_batches_carry_soft_targets_and_the_weights_of_their_classes():
    strips = eye_strips.StripSet(np.zeros((10, 40, 96), np.uint8), np.array([0] * 8 + [1] * 2))
    targets = np.eye(7, dtype=np.float32)[strips.truth] * 0.9 + 0.1 / 7
    batches = eye_strips.StripBatches(
        strips, targets, augment=lambda strip, random: strip, batch_size=6, seed=0, weight_power=0.5
    )
    parts = list(batches.epoch(1))
    assert batches.steps == len(parts) == 2
    given = np.concatenate([part[1] for part in parts])
    weights = np.concatenate([part[2] for part in parts])
    assert given.sum(axis=1) == pytest.approx(np.ones(10))
    assert weights[given.argmax(axis=1) == 1].mean() / weights[given.argmax(axis=1) == 0].mean() == pytest.approx(2.0)
