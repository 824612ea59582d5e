"""``model.weights.h5`` of a ``.keras`` file: plain numbers in a tree of groups, and nothing that leads elsewhere.

The HDF5 library is native code: read an uploaded file in a process of its own (:mod:`ml.imports.convert`).
"""

from pathlib import Path
from typing import Any, Final

import h5py

from ml.imports.archive import LARGEST_BYTES, WEIGHTS
from ml.imports.errors import ImportRefused

SIGNATURE: Final = b"\x89HDF\r\n\x1a\n"
MOST_OBJECTS: Final = 20_000
DEEPEST: Final = 32
LONGEST_TEXT: Final = 1000
_NUMBERS: Final = "fiub"
_FILTERS: Final = frozenset({h5py.h5z.FILTER_DEFLATE, h5py.h5z.FILTER_SHUFFLE, h5py.h5z.FILTER_FLETCHER32})
_DAMAGED: Final = "The weights of this model (model.weights.h5) are damaged and cannot be read. Save the model again."
_NOT_NUMBERS: Final = "The weights of this model hold something other than numbers, for example pickled objects."


def check(path: Path) -> int:
    """The number of weights in the file; raises :class:`ImportRefused`."""
    with path.open("rb") as file:
        if file.read(len(SIGNATURE)) != SIGNATURE:
            raise ImportRefused(_DAMAGED)
    try:
        with h5py.File(path, "r") as file:
            return _Walk().check(file)
    except ImportRefused:
        raise
    except Exception as error:  # h5py raises nearly every built-in error on a damaged file
        raise ImportRefused(_DAMAGED) from error


class _Walk:
    def __init__(self) -> None:
        self._seen: set[int] = set()
        self._bytes = 0
        self._numbers = 0

    def check(self, root: h5py.Group) -> int:
        waiting: list[tuple[h5py.Group, int]] = [(root, 0)]
        while waiting:
            group, depth = waiting.pop()
            self._check_attributes(group)
            for name in group:
                if not isinstance(group.get(name, getlink=True), h5py.HardLink):
                    raise ImportRefused("The weights of this model contain a link, which may lead to another file.")
                found = group[name]
                self._check_visited(found, depth)
                if isinstance(found, h5py.Group):
                    waiting.append((found, depth + 1))
                elif isinstance(found, h5py.Dataset):
                    self._check_dataset(found)
                else:
                    raise ImportRefused(_NOT_NUMBERS)
        return self._numbers

    def _check_visited(self, found: Any, depth: int) -> None:
        """A tree, not a graph: a group that contains itself has no end."""
        address = h5py.h5o.get_info(found.id).addr
        if address in self._seen:
            raise ImportRefused("The weights of this model lead in a circle. It was made to do harm.")
        self._seen.add(address)
        if len(self._seen) > MOST_OBJECTS or depth >= DEEPEST:
            raise ImportRefused(
                "The weights of this model are far more, or far deeper, than those of any network here."
            )

    def _check_dataset(self, dataset: h5py.Dataset) -> None:
        self._check_attributes(dataset)
        if dataset.dtype.kind not in _NUMBERS or dataset.shape is None:
            raise ImportRefused(_NOT_NUMBERS)
        if dataset.is_virtual or dataset.external:
            raise ImportRefused("The weights of this model are kept in another file. Save the model again.")
        made_by = dataset.id.get_create_plist()
        if any(made_by.get_filter(i)[0] not in _FILTERS for i in range(made_by.get_nfilters())):
            raise ImportRefused("The weights of this model are packed in a way that Keras does not use.")
        self._bytes += dataset.size * dataset.dtype.itemsize
        self._numbers += dataset.size
        if self._bytes > LARGEST_BYTES[WEIGHTS]:
            raise ImportRefused("The weights of this model unpack to far more than any network here needs.")

    def _check_attributes(self, owner: Any) -> None:
        """Keras writes one: the layer's name, as text."""
        for name in owner.attrs:
            attribute = owner.attrs.get_id(name)
            text = h5py.check_string_dtype(attribute.dtype) is not None
            if not text and attribute.dtype.kind not in _NUMBERS:
                raise ImportRefused(_NOT_NUMBERS)
            if attribute.get_storage_size() > LONGEST_TEXT * 8:
                raise ImportRefused(_NOT_NUMBERS)
            if text and len(str(owner.attrs[name])) > LONGEST_TEXT:
                raise ImportRefused(_NOT_NUMBERS)
