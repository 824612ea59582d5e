"""Weights out of a LiteRT file, to train on from what ships."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from ml.arrays import Float32


def convolutions_and_dense_layers(content: bytes) -> list[tuple[Float32, Float32]]:
    """Kernel and bias of every convolution and dense layer, in the order of execution, in Keras' axes.

    Kernels are (height, width, in, out) and (in, out). 8-bit weights are multiplied by their scales; batch
    normalisation is part of both, as the converter folds it.
    """
    from ai_edge_litert import schema_py_generated as schema

    model = schema.ModelT.InitFromObj(schema.Model.GetRootAs(content, 0))
    return list(_layers(model, schema))


def _layers(model: Any, schema: Any) -> Iterator[tuple[Float32, Float32]]:
    wanted = {schema.BuiltinOperator.CONV_2D, schema.BuiltinOperator.FULLY_CONNECTED}
    graph = model.subgraphs[0]
    for operator in graph.operators:
        if model.operatorCodes[operator.opcodeIndex].builtinCode in wanted:
            kernel, bias = (_values(model, graph.tensors[index], schema) for index in operator.inputs[1:3])
            yield kernel.transpose(1, 2, 3, 0) if kernel.ndim == 4 else kernel.T, bias


def _values(model: Any, tensor: Any, schema: Any) -> Float32:
    data = np.asarray(model.buffers[tensor.buffer].data, dtype=np.uint8)
    if tensor.type != schema.TensorType.INT8:
        return data.view(np.float32).reshape(tensor.shape)
    stored = data.view(np.int8).reshape(tensor.shape)
    # One scale for each output, which is the first axis, or one for all. Zero points of weights are 0.
    scales = np.asarray(tensor.quantization.scale, dtype=np.float32).reshape(-1, *[1] * (stored.ndim - 1))
    return np.asarray(stored * scales, dtype=np.float32)
