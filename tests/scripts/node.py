"""Node.js, a package of the development requirements, for tests of the scripts in ``static/js``."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
NODE = Path(sys.executable).with_name("node")


def evaluate(script: str, given: Any = None) -> Any:
    """What ``answer`` is after a module's code, which finds ``given`` and imports paths from the project's root."""
    module = f"""
        import {{ readFileSync }} from "node:fs";
        const given = JSON.parse(readFileSync(0, "utf8"));
        let answer;
        {script}
        console.log(JSON.stringify(answer));
    """
    command = [NODE, "--input-type=module", "--eval", module]
    done = subprocess.run(command, cwd=ROOT, input=json.dumps(given), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
