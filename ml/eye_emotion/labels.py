"""The six emotions of the DIU eye-emotion set, and the answer that the eyes show none of them."""

from typing import Final

EMOTIONS: Final = ("anger", "disgust", "fear", "happiness", "sadness", "surprise")

NONE: Final = "none"
"""The eyes were looked at and show no emotion."""

LABELS: Final = (*EMOTIONS, NONE)

FROM_FER2013: Final = {0: 0, 1: 1, 2: 2, 3: 3, 4: 4, 5: 5, 6: 6}
"""FER2013's label numbers to ours; its neutral (6) is no emotion."""
