"""Weights of PyTorch without PyTorch."""

import io
import pickle
from collections import OrderedDict

import numpy as np
import pytest

from ml.training import torch_weights
from ml.training.errors import TrainingError

MAGIC = 0x1950A86A20F9469CFC6C


class _Named:
    """Pickles as a global of ``torch``, which is not installed."""

    def __init__(self, module, name):
        self.module, self.name = module, name


class _Pickler(pickle._Pickler):
    dispatch = pickle._Pickler.dispatch.copy()

    def save_named(self, named):
        self.write(b"c" + f"{named.module}\n{named.name}\n".encode())

    dispatch[_Named] = save_named

    def persistent_id(self, value):
        return value[1] if isinstance(value, tuple) and value and value[0] == "storage id" else None


class _Rebuilt:
    def __init__(self, function, *arguments):
        self.function, self.arguments = function, arguments


def _save_rebuilt(pickler, value):
    pickler.save(value.function)
    pickler.save(value.arguments)
    pickler.write(pickle.REDUCE)


_Pickler.dispatch[_Rebuilt] = _save_rebuilt


def pickled(value):
    stream = io.BytesIO()
    _Pickler(stream, protocol=2).dump(value)
    return stream.getvalue()


def tensor(key, shape, stride, *, offset=0, storage="FloatStorage", count=6):
    reference = ("storage id", ("storage", _Named("torch", storage), key, "cpu", count, None))
    rebuild = _Named("torch._utils", "_rebuild_tensor_v2")
    return _Rebuilt(rebuild, reference, offset, shape, stride, False, OrderedDict())


def file_of(tmp_path, tensors, storages, *, magic=MAGIC):
    parts = [pickled(magic), pickled(1001), pickled({"little_endian": True}), pickled(tensors), pickled(list(storages))]
    parts += [len(values).to_bytes(8, "little") + values.tobytes() for values in storages.values()]
    path = tmp_path / "weights.pth"
    path.write_bytes(b"".join(parts))
    return path


def test_tensors_are_views_of_their_storages(tmp_path):
    values = np.arange(6, dtype="<f4")
    counts = np.array([7], dtype="<i8")
    tensors = {
        "whole": tensor("0", (2, 3), (3, 1)),
        "turned": tensor("0", (3, 2), (1, 3)),
        "end": tensor("0", (2,), (1,), offset=4),
        "count": tensor("1", (), (), storage="LongStorage", count=1),
    }
    read = torch_weights.read(file_of(tmp_path, tensors, {"0": values, "1": counts}))
    assert read["whole"].tolist() == [[0, 1, 2], [3, 4, 5]]
    assert read["turned"].tolist() == [[0, 3], [1, 4], [2, 5]]
    assert read["end"].tolist() == [4, 5]
    assert read["count"] == 7


@pytest.mark.parametrize("shape", [(7,), (2, 4), (-1,)])
def test_a_tensor_beyond_its_storage_is_refused(tmp_path, shape):
    stride = (3, 1)[-len(shape) :]
    path = file_of(tmp_path, {"wide": tensor("0", shape, stride)}, {"0": np.arange(6, dtype="<f4")})
    with pytest.raises(TrainingError, match="cannot be read as weights of PyTorch"):
        torch_weights.read(path)


def test_code_in_the_file_is_not_run(tmp_path):
    path = file_of(tmp_path, {"evil": _Rebuilt(_Named("os", "system"), "true")}, {})
    with pytest.raises(TrainingError, match=r"os\.system has no place among weights"):
        torch_weights.read(path)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", pickle.dumps(5), b"\x80\x02"])
def test_other_files_are_one_sentence(tmp_path, content):
    path = tmp_path / "weights.pth"
    path.write_bytes(content)
    with pytest.raises(TrainingError, match="cannot be read as weights of PyTorch"):
        torch_weights.read(path)
    with pytest.raises(TrainingError, match="cannot be read as weights of PyTorch"):
        torch_weights.read(tmp_path / "missing.pth")
