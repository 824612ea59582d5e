"""The system calls that a confined program is refused, by number, for the machines that Candor runs on.

Landlock decides about files. This list is what it leaves open: sockets of every kind, new processes, other processes,
permissions of files, shared memory by name, and the administration of the machine, which root could use otherwise.
"""

import platform
from typing import Final

ARCHITECTURES: Final = {"x86_64": (0xC000003E, 0), "aarch64": (0xC00000B7, 1)}
"""``AUDIT_ARCH_*`` of linux/audit.h, and the column of the tables below."""

_X86_64_ONLY: Final = {
    **{"fork": 57, "vfork": 58, "chmod": 90, "chown": 92, "lchown": 94, "utime": 132, "mknod": 133},
    **{"iopl": 172, "ioperm": 173, "utimes": 235, "futimesat": 261},
}
_BOTH: Final[dict[str, tuple[int, int]]] = {
    # No network and no other program through a socket. io_uring would open them past this filter.
    **{"socket": (41, 198), "connect": (42, 203), "accept": (43, 202), "sendto": (44, 206), "sendmsg": (46, 211)},
    **{"bind": (49, 200), "listen": (50, 201), "socketpair": (53, 199), "accept4": (288, 242), "sendmmsg": (307, 269)},
    **{"io_uring_setup": (425, 425), "io_uring_enter": (426, 426), "io_uring_register": (427, 427)},
    # No other program, and nothing of other processes.
    **{"execve": (59, 221), "execveat": (322, 281), "ptrace": (101, 117), "kcmp": (312, 272), "tkill": (200, 130)},
    **{"process_vm_readv": (310, 270), "process_vm_writev": (311, 271), "process_madvise": (440, 440)},
    **{"process_mrelease": (448, 448), "pidfd_open": (434, 434), "pidfd_getfd": (438, 438)},
    **{"pidfd_send_signal": (424, 424), "rt_sigqueueinfo": (129, 138), "rt_tgsigqueueinfo": (297, 240)},
    **{"move_pages": (279, 239), "migrate_pages": (256, 238)},
    # Landlock does not check permissions, owners and times of files, nor shared memory and queues by name.
    **{"fchmod": (91, 52), "fchmodat": (268, 53), "fchmodat2": (452, 452), "fchown": (93, 55), "fchownat": (260, 54)},
    **{"setxattr": (188, 5), "lsetxattr": (189, 6), "fsetxattr": (190, 7), "removexattr": (197, 14)},
    **{"lremovexattr": (198, 15), "fremovexattr": (199, 16), "utimensat": (280, 88), "mknodat": (259, 33)},
    **{"shmget": (29, 194), "shmat": (30, 196), "shmctl": (31, 195), "shmdt": (67, 197), "semget": (64, 190)},
    **{"semop": (65, 193), "semctl": (66, 191), "semtimedop": (220, 192), "msgget": (68, 186), "msgsnd": (69, 189)},
    **{"msgrcv": (70, 188), "msgctl": (71, 187), "mq_open": (240, 180), "mq_unlink": (241, 181)},
    # The machine's administration and the larger surfaces of the kernel.
    **{"mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41), "chroot": (161, 51), "unshare": (272, 97)},
    **{"setns": (308, 268), "open_tree": (428, 428), "move_mount": (429, 429), "fsopen": (430, 430)},
    **{"fsconfig": (431, 431), "fsmount": (432, 432), "fspick": (433, 433), "mount_setattr": (442, 442)},
    **{"keyctl": (250, 219), "add_key": (248, 217), "request_key": (249, 218), "bpf": (321, 280)},
    **{"perf_event_open": (298, 241), "userfaultfd": (323, 282), "fanotify_init": (300, 262), "syslog": (103, 116)},
    **{"init_module": (175, 105), "finit_module": (313, 273), "delete_module": (176, 106), "reboot": (169, 142)},
    **{"kexec_load": (246, 104), "kexec_file_load": (320, 294), "swapon": (167, 224), "swapoff": (168, 225)},
    **{"sethostname": (170, 161), "setdomainname": (171, 162), "settimeofday": (164, 170), "vhangup": (153, 58)},
    **{"clock_settime": (227, 112), "clock_adjtime": (305, 266), "adjtimex": (159, 171), "acct": (163, 89)},
    **{"quotactl": (179, 60), "name_to_handle_at": (303, 264), "open_by_handle_at": (304, 265)},
}
_CHECKED: Final[dict[str, tuple[int, int]]] = {
    "clone": (56, 220),
    "clone3": (435, 435),
    "kill": (62, 129),
    "tgkill": (234, 131),
    "prlimit64": (302, 261),
    "ioctl": (16, 29),
    "seccomp": (317, 277),
}
"""Calls that are allowed with some arguments, and the one that installs the filter."""


def architecture() -> str:
    """This machine's name in :data:`ARCHITECTURES`, empty for any other."""
    machine = platform.machine()
    return machine if machine in ARCHITECTURES else ""


def refused_numbers(machine: str) -> list[int]:
    """The numbers of the calls that are always refused, ascending."""
    column = ARCHITECTURES[machine][1]
    numbers = [both[column] for both in _BOTH.values()]
    return sorted(numbers + (list(_X86_64_ONLY.values()) if machine == "x86_64" else []))


def checked_number(machine: str, name: str) -> int:
    """The number of a call that is allowed with some arguments."""
    return _CHECKED[name][ARCHITECTURES[machine][1]]
