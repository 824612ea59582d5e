"""Files made to do harm are refused with a sentence, and nothing in them is ever executed."""

import json
import os
import stat
import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from ml.confinement import budgets, programs
from ml.confinement.policy import Policy
from ml.confinement.slots import Slots
from ml.imports import archive
from ml.imports.errors import ImportRefused
from ml.imports.inspect import inspect_upload
from tests.factories import model_files
from tests.factories.model_files import FACE_LABELS, SPEECH_LABELS, keras_file, layer, network

ROOT = Path(__file__).resolve().parents[3]


def refused(path: Path, modality: str = "facial_expression", labels: tuple[str, ...] = FACE_LABELS) -> str:
    with pytest.raises(ImportRefused) as refusal:
        inspect_upload(path, modality=modality, labels=labels)
    sentence = str(refusal.value)
    assert sentence[0].isupper()
    assert sentence.endswith(".")
    return sentence


def convert(path: Path, output: Path, modality: str, labels: tuple[str, ...]) -> dict[str, Any]:
    """The real program, confined as it is meant to be."""
    lines: list[str] = []
    status = programs.run_confined(
        "ml.imports.convert",
        [
            *(path, "--modality", modality, "--version", "v1", "--name", "A name"),
            *("--labels", ",".join(labels), "--output", output),
        ],
        policy=Policy.of(budgets.model_conversion(), readable=[path], writable=[output.parent]),
        slots=Slots(output.parent / "slots", 1),
        on_output=lines.append,
    )
    assert status == 0
    answer: dict[str, Any] = json.loads(lines[-1])
    return answer


# --- config.json --------------------------------------------------------------------------------------------------


def test_a_lambda_layer_is_refused(tmp_path: Path, canary: Path):
    path = keras_file(tmp_path / "m.keras", config=model_files.lambda_config(canary))
    assert "Lambda layer, which is code" in refused(path)


def test_a_bare_lambda_anywhere_is_refused(tmp_path: Path, canary: Path):
    function = model_files.lambda_config(canary)["config"]["layers"][2]["config"]["function"]
    path = keras_file(tmp_path / "m.keras", config=network(layer("Activation", activation=function)))
    assert "Lambda" in refused(path)


@pytest.mark.parametrize(
    "part",
    [
        pytest.param({"module": "builtins", "class_name": "exec", "config": {}}, id="builtin"),
        pytest.param({"module": "os", "class_name": "system", "config": {}}, id="os"),
        pytest.param(layer("MyLayer", "my_package.layers"), id="custom module"),
        pytest.param(layer("MyLayer") | {"registered_name": "my_package>MyLayer"}, id="custom registered"),
        pytest.param(layer("Dense") | {"registered_name": "Custom>Dense"}, id="registered under another name"),
        pytest.param(layer("Dense") | {"registered_name": "Lambda"}, id="registered as Lambda"),
        pytest.param(layer("Dense", None), id="without a module"),
        pytest.param({"class_name": "Dense", "config": {}}, id="without module or registered name"),
        pytest.param(layer("get_file", "keras.utils"), id="download"),
        pytest.param(layer("TFSMLayer", filepath="/tmp/saved"), id="saved model"),
        pytest.param(layer("TorchModuleWrapper", module="x"), id="torch module"),
        pytest.param(layer("StringLookup", vocabulary="/etc/passwd"), id="reads a file"),
        pytest.param(layer("__typespec__", "tensorflow"), id="type spec"),
        pytest.param(layer("__numpy__", "numpy"), id="numpy"),
        pytest.param({"module": "keras.layers", "config": {}}, id="class left out"),
        pytest.param(layer("Dense") | {"class_name": ["Dense"]}, id="class name of another type"),
        pytest.param(layer("Dense") | {"fn": "x"}, id="unknown key"),
        pytest.param({"module": "keras.layers", "class_name": "Dense", "config": "x"}, id="config of another type"),
        pytest.param(layer("Dense") | {"compile_config": {"loss": "mse"}}, id="compiled part"),
    ],
)
def test_what_is_not_a_listed_part_of_keras_is_refused(tmp_path: Path, part: dict[str, Any]):
    refused(keras_file(tmp_path / "m.keras", config=network(part)))
    inner = layer("TimeDistributed", layer=part)
    refused(keras_file(tmp_path / "m.keras", config=network(inner)))


@pytest.mark.parametrize(
    "compiled",
    [
        {"loss": {"module": "mine", "class_name": "MyLoss", "config": {}, "registered_name": "mine>MyLoss"}},
        {"metrics": [{"module": "builtins", "class_name": "function", "config": "exec", "registered_name": "exec"}]},
        {"optimizer": {"module": "keras.optimizers", "class_name": "Adam", "config": {}, "registered_name": "a>b"}},
    ],
)
def test_custom_objects_of_compiling_are_refused(tmp_path: Path, compiled: dict[str, Any]):
    refused(keras_file(tmp_path / "m.keras", config=network(compile_config=compiled)))


def test_what_a_network_was_trained_with_is_dropped(tmp_path: Path):
    adam = layer("Adam", "keras.optimizers", learning_rate=0.001)
    path = keras_file(tmp_path / "m.keras", config=network(compile_config={"optimizer": adam, "loss": "mse"}))
    found = inspect_upload(path, modality="facial_expression", labels=FACE_LABELS)
    assert "compile_config" not in found.config


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"[" * 100_000, id="deep"),
        pytest.param(json.dumps([[[[[]]]]]).encode(), id="a list"),
        pytest.param(json.dumps(network(layer("Dense", units=[0] * 250_000))).encode(), id="many values"),
        pytest.param(json.dumps(network(layer("Dense", name="x" * 100_000))).encode(), id="a long text"),
        pytest.param(json.dumps(network()).encode().replace(b'"tiny"', b"9" * 5000), id="a long number"),
        pytest.param(json.dumps(network()).encode().replace(b'"tiny"', b"NaN"), id="NaN"),
        pytest.param(b'{"class_name": "Lambda", ' + json.dumps(network()).encode()[1:], id="a key twice"),
        pytest.param(b"\xff\xfe\x00", id="no text"),
        pytest.param(b" " * (5 * 1024**2), id="huge"),
    ],
)
def test_json_that_is_no_network_is_refused(tmp_path: Path, content: bytes):
    refused(keras_file(tmp_path / "m.keras", config=content))


# --- the archive --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["../canary", "/tmp/canary", "..\\canary", "a/../../canary", "C:canary", "config.json\0.txt"]
)
def test_names_that_lead_out_of_the_archive_are_refused(tmp_path: Path, canary: Path, name: str):
    path = keras_file(tmp_path / "m.keras", members={name.replace("\0", "!"): b"ran"})
    path.write_bytes(path.read_bytes().replace(name.replace("\0", "!").encode(), name.encode()))
    refused(path)
    assert [found for found in tmp_path.rglob("*") if found.is_file()] == [path]


@pytest.mark.parametrize("name", ["assets/vocabulary.txt", "archive/data.pkl", "inner.keras", "weights.npz", "code.py"])
def test_anything_beside_the_three_files_is_refused(tmp_path: Path, name: str):
    refused(keras_file(tmp_path / "m.keras", members={name: b"x"}))


def test_a_nested_archive_is_refused(tmp_path: Path):
    inner = keras_file(tmp_path / "inner.keras").read_bytes()
    refused(keras_file(tmp_path / "m.keras", members={"model.weights.h5": inner}))
    refused(keras_file(tmp_path / "n.keras", members={"model.keras": inner}))


def test_a_file_that_stands_twice_is_refused(tmp_path: Path):
    path = keras_file(tmp_path / "m.keras")
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(path, "a") as written:
        written.writestr("config.json", b"{}")
    assert "two files of the same name" in refused(path)


@pytest.mark.parametrize("name", ["config.json", "model.weights.h5"])
def test_a_link_is_refused(tmp_path: Path, name: str):
    path = tmp_path / "m.keras"
    with zipfile.ZipFile(path, "w") as written:
        for member in ("metadata.json", "config.json", "model.weights.h5"):
            info = zipfile.ZipInfo(member)
            if member == name:
                info.external_attr = (stat.S_IFLNK | 0o777) << 16
            written.writestr(info, "/etc/passwd")
    assert "link" in refused(path)


def test_a_real_zip_bomb_is_refused_without_unpacking_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = tmp_path / "m.keras"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as written:
        written.writestr("metadata.json", model_files.METADATA)
        written.writestr("config.json", json.dumps(network()))
        with written.open("model.weights.h5", "w") as member:
            for _ in range(300):
                member.write(bytes(1024**2))
    assert path.stat().st_size < 1024**2
    monkeypatch.setattr(archive, "_BLOCK_BYTES", -1)  # reading at all would fail
    refused(path)


def test_a_zip_bomb_that_understates_its_size_is_refused(tmp_path: Path):
    path = tmp_path / "m.keras"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as written:
        written.writestr("metadata.json", model_files.METADATA)
        written.writestr("model.weights.h5", model_files.weights())
        written.writestr("config.json", bytes(100 * 1024**2))
    lie = path.read_bytes().replace(struct.pack("<L", 100 * 1024**2), struct.pack("<L", 900))
    path.write_bytes(lie)
    refused(path)


def test_a_member_that_overstates_its_size_is_refused(tmp_path: Path):
    path = keras_file(tmp_path / "m.keras")
    size = len(json.dumps(network()).encode())
    path.write_bytes(path.read_bytes().replace(struct.pack("<L", size), struct.pack("<L", size + 1000)))
    refused(path)


def test_more_than_the_archive_is_refused(tmp_path: Path):
    whole = keras_file(tmp_path / "whole.keras").read_bytes()
    for number, content in enumerate((whole + b"behind", b"PKbefore" + whole, whole[:-2] + b"\x05\0hello")):
        path = tmp_path / f"{number}.keras"
        path.write_bytes(content)
        refused(path)


def test_a_directory_of_a_million_entries_is_refused_before_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = tmp_path / "m.keras"
    entries = b"PK\x01\x02" + bytes(42)
    directory = entries * 100_000
    path.write_bytes(
        b"PK\x03\x04" + directory + struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 9, 9, len(directory), 4, 0)
    )
    monkeypatch.setattr(zipfile, "ZipFile", None)
    assert "far more" in refused(path)


def test_an_encrypted_archive_is_refused(tmp_path: Path):
    path = keras_file(tmp_path / "m.keras")
    content = bytearray(path.read_bytes())
    at = content.find(b"PK\x01\x02")
    content[at + 8] |= 1
    path.write_bytes(bytes(content))
    assert "encrypted" in refused(path)


# --- the weights --------------------------------------------------------------------------------------------------


def external(file: h5py.File) -> None:
    file["elsewhere"] = h5py.ExternalLink("/etc/passwd", "/")


def soft(file: h5py.File) -> None:
    file["elsewhere"] = h5py.SoftLink("/layers")


def circle(file: h5py.File) -> None:
    file["layers/again"] = file["layers"]


def external_storage(file: h5py.File) -> None:
    file.create_dataset("elsewhere", (8,), "f4", external=[("/etc/passwd", 0, 32)])


def virtual(file: h5py.File) -> None:
    layout = h5py.VirtualLayout((4,), "f4")
    layout[:] = h5py.VirtualSource("/etc/passwd", "x", (4,))
    file.create_virtual_dataset("elsewhere", layout)


def texts(file: h5py.File) -> None:
    file.create_dataset("objects", data=["a", "b"], dtype=h5py.string_dtype())


def references(file: h5py.File) -> None:
    file.create_dataset("objects", (1,), dtype=h5py.ref_dtype)


def compound(file: h5py.File) -> None:
    file.create_dataset("objects", (1,), dtype=np.dtype([("a", "f4")]))


def bomb(file: h5py.File) -> None:
    file.create_dataset("zeros", (2**40,), "f4", chunks=(2**16,), compression="gzip")


def deep(file: h5py.File) -> None:
    file.create_group("/".join("a" * 1 for _ in range(60)))


def long_attribute(file: h5py.File) -> None:
    file.attrs["name"] = "x" * 50_000


@pytest.mark.parametrize(
    "change",
    [external, soft, circle, external_storage, virtual, texts, references, compound, bomb, deep, long_attribute],
)
def test_weights_that_are_not_plain_numbers_of_this_file_are_refused(tmp_path: Path, change: Callable[..., None]):
    assert "weights" in refused(keras_file(tmp_path / "m.keras", change=change))


def test_a_pickle_in_an_attribute_is_refused(tmp_path: Path, canary: Path):
    def change(file: h5py.File) -> None:
        file.attrs["training_config"] = np.void(model_files.pickled(canary))

    assert "pickled" in refused(keras_file(tmp_path / "m.keras", change=change))


def test_a_pickle_in_a_dataset_is_refused(tmp_path: Path, canary: Path):
    def change(file: h5py.File) -> None:
        file["layers/dense/vars/2"] = np.void(model_files.pickled(canary))

    assert "pickled" in refused(keras_file(tmp_path / "m.keras", change=change))


def test_a_pickle_instead_of_the_weights_is_refused(tmp_path: Path, canary: Path):
    refused(keras_file(tmp_path / "m.keras", members={"model.weights.h5": model_files.pickled(canary)}))


# --- LiteRT -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("operator", ["FlexAdd", "MyOperator"])
def test_custom_operators_are_refused(tmp_path: Path, operator: str):
    path = tmp_path / "m.tflite"
    path.write_bytes(model_files.litert_bytes(model_files.litert_model(custom=operator)))
    assert "custom operators" in refused(path, "speech_emotion", SPEECH_LABELS)


def test_state_and_control_flow_are_refused(tmp_path: Path):
    model = model_files.litert_model()
    code = model.operatorCodes[0]
    code.builtinCode, code.deprecatedBuiltinCode = model_files.schema.BuiltinOperator.CALL_ONCE, 127
    path = tmp_path / "m.tflite"
    path.write_bytes(model_files.litert_bytes(model))
    assert "CALL_ONCE" in refused(path, "speech_emotion", SPEECH_LABELS)


def test_several_graphs_are_refused(tmp_path: Path):
    model = model_files.litert_model()
    model.subgraphs *= 2
    path = tmp_path / "m.tflite"
    path.write_bytes(model_files.litert_bytes(model))
    assert "several networks" in refused(path, "speech_emotion", SPEECH_LABELS)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"\x1c\0\0\0TFL3", id="nothing but a head"),
        pytest.param(b"\xff\xff\xff\xffTFL3" + b"\xff" * 4000, id="wild offsets"),
        pytest.param(b"\0\0\0\0TFL3" + os.urandom(4000), id="garbage"),
        pytest.param(model_files.litert_bytes()[:600], id="cut off"),
    ],
)
def test_a_damaged_litert_file_is_refused(tmp_path: Path, content: bytes):
    path = tmp_path / "m.tflite"
    path.write_bytes(content)
    refused(path, "speech_emotion", SPEECH_LABELS)


def texts_as_tensors(model: Any) -> None:
    model.subgraphs[0].tensors[2].type = model_files.schema.TensorType.STRING


def sparse_tensor(model: Any) -> None:
    model.subgraphs[0].tensors[1].sparsity = model_files.schema.SparsityParametersT()


def buffer_too_small(model: Any) -> None:
    model.buffers[1].data = model.buffers[1].data[:100]


def buffer_that_is_not_there(model: Any) -> None:
    model.subgraphs[0].tensors[1].buffer = 77


def negative_size(model: Any) -> None:
    model.subgraphs[0].tensors[2].shape = [1, -8]


def scales_for_nothing(model: Any) -> None:
    quantization = model.subgraphs[0].tensors[1].quantization = model_files.schema.QuantizationParametersT()
    quantization.scale, quantization.zeroPoint, quantization.quantizedDimension = [1.0] * 8, [0] * 8, 9


def output_that_is_not_there(model: Any) -> None:
    model.subgraphs[0].operators[1].outputs = [12]


def operator_that_is_not_there(model: Any) -> None:
    model.subgraphs[0].operators[1].opcodeIndex = 5


def no_inputs_at_all(model: Any) -> None:
    model.subgraphs[0].operators[1].inputs = None


def buffer_of_another_file(model: Any) -> None:
    group, buffer = model_files.schema.ExternalBufferGroupT(), model_files.schema.ExternalBufferT()
    group.name, buffer.id, buffer.group, buffer.length = "/etc/passwd", 1, 0, 64
    model.externalBufferGroups, model.externalBuffers = [group], [buffer]
    model.subgraphs[0].tensors[1].externalBuffer = 1


def bytes_behind_the_tables(model: Any) -> None:
    model.buffers[1].data, model.buffers[1].offset, model.buffers[1].size = None, 4096, 64


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (texts_as_tensors, "plain tables of numbers"),
        (sparse_tensor, "plain tables of numbers"),
        (buffer_too_small, "damaged"),
        (buffer_that_is_not_there, "damaged"),
        (negative_size, "damaged"),
        (scales_for_nothing, "damaged"),
        (output_that_is_not_there, "damaged"),
        (operator_that_is_not_there, "damaged"),
        (no_inputs_at_all, "damaged"),
        (buffer_of_another_file, "outside its tables"),
        (bytes_behind_the_tables, "outside its tables"),
    ],
)
def test_numbers_that_native_code_would_follow_astray_are_refused(
    tmp_path: Path, change: Callable[[Any], None], words: str
):
    model = model_files.litert_model()
    change(model)
    path = tmp_path / "m.tflite"
    path.write_bytes(model_files.litert_bytes(model))
    assert words in refused(path, "speech_emotion", SPEECH_LABELS)


# --- the whole way ------------------------------------------------------------------------------------------------


def test_the_subprocess_refuses_before_anything_is_loaded(tmp_path: Path, canary: Path):
    path = keras_file(tmp_path / "m.keras", config=model_files.lambda_config(canary))
    answer = convert(path, tmp_path / "out", "facial_expression", FACE_LABELS)
    assert answer["ok"] is False
    assert "Lambda layer" in answer["sentence"]
    assert not (tmp_path / "out").exists()


def test_a_locked_down_process_can_neither_start_programs_nor_unpickle(tmp_path: Path, canary: Path):
    code = (
        "import io, os, pickle, subprocess, sys, socket\n"
        "from ml.imports import lockdown\n"
        "lockdown.forbid_code()\n"
        f"tries = [lambda: os.system('touch {canary}'), lambda: subprocess.run(['touch', {str(canary)!r}]),\n"
        f"         lambda: pickle.loads(bytes.fromhex({model_files.pickled(canary).hex()!r})),\n"
        "         lambda: socket.create_connection(('127.0.0.1', 9))]\n"
        "for attempt in tries:\n"
        "    try: attempt()\n"
        "    except lockdown.Forbidden as error: print(error)\n"
    )
    result = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert result.stdout.split() == ["os.system", "subprocess.Popen", "pickle.find_class", "socket.getaddrinfo"]


def test_a_bomb_of_memory_is_refused_in_the_subprocess(tmp_path: Path):
    """Tensors of terabytes: LiteRT asks for the memory, and the limit says no."""
    model = model_files.litert_model()
    for tensor in model.subgraphs[0].tensors[2:]:
        tensor.shape = [2**20, 2**20]
    path = tmp_path / "m.tflite"
    path.write_bytes(model_files.litert_bytes(model))
    assert convert(path, tmp_path / "out", "speech_emotion", SPEECH_LABELS)["ok"] is False


def test_whole_files_pass(tmp_path: Path):
    path = keras_file(tmp_path / "m.keras")
    found = inspect_upload(path, modality="facial_expression", labels=FACE_LABELS)
    assert (found.kind, found.parameters, found.size_bytes) == ("keras", 2304 * 7 + 7, path.stat().st_size)
    path = tmp_path / "m.tflite"
    path.write_bytes(model_files.litert_bytes())
    assert inspect_upload(path, modality="speech_emotion", labels=SPEECH_LABELS).kind == "tflite"
