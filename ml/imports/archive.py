"""The zip archive of a ``.keras`` file, read as if every number in it were a lie.

Exactly three members, no comment, nothing before or behind the archive, and every byte that comes out is counted as
it comes out. Nothing is extracted under a name from the archive.
"""

import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from ml.imports.errors import ImportRefused

METADATA: Final = "metadata.json"
CONFIG: Final = "config.json"
WEIGHTS: Final = "model.weights.h5"

LARGEST_BYTES: Final = {METADATA: 64 * 1024, CONFIG: 4 * 1024**2, WEIGHTS: 256 * 1024**2}
"""Bytes of each member once it is unpacked. The largest network of this house has 10 MB."""
LARGEST_RATIO: Final = 50
"""Unpacked over packed. Weights hardly shrink; a configuration shrinks tenfold."""
RATIO_COUNTS_FROM_BYTES: Final = 1024**2

_BLOCK_BYTES: Final = 64 * 1024
_LARGEST_DIRECTORY_BYTES: Final = 4096
_END: Final = struct.Struct("<4s4H2LH")  # end of central directory, APPNOTE 4.3.16
_ZIP64_LOCATOR_BYTES: Final = 20
_DAMAGED: Final = "This .keras file is damaged: it cannot be unpacked. Save the model again and send the new file."
_FOREIGN: Final = "This .keras file was not written by Keras: its archive is not built as Keras builds one."
# What the standard library raises on archives that contradict themselves.
_UNPACKING: Final = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    struct.error,
    OverflowError,
)


class Archive:
    """The three members of a ``.keras`` file; raises :class:`ImportRefused` for anything else."""

    def __init__(self, path: Path) -> None:
        self._path = path
        _check_end(path)
        try:
            with zipfile.ZipFile(path) as archive:
                self._members = _checked_members(archive.infolist())
        except _UNPACKING as error:
            raise ImportRefused(_DAMAGED) from error

    def read(self, name: str) -> bytes:
        """A whole member; ``name`` is one of ours."""
        return b"".join(self._blocks(name))

    def copy(self, name: str, target: Path) -> None:
        """Write a member to a file of our own naming."""
        with target.open("wb") as file:
            for block in self._blocks(name):
                file.write(block)

    def _blocks(self, name: str) -> Iterator[bytes]:
        member, limit, unpacked = self._members[name], LARGEST_BYTES[name], 0
        try:
            with zipfile.ZipFile(self._path) as archive, archive.open(member) as stream:
                while block := stream.read(_BLOCK_BYTES):
                    unpacked += len(block)
                    _check_size(member, unpacked, limit)
                    yield block
        except _UNPACKING as error:
            raise ImportRefused(_DAMAGED) from error
        if unpacked != member.file_size:
            raise ImportRefused(_DAMAGED)


def _check_end(path: Path) -> None:
    """The directory of the archive must be small, at the end, and tell of nothing outside the archive. Checked before
    the standard library reads it, which keeps an object for each of the millions of entries a directory may have."""
    size = path.stat().st_size
    with path.open("rb") as file:
        file.seek(max(0, size - _END.size - _ZIP64_LOCATOR_BYTES))
        tail = file.read()
    if len(tail) < _END.size:
        raise ImportRefused(_DAMAGED)
    signature, disk, first_disk, here, entries, directory_bytes, offset, comment = _END.unpack(tail[-_END.size :])
    if signature != b"PK\x05\x06":
        raise ImportRefused(_DAMAGED)
    if tail[: -_END.size].startswith(b"PK\x06\x07") or disk or first_disk or here != entries or comment:
        raise ImportRefused(_FOREIGN)
    if directory_bytes > _LARGEST_DIRECTORY_BYTES:
        raise ImportRefused("This archive holds far more than the three files of a .keras file.")
    if offset + directory_bytes + _END.size != size:
        raise ImportRefused(_FOREIGN)


def _checked_members(members: list[zipfile.ZipInfo]) -> dict[str, zipfile.ZipInfo]:
    for member in members:
        _check_name(member)
    names = [member.filename for member in members]
    if len(set(names)) != len(names):
        raise ImportRefused("This archive holds two files of the same name; a .keras file holds each once.")
    missing = sorted(LARGEST_BYTES.keys() - set(names))
    if missing:
        raise ImportRefused(f"This archive is not a .keras file: {missing[0]} is missing from it.")
    for member in members:
        if member.flag_bits & 0x1:
            raise ImportRefused("This archive is encrypted. Send the .keras file as Keras saves it.")
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise ImportRefused(_FOREIGN)
        _check_size(member, member.file_size, LARGEST_BYTES[member.filename])
    return {member.filename: member for member in members}


def _check_name(member: zipfile.ZipInfo) -> None:
    name = member.orig_filename
    parts = name.replace("\\", "/").split("/")
    if ".." in parts or name.startswith(("/", "\\")) or "\0" in name or name[1:2] == ":":
        raise ImportRefused("This archive holds a file whose name leads out of the archive. It was made to do harm.")
    if stat.S_IFMT(member.external_attr >> 16) not in (0, stat.S_IFREG):
        raise ImportRefused("This archive holds a link or a device instead of a file. It was made to do harm.")
    if parts[-1] == "data.pkl":
        raise ImportRefused(
            "This is a PyTorch file. Loading one would run the code in it, so Candor never does. Send a .keras or a"
            " .tflite file."
        )
    if parts[0] == "assets":
        raise ImportRefused("This model comes with files of its own (assets), which no recogniser here needs.")
    if name not in LARGEST_BYTES:
        shown = name if len(name) <= 60 and name.isprintable() else "another file"
        raise ImportRefused(
            f"This archive holds “{shown}”; a .keras file holds {METADATA}, {CONFIG} and {WEIGHTS}, nothing else."
        )


def _check_size(member: zipfile.ZipInfo, unpacked: int, limit: int) -> None:
    if unpacked > limit:
        raise ImportRefused(
            f"The file {member.filename} of this model has more than {limit // 1024:,} KiB once unpacked."
        )
    if unpacked > RATIO_COUNTS_FROM_BYTES and unpacked > LARGEST_RATIO * max(1, member.compress_size):
        raise ImportRefused(
            f"The file {member.filename} unpacks to more than {LARGEST_RATIO} times its size, as no model does."
        )
