"""The house rules of ARCHITECTURE.md that a machine can check."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
OWN_PACKAGES = ("interviewplatform", "interviews", "analysis", "ml")


def test_import_contracts_are_kept():
    result = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"], cwd=ROOT, capture_output=True, text=True
    )
    assert result.returncode == 0, result.stdout + result.stderr


def test_top_level_holds_only_what_the_readme_names():
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True)
    if tracked.returncode != 0:
        pytest.skip("not a git checkout")
    folders = {line.split("/", 1)[0] for line in tracked.stdout.splitlines() if "/" in line}
    assert folders == {*OWN_PACKAGES, "templates", "static", "tests", "docs", ".ci"}


@pytest.mark.parametrize("package", OWN_PACKAGES)
def test_every_public_module_says_what_it_is_for(package: str):
    without = [
        str(path.relative_to(ROOT))
        for path in (ROOT / package).rglob("*.py")
        if path.name not in {"__init__.py", "apps.py"}
        and "migrations" not in path.parts
        and not re.match(r'\s*(#[^\n]*\n)*\s*r?"""', path.read_text(encoding="utf-8"))
    ]
    assert without == []


def test_the_web_process_starts_without_the_recognisers():
    heavy = ["tensorflow", "keras", "librosa", "cv2", "av", "ai_edge_litert", "numpy", "matplotlib"]
    heavy += ["faster_whisper", "ctranslate2", "tokenizers", "huggingface_hub"]
    code = (
        "import json, sys, os; os.environ['DJANGO_SETTINGS_MODULE'] = 'interviewplatform.settings';"
        "import interviewplatform.asgi; from django.urls import get_resolver; get_resolver().url_patterns;"
        f"print(json.dumps([m for m in {heavy!r} if m in sys.modules]))"
    )
    result = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert json.loads(result.stdout.splitlines()[-1]) == []
