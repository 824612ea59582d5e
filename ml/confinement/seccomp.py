"""seccomp: a filter of system calls, as a BPF program for the kernel (``linux/seccomp.h``, ``linux/filter.h``).

What is refused fails with ``EPERM``, so that a library that asks in passing goes on. The calls are those of
:mod:`ml.confinement.syscalls`; four are allowed with some arguments:

- ``clone`` for threads alone; ``clone3``, whose arguments a filter cannot read, does not exist (``ENOSYS``), and the C
  library falls back to ``clone``;
- ``kill`` and ``tgkill`` for the process itself;
- ``prlimit64`` for the process itself;
- ``ioctl`` without the requests that type into a terminal.
"""

import ctypes
import errno
import os
import struct
import sys
from typing import Final

from ml.confinement.syscalls import ARCHITECTURES, architecture, checked_number, refused_numbers

_SET_MODE_FILTER, _ALL_THREADS = 1, 1
_GET_ACTION_AVAILABLE: Final = 2

_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16  # offsets in struct seccomp_data; little-endian words
_ALLOW, _ERROR, _KILL = 0x7FFF0000, 0x00050000, 0x80000000
_REFUSED: Final = _ERROR | errno.EPERM
_ABSENT: Final = _ERROR | errno.ENOSYS
_X32: Final = 0x40000000
"""From this number on, x86-64 has a second numbering of the same calls."""

_CLONE_THREAD: Final = 0x00010000
_TERMINAL_INPUT: Final = (0x5412, 0x541C)
"""``TIOCSTI`` and ``TIOCLINUX``."""

Instruction = tuple[int, int, int, int]
"""(code, jump if true, jump if false, constant) of one BPF instruction."""


def has_seccomp() -> bool:
    """Whether this kernel filters system calls, on a machine whose numbers are known."""
    if sys.platform != "linux" or not architecture():
        return False
    action = ctypes.c_uint32(_REFUSED & 0xFFFF0000)
    number = checked_number(architecture(), "seccomp")
    libc = ctypes.CDLL(None, use_errno=True)
    return int(libc.syscall(number, _GET_ACTION_AVAILABLE, 0, ctypes.byref(action))) == 0


def restrict_calls() -> bool:
    """From here on every thread of this process, and every thread it starts, is refused the calls of the filter.

    Returns whether the kernel does. It cannot be taken back. Needs ``no_new_privs``.
    """
    if not has_seccomp():
        return False
    machine = architecture()
    program = b"".join(struct.pack("<HBBI", *instruction) for instruction in filter_program(machine, os.getpid()))
    held = ctypes.create_string_buffer(program)
    loaded = ctypes.create_string_buffer(struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(held)))
    number = checked_number(machine, "seccomp")
    return int(ctypes.CDLL(None, use_errno=True).syscall(number, _SET_MODE_FILTER, _ALL_THREADS, loaded)) == 0


def filter_program(machine: str, process_id: int) -> list[Instruction]:
    """The filter of one process as BPF instructions."""

    def number(name: str) -> int:
        return checked_number(machine, name)

    program: list[Instruction] = [
        *((_LOAD, 0, 0, _ARCHITECTURE), (_EQUAL, 1, 0, ARCHITECTURES[machine][0]), (_RETURN, 0, 0, _KILL)),
        *((_LOAD, 0, 0, _NUMBER), (_AT_LEAST, 0, 1, _X32), (_RETURN, 0, 0, _REFUSED)),
    ]
    for refused in refused_numbers(machine):
        program += [(_EQUAL, 0, 1, refused), (_RETURN, 0, 0, _REFUSED)]
    program += [(_EQUAL, 0, 1, number("clone3")), (_RETURN, 0, 0, _ABSENT)]
    program += _only_if(number("clone"), argument=0, test=(_ANY_BIT, _CLONE_THREAD))
    for name in ("kill", "tgkill"):
        program += _only_if(number(name), argument=0, test=(_EQUAL, process_id))
    program += [
        *((_EQUAL, 0, 5, number("prlimit64")), (_LOAD, 0, 0, _ARGUMENTS)),
        *((_EQUAL, 1, 0, 0), (_EQUAL, 0, 1, process_id), (_RETURN, 0, 0, _ALLOW), (_RETURN, 0, 0, _REFUSED)),
    ]
    program += [
        *((_EQUAL, 0, 4, number("ioctl")), (_LOAD, 0, 0, _ARGUMENTS + 8)),
        *((_EQUAL, 1, 0, _TERMINAL_INPUT[0]), (_EQUAL, 0, 1, _TERMINAL_INPUT[1]), (_RETURN, 0, 0, _REFUSED)),
    ]
    return [*program, (_RETURN, 0, 0, _ALLOW)]


def _only_if(number: int, *, argument: int, test: tuple[int, int]) -> list[Instruction]:
    """A call that is allowed only if its argument passes the test."""
    code, constant = test
    return [
        *((_EQUAL, 0, 4, number), (_LOAD, 0, 0, _ARGUMENTS + 8 * argument)),
        *((code, 0, 1, constant), (_RETURN, 0, 0, _ALLOW), (_RETURN, 0, 0, _REFUSED)),
    ]
