"""What an upload may be, each wrong kind of file with its own sentence, and no input that breaks the inspection."""

import io
import json
import pickle
import zipfile
from contextlib import suppress
from pathlib import Path

import h5py
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ml.imports import inspect
from ml.imports.config import parse
from ml.imports.errors import ImportRefused
from ml.imports.inspect import check_labels, inspect_upload
from ml.recognizers import RECOGNIZERS
from tests.factories import model_files
from tests.factories.model_files import FACE_LABELS, SPEECH_LABELS, keras_file


def sentence_for(content: bytes, folder: Path) -> str:
    path = folder / "upload"
    path.write_bytes(content)
    with pytest.raises(ImportRefused) as refusal:
        inspect_upload(path, modality="facial_expression", labels=FACE_LABELS)
    return str(refusal.value)


def old_keras() -> bytes:
    content = io.BytesIO()
    with h5py.File(content, "w") as file:
        file.attrs["model_config"] = "{}"
    return content.getvalue()


def torch_archive() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("archive/data.pkl", pickle.dumps({}))
        archive.writestr("archive/version", "3")
    return content.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty (0 bytes)"),
        (b"#!/bin/sh\necho hello\n", "text file"),
        (pickle.dumps({"weights": [1, 2]}), "Python pickle"),
        (pickle.dumps({"weights": [1, 2]}, protocol=2), "Python pickle"),
        (old_keras(), "old HDF5 format"),
        (torch_archive(), "PyTorch"),
        (b"\x93NUMPY\x01\0" + bytes(100), "not a model"),
        (b"\x7fELF" + bytes(600), "not a model"),
        (b"PK", "damaged"),
    ],
)
def test_each_wrong_kind_of_file_has_its_own_sentence(tmp_path: Path, content: bytes, words: str):
    assert words in sentence_for(content, tmp_path)


def test_an_oversized_file_is_refused_by_its_size_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(inspect, "LARGEST_BYTES", 1024**2)
    assert "a model may have 1 MB" in sentence_for(bytes(1024**2 + 1), tmp_path)


def test_eye_gaze_has_no_network_to_upload(tmp_path: Path):
    with pytest.raises(ImportRefused, match="computed from geometry"):
        inspect_upload(keras_file(tmp_path / "m.keras"), modality="eye_gaze", labels=())


@pytest.mark.parametrize(
    "labels", [FACE_LABELS[:-1], (*FACE_LABELS, "neutral"), (*FACE_LABELS[:-1], "bored"), SPEECH_LABELS, ()]
)
def test_labels_must_be_the_modalitys(tmp_path: Path, labels: tuple[str, ...]):
    with pytest.raises(ImportRefused, match="The labels must be the 7 of this modality"):
        inspect_upload(keras_file(tmp_path / "m.keras"), modality="facial_expression", labels=labels)


def test_eyes_may_lack_the_answer_that_they_show_nothing():
    eyes = RECOGNIZERS["eye_emotion"]
    assert eyes.labels[-1] == "none"
    for labels in (eyes.labels, eyes.labels[:-1]):
        assert check_labels(eyes, labels) == labels
    for labels in (eyes.labels[1:], (*eyes.labels[:-1], "neutral"), (*eyes.labels, "none")):
        with pytest.raises(ImportRefused, match=r"must be the 7 of this modality.*\(none may be missing\)"):
            check_labels(eyes, labels)


def test_the_order_of_the_labels_is_the_uploads_own(tmp_path: Path):
    turned = tuple(reversed(FACE_LABELS))
    found = inspect_upload(keras_file(tmp_path / "m.keras"), modality="facial_expression", labels=turned)
    assert found.labels == turned


# --- Nothing but a refusal, whatever comes ------------------------------------------------------------------------

fuzzed = settings(
    max_examples=100,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
changes = st.lists(st.tuples(st.integers(0, 2**20), st.integers(0, 255)), min_size=1, max_size=8)
cuts = st.one_of(st.none(), st.floats(0, 1))


def mutated(whole: bytes, edits: list[tuple[int, int]], cut: float | None) -> bytes:
    content = bytearray(whole)
    for at, value in edits:
        content[at % len(content)] = value
    return bytes(content if cut is None else content[: int(cut * len(content))])


def passes_or_is_refused(path: Path, modality: str, labels: tuple[str, ...]) -> None:
    with suppress(ImportRefused):
        inspect_upload(path, modality=modality, labels=labels)


@fuzzed
@given(edits=changes, cut=cuts, tail=st.booleans())
def test_a_mutated_keras_file_is_at_most_refused(tmp_path: Path, edits: list[tuple[int, int]], cut: float, tail: bool):
    path = keras_file(tmp_path / "m.keras")
    whole = path.read_bytes()
    size = len(whole)
    # Most of the file is weights, which a checksum guards: half of the time only the directory is changed.
    edits = [(size - 1 - at % 300, value) if tail else (at, value) for at, value in edits]
    path.write_bytes(mutated(whole, edits, cut))
    passes_or_is_refused(path, "facial_expression", FACE_LABELS)


@fuzzed
@given(edits=changes, cut=cuts)
def test_mutated_weights_are_at_most_refused(tmp_path: Path, edits: list[tuple[int, int]], cut: float):
    # The structure of the file, not its 64 KB of numbers.
    structure = [(at % 4096, value) for at, value in edits]
    content = mutated(model_files.weights(), structure, cut)
    path = keras_file(tmp_path / "m.keras", members={"model.weights.h5": content})
    passes_or_is_refused(path, "facial_expression", FACE_LABELS)


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["Lambda", "keras"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["class_name", "module", "config", "registered_name", "layers", "compile_config", "x"]),
            inner,
            max_size=5,
        )
    ),
    max_leaves=12,
)


@fuzzed
@given(value=json_values, inside=st.booleans())
def test_any_json_is_at_most_refused(value: object, inside: bool):
    config = model_files.network(value) if inside else value  # type: ignore[arg-type]
    with suppress(ImportRefused):
        parse(json.dumps(config).encode())


@fuzzed
@given(edits=changes, cut=cuts)
def test_a_mutated_litert_file_is_at_most_refused(tmp_path: Path, edits: list[tuple[int, int]], cut: float):
    path = tmp_path / "m.tflite"
    path.write_bytes(mutated(model_files.litert_bytes(), edits, cut))
    passes_or_is_refused(path, "speech_emotion", SPEECH_LABELS)


@fuzzed
@given(content=st.binary(max_size=600), head=st.sampled_from([b"", b"PK\x03\x04", b"\0\0\0\0TFL3", b"\x80\x04"]))
def test_any_bytes_are_at_most_refused(tmp_path: Path, content: bytes, head: bytes):
    path = tmp_path / "upload"
    path.write_bytes(head + content)
    passes_or_is_refused(path, "speech_emotion", SPEECH_LABELS)


def test_the_same_number_is_counted_in_both_kinds(tmp_path: Path):
    path = tmp_path / "m.tflite"
    path.write_bytes(model_files.litert_bytes())
    assert inspect_upload(path, modality="speech_emotion", labels=SPEECH_LABELS).parameters == int(np.prod((8, 216)))
