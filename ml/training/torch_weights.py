"""Weights from a file of PyTorch, read without PyTorch and without running code of the file.

Packages carry pretrained networks in the format of ``torch.save`` before version 1.6: five pickles, one after the
other (magic number, protocol, system, the tensors by name with references to storages, the keys of the storages), then
every storage as a number of elements (int64) and its elements.
"""

import pickle
import sys
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

import numpy as np
import numpy.typing as npt

from ml.training.errors import TrainingError

_MAGIC: Final = 0x1950A86A20F9469CFC6C
_STORAGES: Final = {"FloatStorage": np.dtype("<f4"), "LongStorage": np.dtype("<i8")}

Array = npt.NDArray[Any]


@dataclass(frozen=True)
class _Storage:
    key: str
    dtype: np.dtype[Any]


@dataclass(frozen=True)
class _Tensor:
    storage: _Storage
    offset: int
    shape: tuple[int, ...]
    stride: tuple[int, ...]


def read(path: Path) -> dict[str, Array]:
    """The tensors of the file by name. Raises :class:`TrainingError` when it is missing or is not such a file."""
    try:
        with path.open("rb") as stream:
            return _read(stream)
    except (OSError, pickle.UnpicklingError, EOFError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise TrainingError(f"{path} cannot be read as weights of PyTorch ({error}).") from error


def _read(stream: IO[bytes]) -> dict[str, Array]:
    if _Unpickler(stream).load() != _MAGIC:
        raise ValueError("it begins with another number")
    for _ in ("protocol", "system"):
        _Unpickler(stream).load()
    tensors = _Unpickler(stream).load()
    keys = _Unpickler(stream).load()
    kinds = {tensor.storage.key: tensor.storage.dtype for tensor in tensors.values()}
    storages = {key: _elements(stream, kinds[key]) for key in keys}
    return {name: _view(tensor, storages[tensor.storage.key]) for name, tensor in tensors.items()}


def _elements(stream: IO[bytes], dtype: np.dtype[Any]) -> Array:
    count = int.from_bytes(stream.read(8), sys.byteorder)
    content = stream.read(count * dtype.itemsize)
    return np.frombuffer(content, dtype, count)


def _view(tensor: _Tensor, elements: Array) -> Array:
    last = tensor.offset + sum((n - 1) * step for n, step in zip(tensor.shape, tensor.stride, strict=True))
    if min((*tensor.shape, *tensor.stride, tensor.offset), default=0) < 0 or last >= len(elements):
        raise ValueError("a tensor reaches beyond its storage")
    strides = [step * elements.itemsize for step in tensor.stride]
    return np.lib.stride_tricks.as_strided(elements[tensor.offset :], tensor.shape, strides).copy()


def _tensor(storage: _Storage, offset: int, shape: tuple[int, ...], stride: tuple[int, ...], *_: Any) -> _Tensor:
    return _Tensor(storage, offset, tuple(shape), tuple(stride))


class _Unpickler(pickle.Unpickler):
    """Builds dictionaries, numbers and descriptions of tensors, and refuses everything else."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == ("collections", "OrderedDict"):
            return OrderedDict
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return _tensor
        if module == "torch" and name in _STORAGES:
            return _STORAGES[name]
        raise pickle.UnpicklingError(f"{module}.{name} has no place among weights")

    def persistent_load(self, reference: Any) -> _Storage:
        _, dtype, key, *_ = reference
        return _Storage(str(key), dtype)
