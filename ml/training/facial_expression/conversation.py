"""The class prior of use of facial expressions: how often each occurs in conversation.

The shares are those of MELD (Poria et al., ACL 2019; all 13,708 utterances of its three splits). Its annotators watched
and heard people talk with each other and used the seven labels of FER2013. Its people are actors of a comedy, so that
an interview has fewer expressions rather than more. No recording of ours was looked at for it.
"""

from typing import Final

from ml.facial_expression.labels import LABELS

UTTERANCES: Final = {
    "angry": 1607,
    "disgust": 361,
    "fear": 358,
    "happy": 2308,
    "sad": 1002,
    "surprise": 1636,
    "neutral": 6436,
}
SOURCE: Final = "utterances of MELD (Poria et al., ACL 2019), multi-party conversation"


def shares() -> tuple[float, ...]:
    """The shares in the order of ``LABELS``."""
    total = sum(UTTERANCES.values())
    return tuple(round(UTTERANCES[label] / total, 4) for label in LABELS)
