"""Confines this process, and says what this machine's kernel cannot keep from a confined one."""

import ctypes
import os
import struct
import sys
from typing import Final

from ml.confinement.landlock import landlock_version, restrict_files
from ml.confinement.policy import Policy
from ml.confinement.seccomp import has_seccomp, restrict_calls
from ml.confinement.syscalls import architecture

_NO_NEW_PRIVILEGES: Final = 38
_CAPABILITIES_VERSION: Final = 0x20080522
_KEPT_CAPABILITIES: Final = 1 << 1
"""``CAP_DAC_OVERRIDE``: which files root's programs read is Landlock's decision."""
_CAPSET: Final = {"x86_64": 126, "aarch64": 91}

FILES: Final = (
    "The kernel of this machine has no Landlock: programs that read recordings could read and change other files."
)
NETWORK: Final = (
    "The kernel of this machine does not filter system calls (seccomp): programs that read recordings could reach the"
    " network and other processes."
)


def confine(policy: Policy) -> list[str]:
    """Confine this process for good. Call it in its only thread, before anything hostile is read.

    Returns what the kernel could not keep from it, as :func:`confinement_gaps`.
    """
    os.umask(0o077)
    policy.limits.apply()
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
        _drop_capabilities()
    gaps = []
    if not restrict_files(readable=policy.readable, writable=policy.writable):
        gaps.append(FILES)
    if not restrict_calls():
        gaps.append(NETWORK)
    return gaps


def confinement_gaps() -> list[str]:
    """What this machine's kernel cannot keep from a confined program, one sentence each; empty when nothing is missing.

    Limits of memory, processor time and files, and the empty environment, hold on every system.
    """
    return [sentence for sentence, given in ((FILES, landlock_version()), (NETWORK, has_seccomp())) if not given]


def _drop_capabilities() -> None:
    """What root may do beyond others, given up; nothing happens for others, who have none."""
    number = _CAPSET.get(architecture())
    if number is None:
        return
    header = struct.pack("<Ii", _CAPABILITIES_VERSION, 0)
    low = _KEPT_CAPABILITIES if os.geteuid() == 0 else 0
    ctypes.CDLL(None).syscall(number, header, struct.pack("<6I", low, low, 0, 0, 0, 0))
