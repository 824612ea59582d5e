"""The scripts' pure modules, tested by Node's own runner: no browser, no page."""

import subprocess
from pathlib import Path

from tests.scripts.node import NODE

HERE = Path(__file__).parent


def test_units_of_the_scripts():
    units = sorted(HERE.rglob("*.test.js"))
    assert units
    result = subprocess.run([NODE, "--test", "--test-isolation=none", *units], capture_output=True, text=True)
    assert result.returncode == 0, result.stdout + result.stderr
