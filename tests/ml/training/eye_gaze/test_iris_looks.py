"""The rewired iris network: the source's weights, several looks."""

import hashlib

import numpy as np
import pytest

from ml.faces import models
from ml.faces.iris import CELL_PX, CUT, LOOKS
from ml.runtime import Graph
from ml.training.eye_gaze.iris_looks import SOURCE, main, rewired


@pytest.fixture(scope="module")
def source() -> bytes:
    return models.content(SOURCE)


@pytest.fixture(scope="module")
def eye() -> np.ndarray:
    """A bright picture with a dark disc in its middle, float32 (1, 72, 72, 3)."""
    at = np.arange(CUT) - (CUT - 1) / 2
    disc = np.hypot(at[:, np.newaxis], at) < 9
    return np.repeat(np.where(disc, 0.15, 0.8).astype(np.float32)[np.newaxis, :, :, np.newaxis], 3, axis=3)


def test_the_shipped_file_is_what_the_program_makes_of_the_wheel_s(tmp_path):
    assert main(tmp_path / "made.tflite") == models.SHA256["iris_looks.tflite"]


def test_one_look_without_a_margin_is_the_source(source, eye):
    picture = eye[:, 4:-4, 4:-4]
    expected, found = (Graph(one).run(picture) for one in (source, rewired(source, looks=[(0, 0)], margin_cells=0)))
    for one, other in zip(expected, found, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-4)


def test_every_look_sees_what_the_source_sees_in_its_window(source, eye):
    contours, irises = models.load("iris_looks.tflite").run(eye)
    network = Graph(source)
    for row, (x, y) in enumerate(LOOKS):
        left, top = CELL_PX * (1 + x), CELL_PX * (1 + y)
        expected = network.run(np.ascontiguousarray(eye[:, top : top + 64, left : left + 64]))
        # The trunk sees real pixels beyond the window's border, where the source sees none.
        for found, one in zip((contours, irises), expected, strict=True):
            assert np.median(np.abs((found[row] - one[0]).reshape(-1, 3)[:, :2])) < CELL_PX / 3


def test_weights_are_aligned_as_the_format_demands():
    from ai_edge_litert import schema_py_generated as schema

    content = models.content("iris_looks.tflite")
    assert hashlib.sha256(content).hexdigest() == models.SHA256["iris_looks.tflite"]
    model = schema.Model.GetRootAs(content, 0)
    starts = [
        model.Buffers(i)._tab.Vector(model.Buffers(i)._tab.Offset(4))
        for i in range(model.BuffersLength())
        if model.Buffers(i).DataLength()
    ]
    assert len(starts) > 200
    assert all(start % 16 == 0 for start in starts)
