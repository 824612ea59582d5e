"""Reading the encoder out of CTranslate2's model file."""

import struct

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ml import whisper
from ml.training.speech_emotion.encoder import network, weights

HALF = np.arange(6, dtype=np.float16).reshape(2, 3)
LONG = np.linspace(-1, 1, 4, dtype=np.float32)
VARIABLES = {
    "encoder/conv1/weight": (4, HALF),
    "encoder/layer_norm/gamma": (0, LONG),
    "encoder/num_heads": (2, np.array(6, np.int16)),
    "decoder/layer_norm/gamma": (0, LONG + 1),
}


def text(words):
    content = words.encode() + b"\0"
    return struct.pack("<H", len(content)) + content


def header():
    return struct.pack("<I", 6) + text("WhisperSpec") + struct.pack("<I", 3)


def variable(name, kind, values):
    shape = struct.pack("<B", values.ndim) + struct.pack(f"<{values.ndim}I", *values.shape)
    return text(name) + shape + struct.pack("<BI", kind, values.nbytes) + values.tobytes()


CONTENT = (
    header() + struct.pack("<I", len(VARIABLES)) + b"".join(variable(name, *rest) for name, rest in VARIABLES.items())
)


def test_the_encoders_variables_are_read_as_floats_by_their_names(tmp_path):
    # After the variables a real file has aliases, which are not needed.
    (tmp_path / "model.bin").write_bytes(CONTENT + struct.pack("<I", 1) + text("alias") + text("encoder/num_heads"))
    found = weights.read(tmp_path / "model.bin")
    assert set(found) == {"conv1/weight", "layer_norm/gamma", "num_heads"}
    assert all(values.dtype == np.float32 for values in found.values())
    np.testing.assert_array_equal(found["conv1/weight"], HALF.astype(np.float32))
    np.testing.assert_array_equal(found["layer_norm/gamma"], LONG)
    assert found["num_heads"].shape == ()
    assert found["num_heads"] == 6


@settings(deadline=None)
@given(st.integers(0, len(CONTENT) - 1))
def test_a_file_that_ends_too_early_is_refused(tmp_path_factory, length):
    path = tmp_path_factory.getbasetemp() / "truncated.bin"
    path.write_bytes(CONTENT[:length])
    with pytest.raises(ValueError, match="ends too early"):
        weights.read(path)


def test_a_variable_that_is_smaller_than_its_shape_is_refused(tmp_path):
    broken = text("encoder/x") + struct.pack("<BII", 2, 2, 3) + struct.pack("<BI", 4, 4) + b"\0" * 4
    (tmp_path / "model.bin").write_bytes(header() + struct.pack("<I", 1) + broken)
    with pytest.raises(ValueError, match="reshape"):
        weights.read(tmp_path / "model.bin")


def test_whispers_own_file_holds_what_the_network_takes():
    try:
        found = weights.load()
    except whisper.WhisperMissing as error:
        pytest.skip(str(error))
    assert found["conv1/weight"].shape == (network.WIDTH, 80, 3)
    assert found["position_encodings/encodings"].shape == (1500, network.WIDTH)
    assert found[f"layer_{network.LAYERS - 1}/ffn/linear_0/weight"].shape == (network.INNER, network.WIDTH)
    assert f"layer_{network.LAYERS}/ffn/linear_0/weight" not in found
    assert all(np.isfinite(values).all() for values in found.values())
    # Sinusoids (Radford et al. 2022): sine and cosine of the same angle in the two halves.
    encodings = found["position_encodings/encodings"]
    half = network.WIDTH // 2
    assert encodings[:, :half] ** 2 + encodings[:, half:] ** 2 == pytest.approx(np.ones((1500, half)), abs=2e-3)
