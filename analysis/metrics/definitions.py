"""The definition of the four nonverbal metrics: keys, parameters and formulas.

The numbers describe behaviour on a recording; they are not combined, ranked or presented as a verdict.
"""

from dataclasses import dataclass
from typing import Final

from ml.modalities import SPEECH_EMOTION

ATTENTIVENESS: Final = "attentiveness"
DEEP_THINKING: Final = "deep_thinking"
CONFIDENCE: Final = "confidence"
POTENTIAL_LIE: Final = "potential_lie"
METRICS: Final = (ATTENTIVENESS, DEEP_THINKING, CONFIDENCE, POTENTIAL_LIE)


@dataclass(frozen=True, slots=True)
class Definition:
    """All parameters of the metrics, under a version that is stored in reports.

    Common rules
        - Observations are cut at the recording's end. Seconds of a label are seconds of its observations; a time
          without observation counts nowhere.
        - An *episode* is a run of observations of one kind, from its first start to its last end. Any other observed
          label ends it. A hole in it is bridged if it is shorter than ``gap_s`` and no ``unknown`` stretch in it
          (blink, eyes not readable) reaches ``blink_s``; bridged time belongs to the episode's duration.
        - A face or eye label is a *signal* at a confidence of ``signal_confidence`` or more. Gaze and voice labels
          count at any confidence.
        - Face coverage is the larger of the coverages of facial expression and eye emotion: either one shows that
          the face was seen, also where the other recogniser was unavailable.

    attentiveness = max(0, contact_s - away_weight x prolonged_away_s) / observed_gaze_s
        contact_s: seconds of gaze in the center. prolonged_away_s: the durations of the away episodes (any other gaze
        label, directions may change inside one) of ``prolonged_away_s`` or more. Needs a gaze coverage of
        ``min_face_coverage``. Evidence: every away episode, the short ones of one direction grouped where there are
        many, so that the listed seconds are those of all away episodes.

    deep_thinking = sum of reflection seconds / sum of the seconds that could be filled, over all questions
        A question's reaction time is ``reaction_s`` from its mark, cut at the next mark and the recording's end. The
        signal is the earliest surprise episode, of the face or of the eyes, of which ``surprise_s`` lie in the
        reaction time; it appears where the episode begins, or at the mark if it had begun before. From there on,
        for ``reflection_s``, cut at the next mark and the end, away time is counted until the gaze returns: until
        the start of the first center episode of ``return_s`` that follows a look away. Shorter glances back are
        neither counted nor a return. The seconds that could be filled are those ``reflection_s``, cut likewise,
        from the signal, or from the mark where no signal appears: such a question counts with no reflection.
        Marks outside the recording and repeated marks are ignored. Needs question marks, and gaze and face coverage
        of ``min_face_coverage``.

    confidence = max(0, steady_s - undesired_s) / speech_s
        steady_s: speech labelled ``steady_voice``. undesired_s: speech, whatever its label, during which the face or
        the eyes signal ``undesired``. Needs ``min_speech_s`` of speech, and face coverage: without a face nothing
        could be discounted and the value would flatter.

    potential_lie = counted_s / speech_s
        A disturbance is an episode of speech not labelled ``steady_voice`` lasting ``disturbance_s`` or more (a pause
        of ``gap_s`` ends it). It follows calm if the steady speech since the last other-labelled speech, pauses not
        counted, amounts to ``calm_before_s``. It is accompanied if the face or the eyes signal anything other than
        ``unremarkable`` during ``accompanied_share`` of its speech. Its speech seconds then count. Needs the same
        as confidence.
    """

    version: str = "v1"
    blink_s: float = 0.4
    gap_s: float = 0.5
    signal_confidence: float = 0.5
    min_face_coverage: float = 0.4
    min_speech_s: float = 10.0
    center: str = "center"
    prolonged_away_s: float = 2.0
    away_weight: float = 0.5
    surprise: frozenset[str] = frozenset({"surprise"})
    reaction_s: float = 8.0
    surprise_s: float = 0.3
    reflection_s: float = 15.0
    return_s: float = 1.0
    steady_voice: frozenset[str] = frozenset({"neutral", "calm", "happy"})
    undesired: frozenset[str] = frozenset({"disgust", "anger", "angry"})
    calm_before_s: float = 3.0
    disturbance_s: float = 6.0
    accompanied_share: float = 0.5
    unremarkable: frozenset[str] = frozenset({"neutral", "none", "happy", "happiness"})

    def is_enough(self, modality: str, *, observed_s: float, coverage: float) -> bool:
        """Whether a modality was observed for as long as the metrics need it, so that its shares mean something."""
        if modality == SPEECH_EMOTION:
            return observed_s >= self.min_speech_s
        return coverage >= self.min_face_coverage


V1: Final = Definition()
