"""Where the readings of a room are kept."""

from pathlib import Path


def journal_path(room_folder: Path) -> Path:
    """The journal of the room whose files are in this folder."""
    return room_folder / "readings.jsonl"
