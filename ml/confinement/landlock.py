"""Landlock: which files a process may read and change, whether it starts programs, connects, and signals others.

Linux 5.13 and later, where the kernel was built with it (``linux/landlock.h``). It binds native code too.
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

_WRITE_FILE, _READ_FILE, _READ_DIR = 1 << 1, 1 << 2, 1 << 3
_REMOVE_DIR, _REMOVE_FILE, _MAKE_DIR, _MAKE_FILE = 1 << 4, 1 << 5, 1 << 7, 1 << 8
_MOVE, _TRUNCATE = 1 << 13, 1 << 14
_RIGHTS_BY_VERSION: Final = ((1, (1 << 13) - 1), (2, _MOVE), (3, _TRUNCATE), (5, 1 << 15))
_TCP: Final = 0b11
_OTHERS_SOCKETS_AND_SIGNALS: Final = 0b11
_READ: Final = _READ_FILE | _READ_DIR
_CHANGE: Final = _WRITE_FILE | _REMOVE_DIR | _REMOVE_FILE | _MAKE_DIR | _MAKE_FILE | _MOVE | _TRUNCATE
_ATTRIBUTES_BYTES_BY_VERSION: Final = ((1, 8), (4, 16), (6, 24))

_SYSTEM: Final = (
    *("/usr", "/lib", "/lib64", "/etc/ld.so.cache", "/etc/localtime", "/dev/urandom"),
    *("/sys", "/proc/self", "/proc/cpuinfo", "/proc/meminfo", "/proc/stat"),
)
"""Libraries, the clock's zone, the number of processors. The rest of /etc may hold what an installation keeps secret,
and the rest of /proc shows what other processes were started with."""


def landlock_version() -> int:
    """The version of the kernel's interface; 0 without Landlock."""
    return max(0, _call(_CREATE_RULESET, None, 0, _VERSION_ASKED)) if sys.platform == "linux" else 0


def restrict_files(*, readable: Iterable[str], writable: Iterable[str]) -> bool:
    """From here on this thread, and every thread and process it starts, reads no files but the system's, Python's and
    ``readable``, and changes none but those in ``writable``. It starts no program, opens no TCP connection (version 4)
    and signals no other process (version 6).

    Returns whether the kernel does. It cannot be taken back. Needs ``no_new_privs``.
    """
    version = landlock_version()
    if not version:
        return False
    handled = 0
    for since, rights in _RIGHTS_BY_VERSION:
        handled |= rights if version >= since else 0
    attributes = struct.pack("<QQQ", handled, _TCP, _OTHERS_SOCKETS_AND_SIGNALS)
    size = max(size for since, size in _ATTRIBUTES_BYTES_BY_VERSION if version >= since)
    ruleset = _call(_CREATE_RULESET, attributes, size, 0)
    if ruleset < 0:
        return False
    try:
        for path in (*_SYSTEM, sys.prefix, sys.base_prefix, *readable):
            _allow(ruleset, path, handled & _READ)
        for path in writable:
            _allow(ruleset, path, handled & (_READ | _CHANGE))
        _allow(ruleset, os.devnull, handled & (_READ_FILE | _WRITE_FILE))
        return _call(_RESTRICT_SELF, ruleset, 0) == 0
    finally:
        os.close(ruleset)


def _allow(ruleset: int, path: str, rights: int) -> None:
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return  # not every system has every folder
    try:
        if not Path(path).is_dir():
            rights &= _READ_FILE | _WRITE_FILE | _TRUNCATE
        _call(_ADD_RULE, ruleset, _PATH_BENEATH, struct.pack("<Qi", rights, place), 0)
    finally:
        os.close(place)


def _call(number: int, *arguments: bytes | int | None) -> int:
    return int(ctypes.CDLL(None, use_errno=True).syscall(number, *arguments))
