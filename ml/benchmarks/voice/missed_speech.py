"""Clips in which too little speech is found to read an emotion from: RAVDESS and nEMO, all of them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from ml.benchmarks.voice.clips import listed
from ml.benchmarks.voice.voice_activity import listen


def measure(data: Path, *, progress: Callable[[int, int], None] = lambda done, of: None) -> dict[str, Any]:
    """Of each corpus the number of its clips, and the stems of those without a window of speech."""
    clips = [clip for corpus in ("ravdess", "nemo") for clip in listed(data, corpus)]
    rows: dict[str, dict[str, Any]] = {}
    for done, clip in enumerate(clips, start=1):
        row = rows.setdefault(clip.corpus, {"clips": 0, "unread": []})
        heard = listen(*clip.read())
        row["clips"] += 1
        if not heard.named + heard.musical:
            row["unread"].append(clip.path.stem)
        progress(done, len(clips))
    return rows


def text(figures: dict[str, Any]) -> str:
    """The figures for a terminal."""
    return "\n".join(f"  {name}: {len(row['unread'])} of {row['clips']} clips unread" for name, row in figures.items())
