"""``python -m ml.confinement POLICY MODULE [ARGUMENT ...]`` confines this process, and runs ``python -m MODULE`` in it.

Its exit status is the program's, or :data:`ml.confinement.policy.OUT_OF_MEMORY` when that ran out of its memory.
"""

import importlib
import os
import runpy
import sys
from pathlib import Path

from ml.confinement.kernel import confine
from ml.confinement.policy import CODE, OUT_OF_MEMORY, Policy


def main() -> None:
    policy = Policy.from_json(sys.argv[1])
    module = sys.argv[2]
    root = Path(__file__).resolve().parents[2]
    for package in CODE:
        # Imported now: the folder that holds them, and everything else of the installation, cannot be listed later.
        importlib.import_module(package)
    sys.path[:] = [path for path in sys.path if path and Path(path).resolve() != root]
    confine(
        Policy(policy.limits, (*policy.readable, *(str(root / package) for package in CODE)), policy.writable),
    )
    sys.argv = sys.argv[2:]
    try:
        runpy.run_module(module, run_name="__main__", alter_sys=True)
    except MemoryError:
        os._exit(OUT_OF_MEMORY)


if __name__ == "__main__":
    main()
