"""What the kernel keeps from the process that meets an uploaded network: other people's files, programs, the network.

Landlock (Linux 5.13) binds native code too, which :mod:`ml.imports.lockdown`'s audit hook does not. Without it, as on
an older kernel or macOS, the process keeps its limits and its empty environment, and nothing more.
"""

import ctypes
import os
import struct
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Final

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446  # the same on every architecture of Linux
_VERSION_ASKED: Final = 1
_PATH_BENEATH: Final = 1
_NO_NEW_PRIVILEGES: Final = 38

# Bits of linux/landlock.h.
_WRITE_FILE, _READ_FILE, _READ_DIR = 1 << 1, 1 << 2, 1 << 3
_REMOVE_DIR, _REMOVE_FILE, _MAKE_DIR, _MAKE_FILE = 1 << 4, 1 << 5, 1 << 7, 1 << 8
_MOVE, _TRUNCATE = 1 << 13, 1 << 14
_RIGHTS_BY_VERSION: Final = ((1, (1 << 13) - 1), (2, _MOVE), (3, _TRUNCATE), (5, 1 << 15))
_TCP: Final = 0b11
_READ: Final = _READ_FILE | _READ_DIR
_CHANGE: Final = _WRITE_FILE | _REMOVE_DIR | _REMOVE_FILE | _MAKE_DIR | _MAKE_FILE | _MOVE | _TRUNCATE

_SYSTEM: Final = (
    *("/usr", "/lib", "/lib64", "/etc/ld.so.cache", "/etc/localtime", "/dev/urandom"),
    *("/sys", "/proc/self", "/proc/cpuinfo", "/proc/meminfo", "/proc/stat"),
)
"""Libraries, the clock's zone, the number of processors. The rest of /etc may hold what an installation keeps secret,
and the rest of /proc tells what other processes were started with."""


def confine(*, readable: Iterable[Path], writable: Iterable[Path]) -> bool:
    """From here on this thread, and every thread and process it starts, reads no files but the system's, Python's and
    ``readable``, changes none but those in ``writable``, starts no program and opens no TCP connection.

    Returns whether the kernel can. It cannot be taken back. Call it before the libraries that start threads.
    """
    version = _call(_CREATE_RULESET, None, 0, _VERSION_ASKED) if sys.platform == "linux" else -1
    if version < 1:
        return False
    handled = 0
    for since, rights in _RIGHTS_BY_VERSION:
        handled |= rights if version >= since else 0
    attributes = struct.pack("<QQ", handled, _TCP)
    ruleset = _call(_CREATE_RULESET, attributes, 16 if version >= 4 else 8, 0)
    if ruleset < 0:
        return False
    try:
        python = [Path(sys.prefix), Path(sys.base_prefix)]
        for path in (*map(Path, _SYSTEM), *python, *readable):
            _allow(ruleset, path, handled & _READ)
        for path in writable:
            _allow(ruleset, path, handled & (_READ | _CHANGE))
        _allow(ruleset, Path(os.devnull), handled & (_READ_FILE | _WRITE_FILE))
        ctypes.CDLL(None).prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
        return _call(_RESTRICT_SELF, ruleset, 0) == 0
    finally:
        os.close(ruleset)


def _allow(ruleset: int, path: Path, rights: int) -> None:
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return  # not every system has every folder
    try:
        if not path.is_dir():
            rights &= _READ_FILE | _WRITE_FILE | _TRUNCATE
        _call(_ADD_RULE, ruleset, _PATH_BENEATH, struct.pack("<Qi", rights, place), 0)
    finally:
        os.close(place)


def _call(number: int, *arguments: bytes | int | None) -> int:
    return int(ctypes.CDLL(None, use_errno=True).syscall(number, *arguments))
