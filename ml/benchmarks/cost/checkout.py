"""Another version of this project, in a folder of its own, to measure beside this one."""

import compileall
import io
import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from ml.benchmarks.cost.processes import BenchmarkFailed

HERE: Final = Path(__file__).resolve().parents[3]
"""This project's folder."""
PACKAGES: Final = ("analysis", "interviewplatform", "interviews", "ml")


def compile_code(folder: Path) -> None:
    """Compiles the project in this folder, as an installation does: confined programs would compile it each time."""
    for package in PACKAGES:
        compileall.compile_dir(folder / package, quiet=2)


@contextmanager
def checkout(name: str) -> Iterator[Path]:
    """The folder of this name, or the files of the commit of this name in a temporary folder. Raises
    :class:`BenchmarkFailed` where it is neither."""
    if (Path(name) / "manage.py").is_file():
        yield Path(name).resolve()
        return
    found = subprocess.run(["git", "-C", HERE, "archive", "--format=tar", name], capture_output=True)
    if found.returncode:
        raise BenchmarkFailed(f"{name} is neither a commit of this project nor a folder with its manage.py.")
    with TemporaryDirectory(prefix="candor-compared-") as folder:
        with tarfile.open(fileobj=io.BytesIO(found.stdout)) as files:
            files.extractall(folder, filter="data")
        yield Path(folder)
