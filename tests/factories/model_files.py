"""Model files made by hand: whole ones as Keras and LiteRT write them, and what an attacker would send instead.

Nothing here needs TensorFlow.
"""

import base64
import io
import json
import marshal
import pickle
import zipfile
from pathlib import Path
from typing import Any

import flatbuffers
import h5py
import numpy as np
from ai_edge_litert import schema_py_generated as schema

FACE_LABELS = ("angry", "disgust", "fear", "happy", "sad", "surprise", "neutral")
SPEECH_LABELS = ("neutral", "calm", "happy", "sad", "angry", "fearful", "disgust", "surprised")
METADATA = json.dumps({"keras_version": "3.15.1", "date_saved": "2026-11-24@04:23:15"}).encode()


def layer(class_name: str, package: str | None = "keras.layers", /, **config: Any) -> dict[str, Any]:
    return {"module": package, "class_name": class_name, "config": config, "registered_name": None}


def network(*extra: dict[str, Any], **root: Any) -> dict[str, Any]:
    """``config.json`` of the smallest network of faces, with layers put before its last."""
    initializer = layer("GlorotUniform", "keras.initializers", seed=None)
    layers = [
        layer("InputLayer", batch_shape=[None, 48, 48, 1], dtype="float32", sparse=False, ragged=False, name="face"),
        layer("Flatten", name="flatten", trainable=True, dtype="float32", data_format="channels_last"),
        *extra,
        layer("Dense", name="dense", units=7, activation="softmax", use_bias=True, kernel_initializer=initializer),
    ]
    return {
        "module": "keras",
        "class_name": "Sequential",
        "config": {"name": "tiny", "trainable": True, "dtype": "float32", "layers": layers},
        "registered_name": "Sequential",
        "build_config": {"input_shape": [None, 48, 48, 1]},
        **root,
    }


def weights(change: Any = None) -> bytes:
    """``model.weights.h5`` of :func:`network`; ``change`` is called with the open file."""
    random = np.random.default_rng(3)
    content = io.BytesIO()
    with h5py.File(content, "w") as file:
        variables = file.create_group("layers/dense/vars")
        variables.attrs["name"] = "dense"
        variables["0"] = random.normal(size=(2304, 7)).astype(np.float32) / 48
        variables["1"] = random.normal(size=7).astype(np.float32)
        file.create_group("layers/flatten/vars").attrs["name"] = "flatten"
        if change is not None:
            change(file)
    return content.getvalue()


def keras_file(path: Path, *, config: Any = None, members: dict[str, bytes] | None = None, change: Any = None) -> Path:
    """A ``.keras`` file; ``members`` are added to its three, or take their places."""
    described = config if isinstance(config, bytes) else json.dumps(network() if config is None else config).encode()
    whole = {"metadata.json": METADATA, "config.json": described, "model.weights.h5": weights(change)}
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in (whole | (members or {})).items():
            archive.writestr(name, content)
    return path


def litert_model(custom: str = "") -> Any:
    """The smallest network of voices as a table: one dense layer and a softmax; or with a custom operator."""
    random = np.random.default_rng(4)
    kernel = random.normal(size=(8, 216)).astype(np.float32) / 15
    model, graph = schema.ModelT(), schema.SubGraphT()
    model.version = 3
    model.buffers = [schema.BufferT(), schema.BufferT()]
    model.buffers[1].data = np.frombuffer(kernel.tobytes(), dtype=np.uint8)
    graph.tensors = []
    for name, shape, buffer in (("x", (1, 216, 1), 0), ("w", (8, 216), 1), ("d", (1, 8), 0), ("y", (1, 8), 0)):
        tensor = schema.TensorT()
        tensor.name, tensor.shape, tensor.buffer, tensor.type = name, list(shape), buffer, schema.TensorType.FLOAT32
        graph.tensors.append(tensor)
    dense, softmax = schema.OperatorT(), schema.OperatorT()
    dense.opcodeIndex, dense.inputs, dense.outputs = 0, [0, 1, -1], [2]
    dense.builtinOptionsType = schema.BuiltinOptions.FullyConnectedOptions
    dense.builtinOptions = schema.FullyConnectedOptionsT()
    softmax.opcodeIndex, softmax.inputs, softmax.outputs = 1, [2], [3]
    softmax.builtinOptionsType, softmax.builtinOptions = schema.BuiltinOptions.SoftmaxOptions, schema.SoftmaxOptionsT()
    softmax.builtinOptions.beta = 1.0
    graph.operators, graph.inputs, graph.outputs = [dense, softmax], [0], [3]
    model.subgraphs = [graph]
    model.operatorCodes = []
    for operator in (schema.BuiltinOperator.FULLY_CONNECTED, schema.BuiltinOperator.SOFTMAX):
        code = schema.OperatorCodeT()
        code.builtinCode = code.deprecatedBuiltinCode = operator
        code.version = 1
        model.operatorCodes.append(code)
    if custom:
        code = model.operatorCodes[0]
        code.builtinCode = code.deprecatedBuiltinCode = schema.BuiltinOperator.CUSTOM
        code.customCode = custom
    return model


def litert_bytes(model: Any = None) -> bytes:
    builder = flatbuffers.Builder(1024)
    builder.Finish((model or litert_model()).Pack(builder), file_identifier=b"TFL3")
    return bytes(builder.Output())


class Payload:
    """Unpickled, it writes the canary."""

    def __init__(self, canary: Path) -> None:
        self._canary = canary

    def __reduce__(self) -> Any:
        return (exec, (f"open({str(self._canary)!r}, 'w').write('ran')",))


def pickled(canary: Path) -> bytes:
    return pickle.dumps(Payload(canary))


def lambda_config(canary: Path) -> dict[str, Any]:
    """A Lambda layer whose code writes the canary, as Keras stores it."""
    code = compile(f"lambda x: open({str(canary)!r}, 'w').write('ran') and x", "model", "eval").co_consts[0]
    value = [base64.b64encode(marshal.dumps(code)).decode(), None, None]
    function = {"class_name": "__lambda__", "config": {"value": value}}
    return network(layer("Lambda", function=function, arguments={}, name="lambda"))
