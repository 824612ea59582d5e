"""Numbers look the same whether the server or a script writes them."""

import json
import subprocess
import sys
from pathlib import Path

from interviews import formatting

ROOT = Path(__file__).resolve().parents[2]
NODE = Path(sys.executable).with_name("node")
VALUES = [0, 0.001, 0.004, 0.125, 0.5, 0.996, 0.9999, 1, 3.25, 59.96, 75.2, 3675.5]
SHARES = [value for value in VALUES if value <= 1]
SCRIPT = """
import { clock, fraction, percent } from "./static/js/shared/format.js";
const [values, shares] = JSON.parse(process.argv[1]);
console.log(JSON.stringify({ clock: values.map(clock), percent: shares.map(percent), fraction: shares.map(fraction) }));
"""


def test_scripts_write_numbers_as_the_server_does():
    command = [NODE, "--input-type=module", "--eval", SCRIPT, json.dumps([VALUES, SHARES])]
    written = json.loads(subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout)
    assert written["clock"] == [formatting.clock(value) for value in VALUES]
    assert written["percent"] == [formatting.percent(share) for share in SHARES]
    assert written["fraction"] == [formatting.fraction(share) for share in SHARES]
