"""The nine gaze areas, row by row. Left and right are the candidate's own: an unmirrored picture shows ``left`` on its
right side."""

from typing import Final

LABELS: Final = (
    "top_left",
    "top_center",
    "top_right",
    "center_left",
    "center",
    "center_right",
    "bottom_left",
    "bottom_center",
    "bottom_right",
)
ROWS: Final = ("top", "center", "bottom")
COLUMNS: Final = ("left", "center", "right")
