"""RAVDESS in small: shared by the tests of training."""

import csv

import numpy as np
import pytest
import soundfile

from ml.speech_emotion.labels import LABELS
from ml.training import latency


@pytest.fixture(autouse=True)
def eager_tensorflow(request):
    """Trainings of a step or two run eagerly: compiling a graph takes a hundred times as long as running it once."""
    if request.node.get_closest_marker("training") is None:
        yield
        return
    import tensorflow as tf

    tf.config.run_functions_eagerly(True)
    yield
    tf.config.run_functions_eagerly(False)


@pytest.fixture(autouse=True)
def few_examples_of_latency(monkeypatch):
    """The latency in an evaluation is measured on nine examples instead of 300."""
    monkeypatch.setattr(latency, "WARM_UP", 2)
    monkeypatch.setattr(latency, "EXAMPLES", 9)


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
                rows.append({"file": name, "actor": f"0{actor}", "emotion": LABELS[number]})
        with (tmp_path / "ravdess" / "labels.csv").open("w", newline="") as stream:
            writer = csv.DictWriter(stream, ["file", "actor", "emotion"])
            writer.writeheader()
            writer.writerows(rows)
        return tmp_path

    return write
