"""Decodes every picture of a recording and drops it: ``python -m ml.benchmarks.cost.bare_decoding FILE``.

The program is what the analysis is compared with. It has the decoder, the track and the threads of the analysis.
"""

import sys
from pathlib import Path

from ml.media.damage import Damage
from ml.media.pictures import pictures
from ml.track_selection import recording_info


def decode(path: str | Path) -> int:
    """The number of pictures. Raises :class:`ml.media.errors.MediaError`."""
    return sum(1 for _ in pictures(path, recording_info(path), Damage()))


if __name__ == "__main__":
    print(decode(sys.argv[1]))
