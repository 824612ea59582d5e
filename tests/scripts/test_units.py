"""The scripts' pure modules, tested by Node's own runner: no browser, no page."""

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
NODE = Path(sys.executable).with_name("node")


def test_units_of_the_scripts():
    units = sorted(HERE.rglob("*.test.js"))
    assert units
    result = subprocess.run([NODE, "--test", "--test-isolation=none", *units], capture_output=True, text=True)
    assert result.returncode == 0, result.stdout + result.stderr
