"""A ``.tflite`` file: read without running it, and written anew.

A LiteRT file is a flatbuffer, a web of offsets that the native interpreter follows on trust. So the uploaded bytes are
read here, in Python, and what is kept is a file of our own with the same content: every offset in it is ours.
"""

import math
from typing import Any, Final

import flatbuffers
from ai_edge_litert import schema_py_generated as schema

from ml.imports.errors import ImportRefused

IDENTIFIER: Final = b"TFL3"
VERSION: Final = 3
MOST_OPERATORS: Final = 5_000
MOST_TENSORS: Final = 20_000

_DAMAGED: Final = "This .tflite file is damaged and cannot be read. Convert the model again and send the new file."
_ARITHMETIC: Final = """
    ABS ADD ADD_N ARG_MAX ARG_MIN AVERAGE_POOL_2D BATCH_MATMUL BROADCAST_ARGS BROADCAST_TO CAST CONCATENATION CONV_2D
    DEPTHWISE_CONV_2D DEQUANTIZE DIV ELU EXP EXPAND_DIMS FILL FULLY_CONNECTED GATHER GELU HARD_SWISH L2_NORMALIZATION
    LEAKY_RELU LOG LOGISTIC LOG_SOFTMAX MAXIMUM MAX_POOL_2D MEAN MINIMUM MIRROR_PAD MUL NEG PACK PAD PADV2 POW PRELU
    QUANTIZE REDUCE_MAX REDUCE_MIN REDUCE_PROD RELU RELU6 RELU_N1_TO_1 RESHAPE RESIZE_BILINEAR
    RESIZE_NEAREST_NEIGHBOR REVERSE_V2 RSQRT SELECT SELECT_V2 SHAPE SLICE SOFTMAX SPLIT SPLIT_V SQRT SQUARE
    SQUARED_DIFFERENCE SQUEEZE STRIDED_SLICE SUB SUM TANH TILE TRANSPOSE TRANSPOSE_CONV UNIDIRECTIONAL_SEQUENCE_LSTM
    UNIDIRECTIONAL_SEQUENCE_RNN UNPACK ZEROS_LIKE
"""
_OPERATORS: Final = frozenset(_ARITHMETIC.split())
"""Arithmetic on tensors. No loops, no state, no random numbers, nothing that is not LiteRT's own."""
_NAMES: Final = {value: name for name, value in vars(schema.BuiltinOperator).items() if isinstance(value, int)}


def rewritten(content: bytes) -> tuple[bytes, int]:
    """The same network as a file of our own making, and the number of constants in it.

    Raises :class:`ImportRefused` for what is damaged, and for operators that are not plain arithmetic.
    """
    try:
        model = _read(content)
    except ImportRefused:
        raise
    except Exception as error:  # a wrong offset may raise nearly every built-in error
        raise ImportRefused(_DAMAGED) from error
    _check_operators(model)
    # Tables for other programs, of which one may name operators of its own: nothing here reads them.
    model.metadata, model.metadataBuffer, model.signatureDefs, model.description = None, None, None, None
    try:
        builder = flatbuffers.Builder(len(content))
        builder.Finish(model.Pack(builder), file_identifier=IDENTIFIER)
        return bytes(builder.Output()), _constants(model)
    except Exception as error:
        raise ImportRefused(_DAMAGED) from error


def _read(content: bytes) -> Any:
    if content[4:8] != IDENTIFIER:
        raise ImportRefused(_DAMAGED)
    table = schema.Model.GetRootAs(content, 0)
    if table.Version() != VERSION:
        raise ImportRefused("This .tflite file has a version that LiteRT does not read. Convert the model again.")
    if table.SubgraphsLength() != 1:
        raise ImportRefused("This .tflite file holds loops or several networks; Candor takes a single plain network.")
    graph = table.Subgraphs(0)
    if max(table.OperatorCodesLength(), graph.OperatorsLength()) > MOST_OPERATORS:
        raise ImportRefused("This .tflite file has far more operators than any network here.")
    if max(table.BuffersLength(), graph.TensorsLength()) > MOST_TENSORS:
        raise ImportRefused("This .tflite file has far more tensors than any network here.")
    return schema.ModelT.InitFromObj(table)


def _check_operators(model: Any) -> None:
    for code in model.operatorCodes or ():
        # Old files hold the operator in the first field, newer ones in the second; the interpreter takes the larger.
        name = _NAMES.get(max(code.builtinCode, code.deprecatedBuiltinCode), "unknown")
        if code.customCode or name in ("CUSTOM", "DELEGATE"):
            raise ImportRefused(
                "This .tflite file uses custom operators (such as TensorFlow's Flex operators), which are code outside"
                " the file. Convert it with LiteRT's built-in operators alone."
            )
        if name not in _OPERATORS:
            raise ImportRefused(f"This .tflite file uses the operator {name}, which no network here may use.")
    for buffer in model.buffers or ():
        if buffer.offset or buffer.size:
            raise ImportRefused("This .tflite file keeps weights outside its tables, which Candor does not take in.")
    operators = model.subgraphs[0].operators or ()
    if any(operator.customOptions is not None and len(operator.customOptions) for operator in operators):
        raise ImportRefused("This .tflite file gives options to custom operators, which Candor does not take in.")


def _constants(model: Any) -> int:
    buffers = model.buffers or ()
    return sum(
        math.prod(int(n) for n in tensor.shape)
        for tensor in model.subgraphs[0].tensors
        if tensor.shape is not None and buffers[tensor.buffer].data is not None
    )
