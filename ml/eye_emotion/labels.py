"""The six emotions of the DIU eye-emotion set, which has no neutral class."""

from typing import Final

LABELS: Final = ("anger", "disgust", "fear", "happiness", "sadness", "surprise")

FROM_FER2013: Final = {0: 0, 1: 1, 2: 2, 3: 3, 4: 4, 5: 5}
"""FER2013's label numbers to ours; its neutral (6) has no counterpart."""
