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
_ITEM_BYTES: Final = {
    schema.TensorType.FLOAT32: 4,
    schema.TensorType.FLOAT16: 2,
    schema.TensorType.INT64: 8,
    schema.TensorType.INT32: 4,
    schema.TensorType.INT16: 2,
    schema.TensorType.INT8: 1,
    schema.TensorType.UINT8: 1,
    schema.TensorType.BOOL: 1,
}
"""Bytes of one number, by type. Texts, resources and variants are handles that native code follows."""
LARGEST_TENSOR_BYTES: Final = 256 * 1024**2
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
    try:
        _check_tensors(model)
        _check_graph(model)
    except (TypeError, AttributeError) as error:  # a part that every network has is left out
        raise ImportRefused(_DAMAGED) from error
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
    elsewhere = any(buffer.offset or buffer.size for buffer in model.buffers or ())
    # External buffers name files of the machine that loads them.
    named = model.externalBufferGroups or model.externalBuffers
    if elsewhere or named or any(tensor.externalBuffer for tensor in model.subgraphs[0].tensors or ()):
        raise ImportRefused("This .tflite file keeps weights outside its tables, which Candor does not take in.")
    operators = model.subgraphs[0].operators or ()
    if any(operator.customOptions is not None and len(operator.customOptions) for operator in operators):
        raise ImportRefused("This .tflite file gives options to custom operators, which Candor does not take in.")


def _check_tensors(model: Any) -> None:
    """Every number that native code takes as a size or a place must be one."""
    for tensor in model.subgraphs[0].tensors:
        if tensor.type not in _ITEM_BYTES or tensor.sparsity is not None or tensor.variantTensors:
            raise ImportRefused(
                "This .tflite file holds something other than plain tables of numbers (texts, sparse or variant"
                " tensors), which no network here needs."
            )
        shape = [int(n) for n in tensor.shape] if tensor.shape is not None else []
        needed = math.prod(shape) * _ITEM_BYTES[tensor.type]
        if min(shape, default=0) < 0 or not 0 <= tensor.buffer < len(model.buffers):
            raise ImportRefused(_DAMAGED)
        if needed > LARGEST_TENSOR_BYTES:
            raise ImportRefused("This .tflite file asks for far more memory than any network here needs.")
        content = model.buffers[tensor.buffer].data
        if content is not None and len(content) not in (0, needed):
            raise ImportRefused(_DAMAGED)
        if not _is_sound(tensor.quantization, shape):
            raise ImportRefused(_DAMAGED)


def _is_sound(quantization: Any, shape: list[int]) -> bool:
    """Whether there is one scale and zero point for all, or one for each place along a dimension that exists."""
    if quantization is None:
        return True
    counts = {len(given) for given in (quantization.scale, quantization.zeroPoint) if given is not None} - {0}
    if quantization.detailsType or len(counts) > 1:
        return False
    dimension = quantization.quantizedDimension
    return counts <= {1} or (0 <= dimension < len(shape) and counts == {shape[dimension]})


def _check_graph(model: Any) -> None:
    """Every operator and tensor that is spoken of must be there."""
    graph = model.subgraphs[0]
    tensors, codes = range(len(graph.tensors)), range(len(model.operatorCodes))
    for operator in graph.operators:
        optional = [*operator.inputs, *(operator.intermediates if operator.intermediates is not None else ())]
        written = [*operator.outputs]
        if operator.opcodeIndex not in codes or operator.largeCustomOptionsOffset or operator.largeCustomOptionsSize:
            raise ImportRefused(_DAMAGED)
        # -1: an operator's optional input that is left out.
        if any(i != -1 and i not in tensors for i in optional) or any(i not in tensors for i in written):
            raise ImportRefused(_DAMAGED)
    if any(i not in tensors for i in (*graph.inputs, *graph.outputs)):
        raise ImportRefused(_DAMAGED)


def _constants(model: Any) -> int:
    buffers = model.buffers or ()
    return sum(
        math.prod(int(n) for n in tensor.shape)
        for tensor in model.subgraphs[0].tensors
        if tensor.shape is not None and buffers[tensor.buffer].data is not None
    )
