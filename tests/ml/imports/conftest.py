"""A marker that any executed payload leaves behind."""

from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def canary(tmp_path: Path) -> Iterator[Path]:
    """The path that a payload writes to; after the test it must not be there."""
    path = tmp_path / "canary"
    yield path
    assert not path.exists(), "code of the file was executed"
