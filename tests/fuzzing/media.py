"""The program that fuzzes what reads recordings: ``python -m tests.fuzzing.media FOLDER SECONDS SEED``.

It mutates the files of ``FOLDER/seeds``, probes each, and reads the first pictures and sound of those that pass.
``FOLDER/current`` is the file of the moment: after a failure, or a crash of native code, the one that did it. It prints
how many it tried, and exits 1 when anything but a :class:`MediaError` comes out.
"""

import itertools
import sys
import traceback
from pathlib import Path

from ml.confinement import budgets
from ml.confinement.policy import Limits
from ml.media.audio import audio_chunks
from ml.media.damage import Damage
from ml.media.errors import MediaError
from ml.media.pictures import pictures
from ml.media.probe import probe
from tests.fuzzing.mutation import examples


def read(path: Path) -> None:
    """As the analysis does, and no more than MediaError comes out."""
    try:
        info = probe(path, max_duration_s=3 * 3600, needs_picture=False)
        if info.video is not None:
            list(itertools.islice(pictures(path, info, Damage()), 8))
        if info.audio is not None:
            list(itertools.islice(audio_chunks(path, info, rate_hz=16_000), 8))
    except MediaError as error:
        if not error.sentence.endswith("."):
            raise AssertionError(error.sentence) from error


def main(folder: Path, seconds: float, seed: int) -> int:
    Limits(budgets.probing().memory_bytes).apply()
    seeds = [path.read_bytes() for path in sorted((folder / "seeds").iterdir())]
    current = folder / "current"
    tried = 0
    for content in examples(seeds, seconds=seconds, seed=seed):
        current.write_bytes(content)
        tried += 1
        try:
            read(current)
        except Exception:
            traceback.print_exc()
            return 1
    print(tried)
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3])))
