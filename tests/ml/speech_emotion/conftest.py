"""RAVDESS in small: what the tests of this room share."""

import csv

import numpy as np
import pytest
import soundfile

from ml.demo.speech import speak_at
from ml.speech_emotion import dataset
from ml.speech_emotion.preprocessing import SAMPLE_RATE, WINDOW_SAMPLES


@pytest.fixture
def ravdess(tmp_path):
    """``ravdess()`` writes six clips of two actors below the folder that it returns."""

    def write(*, gain_of_second=1.0, rate=22_050):
        rows = []
        for actor in (1, 2):
            (tmp_path / "ravdess" / f"Actor_0{actor}").mkdir(parents=True)
            for number in range(3):
                name = f"ravdess/Actor_0{actor}/03-01-0{number + 1}-01-01-01-0{actor}.flac"
                sound = 0.02 * np.random.default_rng(number).normal(size=70_000)
                soundfile.write(tmp_path / name, sound * (gain_of_second if actor == 2 else 1.0), rate)
                rows.append({"file": name, "actor": f"0{actor}", "emotion": dataset.LABELS[number]})
        with (tmp_path / "ravdess" / "labels.csv").open("w", newline="") as stream:
            writer = csv.DictWriter(stream, ["file", "actor", "emotion"])
            writer.writeheader()
            writer.writerows(rows)
        return tmp_path

    return write


@pytest.fixture(scope="session")
def spoken_window():
    """A window of serving with a sentence in it, from 0.25 s on."""
    sound = speak_at([(0.25, "Kids are talking by the door.")], duration_s=3, rate_hz=SAMPLE_RATE)
    noise = np.random.default_rng(0).normal(0, 1e-4, WINDOW_SAMPLES)
    return (0.2 * sound[:WINDOW_SAMPLES] + noise).astype(np.float32)


@pytest.fixture
def spoken_ravdess(ravdess):
    """The six clips with the same sentence, said from second 1.2 by the first actor and from 0.7 by the second."""
    data = ravdess()
    for path in dataset.listing(data).files:
        start_s = 1.2 if "Actor_01" in str(path) else 0.7
        sound = speak_at([(start_s, "Kids are talking by the door.")], duration_s=4, rate_hz=SAMPLE_RATE)
        soundfile.write(path, sound, SAMPLE_RATE)
    return data
