"""Several people at once, on a real database file: one of them is last, and the log says who."""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[4]


def check_activations_at_once(environment: dict[str, str]) -> None:
    """Also used on PostgreSQL (tests/deployed)."""
    result = subprocess.run(
        [sys.executable, "-m", "tests.analysis.services.registry.activate_at_once"],
        cwd=ROOT,
        env={**environment, "DJANGO_SETTINGS_MODULE": "interviewplatform.settings"},
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, result.stderr[-2000:]
    answer = json.loads(result.stdout.splitlines()[-1])
    assert len(answer["outcomes"]) == 4
    done = [outcome for outcome in answer["outcomes"] if not outcome.startswith("refused: ")]
    assert len(answer["active"]) == 1
    assert answer["active"][0] in done
    assert answer["lines"][-1] == answer["active"][0]
    assert sorted(answer["lines"]) == sorted(done)


def test_activations_at_the_same_time_leave_exactly_one_active(own_installation):
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
    check_activations_at_once({**kept, "VAR_DIR": str(own_installation)})
